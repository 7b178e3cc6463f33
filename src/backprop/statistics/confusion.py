"""How many rows of each class are predicted as which."""

import numpy as np

from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Integers


def confusion_counts(y: Integers, probabilities: Array) -> Integers:
    """Count the rows of each true class (axis 0) and predicted class (axis 1).

    Parameters
    ----------
    y : array, shape (n,)
        The classes, from 0 to C - 1.
    probabilities : array, shape (n, C)
        A row of NaN is left out.
    """
    known = np.isfinite(probabilities).all(axis=1)
    classes = probabilities.shape[1]
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (y[known], predicted_classes(probabilities[known])), 1)
    return counts


def count_errors(counts: Integers, n: int) -> int | None:
    """Return how many of n rows are predicted wrongly; None if some have no prediction."""
    return int(counts.sum() - counts.trace()) if counts.sum() == n else None
