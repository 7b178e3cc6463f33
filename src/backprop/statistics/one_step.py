"""The first update of a network, number by number, in the lecture's symbols."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import starting_layers
from backprop.network import plain
from backprop.network.functions import ACTIVATIONS, OUTPUTS, Cost, cost_of
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method, adam_correction
from backprop.network.parameters import Layer, copy_layers, map_layers, output_nodes
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
    autodiff: Callable[..., object] | None = None,
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
        A row of `backprop.statistics.tables.Step` per number: its value is of
        `backprop.network.plain`. There is no value of autodiff for given numbers, and none without
        TensorFlow. With several hidden layers, a symbol has its layer in brackets.
    """
    order = stream(seed, "order", split.repeat, split.fold).permutation(split.train.size)
    row = int(split.train[order[0]])
    encoder = Encoder.of(dataset, split.train)
    x = encoder.apply(dataset.x)[row]
    outputs = output_nodes(len(dataset.classes))
    y = np.equal(dataset.y[row], 1 if outputs == 1 else np.arange(outputs)).astype(float).ravel()
    layers = starting_layers(configuration, x.size, seed, split, outputs)
    memory = Memory.of(configuration.optimiser, layers, Constants(**configuration.constants))
    update = Update(configuration, layers, x, y, memory)
    inputs = [f"standardised features of row {row + 1}"] * x.size
    if encoder.names != dataset.features:
        inputs = [f"{name} of row {row + 1}, standardised" for name in encoder.names]
    start, by_hand = list(update.start(inputs)), list(update.by_hand())
    others: list[QuantityOfStep | None] = [None] * len(start)
    others += update.by_autodiff(autodiff) if autodiff else [None] * len(by_hand)
    lines = zip([*start, *by_hand], others, strict=True)
    return ONE_STEP.frame([row for line, other in lines for row in _rows(line, other)])


class _Symbol(NamedTuple):
    """A symbol of the lecture, and the letters of its indices."""

    stem: str
    indices: str = ""

    def __str__(self) -> str:
        return f"{self.stem}_{self.indices}" if self.indices else self.stem

    def at(self, place: Sequence[int]) -> str:
        """Return the symbol of one number, with indices that count from 1."""
        return str(self._replace(indices=",".join(str(index + 1) for index in place)))


STEMS = ("gamma", "alpha", "b", "error")  # of the symbols of a hidden node


class _Symbols(NamedTuple):
    """The symbols of a layer: of its parameters, and of what its nodes compute."""

    weight: _Symbol
    threshold: _Symbol
    weighted_sum: _Symbol
    output: _Symbol
    error: _Symbol


def _symbols_of(hidden: int, outputs: int) -> list[_Symbols]:
    """Return the symbols of each layer, first to last.

    Several hidden layers have their numbers in brackets. Several outputs have the index j, and
    their error a name apart from the errors of hidden nodes.
    """
    numbers = [f"({place})" for place in range(1, hidden + 1)] if hidden > 1 else [""]
    j = _index_of_outputs(outputs)
    layers = [
        [_Symbol(f"v{number}", "ih"), *(_Symbol(f"{stem}{number}", "h") for stem in STEMS)]
        for number in numbers
    ]
    last = ("theta", "beta", "yhat", "error(out)" if j else "error")
    layers.append([_Symbol("w", "h" + j), *(_Symbol(stem, j) for stem in last)])
    return [_Symbols._make(layer) for layer in layers]


def _index_of_outputs(outputs: int) -> str:
    return "j" if outputs > 1 else ""


class QuantityOfStep(NamedTuple):
    """A quantity: the part of the table that it is in, its symbol, formula and numbers.

    `named` is around its symbol, such as ``new {}``.
    """

    part: str
    symbol: _Symbol
    formula: str
    values: Array
    named: str = "{}"

    def numbers(self) -> Iterator[tuple[str, float]]:
        """Yield each number and its symbol, with indices that count from 1."""
        values = np.asarray(self.values)
        shape = values.shape[: len(self.symbol.indices)]  # a single output has no index
        for place, value in np.ndenumerate(values.reshape(shape)):
            yield self.named.format(self.symbol.at(place)), float(value)


