"""The lecture's feed-forward network, trained by back-propagation: written by hand, no autodiff.

Notation, for inputs x (d features), hidden nodes h = 1..q and outputs j = 1..l::

    alpha_h = sum_i v_ih x_i     b_h    = sigma(alpha_h + gamma_h)
    beta_j  = sum_h w_hj b_h     yhat_j = sigmoid(beta_j + theta_j)

Each layer is a pair of weights and thresholds, (v, gamma) for the hidden layer and (w, theta) for
the output layer; with more hidden layers there are more such pairs before the last.

Many networks of one shape are trained together, as a *stack*: every array has the networks on its
last axis, F, so that one NumPy call does a step of them all. Nothing passes from one network of a
stack to another: a network has the same bits alone and in any company. (A stack has two
networks at least: NumPy sums a contiguous array of one in another order.)
"""

from collections.abc import Sequence

import numpy as np

from backprop.network.functions import ACTIVATIONS, COSTS, Array, Layer, sigmoid

# Without NumPy's search for an operand that brings its own: a fifth of a call on arrays so small.
einsum = getattr(np.einsum, "__wrapped__", np.einsum)


def forward(layers: Sequence[Layer], x: Array, activation: str) -> tuple[list[Array], Array]:
    """Return what every layer puts out for one sample, the inputs first.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs, F) and (outputs, F).
    x : array, shape (d, F)
        One sample for each network of the stack.
    activation : str
        The hidden layers' entry in `backprop.network.functions.ACTIVATIONS`.

    Returns
    -------
    outputs : list of arrays, shapes (nodes, F)
        x, b of each hidden layer, yhat in (0, 1).
    z : array, shape (l, F)
        beta + theta, which the output layer's sigmoid was taken of.
    """
    sigma = ACTIVATIONS[activation].value
    outputs = [x]
    for weights, thresholds in layers:
        z = einsum("if,ijf->jf", outputs[-1], weights)
        z += thresholds
        outputs.append(sigmoid(np, z) if len(outputs) == len(layers) else sigma(np, z))
    return outputs, z


def errors(
    layers: Sequence[Layer], outputs: Sequence[Array], y: Array, activation: str, cost: str
) -> list[Array]:
    """Return dE/d(alpha + gamma) of every layer, propagated back from the output layer.

    Parameters
    ----------
    layers, outputs, activation
        As `forward` takes and returns them.
    y : array, shape (l, F)
        The targets, 0 or 1.
    cost : str
        An entry of `backprop.network.functions.COSTS`.

    Returns
    -------
    list of arrays, shapes (nodes, F)
        error_h of each hidden layer, first to last, then error_j of the output layer.
    """
    sigma_prime = ACTIVATIONS[activation].derivative
    error = [COSTS[cost].error(outputs[-1], y)]
    for place in range(len(layers) - 1, 0, -1):
        (weights, _), b = layers[place], outputs[place]
        error_h = einsum("jf,ijf->if", error[0], weights)
        error_h *= sigma_prime(b)
        error.insert(0, error_h)
    return error


def update(
    layers: Sequence[Layer], outputs: Sequence[Array], error: Sequence[Array], eta: Array
) -> None:
    """Take one step down the gradient, in place: w -= eta error b, theta -= eta error.

    Parameters
    ----------
    layers, outputs, error
        As `forward` and `errors` take and return them: the gradient of a weight is the error
        of the layer above times the output of the layer below, that of a threshold the error.
    eta : array, shape (F,)
        The learning rate of each network; one of 0 leaves its network as it is.
    """
    for place, (weights, thresholds) in enumerate(layers):
        step = eta * error[place]
        weights -= outputs[place][:, np.newaxis] * step
        thresholds -= step


def train_epoch(
    layers: Sequence[Layer],
    x: Array,
    y: Array,
    eta: Array,
    activation: str,
    cost: str,
) -> Array:
    """Show every sample once, in order, and update the network in place after each of them.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Changed in place.
    x : array, shape (n, d, F)
    y : array, shape (n, l, F)
    eta : array, shape (n, F)
        Learning rates; 0 for the samples that only pad a network's training set.
    activation, cost : str
        As in `forward` and `errors`.

    Returns
    -------
    array, shape (n, l, F)
        z = beta + theta as it was when the sample came, before its update.
    """
    z = np.empty(y.shape)
    for k in range(len(x)):
        outputs, z[k] = forward(layers, x[k], activation)
        error = errors(layers, outputs, y[k], activation, cost)
        update(layers, outputs, error, eta[k])
    return z


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Return z = beta + theta of every sample; yhat is its sigmoid.

    Parameters
    ----------
    layers, activation
        As in `forward`.
    x : array, shape (n, d, F)

    Returns
    -------
    array, shape (n, l, F)
    """
    return np.stack([forward(layers, sample, activation)[1] for sample in x])
