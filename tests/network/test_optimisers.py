"""Optimisers that remember: by hand, against other libraries, and in all implementations."""

import dataclasses
import re

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from backprop.network import autodiff, plain, single, stacked
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method, adam_correction
from backprop.network.parameters import draw_layers, stack_layers
from backprop.study.configurations import CONSTANTS

DEFAULTS = Constants(**CONSTANTS)
REMEMBERING = [name for name, entry in OPTIMISERS.items() if entry.slots]


def one_parameter(optimiser, gradients, rate, constants=None):
    """Return a parameter that begins at 1, after each update with a gradient."""
    layers = [(np.ones((1, 1)), np.ones(1))]
    memory = Memory.of(optimiser, layers, Constants(**{**CONSTANTS, **(constants or {})}))
    values = []
    for g in gradients:
        memory.step(layers, [(np.full((1, 1), g), np.zeros(1))], np.array(rate))
        values.append(float(layers[0][0][0, 0]))
    return values


def test_momentum_by_hand():
    """v = 2, then 0.5 x 2 - 1 = 0, then 0 + 4."""
    values = one_parameter("momentum", [2, -1, 4], 0.1, {"momentum": 0.5})
    assert values == pytest.approx([0.8, 0.8, 0.4], abs=1e-15)


def test_adam_by_hand():
    """With betas of 0.5: m = 1, then 0, and s = 2, then 3; the corrections are 0.5 and 0.75."""
    constants = {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 1.0}
    values = one_parameter("adam", [2, -1], 0.1, constants)
    first = 1 - 0.1 * np.sqrt(0.5) / 0.5 * 1 / (np.sqrt(2) + 1)
    assert values == pytest.approx([first, first], abs=1e-15)


def gradients_of(number):
    generator = np.random.default_rng(number)
    return [(generator.normal(size=(3, 2)), generator.normal(size=2)) for _ in range(50)]


@pytest.mark.parametrize(
    ("optimiser", "other"),
    [
        ("momentum", lambda flat: SGDOptimizer(flat, 0.05, momentum=0.9, nesterov=False)),
        ("adam", lambda flat: AdamOptimizer(flat, 0.05)),
    ],
)
def test_fifty_updates_are_those_of_scikit_learn(optimiser, other):
    start = draw_layers(np.random.default_rng(1), 3, [], "glorot", 2)
    layers, theirs = ([(w.copy(), t.copy()) for w, t in start] for _ in range(2))
    memory, flat = (
        Memory.of(optimiser, layers, DEFAULTS),
        [array for layer in theirs for array in layer],
    )
    update = other(flat)
    for own in gradients_of(2):
        memory.step(layers, [own], np.array(0.05))
        update.update_params(flat, list(own))
    for one, expected in zip((array for layer in layers for array in layer), flat, strict=True):
        np.testing.assert_allclose(one, expected, rtol=0, atol=1e-13)


STACK = 3


