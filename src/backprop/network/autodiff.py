"""The networks of `backprop.network.stacked` in TensorFlow: the gradients come from `GradientTape`.

It has the same functions, for the same stacks, in float64. An epoch is one compiled program: a loop
over the batches, in which each weighted sum is a product and a sum over an axis, because XLA
computes small matrix products a hundred times slower.
"""

import os
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

# TensorFlow reads these when it is imported. A value that the user has set takes precedence.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # errors only
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
# The import then skips Keras, which takes half of its time and is not used here.
os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
# Training is a long chain of small steps: a second thread has nothing to do.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import numpy as np
import tensorflow as tf
import tensorflow.experimental.numpy as tnp

from backprop.network.functions import ACTIVATIONS, cost_of
from backprop.network.optimisers import DESCENT, OPTIMISERS, Method
from backprop.network.parameters import Layer
from backprop.typing import Array, Tensor

Tensors = list[tuple[Tensor, Tensor]]  # the weights and thresholds of each layer

# Without autograph, which translates Python's loops and conditions: there are none here.
compiled = partial(tf.function, jit_compile=True, reduce_retracing=True, autograph=False)

# TensorFlow's version of NumPy, with two gradients corrected: of exp where exp overflows
# (infinity times the 0 of a saturated sigmoid is NaN), and of logaddexp where its arguments
# are equal.
tensorflow_numpy: Any = SimpleNamespace(
    **{
        **vars(tnp),
        "exp": lambda a: tf.exp(tf.minimum(a, 709.0)),
        "logaddexp": lambda a, b: a + tf.nn.softplus(b - a),
    }
)

SMALLEST_STACK = 16  # XLA compiles smaller stacks to another loop, with other last digits
VECTOR = 8  # networks, which XLA computes together; it rounds those that remain in another way
SAMPLE_MULTIPLE = 64  # `predict` pads to a multiple of it, so that few programs are compiled


def forward(layers: Sequence[tuple[Tensor, Tensor]], x: Tensor, activation: str) -> Tensor:
    """Return z = beta + theta for one sample x, shape (d, F), or for a batch, shape (m, d, F)."""
    sigma = ACTIVATIONS[activation].value
    outputs, z = x, None
    for weights, thresholds in layers:
        if z is not None:
            outputs = sigma(tensorflow_numpy, z)
        z = tf.reduce_sum(outputs[..., tf.newaxis, :] * weights, axis=-3) + thresholds
    return z


def _with_decay(gradients: Tensor, layers: Tensor, decays: Tensor) -> Tensor:
    """Add the weight decay of each network to the gradients of weights; None is no decay."""
    if decays is None:
        return gradients
    # No product where l2 is 0: infinite weights would become NaN, which they do not alone.
    return [
        (g + tf.math.multiply_no_nan(weights, decays), of_thresholds)
        for (g, of_thresholds), (weights, _) in zip(gradients, layers, strict=True)
    ]


