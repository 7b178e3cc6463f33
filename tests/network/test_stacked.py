import itertools

import numpy as np
import pytest
from complex_numpy import ComplexNumPy
from silu import SILU
from targets import draw_targets

from backprop.network import stacked
from backprop.network.functions import ACTIVATIONS, COSTS, cost_of, sigmoid

DEPTHS = {"one layer": (4,), "two layers": (4, 3), "three layers": (3, 4, 3)}
OUTPUTS = (1, 3)
EVERY_NETWORK = list(itertools.product([*ACTIVATIONS, "silu"], COSTS, DEPTHS.values(), OUTPUTS))
ANALYTIC = [each for each in EVERY_NETWORK if each[0] != "relu"]
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


def total_cost(layers, x, y, activation, cost, xp=np):
    """Return the cost of each network of the stack: the sum over its outputs."""
    sums, _ = stacked.forward(layers, x, activation)
    return cost_of(cost, len(y)).value(xp, sums[-1], y).sum(axis=0)


def numeric_gradients(layers, difference):
    """Return ``difference(parameters, index)`` for every parameter of each network of the stack."""
    gradients = []
    for parameters in itertools.chain.from_iterable(layers):
        gradient = np.empty(parameters.shape)
        for index in np.ndindex(parameters.shape[:-1]):
            gradient[index] = difference(parameters, index)
        gradients.append(gradient)
    return gradients


def assert_gradients_agree(written, numeric, step, tolerance, rounding=0.0):
    """Assert that gradients differ by a small part of their size, or by no more than rounding."""
    names = [
        f"{kind} of layer {n // 2 + 1}" for n, kind in enumerate(["weights", "thresholds"] * 9)
    ]
    for name, by_hand, by_difference in zip(names, written, numeric, strict=False):
        axes = tuple(range(by_hand.ndim - 1))
        distance = np.sqrt(((by_hand - by_difference) ** 2).sum(axes))
        size = np.sqrt((by_difference**2).sum(axes))
        relative = (distance / np.maximum(size, rounding / tolerance)).max()
        assert relative < tolerance, (
            f"gradient of the {name}: by back-propagation\n{by_hand}\nby differences with a step "
            f"of {step}\n{by_difference}\nrelative error {relative:.3g}, tolerance {tolerance}"
        )


@pytest.mark.parametrize(("activation", "cost", "hidden", "nodes"), EVERY_NETWORK)
def test_gradients_equal_central_differences(activation, cost, hidden, nodes):
    layers, x, y = network_away_from_kinks(hidden, activation, nodes)
    step = 1e-5

    def difference(parameters, index):
        kept = parameters[index].copy()
        costs = []
        for shifted in (kept + step, kept - step):
            parameters[index] = shifted
            costs.append(total_cost(layers, x, y, activation, cost))
        parameters[index] = kept
        return (costs[0] - costs[1]) / (2 * step)

    assert_gradients_agree(
        written_gradients(layers, x, y, activation, cost),
        numeric_gradients(layers, difference),
        step,
        1e-8,
        rounding=10 * np.finfo(float).eps / step,  # of two costs
    )


@pytest.mark.parametrize(("activation", "cost", "hidden", "nodes"), ANALYTIC)
def test_gradients_equal_complex_step_differences(activation, cost, hidden, nodes, monkeypatch):
    monkeypatch.setattr(stacked, "np", ComplexNumPy())
    real, x, y = network_away_from_kinks(hidden, activation, nodes)
    layers = [(w.astype(complex), t.astype(complex)) for w, t in real]
    step = 1e-30

    def difference(parameters, index):
        parameters[index] += 1j * step
        value = total_cost(layers, x.astype(complex), y, activation, cost, ComplexNumPy())
        parameters[index] = parameters[index].real
        return value.imag / step

    assert_gradients_agree(
        written_gradients(real, x, y, activation, cost),
        numeric_gradients(layers, difference),
        step,
        1e-14,
        rounding=10 * np.finfo(float).eps,  # of yhat - y
    )


@pytest.mark.parametrize("hidden", DEPTHS.values(), ids=DEPTHS)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "silu"])
def test_predict_is_the_forward_pass_of_each_sample(activation, hidden):
    layers, *_ = network_away_from_kinks(hidden, activation)
    x = np.random.default_rng(0).normal(size=(5, FEATURES, STACK))
    z = stacked.predict(layers, x, activation)
    assert z.shape == (5, 3, STACK)
    for k, f in itertools.product(range(5), range(STACK)):
        sums, outputs = stacked.forward(layers, x[k], activation)
        np.testing.assert_allclose(z[k], sums[-1], rtol=1e-14)
        np.testing.assert_allclose(outputs[-1], sigmoid(np, z[k]), rtol=1e-14)
        b = x[k, :, f]
        for place, (weights, thresholds) in enumerate(layers):
            b = ACTIVATIONS[activation].value(np, b) if place else b
            b = b @ weights[..., f] + thresholds[:, f]
        np.testing.assert_allclose(z[k, :, f], b, rtol=1e-12, atol=1e-14)
