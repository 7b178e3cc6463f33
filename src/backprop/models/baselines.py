"""Train fits of the baselines: unpenalised regressions, fitted by Newton's method.

Each baseline is a module, such as `backprop.models.logistic`. This module has what they share.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.study.configurations import Candidate
from backprop.study.splits import Split
from backprop.study.trained import Trained
from backprop.typing import Array, Integers

log = logging.getLogger(__name__)

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
        Whether no entry of the gradient exceeds `TOLERANCE` and the classes are not separated. On
        separable data the gradient vanishes too, while the parameters grow without bound.
    """

    parameters: Array
    steps: int
    converged: bool


class Baseline(Protocol):
    """The interface of a baseline: its module has these functions."""

    def fit(self, x: Array, y: Integers) -> Fitted:
        """Fit the model to x, shape (n, d), and classes y, shape (n,), 0 or 1, both present."""

    def predict(self, parameters: Array, x: Array) -> Array:
        """Return P(y = 1), shape (n,), for x, shape (n, d), and `Fitted.parameters`."""


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
    trained = []
    for number, (_, split) in enumerate(fits):
        log.info("fit %d of %d", number + 1, len(fits), extra={"done": number / len(fits)})
        trained.append(_train_fit(baseline, split, dataset))
    return trained


def add_intercept(x: Array) -> Array:
    """Return x, shape (n, d), with a column of ones before it: shape (n, d + 1)."""
    return np.column_stack([np.ones(len(x)), x])


def has_converged(gradient: Array, probabilities: Array, y: Integers) -> bool:
    """Return whether a fit has converged, see `Fitted.converged`.

    Parameters
    ----------
    gradient : array of any shape
        The gradient of the mean negative log-likelihood with respect to the parameters.
    probabilities, y : arrays, shape (n,)
        P(y = 1) of the rows that were fitted, and their classes.
    """
    ordered = probabilities[y == 1].min() > probabilities[y == 0].max()
    # Probabilities this close to the classes come from parameters that grow without bound.
    separated = ordered and abs(probabilities - y).max() < 1e-6
    return bool(abs(gradient).max() <= TOLERANCE) and not separated


def _train_fit(baseline: Baseline, split: Split, dataset: Dataset) -> Trained:
    started = time.perf_counter()
    x = Encoder.of(dataset, split.train).apply(dataset.x)
    fitted = baseline.fit(x[split.train], dataset.y[split.train])
    seconds = time.perf_counter() - started
    return Trained(
        status="converged" if fitted.converged else "not_converged",
        epochs=fitted.steps,
        probabilities=baseline.predict(fitted.parameters, x[split.test]),
        curve_epochs=np.empty(0, dtype=np.int64),
        train_cost=np.empty(0),
        test_cost=np.empty(0),
        parameters=fitted.parameters,
        seconds=seconds,
    )
