"""The parameters of a network: its layers, their sizes, and their form as one flat array.

A network has d inputs, any number of hidden layers, and l outputs. It is a list of layers from the
first hidden layer to the output layer; a layer is a pair of weights and thresholds. In the
lecture's symbols, the layers of a three-layer network are (v, gamma) and (w, theta).
"""

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from backprop.network.functions import INITIALISATIONS
from backprop.typing import Array

Layer = tuple[Array, Array]
"""Weights, shape (inputs, outputs), and thresholds, shape (outputs,). In a stack of F networks both
have one more axis at the end, of length F."""


def output_nodes(classes: int) -> int:
    """Return the number l of outputs: one for two classes, else one for each class."""
    return 1 if classes == 2 else classes


def layer_sizes(features: int, hidden: Sequence[int], outputs: int = 1) -> list[tuple[int, int]]:
    """Return (inputs, outputs) of each layer of a network, first hidden layer to output layer.

    Parameters
    ----------
    features : int
        The number d of inputs, at least 1.
    hidden : sequence of int
        The number of nodes of each hidden layer, first to last, each at least 1.
    outputs : int, default=1
        The number l of outputs, see `output_nodes`.
    """
    return list(itertools.pairwise((features, *hidden, outputs)))


def parameter_count(features: int, hidden: Sequence[int], outputs: int = 1) -> int:
    """Return the number P of weights and thresholds of a network; see `layer_sizes`."""
    return sum((below + 1) * nodes for below, nodes in layer_sizes(features, hidden, outputs))


def draw_layers(
    generator: np.random.Generator,
    features: int,
    hidden: Sequence[int],
    initialisation: str,
    outputs: int = 1,
) -> list[Layer]:
    """Draw the starting parameters of one network.

    Parameters
    ----------
    generator : numpy.random.Generator
        Every initialisation takes the same draws from it.
    features, hidden
        As in `layer_sizes`.
    initialisation : str
        An entry of `backprop.network.functions.INITIALISATIONS`.
    outputs : int, default=1
        As in `layer_sizes`.

    Returns
    -------
    list of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,), first hidden layer to output layer.
    """
    initialise = INITIALISATIONS[initialisation].value
    return [
        initialise(generator.random((below, nodes)), generator.random(nodes))
        for below, nodes in layer_sizes(features, hidden, outputs)
    ]


def map_layers(function: Callable[..., Array], *networks: Sequence[Layer]) -> list[Layer]:
    """Return the layers of what a function makes of the same arrays of one or more networks."""
    changed = []
    for layers in zip(*networks, strict=True):
        weights, thresholds = zip(*layers, strict=True)
        changed.append((function(*weights), function(*thresholds)))
    return changed


def assign_layers(layers: Sequence[Layer], new: Sequence[Layer]) -> None:
    """Write the parameters of a network into others."""
    for array, own in zip(itertools.chain(*layers), itertools.chain(*new), strict=True):
        array[...] = own


def copy_layers(layers: Sequence[Layer]) -> list[Layer]:
    """Return a copy of layers, of which nothing changes with them."""
    return map_layers(np.ndarray.copy, layers)


def stack_layers(networks: Sequence[Sequence[Layer]]) -> list[Layer]:
    """Join the layers of F networks of one shape into one stack, the networks on the last axis."""
    return map_layers(lambda *arrays: np.stack(arrays, axis=-1), *networks)


def network_of(stack: Sequence[Layer], place: int) -> list[Layer]:
    """Return the layers of one network of a stack, whose arrays they share."""
    return map_layers(lambda array: array[..., place], stack)


def flatten(layers: Sequence[Layer]) -> Array:
    """Write the parameters of a stack as one array, shape (P, F).

    The order is layer by layer, the weights before the thresholds, each in C order.
    """
    return np.concatenate([p.reshape(-1, p.shape[-1]) for layer in layers for p in layer])


def unflatten(flat: Array, features: int, hidden: Sequence[int]) -> list[Layer]:
    """Return the layers of a network or a stack from its flat parameters: the inverse of `flatten`.

    Parameters
    ----------
    flat : array, shape (P,) or (P, F)
        The parameters of one network, or of a stack. Their number says how many outputs there are.
    features, hidden
        As in `layer_sizes`.

    Returns
    -------
    list of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,), and with the axis of the stack if `flat` has it.
    """
    outputs = (len(flat) - parameter_count(features, hidden, 0)) // ([features, *hidden][-1] + 1)
    layers = []
    for below, nodes in layer_sizes(features, hidden, outputs):
        weights, thresholds, flat = np.split(flat, [below * nodes, (below + 1) * nodes])
        layers.append((weights.reshape(below, nodes, *weights.shape[1:]), thresholds))
    return layers
