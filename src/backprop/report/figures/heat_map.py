"""A table of colours, which some figures have in a part of theirs."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Colormap
from numpy.typing import NDArray

from backprop.report.figures import palette
from backprop.typing import Array


def draw_cells(
    ax: Axes,
    values: Array,
    limits: tuple[float, float],
    colours: Colormap | str,
    *,
    labels: tuple[Sequence[object], Sequence[object]],
    gap: float = 1.0,
    texts: NDArray[np.object_] | None = None,
    size: float = 10.0,
) -> QuadMesh:
    """Draw a cell for each value, the first row on top; return what a colour bar takes.

    Parameters
    ----------
    ax : Axes
    values : array, shape (rows, columns)
        A cell that is NaN stays empty.
    limits : (float, float)
        The values of the first and the last colour.
    colours : colour map
    labels : (sequence, sequence)
        Of the columns, and of the rows.
    gap : float
        Between cells, in points.
    texts : array of str, shape (rows, columns), optional
    size : float
        Of the texts.
    """
    low, high = limits
    shown = np.ma.masked_invalid(values)
    cells = ax.pcolormesh(
        shown, vmin=low, vmax=high, cmap=colours, linewidth=gap, edgecolor="white"
    )
    ax.spines[:].set_visible(False)
    rows, columns = values.shape
    ax.set(xlim=(0, columns), ylim=(rows, 0))
    ax.set_xticks(np.arange(columns) + 0.5, [*map(str, labels[0])])
    ax.set_yticks(np.arange(rows) + 0.5, [*map(str, labels[1])])
    if texts is None:
        return cells
    for row, column in np.argwhere(np.isfinite(values) & (texts != "")):
        colour = palette.text_colour(cells.to_rgba(values[row, column]))
        text = ax.text(column + 0.5, row + 0.5, texts[row, column], fontsize=size, color=colour)
        text.set(ha="center", va="center")
    return cells
