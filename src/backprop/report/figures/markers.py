"""The markers and colours in figures, and the legends that explain them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from backprop.data.groups import equal_lines
from backprop.models.registry import Model
from backprop.report.class_looks import CLASSES, class_colour, class_marker
from backprop.report.figures import labels
from backprop.report.figures.palette import GREY
from backprop.report.wording.names import guessed_by
from backprop.typing import Array, Integers

GUESSING: dict[str, Any] = {"color": GREY, "linestyle": (0, (7, 2, 1, 2)), "linewidth": 1.2}
MOST_ROOM = 0.5  # for the score of a guess, as a multiple of the room of the data
BESIDE = 0.025  # from a class to the next at the same place, as a share of the width of all rows
MOST_CLASSES = 20  # in a legend; of more classes, it names the first and says how many there are


def finish(
    figure: Figure, handles: Iterable[Artist], heading: str = "", columns: int = 5
) -> Figure:
    """Put a legend, in at most this number of columns, and the heading above all else.

    Notes are below all else.
    """
    every = list(handles)
    notes = [each for each in every if isinstance(each, Note)]
    handles = [each for each in every if not isinstance(each, Note)]
    for count in range(min(columns, len(handles)), 0, -1):
        candidate = figure.legend(
            handles=handles,
            # Matplotlib leaves out a label that begins with "_".
            labels=[re.sub("^_", " _", str(handle.get_label())) for handle in handles],
            loc="outside upper left",
            alignment="left",
            ncols=count,
            handlelength=2.4,
        )
        if count == 1 or candidate.get_window_extent().width <= 0.99 * figure.bbox.width:
            break
        candidate.remove()
    if notes:  # after the legend, which has the heading
        bare: dict[str, Any] = {"handlelength": 0, "handletextpad": 0, "alignment": "left"}
        figure.legend(handles=notes, loc="outside lower left", **bare)
    labels.head(figure, heading)
    return figure


class Note(Line2D):
    """What a figure says of all that it draws, such as that it is a part."""

    def __init__(self, text: str) -> None:
        super().__init__([], [], linestyle="", label=text)


def key(entry: Model, label: str, **line: Any) -> Line2D:
    """Return the legend's entry of a model: its marker, and `line` is what differs from that."""
    return symbol(label, **{"color": entry.colour, "marker": entry.marker, **line})


def symbol(label: str, **line: Any) -> Line2D:
    """Return the legend's entry of a marker or a line."""
    return Line2D([], [], **{"color": GREY, "linestyle": "", "markersize": 7, **line}, label=label)


def guess(ax: Axes, value: float, metric: str, words: str) -> Line2D:
    """Draw the score of a guess by a metric, after all else; return its legend.

    It is a line, or if that would take the room of the data, an arrow at the edge with its value.

    Parameters
    ----------
    ax : Axes
    value : float
    metric : str
    words : str
        The value in the legend; "" leaves it out.
    """
    label, scale = f"always {guessed_by(metric)}", ax.xaxis.get_transform()
    low, high, place = scale.transform([*ax.get_xlim(), value])
    span = high - low
    if abs(place - (low + high) / 2) <= (MOST_ROOM + 0.5) * span:
        ax.axvline(value, zorder=1, **GUESSING)
        ends = [min(low, place - 0.03 * span), max(high, place + 0.03 * span)]
        ax.set_xlim(*scale.inverted().transform(ends))
        return symbol(label, **GUESSING)
    ax.set_xlim(ax.get_xlim())
    style: dict[str, Any] = {"color": GREY, "marker": "<>"[int(place > high)], "markersize": 7}
    ax.plot(float(place > high), 0, transform=ax.transAxes, clip_on=False, zorder=6, **style)
    return symbol(f"{label}: {words}" if words else label, **style)


def area(label: str, colour: str, alpha: float = 0.15) -> Patch:
    """Return the legend's entry of a shaded region."""
    return Patch(facecolor=colour, alpha=alpha, label=label)


def class_symbols(names: Sequence[str], **marker: object) -> list[Line2D]:
    """Return the legend's entries of the classes; of two classes, class 1 is the first.

    Parameters
    ----------
    names : sequence of str
    **marker
        What differs from a class's own marker with a black edge.
    """
    order = (1, 0) if len(names) == 2 else range(min(len(names), MOST_CLASSES))
    symbols = []
    for c in order:
        own = {"marker": class_marker(c), "color": class_colour(c), "markeredgecolor": "black"}
        symbols.append(symbol(names[c], **{**own, "markersize": 8, **marker}))
    if len(names) > len(CLASSES):
        symbols.append(Note(f"(after {len(CLASSES)} classes, colours repeat)"))
    if len(names) > len(order):
        symbols.append(Note(f"(the first {len(order)} of {len(names)} classes)"))
    return symbols


def draw_rows(
    ax: Axes, points: Array, y: Integers, rows: Integers, size: float, colours: Array | None = None
) -> None:
    """Draw rows with the markers of their classes.

    Parameters
    ----------
    ax : Axes
    points : array, shape (n, 2)
    y : int array, shape (n,)
        The classes of all rows.
    rows : int array
        Those that are drawn, the last ones on top.
    size : float
        The area of a mark, in square points; of many rows, it is less.
    colours : array, shape (n, 4), optional
        By default the colours of the classes.
    """
    points, few = classes_side_by_side(points, y), 200 / len(rows)
    for c in range(y.max() + 1):
        own = rows[y[rows] == c]
        ax.scatter(
            points[own, 0], points[own, 1], s=size * np.clip(few, 0.25, 1), marker=class_marker(c),
            color=class_colour(c) if colours is None else colours[own], edgecolor="black",
            linewidth=0.8 if few >= 1 else 0.3, zorder=3,
        )  # fmt: skip


def classes_side_by_side(points: Array, y: Integers) -> Array:
    """Return the places of rows, with classes beside each other where rows of several are equal.

    Otherwise the class that is drawn last hides the others.

    Parameters
    ----------
    points : array, shape (n, 2)
    y : int array, shape (n,)
    """
    width = np.ptp(points, axis=0)
    places = equal_lines(np.round(points / np.where(width > 0, width, 1), 9))  # up to rounding
    is_there = np.zeros((places.max() + 1, y.max() + 1), dtype=bool)
    is_there[places, y] = True
    order = is_there.cumsum(axis=1)[places, y]
    shifts = order - (is_there.sum(axis=1)[places] + 1) / 2
    return np.column_stack([points[:, 0] + BESIDE * width[0] * shifts, points[:, 1]])


def share_drawn(drawn: int, count: int, plural: str) -> list[Line2D]:
    """Return the note that says how many rows are drawn, if these are not all."""
    return [Note(f"({drawn:,} of {count:,} {plural} drawn)")] if drawn < count else []


def remark(ax: Axes, y: float, reason: str) -> None:
    """Write on a line of a figure why a model has no mark there."""
    across = ax.get_yaxis_transform()
    ax.text(0.02, y, reason, transform=across, va="center", fontsize=10, color=GREY)


def offsets(models: Sequence[str], width: float) -> dict[str, float]:
    """Return how far to shift each model, so that models are side by side."""
    places = (np.arange(len(models)) - (len(models) - 1) / 2) * width
    return dict(zip(models, places.tolist(), strict=True))
