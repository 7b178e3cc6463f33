"""The parameters of a network: its layers, their sizes, and their form as one flat array.

A network has d inputs, any number of hidden layers, and one output. It is a list of layers from the
first hidden layer to the output layer; a layer is a pair of weights and thresholds. In the
lecture's symbols, the layers of a three-layer network are (v, gamma) and (w, theta).
"""

import itertools
from collections.abc import Sequence

import numpy as np

from backprop.network.functions import INITIALISATIONS
from backprop.typing import Array

Layer = tuple[Array, Array]
"""Weights, shape (inputs, outputs), and thresholds, shape (outputs,). In a stack of F networks both
have one more axis at the end, of length F."""

OUTPUTS = 1  # nodes of the output layer: one for two classes


def layer_sizes(features: int, hidden: Sequence[int]) -> list[tuple[int, int]]:
    """Return (inputs, outputs) of each layer of a network, first hidden layer to output layer.

    Parameters
    ----------
    features : int
        The number d of inputs, at least 1.
    hidden : sequence of int
        The number of nodes of each hidden layer, first to last, each at least 1.
    """
    return list(itertools.pairwise((features, *hidden, OUTPUTS)))


def parameter_count(features: int, hidden: Sequence[int]) -> int:
    """Return the number P of weights and thresholds of a network; see `layer_sizes`."""
    return sum((inputs + 1) * outputs for inputs, outputs in layer_sizes(features, hidden))


def draw_layers(
    generator: np.random.Generator, features: int, hidden: Sequence[int], initialisation: str
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

    Returns
    -------
    list of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,), first hidden layer to output layer.
    """
    initialise = INITIALISATIONS[initialisation].value
    return [
        initialise(generator.random((inputs, outputs)), generator.random(outputs))
        for inputs, outputs in layer_sizes(features, hidden)
    ]


def stack_layers(networks: Sequence[Sequence[Layer]]) -> list[Layer]:
    """Join the layers of F networks of one shape into one stack, the networks on the last axis."""
    return [
        (
            np.stack([weights for weights, _ in layer], axis=-1),
            np.stack([thresholds for _, thresholds in layer], axis=-1),
        )
        for layer in zip(*networks, strict=True)
    ]


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
        The parameters of one network, or of a stack.
    features, hidden
        As in `layer_sizes`.

    Returns
    -------
    list of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,), and with the axis of the stack if `flat` has it.
    """
    layers = []
    for inputs, outputs in layer_sizes(features, hidden):
        ends = [inputs * outputs, (inputs + 1) * outputs]
        weights, thresholds, flat = np.split(flat, ends)
        layers.append((weights.reshape(inputs, outputs, *weights.shape[1:]), thresholds))
    return layers
