"""One step of back-propagation, number by number: the lecture's quantities for a real sample."""

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from backprop.data.dataset import Dataset, standardise
from backprop.models.networks import starting_layers
from backprop.network import autodiff as tensorflow_network
from backprop.network import stacked as network
from backprop.network.functions import ACTIVATIONS, COSTS
from backprop.network.parameters import Layer
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.typing import Array


def one_step(
    configuration: Configuration, dataset: Dataset, split: Split, seed: int
) -> pd.DataFrame:
    """Follow the first update of a fit: its first sample, from its starting weights.

    Parameters
    ----------
    configuration : Configuration
    dataset : Dataset
    split : Split
    seed : int
        As in `backprop.models.networks.train`.

    Returns
    -------
    DataFrame
        A row per number: part (given, forward, error, gradient, update), symbol, formula, value (by
        hand, from `backprop.network.stacked`), autodiff (of TensorFlow; missing for what is given) and
        difference. With more than one hidden layer, the layer stands in brackets.
    """
    row = int(
        split.train[
            stream(seed, "order", split.repeat, split.fold).permutation(split.train.size)[0]
        ]
    )
    x = standardise(dataset.x, split.train)[row]
    y = np.array([float(dataset.y[row])])
    layers = starting_layers(configuration, x.size, seed, split)
    activation, cost, eta = (
        configuration.activation,
        configuration.cost,
        configuration.learning_rate,
    )

    # By hand, as a stack of twice the same network: see `backprop.network.stacked`.
    stack: list[Layer] = [(_twice(w), _twice(t)) for w, t in layers]
    sums, outputs = network.forward(stack, _twice(x), activation)
    error = network.errors(stack, sums, outputs, _twice(y), activation, cost)
    before = [(w[..., 0].copy(), t[..., 0].copy()) for w, t in stack]
    network.update(stack, outputs, error, np.full(2, eta))

    sums_tf, outputs_tf, cost_tf, gradients_tf = tensorflow_network.step(
        layers, x, y, activation, cost
    )

    names = _Names(len(layers) - 1)
    rows: list[tuple[str, str, str, Array, Array | None]] = []
    rows.append(("given", "x_i", f"standardised features of row {row + 1}", x, None))
    rows.append(("given", "y", "its class", y, None))
    for place, (weights, thresholds) in enumerate(before):
        rows.append(("given", names.weight(place), "starting weight", weights, None))
        rows.append(("given", names.threshold(place), "starting threshold", thresholds, None))
    for place, (weights, _) in enumerate(before):
        last = place == len(layers) - 1
        below, sigma = (
            outputs[place][:, 0],
            "1 / (1 + exp(-a))" if last else ACTIVATIONS[activation].formula,
        )
        total = f"sum of {names.weight(place)} {names.output(place - 1)}"
        rows.append(("forward", names.sum(place), total, below @ weights, sums_tf[place]))
        formula = f"{sigma}, a = {names.sum(place)} + {names.threshold(place)}"
        value = outputs[place + 1][:, 0]
        rows.append(("forward", names.output(place), formula, value, outputs_tf[place]))
    rows.append(
        ("forward", "E", COSTS[cost].formula, COSTS[cost].value(np, sums[-1][:, 0], y), cost_tf)
    )
    for place in reversed(range(len(layers))):
        if place == len(layers) - 1:
            formula = COSTS[cost].error_formula
        else:
            slope = ACTIVATIONS[activation].derivative_formula
            above = f"sum of {names.error(place + 1)} {names.weight(place + 1)}"
            formula = f"{slope} {above}, b = {names.output(place)}"
        # dE/d(threshold) is the error, and what autodiff can tell of it.
        rows.append(
            ("error", names.error(place), formula, error[place][:, 0], gradients_tf[place][1])
        )
    for place in reversed(range(len(layers))):
        e, below = error[place][:, 0], outputs[place][:, 0]
        formula = f"{names.error(place)} {names.output(place - 1)}"
        values = np.outer(below, e)
        rows.append(
            ("gradient", f"dE/d{names.weight(place)}", formula, values, gradients_tf[place][0])
        )
        formula = names.error(place)
        rows.append(
            ("gradient", f"dE/d{names.threshold(place)}", formula, e, gradients_tf[place][1])
        )
    for place in reversed(range(len(layers))):
        for symbol, new, old, gradient in zip(
            (names.weight(place), names.threshold(place)),
            stack[place],
            layers[place],
            gradients_tf[place],
            strict=True,
        ):
            formula = f"{symbol} - {eta:g} dE/d{symbol}"
            rows.append(("update", f"new {symbol}", formula, new[..., 0], old - eta * gradient))
    return pd.DataFrame(itertools.chain.from_iterable(_numbered(*row) for row in rows))


class _Names:
    """The lecture's symbols: of one hidden layer without, of several with the layer in brackets."""

    def __init__(self, hidden: int) -> None:
        self.hidden = hidden

    def _layer(self, place: int) -> str:
        return f"({place + 1})" if self.hidden > 1 else ""

    def weight(self, place: int) -> str:
        return "w_h" if place == self.hidden else f"v{self._layer(place)}_ih"

    def threshold(self, place: int) -> str:
        return "theta" if place == self.hidden else f"gamma{self._layer(place)}_h"

    def sum(self, place: int) -> str:
        return "beta" if place == self.hidden else f"alpha{self._layer(place)}_h"

    def output(self, place: int) -> str:
        if place < 0:
            return "x_i"
        return "yhat" if place == self.hidden else f"b{self._layer(place)}_h"

    def error(self, place: int) -> str:
        return "error" if place == self.hidden else f"error{self._layer(place)}_h"


def _twice(values: Array) -> Array:
    return np.stack([values, values], axis=-1)


def _numbered(
    part: str, symbol: str, formula: str, value: Array, autodiff: Array | None
) -> Iterator[dict[str, object]]:
    """Divide an array into rows, the indices in the symbol replaced by numbers from 1."""
    stem, _, letters = symbol.rpartition("_") if "_" in symbol else (symbol, "", "")
    value = value.reshape(value.shape[: len(letters)])  # one output has no index of its own
    other: NDArray[np.float64] = (
        np.full(value.shape, np.nan) if autodiff is None else autodiff.reshape(value.shape)
    )
    for index in np.ndindex(value.shape):
        numbers = ",".join(str(place + 1) for place in index)
        yield {
            "part": part,
            "symbol": f"{stem}_{numbers}" if letters else symbol,
            "formula": formula,
            "value": float(value[index]),
            "autodiff": float(other[index]),
            "difference": float(abs(value[index] - other[index])),
        }
