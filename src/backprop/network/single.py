"""One of the lecture's networks, alone: the functions of `stacked` without the axis of the stack.

A fit of an estimator is alone. In a stack it would be trained twice, because a stack needs two
networks; here it takes half of the time or less. It has the numbers of a stack, to the last bit:
every sum is added up in the same order.

Layers are pairs of weights, shape (inputs, outputs), and thresholds, shape (outputs,).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from backprop.network.functions import ACTIVATIONS, OUTPUTS, cost_of
from backprop.network.optimisers import Memory, Method
from backprop.network.parameters import Layer
from backprop.network.stacked import PREDICTED, einsum, whole_batches
from backprop.typing import Array

CACHED = 12_000  # numbers of an array that are computed at a time


class Workspace(NamedTuple):
    """The arrays that each batch is computed in: to get large ones takes as long as to compute.

    Attributes
    ----------
    sums, outputs, errors : sequence of arrays, shape (rows, outputs)
        Of each layer, what `forward` and `errors` compute; None for new arrays.
    turned : sequence of arrays, shape (inputs, rows)
        Of each layer, the outputs below it.
    gradients : sequence of arrays, shape (inputs, outputs)
    """

    sums: Sequence[Array | None]
    outputs: Sequence[Array | None]
    errors: Sequence[Array | None]
    turned: Sequence[Array]
    gradients: Sequence[Array]

    @classmethod
    def of(cls, layers: Sequence[Layer], rows: int) -> "Workspace":
        """Return arrays for batches of some rows; a sample alone needs gradients only."""
        gradients = [np.empty_like(weights) for weights, _ in layers]
        if rows == 1:
            new = [None] * len(layers)
            return cls(new, new, new, [], gradients)
        shapes = [weights.shape for weights, _ in layers]
        sums, outputs, errors = ([np.empty((rows, m)) for _, m in shapes] for _ in range(3))
        turned = [np.empty((d, rows)) for d, _ in shapes]
        return cls(sums, outputs, errors, turned, gradients)


def in_parts(function: Callable[..., Array], out: Array | None, *arrays: Array) -> Array:
    """Return a function of each element of some arrays, of which a part is in the cache."""
    if out is None:
        return function(*arrays)
    size = max(1, CACHED // out.shape[1])
    for start in range(0, len(out), size):
        part = slice(start, start + size)
        out[part] = function(*(array[part] for array in arrays))
    return out


def weighted_sums(below: Array, weights: Array, _: Array | None = None) -> Array:
    """Return sum_i below_i weights_ij, added up in the order of i, for a sample or a batch."""
    if weights.shape[1] > 1:
        return np.asarray(einsum("...i,ij->...j", below, weights))
    # NumPy adds up a single column in another order.
    return np.asarray(einsum("...i,ij->...j", below, weights.repeat(2, axis=1))[..., :1])


def sum_of_samples(steps: Array) -> Array:
    """Return the sum over the first axis, added up in its order."""
    return steps.cumsum(axis=0)[-1] if steps[0].size == 1 else steps.sum(axis=0)


def with_networks(array: Array) -> Array:
    """Append the axis of a stack, as the functions of several outputs have it.

    Its length is 2 if there are several, for the order in which NumPy adds them up.
    """
    return array[..., np.newaxis].repeat(1 if array.shape[-1] == 1 else 2, axis=-1)


def nodes_first(array: Array) -> Array:
    """Return values of the nodes of samples, shape (n, l), as a stack has them, shape (l, n).

    To the functions of several outputs, a sample then is what a network is in a stack. So they add
    up the nodes in order, if there are at least two: a single sample is there twice.
    """
    return np.ascontiguousarray(array.T) if len(array) > 1 else array.T.repeat(2, axis=1)


def forward(
    layers: Sequence[Layer], x: Array, activation: str, space: Workspace | None = None
) -> tuple[list[Array], list[Array]]:
    """Return the sums that enter the nodes, and the outputs below each layer: x, then each b.

    It has the arguments of `backprop.network.stacked.forward`; in training, `space` has arrays for
    the results. Then a batch is a matrix product, whose last digits depend on its size.
    """
    multiply = np.matmul if space and x.ndim == 2 else weighted_sums
    sigma = partial(ACTIVATIONS[activation].value, np)
    sums: list[Array] = []
    outputs = [x]
    for place, (weights, thresholds) in enumerate(layers):
        if sums:
            outputs.append(in_parts(sigma, space and space.outputs[place - 1], sums[-1]))
        a = multiply(outputs[-1], weights, space and space.sums[place])
        a += thresholds
        sums.append(a)
    return sums, outputs


def errors(
    layers: Sequence[Layer],
    sums: Sequence[Array],
    outputs: Sequence[Array],
    y: Array,
    method: Method,
    arrays: Sequence[Array | None],
) -> list[Array]:
    """Return the errors of each layer, first to last; see `backprop.network.stacked.errors`.

    `arrays` are for the errors of the hidden layers.
    """
    sigma_prime = ACTIVATIONS[method.activation].derivative
    chosen, z = cost_of(method.cost, y.shape[-1]), sums[-1]
    value, multiply = OUTPUTS[chosen.output].value, np.matmul if z.ndim == 2 else weighted_sums
    if z.ndim == 1:
        yhat = value(np, with_networks(z))[..., 0]
    else:
        yhat = value(np, nodes_first(z)).T[: len(z)]
    layer_errors = [np.ascontiguousarray(chosen.error(yhat, y))]
    for place in range(len(layers) - 1, 0, -1):
        weights = np.ascontiguousarray(layers[place][0].T)
        error_h = multiply(layer_errors[0], weights, arrays[place - 1])
        below = error_h, sums[place - 1], outputs[place]
        of_nodes = in_parts(lambda e, a, b: e * sigma_prime(a, b), arrays[place - 1], *below)
        layer_errors.insert(0, of_nodes)
    return layer_errors


def update(
    layers: Sequence[Layer],
    outputs: Sequence[Array],
    layer_errors: Sequence[Array],
    eta: Array,
    l2: float,
    space: Workspace,
) -> None:
    """Take one step of gradient descent, in place; see `backprop.network.stacked.update`.

    Parameters
    ----------
    layers, outputs, layer_errors
        As `forward` and `errors` take and return them; the errors are changed, too.
    eta : array, shape () or (m,)
        The learning rate of the sample, or of each sample of a batch.
    l2 : float
        The weight decay, at least 0.
    space : Workspace
    """
    if l2:
        remaining = 1.0 - l2 * (sum_of_samples(eta) if eta.ndim else eta)
        for weights, _ in layers:
            weights *= remaining  # w -= eta l2 w
    for place, (weights, thresholds) in enumerate(layers):
        step, below, gradient = layer_errors[place], outputs[place], space.gradients[place]
        step *= eta[..., np.newaxis]
        if eta.ndim:
            space.turned[place][...] = below.T
            np.matmul(space.turned[place], step, out=gradient)
            thresholds -= sum_of_samples(step)
        else:
            np.multiply(below[:, np.newaxis], step, out=gradient)
            thresholds -= step
        weights -= gradient


def remembering_update(
    layers: Sequence[Layer],
    outputs: Sequence[Array],
    layer_errors: Sequence[Array],
    eta: Array,
    l2: float,
    memory: Memory,
) -> None:
    """Take one step of an optimiser; see `backprop.network.stacked.remembering_update`."""
    rate = sum_of_samples(eta) if eta.ndim else eta
    shares = eta / rate if rate > 0 else eta
    gradients: list[Layer] = []
    for place, (weights, _) in enumerate(layers):
        error, below = shares[..., np.newaxis] * layer_errors[place], outputs[place]
        if eta.ndim:
            of_weights = np.ascontiguousarray(below.T) @ error
            of_thresholds = sum_of_samples(error)
        else:
            of_weights, of_thresholds = below[:, np.newaxis] * error, error
        gradients.append((of_weights + l2 * weights if l2 else of_weights, of_thresholds))
    memory.step(layers, gradients, rate)


class Alone:
    """A network for one fit, which keeps its arrays from epoch to epoch."""

    def __init__(self) -> None:
        self._space: Workspace | None = None

    def train_epoch(
        self, layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method
    ) -> Array:
        """Train for one epoch, in place: every sample once, in order, with an update after a batch.

        Parameters
        ----------
        layers : sequence of (weights, thresholds)
            Changed in place.
        x, y, eta : arrays, shapes (n, d), (n, l) and (n,)
            The inputs, the targets, and the learning rate for each sample, divided by the number
            of samples of its batch.
        method : Method
            All epochs have one `batch_size`.

        Returns
        -------
        array, shape (n, l)
            z = beta + theta of each sample, before its update.
        """
        activation, _, batch_size, l2, memory = method
        self._space = space = self._space or Workspace.of(layers, batch_size)
        z = np.empty_like(y)
        for start in range(0, len(x), batch_size):
            batch = start if batch_size == 1 else slice(start, start + batch_size)
            rows, targets, rates = x[batch], y[batch], eta[batch]
            if batch_size > 1 and len(rows) < batch_size:  # the last one
                rows, targets, rates = (
                    whole_batches(a, batch_size) for a in (rows, targets, rates)
                )
            sums, outputs = forward(layers, rows, activation, space)
            layer_errors = errors(layers, sums, outputs, targets, method, space.errors)
            if memory is None:
                update(layers, outputs, layer_errors, rates, l2 or 0.0, space)
            else:
                remembering_update(layers, outputs, layer_errors, rates, l2 or 0.0, memory)
            z[batch] = sums[-1][: len(x) - start] if batch_size > 1 else sums[-1]
        return z

    def predict(self, layers: Sequence[Layer], x: Array, activation: str) -> Array:
        """Return z = beta + theta of every sample, shape (n, l), for inputs x, shape (n, d)."""
        widest = max(thresholds.size for _, thresholds in layers)
        size = max(1, PREDICTED // widest)
        starts = range(0, len(x), size)
        z = [forward(layers, x[k : k + size], activation)[0][-1] for k in starts]
        return np.concatenate(z)
