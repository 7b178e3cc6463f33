"""How every figure looks: colours, names, text sizes, and SVG that is the same for the same figure.

Nothing here, and no figure, keeps a state: figures are made without pyplot, under `LOOK`.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from backprop.network.functions import Array

WIDTH = 9.0  # inches; at the report's size a point of text is then a little over a pixel
HEIGHT = 6.6  # inches at most: the report cuts off the top of what is higher than its window
LINES = 20  # so many configurations, one to a line below the baselines, can be read at that height

# Okabe & Ito: told apart by people with any kind of colour blindness.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
)  # fmt: skip
GREY = "#666666"


class Model(NamedTuple):
    """How a model is called and drawn, in every figure."""

    name: str
    colour: str
    marker: str
    line: Any


MODELS = {
    "logistic": Model("Logistic", BLACK, "D", "-"),
    "softmax": Model("Softmax", PURPLE, "s", (0, (2, 2))),
    "scratch": Model("Scratch", BLUE, "o", "-"),
    "tensorflow": Model("TensorFlow", VERMILLION, "^", (0, (4, 3))),
}
CLASSES = (ORANGE, GREEN)  # of the label 0 and 1
CLASS_MARKERS = ("X", "o")

LOOK: dict[str, Any] = {
    **sns.axes_style("whitegrid"),
    **sns.plotting_context("paper", font_scale=1.2),
    "font.family": ["DejaVu Sans"],  # comes with Matplotlib: the same on every machine
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "xtick.labelsize": 10.5,
    "ytick.labelsize": 10.5,
    "legend.fontsize": 10.5,
    "legend.title_fontsize": 10.5,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": "#222222",
    "text.color": "#222222",
    "xtick.color": "#222222",
    "ytick.color": "#222222",
    "grid.color": "#e4e4e4",
    "figure.facecolor": "white",
    "legend.frameon": False,
    "svg.fonttype": "path",  # readable whatever fonts the reader has
    "svg.hashsalt": "backprop",
    "lines.linewidth": 1.8,
}


def look() -> Any:
    """Return the context in which figures are drawn and written."""
    return mpl.rc_context(LOOK)  # type: ignore[arg-type]


def canvas(height: float, **layout: Any) -> tuple[Figure, Any]:
    """Return a figure of the report's width and its axes.

    Parameters
    ----------
    height : float
        In inches; `HEIGHT` at most.
    **layout
        As `matplotlib.figure.Figure.subplots` takes them.
    """
    figure = blank(height)
    return figure, figure.subplots(**layout)


def panels(count: int, above: float, height: float) -> tuple[Figure, Any]:
    """Return a figure and a grid of axes, two to a row, that share their scales.

    Parameters
    ----------
    count : int
        The panels that are needed, at least 1; the grid may have one more.
    above, height : float
        Inches for the legend, and for each row.
    """
    columns = min(count, 2)
    rows = -(-count // columns)
    return canvas(
        above + height * rows, nrows=rows, ncols=columns, sharex=True, sharey=True, squeeze=False
    )


def blank(height: float) -> Figure:
    """Return a figure of the report's width without axes."""
    figure = Figure(figsize=(WIDTH, min(height, HEIGHT)), layout="constrained")
    FigureCanvasSVG(figure)
    return figure


def svg(figure: Figure) -> bytes:
    """Return a figure as SVG: the same bytes for the same figure."""
    figure.draw_without_rendering()  # the layout, whose last bits depend on the order of its work
    figure.set_layout_engine("none")
    for ax in figure.axes:
        ax.set_position(np.round(ax.get_position(original=True).bounds, 6).tolist())
    content = io.BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def legend(figure: Figure, handles: Iterable[Artist], columns: int = 5) -> None:
    """Put a legend above everything else, in so many columns at most."""
    handles = list(handles)
    for count in range(min(columns, len(handles)), 0, -1):
        made = figure.legend(
            handles=handles,
            labels=[str(handle.get_label()) for handle in handles],
            loc="outside upper center",
            ncols=count,
            handlelength=2.4,
        )
        if count == 1 or made.get_window_extent().width <= 0.99 * figure.bbox.width:
            break
        made.remove()


def key(model: str, *, marker: bool = True, line: bool = False) -> Line2D:
    """Return the legend's entry of a model."""
    m = MODELS[model]
    return Line2D(
        [], [], color=m.colour, marker=m.marker if marker else "",
        linestyle=m.line if line else "", label=m.name, markersize=7,
    )  # fmt: skip


def symbol(label: str, **line: Any) -> Line2D:
    """Return the legend's entry of a marker or a line."""
    return Line2D([], [], **{"color": GREY, "linestyle": "", "markersize": 7, **line}, label=label)


def remark(ax: Axes, y: float, told: Mapping[str, str]) -> None:
    """Write why some models have nothing to see on a line of a figure."""
    if len(set(told.values())) > 1:
        told = {model: f"{MODELS[model].name}: {text}" for model, text in told.items()}
    text = "; ".join(dict.fromkeys(told.values()))
    across = ax.get_yaxis_transform()
    ax.text(0.02, y, text, transform=across, va="center", fontsize=10, color=GREY)


def area(label: str, colour: str, alpha: float = 0.15) -> Patch:
    """Return the legend's entry of a shaded region."""
    return Patch(facecolor=colour, alpha=alpha, label=label)


def swarm(values: Array, width: float) -> Array:
    """Return how far each point is shifted, so that those of (nearly) equal values are all seen.

    Equal values stand in a row, a fixed step apart; values that hardly ever repeat are spread
    without an order. No shift is more than half the width.
    """
    _, which, counts = np.unique(values.round(9), return_inverse=True, return_counts=True)
    if counts.max(initial=1) <= 4:
        golden = (np.sqrt(5) - 1) / 2
        return (np.arange(len(values)) * golden % 1 - 0.5) * width
    rank = np.zeros(len(values))
    for group, count in enumerate(counts):
        rank[which == group] = np.arange(count) - (count - 1) / 2
    return rank * width / counts.max()


def offsets(models: Sequence[str], width: float) -> dict[str, float]:
    """Return how far each model is shifted, so that models stand side by side."""
    places = (np.arange(len(models)) - (len(models) - 1) / 2) * width
    return dict(zip(models, places.tolist(), strict=True))


def lowest(axes: Any) -> list[Axes]:
    """Return the lowest visible axes of each column of a grid, their tick labels shown."""
    found = [[ax for ax in column if ax.get_visible()][-1] for column in axes.T]
    for ax in found:
        ax.tick_params(labelbottom=True)
    return found


def counted(name: str, which: str, count: int, plural: str) -> str:
    """Return the label of an axis with a line for each of so many things, `LINES` at most."""
    return name if count <= LINES else f"The {which} {LINES} of {count} {plural}"


def hide(axes: Iterable[Axes]) -> None:
    """Make the axes that nothing is drawn on invisible."""
    for ax in axes:
        ax.set_visible(False)


def plain(axis: Any) -> None:
    """Label a logarithmic axis with plain numbers."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 3, 5, 7)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_locator(NullLocator())
