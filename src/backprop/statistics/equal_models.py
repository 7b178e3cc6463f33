"""Which models are one and the same."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from backprop.models.registry import are_one_model
from backprop.statistics.criteria import SAME
from backprop.typing import Array

if TYPE_CHECKING:
    from backprop.statistics.grouping import Judged

DISTINCT = 10
"""Equal probabilities show that models are the same only if they take this many values: two
trees give 0 or 1, and the same on separable rows."""


Agreement = Literal["unknown", "different", "equal", "identical"]


def agreement(within: float | None) -> Agreement:
    """Return how nearly two models agree whose probabilities differ by up to this; None: unknown.

    Two networks are one model by design, although their probabilities may be different.
    """
    if within is None or math.isnan(within):
        return "unknown"
    if within > SAME:
        return "different"
    return "equal" if within else "identical"


def largest_difference(p: Array, q: Array) -> float:
    """Return the largest difference of probabilities, shape (repeats, n, C); NaN without any."""
    differences = np.abs(p - q)
    return float(np.nanmax(differences)) if np.isfinite(differences).any() else np.nan


def same_probabilities(p: Array, q: Array) -> bool:
    """Return whether two models are the same by all their probabilities, shape (repeats, n, C)."""
    if not largest_difference(p, q) <= SAME or np.isnan(p - q).any():
        return False
    return np.unique(p[(p > SAME) & (p < 1 - SAME)].round(6)).size >= DISTINCT


def same_models(judged: "Mapping[str, Judged]") -> dict[str, tuple[str, float]]:
    """Return each model that an earlier one is the same as: that model, and how nearly.

    Networks are the same by design: they are implementations of one network, and the first of them
    is the one that counts. Other models are the same if all their out-of-fold probabilities are.

    Parameters
    ----------
    judged : mapping of str to Predicting
        The headline of each model, in the order of the models.

    Returns
    -------
    dict of str to (str, float)
        By model: the first model that it is the same as, and the largest difference of a
        probability; NaN if no fit has any, 1 if only one of the two has a score.
    """
    same: dict[str, tuple[str, float]] = {}
    firsts: dict[str, Array] = {}
    for model, each in judged.items():
        p = each.probabilities
        for first, q in firsts.items():
            alike = each.scored == judged[first].scored
            both = alike and each.scored
            if are_one_model(model, first) or (both and same_probabilities(p, q)):
                same[model] = first, largest_difference(p, q) if alike else 1.0
                break
        else:
            firsts[model] = p
    return same
