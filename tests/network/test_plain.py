import itertools

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
