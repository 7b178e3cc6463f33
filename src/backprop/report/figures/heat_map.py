"""A table of colours, which some figures have in a part of theirs."""

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from numpy.typing import NDArray

from backprop.report.figures import palette


def draw_cells(
    ax: Axes, values: pd.DataFrame, texts: NDArray[np.object_] | None = None, **options: Any
) -> QuadMesh:
    """Draw a cell for each value that is not NaN; return what a colour bar takes.

    Parameters
    ----------
    ax : Axes
    values : DataFrame
        Its index and columns are the labels; those that have no room are left out.
    texts : array of str, shape (rows, columns), optional
    **options
        As `seaborn.heatmap` takes them.
    """
    sns.heatmap(values, ax=ax, annot=texts, fmt="", cbar=False, **options)
    ax.grid(visible=False)
    ax.tick_params(axis="y", rotation=0)
    cells: QuadMesh = ax.collections[0]  # type: ignore[assignment]
    shown = cells.to_rgba(values.to_numpy()[values.notna()])
    for text, colour in zip(ax.texts, shown, strict=False):  # seaborn's have too little contrast
        text.set_color(palette.text_colour(colour))
    return cells
