"""What the statistics of the report share: fits by model and configuration."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backprop.inference.intervals import corrected_interval
from backprop.inference.tests import (
    Comparison,
)
from backprop.models.registry import is_network
from backprop.study.configurations import Candidate, name_in_cell
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Booleans, Integers

PRIMARY = "accuracy"  # the metric of the comparison

COLUMNS = ("model", "configuration", "repeat", "fold", "status", "rows", "probabilities")
"""The columns that the functions below need of the files of fits."""

STATES = ("diverged", "unlearned", "separated", "not_converged", "failed")

Row = dict[str, Any]

Groups = dict[tuple[str, str | None], Integers]

Candidates = Mapping[str, Sequence[Candidate]]
"""The configurations of each model, its reference first."""


def group_fits(table: pd.DataFrame) -> Groups:
    """Return the positions of the fits of each model and configuration.

    Parameters
    ----------
    table : DataFrame
        A row per fit, with the columns model, configuration (missing if all its values are the
        defaults), repeat and fold.

    Returns
    -------
    dict of (str, str or None) to array of int
        By model and configuration, in order of appearance: the positions of their rows, in the
        order of repeat and fold.
    """
    models, configurations = table["model"].to_numpy(), table["configuration"].to_numpy()
    model_numbers, _ = pd.factorize(models)
    configuration_numbers, names = pd.factorize(configurations)  # -1 if missing
    pairs = model_numbers * (len(names) + 1) + configuration_numbers
    groups, _ = pd.factorize(pairs)
    order = np.lexsort((table["fold"], table["repeat"], groups))
    ends = np.flatnonzero(np.diff(groups[order])) + 1
    return {
        (models[positions[0]], name_in_cell(configurations[positions[0]])): positions
        for positions in np.split(order, ends)
        if positions.size
    }


def rows_right(p: Array, y: Integers) -> Booleans:
    """Return whether each row is predicted right in each repeat, shape (repeats, n)."""
    return predicted_classes(p) == y


def size(y: Integers) -> tuple[int, int]:
    """Return the number of rows and of classes."""
    return len(y), int(y.max()) + 1


def count_states(status: Any) -> dict[str, int]:
    """Return how many fits are in each of `STATES`."""
    return {state: int((status == state).sum()) for state in STATES}


def states_of(status: Any) -> list[str]:
    """Return the states that a table has a column of: that of failed fits only if there are any."""
    return [state for state in STATES if state != "failed" or (status == state).any()]


def tuned_models(scores: pd.DataFrame, candidates: Candidates) -> list[str]:
    """Return the models with several configurations, and all networks, in their order."""
    return [
        model
        for model in scores["model"].unique()
        if len(candidates[model]) > 1 or is_network(model)
    ]


def columns(name: str) -> list[str]:
    """Return the columns of a number and its interval."""
    return [name, f"{name}_lower", f"{name}_upper"]


def difference_columns(comparison: Comparison) -> dict[str, float]:
    """Return a difference with its interval and p-value, by the columns of tables."""
    return {
        "difference": comparison.mean,
        "difference_lower": comparison.lower,
        "difference_upper": comparison.upper,
        "p_value": comparison.p_value,
    }


def interval_columns(name: str, values: Array, folds: int) -> dict[str, float]:
    """Return a mean score with its corrected interval, by `columns`; NaN if a fit has no score."""
    if not np.isfinite(values).all():
        return dict.fromkeys(columns(name), np.nan)
    lower, upper = corrected_interval(values, folds)
    return dict(zip(columns(name), (float(np.mean(values)), lower, upper), strict=True))
