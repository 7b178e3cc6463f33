"""ROC curves, and the areas under them."""

from collections.abc import Iterable, Sequence

import numpy as np

from backprop.typing import Array, Integers

Curve = tuple[Array, Array]  # the false and the true positive rates
RATES = np.linspace(0, 1, 201)  # the false positive rates at which curves are averaged


def curves_of(y: Integers, predictions: Sequence[Array]) -> list[list[Curve]]:
    """Return the curves of each repeat: of class 1, or if there are more, of every class."""
    return [
        [
            roc_curve((y == c).astype(np.int64), p[:, c])
            for c in range(p.shape[1])
            if p.shape[1] > 2 or c == 1
        ]
        for p in predictions
    ]


def roc_curve(y: Integers, probabilities: Array) -> tuple[Array, Array]:
    """Return the false and the true positive rates at every threshold, the highest first.

    Parameters
    ----------
    y, probabilities : arrays, shape (n,)
        Classes, both present, and finite predictions of class 1.

    Returns
    -------
    arrays, shape (distinct probabilities + 1,)
        Both from 0 to 1.
    """
    order = np.argsort(-probabilities, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(probabilities[order])), len(y) - 1)  # of equal ones
    true = np.append(0, np.cumsum(y[order])[ends])
    false = np.append(0, ends + 1) - true
    return false / false[-1], true / true[-1]


def mean_curve(curves: Iterable[Curve]) -> Array:
    """Return the mean true positive rate of curves at each of `RATES`."""
    return np.mean([np.interp(RATES, false, true) for false, true in curves], axis=0)


def areas_of(curves: Sequence[Sequence[Curve]]) -> Array:
    """Return the areas under the curves, shape (repeats, curves of a repeat)."""
    return np.array([[np.trapezoid(true, false) for false, true in repeat] for repeat in curves])
