import itertools

import numpy as np
import pytest
from complex_numpy import ComplexNumPy
from silu import SILU
from targets import draw_targets

from backprop.network import stacked
from backprop.network.functions import ACTIVATIONS, COSTS, cost_of

DEPTHS = {"one layer": (4,), "two layers": (4, 3), "three layers": (3, 4, 3)}
OUTPUTS = (1, 3)
EVERY_NETWORK = list(itertools.product([*ACTIVATIONS, "silu"], COSTS, DEPTHS.values(), OUTPUTS))
FEATURES, STACK = 3, 3


@pytest.fixture(autouse=True)
def silu(monkeypatch):
    """Add an activation whose derivative needs the sum that enters a node, not only its output."""
    monkeypatch.setitem(ACTIVATIONS, "silu", SILU)


def network_away_from_kinks(hidden, activation, nodes=3):
    """Draw a stack of networks and a sample for each.

    No sum that enters a node is near 0, where relu has no derivative, and in each layer a node has
    an output other than 0.
    """
    generator = np.random.default_rng(len(hidden))
    sizes = (FEATURES, *hidden, nodes)
    while True:
        layers = [
            (generator.normal(0, 0.8, (i, o, STACK)), generator.normal(0, 0.5, (o, STACK)))
            for i, o in itertools.pairwise(sizes)
        ]
        x = generator.normal(size=(FEATURES, STACK))
        y = draw_targets(generator, nodes, STACK)
        sums, outputs = stacked.forward(layers, x, activation)
        away = all((abs(a) > 0.01).all() for a in sums)
        if away and all((b != 0).any(axis=0).all() for b in outputs):
            return layers, x, y


def written_gradients(layers, x, y, activation, cost):
    """Return the gradients by back-propagation: what an update of rate 1 subtracts."""
    output = cost_of(cost, len(y)).output
    sums, outputs = stacked.forward(layers, x, activation, output=output)
    errors = stacked.errors(layers, sums, outputs, y, activation, cost)
    steps = [(np.zeros_like(w), np.zeros_like(t)) for w, t in layers]
    stacked.update(steps, outputs, errors, np.ones(STACK))
    return [-step for layer in steps for step in layer]


def total_cost(layers, x, y, activation, cost):
    """Return the cost of each network of the stack: the sum over its outputs."""
    sums, _ = stacked.forward(layers, x, activation)
    return cost_of(cost, len(y)).value(ComplexNumPy(), sums[-1], y).sum(axis=0)


@pytest.mark.parametrize(("activation", "cost", "hidden", "nodes"), EVERY_NETWORK)
def test_gradients_equal_complex_step_differences(activation, cost, hidden, nodes, monkeypatch):
    monkeypatch.setattr(stacked, "np", ComplexNumPy())
    real, x, y = network_away_from_kinks(hidden, activation, nodes)
    layers = [(w.astype(complex), t.astype(complex)) for w, t in real]
    written = written_gradients(real, x, y, activation, cost)
    for by_hand, parameters in zip(written, itertools.chain(*layers), strict=True):
        numeric = np.empty(parameters.shape)
        for index in np.ndindex(parameters.shape[:-1]):
            parameters[index] += 1e-30j
            value = total_cost(layers, x.astype(complex), y, activation, cost)
            parameters[index] = parameters[index].real
            numeric[index] = value.imag / 1e-30
        axes = tuple(range(numeric.ndim - 1))
        distance, size = (np.sqrt((d**2).sum(axes)) for d in (by_hand - numeric, numeric))
        rounding = 10 * np.finfo(float).eps  # of yhat - y
        assert (distance < np.maximum(1e-14 * size, rounding)).all()
