"""The first update of a network, number by number, in the lecture's symbols."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import starting_layers
from backprop.network import stacked
from backprop.network.functions import ACTIVATIONS, OUTPUTS, cost_of
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, adam_correction
from backprop.network.parameters import Layer, output_nodes
from backprop.statistics.tables import ONE_STEP
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.typing import Array


def follow_first_update(
    configuration: Configuration,
    dataset: Dataset,
    split: Split,
    seed: int,
    autodiff: Callable[..., Any] | None = None,
) -> pd.DataFrame:
    """Compute the first update of a fit by hand, and by autodiff, and list every number.

    The update is for the first sample of the first epoch alone, without the others of a batch, from
    the starting weights.

    Parameters
    ----------
    configuration : Configuration
    dataset : Dataset
    split : Split
    seed : int
        The seed of the config, from which starting weights and sample order derive.
    autodiff : callable, optional
        `backprop.network.autodiff.step`, which needs TensorFlow.

    Returns
    -------
    DataFrame
        A row per number: part (given, forward, error, gradient, update), symbol, formula, value
        (from `backprop.network.stacked`), autodiff (from TensorFlow; NaN for given numbers, and
        without it) and difference (absolute). With several hidden layers, a symbol has its layer in
        brackets.
    """
    order = stream(seed, "order", split.repeat, split.fold).permutation(split.train.size)
    row = int(split.train[order[0]])
    encoder = Encoder.of(dataset, split.train)
    x = encoder.apply(dataset.x)[row]
    outputs = output_nodes(len(dataset.classes))
    y = np.equal(dataset.y[row], 1 if outputs == 1 else np.arange(outputs)).astype(float).ravel()
    layers = starting_layers(configuration, x.size, seed, split, outputs)
    symbols = _Symbols(hidden=len(configuration.hidden), outputs=outputs)
    by_hand = _by_symbol(configuration, _step_by_hand(configuration, layers, x, y), symbols)
    by_hand |= _given_by_symbol(layers, x, y, symbols)
    for slot in OPTIMISERS[configuration.optimiser].slots:
        zeros = [(np.zeros_like(weights), np.zeros_like(own)) for weights, own in layers]
        by_hand |= _by_parameter(f"{slot}({{}})", zeros, symbols)
    by_autodiff = {}
    if autodiff:
        step = _step_by(autodiff, configuration, layers, x, y)
        by_autodiff = _by_symbol(configuration, step, symbols)
    table = ONE_STEP.frame(
        [
            {"part": part, "symbol": name, "formula": formula, **numbers}
            for part, symbol, formula in _formulas(configuration, symbols, row)
            for name, numbers in _numbered(symbol, by_hand[symbol], by_autodiff.get(symbol))
        ]
    )
    if encoder.names != dataset.features:  # the inputs come first
        named = [f"{name} of row {row + 1}, standardised" for name in encoder.names]
        table.loc[: x.size - 1, "formula"] = named
    return table


FIRST_RATE = "eta(1)"
"""The learning rate of Adam in the first update."""


class _Step(NamedTuple):
    """The numbers of one update of a network. Each list has an item per layer, first to last.

    Attributes
    ----------
    sums : list of arrays, shapes (nodes,)
        alpha of each hidden layer, beta.
    outputs : list of arrays, shapes (nodes,)
        b of each hidden layer, yhat.
    cost : array, shape (l,)
        E.
    errors : list of arrays, shapes (nodes,)
        dE/d(alpha + gamma) of each hidden layer, dE/d(beta + theta).
    gradients, updated : list of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,): dE/dw and dE/dtheta; the new parameters.
    remembered : list of lists of (weights, thresholds)
        What the optimiser remembers after the update, by slot; none of gradient descent.
    """

    sums: list[Array]
    outputs: list[Array]
    cost: Array
    errors: list[Array]
    gradients: list[Layer]
    updated: list[Layer]
    remembered: list[list[Layer]]


def _memory(configuration: Configuration, layers: list[Layer]) -> Memory | None:
    return Memory.of(configuration.optimiser, layers, Constants(**configuration.constants))


def _step_by_hand(configuration: Configuration, layers: list[Layer], x: Array, y: Array) -> _Step:
    activation, cost = configuration.activation, cost_of(configuration.cost, len(y))
    # A stack has at least two networks, see `backprop.network.stacked`.
    stack: list[Layer] = [(_twice(weights), _twice(thresholds)) for weights, thresholds in layers]
    sums, stacked_outputs = stacked.forward(stack, _twice(x), activation, output=cost.output)
    stacked_errors = stacked.errors(
        stack, sums, stacked_outputs, _twice(y), activation, configuration.cost
    )
    eta = np.full(2, configuration.learning_rate)
    l2 = np.full(2, configuration.l2) if configuration.l2 else None
    memory = _memory(configuration, stack)
    if memory is None:
        stacked.update(stack, stacked_outputs, stacked_errors, eta, l2)
    else:
        stacked.remembering_update(stack, stacked_outputs, stacked_errors, eta, l2, memory)

    x, *outputs = (output[:, 0] for output in stacked_outputs)
    inputs = [x, *outputs[:-1]]  # of each layer
    errors = [error[:, 0] for error in stacked_errors]
    return _Step(
        sums=[below @ weights for below, (weights, _) in zip(inputs, layers, strict=True)],
        outputs=outputs,
        cost=cost.value(np, sums[-1][:, 0], y),
        errors=errors,
        gradients=[
            (np.outer(below, error), error) for below, error in zip(inputs, errors, strict=True)
        ],
        updated=[(weights[..., 0], thresholds[..., 0]) for weights, thresholds in stack],
        remembered=memory.take(0).slots if memory else [],
    )


def _step_by(
    autodiff: Callable[..., Any],
    configuration: Configuration,
    layers: list[Layer],
    x: Array,
    y: Array,
) -> _Step:
    sums, outputs, cost_value, gradients = autodiff(
        layers, x, y, configuration.activation, configuration.cost
    )
    eta, l2 = configuration.learning_rate, configuration.l2
    decayed = [
        (of_weights + l2 * weights, of_thresholds)
        for (of_weights, of_thresholds), (weights, _) in zip(gradients, layers, strict=True)
    ]
    updated = [(weights.copy(), thresholds.copy()) for weights, thresholds in layers]
    memory = _memory(configuration, layers)
    if memory:
        memory.step(updated, decayed, np.array(eta))
    else:
        for layer, own in zip(updated, decayed, strict=True):
            for parameters, gradient in zip(layer, own, strict=True):
                parameters -= eta * gradient
    return _Step(
        sums=sums,
        outputs=outputs,
        cost=cost_value,
        errors=[thresholds for _, thresholds in gradients],  # dE/d(threshold) is the error
        gradients=gradients,
        updated=updated,
        remembered=memory.slots if memory else [],
    )


def _twice(values: Array) -> Array:
    return np.stack([values, values], axis=-1)


class _Symbols(NamedTuple):
    """The lecture's symbols. With several hidden layers, each has its layer in brackets.

    Those of the output layer have the index j if there are several outputs.
    """

    hidden: int  # the number of hidden layers; layer `hidden` is the output layer
    outputs: int

    def of_output(self, symbol: str) -> str:
        return f"{symbol}_j" if self.outputs > 1 else symbol

    def _brackets(self, layer: int) -> str:
        return f"({layer + 1})" if self.hidden > 1 else ""

    def weight(self, layer: int) -> str:
        j = "j" if self.outputs > 1 else ""
        return f"w_h{j}" if layer == self.hidden else f"v{self._brackets(layer)}_ih"

    def threshold(self, layer: int) -> str:
        return (
            self.of_output("theta") if layer == self.hidden else f"gamma{self._brackets(layer)}_h"
        )

    def weighted_sum(self, layer: int) -> str:
        return self.of_output("beta") if layer == self.hidden else f"alpha{self._brackets(layer)}_h"

    def output(self, layer: int) -> str:
        if layer < 0:
            return "x_i"
        return self.of_output("yhat") if layer == self.hidden else f"b{self._brackets(layer)}_h"

    def error(self, layer: int) -> str:
        output = "error(out)_j" if self.outputs > 1 else "error"  # apart from those of h
        return output if layer == self.hidden else f"error{self._brackets(layer)}_h"


def _given_by_symbol(
    layers: list[Layer], x: Array, y: Array, symbols: _Symbols
) -> dict[str, Array]:
    return {"x_i": x, symbols.of_output("y"): y, **_by_parameter("{}", layers, symbols)}


def _by_parameter(named: str, layers: Sequence[Layer], symbols: _Symbols) -> dict[str, Array]:
    """Return numbers of all parameters by symbols such as ``new w_h``, if `named` is ``new {}``."""
    values = {}
    for layer, (weights, thresholds) in enumerate(layers):
        values[named.format(symbols.weight(layer))] = weights
        values[named.format(symbols.threshold(layer))] = thresholds
    return values


def _by_symbol(configuration: Configuration, step: _Step, symbols: _Symbols) -> dict[str, Array]:
    values = {symbols.of_output("E"): step.cost, "E": step.cost.sum(keepdims=True)}
    for layer in range(symbols.hidden + 1):
        values[symbols.weighted_sum(layer)] = step.sums[layer]
        values[symbols.output(layer)] = step.outputs[layer]
        values[symbols.error(layer)] = step.errors[layer]
    values |= _by_parameter("dE/d{}", step.gradients, symbols)
    values |= _by_parameter("new {}", step.updated, symbols)
    slots = OPTIMISERS[configuration.optimiser].slots
    for slot, layers in zip(slots, step.remembered, strict=True):
        values |= _by_parameter(f"new {slot}({{}})", layers, symbols)
    correction = adam_correction(np, np.ones(1), Constants(**configuration.constants))
    return {**values, FIRST_RATE: configuration.learning_rate * correction}


def _formulas(
    configuration: Configuration, symbols: _Symbols, row: int
) -> Iterator[tuple[str, str, str]]:
    """Yield the part, the symbol and the formula of every quantity, in the order of the table."""
    layers = range(symbols.hidden + 1)
    yield "given", "x_i", f"standardised features of row {row + 1}"
    of_class = "its class" if symbols.outputs == 1 else "1 for its class, else 0"
    yield "given", symbols.of_output("y"), of_class
    for layer in layers:
        yield "given", symbols.weight(layer), "starting weight"
        yield "given", symbols.threshold(layer), "starting threshold"
    for slot in OPTIMISERS[configuration.optimiser].slots:
        for layer in layers:
            for symbol in (symbols.weight(layer), symbols.threshold(layer)):
                yield "given", f"{slot}({symbol})", "what is remembered: 0 before the first update"
    for layer in layers:
        total = f"sum of {symbols.weight(layer)} {symbols.output(layer - 1)}"
        yield "forward", symbols.weighted_sum(layer), total
        yield "forward", symbols.output(layer), _output_formula(configuration, symbols, layer)
    cost = cost_of(configuration.cost, symbols.outputs)
    yield "forward", symbols.of_output("E"), _indexed(cost.formula, symbols)
    if symbols.outputs > 1:
        yield "forward", "E", "sum of E_j"
    for layer in reversed(layers):
        yield "error", symbols.error(layer), _error_formula(configuration, symbols, layer)
    for layer in reversed(layers):
        error = symbols.error(layer)
        yield "gradient", f"dE/d{symbols.weight(layer)}", f"{error} {symbols.output(layer - 1)}"
        yield "gradient", f"dE/d{symbols.threshold(layer)}", error
    if configuration.optimiser == "adam":
        eta, (beta_1, beta_2) = configuration.learning_rate, _betas(configuration)
        yield "update", FIRST_RATE, f"{eta:g} sqrt(1 - {beta_2}) / (1 - {beta_1})"
    for layer in reversed(layers):
        weight, threshold = symbols.weight(layer), symbols.threshold(layer)
        gradient = f"dE/d{weight}"
        if configuration.l2:
            gradient = f"({gradient} + {configuration.l2:g} {weight})"
        for symbol, g in ((weight, gradient), (threshold, f"dE/d{threshold}")):
            for name, formula in _step_formulas(configuration, symbol, g):
                yield "update", f"new {name}", formula


def _betas(configuration: Configuration) -> tuple[str, str]:
    return f"{configuration.beta_1:g}", f"{configuration.beta_2:g}"


def _step_formulas(configuration: Configuration, symbol: str, g: str) -> Iterator[tuple[str, str]]:
    """Yield what becomes new by the gradient g of a parameter, and its formula."""
    eta = f"{configuration.learning_rate:g}"
    beta_1, beta_2 = _betas(configuration)
    if configuration.optimiser == "momentum":
        yield f"u({symbol})", f"{configuration.momentum:g} u({symbol}) + {g}"
        yield symbol, f"{symbol} - {eta} new u({symbol})"
    elif configuration.optimiser == "adam":
        yield f"m({symbol})", f"{beta_1} m({symbol}) + (1 - {beta_1}) {g}"
        yield f"s({symbol})", f"{beta_2} s({symbol}) + (1 - {beta_2}) {g}^2"
        size = f"(sqrt(new s({symbol})) + {configuration.epsilon:g})"
        yield symbol, f"{symbol} - {FIRST_RATE} new m({symbol}) / {size}"
    else:
        yield symbol, f"{symbol} - {eta} {g}"


def _output_formula(configuration: Configuration, symbols: _Symbols, layer: int) -> str:
    if layer == symbols.hidden:
        output = cost_of(configuration.cost, symbols.outputs).output
        formula = re.sub(r"\bz\b", "a", OUTPUTS[output].formula)  # as in the hidden layers
    else:
        formula = ACTIVATIONS[configuration.activation].formula
    return formula + _meanings(formula, symbols, layer)


def _error_formula(configuration: Configuration, symbols: _Symbols, layer: int) -> str:
    if layer == symbols.hidden:
        return _indexed(cost_of(configuration.cost, symbols.outputs).error_formula, symbols)
    slope = ACTIVATIONS[configuration.activation].derivative_formula
    above = f"sum of {symbols.error(layer + 1)} {symbols.weight(layer + 1)}"
    return f"{slope} {above}{_meanings(slope, symbols, layer)}"


def _indexed(formula: str, symbols: _Symbols) -> str:
    """Return a formula in yhat and y with the indices of the output nodes."""
    return re.sub(r"\b(yhat|y)\b", lambda symbol: symbols.of_output(symbol[0]), formula)


def _meanings(formula: str, symbols: _Symbols, layer: int) -> str:
    """Say what a and b are, if they occur in the formula of an activation or its derivative."""
    meanings = {
        "a": f"{symbols.weighted_sum(layer)} + {symbols.threshold(layer)}",
        "b": symbols.output(layer),
    }
    return "".join(
        f", {symbol} = {meaning}"
        for symbol, meaning in meanings.items()
        if re.search(rf"\b{symbol}\b", formula)
    )


def _numbered(
    symbol: str, by_hand: Array, by_autodiff: Array | None
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each number of an array, and its name: the symbol with indices that count from 1."""
    stem, _, letters = symbol.removesuffix(")").rpartition("_")
    letters, end = letters if stem and letters.isalnum() else "", ")" * symbol.endswith(")")
    by_hand = by_hand.reshape(by_hand.shape[: len(letters)])  # a single output has no index
    if by_autodiff is None:
        by_autodiff = np.full(by_hand.shape, np.nan)
    by_autodiff = by_autodiff.reshape(by_hand.shape)
    for index in np.ndindex(by_hand.shape):
        numbers = ",".join(str(place + 1) for place in index)
        yield (
            f"{stem}_{numbers}{end}" if letters else symbol,
            {
                "value": float(by_hand[index]),
                "autodiff": float(by_autodiff[index]),
                "difference": float(abs(by_hand[index] - by_autodiff[index])),
            },
        )
