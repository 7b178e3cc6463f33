"""Logistic regression on many samples at once, for simulated data sets.

They need thousands of small fits. One by one, most of their time goes into the calls of
scikit-learn. Here each array has a fit on its first axis, and one NumPy call does one step of
Newton's method for all fits. The result of a fit does not depend on the others.

The predictions equal those by `backprop.models.logistic` to 1e-7 if the regression has a solution,
and if no row is more than a thousand times as far away as the others: rows from a Gaussian are not.
"""

import numpy as np
from scipy.special import expit, log_expit

from backprop.models.baselines import MAX_STEPS, TOLERANCE
from backprop.models.coordinates import row_space
from backprop.typing import Array, Booleans, Integers

NEGLIGIBLE = 1e-12  # of the curvature of all directions, is added to each
HALVINGS = 60  # of a step; a fit for which no step decreases the cost stays where it is


def fit_all(x: Array, y: Integers, *, l2: float = 0.0) -> Array:
    """Fit a logistic regression to each of F samples; with more classes, each against all others.

    Parameters
    ----------
    x : array, shape (F, n, d)
        Standardised columns. One that is constant, or depends on others, may be among them.
    y : array, shape (F, n)
        The C classes, from 0. Each sample has rows of all of them.
    l2 : float, default=0
        The penalty of the weights, as `backprop.models.logistic.fit` has it.

    Returns
    -------
    array, shape (F, d + 1) or (F, C (d + 1))
        The parameters of each fit, as `backprop.models.logistic.predict` takes them. If a boundary
        separates the classes, they are those where the gradient is small enough, or those after
        `backprop.models.baselines.MAX_STEPS`.
    """
    back = None
    if l2 and x.shape[-1] > x.shape[-2]:
        x, back = row_space(x)
    design = np.concatenate([np.ones((*x.shape[:-1], 1)), x], axis=-1)
    if not l2:
        design, back = _orthogonal(design)
    classes = int(y.max()) + 1
    chosen = range(classes) if classes > 2 else [1]
    fits = [_newton(design, y == c, l2) for c in chosen]
    if back is not None:
        fits = [theta @ back.swapaxes(-2, -1) for theta in fits]
    return np.concatenate(fits, axis=-1)[:, 0]


def predict_all(parameters: Array, x: Array) -> Array:
    """Return the predictions of F fits for rows of their own.

    Parameters
    ----------
    parameters : array, shape (F, d + 1) or (F, C (d + 1))
        As `fit_all` returns them.
    x : array, shape (F, n, d)

    Returns
    -------
    array, shape (F, n, C)
        The probabilities, as `backprop.models.logistic.predict` has them.
    """
    vectors = parameters.reshape(len(x), -1, x.shape[-1] + 1)
    p = expit(x @ vectors[..., 1:].swapaxes(1, 2) + vectors[:, np.newaxis, :, 0])
    if p.shape[-1] == 1:
        return np.concatenate([1 - p, p], axis=-1)
    p = np.maximum(p, np.finfo(float).tiny)
    return np.asarray(p / p.sum(axis=-1, keepdims=True))


def _orthogonal(design: Array) -> tuple[Array, Array]:
    """Return the rows by orthogonal directions, and what turns parameters for these back.

    The columns of a direction that only rounding makes are 0. As in
    `backprop.models.coordinates.Coordinates`, but without its care for rows that are far away.
    """
    left, singular, right = np.linalg.svd(design, full_matrices=False)
    least = singular[:, :1] * max(design.shape[1:]) * np.finfo(float).eps
    kept, root = singular > least, np.sqrt(design.shape[1])
    shrink = np.where(kept, root / np.where(kept, singular, 1.0), 0.0)
    return left * (root * kept)[:, np.newaxis], right.swapaxes(1, 2) * shrink[:, np.newaxis]


def _newton(design: Array, y: Booleans, l2: float) -> Array:
    """Return the parameters of each fit, shape (F, 1, r), by Newton's method with step halving.

    Parameters
    ----------
    design : array, shape (F, n, r)
    y : bool array, shape (F, n)
    l2 : float
        The penalty of all parameters but the first.
    """
    n, sign = design.shape[1], np.where(y, 1.0, -1.0)
    penalty = np.where(np.arange(design.shape[2]) > 0, l2, 0.0)

    def cost(theta: Array) -> Array:
        likelihood = -log_expit(sign * _sums(design, theta)).mean(axis=1)
        return np.asarray(likelihood + (penalty * theta**2).sum(axis=(1, 2)) / 2)

    theta = np.zeros((len(design), 1, design.shape[2]))
    now = cost(theta)
    for _ in range(MAX_STEPS):
        p = expit(_sums(design, theta))
        gradient = (p - y)[:, np.newaxis] @ design / n + penalty * theta
        going_on = abs(gradient).max(axis=(1, 2)) > TOLERANCE
        if not going_on.any():
            break
        hessian = (design * (p * (1 - p))[..., np.newaxis]).swapaxes(1, 2) @ design / n
        # So small that it changes no result; and it has an inverse in any case.
        small = NEGLIGIBLE * np.trace(hessian, axis1=1, axis2=2)
        hessian += (penalty + small[:, np.newaxis])[:, np.newaxis] * np.eye(theta.shape[2])
        step = np.linalg.solve(hessian, gradient.swapaxes(1, 2)).swapaxes(1, 2)
        step[~going_on] = 0.0
        for _ in range(HALVINGS):
            new = cost(theta - step)
            # A step may increase the cost by as much as rounding does. NaN is worse, too.
            worse = ~(new <= now + 1e-12)
            if not worse.any():
                break
            step[worse] /= 2
        step[worse] = 0.0
        theta, now = theta - step, np.where(worse, now, new)
    return theta


def _sums(design: Array, theta: Array) -> Array:
    """Return ``design @ theta`` of each fit, shape (F, n)."""
    return (design @ theta.swapaxes(1, 2))[..., 0]
