"""Activations, output functions, costs and initialisations: one entry each, in one table each.

To add one, add its entry. A value is written once for every array library: its first argument `xp`
is a namespace with NumPy's names. That is NumPy itself, or TensorFlow's version of it, which
differentiates the value automatically. A derivative is written by hand, for NumPy, as in the
lecture.
"""

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import numpy as np

from backprop.typing import Array, Shown, Tensor


class Activation(NamedTuple):
    """The activation function sigma of the hidden layers.

    Attributes
    ----------
    value : callable
        ``value(xp, a)`` returns b = sigma(a), elementwise, where a = alpha + gamma is the sum that
        enters a hidden node.
    derivative : callable
        ``derivative(a, b)`` returns sigma'(a), elementwise. It may use the sum a, the output
        b = sigma(a), or both.
    formula, derivative_formula : str
        The value in a, and the derivative in a and b, for the reader.
    label : str
        What readers call it.
    """

    value: Callable[[ModuleType, Tensor], Tensor]
    derivative: Callable[[Array, Array], Array]
    formula: Shown[str]
    derivative_formula: Shown[str]
    label: Shown[str]


class Output(NamedTuple):
    """The function of the output layer, from its sums to the outputs.

    Attributes
    ----------
    value : callable
        ``value(xp, z)`` returns yhat, where z = beta + theta are the sums that enter the l output
        nodes, shape (l,), or (..., l, F) in a stack.
    formula : str
        The value in z, for the reader.
    """

    value: Callable[[ModuleType, Tensor], Tensor]
    formula: Shown[str]


class Cost(NamedTuple):
    """The cost of the output nodes. The cost E of a sample is the sum over them.

    Attributes
    ----------
    value : callable
        ``value(xp, z, y)`` returns the cost of each output node, where z = beta + theta is the sum
        that enters the node and y is the target, 0 or 1. It is finite for every finite z.
    error : callable
        ``error(yhat, y)`` returns dE/dz, elementwise, from the output yhat. It is the lecture's
        error of the output layer.
    formula, error_formula : str
        The value and the error in yhat and y, for the reader.
    unit : str
        The unit of the value, for an axis.
    label : str
        What readers call it.
    output : str, default="sigmoid"
        The function that gives yhat from z, an entry of `OUTPUTS`.
    several : Cost, optional
        The cost of a network with several outputs, if it differs from the cost with one output;
        see `cost_of`.
    """

    value: Callable[[ModuleType, Tensor, Tensor], Tensor]
    error: Callable[[Array, Array], Array]
    formula: Shown[str]
    error_formula: Shown[str]
    unit: Shown[str]
    label: Shown[str]
    output: str = "sigmoid"
    several: "Cost | None" = None


class Initialisation(NamedTuple):
    """How the starting parameters of a layer follow from draws of U(0, 1).

    Attributes
    ----------
    value : callable
        ``value(weights, thresholds)`` takes draws of the shapes (inputs, outputs) and (outputs,),
        and returns the weights and the thresholds, in the same shapes. It leaves the draws as they
        are.
    label : str
        What readers call it.
    """

    value: Callable[[Array, Array], tuple[Array, Array]]
    label: Shown[str]


def sigmoid(xp: ModuleType, a: Tensor) -> Tensor:
    """Return 1 / (1 + exp(-a)), elementwise; 0 where exp(-a) overflows."""
    if xp is not np or not np.ndim(a):
        return 1.0 / (1.0 + xp.exp(-a))
    e = np.negative(a)  # in place: large arrays spend their time on memory access
    np.exp(e, out=e)
    e += 1.0
    return np.divide(1.0, e, out=e)


def sigmoid_prime(b: Array) -> Array:
    """Return the derivative of the sigmoid from its output b: b (1 - b), elementwise."""
    derivative = 1.0 - b
    derivative *= b
    return derivative


def tanh_prime(b: Array) -> Array:
    """Return the derivative of the hyperbolic tangent from its output b: 1 - b^2, elementwise."""
    square = b * b
    return np.subtract(1.0, square, out=square)


def node_axis(z: Tensor) -> int:
    """Return the axis of the output nodes: 0 of (l,), or the last but one of (..., l, F)."""
    return max(len(z.shape) - 2, 0)


