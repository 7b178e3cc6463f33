"""The networks of `backprop.network.stacked` in TensorFlow: the gradients come from `GradientTape`.

The same stacks, the same arguments, in float64. An epoch is one compiled program: a loop over the
samples in which each weighted sum is written as a product and a sum over an axis (small matrix
products are a hundred times slower under XLA).
"""

import os
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # less chatter at the start
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np
import tensorflow as tf
import tensorflow.experimental.numpy as tnp

from backprop.network.functions import ACTIVATIONS, COSTS, Array, Layer

compiled = partial(tf.function, jit_compile=True, reduce_retracing=True)

# TensorFlow's NumPy, but for two functions whose gradients are wrong at a point: that of exp where
# it overflows (infinity, and times the 0 of a saturated sigmoid no number), that of logaddexp where
# its arguments are equal.
names: Any = SimpleNamespace(
    **{
        **vars(tnp),
        "exp": lambda a: tf.exp(tf.minimum(a, 709.0)),
        "logaddexp": lambda a, b: a + tf.nn.softplus(b - a),
    }
)

NETWORKS = 16  # XLA computes fewer in a loop of another kind, with other last digits


def set_threads(threads: int) -> None:
    """Bound the threads that TensorFlow starts, before it has computed anything."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)


def forward(layers: Sequence[tuple[Any, Any]], x: Any, activation: str) -> Any:
    """Return z = beta + theta, shape (l, F), of one sample x, shape (d, F)."""
    sigma = ACTIVATIONS[activation].value
    b = x
    for place, (weights, thresholds) in enumerate(layers):
        b = sigma(names, b) if place else b
        b = tf.reduce_sum(b[:, tf.newaxis] * weights, axis=0) + thresholds
    return b


@compiled
def _epoch(
    layers: list[tuple[Any, Any]], x: Any, y: Any, eta: Any, activation: str, cost: str
) -> tuple[list[tuple[Any, Any]], Any]:
    samples = tf.shape(x)[0]
    z = tf.TensorArray(tf.float64, size=samples, element_shape=y.shape[1:])

    def step(k: Any, layers: list[tuple[Any, Any]], z: Any) -> tuple[Any, list[Any], Any]:
        with tf.GradientTape() as tape:
            tape.watch(layers)
            found = forward(layers, x[k], activation)
            # Networks share no parameter, so the gradient of the sum holds each one's own.
            total = tf.reduce_sum(COSTS[cost].value(names, found, y[k]))
        gradients = tape.gradient(total, layers)
        layers = tf.nest.map_structure(lambda p, g: p - eta[k] * g, layers, gradients)
        return k + 1, layers, z.write(k, found)

    _, layers, z = tf.while_loop(lambda k, *_: k < samples, step, (0, layers, z))
    return layers, z.stack()


@compiled
def _predict(layers: list[tuple[Any, Any]], x: Any, activation: str) -> Any:
    return tf.map_fn(lambda sample: forward(layers, sample, activation), x)


def train_epoch(
    layers: Sequence[Layer],
    x: Array,
    y: Array,
    eta: Array,
    activation: str,
    cost: str,
) -> Array:
    """Do what `backprop.network.train_epoch` does, with gradients by autodiff."""
    stack = x.shape[-1]
    new, z = _epoch(*_filled([list(layers), x, y, eta]), activation, cost)
    for old, values in zip(tf.nest.flatten(list(layers)), tf.nest.flatten(new), strict=True):
        old[...] = values.numpy()[..., :stack]
    return z.numpy()[..., :stack]


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Do what `backprop.network.predict` does."""
    return _predict(*_filled([list(layers), x]), activation).numpy()[..., : x.shape[-1]]


def step(
    layers: Sequence[Layer], x: Array, y: Array, activation: str, cost: str
) -> tuple[list[Array], list[Array], Array, list[Layer]]:
    """Differentiate the cost of one sample of one network.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,).
    x, y : arrays, shapes (d,) and (l,)
    activation, cost : str
        As in `backprop.network.stacked`.

    Returns
    -------
    sums : list of arrays, shapes (nodes,)
        alpha of each hidden layer, beta.
    outputs : list of arrays, shapes (nodes,)
        b of each hidden layer, yhat.
    value : array, shape (l,)
        E.
    gradients : list of (weights, thresholds)
        dE/dw and dE/dtheta of each layer, as `layers`.
    """
    variables = [(tf.constant(w), tf.constant(t)) for w, t in layers]
    sums, outputs = [], [tf.constant(x)]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        for place, (weights, thresholds) in enumerate(variables, 1):
            sums.append(tf.linalg.matvec(weights, outputs[-1], transpose_a=True))
            a = sums[-1] + thresholds
            last = place == len(variables)
            outputs.append(tf.sigmoid(a) if last else ACTIVATIONS[activation].value(names, a))
        value = COSTS[cost].value(names, a, y)
    gradients = tape.gradient(value, variables)
    plain = tf.nest.map_structure(lambda t: t.numpy(), (sums, outputs[1:], value, gradients))
    return tuple(plain)


def _filled(arrays: Any) -> Any:
    """Fill a stack of fewer than `NETWORKS` up with repetitions of its networks."""
    return tf.nest.map_structure(
        lambda a: a if a.shape[-1] >= NETWORKS else np.resize(a.T, (NETWORKS, *a.T.shape[1:])).T,
        arrays,
    )
