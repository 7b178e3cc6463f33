"""Decision curves: what decisions are worth at the thresholds around the one of the study.

References
----------
Vickers and Elkin (2006), see `backprop.study.costs`.
"""

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import special

from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.influence import compare_with_constant
from backprop.inference.intervals import t_quantile
from backprop.inference.tests import level_of_each
from backprop.statistics.grouping import Judged, Judgement, Row
from backprop.statistics.net_benefit import with_interval
from backprop.statistics.tables import DECISION_CURVE, Interval, OnCurve
from backprop.study.costs import Costs
from backprop.typing import Array

FACTOR = 4.0  # from the odds of the study's threshold to the smallest and the largest odds
POINTS = 33  # thresholds of a curve, an odd number: the one of the study is in the middle
LEVEL_DECIMALS = 6  # of the level at each threshold


def thresholds_around(costs: Costs) -> Array:
    """Return the thresholds of a curve, whose log odds are evenly spaced, shape (`POINTS`,)."""
    middle = math.log(costs.matrix[0, 1] / costs.matrix[1, 0])
    every = special.expit(middle + math.log(FACTOR) * np.linspace(-1, 1, POINTS))
    every[POINTS // 2] = costs.threshold
    return np.asarray(every)


def decision_curves(judgement: Judgement, costs: Costs) -> pd.DataFrame:
    """Return the decision curve of the headline of each model, with simultaneous 95% bands.

    Parameters
    ----------
    judgement : Judgement
        Of two classes.
    costs : Costs

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.OnCurve`. A model without probabilities
        has none, nor has one that is the same as an earlier one.
    """
    headlines, thresholds = judgement.headlines, thresholds_around(costs)
    curves = [
        _curve(model, judged, thresholds)
        for model, judged in headlines.items()
        if model not in headlines.same and judged.is_scored_by("log_loss")
    ]
    return DECISION_CURVE.frame([*itertools.chain(*curves)])


def _curve(model: str, judged: Judged, thresholds: Array) -> list[Row]:
    """Return the points of a curve.

    The intervals have the level by which the largest of the normal variables with the correlations
    of the contributions is exceeded at any threshold, see `level_of_each`.
    """
    at = [Costs.of_two(missed=1 - t, false_alarm=t) for t in thresholds.tolist()]
    over_none, over_all = ([judged.by(each.saving(c)) for each in at] for c in (0, 1))
    pairs = [*zip(over_none, over_all, strict=True)]
    lesser = [compare_with_constant(min(pair, key=lambda e: e.value), 0.0) for pair in pairs]
    means = np.stack([each.contributions.mean(axis=0) for each in over_none])
    tail = _level(means) / 2
    tail_beyond = _level(np.stack([each.contributions for each in lesser])) / 2
    rows: list[Row] = []
    for threshold, (none, every), beyond in zip(thresholds, pairs, lesser, strict=True):
        margin = t_quantile(tail_beyond, beyond.degrees_of_freedom) * beyond.standard_error
        rows.append({
            "model": model,
            "threshold": threshold,
            "net_benefit": with_interval(none, tail),
            "treat_all": none.value - every.value,
            "beyond": Interval(beyond.mean, beyond.mean - margin, beyond.mean + margin),
        })  # fmt: skip
    return rows


def _level(contributions: Array) -> float:
    """Return the level at each threshold: thresholds next to each other leave rounding in it."""
    return round(level_of_each(contributions, SIGNIFICANCE), LEVEL_DECIMALS)


def useful_range(points: Sequence[OnCurve]) -> tuple[float, float] | None:
    """Return the longest range of thresholds at which a model is useful, the ends included.

    There the band of `beyond` is above 0: it is shown to be better than to decide all rows alike.

    Parameters
    ----------
    points : sequence of OnCurve
        Of one model, in the order of their thresholds.
    """
    runs = itertools.groupby(points, lambda each: each.beyond.lower > 0)
    useful = [[each.threshold for each in run] for is_useful, run in runs if is_useful]
    longest = max(useful, key=len, default=None)
    return None if longest is None else (longest[0], longest[-1])


def widest(curves: Mapping[str, Sequence[OnCurve]]) -> str | None:
    """Return the model whose `useful_range` has the most thresholds, the first of equal ones."""
    ranges = {model: useful_range(points) for model, points in curves.items()}
    ends = {m: special.logit(own).tolist() for m, own in ranges.items() if own}
    return max(ends, key=lambda m: ends[m][1] - ends[m][0], default=None)


def shown_part(points: Sequence[OnCurve]) -> tuple[float, float]:
    """Return the net benefits that matter: those in bands, but no more below 0 than above it."""
    high = max(max(each.net_benefit.upper, each.treat_all) for each in points)
    low = min(each.net_benefit.lower for each in points)
    return 1.05 * max(low, -high), 1.05 * high