class Update(NamedTuple):
    """An update of a network for one sample, before it is taken.

    Attributes
    ----------
    configuration : Configuration
    layers : list of (weights, thresholds)
    x, y : arrays, shapes (d,) and (l,)
        The inputs and the targets.
    memory : Memory or None
        What the optimiser remembers.
    """

    configuration: Configuration
    layers: list[Layer]
    x: Array
    y: Array
    memory: Memory | None

    @property
    def symbols(self) -> list[_Symbols]:
        """The symbols of each layer."""
        return _symbols_of(len(self.layers) - 1, len(self.y))

    @property
    def cost_entry(self) -> Cost:
        """The cost, for as many outputs as the network has."""
        return cost_of(self.configuration.cost, len(self.y))

    def start(self, inputs: Sequence[str]) -> Iterator[QuantityOfStep]:
        """Yield what the update starts from; `inputs` says of each input what it is."""
        symbols = self.symbols
        for i, words in enumerate(inputs):
            yield QuantityOfStep("given", _Symbol(f"x_{i + 1}"), words, self.x[i])
        of_class = "its class" if len(self.y) == 1 else "1 for its class, else 0"
        target = _Symbol("y", _index_of_outputs(len(self.y)))
        yield QuantityOfStep("given", target, of_class, self.y)
        for own, (weights, thresholds) in zip(symbols, self.layers, strict=True):
            yield QuantityOfStep("given", own.weight, "starting weight", weights)
            yield QuantityOfStep("given", own.threshold, "starting threshold", thresholds)
        remembered = "what is remembered: 0 before the first update"
        slots = OPTIMISERS[self.configuration.optimiser].slots
        for slot, layers in zip(slots, self.memory.slots if self.memory else [], strict=True):
            for own, layer in zip(symbols, layers, strict=True):
                for symbol, values in zip(own[:2], layer, strict=True):
                    yield QuantityOfStep("given", symbol, remembered, values, f"{slot}({{}})")

    def by_hand(self) -> Iterator[QuantityOfStep]:
        """Yield what `plain` calculates."""
        activation, cost = self.configuration.activation, self.configuration.cost
        sums, outputs = plain.forward(self.layers, self.x, activation, self.cost_entry.output)
        errors = plain.errors(self.layers, sums, outputs, self.y, activation, cost)
        updated, memory = copy_layers(self.layers), self.memory and self.memory.copy()
        sample, eta = (self.x[None], self.y[None]), np.array([self.configuration.learning_rate])
        method = Method(activation, cost, l2=self.configuration.l2, memory=memory)
        plain.train_network(updated, *sample, eta, method)
        value = self.cost_entry.value(np, sums[-1], self.y)
        sums = [o @ weights for o, (weights, _) in zip(outputs, self.layers, strict=False)]
        gradients = plain.mean_gradients(self.layers, [(outputs, errors, 1.0)], 0.0)
        return self._calculated(sums, outputs[1:], value, gradients, updated, memory)

    def by_autodiff(self, autodiff: Callable[..., Any]) -> Iterator[QuantityOfStep]:
        """Yield what follows from the gradients of `backprop.network.autodiff.step`."""
        eta, l2 = self.configuration.learning_rate, self.configuration.l2
        activation, cost = self.configuration.activation, self.configuration.cost
        sums, outputs, value, gradients = autodiff(self.layers, self.x, self.y, activation, cost)
        pairs = zip(gradients, self.layers, strict=True)
        decayed = [(own + l2 * weights, thresholds) for (own, thresholds), (weights, _) in pairs]
        updated, memory = copy_layers(self.layers), self.memory and self.memory.copy()
        if memory:
            memory.step(updated, decayed, np.array(eta))
        else:
            updated = map_layers(lambda values, slope: values - eta * slope, updated, decayed)
        return self._calculated(sums, outputs, value, gradients, updated, memory)

    def _calculated(
        self,
        sums: list[Array],
        outputs: list[Array],
        cost: Array,
        gradients: list[Layer],
        updated: list[Layer],
        memory: Memory | None,
    ) -> Iterator[QuantityOfStep]:
        """Yield every quantity of an update, in the order of the calculation.

        Parameters
        ----------
        sums, outputs : list of arrays, shapes (nodes,)
            Of each layer, first to last: alpha of each hidden layer, beta; b of each hidden layer,
            yhat.
        cost : array, shape (l,)
            E.
        gradients, updated : list of (weights, thresholds)
            Of shapes (inputs, outputs) and (outputs,): dE/dw and dE/dtheta; the new parameters. The
            gradient of a threshold is the error of its node.
        memory : Memory or None
            What the optimiser remembers after the update; None of gradient descent.
        """
        configuration, symbols = self.configuration, self.symbols
        below = [_Symbol("x", "i"), *(own.output for own in symbols)]
        for layer, own in enumerate(symbols):
            total = f"sum of {own.weight} {below[layer]}"
            yield QuantityOfStep("forward", own.weighted_sum, total, sums[layer])
            yield QuantityOfStep("forward", own.output, self._output_formula(layer), outputs[layer])
        j = _index_of_outputs(len(self.y))
        yield QuantityOfStep("forward", _Symbol("E", j), _indexed(self.cost_entry.formula, j), cost)
        if j:
            yield QuantityOfStep("forward", _Symbol("E"), "sum of E_j", cost.sum())
        backwards = [*reversed([*enumerate(symbols)])]
        for layer, own in backwards:
            formula = self._error_formula(layer)
            yield QuantityOfStep("error", own.error, formula, gradients[layer][1])
        for layer, own in backwards:
            weights, thresholds = gradients[layer]
            formula = f"{own.error} {below[layer]}"
            yield QuantityOfStep("gradient", own.weight, formula, weights, "dE/d{}")
            yield QuantityOfStep("gradient", own.threshold, f"{own.error}", thresholds, "dE/d{}")
        rate = ""
        if self.memory and configuration.optimiser == "adam":
            rate = f"eta({self.memory.updates + 1})"
            eta = configuration.learning_rate
            roots = f"sqrt(1 - {configuration.beta_2:g}) / (1 - {configuration.beta_1:g})"
            formula = f"{eta:g} {roots}"
            t = self.memory.updates + np.ones(1)
            correction = adam_correction(np, t, self.memory.constants)
            yield QuantityOfStep("update", _Symbol(rate), formula, eta * correction)
        for layer, own in backwards:
            for part, symbol in enumerate((own.weight, own.threshold)):
                remembered = [slot[layer][part] for slot in (memory.slots if memory else [])]
                formulas = _step_formulas(configuration, f"{symbol}", rate, is_weight=part == 0)
                values = [*remembered, updated[layer][part]]
                for (named, formula), each in zip(formulas, values, strict=True):
                    yield QuantityOfStep("update", symbol, formula, each, f"new {named}")

    def _output_formula(self, layer: int) -> str:
        if layer == len(self.layers) - 1:
            formula = OUTPUTS[self.cost_entry.output].formula
            formula = _renamed(formula, {"z": "a"})  # as in the hidden layers
        else:
            formula = ACTIVATIONS[self.configuration.activation].formula
        return formula + _meanings(formula, self.symbols[layer])

    def _error_formula(self, layer: int) -> str:
        if layer == len(self.layers) - 1:
            return _indexed(self.cost_entry.error_formula, _index_of_outputs(len(self.y)))
        slope = ACTIVATIONS[self.configuration.activation].derivative_formula
        own, above = self.symbols[layer : layer + 2]
        return f"{slope} sum of {above.error} {above.weight}{_meanings(slope, own)}"


