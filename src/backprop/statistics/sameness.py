"""Which models are one and the same."""

from collections.abc import Mapping

import numpy as np

from backprop.models.registry import is_network
from backprop.statistics.grouping import Judged
from backprop.typing import Array

SAME = 1e-6  # probabilities of one model, fitted in two ways, differ by no more
DISTINCT = 10
"""Equal probabilities show that models are the same only if they take this many values: those of
two trees are 0 or 1, and equal on separable rows."""


def largest_difference(p: Array, q: Array) -> float:
    """Return the largest difference of probabilities, shape (repeats, n, C); NaN without any."""
    differences = np.abs(p - q)
    return float(np.nanmax(differences)) if np.isfinite(differences).any() else np.nan


def same_probabilities(p: Array, q: Array) -> bool:
    """Return whether two models are the same by all their probabilities, shape (repeats, n, C)."""
    if not largest_difference(p, q) <= SAME or np.isnan(p - q).any():
        return False
    return np.unique(p[(p > SAME) & (p < 1 - SAME)].round(6)).size >= DISTINCT


def same_models(judged: Mapping[str, Judged]) -> dict[str, tuple[str, float]]:
    """Return each model that an earlier one is the same as: that model, and how nearly.

    Networks are the same by design: they are implementations of one network. Only fits without a
    score, in one of them and not in the other, make them different. Other models are the same if
    all their out-of-fold probabilities are.

    Parameters
    ----------
    judged : mapping of str to Judged
        The headline of each model, in the order of the models.

    Returns
    -------
    dict of str to (str, float)
        By model: the first model that it is the same as, and the largest difference of a
        probability; NaN if no fit has any.
    """
    same: dict[str, tuple[str, float]] = {}
    firsts: dict[str, Array] = {}
    for model, each in judged.items():
        p = each.probabilities
        for first, q in firsts.items():
            networks = is_network(model) and is_network(first)
            if each.scored != judged[first].scored:
                continue
            if networks or (each.scored and same_probabilities(p, q)):
                same[model] = first, largest_difference(p, q)
                break
        else:
            firsts[model] = p
    return same
