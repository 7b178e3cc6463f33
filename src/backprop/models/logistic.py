"""Logistic regression by scikit-learn; with more than two classes, each against all others.

It is fitted by Newton's method from 0 to the minimum of the mean negative log-likelihood plus
l2 / 2 times the squared length of the weights, without the intercept (Hastie, Tibshirani &
Friedman, *The Elements of Statistical Learning*, 2nd edition, section 4.4.1).
"""

import warnings

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from backprop.models.baselines import (
    MAX_STEPS,
    TOLERANCE,
    Fitted,
    add_intercept,
    conclude,
)
from backprop.models.coordinates import Coordinates
from backprop.models.separation import Separation
from backprop.typing import Array, Integers


def fit(x: Array, y: Integers, max_steps: int = MAX_STEPS, *, l2: float = 0.0) -> Fitted:
    """Fit P(y = c) = 1 / (1 + exp(-(intercept_c + x . weights_c))).

    Parameters
    ----------
    x : array, shape (n, d)
    y : array, shape (n,)
        The classes, from 0, each present.
    max_steps : int
        The largest number of Newton steps, at least 1.
    l2 : float, default=0
        The penalty of the weights.

    Returns
    -------
    Fitted
        With parameters of shape (d + 1,): the intercept, then the weights. With more than two
        classes, these of each class, one after the other; the slowest fit decides the number of
        steps.
    """
    classes = int(y.max()) + 1
    if classes == 2:
        return _fit_one(x, y, max_steps, l2)
    fits = [_fit_one(x, (y == c).astype(np.int64), max_steps, l2) for c in range(classes)]
    return Fitted(
        np.concatenate([each.parameters for each in fits]),
        max(each.steps for each in fits),
        all(each.converged for each in fits),
        Separation(
            max(each.separation.share for each in fits),
            tuple(sorted({place for each in fits for place in each.separation.inputs})),
        ),
    )


def predict(parameters: Array, x: Array) -> Array:
    """Return the predictions for parameters as `fit` returns them, and x, shape (n, d).

    Returns
    -------
    array, shape (n,) or (n, C)
        P(y = 1) if there are two classes, else the probabilities of the C classes: those for each
        class against all others, divided by their sum.
    """
    vectors = parameters.reshape(-1, x.shape[1] + 1)
    if len(vectors) == 1:
        return np.asarray(expit(add_intercept(x) @ parameters))
    p = np.maximum(expit(add_intercept(x) @ vectors.T), np.finfo(float).tiny)
    return np.asarray(p / p.sum(axis=1, keepdims=True))


def _fit_one(x: Array, y: Integers, max_steps: int, l2: float) -> Fitted:
    """Fit class 1 against class 0; without a penalty in coordinates that are well-conditioned."""
    coordinates = None if l2 else Coordinates.of(x)
    design = add_intercept(x) if coordinates is None else coordinates.design
    model = LogisticRegression(
        C=1 / (len(y) * l2) if l2 else np.inf,  # scikit-learn adds the costs of the samples
        solver="newton-cholesky",
        tol=TOLERANCE,
        max_iter=max_steps,
        fit_intercept=bool(l2),
    )
    with warnings.catch_warnings():  # `Fitted.converged` takes the place of the warning
        warnings.simplefilter("ignore")
        model.fit(x if coordinates is None else design, y)
    if coordinates is None:
        parameters = np.concatenate([model.intercept_, model.coef_[0]])
    else:
        parameters = coordinates.back @ model.coef_[0]
    p = predict(parameters, x)  # by the parameters that are kept, so that their rounding counts
    gradient = design.T @ (p - y) / len(y)
    if l2:
        gradient[1:] += l2 * parameters[1:]
    return conclude(
        parameters,
        int(model.n_iter_[0]),
        gradient=gradient,
        probabilities=np.column_stack([1 - p, p]),
        y=y,
        coordinates=coordinates,
    )
