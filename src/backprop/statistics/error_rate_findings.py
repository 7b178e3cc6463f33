"""What the measured error rates say of a study."""

from collections.abc import Sequence

from backprop.inference.intervals import NORMAL, Ends, score_interval
from backprop.statistics.tables import Compared, ErrorRate

DIFFERENCES = (0.02, 0.05, 0.1)  # of the metric, whose power is measured
SHOWN = 3  # decimals of a score


def range_of_share(row: ErrorRate) -> Ends:
    """Return the 95% interval of a share: what the simulation leaves open.

    It is Wilson's, of as many independent comparisons as would have the standard error of the
    share, if there were a miss and a hit more.
    """
    shrunk = (row.share * row.sets + 1) / (row.sets + 2)
    size = shrunk * (1 - shrunk) / row.error**2
    return score_interval(row.share, max(size, 1.0), NORMAL)


def power_of_interest(rows: Sequence[ErrorRate], rope: float) -> list[ErrorRate]:
    """Return the rows on the power that matter: the report tries to find no smaller difference."""
    return [row for row in rows if row.check == "power" and row.true_difference > rope]


def differences_of_interest(rope: float) -> list[float]:
    """Return the differences whose power matters, whether it could be measured or not."""
    return [difference for difference in DIFFERENCES if difference > rope]


def too_low(rows: Sequence[ErrorRate], other: str | None = None) -> list[ErrorRate]:
    """Return how often the interval of each model has the truth, where that is too low.

    The interval is of its score, or of its difference from `other`.
    """
    return [row for row in rows if row.check == "coverage" and row.too_low and row.other == other]


def unlike(rows: Sequence[ErrorRate], models: Sequence[Compared]) -> dict[str, float]:
    """Return the true score of each model that the data sets make unlike its score on the data.

    It is outside the interval, by more than the last digit that is shown.

    Parameters
    ----------
    rows : sequence of ErrorRate
    models : sequence of Compared
    """
    scores = {row.model: row.score for row in models}
    truths = {
        row.model: row.truth
        for row in rows
        if row.check == "coverage" and row.other is None and row.sets and row.truth is not None
    }
    outside = {}
    for model, truth in truths.items():
        score, shown = scores[model], round(truth, SHOWN)
        if score and (shown < round(score.lower, SHOWN) or shown > round(score.upper, SHOWN)):
            outside[model] = truth
    return outside
