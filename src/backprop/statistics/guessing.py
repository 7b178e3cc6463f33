"""What a guess is worth, and which models are shown to be better than one.

A guess is the same for every row: the commonest class, with the shares of the classes in the data
as probabilities.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE, is_shown
from backprop.inference.influence import compare_with_constant
from backprop.inference.tests import holm
from backprop.models.registry import BASELINE
from backprop.statistics.grouping import Judged, Judgement, Row, difference_columns
from backprop.statistics.results import means_of_guess
from backprop.statistics.tables import AGAINST_GUESS, Learned
from backprop.study.metrics import METRICS, rules_out
from backprop.typing import Array, Integers

LEARNED = ("balanced_accuracy", "roc_auc", "log_loss")
"""The metrics, besides the study's, that show that a model knows more than a guess.

Without the Brier score, which nearly repeats the log loss: each metric makes the test stricter.
"""

OF_BASELINE, OF_OTHER = 1 / 2, 1 / 20
"""The shares of the level of a page that go to the baseline, and to each other model.

The shares of ten others and the baseline sum to 1: then at most 5% of the pages with nothing to
learn call any model better than a guess, however the tests depend on each other. They do not depend
on how many models there are: so a verdict on one model does not depend on others.
"""

OF_METRIC = 1 / 2
"""The share of a model's level that goes to the metric of the study; the others share the rest."""


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
        repeat, fold and the metrics.
    """
    y, rows, p = judgement.y, [], guess(judgement.y)
    for _, fit in judgement.baseline.fits.iterrows():
        test = np.asarray(fit["rows"]) - 1
        own = p[test][..., np.newaxis]
        scores = {name: float(metric.score(y[test], own)[0]) for name, metric in METRICS.items()}
        rows.append({"repeat": fit["repeat"], "fold": fit["fold"], **scores})
    return pd.DataFrame(rows)


def compare_with_guess(
    judgement: Judgement,
    tuned: Mapping[str, Judged],
    permuted: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Test whether models are better than a guess, which shows that they have learned something.

    This is the one criterion for that. The tests are one-sided. The baseline is tested first, with
    `OF_BASELINE` of the level, and each other model with `OF_OTHER`, or with the whole level by a
    metric by which the baseline is better: then there is something to learn by it. Within a model,
    `OF_METRIC` goes to the metric of the study. An adjusted p-value is the p-value divided by these
    shares (a weighted Bonferroni correction), so that each is compared with the same level. The
    verdict on a model depends on its own predictions and on the baseline's alone.

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
        By metric, the p-values of the baseline by another test than the t-test, see
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
    metrics = [*dict.fromkeys((judgement.metric, *LEARNED))]
    by_split = score_guessing(judgement)
    guesses = {key: means_of_guess(by_split[: each.values.size]) for key, each in models.items()}
    rows: dict[tuple[str, bool], list[Row]] = {
        key: [
            {"model": key[0], "tuned": key[1], **_against_guess(each, metric, guesses[key][metric])}
            for metric in metrics
            if each.is_scored_by(metric)
        ]
        for key, each in models.items()
    }
    opened: set[str] = set()  # the metrics by which the baseline is better
    for key in sorted(models, key=lambda key: key != (BASELINE, False)):
        is_baseline, opposite = key == (BASELINE, False), []
        for row in rows[key]:
            metric = row["metric"]
            row["permuted"] = is_baseline and metric in (permuted or {})
            if permuted and row["permuted"]:
                row["p_value"] = permuted[metric]
            share = _share_of_metric(metric, metrics)
            share *= OF_BASELINE if is_baseline else 1.0 if metric in opened else OF_OTHER
            p_adjusted = min(row["p_value"] / share, 1.0)
            row |= {"p_adjusted": p_adjusted, "bar": share * SIGNIFICANCE}
            row["better"] = bool(is_shown(p_adjusted) and not math.isnan(row["difference"].lower))
            opened |= {metric} if is_baseline and row["better"] else set()
            limited = metric == "log_loss" and rules_out(models[key].y, models[key].probabilities)
            opposite.append(
                _p_of_limited(models[key], guesses[key][metric]) if limited else 1 - row["p_value"]
            )
        for row, p_opposite in zip(rows[key], holm(opposite), strict=True):
            entry = METRICS[row["metric"]]
            matters = -entry.sign * row["difference"].value > entry.rope
            row["worse"] = bool(is_shown(p_opposite) and matters)
    return AGAINST_GUESS.frame([row for own in rows.values() for row in own])


def _share_of_metric(metric: str, metrics: Sequence[str]) -> float:
    """Return the share of the level of a model that a metric has; the study's is first."""
    return OF_METRIC if metric == metrics[0] else (1 - OF_METRIC) / (len(metrics) - 1)


def _against_guess(judged: Judged, metric: str, score: float) -> Row:
    """Compare a model with a guess by a metric; p is one-sided."""
    estimate = judged.by(metric, given_shares=True)
    test = compare_with_constant(estimate, score)
    better = METRICS[metric].sign * test.mean > 0
    return {
        "metric": metric,
        "score": estimate.value,
        "guess": score,
        **difference_columns(test),
        "p_value": _one_sided(test.p_value, better),
    }


def _p_of_limited(judged: Judged, score: float) -> float:
    """Return the one-sided p-value that a log loss is worse, as its limit leaves it."""
    estimate = judged.by("log_loss", given_shares=True)
    test = compare_with_constant(estimate._replace(cut_off=False), score)
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
