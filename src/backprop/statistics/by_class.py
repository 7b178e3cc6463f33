"""How well each class is found: the recall, the precision and the F1 of each model."""

import math

import numpy as np
import pandas as pd

from backprop.inference.influence import Estimate, interval
from backprop.statistics.grouping import FEWEST_NAMED, Judged, Judgement, Row
from backprop.statistics.tables import BY_CLASS, Interval
from backprop.study.contributions import (
    all_possible,
    effective_observations,
    of_thresholds,
    shows_thresholds,
)
from backprop.study.costs import Costs
from backprop.typing import Array, Integers

MEASURES = ("recall", "precision", "f1")


def score_classes(judgement: Judgement) -> pd.DataFrame:
    """Return how well the headline of each model finds each class.

    Parameters
    ----------
    judgement : Judgement
        With the headline of each model, and the names of the classes.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.ByClass` per class and model. A model with diverged or
        failed fits has no row. A class that is never predicted has no precision.
    """
    rows: list[Row] = []
    scored = {m: each for m, each in judgement.headlines.items() if each.is_scored_by("accuracy")}
    for c in range(int(judgement.all_y.max()) + 1):
        for model, each in scored.items():
            name = judgement.classes[c] if judgement.classes else str(c)
            row: Row = {"model": model, "of_class": name, "rows": int((each.y == c).sum())}
            row["predicted"] = float(_named(each.votes)[..., c].sum(axis=1).mean())
            rows.append(row | {measure: measured(each, c, measure) for measure in MEASURES})
    return BY_CLASS.frame(rows)


def measured(judged: Judged, c: int, measure: str, costs: Costs | None = None) -> Interval:
    """Return a measure of a class, over the rows of all repeats together, with its interval.

    It is a ratio of two sums. Without an observation g it changes by the share that g has in it
    (the jackknife), and it moves with the thresholds of the model, see `of_thresholds`. There is no
    interval if fewer than `FEWEST_NAMED` observations are of the class, or predicted as it; nor if
    the model names classes and its probabilities do not show by which thresholds.

    Parameters
    ----------
    judged : Judged
    c : int
        The class.
    measure : str
        One of `MEASURES`.
    costs : Costs, optional
        Of two classes: what they are decided by, from the probabilities, in place of the votes.
    """
    votes = judged.votes if costs is None else costs.votes(judged.probabilities)
    over, under = _terms(judged.y, votes, c, measure)
    total = under.sum() / len(under)
    if not total:
        return Interval(math.nan, math.nan, math.nan)
    value = float(over.sum() / under.sum())
    if not _is_known(judged, votes, c, by_probabilities=costs is not None):
        return Interval(value, math.nan, math.nan)
    deviations = (over - value * under) / total
    s, h = (_sums(each, judged.observations) for each in (deviations, under / total))
    shares = h.mean(axis=0)
    contributions = s / (1 - shares)
    if not judged.in_order:
        contributions = contributions + _by_thresholds(judged, c, measure, costs)
    squares = np.square(shares)
    least = squares.sum() ** 2 / np.square(squares).sum()
    if judged.in_order:
        own = under[0] > 0
        least = effective_observations(deviations[0, own], judged.observations[own])
    estimate = Estimate(
        value=value,
        contributions=contributions,
        training=judged.training,
        proportion="classes",
        rows=len(judged.y),
        least=float(least),
        equal=float(1 / squares.sum()),
        lowest=0.0,
        highest=1.0,
        flip=0.0,
    )
    return Interval(value, *interval(estimate))


def _named(votes: Array) -> Array:
    """Return 1 for the class that is predicted, or its share if several are equally probable."""
    most = votes == votes.max(axis=-1, keepdims=True)
    return np.asarray(most / most.sum(axis=-1, keepdims=True))


def _terms(y: Integers, votes: Array, c: int, measure: str) -> tuple[Array, Array]:
    """Return what each row adds above and below the line of a measure, shape (repeats, n)."""
    named = _named(votes)[..., c]
    own = np.broadcast_to(y == c, named.shape) * 1.0
    below = {"recall": own, "precision": named, "f1": (own + named) / 2}
    return own * named, below[measure]


def _sums(values: Array, observations: Integers) -> Array:
    """Return the sums over the rows of each observation, from shape (R, n) to (R, G)."""
    count = int(observations.max()) + 1
    return np.stack([np.bincount(observations, each, count) for each in values])


def _is_known(judged: Judged, votes: Array, c: int, *, by_probabilities: bool) -> bool:
    """Return whether enough is seen of a class for an interval, see `measured`."""
    own = judged.y == c
    as_it = (_sums(_named(votes)[..., c], judged.observations) > 0).sum(axis=1).mean()
    is_named = judged.names_classes and not by_probabilities
    shown = not is_named or shows_thresholds(judged.probabilities, votes)
    enough = min(len(np.unique(judged.observations[own])), as_it) >= FEWEST_NAMED
    return bool(enough and (shown or judged.in_order))


def _by_thresholds(judged: Judged, c: int, measure: str, costs: Costs | None) -> Array:
    """Return what observations contribute through the thresholds, shape (repeats, G)."""

    def score(y: Integers, p: Array) -> Array:
        over, under = (each.sum(axis=1) for each in _terms(y, p.transpose(2, 0, 1), c, measure))
        return np.divide(over, under, out=np.zeros_like(over), where=under > 0)

    possible = all_possible(judged.probabilities, judged.count)
    logs = np.log(possible)
    if costs is not None:  # the class is decided whose probability times its cost is the larger
        logs = logs + np.log(costs.matrix.sum(axis=1))
    moved = of_thresholds(score, judged.y, possible, logs)
    return _sums(moved, judged.observations)
