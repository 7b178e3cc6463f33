"""The forest plot of the landing page: the difference of each model from the baseline, as SVG."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS
from backprop.report.forest_layout import INK, LETTERS, PALE, DrawnDifference, describe, lay_out
from backprop.report.rendering import rendered
from backprop.report.wording.amounts import ends_of, named, unit_of

LINE, MARGIN = 46, 12  # in units of the picture, which is as wide as the text around it
SIZES = {"wide": (640, 15, LETTERS), "narrow": (340, 12, 48)}
"""The pictures for a screen and a phone: width, size of text, letters of a line."""


def draw_forest(intervals: Sequence[DrawnDifference], rope: float, name: str, metric: str) -> str:
    """Draw a forest plot for the landing page.

    Parameters
    ----------
    intervals : sequence of DrawnDifference
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


def _drawn(
    intervals: Sequence[DrawnDifference], rope: float, name: str, metric: str, size: str
) -> str:
    width, text_size, letters = SIZES[size]
    layout, unit = lay_out(intervals, rope, metric, letters), unit_of(metric).name
    baseline = MODELS[BASELINE].name
    title = f"Difference of {named(metric)} from {baseline}{unit and f', in {unit}'}"
    below = (unit or named(metric)) + (f", from {baseline}" if size == "wide" else "")
    worse, below, better = ends_of(metric, below)

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
        title=title,
        description=describe(intervals, metric),
        layout=layout,
        rope=rope,
        metric=metric,
        x=x,
        height=LINE,
        bottom=LINE * len(intervals) + 4,
        unit=below,
        ends=(worse, better),
    )