def log_sum_exp(xp: ModuleType, z: Tensor) -> Tensor:
    """Return log(sum_j exp(z_j)) of the output nodes, finite for every finite z; keep the axis."""
    axis = node_axis(z)
    largest = xp.max(z, axis=axis, keepdims=True)
    return largest + xp.log(xp.sum(xp.exp(z - largest), axis=axis, keepdims=True))


def softmax(xp: ModuleType, z: Tensor) -> Tensor:
    """Return exp(z_j) / sum_j exp(z_j) for each output node, without overflow."""
    axis = node_axis(z)
    e = xp.exp(z - xp.max(z, axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(
        value=sigmoid,
        derivative=lambda a, b: sigmoid_prime(b),
        formula="1 / (1 + exp(-a))",
        derivative_formula="b (1 - b)",
        label="sigmoid",
    ),
    "tanh": Activation(
        value=lambda xp, a: xp.tanh(a),
        derivative=lambda a, b: tanh_prime(b),
        formula="tanh(a)",
        derivative_formula="(1 - b^2)",
        label="tanh",
    ),
    "relu": Activation(
        value=lambda xp, a: xp.maximum(a, 0.0),
        derivative=lambda a, b: np.sign(b),
        formula="max(a, 0)",
        derivative_formula="[b > 0]",
        label="ReLU",
    ),
}

OUTPUTS: dict[str, Output] = {
    "sigmoid": Output(value=sigmoid, formula="1 / (1 + exp(-z))"),
    "softmax": Output(value=softmax, formula="exp(z) / sum of exp(z)"),
}

COSTS: dict[str, Cost] = {
    "squared_error": Cost(
        value=lambda xp, z, y: 0.5 * (sigmoid(xp, z) - y) ** 2,
        error=lambda yhat, y: (yhat - y) * sigmoid_prime(yhat),
        formula="1/2 (yhat - y)^2",
        error_formula="(yhat - y) yhat (1 - yhat)",
        unit="half squared error",
        label="squared error",
    ),
    # Written in z, not in yhat: log(yhat) loses all digits where yhat rounds to 0 or 1.
    "cross_entropy": Cost(
        value=lambda xp, z, y: xp.logaddexp(0.0, z) - y * z,
        error=lambda yhat, y: yhat - y,
        formula="-y log(yhat) - (1 - y) log(1 - yhat)",
        error_formula="yhat - y",
        unit="nats",
        label="cross entropy",
        # Of several outputs, only the output of the right class has a cost: -log of its softmax.
        several=Cost(
            value=lambda xp, z, y: y * (log_sum_exp(xp, z) - z),
            error=lambda yhat, y: yhat - y,
            formula="-y log(yhat)",
            error_formula="yhat - y",
            unit="nats",
            label="cross entropy",
            output="softmax",
        ),
    ),
}

INITIALISATIONS: dict[str, Initialisation] = {
    # The lecture's: every parameter is drawn from U(0, 1).
    "uniform": Initialisation(
        value=lambda weights, thresholds: (weights, thresholds),
        label="uniform",
    ),
    # Glorot & Bengio (2010), equation 16: weights in +-sqrt(6 / (inputs + outputs)), thresholds 0.
    "glorot": Initialisation(
        value=lambda weights, thresholds: (
            (2.0 * weights - 1.0) * np.sqrt(6.0 / sum(weights.shape[:2])),
            np.zeros_like(thresholds),
        ),
        label="Glorot",
    ),
}


def cost_of(name: str, outputs: int) -> Cost:
    """Return the cost of a network: an entry of `COSTS`, or what it has for several outputs."""
    cost = COSTS[name]
    return cost.several if outputs > 1 and cost.several else cost


def probabilities(z: Array, cost: str) -> Array:
    """Return the predicted probabilities of the classes.

    Parameters
    ----------
    z : array, shape (n, l, F)
        beta + theta of n samples.
    cost : str
        An entry of `COSTS`.

    Returns
    -------
    array, shape (n, l, F)
        With one output P(y = 1), its yhat. With several the probability of each class: its share in
        the sum of all yhat; equal shares if the sum is 0. NaN where a z is NaN.
    """
    outputs = z.shape[1]
    yhat: Array = OUTPUTS[cost_of(cost, outputs).output].value(np, z)
    if outputs == 1:
        return yhat
    total = yhat.sum(axis=1, keepdims=True)
    return np.where(total == 0, 1 / outputs, yhat / np.where(total == 0, 1.0, total))
