"""The lines of a forest plot in a figure, and the plot of a comparison of any predictions."""

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from backprop.report.figures import palette
from backprop.report.forest_layout import DrawnDifference, lay_out
from backprop.report.wording.amounts import unit_of, unit_on_axis
from backprop.statistics.tables import Interval
from backprop.study.metrics import METRICS

Placed = tuple[DrawnDifference, float, str]
"""A difference, the height of its line, and its marker."""


def draw_lines(ax: Axes, lines: Iterable[Placed], rope: float, metric: str) -> None:
    """Draw zero, the region of no practical difference, and each difference that there is.

    Parameters
    ----------
    ax : Axes
    lines : iterable of Placed
    rope : float
        Differences up to this are drawn as a band.
    metric : str
    """
    scale = unit_of(metric).scale
    ax.axvspan(-scale * rope, scale * rope, color=palette.ROPE, linewidth=0)
    ax.axvline(0, color=palette.BLACK, linewidth=1)
    for line, y, mark in lines:
        if line.bar:
            ax.plot([scale * end for end in line.bar], [y, y], color=line.colour, linewidth=2)
        if line.difference:
            x, colour = scale * line.difference.value, "white" if line.in_trouble else line.colour
            ax.plot(
                x, y, mark, color=colour, markeredgecolor=line.colour, markersize=6.5,
                markeredgewidth=1.3, zorder=2,
            )  # fmt: skip


def draw_differences(
    differences: pd.DataFrame, *, metric: str, rope: float, baseline: str, ax: Axes | None
) -> Axes:
    """Draw differences from a baseline with their intervals, the first one on top.

    Parameters
    ----------
    differences : DataFrame
        A row per classifier, by its name: difference, and the ends of its interval.
    metric : str
    rope : float
        Differences up to this are drawn as a band.
    baseline : str
    ax : Axes or None
        By default the axes of a new figure.
    """
    if ax is None:
        from matplotlib import pyplot as plt

        _, ax = plt.subplots(figsize=(7, 1.4 + 0.35 * len(differences)), layout="constrained")
    rows = differences.itertuples()
    intervals = [DrawnDifference(str(name), Interval(*row)) for name, *row in rows]
    layout, scale, count = lay_out(intervals, rope, metric), unit_of(metric).scale, len(intervals)
    draw_lines(ax, ((line, y, "o") for y, line in enumerate(layout.lines)), rope, metric)
    ax.set_yticks(range(count), [line.label for line in layout.lines])
    ax.set(xlim=(scale * layout.start, scale * layout.end), ylim=(count - 0.5, -0.5))
    ax.set_xlabel(f"{METRICS[metric].label}: model minus {baseline} {unit_on_axis(metric)}".strip())
    return ax
