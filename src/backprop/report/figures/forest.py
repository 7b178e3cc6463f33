"""The forest plot of a study, on its landing page and on the page to hand in."""

import re
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from backprop.escaping import for_figure
from backprop.models.registry import BASELINE, MODELS
from backprop.report.drawn_differences import DrawnDifference, describe
from backprop.report.figures import look, svg
from backprop.report.figures.forest_lines import draw_forest
from backprop.report.figures.labels import brief
from backprop.report.wording.amounts import ends_of, named, unit_of

SIZES = {"wide": (6.67, 11.25, 76), "narrow": (3.54, 9.0, 48)}
"""The pictures for a screen and a phone: inches, size of text, letters of a line."""
LINE, BELOW = 0.48, 0.62  # inches of a line, and of the axis below all
ABOVE = 0.3  # of a line, from its middle to the text above it


def draw_labelled(
    ax: Axes, lines: Sequence[DrawnDifference], rope: float, metric: str, across: str,
    size: float, letters: int,
) -> None:  # fmt: skip
    """Draw a forest plot; above each line are its label, which is cut, and its numbers.

    Parameters
    ----------
    ax : Axes
    lines : sequence of DrawnDifference
    rope : float
    metric : str
    across : str
        What is below the axis, between its ends.
    size : float
        Of the texts, in points.
    letters : int
        Of a label and its numbers.
    """
    draw_forest(ax, lines, rope, metric)
    ax.set(ylim=(len(lines) - 0.6, -0.8), yticks=[], facecolor="none")
    ax.set_xlabel("\N{EM SPACE}".join(ends_of(metric, across)), fontsize=size)
    ax.tick_params(labelsize=size, bottom=True)
    ax.grid(visible=False)
    ax.spines[["left", "top", "right"]].set_visible(False)
    above: dict[str, Any] = {"va": "bottom", "size": size, "transform": ax.get_yaxis_transform()}
    for y, line in enumerate(lines):
        numbers = line.numbers(metric)
        label = brief(line.label, letters - len(numbers))
        ax.text(0, y - ABOVE, for_figure(label), ha="left", **above)
        ax.text(1, y - ABOVE, for_figure(numbers), ha="right", **above)


def pictures_of(intervals: Sequence[DrawnDifference], rope: float, name: str, metric: str) -> str:
    """Draw the forest plot of the landing page.

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
    return "\n".join(_picture(intervals, rope, name, metric, size) for size in SIZES)


def _picture(
    intervals: Sequence[DrawnDifference], rope: float, name: str, metric: str, size: str
) -> str:
    inches, text_size, letters = SIZES[size]
    unit, origin = unit_of(metric).name, f"from {MODELS[BASELINE].name}"
    title = f"Difference of {named(metric)} {origin}{unit and f', in {unit}'}"
    across = (unit or named(metric)) + (f", {origin}" if size == "wide" else "")
    with look.drawing():
        figure = look.blank(1)
        figure.set(size_inches=(inches, LINE * len(intervals) + BELOW), facecolor="none")
        ax = figure.subplots()
        draw_labelled(ax, intervals, rope, metric, across, text_size, letters)
        picture = svg.named_bytes(figure, title, describe(intervals, metric))
    hidden = "display: none; " if size == "narrow" else ""
    style = f'class="{size}" style="{hidden}width: 100%; max-width: 40rem; height: auto; '
    element = str(svg.inline(picture, f"{size}-{name}")).replace('style="', style, 1)
    # Its style would hold for the whole page; a line of reStructuredText may not be too long.
    return re.sub("<style[^<]*</style>", "", element).replace("><", ">\n<")
