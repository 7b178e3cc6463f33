"""Which configuration of a model is the best."""

from collections.abc import Mapping

from backprop.inference.intervals import DECIMALS
from backprop.statistics.tables import Summarised
from backprop.study.metrics import METRICS


def best_of(rows: Mapping[str, Summarised], metric: str) -> str:
    """Return the best of the configurations of a model, by a mean.

    Of several that are equally good, up to rounding, it is the first: pass them in the order of the
    candidates, the reference first. One at least has a score.
    """
    sign = 1 if METRICS[metric].higher_is_better else -1
    means = {
        name: round(sign * score.value, DECIMALS)
        for name, row in rows.items()
        if (score := row.by(metric))
    }
    return max(means, key=means.__getitem__)
