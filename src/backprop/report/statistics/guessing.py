"""What a guess is worth, and which models are shown to be better than one.

A guess is the same for every row: the commonest class, with the shares of the classes in the data
as probabilities.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from backprop.inference.contributions import compare_with_constant
from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.tests import holm
from backprop.report.statistics.grouping import Candidates, Judged, Judgement, Row, columns, size
from backprop.report.statistics.sameness import same_models
from backprop.study.metrics import METRICS, contributions
from backprop.typing import Array, Integers

LEARNED = ("balanced_accuracy", "roc_auc")
"""The metrics, besides that of the study, that show that a model knows more than a guess."""


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
        As in `backprop.report.statistics.comparison.compare_models`. The splits are those of the
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

    The tests are one-sided, and adjusted for all models and metrics of the page (Holm): on data
    with nothing to learn, at most 5% of the pages call any model better.

    Parameters
    ----------
    judgement, candidates
        As in `backprop.report.statistics.comparison.compare_models`.
    tuned : mapping of str to Judged
        The tuned models that have a score, by nested cross-validation.

    Returns
    -------
    DataFrame
        A row per model, as it is and tuned, and metric (that of the study, then those of
        `LEARNED`): model, tuned, metric, score, guess (its score), the difference with its
        interval, p_value, p_adjusted, better. Models that are the same as an earlier one, and those
        with fits without a score, have no row.
    """
    judged = judgement.of_headlines(candidates)
    same = same_models(judged)
    models = [(m, False, each) for m, each in judged.items() if each.scored and m not in same]
    models += [(model, True, each) for model, each in tuned.items()]
    metrics = [*dict.fromkeys((judgement.metric, *LEARNED))]
    constants = {metric: _constant(judgement, metric) for metric in metrics}
    rows: list[Row] = [
        {"model": model, "tuned": is_tuned, **_against_guess(each, metric, *constants[metric])}
        for model, is_tuned, each in models
        for metric in metrics
    ]
    adjusted = holm([row["p_value"] for row in rows])
    for row, p_adjusted in zip(rows, adjusted, strict=True):
        row |= {"p_adjusted": p_adjusted, "better": bool(p_adjusted < SIGNIFICANCE)}
    order = [
        "model", "tuned", "metric", "score", "guess", *columns("difference"), "p_value",
        "p_adjusted", "better",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def _constant(judgement: Judgement, metric: str) -> tuple[float, Array]:
    """Return the score of a guess on all rows, and what each observation contributes to it."""
    y, p = judgement.y, guess(judgement.y)
    score = float(METRICS[metric].score(y, p[..., np.newaxis])[0])
    own = contributions(metric, y, p, np.zeros(len(y), dtype=np.int64))
    return score, np.bincount(judgement.observations, own).astype(float)


def _against_guess(judged: Judged, metric: str, score: float, of_rows: Array) -> Row:
    """Compare a model with a guess by a metric; p is one-sided."""
    estimate = judged.estimate if metric == judged.metric else judged.by(metric)
    test = compare_with_constant(estimate, score, of_rows)
    better = (test.mean > 0) == METRICS[metric].higher_is_better and test.mean != 0
    return {
        "metric": metric,
        "score": estimate.value,
        "guess": score,
        "difference": test.mean,
        "difference_lower": test.lower,
        "difference_upper": test.upper,
        "p_value": test.p_value / 2 if better else 1 - test.p_value / 2,
    }


def shown(table: pd.DataFrame, metrics: Sequence[str] | None = None) -> set[tuple[str, bool]]:
    """Return the models that are better than a guess by any of some metrics, and if tuned."""
    chosen = table[table["better"].eq(True)]
    if metrics is not None:
        chosen = chosen[chosen["metric"].isin(metrics)]
    return set(zip(chosen["model"], chosen["tuned"].astype(bool), strict=True))
