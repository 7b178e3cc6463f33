"""What a guess is worth, and which models are shown to be better than one.

A guess is the same for every row: the commonest class, with the shares of the classes in the data
as probabilities.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from backprop.inference.decisions import is_shown
from backprop.inference.influence import compare_with_constant
from backprop.inference.tests import holm
from backprop.models.candidate_lists import Candidates
from backprop.statistics.grouping import (
    Judged,
    Judgement,
    Row,
    difference_columns,
    size,
)
from backprop.statistics.tables import LEARNING, Learned
from backprop.study.metrics import METRICS
from backprop.typing import Array, Integers

LEARNED = ("balanced_accuracy", "roc_auc", "log_loss")
"""The metrics, besides that of the study, that show that a model knows more than a guess.

Without the Brier score, which nearly repeats the log loss: each metric makes the test stricter.
"""


def guess(y: Integers) -> Array:
    """Return the probabilities of a guess for each row, shape (n, C).

    Of classes that are equally common, the one that `predicted_classes` chooses is the commonest.
    """
    counts = np.bincount(y, minlength=size(y)[1])
    return np.tile(counts / counts.sum(), (len(y), 1))


def score_guessing(judgement: Judgement, candidates: Candidates) -> pd.DataFrame:
    """Score a `guess` on the test rows of each split: a row per split.

    Parameters
    ----------
    judgement, candidates
        As in `backprop.statistics.comparison.compare_models`. The splits are those of the
        baseline.

    Returns
    -------
    DataFrame
        repeat, fold and the metrics.
    """
    y, rows, p = judgement.y, [], guess(judgement.y)
    for _, fit in judgement.of_baseline(candidates).fits.iterrows():
        test = np.asarray(fit["rows"]) - 1
        own = p[test][..., np.newaxis]
        scores = {name: float(metric.score(y[test], own)[0]) for name, metric in METRICS.items()}
        rows.append({"repeat": fit["repeat"], "fold": fit["fold"], **scores})
    return pd.DataFrame(rows)


def compare_with_guess(
    judgement: Judgement, candidates: Candidates, tuned: Mapping[str, Judged]
) -> pd.DataFrame:
    """Test whether models are better than a guess, which shows that they have learned something.

    This is the one criterion for that. The tests are one-sided, and adjusted for all models and
    metrics of the page (Holm): on data with nothing to learn, at most 5% of the pages call any
    model better. The opposite tests, adjusted likewise, show which models are worse than a guess.

    The shares of the classes are taken as they are in the data, where the score of a guess is
    known. If predictions have nothing to do with the class, none can be better than it, whatever
    the shares are; so what chance does to the shares says nothing about learning. Tests that count
    it as chance find much less: of equal classes, it doubles the variance of an accuracy of 50%.

    Parameters
    ----------
    judgement, candidates
        As in `backprop.statistics.comparison.compare_models`.
    tuned : mapping of str to Judged
        The tuned models that have a score, by nested cross-validation.

    Returns
    -------
    DataFrame
        A row per model, as it is and tuned, and metric (that of the study, then those of
        `LEARNED`): model, tuned, metric, score, guess (its score), the difference with its
        interval, p_value, p_adjusted, better, and worse (by more than the rope of the metric, see
        `backprop.study.metrics.METRICS`). Models that are the same as an earlier one, and those
        with fits without a score, have no row.
    """
    judged = judgement.of_headlines(candidates)
    distinct = {m: each for m, each in judged.items() if each.scored and m not in judged.same}
    models = [(model, False, each) for model, each in distinct.items()]
    models += [(model, True, each) for model, each in tuned.items()]
    metrics = [*dict.fromkeys((judgement.metric, *LEARNED))]
    guesses = {metric: _score_of_guess(judgement.y, metric) for metric in metrics}
    rows: list[Row] = [
        {"model": model, "tuned": is_tuned, **_against_guess(each, metric, guesses[metric])}
        for model, is_tuned, each in models
        for metric in metrics
    ]
    adjusted = holm([row["p_value"] for row in rows])
    opposite = holm([1 - row["p_value"] for row in rows])
    for row, p_adjusted, p_opposite in zip(rows, adjusted, opposite, strict=True):
        matters = abs(row["difference"]) > METRICS[row["metric"]].rope
        row |= {"p_adjusted": p_adjusted, "better": bool(is_shown(p_adjusted))}
        row["worse"] = bool(is_shown(p_opposite) and matters)
    return LEARNING.frame(rows)


def _score_of_guess(y: Integers, metric: str) -> float:
    """Return the score of a guess on all rows."""
    return float(METRICS[metric].score(y, guess(y)[..., np.newaxis])[0])


def _against_guess(judged: Judged, metric: str, score: float) -> Row:
    """Compare a model with a guess by a metric; p is one-sided."""
    estimate = judged.by(metric, given_shares=True)
    test = compare_with_constant(estimate, score)
    better = (test.mean > 0) == METRICS[metric].higher_is_better and test.mean != 0
    return {
        "metric": metric,
        "score": estimate.value,
        "guess": score,
        **difference_columns(test),
        "p_value": test.p_value / 2 if better else 1 - test.p_value / 2,
    }


def shown(rows: Sequence[Learned], metrics: Sequence[str] | None = None) -> set[tuple[str, bool]]:
    """Return the models that are better than a guess by any of some metrics, and if tuned."""
    return {
        (row.model, row.tuned)
        for row in rows
        if row.better and (metrics is None or row.metric in metrics)
    }