def _step_formulas(
    configuration: Configuration, symbol: str, rate: str, *, is_weight: bool
) -> Iterator[tuple[str, str]]:
    """Yield what becomes new by the gradient of a parameter, and its formula.

    `rate` is the symbol of Adam's learning rate.
    """
    g, eta = f"dE/d{symbol}", f"{configuration.learning_rate:g}"
    if is_weight and configuration.l2:
        g = f"({g} + {configuration.l2:g} {symbol})"
    constants = {key: f"{getattr(configuration, key):g}" for key in Constants._fields}
    values = {"p": symbol, "g": g, "eta": rate or eta, **constants}
    for named, formula in OPTIMISERS[configuration.optimiser].formulas:
        yield named.format(p="{}"), formula.format(**values)


def _indexed(formula: str, index: str) -> str:
    """Return a formula in yhat and y with the index of the output nodes."""
    return _renamed(formula, {stem: str(_Symbol(stem, index)) for stem in ("yhat", "y")})


def _meanings(formula: str, symbols: _Symbols) -> str:
    """Say what a and b are, if they occur in the formula of an activation or its derivative."""
    meanings = {"a": f"{symbols.weighted_sum} + {symbols.threshold}", "b": f"{symbols.output}"}
    names = _names(formula)
    return "".join(f", {key} = {words}" for key, words in meanings.items() if key in names)


def _renamed(formula: str, names: Mapping[str, str]) -> str:
    return "".join(names.get(part, part) for part in _names(formula))


def _names(formula: str) -> list[str]:
    """Return the names and numbers of a formula, and what is between them."""
    return re.split(r"(\w+)", formula)


def _rows(line: QuantityOfStep, other: QuantityOfStep | None) -> Iterator[dict[str, object]]:
    """Yield the row of each number of a quantity, with the same number by autodiff."""
    numbers = list(line.numbers())
    others = [own for _, own in other.numbers()] if other else [np.nan] * len(numbers)
    for (symbol, value), own in zip(numbers, others, strict=True):
        yield {
            "part": line.part,
            "symbol": symbol,
            "formula": line.formula,
            "value": value,
            "autodiff": own,
            "difference": abs(value - own),
        }
