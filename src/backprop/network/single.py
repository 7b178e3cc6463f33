"""One of the lecture's networks, alone: a stack without its axis.

A fit of an estimator is alone. Here it takes half of the time that a stack of two would take, which
is the smallest one. It has the numbers of a stack, to the last bit: `backprop.network.stacked` adds
up every sum in the same order.

Layers are pairs of weights, shape (inputs, outputs), and thresholds, shape (outputs,).
"""

from collections.abc import Sequence

import numpy as np

from backprop.network import stacked
from backprop.network.optimisers import Method
from backprop.network.parameters import Layer, map_layers
from backprop.typing import Array


def train_epoch(layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method) -> Array:
    """Train for one epoch, in place; see `backprop.network.stacked.train_epoch`.

    Parameters
    ----------
    layers, x, y, eta, method
        As there, without the axis of the networks.

    Returns
    -------
    array, shape (n, l)
        z = beta + theta of each sample, before its update.
    """
    l2 = np.array([method.l2]) if method.l2 else None
    own = method._replace(l2=l2, memory=method.memory and method.memory.mapped(_as_stack))
    x, y, eta = map(_as_stack, (x, y, eta))
    return stacked.train_epoch(_layers(layers), x, y, eta, own)[..., 0]


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Return z = beta + theta of every sample, shape (n, l), for inputs x, shape (n, d)."""
    arguments = _layers(layers), _as_stack(x), activation
    return stacked.predict(*arguments, stacked.sums_alone)[..., 0]


def _layers(layers: Sequence[Layer]) -> list[Layer]:
    return map_layers(_as_stack, layers)


def _as_stack(array: Array) -> Array:
    """Return the same array with the axis of the networks."""
    return array[..., np.newaxis]