def case(outputs, batch_size):
    """Return samples of a stack; a network has one sample less, which is padding."""
    generator = np.random.default_rng([outputs, batch_size])
    x = generator.normal(size=(10, 2, STACK))
    y = (generator.random((10, outputs, STACK)) < 0.5).astype(float)
    if outputs > 1:
        y = np.eye(outputs)[generator.integers(0, outputs, (10, STACK))].transpose(0, 2, 1).copy()
    sizes = np.minimum(batch_size, 10 - np.arange(10) // batch_size * batch_size)
    eta = np.full((10, STACK), 0.05) / sizes[:, np.newaxis]
    eta[-1, 1] = 0.0
    return x, y, eta


def start(outputs):
    draws = (np.random.default_rng(f) for f in range(STACK))
    return stack_layers([draw_layers(each, 2, [4, 3], "glorot", outputs) for each in draws])


OWN = DEFAULTS._replace(momentum=np.array([0.9, 0.8, 0.5]), beta_1=np.array([0.9, 0.5, 0.0]))


def trained(network, optimiser, outputs, batch_size, l2):
    """Return all parameters and slots of a stack after three epochs."""
    layers, (x, y, eta) = start(outputs), case(outputs, batch_size)
    memory = Memory.of(optimiser, layers, OWN)
    method = Method("tanh", "cross_entropy", batch_size, l2, memory)
    for _ in range(3):
        network.train_epoch(layers, x, y, eta, method)
    assert memory.updates.tolist() == {1: [30, 27, 30], 4: [9, 9, 9]}[batch_size]
    return [array for layer in layers for array in layer] + memory.arrays()


L2 = np.array([0.01, 0.0, 0.1])


@pytest.mark.parametrize(
    ("optimiser", "outputs", "batch_size", "networks"),
    [
        ("momentum", 1, 1, (plain, autodiff)), ("momentum", 3, 4, (plain,)),
        ("adam", 1, 1, (plain,)), ("adam", 3, 4, (plain, autodiff)),
    ],
)  # fmt: skip
def test_all_implementations_take_the_same_steps(optimiser, outputs, batch_size, networks):
    expected = trained(stacked, optimiser, outputs, batch_size, L2)
    for network in networks:
        for one, other in zip(
            trained(network, optimiser, outputs, batch_size, L2), expected, strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-13)


@pytest.mark.parametrize("optimiser", REMEMBERING)
@pytest.mark.parametrize(("outputs", "batch_size"), [(1, 1), (3, 4), (1, 4)])
def test_a_network_alone_has_the_bits_of_one_in_a_stack(optimiser, outputs, batch_size):
    whole = trained(stacked, optimiser, outputs, batch_size, L2)
    x, y, eta = case(outputs, batch_size)
    for f in range(STACK):
        layers = [(w[..., f].copy(), t[..., f].copy()) for w, t in start(outputs)]
        constants = Constants(*(np.broadcast_to(c, STACK)[f] for c in OWN))
        memory = Memory.of(optimiser, layers, constants)
        x_f, y_f, eta_f = (array[..., f].copy() for array in (x, y, eta))
        method = Method("tanh", "cross_entropy", batch_size, L2[f], memory)
        for _ in range(3):
            single.train_epoch(layers, x_f, y_f, eta_f, method)
        own = [array for layer in layers for array in layer] + memory.arrays()
        for one, other in zip(own, whole, strict=True):
            np.testing.assert_array_equal(one, other[..., f])


def test_gradient_descent_remembers_nothing():
    assert Memory.of("sgd", start(1), DEFAULTS) is None


def test_another_optimiser_that_remembers_nothing_takes_its_own_step(monkeypatch):
    def step(np, g, slots, t, constants):
        return np.sign(g), slots

    sign = dataclasses.replace(OPTIMISERS["sgd"], step=step)
    monkeypatch.setitem(OPTIMISERS, "sign", sign)
    assert one_parameter("sign", [5, -0.1, 3], 0.5) == [0.5, 1.0, 0.5]


@pytest.mark.parametrize("name", OPTIMISERS)
def test_the_formulas_of_an_optimiser_are_worth_its_step(name):
    optimiser, generator = OPTIMISERS[name], np.random.default_rng(1)
    constants, t, eta = Constants(0.9, 0.8, 0.7, 0.01), 3, 0.1
    p, g, *slots = (np.abs(generator.normal(size=4)) for _ in range(2 + len(optimiser.slots)))
    rate = eta * adam_correction(np, t, constants) if name == "adam" else eta
    known = {"p": p, "g": g, "eta": rate, "sqrt": np.sqrt, **constants._asdict()}
    known |= dict(zip(optimiser.slots, [each.copy() for each in slots], strict=True))
    names = {key: key for key in ("p", "g", "eta", *Constants._fields)}
    for symbol, formula in optimiser.formulas:
        text = re.sub(r"\b(\w+)\(p\)", r"\1", formula.format(**names)).replace("^", "**")
        text = re.sub(r"(?<=[\w)]) (?=[\w(])", "*", text.replace("new ", "new_"))
        known[f"new_{symbol.split('(')[0].format(**names)}"] = eval(text, {}, known)
    direction, new = optimiser.step(np, g, slots, t, constants)
    np.testing.assert_allclose(known["new_p"], p - eta * direction, rtol=1e-13)
    for symbol, values in zip(optimiser.slots, new, strict=True):
        np.testing.assert_allclose(known[f"new_{symbol}"], values, rtol=1e-13)
