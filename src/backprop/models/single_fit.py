"""The training loop around one network, for an estimator.

It follows `backprop.network.training`, and has its numbers to the last bit, with more to choose:
rows have weights, training can go on where it ended, and another number than the cost can end it.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from backprop.network.functions import cost_of, probabilities
from backprop.network.optimisers import Method
from backprop.network.parameters import Layer
from backprop.network.single import predict, train_epoch
from backprop.network.stacked import pair
from backprop.network.training import LARGEST, LearningCurves, StopCondition, divide_rates
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Integers

BLOCK_FLOATS = 2**16  # of rows that are copied at once: they fit in a cache


class Rows(NamedTuple):
    """The rows to train on.

    Attributes
    ----------
    x, y : arrays, shapes (n, d) and (n, l)
        The inputs, and the targets, 0 or 1.
    weights : array, shape (n,), optional
        How many times its step each row takes, above 0; by default 1.
    """

    x: Array
    y: Array
    weights: Array | None = None

    def take(self, rows: Integers) -> "Rows":
        """Return some of the rows."""
        return Rows(*(None if each is None else each[rows] for each in self))  # type: ignore[arg-type]

    def classes(self) -> Integers:
        """Return the class of each row, from 0."""
        return self.y.argmax(axis=1) if self.y.shape[1] > 1 else self.y[:, 0].astype(int)


Watch = Callable[[int, float], float]
"""Gets an epoch and its cost after it; returns what has to fall for training to go on."""


class Run(NamedTuple):
    """One network in training.

    Attributes
    ----------
    layers : sequence of (weights, thresholds)
        Where training starts; changed in place.
    rows : Rows
    method : Method
        With a batch that is not larger than the rows.
    stop : StopCondition
        New, for one network; training changes it.
    """

    layers: Sequence[Layer]
    rows: Rows
    method: Method
    stop: StopCondition

    def train(self, generator: np.random.Generator, rate: float, watch: Watch) -> list[float]:
        """Train the network until it has met the stop condition.

        Parameters
        ----------
        generator : numpy.random.Generator
            It draws the order of the rows of each epoch.
        rate : float
            The learning rate.
        watch : callable
            Called after each epoch.

        Returns
        -------
        list of float
            The mean cost of a row in each epoch, just before its update.
        """
        costs: list[float] = []
        x, _, weights = self.rows
        with np.errstate(over="ignore", invalid="ignore"):  # divergence is a status, not a warning
            while self.stop.active.any():
                row_costs = self._train_epoch(generator, rate)
                total = len(x) if weights is None else weights.sum()
                costs.append(float(row_costs.cumsum()[-1] / total))  # in order, as in a stack
                self.stop.update(len(costs), np.array([watch(len(costs), costs[-1])]))
        return costs

    def _train_epoch(self, generator: np.random.Generator, rate: float) -> Array:
        """Train for an epoch; return the cost of each row, in order of training, times its weight.

        The rows are copied block by block, so that memory does not grow with the table.
        """
        rows, batch_size = self.rows, self.method.batch_size
        order = generator.permutation(len(rows.x))
        most = BLOCK_FLOATS // (rows.x.shape[1] + rows.y.shape[1])
        block = max(1, most // batch_size) * batch_size
        row_costs = []
        for start in range(0, len(order), block):
            places = order[start : start + block]
            x, y = rows.x.take(places, axis=0), rows.y.take(places, axis=0)
            every_row = np.ones((len(places), 1), dtype=bool)
            eta = divide_rates(np.array([rate]), every_row, batch_size)[:, 0]
            weights = 1.0 if rows.weights is None else rows.weights[places]
            z = train_epoch(self.layers, x, y, eta * weights, self.method)
            row_costs.append(_costs(self.method.cost, z, y) * weights)
        return np.concatenate(row_costs)

    def status(self, costs: Sequence[float]) -> str:
        """Return how training ended, by the costs that `train` returned.

        It is as `backprop.network.training.Result` has it.
        """
        points = LearningCurves(1, self.stop.epochs).epochs
        finite = np.isfinite([costs[epoch - 1] for epoch in points[points <= len(costs)]]).all()
        if not (finite and all((abs(array) <= LARGEST).all() for array in chain(*self.layers))):
            return "diverged"
        with np.errstate(over="ignore"):
            z = predict(self.layers, self.rows.x, self.method.activation)
            predicted = predicted_classes(class_probabilities(z, self.method.cost))
        if np.ptp(predicted) == 0:
            return "unlearned"
        return "no_progress" if len(costs) < self.stop.epochs else "epochs"


def _costs(cost: str, z: Array, y: Array) -> Array:
    """Return the cost of each row, shape (n,)."""
    z, y = pair(z[..., np.newaxis]), pair(y[..., np.newaxis])
    return cost_of(cost, z.shape[1]).value(np, z, y).sum(axis=1)[:, 0]


def class_probabilities(z: Array, cost: str) -> Array:
    """Return the probability of each class, shape (n, C), from z, shape (n, l)."""
    p = probabilities(pair(z[..., np.newaxis]), cost)[..., 0]
    return np.concatenate([1.0 - p, p], axis=1) if p.shape[1] == 1 else p
