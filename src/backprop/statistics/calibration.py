"""Calibration: whether predictions of a probability come true as often as it says."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from backprop.inference.intervals import NORMAL, TAIL, score_interval, t_quantile
from backprop.statistics.tables import Interval
from backprop.study.metrics import is_cut_off, predicted_classes
from backprop.typing import Array, Booleans, Integers

EDGES = np.arange(11) / 10  # of the bins of probability
BINS = len(EDGES) - 1
FEWEST = 10  # rows of a point: the interval of fewer says next to nothing
STEPS = 50  # of Newton's method, which converges in far fewer if there is a solution
WIDEST = 1e3  # standard errors to the end of an interval: beyond, there is none


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


def slope(probabilities: Array, right: Booleans, observations: Integers) -> Interval | None:
    r"""Return the slope of calibration: 1 if right, below 1 if probabilities are too extreme.

    It is the b of :math:`P(\text{right}) = 1 / (1 + \exp(-a - b \operatorname{logit} p))`, of
    greatest likelihood (Cox 1958). Each row counts once, however many repeats there are. The
    interval follows from the profile likelihood, so its ends need not be equally far: it has each b
    at which twice the loss of log-likelihood is at most :math:`t^2 \max(c, 1)`. t is the quantile
    with G - 2 degrees of freedom, for G observations. c is the variance of b, from what each
    observation contributes, divided by the variance that b would have with independent rows.

    Parameters
    ----------
    probabilities, right : arrays, shape (repeats, n)
        As `shown_class` returns them.
    observations : int array, shape (n,)
        The independent observation that each row belongs to, from 0 without a gap.

    Returns
    -------
    Interval or None
        None if a probability is 0, 1 or NaN, if there are fewer than `FEWEST` observations, or if
        no b has the greatest likelihood, as where probabilities rank all rows correctly.

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45,
    562-565.
    """
    count = int(observations.max()) + 1
    if count < FEWEST or not np.isfinite(probabilities).all() or is_cut_off(probabilities):
        return None
    logits = np.log(probabilities) - np.log1p(-probabilities)
    design = np.stack([np.ones_like(logits), logits], axis=-1)
    best = _recalibrate(design, right, np.zeros_like(logits))
    if best is None:
        return None
    own = design / len(logits) * (right - best.fitted)[..., np.newaxis]
    sums = [np.bincount(observations, own[..., j].sum(axis=0), count) for j in range(2)]
    naive = float(best.inverse[1, 1])
    ratio = float(np.square(best.inverse[1] @ sums).sum()) / naive
    most = t_quantile(TAIL, count - 2) ** 2 * max(ratio, 1.0)

    def excess(b: float) -> float:
        at_b = _recalibrate(design[..., :1], right, b * logits)
        return np.inf if at_b is None else 2 * (best.likelihood - at_b.likelihood) - most

    value, step = float(best.values[1]), naive**0.5
    return Interval(value, _end(excess, value, -step), _end(excess, value, step))


class _Recalibration(NamedTuple):
    """A logistic regression of what is right: its coefficients, and what is computed with them."""

    values: Array
    fitted: Array
    inverse: Array
    likelihood: float


def _recalibrate(design: Array, right: Booleans, offset: Array) -> _Recalibration | None:
    """Return the fit by Newton's method; None if it does not converge."""
    values, repeats = np.zeros(design.shape[-1]), len(right)
    for _ in range(STEPS):
        linear = design @ values + offset
        fitted = 1 / (1 + np.exp(-np.clip(linear, -700, 700)))
        weighted = design * (fitted * (1 - fitted))[..., np.newaxis] / repeats
        information = np.einsum("rni,rnj->ij", weighted, design)
        if np.linalg.cond(information) > 1e12:
            return None
        inverse = np.linalg.inv(information)
        change = inverse @ np.einsum("rni,rn->i", design, right - fitted) / repeats
        if np.abs(change).max() < 1e-10 * (1 + np.abs(values).max()):
            likelihood = -np.logaddexp(0, np.where(right, -linear, linear)).sum() / repeats
            return _Recalibration(values, fitted, inverse, float(likelihood))
        values = values + change * min(1.0, 5 / np.abs(change).max())
    return None


def _end(excess: Callable[[float], float], value: float, step: float) -> float:
    """Return the end of an interval in the direction of the step; NaN if it is too far."""
    from scipy.optimize import brentq

    near, size = value, step
    while excess(value + size) < 0:
        near, size = value + size, 2 * size
        if abs(size) > WIDEST * abs(step):
            return float("nan")
    far = value + size
    return float("nan") if np.isinf(excess(far)) else float(brentq(excess, near, far))
