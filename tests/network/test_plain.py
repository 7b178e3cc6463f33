import itertools
import math

import numpy as np
import pytest
from silu import SILU
from targets import draw_targets

from backprop.network import plain, stacked
from backprop.network.functions import ACTIVATIONS, COSTS
from backprop.network.optimisers import Method


@pytest.fixture(autouse=True)
def silu(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "silu", SILU)


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def test_one_sample_equals_the_formulas_of_the_slides():
    # Two inputs, two hidden nodes, two outputs, so that every sum of the slides has two terms.
    x, y, eta = [0.5, -1.0], [1.0, 0.0], 0.5
    v, gamma = [[0.1, 0.4], [-0.3, 0.2]], [0.05, -0.1]
    w, theta = [[0.7, -0.2], [-0.5, 0.3]], [0.2, 0.1]
    two = range(2)

    alpha = [sum(v[i][h] * x[i] for i in two) for h in two]
    b = [sigmoid(alpha[h] + gamma[h]) for h in two]
    beta = [sum(w[h][j] * b[h] for h in two) for j in two]
    yhat = [sigmoid(beta[j] + theta[j]) for j in two]
    error_j = [(yhat[j] - y[j]) * yhat[j] * (1 - yhat[j]) for j in two]
    error_h = [sum(error_j[j] * w[h][j] for j in two) * b[h] * (1 - b[h]) for h in two]

    layers = [(np.array(v), np.array(gamma)), (np.array(w), np.array(theta))]
    sums, outputs = plain.forward(layers, np.array(x), "sigmoid")
    expected_sums = [np.add(alpha, gamma), np.add(beta, theta)]
    for value, expected in zip(sums, expected_sums, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-14)
    for value, expected in zip(outputs, [x, b, yhat], strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-14)
    errors = plain.errors(layers, sums, outputs, np.array(y), "sigmoid", "squared_error")
    for value, expected in zip(errors, [error_h, error_j], strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-14)

    expected_layers = [
        [[v[i][h] - eta * error_h[h] * x[i] for h in two] for i in two],
        [gamma[h] - eta * error_h[h] for h in two],
        [[w[h][j] - eta * error_j[j] * b[h] for j in two] for h in two],
        [theta[j] - eta * error_j[j] for j in two],
    ]
    plain.update(layers, outputs, errors, eta)
    for value, expected in zip(itertools.chain(*layers), expected_layers, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-14)


@pytest.mark.parametrize("hidden", [(4,), (4, 3), (3, 4, 3)])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("activation", [*ACTIVATIONS, "silu"])
def test_the_plain_network_equals_the_stack(activation, cost, hidden):
    generator = np.random.default_rng(len(hidden))
    d, outputs, stack, n = 3, 2, 4, 9
    start = [
        (generator.normal(0, 0.8, (inputs, nodes, stack)), generator.normal(0, 0.5, (nodes, stack)))
        for inputs, nodes in itertools.pairwise((d, *hidden, outputs))
    ]
    x = generator.normal(size=(n, d, stack))
    y = draw_targets(generator, outputs, n, stack).swapaxes(0, 1)
    eta = generator.uniform(0, 0.3, (n, stack))
    eta[-1, 0] = 0  # padding
    trained = []
    for module in (plain, stacked):
        layers = [(weights.copy(), thresholds.copy()) for weights, thresholds in start]
        z = module.train_epoch(layers, x, y, eta, Method(activation, cost))
        trained.append([z, *itertools.chain(*layers), module.predict(layers, x, activation)])
    for one, other in zip(*trained, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)
