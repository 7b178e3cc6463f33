"""Which metrics matter besides the metric of the study."""

from collections.abc import Sequence

from backprop.statistics.tables import Learned
from backprop.study.metrics import METRICS

UNEQUAL = 0.6  # classes are unequal if the commonest has at least this share of the rows
VERY_UNEQUAL = 3  # times as many rows of the commonest class as of the rarest
OF_UNEQUAL = ("balanced_accuracy", "roc_auc", "log_loss")
"""The metrics to show if classes are unequal: the first two do not depend on their shares."""


def others_to_show(counts: Sequence[int], learning: Sequence[Learned], metric: str) -> list[str]:
    """Return the metrics to show beside the metric of the study.

    They are the accuracy, `OF_UNEQUAL` if classes are unequal, and those by which a model
    is better than a guess that is not by the metric of the study. If any model is by that metric,
    tuned ones are left out here, as the warnings leave them out. If no model is better than a guess
    by any metric, a warning says all, and `OF_UNEQUAL` say no more.

    Parameters
    ----------
    counts : sequence of int
        The number of rows of each class.
    learning : sequence of Learned
    metric : str
        The metric of the study.
    """
    chosen = {"accuracy"}
    better = [row for row in learning if row.better]
    if largest_share(counts) >= UNEQUAL and (better or not learning):
        chosen |= {*OF_UNEQUAL}
    by_metric = {row.model for row in better if row.metric == metric}
    chosen |= {
        row.metric for row in better if row.model not in by_metric and not (by_metric and row.tuned)
    }
    return [each for each in METRICS if each in chosen and each != metric]


def others_to_say(counts: Sequence[int], metric: str) -> list[str]:
    """Return the metrics of which to say what they show: if an accuracy says little."""
    if not says_little(counts):
        return []
    return [each for each in OF_UNEQUAL[:2] if each != metric]


def says_little(counts: Sequence[int]) -> bool:
    """Return whether an accuracy says little, as the commonest class is most of the rows.

    That is so if it has more than half of them, and `VERY_UNEQUAL` times the rows of the rarest
    class. A first config then has another metric.
    """
    return max(counts) >= VERY_UNEQUAL * min(counts) and largest_share(counts) > 1 / 2


def largest_share(counts: Sequence[int]) -> float:
    """Return the share of the rows that the commonest class has."""
    return max(counts) / sum(counts)
