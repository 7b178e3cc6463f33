"""What a guess is worth, and which models are shown to be better than one.

A guess is the same for every row: the commonest class, with the shares of the classes in the data
as probabilities.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from backprop.inference.decisions import is_shown
from backprop.inference.influence import Difference, compare_with_constant
from backprop.inference.tests import holm, weighted_step_down
from backprop.models.registry import BASELINE
from backprop.statistics.grouping import Judged, Judgement, Row, difference_columns
from backprop.statistics.results import means_of_guess, scores_of_guess
from backprop.statistics.tables import AGAINST_GUESS, Learned
from backprop.study.metrics import METRICS, rules_out
from backprop.typing import Array, Integers

LEARNED = ("balanced_accuracy", "roc_auc", "log_loss")
"""The metrics, besides the study's, that show that a model knows more than a guess.

Without the Brier score, which nearly repeats the log loss: each metric makes the test stricter.
"""

LEVEL = 0.0075
"""The share of the pages with nothing to learn that may call any model better than a guess."""

OF_METRIC = 1 / 2
"""The share of the level that goes to the metric of the study; the others share the rest."""


def guess(y: Integers) -> Array:
    """Return the probabilities of a guess for each row, shape (n, C).

    Of classes that are equally common, the one that `predicted_classes` chooses is the commonest.
    """
    counts = np.bincount(y)
    return np.tile(counts / counts.sum(), (len(y), 1))


def score_guessing(judgement: Judgement) -> pd.DataFrame:
    """Score a `guess` on the test rows of each split: a row per split.

    Parameters
    ----------
    judgement : Judgement
        It has the splits of the baseline.

    Returns
    -------
    DataFrame
        repeat, fold, the number of test rows and the metrics.
    """
    y, rows, p = judgement.y, [], guess(judgement.y)
    for _, fit in judgement.baseline.fits.iterrows():
        test = np.asarray(fit["rows"]) - 1
        own = p[test][..., np.newaxis]
        scores = {name: float(metric.score(y[test], own)[0]) for name, metric in METRICS.items()}
        split = {"repeat": fit["repeat"], "fold": fit["fold"], "rows": len(test)}
        rows.append({**split, **scores})
    return pd.DataFrame(rows)


def compare_with_guess(
    judgement: Judgement,
    tuned: Mapping[str, Judged],
    permuted: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Test whether models are better than a guess, which shows that they have learned something.

    This is the one criterion for that, and it treats all models alike. The tests are one-sided.
    Their p-values are adjusted together, for all models, as they are and tuned, and all metrics: by
    the joint distribution of the largest statistic (Westfall and Young), in which the metric of the
    study has the weight `OF_METRIC`, see `backprop.inference.tests.weighted_step_down`. So at most
    `LEVEL` of the pages with nothing to learn call any model better than a guess, and no verdict
    depends on which model is the baseline.

    A log loss without an interval shows nothing: a few rows decide it, or where probabilities of 0
    are cut off, as the next row may have one. But if a class that occurred had the probability 0,
    the log loss is infinite. That is worse if the test shows it even of what the cut leaves.

    The opposite tests, adjusted for the metrics of each model (Holm), show which are worse than a
    guess.

    The shares of the classes are taken as they are in the data, where the score of a guess is
    known: its mean over the test folds of the model. If predictions have nothing to do with the
    class, none can be better than it, whatever the shares are; so what chance does to the shares
    says nothing about learning. Tests that count it as chance find much less: of equal classes, it
    doubles the variance of an accuracy of 50%.

    Parameters
    ----------
    judgement : Judgement
        With the headline of each model.
    tuned : mapping of str to Judged
        The tuned models that have a score, by nested cross-validation.
    permuted : mapping of str to float, optional
        By metric, the p-values of logistic regression by another test than the t-test, see
        `backprop.statistics.permutations.permutation_tests`.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.Learned` per model, as it is and tuned, and metric (the
        study's, then those in `LEARNED`). A model is worse if it is so by more than the rope of the
        metric, see `backprop.study.metrics.METRICS`. Models that are the same as an earlier one,
        and those with fits without a score, have no row.
    """
    models = {(model, False): each for model, each in judgement.headlines.distinct.items()}
    models |= {(model, True): each for model, each in tuned.items()}
    metrics, by_split = [*dict.fromkeys((judgement.metric, *LEARNED))], score_guessing(judgement)
    rows, tests = list[Row](), list[Difference]()
    for (model, is_tuned), each in models.items():
        own_splits = by_split[: each.values.size]
        guesses, of_rows = means_of_guess(own_splits), scores_of_guess(own_splits)
        for metric in filter(each.is_scored_by, metrics):
            own = (permuted or {}).get(metric) if (model, is_tuned) == (BASELINE, False) else None
            test = compare_with_constant(each.by(metric, given_shares=True), guesses[metric])
            better = METRICS[metric].sign * test.mean > 0
            tests.append(test)
            rows.append({
                "model": model,
                "tuned": is_tuned,
                "metric": metric,
                "score": float(np.mean(each.scores[metric])),
                "guess": of_rows[metric],
                **difference_columns(test),
                "p_value": _one_sided(test.p_value, better) if own is None else own,
                "permuted": own is not None,
            })  # fmt: skip
    for row, p_adjusted in zip(rows, _adjusted(rows, tests, metrics), strict=True):
        row |= {"p_adjusted": p_adjusted, "better": bool(p_adjusted < LEVEL)}
    for key, each in models.items():
        _mark_worse(each, [row for row in rows if (row["model"], row["tuned"]) == key])
    return AGAINST_GUESS.frame(rows)


