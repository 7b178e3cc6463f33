"""Train fits of the baselines: regressions, fitted by Newton's method.

Each baseline is a module, such as `backprop.models.logistic`. This module has what they share.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.turns import train_in_turn
from backprop.study.configurations import Candidate
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.typing import Array, Integers

TOLERANCE = 1e-9  # a fit has converged when no entry of the mean gradient is larger than this
MAX_STEPS = 100


@dataclass(frozen=True)
class Fitted:
    """A fitted baseline.

    Attributes
    ----------
    parameters : array, shape (P,)
        Flat; their order is that of the baseline, see its `fit`.
    steps : int
        The number of steps of Newton's method.
    converged : bool
        Whether no entry of the gradient exceeds `TOLERANCE` and, without a penalty, no class is
        separated from the others. On separable data the gradient vanishes too, while the parameters
        grow without bound.
    """

    parameters: Array
    steps: int
    converged: bool


class Baseline(Protocol):
    """The interface of a baseline: its module has these functions."""

    def fit(self, x: Array, y: Integers, *, l2: float = 0.0) -> Fitted:
        """Fit the model to x, shape (n, d), and classes y, shape (n,), from 0, each present.

        l2 / 2 times the squared weights, without intercepts, is added to the mean cost of a sample.
        """

    def predict(self, parameters: Array, x: Array) -> Array:
        """Return the predictions for x, shape (n, d), and `Fitted.parameters`.

        They are P(y = 1), shape (n,), if there are two classes, else of shape (n, C).
        """


def train_fits(
    baseline: Baseline, fits: Sequence[tuple[Candidate, Split]], dataset: Dataset
) -> list[Trained]:
    """Fit a baseline on every split.

    Parameters
    ----------
    baseline : module
        A `Baseline`, such as `backprop.models.logistic`.
    fits : sequence of (Settings, Split)
    dataset : Dataset
        Each fit encodes it by the training rows of its split.

    Returns
    -------
    list of Trained
        In the order of `fits`; without learning curves.
    """
    return train_in_turn(fits, lambda c, split: _train_fit(baseline, c, split, dataset))


def add_intercept(x: Array) -> Array:
    """Return x, shape (n, d), with a column of ones before it: shape (n, d + 1)."""
    return np.column_stack([np.ones(len(x)), x])


def penalised(parameters: Array) -> Array:
    """Return parameters, shape (..., d + 1), with 0 in the place of intercepts: they are first."""
    weights = parameters.copy()
    weights[..., 0] = 0.0
    return weights


def has_converged(gradient: Array, probabilities: Array, y: Integers, l2: float) -> bool:
    """Return whether a fit has converged, see `Fitted.converged`.

    Parameters
    ----------
    gradient : array of any shape
        The gradient of the mean cost, with its penalty, with respect to the parameters.
    probabilities : array, shape (n,) or (n, C)
        P(y = 1), or the probability of each class, of the rows that were fitted.
    y : array, shape (n,)
        Their classes.
    l2 : float
        The penalty, with which parameters cannot grow without bound.
    """
    vanishes = bool(abs(gradient).max() <= TOLERANCE)
    if l2:
        return vanishes
    p = probabilities[:, np.newaxis] if probabilities.ndim == 1 else probabilities
    of_class = y[:, np.newaxis] == (np.arange(p.shape[1]) if p.shape[1] > 1 else 1)
    # Probabilities this close to the classes come from parameters that grow without bound. They are
    # in the order of the classes, as 1e-6 is below 0.5.
    separated = (abs(p - of_class).max(axis=0) < 1e-6).any()
    return vanishes and not separated


def _train_fit(baseline: Baseline, settings: Candidate, split: Split, dataset: Dataset) -> Trained:
    started = time.perf_counter()
    x = Encoder.of(dataset, split.train).apply(dataset.x)
    l2 = settings.values().get("l2", 0.0)
    penalty = {"l2": l2} if l2 else {}  # a baseline without a penalty has no such parameter
    fitted = baseline.fit(x[split.train], dataset.y[split.train], **penalty)
    seconds = time.perf_counter() - started
    return Trained(
        status="converged" if fitted.converged else "not_converged",
        epochs=fitted.steps,
        probabilities=baseline.predict(fitted.parameters, x[split.test]),
        parameters=fitted.parameters if split.inner is None else np.empty(0),
        seconds=seconds,
    )
