"""The comparison of the models with the baseline."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE, outcome
from backprop.inference.intervals import wilson
from backprop.inference.paired import NO_ROWS, Difference, compare_paired, hardly_varies
from backprop.inference.tests import (
    Posterior,
    corrected_t_test,
    discordant,
    holm,
    mcnemar,
    minimum_detectable_difference,
    posterior,
)
from backprop.models.registry import BASELINE, headline
from backprop.report.statistics.grouping import (
    PRIMARY,
    Candidates,
    Judged,
    Judgement,
    Row,
    accuracy_columns,
    columns,
    commonest_reason,
    count_states,
    difference_columns,
    states_of,
)
from backprop.report.statistics.sameness import same_models, same_probabilities
from backprop.typing import Array, Booleans


def compare_models(
    judgement: Judgement, candidates: Candidates, *, folds: int, rope: float
) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by accuracy: a row per model.

    Parameters
    ----------
    judgement : Judgement
        With the headline of each model.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    folds : int
        Folds of each repeat, at least 2.
    rope : float
        Differences up to this are of no practical interest.

    Returns
    -------
    DataFrame
        model, outcome, accuracy with its interval, the difference with its interval, t, p_value,
        p_adjusted (Holm) and basis (see `backprop.inference.paired`), the posterior worse, equal
        and better, the difference detectable with a power of 0.8, the predictions of the first
        repeat (how many of its rows are correct, with the Wilson interval and the exact McNemar p),
        the mean log loss, its difference from the baseline's and the adjusted p-value of that,
        same_as and same_within (see `same_models`), the number of fits in each of `STATES`, the
        reason of most that failed, if any did, configuration, fits, the confidence of the
        intervals, what the interval of the accuracy is from. A model with diverged or failed fits
        is not compared: it has only its name and the numbers of its fits. One that is the same as
        another has the adjusted p-value and the outcome of that.
    """
    judged = judgement.of_headlines(candidates)
    headlines = {model: headline(model, candidates) for model in judged}
    scores = {model: judgement.scores_of(model, name) for model, name in headlines.items()}
    same = same_models(judged)
    results = _compare_with_baseline(judged, same, folds, rope)
    log_losses = {model: own["log_loss"].to_numpy() for model, own in scores.items()}
    for model, tested in _compare_log_losses(log_losses, [*results], same, folds).items():
        results[model] |= tested
    rows: list[Row] = []
    for model, each in judged.items():
        row: Row = {"model": model, "configuration": headlines[model]}
        row |= {"fits": each.accuracy.size, **count_states(scores[model]["status"])}
        row["reason"] = commonest_reason(scores[model], "failed").get("reason")
        row |= dict(zip(("same_as", "same_within"), same.get(model, ()), strict=False))
        if each.scored:
            row |= accuracy_columns(each, folds) | _count_right(each.right[0])
            row["log_loss"] = float(log_losses[model].mean())
        rows.append(row | results.get(model, {}))
    order = [
        "model", "outcome", *columns(PRIMARY), *columns("difference"), "t", "p_value",
        "p_adjusted", "basis", "worse", "equal", "better", "detectable", "correct", "rows",
        "wilson_lower", "wilson_upper", "mcnemar_p", "log_loss", "log_loss_difference",
        "log_loss_p", "same_as", "same_within",
        *(states := states_of(judgement.scores["status"])), *["reason"] * ("failed" in states),
        "configuration", "fits", "confidence",
        "accuracy_basis",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def _compare_with_baseline(
    judged: Mapping[str, Judged], same: Mapping[str, tuple[str, float]], folds: int, rope: float
) -> dict[str, Row]:
    """Compare each model with the baseline; those that are the same as another are not counted."""
    baseline = judged[BASELINE]
    compared = [
        model
        for model, each in judged.items()
        if model != BASELINE and each.scored and baseline.scored
    ]
    distinct = [model for model in compared if model not in same]
    pairs = [(judged[model], baseline) for model in distinct]
    results = dict(zip(distinct, compare_all(pairs, folds, rope), strict=True))
    for model in compared:
        if model in same:
            (own,) = compare_all([(judged[model], baseline)], folds, rope)
            first = results.get(same[model][0], own)
            shared = {key: first[key] for key in ("p_adjusted", "detectable", "outcome")}
            results[model] = own | shared
    for model, row in results.items():
        row["mcnemar_p"] = mcnemar(*discordant(judged[model].right[0], baseline.right[0]))
    return results


def _compare_log_losses(
    log_losses: Mapping[str, Array],
    compared: Sequence[str],
    same: Mapping[str, tuple[str, float]],
    folds: int,
) -> dict[str, Row]:
    """Compare the log loss of each model with that of the baseline, on the same splits."""
    tests = {
        model: corrected_t_test(log_losses[model] - log_losses[BASELINE], folds)
        for model in compared
    }
    distinct = [model for model in compared if model not in same]
    adjusted = dict(zip(distinct, holm([tests[m].p_value for m in distinct]), strict=True))
    return {
        model: {
            "log_loss_difference": tests[model].mean,
            "log_loss_p": adjusted.get(same.get(model, (model,))[0], tests[model].p_value),
        }
        for model in compared
    }


def compare_judged(one: Judged, other: Judged, folds: int) -> Difference:
    """Compare the accuracy of two configurations, see `backprop.inference.paired`."""
    differences = one.accuracy - other.accuracy
    if not hardly_varies(differences):
        return compare_paired(differences, NO_ROWS, NO_ROWS, folds)
    identical = same_probabilities(one.probabilities, other.probabilities)
    return compare_paired(differences, one.right, other.right, folds, identical=identical)


def compare_all(pairs: Sequence[tuple[Judged, Judged]], folds: int, rope: float) -> list[Row]:
    """Compare each pair, and decide by the p-values, adjusted for all of them.

    Parameters
    ----------
    pairs : sequence of (Judged, Judged)
        A model, and the one that it is compared with. All their fits have scores.
    folds, rope
        As in `compare_models`.

    Returns
    -------
    list of dict
        For each pair the difference, its test and the outcome, by the columns of tables. On a basis
        other than the splits there is no t and nothing detectable, and a posterior only if both are
        the same model.
    """
    tested = [compare_judged(one, other, folds) for one, other in pairs]
    adjusted = holm([difference.p_value for difference in tested])
    rows = []
    for (one, other), difference, p_adjusted in zip(pairs, tested, adjusted, strict=True):
        belief = _belief(one.accuracy - other.accuracy, difference, folds, rope)
        rows.append(
            {
                **difference_columns(difference),
                "t": difference.t,
                "p_adjusted": p_adjusted,
                "worse": belief.worse if belief else np.nan,
                "equal": belief.equal if belief else np.nan,
                "better": belief.better if belief else np.nan,
                "detectable": _detectable(difference, len(pairs)),
                "outcome": outcome(difference, p_adjusted, belief, rope),
                "confidence": difference.confidence,
            }
        )
    return rows


def _belief(
    differences: Array, difference: Difference, folds: int, rope: float
) -> Posterior | None:
    if difference.basis == "identical":
        return Posterior(worse=0.0, equal=1.0, better=0.0)
    return posterior(differences, folds, rope=rope) if difference.basis == "splits" else None


def _detectable(difference: Difference, comparisons: int) -> float:
    """Return the true difference that the test detects, by Holm's strictest step."""
    if difference.basis != "splits":
        return np.nan
    return minimum_detectable_difference(
        difference.standard_error,
        difference.degrees_of_freedom,
        significance=SIGNIFICANCE / comparisons,
    )


def _count_right(right: Booleans) -> Row:
    correct = int(right.sum())
    lower, upper = wilson(correct, right.size)
    return {
        "correct": correct,
        "rows": right.size,
        "wilson_lower": lower,
        "wilson_upper": upper,
    }
