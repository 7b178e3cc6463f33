"""Calibration: whether predictions of a probability come true as often as it says."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from backprop.inference.intervals import NORMAL, score_interval
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Booleans, Integers

EDGES = np.arange(11) / 10  # of the bins of probability
BINS = len(EDGES) - 1
FEWEST = 10  # rows of a point: the interval of fewer says next to nothing


def shown_class(y: Integers, p: Array) -> tuple[Array, Booleans]:
    """Return the probability of the class that calibration is about, and whether it is right.

    It is class 1 of two classes, and the predicted class of more.

    Parameters
    ----------
    y : array, shape (n,)
        The classes, from 0 to C - 1.
    p : array, shape (repeats, n, C)
        The predictions; NaN if a fit diverged.

    Returns
    -------
    arrays, shape (repeats, n)
    """
    shown = np.ones(p.shape[:2], dtype=np.int64) if p.shape[2] == 2 else predicted_classes(p)
    return np.take_along_axis(p, shown[..., np.newaxis], axis=-1)[..., 0], shown == y


class Bin(NamedTuple):
    """Predictions of about the same probability: the points of a curve.

    Attributes
    ----------
    mean, share : float
        The mean probability, and the share of predictions that come true.
    rows : float
        The effective number of rows; see `effective_rows`.
    lower, upper : float
        Wilson's interval of the share, from this number.
    """

    mean: float
    share: float
    rows: float
    lower: float
    upper: float


def groups_of(probabilities: Array, right: Booleans) -> list[Bin]:
    """Return the groups that have enough rows for a point.

    Parameters
    ----------
    probabilities, right : arrays, shape (repeats, n)
        As `shown_class` returns them.
    """
    bins = bins_of(probabilities)
    groups = []
    for each in range(BINS):
        times = (bins == each).sum(axis=0)  # how often each row is in the group
        rows = effective_rows(times)
        if rows >= FEWEST:
            share = float(right[bins == each].mean())
            interval = score_interval(share, rows, NORMAL)
            groups.append(Bin(float(probabilities[bins == each].mean()), share, rows, *interval))
    return groups


def bins_of(probabilities: Array) -> Integers:
    """Return the bin of each probability; -1 if it is NaN.

    A bin has its lower edge. A probability that is an edge up to rounding, such as the mean of the
    trees of a forest, counts as the edge.
    """
    places = np.floor(np.round(BINS * probabilities, 9))
    return np.where(np.isfinite(places), np.minimum(places, BINS - 1), -1).astype(np.int64)


def effective_rows(times: Integers) -> float:
    """Return how many rows say as much as rows that count these numbers of times (Kish 1965).

    Repeats add no rows: the same rows in every repeat are as many as in one.
    """
    return float(times.sum() ** 2 / np.maximum((times**2).sum(), 1))


def count_agreeing(groups: Iterable[Bin]) -> int:
    """Return in how many groups the mean probability is within the interval of the share."""
    return sum(group.lower <= group.mean <= group.upper for group in groups)
