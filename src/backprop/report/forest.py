"""The forest plot of the landing page: the difference of each model from the baseline, as SVG."""

from collections.abc import Sequence
from typing import Any

from backprop.models.registry import BASELINE, MODELS
from backprop.report.forest_layout import (
    INK,
    PALE,
    ForestLine,
    Interval,
    Layout,
    describe,
    lay_out,
)
from backprop.report.rendering import on_one_line, rendered
from backprop.report.wording.amounts import named, unit_of
from backprop.study.metrics import METRICS

# In units of the picture, which is as wide as the text around it.
WIDTH, LINE, LEFT, RIGHT = 640, 46, 12, 628


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
        An SVG element on one line; "" without intervals. Its texts are text.
    """
    if not intervals:
        return ""
    layout, unit = lay_out(intervals, rope, metric), unit_of(metric).name
    ends = ["\N{LEFTWARDS ARROW} worse", "better \N{RIGHTWARDS ARROW}"]
    if not METRICS[metric].higher_is_better:
        ends = ["\N{LEFTWARDS ARROW} better", "worse \N{RIGHTWARDS ARROW}"]
    baseline = MODELS[BASELINE].name
    svg = rendered(
        "forest.svg.jinja",
        name=name,
        width=WIDTH,
        left=LEFT,
        right=RIGHT,
        ink=INK,
        pale=PALE,
        title=f"Difference of {named(metric)} from {baseline}{unit and f', in {unit}'}",
        description=describe(intervals, metric),
        lines=[_line(line, LINE * place, layout) for place, line in enumerate(layout.lines)],
        bottom=LINE * len(intervals) + 4,
        band=[_x(layout, value) for value in layout.band],
        zero=_x(layout, 0),
        ticks=[(_x(layout, value), words) for value, words in layout.ticks],
        unit=f"{unit or named(metric)}, from {baseline}",
        ends=ends,
    )
    return on_one_line(svg)


def _line(line: ForestLine, top: float, layout: Layout) -> dict[str, Any]:
    """Return a line with its places in the picture: words, and below them the interval."""
    return {
        **line._asdict(),
        "top": top,
        "middle": top + 34,
        "mark": None if line.mark is None else _x(layout, line.mark),
        "bar": line.bar and [_x(layout, value) for value in line.bar],
    }


def _x(layout: Layout, value: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * layout.place(value), 1)
