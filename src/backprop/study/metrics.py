"""The metrics of a fit: one entry each, computed for many fits at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop.typing import Array, Booleans, Integers, Shown


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric.

    Attributes
    ----------
    score : callable
        ``score(y, p)`` returns the metric of each of F fits, shape (F,), that are tested on the
        same n rows. y, shape (n,), holds the classes, 0 or 1. p, shape (n, F), holds the predicted
        probabilities of class 1, in [0, 1].
    higher_is_better : bool
    label, unit : str
        The name and the unit of the metric, for the heading of an axis or a column.
    """

    score: Callable[[Integers, Array], Array]
    higher_is_better: bool
    label: Shown[str]
    unit: Shown[str]


def accuracy(y: Integers, p: Array) -> Array:
    """Return the share of rows whose class is predicted correctly."""
    return _correct(y, p).mean(axis=0)


def balanced_accuracy(y: Integers, p: Array) -> Array:
    """Return the mean recall of the classes that occur in y.

    The recall of a class is the share of its rows whose class is predicted correctly.
    """
    correct = _correct(y, p)
    return np.mean([correct[y == c].mean(axis=0) for c in np.unique(y)], axis=0)


def log_loss(y: Integers, p: Array) -> Array:
    """Return the mean of -log(probability of the row's class).

    Probabilities are clipped to [eps, 1 - eps], eps = 2.2e-16, so that the result is finite.
    """
    eps = np.finfo(np.float64).eps
    p = np.ascontiguousarray(p.T)  # the mean then adds the rows in the order of scikit-learn
    return -np.log(np.clip(np.where(y == 1, p, 1 - p), eps, 1 - eps)).mean(axis=1)


def brier_score(y: Integers, p: Array) -> Array:
    """Return the mean of (probability - class)^2.

    It is computed as half of the sum over both classes, for the same rounding as in scikit-learn.
    """
    p = np.ascontiguousarray(p.T)  # as in `log_loss`
    return 0.5 * (((1 - y) - (1 - p)) ** 2 + (y - p) ** 2).mean(axis=1)


def roc_auc(y: Integers, p: Array) -> Array:
    """Return the share of (row of class 1, row of class 0) pairs that p ranks correctly.

    A tie counts one half. The result is NaN if the rows are of one class only.
    """
    positives = int(y.sum())
    pairs = positives * (len(y) - positives)
    if not pairs:
        return np.full(p.shape[1], np.nan)
    order = np.argsort(p, axis=0)
    ranked = np.take_along_axis(p, order, axis=0)
    rows = np.arange(len(y))[:, np.newaxis]
    tied = np.zeros(p.shape, dtype=bool)  # with the row before
    tied[1:] = ranked[1:] == ranked[:-1]
    first = np.maximum.accumulate(np.where(tied, 0, rows), axis=0)
    tied[:-1], tied[-1] = tied[1:], False  # now with the row after
    last = np.minimum.accumulate(np.where(tied, len(y), rows)[::-1], axis=0)[::-1]
    # The rank of a tied row is the mean of first and last. Twice the rank is an integer, and exact.
    ranks = ((first + last) * y[order]).sum(axis=0)
    return (ranks - positives * (positives - 1)) / (2 * pairs)


def _correct(y: Integers, p: Array) -> Booleans:
    return (p >= 0.5) == (y == 1)[:, np.newaxis]


METRICS: dict[str, Metric] = {
    "accuracy": Metric(
        score=accuracy,
        higher_is_better=True,
        label="Accuracy",
        unit="share of the test fold",
    ),
    "balanced_accuracy": Metric(
        score=balanced_accuracy,
        higher_is_better=True,
        label="Balanced accuracy",
        unit="mean recall of the classes",
    ),
    "log_loss": Metric(
        score=log_loss,
        higher_is_better=False,
        label="Log loss",
        unit="nats per row",
    ),
    "brier_score": Metric(
        score=brier_score,
        higher_is_better=False,
        label="Brier score",
        unit="mean squared error",
    ),
    "roc_auc": Metric(
        score=roc_auc,
        higher_is_better=True,
        label="ROC AUC",
        unit="area",
    ),
}
