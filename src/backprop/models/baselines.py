"""Train fits of the regressions, by Newton's method.

Each regression is a module, such as `backprop.models.logistic`. This module has what they share.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.errors import listed
from backprop.models.coordinates import Coordinates, row_space
from backprop.models.separation import MOST, NOTHING, Separation, find_separation
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.trained import Trained, train_in_turn
from backprop.typing import Array, Integers

TOLERANCE = 1e-9  # a fit has converged when no entry of the mean gradient is larger than this
MAX_STEPS = 100


@dataclass(frozen=True)
class Fitted:
    """A fitted regression.

    Attributes
    ----------
    parameters : array, shape (P,)
        Flat; their order is as in `fit` of the regression.
    steps : int
        The number of steps of Newton's method.
    converged : bool
        Whether no entry of the gradient exceeds `TOLERANCE`, and no rows are separated.
    separation : Separation
        What a boundary separates, so that no finite solution exists: the gradient vanishes while
        parameters grow without bound. They are those where the iteration stopped, and so are the
        predictions of the separated rows. The others are at their limit.
    """

    parameters: Array
    steps: int
    converged: bool
    separation: Separation = NOTHING

    @property
    def status(self) -> str:
        """``separated``, ``quasi_separated`` (few rows are), ``converged`` or ``not_converged``."""
        if self.separation.share:
            return "separated" if self.separation.share >= MOST else "quasi_separated"
        return "converged" if self.converged else "not_converged"


class Baseline(Protocol):
    """The interface of a regression: its module has these functions."""

    def fit(self, x: Array, y: Integers, *, l2: float = 0.0) -> Fitted:
        """Fit the model to x, shape (n, d), and classes y, shape (n,), from 0, each present.

        l2 / 2 times the squared weights, without intercepts, is added to the mean cost of a sample.
        """

    def predict(self, parameters: Array, x: Array) -> Array:
        """Return the predictions for x, shape (n, d), and `Fitted.parameters`.

        They are P(y = 1), shape (n,), if there are two classes, else of shape (n, C).
        """


def train_fits(
    baseline: Baseline, fits: Sequence[tuple[Configuration, Split]], dataset: Dataset
) -> Iterator[Trained]:
    """Fit a regression on every split.

    Parameters
    ----------
    baseline : module
        A `Baseline`, such as `backprop.models.logistic`.
    fits : sequence of (Configuration, Split)
    dataset : Dataset
        Each fit encodes it by the training rows of its split.

    Yields
    ------
    Trained
        In the order of `fits`, each as soon as it is trained; without learning curves. Fits on one
        split that follow each other share its inputs.
    """
    splits = {split.key: split for _, split in fits}
    inputs_of = lru_cache(maxsize=1)(lambda key: _Inputs(dataset, splits[key]))
    return train_in_turn(fits, lambda c, split: _train_fit(baseline, c, inputs_of(split.key)))


def add_intercept(x: Array) -> Array:
    """Return x, shape (n, d), with a column of ones before it: shape (n, d + 1)."""
    return np.column_stack([np.ones(len(x)), x])


def conclude(
    parameters: Array,
    steps: int,
    *,
    gradient: Array,
    probabilities: Array,
    y: Integers,
    coordinates: Coordinates | None,
) -> Fitted:
    """Return a fit, and whether it has converged or separates rows.

    Parameters
    ----------
    parameters, steps
        As in `Fitted`.
    gradient : array of any shape
        The gradient of the mean cost, with its penalty, at these parameters.
    probabilities : array, shape (n, C)
        Of each class, for the rows that were fitted.
    y : array, shape (n,)
        Their classes.
    coordinates : Coordinates, optional
        Of these rows: the gradient is by them. None with a penalty, which always has a solution.
    """
    largest = float(abs(gradient).max())
    separation = NOTHING
    if coordinates is not None:
        separation = _separation(coordinates, probabilities, y, largest)
    return Fitted(parameters, steps, largest <= TOLERANCE and not separation.share, separation)


def _separation(coordinates: Coordinates, p: Array, y: Integers, gradient: float) -> Separation:
    """Return what is separated; mostly the fit shows it without a programme."""
    n, classes = p.shape
    own = np.eye(classes, dtype=bool)[y]
    others = np.where(own, -np.inf, p).max(axis=1)
    if (p[own] > others).all():  # each row is on the side of its class
        return Separation(1.0)
    # Along a direction that separates, no row adds to the gradient with the opposite sign. So if
    # the gradient is small, a row with a margin of about 1 has a probability near 0 for a class
    # that is not its own.
    directions = coordinates.rows.shape[1]
    near = n * classes * np.sqrt(directions) * max(gradient, np.finfo(float).eps)
    return find_separation(coordinates, y) if p[~own].min() <= near else NOTHING


class _Inputs:
    """The encoded rows of a split, for all fits on it."""

    def __init__(self, dataset: Dataset, split: Split) -> None:
        self.split, self.y = split, dataset.y[split.train]
        self.encoder = Encoder.of(dataset, split.train)
        x = self.encoder.apply(dataset.x)
        self.train, self.test = x[split.train], x[split.test]

    @cached_property
    def row_space(self) -> tuple[Array, Array]:
        return row_space(self.train)

    def fit(self, baseline: Baseline, l2: float) -> Fitted:
        """Fit a regression; with a penalty and few rows, in the space that these span."""
        if not l2:
            return baseline.fit(self.train, self.y)  # it need not have such a parameter
        if self.train.shape[1] <= len(self.train):
            return baseline.fit(self.train, self.y, l2=l2)
        rows, back = self.row_space
        fitted = baseline.fit(rows, self.y, l2=l2)
        vectors = fitted.parameters.reshape(-1, back.shape[1])
        return replace(fitted, parameters=(vectors @ back.T).ravel())


def _train_fit(baseline: Baseline, settings: Configuration, inputs: _Inputs) -> Trained:
    fitted = inputs.fit(baseline, settings.values().get("l2", 0.0))
    undetermined = fitted.separation.inputs if fitted.status == "quasi_separated" else ()
    return Trained(
        status=fitted.status,
        epochs=fitted.steps,
        probabilities=baseline.predict(fitted.parameters, inputs.test),
        parameters=fitted.parameters if inputs.split.inner is None else np.empty(0),
        reason=listed([inputs.encoder.names[place] for place in undetermined]) or None,
    )
