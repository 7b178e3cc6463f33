"""Activation and cost functions: each a value and a derivative, in one table each.

A value is written once for every array library: its first argument `xp` is a namespace with
NumPy's names (NumPy itself, or TensorFlow's NumPy interface, which differentiates the value on its
own). A derivative is written by hand from the *output*, as the lecture writes it.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Layer = tuple[Array, Array]  # weights and thresholds


class Activation(NamedTuple):
    """An activation function sigma of a hidden layer.

    Attributes
    ----------
    value : callable
        ``value(xp, a)``: sigma(a), elementwise.
    derivative : callable
        ``derivative(b)``: sigma'(a), elementwise, from the output b = sigma(a).
    formula, derivative_formula : str
        The same for a reader, in a and in b.
    """

    value: Callable[[ModuleType, Any], Any]
    derivative: Callable[[Array], Array]
    formula: str
    derivative_formula: str


class Cost(NamedTuple):
    """The cost E of one output, as a function of z = beta + theta, the input of its sigmoid.

    Attributes
    ----------
    value : callable
        ``value(xp, z, y)``: E, elementwise; finite for every finite z.
    error : callable
        ``error(yhat, y)``: dE/dz, elementwise, from the output yhat = sigmoid(z): what the lecture
        calls the error of the output layer.
    formula, error_formula : str
        The same for a reader, in yhat and y.
    """

    value: Callable[[ModuleType, Any, Any], Any]
    error: Callable[[Array, Array], Array]
    formula: str
    error_formula: str


def sigmoid(xp: ModuleType, a: Any) -> Any:
    """Return 1 / (1 + exp(-a)), elementwise; 0 where exp(-a) overflows."""
    e = xp.exp(-a)
    e += 1.0  # in place in NumPy, where a stack's time goes into memory
    return 1.0 / e


def sigmoid_prime(b: Array) -> Array:
    """Return b (1 - b), elementwise: the slope of the sigmoid, from its output b."""
    slope = 1.0 - b
    slope *= b
    return slope


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(sigmoid, sigmoid_prime, "1 / (1 + exp(-a))", "b (1 - b)"),
    "tanh": Activation(lambda xp, a: xp.tanh(a), lambda b: 1.0 - b * b, "tanh(a)", "(1 - b^2)"),
    "relu": Activation(
        lambda xp, a: xp.maximum(a, 0.0), lambda b: np.sign(b), "max(a, 0)", "[b > 0]"
    ),
}

COSTS: dict[str, Cost] = {
    "squared_error": Cost(
        lambda xp, z, y: 0.5 * (sigmoid(xp, z) - y) ** 2,
        lambda yhat, y: (yhat - y) * sigmoid_prime(yhat),
        "1/2 (yhat - y)^2",
        "(yhat - y) yhat (1 - yhat)",
    ),
    # -y log(yhat) - (1 - y) log(1 - yhat), written in z so that a saturated yhat costs no digits.
    "cross_entropy": Cost(
        lambda xp, z, y: xp.logaddexp(0.0, z) - y * z,
        lambda yhat, y: yhat - y,
        "-y log(yhat) - (1 - y) log(1 - yhat)",
        "yhat - y",
    ),
}

INITIALISATIONS: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    # The lecture's: every parameter within (0, 1).
    "uniform": lambda weights, thresholds: (weights, thresholds),
    # Glorot & Bengio (2010): weights in +-sqrt(6 / (inputs + outputs)), thresholds 0.
    "glorot": lambda weights, thresholds: (
        (2.0 * weights - 1.0) * np.sqrt(6.0 / sum(weights.shape[:2])),
        np.zeros_like(thresholds),
    ),
}
"""How a layer's starting parameters are made from draws of U(0, 1) of the same shapes:
(inputs, outputs) weights and (outputs,) thresholds."""
