"""The look of every figure: sizes, fonts, axes, and the context in which it is drawn.

Each figure is drawn in two widths: for paper and a screen, and for a phone. Figures are made
without pyplot, and keep no state.
"""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from backprop.report.wording.amounts import POINTS, unit_of
from backprop.typing import Array

WIDE, NARROW = 9.0, 4.6  # inches; a point of text is then a little over a pixel
HEIGHTS = {WIDE: 9.0, NARROW: 16.0}  # inches, at most
MAX_LINES = 20  # configurations that a figure of this height has room for, one per line
LINE = 0.34  # inches
AROUND_LINES = {WIDE: 2.1, NARROW: 3.8}  # inches above and below all lines
ABOVE_PANELS, PANEL = 1.3, 2.65  # inches for heading and legend, and for each row of panels
PANELS = 0.84  # of the width, what panels side by side have in common
Grid = NDArray[Any]
"""Axes in rows and columns."""

LOOK: dict[str, object] = {
    **sns.axes_style("whitegrid"),
    **sns.plotting_context("paper", font_scale=1.2),
    "font.family": ["DejaVu Sans"],  # comes with Matplotlib: the same on every machine
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "svg.fonttype": "none",  # real text, which can be searched, copied and read aloud
    "svg.hashsalt": "backprop",
}
FONT = "DejaVu Sans"
NUMBERS = ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3))
"""Which numbers of a decade may be written on a logarithmic axis: the first that have room."""
ROOM_OF_NUMBER = 0.4  # inches


@contextmanager
def drawing(inches: float = WIDE) -> Iterator[None]:
    """Be the context in which figures are drawn and written, `WIDE` or `NARROW`."""
    own = {**LOOK, "figure.figsize": (inches, HEIGHTS[inches])}
    with mpl.rc_context(own), warnings.catch_warnings():  # type: ignore[arg-type]
        if inches == NARROW:  # numbers of many digits have no room on a phone
            warnings.filterwarnings("ignore", "constrained_layout not applied")
        yield


def width() -> float:
    """Return the width of figures, in inches."""
    return float(mpl.rcParams["figure.figsize"][0])


def is_narrow() -> bool:
    """Return whether figures are drawn for a phone: panels are then above each other."""
    return width() == NARROW


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a text in `FONT`, in points as its size: many texts come often."""
    font = FontProperties(family=FONT, weight=weight, size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def in_pixels(figure: Figure) -> bytes:
    """Return a figure as PNG, 200 pixels an inch; equal figures have equal bytes."""
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=200)
    return content.getvalue()


def canvas(height: float, **layout: Any) -> tuple[Figure, Any]:
    """Return a figure of the report's width and its axes.

    Parameters
    ----------
    height : float
        In inches; at most as in `HEIGHTS`.
    **layout
        As `matplotlib.figure.Figure.subplots` takes them.
    """
    figure = blank(height)
    return figure, figure.subplots(**layout)


def lines(count: int) -> tuple[Figure, Axes]:
    """Return a figure, and axes with a number of lines."""
    return canvas(AROUND_LINES[width()] + LINE * count)


def panels(count: int, most: int = 4, **layout: Any) -> tuple[Figure, Grid]:
    """Return a figure and a grid of axes that share their scales; a single row is higher.

    Parameters
    ----------
    count : int
        The panels that are needed, at least 1; the grid may have more.
    most : int
        How many have room side by side.
    **layout
        As `matplotlib.figure.Figure.subplots` takes it.
    """
    columns = {1: 1, 2: 2, 3: 3, 4: 2}.get(count, 3 if count <= 9 else 4)
    if is_narrow():
        columns = 1 if count <= 4 else 2
    columns = min(columns, most)
    figure, axes = grid(-(-count // columns), columns, **{"sharex": True, "sharey": True, **layout})
    for ax in axes.flat[count:]:
        ax.set_visible(False)
    return figure, axes


def grid(rows: int, columns: int, **layout: Any) -> tuple[Figure, Grid]:
    """Return a figure and a grid of axes; a single row is higher than each of several."""
    inches = ABOVE_PANELS + PANEL * rows * (1.5 if rows == 1 else 1)
    return canvas(inches, nrows=rows, ncols=columns, squeeze=False, **layout)


def blank(height: float) -> Figure:
    """Return a figure of the report's width without axes."""
    figure = Figure(figsize=(width(), min(height, HEIGHTS[width()])), layout="constrained")
    FigureCanvasSVG(figure)
    return figure


def lay_out(figure: Figure) -> None:
    """Give the axes of a figure their places, as `svg` does."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)


def label_panels(axes: Grid, across: str, up: str = "") -> None:
    """Label the lowest panel of each column and the first of each row.

    Of three rows or more, only the middle one has a label: they would overlap.
    """
    for column in axes.T:
        *_, lowest = (ax for ax in column if ax.get_visible())
        lowest.tick_params(labelbottom=True)
        lowest.set_xlabel(across)
    rows = len(axes)
    for ax in (axes[:, 0] if rows <= 2 else [axes[rows // 2, 0]]) if up else ():
        ax.set_ylabel(up)


def scale_scores(ax: Axes, metric: str, values: Array) -> None:
    """Make the axis of a log loss logarithmic, from its smallest value; label one of shares.

    An interval may end at 0, which has no place on a logarithmic axis: it then ends at the edge.
    """
    if metric == "log_loss":
        plain_numbers(ax)
        positive = values[np.isfinite(values) & (values > 0)]
        ax.set_xlim(left=0.8 * positive.min() if len(positive) else None)
    elif unit_of(metric) is POINTS:
        percent(ax.xaxis)


def percent(*axes: Axis) -> None:
    """Label axes of shares in percent, as tables and sentences write them."""
    for axis in axes:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.4g}%"))


def plain_numbers(ax: Axes) -> None:
    """Make the axis across logarithmic, with plain numbers."""
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(PlainNumbers())
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_locator(NullLocator())


class PlainNumbers(LogLocator):
    """As many numbers of each decade as the axis across has room for, however long it is."""

    def tick_values(self, vmin: float, vmax: float) -> Sequence[float]:
        """Return the numbers from one value to another."""
        ax: Any = self.axis.axes  # type: ignore[union-attr]
        decade = ax.bbox.width / ax.figure.dpi / np.log10(max(vmax / vmin, 1.01))
        gaps = {subs: np.diff(np.log10([*subs, 10])).min() for subs in NUMBERS}
        subs = next((s for s in NUMBERS if gaps[s] * decade >= ROOM_OF_NUMBER), (1,))
        for each in (subs, (1,)):  # Matplotlib writes none if it leaves out whole decades
            self.set_params(subs=each)
            numbers = super().tick_values(vmin, vmax)
            if len(numbers):
                break
        return numbers
