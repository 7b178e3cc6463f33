"""Softmax regression, with one weight vector for each class.

It is fitted here, by Newton's method with step halving from 0 to the minimum of the mean negative
log-likelihood plus a penalty (Bishop, *Pattern Recognition and Machine Learning*, section 4.3.4).
scikit-learn fits two classes as a logistic regression, so that both models would agree by
construction. Here they agree as a result.
"""

import itertools

import numpy as np
from scipy import linalg, special

from backprop.models.baselines import MAX_STEPS, TOLERANCE, Fitted, add_intercept, conclude
from backprop.models.coordinates import Coordinates
from backprop.typing import Array, Integers


def fit(x: Array, y: Integers, max_steps: int = MAX_STEPS, *, l2: float = 0.0) -> Fitted:
    """Fit P(y = c) proportional to exp(intercept_c + x . weights_c), for all classes c.

    One of the vectors is redundant: adding the same vector to all changes no probability. From 0,
    Newton's method stays with the solution whose vectors sum to 0.

    The penalty is l2 / 2 times the squared length of the weights of all classes. Of two classes, it
    is for their difference, as in logistic regression and in a network with one output.

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
    coordinates = None if l2 else Coordinates.of(x)
    design = add_intercept(x) if coordinates is None else coordinates.design
    # The vectors of two classes are opposite: the square of their difference is twice the sum.
    weight = 2 * l2 if y.max() == 1 else l2
    penalty = np.where(np.arange(design.shape[1]) == 0, 0.0, weight)  # not of the intercept
    vectors, steps = _newton(design, y, penalty, max_steps)
    if coordinates is not None:
        vectors = vectors @ coordinates.back.T
    p = _probabilities(add_intercept(x), vectors)  # by the parameters that are kept
    gradient = (p - np.eye(len(vectors))[y]).T @ design / len(y)
    if coordinates is None:
        gradient += penalty * vectors
    return conclude(
        vectors.ravel(), steps, gradient=gradient, probabilities=p, y=y, coordinates=coordinates
    )


def predict(parameters: Array, x: Array) -> Array:
    """Return the predictions for parameters as `fit` returns them, and x, shape (n, d).

    Returns
    -------
    array, shape (n,) or (n, C)
        P(y = 1) if there are two classes, else the probabilities of the C classes.
    """
    vectors = parameters.reshape(-1, x.shape[1] + 1)
    p = _probabilities(add_intercept(x), vectors)
    return p[:, 1] if len(vectors) == 2 else p


def _probabilities(design: Array, vectors: Array) -> Array:
    """Return the probabilities, shape (n, C), for vectors of shape (C, columns of the design)."""
    return np.asarray(special.softmax(design @ vectors.T, axis=1))


def _newton(design: Array, y: Integers, penalty: Array, max_steps: int) -> tuple[Array, int]:
    """Return the vectors of the C classes, shape (C, r), and the number of steps.

    The steps are among vectors that sum to 0: in orthogonal contrasts, of which there are C - 1.
    """
    classes = int(y.max()) + 1
    contrasts = linalg.helmert(classes).T
    targets, rows = np.eye(classes)[y], np.arange(len(y))

    def cost(theta: Array) -> float:
        scores = design @ (contrasts @ theta).T
        likelihood = np.mean(special.logsumexp(scores, axis=1) - scores[rows, y])
        return float(likelihood + (penalty * theta**2).sum() / 2)

    theta = np.zeros((classes - 1, design.shape[1]))
    for steps in range(max_steps + 1):
        p = _probabilities(design, contrasts @ theta)
        gradient = ((p - targets) @ contrasts).T @ design / len(y) + penalty * theta
        if steps == max_steps or abs(gradient).max() <= TOLERANCE:
            break
        step = _solve(_hessian(design, p, contrasts, penalty), gradient.ravel())
        step = step.reshape(theta.shape)
        now = cost(theta)
        # A step may increase the cost by as much as rounding does.
        while cost(theta - step) > now + 1e-12:
            step /= 2
        theta = theta - step
    return contrasts @ theta, steps


def _solve(hessian: Array, gradient: Array) -> Array:
    """Return the inverse Hessian times the gradient."""
    try:
        return np.asarray(linalg.cho_solve(linalg.cho_factor(hessian), gradient))
    except linalg.LinAlgError:  # one far row outweighs all others, or has a probability of 0 or 1
        return np.asarray(linalg.lstsq(hessian, gradient)[0])


def _hessian(design: Array, p: Array, contrasts: Array, penalty: Array) -> Array:
    """Return the Hessian by the contrasts, shape ((C - 1) r, (C - 1) r)."""
    (n, width), count = design.shape, contrasts.shape[1]
    mean = p @ contrasts
    hessian = np.empty((count, width, count, width))
    for a, b in itertools.combinations_with_replacement(range(count), 2):
        curvature = p @ (contrasts[:, a] * contrasts[:, b]) - mean[:, a] * mean[:, b]
        hessian[a, :, b] = hessian[b, :, a] = design.T @ (curvature[:, np.newaxis] * design) / n
    return hessian.reshape(count * width, -1) + np.diag(np.tile(penalty, count))
