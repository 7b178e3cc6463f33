"""How steep the activations of a network are before training."""

from collections.abc import Sequence

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import starting_layers
from backprop.network.functions import ACTIVATIONS, sigmoid_prime
from backprop.network.parameters import output_nodes
from backprop.network.stacked import forward
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.typing import Array


def slopes(
    configuration: Configuration,
    dataset: Dataset,
    splits: Sequence[Split],
    *,
    seed: int,
    output: str,
) -> list[float]:
    """Return the mean slope of each layer, the output last, before training.

    Parameters
    ----------
    configuration : Configuration
    dataset : Dataset
    splits : sequence of Split
        The slopes are means over these.
    seed : int
        The seed of the study.
    output : str
        The function of the output nodes, see `backprop.network.functions.OUTPUTS`.
    """
    every = [_slopes_of(configuration, dataset, split, seed, output) for split in splits]
    return np.mean(every, axis=0).tolist()


def _slopes_of(
    configuration: Configuration, dataset: Dataset, split: Split, seed: int, output: str
) -> Array:
    """Return the slopes at the start of one split, each a mean over nodes and training rows."""
    x = Encoder.of(dataset, split.train).apply(dataset.x[split.train])
    nodes = output_nodes(len(dataset.classes))
    layers = [
        (weights[..., np.newaxis], thresholds[..., np.newaxis])
        for weights, thresholds in starting_layers(configuration, x.shape[1], seed, split, nodes)
    ]
    sums, outputs = forward(layers, x[..., np.newaxis], configuration.activation, output=output)
    slope = ACTIVATIONS[configuration.activation].derivative
    hidden = [slope(a, b).mean() for a, b in zip(sums[:-1], outputs[1:-1], strict=True)]
    # A softmax has the same derivative as a sigmoid: yhat (1 - yhat), of a node by its own sum.
    return np.array([*hidden, sigmoid_prime(outputs[-1]).mean()])
