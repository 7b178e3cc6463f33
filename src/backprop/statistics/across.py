"""The comparison of models with the baseline over several data sets.

Each model is judged alone: another model changes none of its numbers. P-values of its differences
on each data set are adjusted for the number of data sets.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.inference.decisions import outcome
from backprop.inference.intervals import Ends
from backprop.inference.pooling import (
    FEWEST,
    pool,
    random_effects,
    rank_correlation,
    signed_ranks,
)
from backprop.inference.tests import Posterior, holm
from backprop.models.registry import BASELINE
from backprop.statistics.tables import ACROSS, ON_DATA_SETS, TRAITS, Compared, Interval
from backprop.study.metrics import METRICS
from backprop.typing import Array

FEWEST_FOR_RANKS = 6  # data sets: with fewer, no signed ranks have a p-value below 0.05
FEWEST_FOR_TRAITS = 10
TRAITS_OF_DATA = ("rows", "features", "classes", "largest", "baseline")


@dataclass(frozen=True)
class DataSet:
    """What is known of a data set.

    Attributes
    ----------
    comparison : sequence of Compared
        Its models against the baseline.
    rows, features, classes : int
    largest : float
        The share of the largest class.
    """

    comparison: Sequence[Compared]
    rows: int
    features: int
    classes: int
    largest: float

    @property
    def baseline(self) -> float | None:
        """The score of the baseline; None without it."""
        scores = (row.score for row in self.comparison if row.model == BASELINE)
        return next((score.value for score in scores if score), None)


class Across(NamedTuple):
    """The tables of `compare_across`."""

    models: pd.DataFrame
    data_sets: pd.DataFrame
    traits: pd.DataFrame


def compare_across(data_sets: Mapping[str, DataSet], metric: str, rope: float) -> Across:
    """Compare each model with the baseline over all data sets on which both have a score.

    A model that is the same as an earlier one on a data set is not compared there.

    Parameters
    ----------
    data_sets : mapping of str to DataSet
        By name.
    metric : str
    rope : float
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    Across
        A row of `backprop.statistics.tables.AcrossDataSets` for each model that is compared on at
        least `FEWEST` data sets; of `OnDataSet` for each of these on each data set; and of `Trait`,
        with at least `FEWEST_FOR_TRAITS` data sets.
    """
    models = dict.fromkeys(row.model for each in data_sets.values() for row in each.comparison)
    together, traits = list[dict[str, object]](), list[dict[str, object]]()
    by_set: dict[str, list[dict[str, object]]] = {name: [] for name in data_sets}
    for model in models:
        rows = {
            name: row
            for name, each in data_sets.items()
            for row in each.comparison
            if row.model == model and not row.same_as and row.standard_error is not None
        }
        if len(rows) < FEWEST:
            continue
        p_values = np.array([row.p_value for row in rows.values()], dtype=float)
        adjusted = dict(zip(rows, holm(p_values), strict=True))
        outcomes = {name: _outcome(row, adjusted[name]) for name, row in rows.items()}
        together.append({"model": model, **_pooled(list(rows.values()), metric, rope)})
        together[-1] |= {
            f"shown_{word}": [*outcomes.values()].count(word) for word in ("better", "worse")
        }
        for name, each in data_sets.items():
            of_set = {"p_adjusted": adjusted.get(name), "outcome": outcomes.get(name)}
            by_set[name].append({"model": model, **_on(name, each, rows.get(name)), **of_set})
        known = {name: data_sets[name] for name in rows}
        of_model = _traits(known, _values(list(rows.values())))
        traits += [{"model": model, **each} for each in of_model]
    singles = [*itertools.chain(*by_set.values())]
    return Across(
        ACROSS.frame(together, metric), ON_DATA_SETS.frame(singles, metric), TRAITS.frame(traits)
    )


def _outcome(row: Compared, p_value: float) -> str:
    """Return what a data set shows, by a p-value that is adjusted for their number."""
    known = (row.worse, row.equal, row.better)
    belief = Posterior(*(np.nan if each is None else each for each in known))
    return outcome(p_value, belief)


def _pooled(rows: Sequence[Compared], metric: str, rope: float) -> dict[str, object]:
    """Return the columns of what all data sets say together."""
    d, s, sign = _values(rows), _errors(rows), METRICS[metric].sign
    pooled, by_moments = pool(d, s), random_effects(d, s)
    belief = pooled.of_mean.posterior(rope)
    belief = belief if sign > 0 else belief.of_errors()
    gains = sign * d
    wins, losses = int((gains > rope).sum()), int((gains < -rope).sum())
    return {
        "outcome": outcome(pooled.p_value, belief),
        "datasets": d.size,
        "difference": _possible(pooled.mean, pooled.of_mean.interval, metric),
        "next": _possible(pooled.mean, pooled.of_next.interval, metric),
        "spread": Interval(pooled.spread, pooled.spread_lower, pooled.spread_upper),
        "p_value": pooled.p_value,
        **vars(belief),
        "wins": wins,
        "ties": d.size - wins - losses,
        "losses": losses,
        "signed_ranks_p": signed_ranks(d) if d.size >= FEWEST_FOR_RANKS else None,
        "check": by_moments.mean,
        "check_spread": by_moments.spread,
    }


def _possible(mean: float, ends: Ends, metric: str) -> Interval:
    """Return an interval without what no difference can be: of few data sets, it is wide."""
    lowest, highest = METRICS[metric].limits(3)  # the widest, of any number of classes
    reach = highest - lowest
    return Interval(mean, max(ends.lower, -reach), min(ends.upper, reach))


def _values(rows: Sequence[Compared]) -> Array:
    return np.array([row.difference.value for row in rows if row.difference])


def _errors(rows: Sequence[Compared]) -> Array:
    """Return the standard errors of differences.

    Where both models predict the same, it is 0: such a data set counts as the most exact other.
    """
    errors = np.array([row.standard_error for row in rows], dtype=float)
    return np.where(errors > 0, errors, errors[errors > 0].min(initial=np.inf))


def _on(name: str, each: DataSet, row: Compared | None) -> dict[str, object]:
    """Return the columns of a model on a data set; without a row, of the data set alone."""
    fields = ("difference", "standard_error", "p_value")
    own = {field: getattr(row, field) for field in fields} if row else {}
    return {"dataset": name, **own, **{t: getattr(each, t) for t in TRAITS_OF_DATA}}


def _traits(data_sets: Mapping[str, DataSet], differences: Array) -> list[dict[str, object]]:
    """Return how the difference goes with each trait of the data sets, if they are enough."""
    if len(data_sets) < FEWEST_FOR_TRAITS:
        return []
    every = {t: [getattr(each, t) for each in data_sets.values()] for t in TRAITS_OF_DATA}
    pairs = {trait: rank_correlation(values, differences) for trait, values in every.items()}
    return [
        {"trait": trait, "datasets": len(data_sets), "correlation": Interval(*correlation)}
        for trait, correlation in pairs.items()
        if correlation
    ]