def _adjusted(rows: Sequence[Row], tests: Sequence[Difference], metrics: Sequence[str]) -> Array:
    """Return p-values that are adjusted for all models and metrics; the first is the study's.

    A test without an interval shows nothing, and neither does one of constant predictions, to which
    no row contributes: these are not counted.
    """
    shares = dict.fromkeys(metrics, (1 - OF_METRIC) / (len(metrics) - 1)) | {metrics[0]: OF_METRIC}
    places = [
        place
        for place, (row, test) in enumerate(zip(rows, tests, strict=True))
        if not math.isnan(test.lower) and (test.contributions.any() or row["p_value"] < 1 / 2)
    ]
    adjusted = np.ones(len(rows))
    adjusted[places] = weighted_step_down(
        [rows[place]["p_value"] for place in places],
        [shares[rows[place]["metric"]] for place in places],
        np.array([
            METRICS[rows[place]["metric"]].sign * tests[place].contributions for place in places
        ]),
    )  # fmt: skip
    return adjusted


def _mark_worse(judged: Judged, rows: Sequence[Row]) -> None:
    """Say in the rows of a model by which metrics it is worse."""
    p_values = [_p_of_worse(judged, row) for row in rows]
    for row, p_worse in zip(rows, holm(p_values), strict=True):
        entry = METRICS[row["metric"]]
        matters = -entry.sign * row["difference"].value > entry.rope
        row["worse"] = bool(is_shown(p_worse) and matters)


def _p_of_worse(judged: Judged, row: Row) -> float:
    """Return the p-value that a model is worse; of an infinite log loss, as its limit leaves it."""
    if row["metric"] != "log_loss" or not rules_out(judged.y, judged.probabilities):
        return 1 - float(row["p_value"])
    estimate = judged.by("log_loss", given_shares=True)
    guess = row["score"] - row["difference"].value
    test = compare_with_constant(estimate._replace(cut_off=False), guess)
    return _one_sided(test.p_value, test.mean > 0)


def _one_sided(p_value: float, is_on_this_side: bool) -> float:
    """Return the p-value of one side of a test from its two-sided one."""
    return p_value / 2 if is_on_this_side else 1 - p_value / 2


def learned_models(rows: Sequence[Learned], *, tuned: bool = False) -> set[str]:
    """Return the models that are better than a guess by any metric, as they are or tuned."""
    return {model for model, is_tuned in shown(rows) if is_tuned == tuned}


def shown(rows: Sequence[Learned], metrics: Sequence[str] | None = None) -> set[tuple[str, bool]]:
    """Return the models that are better than a guess by any of some metrics, and if tuned."""
    return {
        (row.model, row.tuned)
        for row in rows
        if row.better and (metrics is None or row.metric in metrics)
    }
