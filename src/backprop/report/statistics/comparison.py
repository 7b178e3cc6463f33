"""The comparison of the models with the baseline."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE, outcome
from backprop.inference.intervals import wilson
from backprop.inference.tests import (
    corrected_t_test,
    holm,
    mcnemar,
    minimum_detectable_difference,
    posterior,
)
from backprop.models.registry import BASELINE, headline
from backprop.report.statistics.grouping import (
    PRIMARY,
    Candidates,
    Row,
    columns,
    count_states,
    difference_columns,
    group_fits,
    interval_columns,
    rows_right,
    size,
    states_of,
)
from backprop.study.fits import predictions
from backprop.typing import Array, Booleans, Integers


def compare_models(
    scores: pd.DataFrame,
    fits: pd.DataFrame,
    candidates: Candidates,
    y: Integers,
    *,
    folds: int,
    rope: float,
) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by accuracy: a row per model.

    Parameters
    ----------
    scores, candidates, folds
        As in `summarise_configurations`.
    fits : DataFrame
        The fits of each model's headline, or more, from `backprop.study.fits.read_fits`.
    y : array, shape (n,)
        The classes, from 0.
    rope : float
        Differences up to this are of no practical interest.

    Returns
    -------
    DataFrame
        model, outcome, accuracy with its corrected interval, the difference with its interval, t,
        p_value and p_adjusted (Holm), the posterior worse, equal and better, the difference
        detectable with a power of 0.8, the predictions of the first repeat (how many of its rows
        are correct, with the Wilson interval and the exact McNemar p), the number of fits in each
        of `STATES`, configuration, fits, the confidence of the intervals. A model with diverged or
        failed fits is not compared: it has only its name and the numbers of its fits.
    """
    headlines = {model: headline(model, candidates) for model in scores["model"].unique()}
    groups, predicted = group_fits(scores), group_fits(fits)
    own = {model: scores.iloc[groups[model, name]] for model, name in headlines.items()}
    accuracy = {model: own[model][PRIMARY].to_numpy() for model in headlines}
    compared = [model for model in headlines if np.isfinite(accuracy[model]).all()]
    right = {
        model: rows_right(predictions(fits.iloc[predicted[model, headlines[model]]], *size(y)), y)[
            0
        ]
        for model in {BASELINE, *compared}
    }
    others = [model for model in compared if model != BASELINE]
    differences = [accuracy[model] - accuracy[BASELINE] for model in others]
    results = {
        model: {**row, "mcnemar_p": _mcnemar(right[model], right[BASELINE])}
        for model, row in zip(others, compare_all(differences, folds, rope), strict=True)
    }
    rows = [
        {
            "model": model,
            "configuration": headlines[model],
            **_describe(own[model], right.get(model), folds),
            **results.get(model, {}),
        }
        for model in headlines
    ]
    order = [
        "model", "outcome", *columns(PRIMARY), *columns("difference"), "t", "p_value",
        "p_adjusted", "worse", "equal", "better", "detectable", "correct", "rows",
        "wilson_lower", "wilson_upper", "mcnemar_p", *states_of(scores["status"]), "configuration",
        "fits", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def compare_all(differences: Sequence[Array], folds: int, rope: float) -> list[Row]:
    """Test each array of differences, and decide by the p-values, adjusted for all of them."""
    comparisons = [corrected_t_test(values, folds) for values in differences]
    posteriors = [posterior(values, folds, rope=rope) for values in differences]
    adjusted = holm([test.p_value for test in comparisons])
    return [
        {
            "t": test.t,
            **difference_columns(test),
            "p_adjusted": p_adjusted,
            "worse": belief.worse,
            "equal": belief.equal,
            "better": belief.better,
            "detectable": minimum_detectable_difference(
                test.standard_error,
                test.degrees_of_freedom,
                significance=SIGNIFICANCE / len(comparisons),  # Holm's, in its strictest step
            ),
            "outcome": outcome(test, p_adjusted, belief),
            "confidence": test.confidence,
        }
        for test, belief, p_adjusted in zip(comparisons, posteriors, adjusted, strict=True)
    ]


def _describe(scores: pd.DataFrame, right: Booleans | None, folds: int) -> Row:
    """Return the numbers of one model alone, from its scores and the rows that it has right."""
    accuracy = scores[PRIMARY].to_numpy()
    row = {"fits": accuracy.size, **count_states(scores["status"])}
    if right is None or not np.isfinite(accuracy).all():
        return row
    return row | interval_columns(PRIMARY, accuracy, folds) | _count_right(right)


def _count_right(right: Booleans) -> Row:
    correct = int(right.sum())
    lower, upper = wilson(correct, right.size)
    return {
        "correct": correct,
        "rows": right.size,
        "wilson_lower": lower,
        "wilson_upper": upper,
    }


def _mcnemar(right: Booleans, baseline_right: Booleans) -> float:
    return mcnemar(int((right & ~baseline_right).sum()), int((baseline_right & ~right).sum()))
