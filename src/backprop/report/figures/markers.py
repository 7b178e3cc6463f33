"""The markers and colours in figures, and the legends that explain them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from backprop.models.registry import MODELS
from backprop.report.wording.names import guessed_by
from backprop.typing import Array, Integers

# From the palette by Okabe & Ito, which people with any kind of colour blindness can read.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
GREY = "#666666"
GUESSING: dict[str, Any] = {"color": GREY, "linestyle": (0, (7, 2, 1, 2)), "linewidth": 1.2}
CLASSES = {
    ORANGE: "X", GREEN: "o", SKY: "^", "#AA4499": "s", "#F0E442": "D", "#0050A0": "P",
    "#C04020": "v", "#7A5C3A": "*", "#303030": "p", "#88CC33": "h", "#F0A0B8": "<", "#9A9A9A": ">",
}  # fmt: skip
"""The colours and markers of the classes, class 0 first. With more classes, both repeat."""
MOST_POINTS = 2_000  # in a scatter plot; of more rows, it shows a part and says so
MOST_CLASSES = 20  # in a legend; of more classes, it names the first and says how many there are
HOLLOW = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": GREY}


def text_colour(background: Any) -> str:
    """Return black or white, what has more contrast: at least 4.58 on any colour."""
    return max(("black", "white"), key=lambda colour: contrast(colour, background))


def contrast(one: Any, other: Any) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Any) -> float:
    """Return the relative luminance of a colour, from 0 to 1 (WCAG 2.1)."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def legend(figure: Figure, handles: Iterable[Artist], columns: int = 5) -> None:
    """Put a legend above everything else, in at most this number of columns."""
    handles = list(handles)
    for count in range(min(columns, len(handles)), 0, -1):
        candidate = figure.legend(
            handles=handles,
            # Matplotlib leaves out a label that begins with "_".
            labels=[re.sub("^_", " _", str(handle.get_label())) for handle in handles],
            loc="outside upper center",
            ncols=count,
            handlelength=2.4,
        )
        if count == 1 or candidate.get_window_extent().width <= 0.99 * figure.bbox.width:
            break
        candidate.remove()


def key(model: str, *, marker: bool = True, line: bool = False) -> Line2D:
    """Return the legend's entry of a model."""
    entry = MODELS[model]
    return Line2D(
        [], [], color=entry.colour, marker=entry.marker if marker else "",
        linestyle=entry.line if line else "", label=entry.label, markersize=7,
    )  # fmt: skip


def symbol(label: str, **line: Any) -> Line2D:
    """Return the legend's entry of a marker or a line."""
    return Line2D([], [], **{"color": GREY, "linestyle": "", "markersize": 7, **line}, label=label)


def guessing_line(metric: str) -> Line2D:
    """Return the legend's entry of the score of a guess by a metric."""
    return symbol(f"always {guessed_by(metric)}", **GUESSING)


def area(label: str, colour: str, alpha: float = 0.15) -> Patch:
    """Return the legend's entry of a shaded region."""
    return Patch(facecolor=colour, alpha=alpha, label=label)


def class_colour(c: int) -> str:
    """Return the colour of class c."""
    return list(CLASSES)[c % len(CLASSES)]


def class_marker(c: int) -> str:
    """Return the marker of class c. Classes of one colour have different markers."""
    return list(CLASSES.values())[(c + c // len(CLASSES)) % len(CLASSES)]


def class_symbols(names: Sequence[str], **marker: Any) -> list[Line2D]:
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
        symbols.append(symbol(f"(after {len(CLASSES)} classes, colours repeat)", marker=""))
    if len(names) > len(order):
        symbols.append(symbol(f"(the first {len(order)} of {len(names)} classes)", marker=""))
    return symbols


def drawn_rows(count: int) -> Integers:
    """Return which rows a scatter plot shows: `MOST_POINTS` at most, spread over all."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(np.int64))


def share_drawn(drawn: int, count: int, plural: str) -> list[Line2D]:
    """Return the legend's entry that says how many rows are drawn, if these are not all."""
    return [symbol(f"({drawn:,} of {count:,} {plural} drawn)", marker="")] * (drawn < count)


def remark(ax: Axes, y: float, reasons: Mapping[str, str]) -> None:
    """Write on a line of a figure why models have no mark there."""
    texts = list(reasons.values())
    if len(set(texts)) > 1:
        texts = [f"{MODELS[model].label}: {reason}" for model, reason in reasons.items()]
    text = "; ".join(dict.fromkeys(texts))
    across = ax.get_yaxis_transform()
    ax.text(0.02, y, text, transform=across, va="center", fontsize=10, color=GREY)


def hollow_mark() -> Line2D:
    """Return the legend's entry of the one meaning of hollow marks."""
    return symbol("fits unlearned, diverged or chaotic", **HOLLOW)


def mean_mark(ax: Axes, x: float, y: float, model: str, *, hollow: bool, **line: Any) -> None:
    """Draw the mark of a model's mean, see `Study.hollow`."""
    entry = MODELS[model]
    ax.plot(
        x, y, entry.marker, color="white" if hollow else entry.colour,
        **{"markeredgecolor": entry.colour if hollow else "white", "zorder": 5, **line},
    )  # fmt: skip


def swarm(values: Array, width: float) -> Array:
    """Return how far to shift each point, so that points of (nearly) equal value are all visible.

    Equal values are put side by side, a fixed step apart. Values that hardly ever repeat are
    scattered. No shift is more than half the width.
    """
    _, groups, counts = np.unique(values.round(9), return_inverse=True, return_counts=True)
    if counts.max(initial=1) <= 4:
        golden = (np.sqrt(5) - 1) / 2
        return (np.arange(len(values)) * golden % 1 - 0.5) * width
    rank = np.zeros(len(values))
    for group, count in enumerate(counts):
        rank[groups == group] = np.arange(count) - (count - 1) / 2
    return rank * width / counts.max()


def offsets(models: Sequence[str], width: float) -> dict[str, float]:
    """Return how far to shift each model, so that models are side by side."""
    places = (np.arange(len(models)) - (len(models) - 1) / 2) * width
    return dict(zip(models, places.tolist(), strict=True))
