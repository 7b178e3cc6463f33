"""Logistic regression without a penalty, by scikit-learn.

It is fitted by Newton's method from 0 to the maximum of the likelihood (Hastie, Tibshirani &
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
    has_converged,
)
from backprop.typing import Array, Integers


def fit(x: Array, y: Integers, max_steps: int = MAX_STEPS) -> Fitted:
    """Fit P(y = 1) = 1 / (1 + exp(-(intercept + x . weights))).

    Parameters
    ----------
    x : array, shape (n, d)
    y : array, shape (n,)
        The classes, 0 or 1, both present.
    max_steps : int
        The largest number of Newton steps, at least 1.

    Returns
    -------
    Fitted
        With parameters of shape (d + 1,): the intercept, then the weights.
    """
    model = LogisticRegression(
        C=np.inf, solver="newton-cholesky", tol=TOLERANCE, max_iter=max_steps
    )
    with warnings.catch_warnings():  # `Fitted.converged` takes the place of the warning
        warnings.simplefilter("ignore")
        model.fit(x, y)
    parameters = np.concatenate([model.intercept_, model.coef_[0]])
    probabilities = predict(parameters, x)
    gradient = add_intercept(x).T @ (probabilities - y) / len(y)
    return Fitted(parameters, int(model.n_iter_[0]), has_converged(gradient, probabilities, y))


def predict(parameters: Array, x: Array) -> Array:
    """Return P(y = 1), shape (n,), for parameters as `fit` returns them and x, shape (n, d)."""
    return np.asarray(expit(add_intercept(x) @ parameters))
