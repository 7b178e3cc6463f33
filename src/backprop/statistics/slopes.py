"""How steep the functions of a network's nodes are before it is trained."""

from collections.abc import Sequence

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import starting_layers
from backprop.network.functions import ACTIVATIONS, cost_of, sigmoid_prime
from backprop.network.parameters import output_nodes
from backprop.network.stacked import forward
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.typing import Array


def output_of(configuration: Configuration, dataset: Dataset) -> str:
    """Return the name of the function of the output, such as ``sigmoid``."""
    return cost_of(configuration.cost, output_nodes(len(dataset.classes))).output


def mean_slopes(
    configuration: Configuration, dataset: Dataset, splits: Sequence[Split], seed: int
) -> list[float]:
    """Return the mean slope of each layer over some splits, the output last.

    Parameters
    ----------
    configuration : Configuration
    dataset : Dataset
    splits : sequence of Split
        Whose starting weights and training rows there are.
    seed : int
    """
    every = [_slopes_of(configuration, dataset, split, seed) for split in splits]
    return np.mean(every, axis=0).tolist()


def _slopes_of(configuration: Configuration, dataset: Dataset, split: Split, seed: int) -> Array:
    """Return the slopes at the start of one split, each a mean over nodes and training rows."""
    x = Encoder.of(dataset, split.train).apply(dataset.x[split.train])
    nodes, output = output_nodes(len(dataset.classes)), output_of(configuration, dataset)
    layers = [
        (weights[..., np.newaxis], thresholds[..., np.newaxis])
        for weights, thresholds in starting_layers(configuration, x.shape[1], seed, split, nodes)
    ]
    sums, outputs = forward(layers, x[..., np.newaxis], configuration.activation, output=output)
    slope = ACTIVATIONS[configuration.activation].derivative
    hidden = [slope(a, b).mean() for a, b in zip(sums[:-1], outputs[1:-1], strict=True)]
    # A softmax has the same derivative as a sigmoid: yhat (1 - yhat), of a node by its own sum.
    return np.array([*hidden, sigmoid_prime(outputs[-1]).mean()])
