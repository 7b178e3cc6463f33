"""The metrics of a fit: one entry each, computed for many fits at once."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from backprop.typing import Array, Booleans, Integers, Shown


class Part(NamedTuple):
    """A mean over rows; the metric of a test fold is a weighted sum of such means, to first order.

    Attributes
    ----------
    rows : int array, shape (m,)
        The places of the rows that the mean is over.
    values : array, shape (m,)
    weight : float
    """

    rows: Integers
    values: Array
    weight: float


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A metric.

    Attributes
    ----------
    score : callable
        ``score(y, p)`` returns the metric of each of F fits, shape (F,), that are tested on the
        same n rows. y, shape (n,), holds the classes, from 0 to C - 1. p, shape (n, C, F), holds
        the predicted probabilities of the classes, in [0, 1].
    parts : callable
        ``parts(y, p, split)`` returns the parts of the metric, for all test folds at once. y and
        split, shape (N,), hold the class of each test row and the number of its split; p, shape
        (N, C), the probabilities.
    share_of : {"rows", "classes"} or None
        What the metric is a share of: an accuracy is one of the rows, and a balanced accuracy gives
        all classes the same weight. None is for a metric of the probabilities themselves, or one
        that is no share, such as an F1.
    of_classes : bool, default=False
        Whether it depends on the predicted classes alone, so that it needs no probabilities. Its p
        are then 1 for the class that is predicted, see `backprop.study.fits.class_votes`.
    by_thresholds : bool
        Whether the thresholds that a model has learned are not about the best for the metric, so
        that it varies with them.
    rope : float
        The largest difference that usually does not matter in practice.
    higher_is_better : bool, default=True
    lowest, highest : float, default=0 and 1
        The values between which the metric always is.
    highest_of_several : float or None
        The highest value with more than two classes, if it is another.
    flip : callable or None
        ``flip(y)`` is by how much the metric changes if one row is decided otherwise.
        None if it follows from `share_of`.
    label, unit : str
        The name and the unit of the metric, for the heading of an axis or a column.
    unit_of_differences : str, default=""
        What readers call it; "points" are hundredths, for a share.
    """

    score: Callable[[Integers, Array], Array]
    parts: Callable[[Integers, Array, Integers], Sequence[Part]]
    share_of: Literal["rows", "classes"] | None = None
    of_classes: bool = False
    by_thresholds: bool = False
    rope: float
    higher_is_better: bool = True
    lowest: float = 0.0
    highest: float = 1.0
    highest_of_several: float | None = None
    flip: Callable[[Integers], float] | None = None
    label: Shown[str]
    unit: Shown[str]
    unit_of_differences: Shown[str] = ""

    @property
    def sign(self) -> int:
        """1 if higher is better, else -1: times the sign, higher is better."""
        return 1 if self.higher_is_better else -1

    def limits(self, classes: int) -> tuple[float, float]:
        """Return the lowest and the highest value of the metric, with this number of classes."""
        several = self.highest_of_several if classes > 2 else None
        return self.lowest, self.highest if several is None else several


def predicted_classes(p: Array, axis: int = -1) -> Integers:
    """Return the class that is predicted, from the probabilities of all classes.

    Parameters
    ----------
    p : array
        Probabilities, with the C classes along `axis`.
    axis : int, default=-1

    Returns
    -------
    int array
        The shape of p without `axis`. The most probable class, the first of equally probable ones,
        as scikit-learn has it.
    """
    return np.asarray(p.argmax(axis))


def balanced_accuracy(y: Integers, p: Array) -> Array:
    """Return the mean recall of the classes that occur in y.

    The recall of a class is the share of its rows whose class is predicted correctly.
    """
    values = shares_right(y, p)
    return np.mean([values[y == c].mean(axis=0) for c in np.unique(y)], axis=0)


EPSILON = float(np.finfo(np.float64).eps)
"""The least probability that a log loss counts; it is infinite for 0."""


def is_cut_off(p: Array) -> bool:
    """Return whether any probability is so near to 0 or 1 that a log loss counts another one."""
    return bool((p <= EPSILON).any() or (p >= 1 - EPSILON).any())


def rules_out(y: Integers, p: Array) -> bool:
    """Return whether the class of any row has the probability 0, so that its log loss is infinite.

    Parameters
    ----------
    y : array, shape (n,)
    p : array, shape (..., n, C)
    """
    return bool((p[..., np.arange(len(y)), y] <= EPSILON).any())


def roc_auc(y: Integers, p: Array) -> Array:
    """Return the share of (row of a class, row of another class) pairs that p ranks correctly.

    A tie counts one half. With two classes, p is the probability of class 1. With more, it is the
    mean over the classes, each against all others. The result is NaN if a class does not occur.
    """
    if p.shape[1] == 2:
        return _auc(y == 1, p[:, 1])
    return np.mean([_auc(y == c, p[:, c]) for c in range(p.shape[1])], axis=0)


