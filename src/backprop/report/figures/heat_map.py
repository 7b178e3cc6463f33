"""A table of colours, which some figures have in a part of theirs."""

from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from numpy.typing import NDArray

from backprop.report.figures import look, palette

SMALLEST, LARGEST = 7.0, 13.0  # of texts, in points
ROOM = 0.72  # of a cell, for its text: labels take the rest


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
        They are as large as their cells allow, and left out if that is too small to read.
    **options
        As `seaborn.heatmap` takes them.
    """
    size = 0.0 if texts is None else _size(ax, texts)
    style = {"fmt": "", "cbar": False, "linewidths": values.size < 400, **options}
    annot = texts if size >= SMALLEST else None
    sns.heatmap(values, ax=ax, annot=annot, annot_kws={"size": size}, **style)
    ax.grid(visible=False)
    ax.tick_params(axis="y", rotation=0)
    cells: QuadMesh = ax.collections[0]  # type: ignore[assignment]
    shown = cells.to_rgba(values.to_numpy()[values.notna()])
    for text, colour in zip(ax.texts, shown, strict=False):  # seaborn's have too little contrast
        text.set_color(palette.text_colour(colour))
    return cells


def has_room(ax: Axes, texts: NDArray[np.object_]) -> bool:
    """Return whether all texts, shape (rows, columns), can be read in their cells."""
    return _size(ax, texts) >= SMALLEST


def _size(ax: Axes, texts: NDArray[np.object_]) -> float:
    """Return the size at which all texts fit into their cells, `LARGEST` at most."""
    lines = [str(text).split("\n") for text in texts.flat]
    across = max(look.width_of(line, 1.0) for own in lines for line in own) or 1.0
    up = 1.2 * max(map(len, lines))
    cell = 72 * np.array(ax.bbox.size) / ax.figure.dpi / texts.shape[::-1]
    return min(LARGEST, *(ROOM * cell / (across, up)))
