"""Many of the lecture's networks at once: back-propagation by hand, without autodiff.

Read `backprop.network.plain` first: the functions, the formulas and the symbols are the same. Here
many networks of one shape are trained together, as a *stack*: every array has the networks on its
last axis, of length F, and one NumPy call does one step of all of them. Each network's result is
bit-identical, regardless of the others in the stack. NumPy sums an array whose last axis has length
1 in another order, so `train_epoch` sums for a network alone in other ways.

The arrays of one sample have the shape (nodes, F), the arrays of a batch of m samples (m, nodes,
F). Layers are pairs of weights and thresholds, see `backprop.network.parameters`.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from backprop.network.functions import ACTIVATIONS, OUTPUTS, cost_of
from backprop.network.optimisers import Memory, Method
from backprop.network.parameters import Layer, assign_layers, map_layers
from backprop.typing import Array

# NumPy's einsum without its dispatch to other array libraries, which takes a fifth of the time of a
# call on arrays as small as these.
einsum = getattr(np.einsum, "__wrapped__", np.einsum)

PREDICTED = 2**15  # floats of a layer that `predict` computes at once
SMALL = 10**6  # multiplications of a product that OpenBLAS may round otherwise if transposed
WIDE = 50  # nodes of a layer with which `predict` is faster for one network after the other


def weighted_sums(below: Array, weights: Array, out: Array | None = None) -> Array:
    """Return sum_i below_i weights_ij of each network, for a sample or a batch."""
    return np.asarray(einsum("...if,ijf->...jf", below, weights, out=out))


def sums_alone(below: Array, weights: Array, out: Array | None = None) -> Array:
    """Return the same of a network alone, added up in the order of i as in a larger stack."""
    nodes = weights.shape[1]
    own = weights if nodes > 1 else weights.repeat(2, axis=1)  # a single column has another order
    sums = einsum("...i,ij->...j", below[..., 0], np.ascontiguousarray(own[..., 0]))
    sums = sums[..., :nodes, np.newaxis]
    if out is None:
        return np.asarray(sums)
    out[...] = sums
    return out


def sum_of_samples(array: Array) -> Array:
    """Return the sum over the first axis, added up in its order."""
    # NumPy adds up neighbours in memory in another order.
    in_order = array[0].size > 1 and array.strides[0] > array.itemsize
    return array.sum(axis=0) if in_order else array.cumsum(axis=0)[-1]


def pair(array: Array) -> Array:
    """Return a network alone twice: so functions of several outputs add these up in order."""
    return array.repeat(2, axis=-1)


def matrix_product(one: Array, other: Array, out: Array | None = None) -> Array:
    """Return the matrix product of each network, of arrays of shapes (a, b, F) and (b, c, F).

    For batches this takes a fifth of the time of `weighted_sums`, or less.
    """
    # In the same order of memory for any F: which algorithm NumPy takes depends on it.
    first, second = one.transpose(2, 0, 1), np.ascontiguousarray(other.transpose(2, 0, 1))
    sizes, size = (*first.shape[1:], second.shape[2]), first.itemsize
    is_ready = first.strides[1:] == (size * sizes[1], size)
    if not is_ready and (first.strides[1] != size or min(sizes) == 1 or math.prod(sizes) <= SMALL):
        first = np.ascontiguousarray(first)
    product = np.matmul(first, second, out=None if out is None else out.transpose(2, 0, 1))
    return product.transpose(1, 2, 0)


def forward(
    layers: Sequence[Layer],
    x: Array,
    activation: str,
    sums: Sequence[Array] | None = None,
    output: str = "sigmoid",
    multiply: Callable[[Array, Array, Array], Array] = weighted_sums,
) -> tuple[Sequence[Array], list[Array]]:
    """Return the sum that enters each node and the output that leaves it, for a sample or a batch.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs, F) and (outputs, F).
    x : array, shape (d, F) or (m, d, F)
        One sample, or a batch of m samples, for each network of the stack.
    activation : str
        sigma of the hidden layers, an entry of `backprop.network.functions.ACTIVATIONS`.
    sums : sequence of arrays, shapes (nodes, F) or (m, nodes, F), optional
        Arrays to write the sums to; by default new ones. To create new ones for each sample takes a
        tenth of the time of an epoch.
    output : str, default="sigmoid"
        The function of the output layer, an entry of `backprop.network.functions.OUTPUTS`.
    multiply : callable, default=weighted_sums
        How to multiply by weights. The last digits of a `matrix_product` depend on m.

    Returns
    -------
    sums : sequence of arrays, shapes (nodes, F) or (m, nodes, F)
        a = alpha + gamma of each hidden layer, then z = beta + theta of the output layer.
    outputs : list of arrays, of the same shapes
        x, b of each hidden layer, then yhat, in [0, 1]: one more than `sums`.
    """
    sigma = ACTIVATIONS[activation].value
    if sums is None:
        sums = new_sums(layers, x)
    outputs = [x]
    for (weights, thresholds), a in zip(layers, sums, strict=True):
        multiply(outputs[-1], weights, a)
        a += thresholds
        if len(outputs) < len(layers):
            outputs.append(sigma(np, a))
        elif a.shape[-1] == 1 < a.shape[-2]:
            outputs.append(OUTPUTS[output].value(np, pair(a))[..., :1])
        else:
            outputs.append(OUTPUTS[output].value(np, a))
    return sums, outputs


def new_sums(layers: Sequence[Layer], x: Array) -> list[Array]:
    """Return an uninitialised array for the sums of each layer; see `forward`."""
    samples = x.shape[:-2]  # () or (m,)
    # In the order of memory of an array with as many axes.
    return [np.empty_like(w if samples else t, shape=(*samples, *t.shape)) for w, t in layers]


def errors(
    layers: Sequence[Layer],
    sums: Sequence[Array],
    outputs: Sequence[Array],
    y: Array,
    activation: str,
    cost: str,
    multiply: Callable[[Array, Array], Array] = weighted_sums,
) -> list[Array]:
    """Return the derivative of the cost with respect to the sums of every layer, last to first.

    Parameters
    ----------
    layers, sums, outputs, activation, multiply
        As `forward` takes and returns them.
    y : array, shape (l, F) or (m, l, F)
        The targets, 0 or 1. With a softmax one of the l targets is 1.
    cost : str
        E, an entry of `backprop.network.functions.COSTS`.

    Returns
    -------
    list of arrays, shapes (nodes, F) or (m, nodes, F)
        error_h of each hidden layer, first to last, then error_j of the output layer.
    """
    sigma_prime = ACTIVATIONS[activation].derivative
    layer_errors = [cost_of(cost, y.shape[-2]).error(outputs[-1], y)]
    for place in range(len(layers) - 1, 0, -1):
        error_h = multiply(layer_errors[0], layers[place][0].swapaxes(0, 1))
        error_h *= sigma_prime(sums[place - 1], outputs[place])
        layer_errors.insert(0, error_h)
    return layer_errors


def update(
    layers: Sequence[Layer],
    outputs: Sequence[Array],
    layer_errors: Sequence[Array],
    eta: Array,
    l2: Array | None = None,
) -> None:
    """Take one step of gradient descent, in place: w -= eta error b, theta -= eta error.

    The gradient of a weight is the error of the node above it times the output of the node below
    it. The gradient of a threshold is the error of its node. Weight decay adds l2 w to the gradient
    of a weight.

    Parameters
    ----------
    layers, outputs, layer_errors
        As `forward` and `errors` take and return them.
    eta : array, shape (F,) or (m, F)
        The learning rate of each network; 0 leaves a network as it is. For a batch, a share of it
        for each sample: the step is the sum over the samples.
    l2 : array, shape (F,), optional
        The weight decay of each network; by default 0.
    """
    if l2 is not None:
        remaining = 1.0 - l2 * (sum_of_samples(eta) if eta.ndim == 2 else eta)
        for weights, _ in layers:
            weights *= remaining  # w -= eta l2 w
    rates = eta[..., np.newaxis, :]
    for place, (weights, thresholds) in enumerate(layers):
        step = layer_errors[place]
        step *= rates
        if eta.ndim == 1:
            weights -= outputs[place][:, np.newaxis] * step
            thresholds -= step
        else:
            weights -= matrix_product(outputs[place].swapaxes(0, 1), step)
            thresholds -= sum_of_samples(step)


def remembering_update(
    layers: Sequence[Layer],
    outputs: Sequence[Array],
    layer_errors: Sequence[Array],
    eta: Array,
    l2: Array | None,
    memory: Memory,
) -> None:
    """Take one step of an optimiser that remembers gradients; its memory changes, too.

    It takes the gradients of a sample, or the mean ones of a batch, with its weight decay. The
    parameters are as in `update`; `memory` is the stack's.
    """
    rate = sum_of_samples(eta) if eta.ndim == 2 else eta
    shares = eta / np.where(rate > 0, rate, 1.0)  # of each sample in the mean
    gradients: list[Layer] = []
    for place, (weights, _) in enumerate(layers):
        error = layer_errors[place]
        error *= shares[..., np.newaxis, :]
        if eta.ndim == 1:
            of_weights, of_thresholds = outputs[place][:, np.newaxis] * error, error
        else:
            of_weights = matrix_product(outputs[place].swapaxes(0, 1), error)
            of_thresholds = sum_of_samples(error)
        gradients.append((of_weights if l2 is None else of_weights + l2 * weights, of_thresholds))
    memory.step(layers, gradients, rate)


def train_epoch(layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method) -> Array:
    """Train a stack for one epoch: every sample once, in order, with an update after each batch.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs, F) and (outputs, F); changed in place.
    x : array, shape (n, d, F)
        The inputs.
    y : array, shape (n, l, F)
        The targets, 0 or 1. With a softmax one of the l targets is 1.
    eta : array, shape (n, F)
        The learning rate for each sample, divided by the number of samples of its batch; 0 for
        padding, and for networks whose training has ended.
    method : Method

    Returns
    -------
    array, shape (n, l, F)
        z = beta + theta of each sample, before its update.
    """
    activation, cost, batch_size, l2, memory = method
    trained, samples = layers, len(x)
    if batch_size > 1:
        x, eta = nodes_last(x), nodes_last(eta)
        layers = map_layers(nodes_last, layers)
        memory = memory and memory.mapped(nodes_last)
    of_sample = sums_alone if y.shape[-1] == 1 else weighted_sums
    multiply = matrix_product if batch_size > 1 else of_sample
    output = cost_of(cost, y.shape[1]).output
    z = np.empty((-(-samples // batch_size) * batch_size, *y.shape[1:]))
    hidden_sums = new_sums(layers[:-1], z[:batch_size] if batch_size > 1 else z[0])
    for x_of, y_of, eta_of, z_of in batches(x, y, eta, z, size=batch_size):
        arrays = [*hidden_sums, z_of]
        sums, outputs = forward(layers, x_of, activation, arrays, output, multiply)
        layer_errors = errors(layers, sums, outputs, y_of, activation, cost, multiply)
        if memory is None:
            update(layers, outputs, layer_errors, eta_of, l2)
        else:
            remembering_update(layers, outputs, layer_errors, eta_of, l2, memory)
    if batch_size > 1:
        assign_layers(trained, layers)
        if memory and method.memory:
            method.memory.mapped(np.copyto, memory)
    return z[:samples]


def batches(*arrays: Array, size: int) -> Iterator[Sequence[Array]]:
    """Yield the samples of each batch of the same arrays; a single sample needs no axis for it."""
    if size == 1:
        yield from zip(*arrays, strict=True)
        return
    for start in range(0, len(arrays[0]), size):
        yield [whole_batch(array[start : start + size], size) for array in arrays]


def whole_batch(array: Array, size: int) -> Array:
    """Append zeros until there are `size` samples; a learning rate of 0 has no effect.

    The last digits of a `matrix_product` depend on the size of a batch.
    """
    missing = size - len(array)
    return np.concatenate([array, np.zeros((missing, *array.shape[1:]))]) if missing else array


def nodes_last(array: Array) -> Array:
    """Return the array with the axis of the nodes last in memory, not the axis of the networks.

    Matrix products are faster then.
    """
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, -1, 0)), 0, -1)


def predict(
    layers: Sequence[Layer],
    x: Array,
    activation: str,
    multiply: Callable[[Array, Array, Array], Array] = weighted_sums,
) -> Array:
    """Return z = beta + theta of every sample; see `backprop.network.functions.probabilities`.

    Parameters
    ----------
    layers, activation, multiply
        As in `forward`.
    x : array, shape (n, d, F)

    Returns
    -------
    array, shape (n, l, F)
    """
    z = np.empty((len(x), *layers[-1][1].shape))
    widest, networks = max(thresholds.shape for _, thresholds in layers)
    if networks > 1 and widest >= WIDE:
        for f in range(networks):
            own = slice(f, f + 1)
            alone = [(weights[..., own], thresholds[..., own]) for weights, thresholds in layers]
            z[..., own] = predict(alone, x[..., own], activation, sums_alone)
        return z
    size = max(1, PREDICTED // (widest * networks))  # the batch changes no bit
    hidden_sums = new_sums(layers[:-1], x[:size])
    for start in range(0, len(x), size):
        batch = slice(start, start + size)
        sums = [*(a[: len(x) - start] for a in hidden_sums), z[batch]]
        forward(layers, x[batch], activation, sums, multiply=multiply)
    return z
