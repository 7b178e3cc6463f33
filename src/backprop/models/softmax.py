"""Softmax regression without a penalty, with one weight vector for each of the two classes.

It is fitted here, by Newton's method with step halving from 0 to the maximum of the likelihood
(Bishop, *Pattern Recognition and Machine Learning*, section 4.3.4). scikit-learn fits two classes
as a logistic regression, so that both models would agree by construction. Here they agree as a
result.
"""

import numpy as np
from scipy import special

from backprop.models.baselines import (
    MAX_STEPS,
    TOLERANCE,
    Fitted,
    add_intercept,
    has_converged,
)
from backprop.typing import Array, Integers

CLASSES = 2


def fit(x: Array, y: Integers, max_steps: int = MAX_STEPS) -> Fitted:
    """Fit P(y = c) proportional to exp(intercept_c + x . weights_c), for both classes c.

    One of the vectors is redundant: adding the same vector to both changes no probability. From 0,
    Newton's method stays with the solution whose vectors sum to 0.

    Parameters
    ----------
    x, y
        As in `backprop.models.logistic.fit`.
    max_steps : int
        The largest number of Newton steps, at least 0.

    Returns
    -------
    Fitted
        With parameters of shape (2 (d + 1),): the intercept and the weights of class 0, then those
        of class 1.
    """
    design = add_intercept(x)
    targets = np.stack([y == 0, y == 1], axis=1).astype(float)
    parameters = np.zeros((CLASSES, design.shape[1]))
    for steps in range(max_steps + 1):
        p = special.softmax(design @ parameters.T, axis=1)
        gradient = (p - targets).T @ design / len(y)
        if steps == max_steps or abs(gradient).max() <= TOLERANCE:
            break
        step = _newton_step(design, p, gradient)
        cost = _cost(parameters, design, targets)
        while _cost(parameters - step, design, targets) > cost + 1e-12:  # more than by rounding
            step /= 2
        parameters = parameters - step
    flat = parameters.ravel()
    return Fitted(flat, steps, has_converged(gradient, predict(flat, x), y))


def predict(parameters: Array, x: Array) -> Array:
    """Return P(y = 1), shape (n,), for parameters as `fit` returns them and x, shape (n, d)."""
    vectors = parameters.reshape(CLASSES, -1)
    return np.asarray(special.softmax(add_intercept(x) @ vectors.T, axis=1)[:, 1])


def _cost(parameters: Array, design: Array, targets: Array) -> float:
    """Return the mean negative log-likelihood, for parameters of shape (2, d + 1)."""
    scores = design @ parameters.T
    return float(np.mean(special.logsumexp(scores, axis=1) - (scores * targets).sum(axis=1)))


def _newton_step(design: Array, p: Array, gradient: Array) -> Array:
    """Return the inverse Hessian times the gradient, both of shape (2, d + 1); p is (n, 2)."""
    n, width = design.shape
    curvature = p[:, :, None] * (np.eye(CLASSES) - p[:, None, :]) / n
    hessian = np.einsum("nab,ni,nj->aibj", curvature, design, design)
    # By least squares: the Hessian is singular along the redundant vector.
    step = np.linalg.lstsq(hessian.reshape(CLASSES * width, -1), gradient.ravel(), rcond=1e-10)[0]
    return np.asarray(step.reshape(CLASSES, width))
