"""What each value of a hyperparameter changes."""

import numpy as np
import pandas as pd

from backprop.report.statistics.comparison import compare_all
from backprop.report.statistics.grouping import (
    PRIMARY,
    Candidates,
    Row,
    columns,
    count_states,
    group_fits,
    tuned_models,
)


def compare_values(
    scores: pd.DataFrame, candidates: Candidates, *, folds: int, rope: float
) -> pd.DataFrame:
    """Return a row per model, hyperparameter and value: its difference from the reference.

    Parameters
    ----------
    scores, candidates, folds, rope
        As in `compare_models`.

    Returns
    -------
    DataFrame
        model, hyperparameter (the only one in which the configuration differs from the reference),
        accuracy, its difference from the reference, the interval, p_value, p_adjusted (over all
        rows of a model), outcome, unlearned (the number of such fits), configuration, fits, the
        confidence of the interval. A row with diverged or failed fits has only names and numbers
        of fits.
    """
    groups = group_fits(scores)
    accuracy, status = scores[PRIMARY].to_numpy(), scores["status"].to_numpy()
    rows: list[Row] = []
    for model in tuned_models(scores, candidates):
        reference, *others = candidates[model]
        varied = {candidate.name: candidate.differing(reference) for candidate in others}
        single = {name: keys[0] for name, keys in varied.items() if len(keys) == 1}
        own = accuracy[groups[model, reference.name]]
        values = {name: accuracy[groups[model, name]] for name in single}
        compared = [name for name in single if np.isfinite(values[name] - own).all()]
        tested = compare_all([values[name] - own for name in compared], folds, rope)
        results = {
            name: {"accuracy": float(np.mean(values[name])), **row}
            for name, row in zip(compared, tested, strict=True)
        }
        rows += [
            {
                "model": model,
                "hyperparameter": key,
                "unlearned": count_states(status[groups[model, name]])["unlearned"],
                "configuration": name,
                "fits": values[name].size,
                **results.get(name, {}),
            }
            for name, key in single.items()
        ]
    order = [
        "model", "hyperparameter", "accuracy", *columns("difference"), "p_value", "p_adjusted",
        "outcome", "unlearned", "configuration", "fits", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)
