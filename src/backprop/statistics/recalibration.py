"""What a recalibrated model would be worth, without another fit."""

import math
from typing import NamedTuple

import numpy as np

from backprop.inference.influence import Training
from backprop.inference.intervals import CONFIDENCE
from backprop.statistics.calibration import FEWEST, NEAR, SINGULAR, STEPS, covariance, recalibrate
from backprop.statistics.tables import Interval
from backprop.study.metrics import is_cut_off
from backprop.typing import Array, Integers


class Recalibrated(NamedTuple):
    """By how much a recalibrated model has a higher log loss, with its interval and p-value."""

    difference: Interval
    p_value: float


class _Fit(NamedTuple):
    """A recalibration: how far it is from none, and what is computed with it.

    Attributes
    ----------
    moved : array, shape (k,)
        Its coefficients, less those that change nothing.
    gained : float
        The log-likelihood of all rows, less the one before.
    own : array, shape (repeats, n, k)
        The gradient of each row.
    inverse : array, shape (k, k)
        Of the information of all rows.
    """

    moved: Array
    gained: float
    own: Array
    inverse: Array


def judge_recalibration(
    y: Integers, p: Array, observations: Integers, training: Training
) -> Recalibrated | None:
    r"""Return what the recalibration that follows from all out-of-fold predictions is worth.

    Of two classes it is Platt's (1999): :math:`a + b \operatorname{logit} p` in the place of the
    logit. Of more it is a temperature, :math:`\operatorname{softmax}(b \log p)` (Guo et al. 2017).

    To fit it to some folds, and to test it on another, is no nested estimate: fits that predict the
    other folds have seen the rows of this one, and it would seem worse than it is (measured: by
    five times). So no rows are set apart. On rows for which the coefficients
    :math:`\theta^*` would be right, the found ones, :math:`\hat\theta`, differ in log loss by

    .. math:: -\Delta - d^T I (\theta^* - \hat\theta)

    from none, to the second order. d is what they differ by from none, I the information of a row,
    :math:`\Delta` the gain on the rows they are from. The error :math:`\theta^* - \hat\theta` may
    be along d, as it is for a calibrated model. So the interval allows for any direction of it
    (Scheffé 1953), by the covariance of `backprop.statistics.calibration.covariance`.

    Parameters
    ----------
    y : array, shape (n,)
    p : array, shape (repeats, n, C)
        The out-of-fold predictions; none is NaN.
    observations : int array, shape (n,)
        The independent observation that each row belongs to, from 0 without a gap.
    training : Training

    Returns
    -------
    Recalibrated or None
        None if a probability is 0 or 1, if there are fewer than `FEWEST` observations, or if
        no coefficients have the greatest likelihood.

    References
    ----------
    Platt, J. C. (1999). Probabilistic outputs for support vector machines. Advances in Large Margin
    Classifiers, 61-74.

    Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern neural
    networks. Proceedings of Machine Learning Research 70, 1321-1330.

    Scheffé, H. (1953). A method for judging all contrasts in the analysis of variance. Biometrika
    40, 87-104.
    """
    count = int(observations.max()) + 1
    if count < FEWEST or is_cut_off(p):
        return None
    fit = _intercept_and_slope(y, p) if p.shape[2] == 2 else _temperature(y, p)
    return None if fit is None else _judged(fit, observations, training)


def _judged(fit: _Fit, observations: Integers, training: Training) -> Recalibrated:
    from scipy import stats  # only now: it is slow

    n, k, count = len(observations), len(fit.moved), int(observations.max()) + 1
    slope = np.linalg.solve(fit.inverse, fit.moved) / n
    variance = float(slope @ covariance(fit.own, fit.inverse, observations, training) @ slope)
    law, value = stats.f(k, count - k), -fit.gained / n
    margin = math.sqrt(k * law.ppf(CONFIDENCE) * variance)
    p_value = float(law.sf(value**2 / (k * variance))) if variance else 1.0
    return Recalibrated(Interval(value, value - margin, value + margin), p_value)


def _intercept_and_slope(y: Integers, p: Array) -> _Fit | None:
    logits, right = np.log(p[..., 1] / p[..., 0]), np.broadcast_to(y == 1, p.shape[:2])
    design = np.stack([np.ones_like(logits), logits], axis=-1)
    fit = recalibrate(design, right, np.zeros_like(logits))
    none = recalibrate(design[..., :0], right, logits)
    if fit is None or none is None:
        return None
    own = design * (right - fit.fitted)[..., np.newaxis]
    return _Fit(fit.values - [0, 1], fit.likelihood - none.likelihood, own, fit.inverse)


def _temperature(y: Integers, p: Array) -> _Fit | None:
    logs, b, is_near = np.log(p), 1.0, False
    true = np.broadcast_to(y[:, np.newaxis], (len(p), len(y), 1))
    of_true = np.take_along_axis(logs, true, axis=2)[..., 0]
    for _ in range(STEPS):
        new = np.exp(b * (logs - logs.max(axis=2, keepdims=True)))
        new /= new.sum(axis=2, keepdims=True)
        means = (new * logs).sum(axis=2)
        information = float(((new * logs**2).sum(axis=2) - means**2).sum()) / len(p)
        if not information > 1 / SINGULAR:
            return None
        if is_near:
            after = np.take_along_axis(np.log(new), true, axis=2)[..., 0]
            gained = float((after - of_true).sum()) / len(p)
            own, inverse = (of_true - means)[..., np.newaxis], np.array([[1 / information]])
            return _Fit(np.array([b - 1]), gained, own, inverse)
        change = float((of_true - means).sum()) / len(p) / information
        is_near = abs(change) < NEAR * (1 + b)
        b += min(max(change, -b / 2), b + 1)  # it stays above 0
    return None
