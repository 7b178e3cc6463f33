"""What counts as the same, as in doubt, as unlearned and as the best: each rule once.

Tables, sentences and pictures ask here, so that they agree.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from backprop.inference.decisions import excludes_zero, is_shown
from backprop.inference.intervals import DECIMALS
from backprop.statistics.tables import Compared, Nested, Summarised
from backprop.study.metrics import METRICS
from backprop.typing import Array, Booleans

SAME = 1e-6  # probabilities, scores and costs that differ by no more are the same

UNLEARNED = "unlearned"
UNSCORED = ("diverged", "failed")  # the states of fits that have no score
TROUBLED = (UNLEARNED, *UNSCORED)
DOUBTFUL = (UNLEARNED, "diverged")  # states of fits that leave a mean in doubt


def is_unlearned(status: pd.Series) -> Booleans:
    """Return which fits predict one class for all rows that they were trained on."""
    return np.asarray(status == UNLEARNED)


def is_unscored(status: pd.Series) -> Booleans:
    """Return which fits have no score, because they diverged or failed."""
    return np.asarray(status.isin(UNSCORED))


def count_troubled(status: pd.Series) -> dict[str, int]:
    """Return how many fits are in each state of `TROUBLED`, without those that no fit is in."""
    counts = {state: int((status == state).sum()) for state in TROUBLED}
    return {state: count for state, count in counts.items() if count}


def matters(state: str, metric: str) -> bool:
    """Return whether a state of fits matters by a metric: one class does not if it ranks rows."""
    return state != UNLEARNED or METRICS[metric].of_classes


def in_doubt(row: Compared | Summarised) -> bool:
    """Return whether a row of a table says that fits are unlearned, diverged or chaotic.

    Pictures mark it by a hollow mark.
    """
    return any(getattr(row, state) for state in DOUBTFUL) or row.chaotic


def excludes_zero_unadjusted(row: Compared | Nested | Summarised) -> bool:
    """Return whether the interval of a difference excludes zero, and its adjusted test does not.

    Pictures draw such intervals, which are not adjusted for several comparisons, dashed.
    """
    if row.difference is None or row.p_adjusted is None or is_shown(row.p_adjusted):
        return False
    return excludes_zero(row.difference.lower, row.difference.upper)


def same_metric(ones: Array, others: Array) -> bool:
    """Return whether two metrics have the same value in every fit; they may be missing in both."""
    return bool(np.allclose(ones, others, rtol=0, atol=1e-9, equal_nan=True))


def best_of(rows: Mapping[str, Summarised], metric: str) -> str:
    """Return the best of the configurations of a model, by a mean.

    Of several that are equally good, up to rounding, it is the first: pass them in the order of the
    candidates, the reference first. One at least has a score.
    """
    means = {
        name: round(METRICS[metric].sign * score.value, DECIMALS)
        for name, row in rows.items()
        if (score := row.by(metric))
    }
    return max(means, key=means.__getitem__)
