"""Many of the lecture's networks at once: back-propagation by hand, without autodiff.

Read `backprop.network.plain` first: the functions, the formulas and the symbols are the same. Here
many networks of one shape are trained together, as a *stack*: every array has the networks on its
last axis, of length F, and one NumPy call does one step of all of them. Each network's result is
bit-identical, regardless of the others in the stack. A stack needs two networks or more, because
NumPy sums an array whose last axis has length 1 in another order.

Layers are pairs of weights and thresholds, see `backprop.network.parameters`.
"""

from collections.abc import Sequence

import numpy as np

from backprop.network.functions import ACTIVATIONS, COSTS, sigmoid
from backprop.network.parameters import Layer
from backprop.typing import Array

# NumPy's einsum without its dispatch to other array libraries, which takes a fifth of the time of a
# call on arrays as small as these.
einsum = getattr(np.einsum, "__wrapped__", np.einsum)


def forward(
    layers: Sequence[Layer], x: Array, activation: str, sums: Sequence[Array] | None = None
) -> tuple[Sequence[Array], list[Array]]:
    """Return the sum that enters each node and the output that leaves it, for one sample.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs, F) and (outputs, F).
    x : array, shape (d, F)
        One sample for each network of the stack.
    activation : str
        sigma of the hidden layers, an entry of `backprop.network.functions.ACTIVATIONS`.
    sums : sequence of arrays, shapes (nodes, F), optional
        Arrays to write the sums to; by default new ones. To create new ones for each sample takes a
        tenth of the time of an epoch.

    Returns
    -------
    sums : sequence of arrays, shapes (nodes, F)
        a = alpha + gamma of each hidden layer, then z = beta + theta of the output layer.
    outputs : list of arrays, shapes (nodes, F)
        x, b of each hidden layer, then yhat, in [0, 1]: one more than `sums`.
    """
    sigma = ACTIVATIONS[activation].value
    if sums is None:
        sums = [np.empty_like(thresholds) for _, thresholds in layers]
    outputs = [x]
    for (weights, thresholds), a in zip(layers, sums, strict=True):
        einsum("if,ijf->jf", outputs[-1], weights, out=a)
        a += thresholds
        outputs.append(sigmoid(np, a) if len(outputs) == len(layers) else sigma(np, a))
    return sums, outputs


def errors(
    layers: Sequence[Layer],
    sums: Sequence[Array],
    outputs: Sequence[Array],
    y: Array,
    activation: str,
    cost: str,
) -> list[Array]:
    """Return the derivative of the cost with respect to the sums of every layer, last to first.

    Parameters
    ----------
    layers, sums, outputs, activation
        As `forward` takes and returns them.
    y : array, shape (l, F)
        The targets, 0 or 1.
    cost : str
        E, an entry of `backprop.network.functions.COSTS`.

    Returns
    -------
    list of arrays, shapes (nodes, F)
        error_h of each hidden layer, first to last, then error_j of the output layer.
    """
    sigma_prime = ACTIVATIONS[activation].derivative
    layer_errors = [COSTS[cost].error(outputs[-1], y)]
    for place in range(len(layers) - 1, 0, -1):
        error_h = einsum("jf,ijf->if", layer_errors[0], layers[place][0])
        error_h *= sigma_prime(sums[place - 1], outputs[place])
        layer_errors.insert(0, error_h)
    return layer_errors


def update(
    layers: Sequence[Layer], outputs: Sequence[Array], layer_errors: Sequence[Array], eta: Array
) -> None:
    """Take one step of gradient descent, in place: w -= eta error b, theta -= eta error.

    The gradient of a weight is the error of the node above it times the output of the node below
    it. The gradient of a threshold is the error of its node.

    Parameters
    ----------
    layers, outputs, layer_errors
        As `forward` and `errors` take and return them.
    eta : array, shape (F,)
        The learning rate of each network; 0 leaves a network as it is.
    """
    for place, (weights, thresholds) in enumerate(layers):
        step = eta * layer_errors[place]
        weights -= outputs[place][:, np.newaxis] * step
        thresholds -= step


def train_epoch(
    layers: Sequence[Layer], x: Array, y: Array, eta: Array, activation: str, cost: str
) -> Array:
    """Train a stack for one epoch: every sample once, in order, with an update after each.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs, F) and (outputs, F); changed in place.
    x : array, shape (n, d, F)
        The inputs.
    y : array, shape (n, l, F)
        The targets, 0 or 1.
    eta : array, shape (n, F)
        The learning rate for each sample; 0 for padding, and for networks whose training has ended.
    activation, cost : str
        As in `forward` and `errors`.

    Returns
    -------
    array, shape (n, l, F)
        z = beta + theta of each sample, before its update.
    """
    z = np.empty(y.shape)
    hidden_sums = [np.empty_like(thresholds) for _, thresholds in layers[:-1]]
    for k in range(len(x)):
        sums, outputs = forward(layers, x[k], activation, [*hidden_sums, z[k]])
        layer_errors = errors(layers, sums, outputs, y[k], activation, cost)
        update(layers, outputs, layer_errors, eta[k])
    return z


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Return z = beta + theta of every sample; the predicted probability is its sigmoid.

    Parameters
    ----------
    layers, activation
        As in `forward`.
    x : array, shape (n, d, F)

    Returns
    -------
    array, shape (n, l, F)
    """
    z = np.empty((len(x), *layers[-1][1].shape))
    hidden_sums = [np.empty_like(thresholds) for _, thresholds in layers[:-1]]
    for k in range(len(x)):
        forward(layers, x[k], activation, [*hidden_sums, z[k]])
    return z
