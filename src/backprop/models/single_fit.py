"""The training loop around one network, for an estimator.

It follows `backprop.network.training`, and has its numbers to the last bit, with more to choose:
rows have weights, training can go on where it ended, and another number than the cost can end it.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from backprop.network.functions import cost_of, probabilities
from backprop.network.optimisers import Method
from backprop.network.parameters import Layer
from backprop.network.single import Alone, OfStack, nodes_first, with_networks
from backprop.network.training import LearningCurves, StopCondition, divide_rates
from backprop.study.metrics import predicted_classes
from backprop.typing import Array

BLOCK_FLOATS = 2**16  # of rows that are copied at once: they fit in a cache
LOOK = 16  # rows that are predicted at once to see whether there is more than one class


Single = Alone | OfStack
"""A network for one fit."""


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


Watch = Callable[[int, float], float]
"""Gets an epoch and its cost after it; returns what has to fall for training to go on."""


def train(
    network: Single,
    layers: Sequence[Layer],
    rows: Rows,
    generator: np.random.Generator,
    rate: float,
    method: Method,
    stop: StopCondition,
    watch: Watch,
) -> list[float]:
    """Train one network until it has met the stop condition.

    Parameters
    ----------
    network : Single
    layers : sequence of (weights, thresholds)
        Where training starts; changed in place.
    rows : Rows
    generator : numpy.random.Generator
        It draws the order of the rows of each epoch.
    rate : float
        The learning rate.
    method : Method
    stop : StopCondition
        New, for one network; this call changes it.
    watch : callable
        Called after each epoch.

    Returns
    -------
    list of float
        The mean cost of a row in each epoch, just before its update.
    """
    costs: list[float] = []
    method = method._replace(batch_size=min(method.batch_size, len(rows.x)))
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is a status, not a warning
        while stop.active.any():
            row_costs = _train_epoch(network, layers, rows, generator, rate, method)
            total = len(rows.x) if rows.weights is None else rows.weights.sum()
            costs.append(float(row_costs.cumsum()[-1] / total))  # in order, as in a stack
            stop.update(len(costs), np.array([watch(len(costs), costs[-1])]))
    return costs


def _train_epoch(
    network: Single,
    layers: Sequence[Layer],
    rows: Rows,
    generator: np.random.Generator,
    rate: float,
    method: Method,
) -> Array:
    """Train for one epoch; return the cost of each row, in the order of training, times its weight.

    The rows are copied block by block, so that memory does not grow with the table.
    """
    order, batch_size = generator.permutation(len(rows.x)), method.batch_size
    most = BLOCK_FLOATS // (rows.x.shape[1] + rows.y.shape[1])
    block = max(1, most // batch_size) * batch_size
    row_costs = []
    for start in range(0, len(order), block):
        places = order[start : start + block]
        x, y = rows.x.take(places, axis=0), rows.y.take(places, axis=0)
        every_row = np.ones((len(places), 1), dtype=bool)
        eta = divide_rates(np.array([rate]), every_row, batch_size)[:, 0]
        weights = 1.0 if rows.weights is None else rows.weights[places]
        z = network.train_epoch(layers, x, y, (eta * weights).astype(x.dtype), method)
        row_costs.append(_costs(method.cost, z, y) * weights)
    return np.concatenate(row_costs)


def _costs(cost: str, z: Array, y: Array) -> Array:
    """Return the cost of each row, shape (n,), in float64."""
    nodes = [nodes_first(array.astype(np.float64, copy=False)) for array in (z, y)]
    return cost_of(cost, z.shape[1]).value(np, *nodes).sum(axis=0)[: len(z)]


def status_of(
    network: Single,
    layers: Sequence[Layer],
    x: Array,
    method: Method,
    costs: Sequence[float],
    stop: StopCondition,
) -> str:
    """Return how training ended, as `backprop.network.training.Result` has it.

    It takes the arguments of `train`, after it, and what it returned.
    """
    # A larger parameter does not change when 1 is added, see `backprop.network.training.LARGEST`.
    largest = 1 / np.finfo(layers[0][0].dtype).eps
    points = LearningCurves(1, stop.epochs).epochs
    finite = np.isfinite([costs[epoch - 1] for epoch in points[points <= len(costs)]]).all()
    bounded = all((abs(parameters) <= largest).all() for layer in layers for parameters in layer)
    if not (finite and bounded):
        return "diverged"
    with np.errstate(over="ignore"):
        if _predicts_one_class(network, layers, x, method):
            return "unlearned"
    return "no_progress" if len(costs) < stop.epochs else "epochs"


def class_probabilities(z: Array, cost: str) -> Array:
    """Return the probability of each class, shape (n, C), from z, shape (n, l)."""
    p = probabilities(with_networks(z), cost)[..., 0]
    return np.concatenate([1.0 - p, p], axis=1) if p.shape[1] == 1 else p


def _predicts_one_class(network: Single, layers: Sequence[Layer], x: Array, method: Method) -> bool:
    """Return whether the predicted class of all rows is the same. It often shows in a few rows."""
    classes: set[int] = set()
    parts = -(-len(x) // LOOK)
    for part in range(parts):
        z = network.predict(layers, x[part::parts], method.activation)
        p = class_probabilities(z, method.cost)
        classes.update(predicted_classes(p).tolist())
        if len(classes) > 1:
            return False
    return True
