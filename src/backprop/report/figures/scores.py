"""The scores of a configuration: every split, the mean and its interval."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from backprop.report.figures.contenders import Entry
from backprop.report.figures.forest_lines import draw_means
from backprop.report.figures.study import Study
from backprop.statistics.criteria import is_unlearned
from backprop.statistics.tables import Interval
from backprop.typing import Array

DOT = 3  # the diameter of a dot, in points


def draw_scores(
    study: Study, ax: Axes, y: float, entry: Entry, metric: str, *, width: float, **mean: Any
) -> Interval | None:
    """Draw the scores on a line: a dot for each split, a cross if it is unlearned; the mean.

    Parameters
    ----------
    study : Study
    ax : Axes
    y : float
        The height of the line.
    entry : Entry
    metric : str
    width : float
        The room around the line.
    **mean
        As `draw_means` takes it.

    Returns
    -------
    Interval or None
        The mean, if there is one.
    """
    splits, model = study.results.scores_of(*entry), study.registry[entry[0]]
    values, unlearned = splits[metric].to_numpy(), is_unlearned(splits["status"])
    points = np.stack([values, y + swarm(values, width)])
    # Lines without a length, whose round ends are the dots: a file has few elements.
    dots = points[:, ~unlearned]
    ends = np.stack([dots, dots, np.full_like(dots, np.nan)], axis=-1).reshape(2, -1)
    pale: dict[str, Any] = {"alpha": 0.4, "solid_capstyle": "round", "zorder": 1}
    (line,) = ax.plot(*ends, color=model.colour, linewidth=DOT, **pale)
    line.get_path().should_simplify = False
    ax.plot(*points[:, unlearned], "x", color=model.colour, markersize=4.8, markeredgewidth=1.2)
    own = study.results.summaries[entry].by(metric)
    if own:
        style = {"hollow": study.models.hollow(*entry), "upright": False, **mean}
        draw_means(ax, [(y, *own)], model.colour, model.marker, **style)
    return own


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
