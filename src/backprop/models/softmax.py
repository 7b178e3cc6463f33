"""Softmax regression, with one weight vector for each class.

It is fitted here, by Newton's method with step halving from 0 to the minimum of the mean negative
log-likelihood plus a penalty (Bishop, *Pattern Recognition and Machine Learning*, section 4.3.4).
scikit-learn fits two classes as a logistic regression, so that both models would agree by
construction. Here they agree as a result.
"""

import itertools

import numpy as np
from scipy import special

from backprop.models.baselines import (
    MAX_STEPS,
    TOLERANCE,
    Fitted,
    add_intercept,
    has_converged,
    penalised,
)
from backprop.typing import Array, Integers


def fit(x: Array, y: Integers, max_steps: int = MAX_STEPS, *, l2: float = 0.0) -> Fitted:
    """Fit P(y = c) proportional to exp(intercept_c + x . weights_c), for all classes c.

    One of the vectors is redundant: adding the same vector to all changes no probability. From 0,
    Newton's method stays with the solution whose vectors sum to 0.

    The penalty is l2 / 2 times the squared length of the weights of all classes. Of two classes, it
    is that of their difference, as in logistic regression and in a network with one output.

    Parameters
    ----------
    x, y, l2
        As in `backprop.models.logistic.fit`.
    max_steps : int
        The largest number of Newton steps, at least 0.

    Returns
    -------
    Fitted
        With parameters of shape (C (d + 1),): the intercept and the weights of class 0, then those
        of class 1, and so on.
    """
    design = add_intercept(x)
    classes = int(y.max()) + 1
    targets = (y[:, np.newaxis] == np.arange(classes)).astype(float)
    # The vectors of two classes are opposite: the square of their difference is twice the sum.
    penalty = 2 * l2 if classes == 2 else l2
    parameters = np.zeros((classes, design.shape[1]))
    for steps in range(max_steps + 1):
        p = special.softmax(design @ parameters.T, axis=1)
        gradient = (p - targets).T @ design / len(y) + penalty * penalised(parameters)
        if steps == max_steps or abs(gradient).max() <= TOLERANCE:
            break
        step = _newton_step(design, p, gradient, penalty)
        cost = _cost(parameters, design, targets, penalty)
        # A step may increase the cost by as much as rounding does.
        while _cost(parameters - step, design, targets, penalty) > cost + 1e-12:
            step /= 2
        parameters = parameters - step
    flat = parameters.ravel()
    return Fitted(flat, steps, has_converged(gradient, predict(flat, x), y, l2))


def predict(parameters: Array, x: Array) -> Array:
    """Return the predictions for parameters as `fit` returns them, and x, shape (n, d).

    Returns
    -------
    array, shape (n,) or (n, C)
        P(y = 1) if there are two classes, else the probabilities of the C classes.
    """
    vectors = parameters.reshape(-1, x.shape[1] + 1)
    p = special.softmax(add_intercept(x) @ vectors.T, axis=1)
    return np.asarray(p[:, 1] if len(vectors) == 2 else p)


def _cost(parameters: Array, design: Array, targets: Array, penalty: float) -> float:
    """Return the mean negative log-likelihood and the penalty, for parameters (C, d + 1)."""
    scores = design @ parameters.T
    likelihood = np.mean(special.logsumexp(scores, axis=1) - (scores * targets).sum(axis=1))
    return float(likelihood + penalty / 2 * (penalised(parameters) ** 2).sum())


def _newton_step(design: Array, p: Array, gradient: Array, penalty: float) -> Array:
    """Return the inverse Hessian times the gradient, both of shape (C, d + 1); p is (n, C)."""
    hessian = _hessian(design, p) + penalty * np.diag(penalised(np.ones_like(gradient)).ravel())
    # By least squares: the Hessian is singular along the redundant vector.
    step = np.linalg.lstsq(hessian, gradient.ravel(), rcond=1e-10)[0]
    return np.asarray(step.reshape(gradient.shape))


def _hessian(design: Array, p: Array) -> Array:
    """Return the Hessian without its penalty, shape (C (d + 1), C (d + 1))."""
    (n, width), classes = design.shape, p.shape[1]
    curvature = p[:, :, None] * (np.eye(classes) - p[:, None, :]) / n
    if classes == 2:
        hessian = np.einsum("nab,ni,nj->aibj", curvature, design, design)
    else:  # the same, with other rounding; the above takes minutes for ten classes
        hessian = np.empty((classes, width, classes, width))
        for a, b in itertools.product(range(classes), repeat=2):
            hessian[a, :, b] = design.T @ (curvature[:, a, b, None] * design)
    return np.asarray(hessian.reshape(classes * width, -1))
