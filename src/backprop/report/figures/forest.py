"""The forest plot of a comparison of anyone's predictions."""

from typing import TYPE_CHECKING

from backprop.report.figures import palette
from backprop.report.forest_layout import Interval, lay_out
from backprop.report.wording.amounts import unit_of, unit_on_axis
from backprop.study.metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def draw_differences(
    differences: "pd.DataFrame", *, metric: str, rope: float, baseline: str, ax: "Axes | None"
) -> "Axes":
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
        By default those of a new figure.
    """
    if ax is None:
        from matplotlib import pyplot as plt

        _, ax = plt.subplots(figsize=(7, 1.4 + 0.35 * len(differences)), layout="constrained")
    intervals = [Interval(str(name), *row) for name, *row in differences.itertuples()]
    layout, scale = lay_out(intervals, rope, metric), unit_of(metric).scale
    ax.axvspan(*(scale * end for end in layout.band), color=palette.ROPE, linewidth=0)
    ax.axvline(0, color=palette.BLACK, linewidth=1)
    for y, line in enumerate(layout.lines):
        if line.bar:
            ax.plot([scale * end for end in line.bar], [y, y], color=palette.INK, linewidth=2)
        if line.mark is not None:
            ax.plot(scale * line.mark, y, "o", color=palette.INK)
    ax.set_yticks(range(len(layout.lines)), [line.label for line in layout.lines])
    ax.set_ylim(len(layout.lines) - 0.5, -0.5)
    ax.set_xlim(scale * layout.start, scale * layout.end)
    ax.set_xlabel(
        f"{METRICS[metric].label} minus that of {baseline} {unit_on_axis(metric)}".strip()
    )
    return ax
