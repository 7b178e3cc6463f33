"""The baselines: unpenalised logistic regression and softmax regression.

Both are fitted by Newton's method from 0 to the maximum of the likelihood. Logistic regression is
scikit-learn's. scikit-learn fits two classes as logistic regression whatever it is asked, so the
softmax model, with one weight vector for *each* class, is fitted here: that the two agree is then a
result.
"""

import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, softmax
from sklearn.linear_model import LogisticRegression

from backprop.data import dataset as data
from backprop.data.dataset import standardise
from backprop.network.functions import Array
from backprop.study import fits, splits
from backprop.study.fits import Trained
from backprop.study.splits import Split

TOLERANCE = 1e-9  # a fit has converged when no entry of the mean gradient is larger
MAX_STEPS = 100


class Fitted(NamedTuple):
    """A fitted baseline.

    Attributes
    ----------
    parameters : array
        Logistic: (d + 1,), the intercept first. Softmax: (2, d + 1), a row for each class.
    steps : int
        Steps of Newton's method.
    converged : bool
        Whether the gradient came within `TOLERANCE`. It comes there on separable data too, with
        parameters that grow without bound: a fit that separates its classes has not converged.
    """

    parameters: Array
    steps: int
    converged: bool


def fit_logistic(x: Array, y: NDArray[np.int64], max_steps: int = MAX_STEPS) -> Fitted:
    """Fit P(y = 1) = 1 / (1 + exp(-(intercept + x . weights))), without a penalty.

    Parameters
    ----------
    x : array, shape (n, d)
    y : array, shape (n,)
        0 or 1, both present.
    max_steps : int
        How many Newton steps to take at most, at least 1.
    """
    model = LogisticRegression(
        C=np.inf, solver="newton-cholesky", tol=TOLERANCE, max_iter=max_steps
    )
    with warnings.catch_warnings():  # whether it converged is a result, not a warning
        warnings.simplefilter("ignore")
        model.fit(x, y)
    parameters = np.concatenate([model.intercept_, model.coef_[0]])
    answers = predict_logistic(parameters, x)
    gradient = _design(x).T @ (answers - y) / len(y)
    return Fitted(parameters, int(model.n_iter_[0]), _converged(gradient, answers, y))


def predict_logistic(parameters: Array, x: Array) -> Array:
    """Return P(y = 1), shape (n,), for x of shape (n, d)."""
    return np.asarray(expit(_design(x) @ parameters))


def fit_softmax(x: Array, y: NDArray[np.int64], max_steps: int = MAX_STEPS) -> Fitted:
    """Fit P(y = c) proportional to exp(intercept_c + x . weights_c), for both classes c.

    The model has one vector more than it needs: adding the same to both changes nothing. From 0,
    Newton's method stays with the solution whose vectors sum to 0.

    Parameters
    ----------
    x, y, max_steps
        As in `fit_logistic`.
    """
    design = _design(x)
    targets = np.stack([y == 0, y == 1], axis=1).astype(float)
    n, width = design.shape

    def cost(parameters: Array) -> float:
        z = design @ parameters.T
        return float(np.mean(logsumexp(z, axis=1) - (z * targets).sum(axis=1)))

    parameters = np.zeros((2, width))
    for steps in range(max_steps + 1):
        p = softmax(design @ parameters.T, axis=1)
        gradient = (p - targets).T @ design / n
        if steps == max_steps or abs(gradient).max() <= TOLERANCE:
            break
        curvature = p[:, :, None] * (np.eye(2) - p[:, None, :]) / n
        hessian = np.einsum("nab,ni,nj->aibj", curvature, design, design).reshape(2 * width, -1)
        # The least-squares solution: the Hessian is singular along the superfluous vector.
        step = np.linalg.lstsq(hessian, gradient.ravel(), rcond=1e-10)[0].reshape(2, width)
        while cost(parameters - step) > cost(parameters) + 1e-12:
            step /= 2
        parameters = parameters - step
    answers = predict_softmax(parameters, x)
    return Fitted(parameters, steps, _converged(gradient, answers, y))


def predict_softmax(parameters: Array, x: Array) -> Array:
    """Return P(y = 1), shape (n,), for x of shape (n, d)."""
    return np.asarray(softmax(_design(x) @ parameters.T, axis=1)[:, 1])


class Baseline(NamedTuple):
    """How a baseline is fitted, and how it predicts P(y = 1)."""

    fit: Callable[[Array, NDArray[np.int64]], Fitted]
    predict: Callable[[Array, Array], Array]


BASELINES: dict[str, Baseline] = {
    "logistic": Baseline(fit_logistic, predict_logistic),
    "softmax": Baseline(fit_softmax, predict_softmax),
}


def _design(x: Array) -> Array:
    return np.column_stack([np.ones(len(x)), x])


def _converged(gradient: Array, answers: Array, y: NDArray[np.int64]) -> bool:
    separated = answers[y == 1].min() > answers[y == 0].max() and abs(answers - y).max() < 1e-6
    return bool(abs(gradient).max() <= TOLERANCE) and not separated


def train(model: str, splits: Sequence[Split], x: Array, y: NDArray[np.int64]) -> list[Trained]:
    """Fit a baseline on every split.

    Parameters
    ----------
    model : str
        An entry of `BASELINES`.
    splits : sequence of Split
    x, y : arrays, shapes (n, d) and (n,)
        The whole data set; each fit sees it standardised by the training rows of its split.
    """
    baseline = BASELINES[model]
    nothing = np.empty(0)
    trained = []
    for split in splits:
        started = time.perf_counter()
        z = standardise(x, split.train)
        fitted = baseline.fit(z[split.train], y[split.train])
        seconds = time.perf_counter() - started
        trained.append(
            Trained(
                "converged" if fitted.converged else "not_converged",
                fitted.steps,
                baseline.predict(fitted.parameters, z[split.test]),
                nothing.astype(np.int64),
                nothing,
                nothing,
                fitted.parameters.ravel(),
                seconds,
            )
        )
    return trained


def update_fits(path: Path, model: str, *, data_file: Path, folds_file: Path, basis: str) -> None:
    """Bring a file of fits to hold a baseline on every split.

    Parameters
    ----------
    path, model, basis
        As in `backprop.study.fits.update`.
    data_file, folds_file : Path
        The data set and its folds.
    """
    dataset = data.read(data_file)
    fits.update(
        path,
        model,
        [None],
        splits.splits_of(splits.read(folds_file)),
        basis,
        lambda missing: train(model, [split for _, split in missing], dataset.x, dataset.y),
    )
