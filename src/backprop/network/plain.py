"""The networks of `backprop.network.stacked` one at a time: the loop that anyone would write first.

It is here to be compared with: slow, and too plain to be wrong in the same way as the stacks.
"""

from collections.abc import Sequence

import numpy as np

from backprop.network.functions import ACTIVATIONS, COSTS, Array, Layer, sigmoid


def forward(layers: Sequence[Layer], x: Array, activation: str) -> tuple[list[Array], Array]:
    """Return x, b of each hidden layer and yhat of one network, and z = beta + theta."""
    outputs = [x]
    for weights, thresholds in layers[:-1]:
        outputs.append(ACTIVATIONS[activation].value(np, outputs[-1] @ weights + thresholds))
    weights, thresholds = layers[-1]
    z = outputs[-1] @ weights + thresholds
    return [*outputs, sigmoid(np, z)], z


def train_epoch(
    layers: Sequence[Layer], x: Array, y: Array, eta: Array, activation: str, cost: str
) -> Array:
    """Do what `backprop.network.train_epoch` does, network by network."""
    z = np.empty(y.shape)
    for f in range(x.shape[-1]):
        one = [
            (weights[..., f].copy(), thresholds[..., f].copy()) for weights, thresholds in layers
        ]
        for k in range(len(x)):
            outputs, z[k, :, f] = forward(one, x[k, :, f], activation)
            error = COSTS[cost].error(outputs[-1], y[k, :, f])
            for place in reversed(range(len(one))):
                weights, thresholds = one[place]
                below = weights @ error  # with the weights from before the update
                weights -= eta[k, f] * np.outer(outputs[place], error)
                thresholds -= eta[k, f] * error
                if place:
                    error = below * ACTIVATIONS[activation].derivative(outputs[place])
        for (weights, thresholds), (w, t) in zip(layers, one, strict=True):
            weights[..., f], thresholds[..., f] = w, t
    return z


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Do what `backprop.network.predict` does, network by network."""
    networks = [[(w[..., f], t[..., f]) for w, t in layers] for f in range(x.shape[-1])]
    return np.stack(
        [
            np.stack([forward(one, sample, activation)[1] for sample in x[..., f]])
            for f, one in enumerate(networks)
        ],
        axis=-1,
    )
