"""The forest plot of the landing page: the difference of each model from the baseline, as SVG."""

from collections.abc import Callable, Sequence
from typing import Any

from backprop.models.registry import BASELINE, MODELS
from backprop.report.forest_layout import (
    INK,
    LETTERS,
    PALE,
    ForestLine,
    Interval,
    describe,
    lay_out,
)
from backprop.report.rendering import rendered
from backprop.report.wording.amounts import named, unit_of
from backprop.study.metrics import METRICS

LINE, MARGIN = 46, 12  # in units of the picture, which is as wide as the text around it
SIZES = {"wide": (640, 15, LETTERS), "narrow": (340, 12, 48)}
"""The pictures for a screen and for a phone: width, size of text, letters of a line."""


def draw_forest(intervals: Sequence[Interval], rope: float, name: str, metric: str) -> str:
    """Draw a forest plot.

    Parameters
    ----------
    intervals : sequence of Interval
    rope : float
        Differences up to this, drawn as a band, are of no practical interest.
    name : str
        For the identifiers of the picture, which are unique in a page.
    metric : str
        The metric of the study.

    Returns
    -------
    str
        Two SVG elements, for a screen and a phone; "" without intervals. Their texts
        are text. Only a style shows that for a phone.
    """
    if not intervals:
        return ""
    return "".join(_drawn(intervals, rope, name, metric, size) for size in SIZES)


def _drawn(intervals: Sequence[Interval], rope: float, name: str, metric: str, size: str) -> str:
    width, text_size, letters = SIZES[size]
    layout, unit = lay_out(intervals, rope, metric, letters), unit_of(metric).name
    ends = ["\N{LEFTWARDS ARROW} worse", "better \N{RIGHTWARDS ARROW}"]
    if not METRICS[metric].higher_is_better:
        ends = ["\N{LEFTWARDS ARROW} better", "worse \N{RIGHTWARDS ARROW}"]
    baseline = MODELS[BASELINE].name

    def x(value: float) -> float:
        return round(MARGIN + (width - 2 * MARGIN) * layout.place(value), 1)

    return rendered(
        "forest.svg.jinja",
        size=size,
        text_size=text_size,
        name=f"{name}-{size}",
        width=width,
        left=MARGIN,
        right=width - MARGIN,
        ink=INK,
        pale=PALE,
        title=f"Difference of {named(metric)} from {baseline}{unit and f', in {unit}'}",
        description=describe(intervals, metric),
        lines=[_line(line, LINE * place, x) for place, line in enumerate(layout.lines)],
        bottom=LINE * len(intervals) + 4,
        band=[x(value) for value in layout.band],
        zero=x(0),
        ticks=[(x(value), words) for value, words in layout.ticks],
        unit=(unit or named(metric)) + f", from {baseline}" * (size == "wide"),
        ends=ends,
    )


def _line(line: ForestLine, top: float, x: Callable[[float], float]) -> dict[str, Any]:
    """Return a line with its places in the picture: words, and below them the interval."""
    return {
        **line._asdict(),
        "top": top,
        "middle": top + 34,
        "mark": None if line.mark is None else x(line.mark),
        "bar": line.bar and [x(value) for value in line.bar],
    }