def _auc(positive: Booleans, p: Array) -> Array:
    """Return the area of each fit, shape (F,), for one class, shape (n,), and its p, (n, F)."""
    positives = int(positive.sum())
    pairs = positives * (len(positive) - positives)
    if not pairs:
        return np.full(p.shape[1], np.nan)
    import pandas as pd  # only now: the workflow imports this module each time it starts

    ranks = pd.DataFrame(p).rank().to_numpy()  # of ties, the mean: twice a rank is an integer
    above = 2 * ranks[positive].sum(axis=0) - positives * (positives + 1)
    return np.asarray(above / (2 * pairs))


def metric(values: Callable[[Integers, Array], Array], **said: Any) -> Metric:
    """Return a metric that is the mean of ``values(y, p)`` over rows, with its other attributes.

    The values have the shape (n,) for p of shape (n, C), and (n, F) for p of shape (n, C, F).
    """
    return Metric(
        # Along the last axis of a contiguous array it adds up in the order of scikit-learn.
        score=lambda y, p: np.ascontiguousarray(values(y, p).T).mean(axis=1),
        parts=lambda y, p, split: [Part(np.arange(len(y)), values(y, p), 1.0)],
        **said,
    )


def shares_right(y: Integers, p: Array) -> Array:
    """Return 1 for each row whose class is the most probable one, a share if others are, too."""
    most = p == p.max(axis=1, keepdims=True)  # nowhere, if p is NaN
    return np.asarray(most[np.arange(len(y)), y] / np.maximum(most.sum(axis=1), 1))


def _losses(y: Integers, p: Array) -> Array:
    """Return -log(probability of the row's class).

    Probabilities are clipped to [eps, 1 - eps], eps = 2.2e-16, so that the result is finite.
    """
    return np.asarray(-np.log(np.clip(p[np.arange(len(y)), y], EPSILON, 1 - EPSILON)))


def _squares(y: Integers, p: Array) -> Array:
    """Return the squared error of the probabilities.

    With two classes it is (probability - class)^2. With more, it is the sum over the classes of
    (probability - 1 or 0)^2, which is at most 2.
    """
    classes = p.shape[1]
    own = np.equal.outer(y, np.arange(classes))
    squares = np.square((own if p.ndim == 2 else own[..., np.newaxis]) - p).sum(axis=1)
    return np.asarray((0.5 if classes == 2 else 1.0) * squares)


def _recalls(y: Integers, p: Array, split: Integers) -> list[Part]:
    """Return the recall of each class."""
    values, classes = shares_right(y, p), p.shape[1]
    every = (np.flatnonzero(y == c) for c in range(classes))
    return [Part(rows, values[rows], 1 / classes) for rows in every]


def _ranked(y: Integers, p: Array, split: Integers) -> list[Part]:
    """Return, for each row, the share of the rows of other classes that p ranks correctly.

    DeLong et al. (1988) call these structural components. An area is their mean over the rows of a
    class as well as over all others, and varies with both.
    """
    chosen = [1] if p.shape[1] == 2 else range(p.shape[1])
    parts = []
    for c in chosen:
        own = np.flatnonzero(y == c)
        others = np.flatnonzero(y != c)
        ranks = _ranks(p[:, c], split)
        count = np.bincount(split[own], minlength=split.max() + 1)
        count_others = np.bincount(split[others], minlength=split.max() + 1)
        below = ranks[own] - _ranks(p[own, c], split[own])
        below_others = ranks[others] - _ranks(p[others, c], split[others])
        weight = 1 / len(chosen)
        parts.append(Part(own, below / count_others[split[own]], weight))
        parts.append(Part(others, 1 - below_others / count[split[others]], weight))
    return parts


def _ranks(values: Array, split: Integers) -> Array:
    """Return the rank of each value within its split, from 1; the mean rank if tied."""
    import pandas as pd  # only now: the workflow imports this module each time it starts

    return np.asarray(pd.Series(values).groupby(split).rank(), dtype=np.float64)


METRICS: dict[str, Metric] = {
    "accuracy": metric(
        shares_right,
        share_of="rows",
        of_classes=True,
        rope=0.01,
        label="Accuracy",
        unit="share of the test fold",
        unit_of_differences="points",
    ),
    "balanced_accuracy": Metric(
        score=balanced_accuracy,
        parts=_recalls,
        share_of="classes",
        of_classes=True,
        by_thresholds=True,
        rope=0.01,
        label="Balanced accuracy",
        unit="mean recall of the classes",
        unit_of_differences="points",
    ),
    "log_loss": metric(
        _losses,
        rope=0.01,
        higher_is_better=False,
        highest=math.inf,
        label="Log loss",
        unit="nats per row",
        unit_of_differences="nats",
    ),
    "brier_score": metric(
        _squares,
        rope=0.005,
        higher_is_better=False,
        highest_of_several=2.0,
        label="Brier score",
        unit="mean squared error",
    ),
    "roc_auc": Metric(
        score=roc_auc,
        parts=_ranked,
        share_of="classes",
        rope=0.01,
        label="ROC AUC",
        unit="area",
    ),
}


def entry_of(metric: str | Metric) -> Metric:
    """Return a metric from its key in `METRICS`, or as it is."""
    return METRICS[metric] if isinstance(metric, str) else metric


OF_CLASSES = tuple(name for name, each in METRICS.items() if each.of_classes)
"""The metrics of naming the class, which need no probabilities."""
