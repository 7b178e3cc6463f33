"""The first update of a network, number by number, in the lecture's symbols."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import starting_layers
from backprop.network import plain
from backprop.network.functions import ACTIVATIONS, OUTPUTS, cost_of
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
    rows: list[dict[str, object]] = [
        {"part": line.part, "symbol": symbol, "formula": line.formula, "value": value}
        for line in (*update.start(inputs), *update.by_hand())
        for symbol, value in line.numbers()
    ]
    table = ONE_STEP.frame(rows)
    lines = update.by_autodiff(autodiff) if autodiff else []
    others = [value for line in lines for _, value in line.numbers()]
    table["autodiff"] = [*[np.nan] * (len(rows) - len(others)), *others]
    table["difference"] = (table["value"] - table["autodiff"]).abs()
    return table


STEMS = ("gamma", "alpha", "b", "error")  # of the symbols of a hidden node


class _Symbols(NamedTuple):
    """The symbols of a layer: of its parameters, and of what its nodes compute.

    Behind a line are the letters of the indices.
    """

    weight: str
    threshold: str
    weighted_sum: str
    output: str
    error: str


def _symbols_of(hidden: int, j: str) -> list[_Symbols]:
    """Return the symbols of each layer, first to last.

    Several hidden layers have their numbers in brackets. Several outputs have the index j, and
    their error a name apart from the errors of hidden nodes.
    """
    numbers = [f"({place})" for place in range(1, hidden + 1)] if hidden > 1 else [""]
    layers = [[f"v{number}_ih", *(f"{stem}{number}_h" for stem in STEMS)] for number in numbers]
    last = ("theta", "beta", "yhat", "error(out)" if j else "error")
    layers.append([f"w_h{j[1:]}", *(stem + j for stem in last)])
    return [_Symbols._make(layer) for layer in layers]


class QuantityOfStep(NamedTuple):
    """A quantity: the part of the table that it is in, its symbol, formula and numbers.

    `named` is around its symbol, such as ``new {}``.
    """

    part: str
    symbol: str
    formula: str
    values: Array
    named: str = "{}"

    def numbers(self) -> Iterator[tuple[str, float]]:
        """Yield each number and its symbol, with indices that count from 1."""
        values = np.asarray(self.values)
        stem, _, indices = self.symbol.partition("_")
        shape = values.shape[: len(indices)]  # a single output has no index
        for place, value in np.ndenumerate(values.reshape(shape)):
            at = f"{stem}_{','.join(str(index + 1) for index in place)}" if place else self.symbol
            yield self.named.format(at), float(value)


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
    def _j(self) -> str:
        """The index of several outputs."""
        return "_j" if len(self.y) > 1 else ""

    def start(self, inputs: Sequence[str]) -> Iterator[QuantityOfStep]:
        """Yield what the update starts from; `inputs` says of each input what it is."""
        symbols = _symbols_of(len(self.layers) - 1, self._j)
        for i, words in enumerate(inputs):
            yield QuantityOfStep("given", f"x_{i + 1}", words, self.x[i])
        of_class = "1 for its class, else 0" if self._j else "its class"
        yield QuantityOfStep("given", f"y{self._j}", of_class, self.y)
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
        chosen = cost_of(cost, len(self.y))
        sums, outputs = plain.forward(self.layers, self.x, activation, chosen.output)
        errors = plain.errors(self.layers, sums, outputs, self.y, activation, cost)
        updated, memory = copy_layers(self.layers), self.memory and self.memory.copy()
        sample, eta = (self.x[None], self.y[None]), np.array([self.configuration.learning_rate])
        method = Method(activation, cost, l2=self.configuration.l2, memory=memory)
        plain.train_network(updated, *sample, eta, method)
        value = chosen.value(np, sums[-1], self.y)
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
        configuration, cost_entry = (
            self.configuration,
            cost_of(self.configuration.cost, len(self.y)),
        )
        symbols, j = _symbols_of(len(self.layers) - 1, self._j), self._j
        below = ["x_i", *(own.output for own in symbols)]
        activation = ACTIVATIONS[configuration.activation]
        functions = [activation.formula] * (len(symbols) - 1)
        functions += [re.sub(r"\bz\b", "a", OUTPUTS[cost_entry.output].formula)]  # as hidden ones
        for layer, (own, formula) in enumerate(zip(symbols, functions, strict=True)):
            total = f"sum of {own.weight} {below[layer]}"
            yield QuantityOfStep("forward", own.weighted_sum, total, sums[layer])
            formula += _meanings(formula, own)
            yield QuantityOfStep("forward", own.output, formula, outputs[layer])
        yield QuantityOfStep("forward", f"E{j}", _indexed(cost_entry.formula, j), cost)
        if j:
            yield QuantityOfStep("forward", "E", "sum of E_j", cost.sum())
        slope = activation.derivative_formula
        of_errors = [
            f"{slope} sum of {above.error} {above.weight}{_meanings(slope, own)}"
            for own, above in pairwise(symbols)
        ]
        of_errors.append(_indexed(cost_entry.error_formula, j))
        backwards = [*enumerate(symbols)][::-1]
        for layer, own in backwards:
            yield QuantityOfStep("error", own.error, of_errors[layer], gradients[layer][1])
        for layer, own in backwards:
            formulas = f"{own.error} {below[layer]}", own.error
            for symbol, formula, values in zip(own[:2], formulas, gradients[layer], strict=True):
                yield QuantityOfStep("gradient", symbol, formula, values, "dE/d{}")
        constants = {key: f"{getattr(configuration, key):g}" for key in Constants._fields}
        eta = constants["eta"] = f"{configuration.learning_rate:g}"
        if self.memory and configuration.optimiser == "adam":
            constants["eta"] = rate = f"eta({self.memory.updates + 1})"
            formula = "{eta} sqrt(1 - {beta_2}) / (1 - {beta_1})".format(**constants | {"eta": eta})
            t = self.memory.updates + np.ones(1)
            correction = adam_correction(np, t, self.memory.constants)
            yield QuantityOfStep("update", rate, formula, configuration.learning_rate * correction)
        steps = OPTIMISERS[configuration.optimiser].formulas
        new_layers = [*(memory.slots if memory else []), updated]
        for layer, own in backwards:
            for part, symbol in enumerate(own[:2]):
                g = f"dE/d{symbol}"
                if part == 0 and configuration.l2:
                    g = f"({g} + {configuration.l2:g} {symbol})"
                for (named, step), new in zip(steps, new_layers, strict=True):
                    formula, named = step.format(p=symbol, g=g, **constants), named.format(p="{}")
                    yield QuantityOfStep(
                        "update", symbol, formula, new[layer][part], f"new {named}"
                    )


def _indexed(formula: str, j: str) -> str:
    """Return a formula in yhat and y with the index of the output nodes."""
    return re.sub(r"\b(yhat|y)\b", rf"\1{j}", formula)


def _meanings(formula: str, symbols: _Symbols) -> str:
    """Say what a and b are, if they occur in the formula of an activation or its derivative."""
    meanings = {"a": f"{symbols.weighted_sum} + {symbols.threshold}", "b": symbols.output}
    names = re.findall(r"\w+", formula)
    return "".join(f", {key} = {words}" for key, words in meanings.items() if key in names)