@compiled
def _epoch(
    layers: Tensors,
    remembered: list[Tensor],
    x: Tensor,
    y: Tensor,
    eta: Tensor,
    l2: Tensor,
    constants: Tensor,
    activation: str,
    cost: str,
    outputs: int,
    batch_size: int,
    optimiser: str,
) -> tuple[Tensors, list[Tensor], Tensor]:
    """Train for one epoch; the first axis of x, y and eta counts the updates.

    An update is for a sample, x[k] of shape (d, F), or for a batch, (m, d, F). `remembered` has the
    slots and the updates of a `Memory`, the latter as floats, and `constants` its constants: for
    gradient descent, it is empty, and they are None.
    """
    updates, batches = tf.shape(x)[0], batch_size > 1
    step = OPTIMISERS[optimiser].step
    all_z = tf.TensorArray(tf.float64, size=updates, element_shape=y.shape[1:])

    def differentiate(layers: Tensor, k: Tensor, shares: Tensor, decays: Tensor) -> Tensor:
        """Return z of update k, and the gradients; shares are the weights of its samples."""
        with tf.GradientTape() as tape:
            tape.watch(layers)
            z = forward(layers, x[k], activation)
            # Networks share no parameter: the gradient of the sum holds the gradient of each.
            costs = cost_of(cost, outputs).value(tensorflow_numpy, z, y[k])
            total = tf.reduce_sum(shares * costs)
        return z, _with_decay(tape.gradient(total, layers), layers, decays)

    def descend(k: Tensor, layers: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        # Samples of a batch have a learning rate each: the step is the sum of their gradients.
        shares, rate = (eta[k][:, tf.newaxis], 1.0) if batches else (1.0, eta[k])
        decays = l2 if l2 is None or not batches else l2 * tf.reduce_sum(eta[k], axis=0)
        z, gradients = differentiate(layers, k, shares, decays)
        return z, tf.nest.map_structure(lambda p, g: p - rate * g, layers, gradients), []

    def remember(k: Tensor, layers: Tensor, slots: Tensor, t: Tensor) -> tuple[Tensor, ...]:
        rate = tf.reduce_sum(eta[k], axis=0) if batches else eta[k]
        moves = rate > 0
        shares = eta[k] / tf.where(moves, rate, 1.0)
        shared = shares[:, tf.newaxis] if batches else shares
        z, gradients = differentiate(layers, k, shared, l2)
        t += tf.cast(moves, tf.float64)
        moved, kept = [], []
        every = map(tf.nest.flatten, [layers, gradients, *slots])
        for parameter, g, *before in zip(*every, strict=True):
            direction, after = step(tensorflow_numpy, g, before, tf.maximum(t, 1.0), constants)
            moved.append(parameter - rate * direction)
            kept.append([tf.where(moves, new, old) for new, old in zip(after, before, strict=True)])
        layers = tf.nest.pack_sequence_as(layers, moved)
        after_all = zip(*kept, strict=True)
        return z, layers, [list(map(tf.nest.pack_sequence_as, slots, after_all)), t]

    def update(k: Tensor, layers: Tensor, remembered: Tensor, all_z: Tensor) -> list[Tensor]:
        take = remember if remembered else descend
        z, *changed = take(k, layers, *remembered)
        return [k + 1, *changed, all_z.write(k, z)]

    _, layers, remembered, all_z = tf.while_loop(
        lambda k, *_: k < updates, update, (0, layers, remembered, all_z)
    )
    return layers, remembered, all_z.stack()


@compiled
def _predict(layers: Tensors, x: Tensor, activation: str) -> Tensor:
    return tf.map_fn(lambda sample: forward(layers, sample, activation), x)


def train_epoch(layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method) -> Array:
    """Train a stack for one epoch; see `backprop.network.stacked.train_epoch`."""
    activation, cost, batch_size, l2, memory = method
    samples, outputs, stack = y.shape
    if batch_size > 1:
        x, y, eta = (_batches(array, batch_size) for array in (x, y, eta))
    optimiser, remembered, constants = DESCENT, [], None
    if memory is not None:
        optimiser, remembered = memory.optimiser, [memory.slots, memory.updates.astype(float)]
        constants = memory.constants
    arrays = [list(layers), remembered, x, y, eta, l2, constants]
    names = activation, cost, outputs, batch_size, optimiser
    *new, z = _epoch(*_repeat_networks(arrays, VECTOR if memory else 1), *names)
    changed = [list(layers), [memory.slots, memory.updates] if memory else []]
    for old, own in zip(tf.nest.flatten(changed), tf.nest.flatten(new), strict=True):
        old[...] = own.numpy()[..., :stack]
    return z.numpy().reshape(-1, outputs, z.shape[-1])[:samples, :, :stack]


def predict(layers: Sequence[Layer], x: Array, activation: str) -> Array:
    """Return z = beta + theta of every sample; see `backprop.network.stacked.predict`."""
    n, d, stack = x.shape
    x = np.concatenate([x, np.zeros((-n % SAMPLE_MULTIPLE, d, stack))])
    z = _predict(*_repeat_networks([list(layers), x]), activation)
    return z.numpy()[:n, :, :stack]


def step(
    layers: Sequence[Layer], x: Array, y: Array, activation: str, cost: str
) -> tuple[list[Array], list[Array], Array, list[Layer]]:
    """Differentiate the cost of one sample of one network.

    Parameters
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,).
    x, y : arrays, shapes (d,) and (l,)
        The inputs, and the targets, 0 or 1. With a softmax one of the targets is 1.
    activation, cost : str
        As in `backprop.network.stacked`.

    Returns
    -------
    weighted_sums : list of arrays, shapes (nodes,)
        alpha of each hidden layer, then beta: without the thresholds.
    outputs : list of arrays, shapes (nodes,)
        b of each hidden layer, then yhat.
    value : array, shape (l,)
        The cost of each output; E is their sum.
    gradients : list of (weights, thresholds)
        dE/dw and dE/dtheta of each layer, in the shapes of `layers`.
    """
    chosen = cost_of(cost, len(y))
    variables = [(tf.constant(weights), tf.constant(thresholds)) for weights, thresholds in layers]
    weighted_sums, outputs = [], [tf.constant(x)]
    with tf.GradientTape() as tape:
        tape.watch(variables)
        for place, (weights, thresholds) in enumerate(variables, 1):
            weighted_sums.append(tf.linalg.matvec(weights, outputs[-1], transpose_a=True))
            a = weighted_sums[-1] + thresholds
            if place < len(variables):
                outputs.append(ACTIVATIONS[activation].value(tensorflow_numpy, a))
        outputs.append(getattr(tf.nn, chosen.output)(a))  # TensorFlow's own, as a check of ours
        value = chosen.value(tensorflow_numpy, a, y)
    gradients = tape.gradient(value, variables)
    return tf.nest.map_structure(
        lambda tensor: tensor.numpy(), (weighted_sums, outputs[1:], value, gradients)
    )


def _batches(array: Array, size: int) -> Array:
    """Divide the first axis into two batches or more, padded with 0, which is a rate of 0 too.

    XLA compiles a loop of one batch in another way, with other last digits.
    """
    padding = np.zeros((max(-len(array) % size, 2 * size - len(array)), *array.shape[1:]))
    return np.concatenate([array, padding]).reshape(-1, size, *array.shape[1:])


def _repeat_networks(arrays: Tensor, multiple: int = 1) -> Tensor:
    """Repeat the networks of a stack until it has `SMALLEST_STACK`, and a multiple of a number."""

    def repeated(array: Array | None) -> Array | None:
        size = 0 if array is None else max(array.shape[-1], SMALLEST_STACK)
        size += -size % multiple
        if array is None or array.shape[-1] == size:
            return array
        return np.resize(array.T, (size, *array.T.shape[1:])).T

    return tf.nest.map_structure(repeated, arrays)
