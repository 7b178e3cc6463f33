import itertools

import numpy as np
import pytest

from backprop.network import single, stacked
from backprop.network.functions import ACTIVATIONS, COSTS
from backprop.network.optimisers import Method
from backprop.network.parameters import draw_layers, stack_layers

HIDDEN = [(), (1,), (5,), (4, 3), (20, 1, 20)]


def problem(features, hidden, outputs, rows):
    generator = np.random.default_rng(1)
    x = generator.normal(size=(rows, features))
    classes = generator.integers(max(outputs, 2), size=rows)
    y = np.eye(outputs)[classes] if outputs > 1 else classes[:, np.newaxis]
    eta = generator.uniform(0, 0.3, size=rows)
    return draw_layers(generator, features, hidden, "glorot", outputs), x, y.astype(float), eta


def pair(array):
    return np.repeat(array[..., np.newaxis], 2, axis=-1)


@pytest.mark.parametrize("batch_size", [1, 2, 7, 32])
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
def test_it_has_the_bits_of_a_stack(hidden, batch_size, monkeypatch):
    monkeypatch.setattr(stacked, "PREDICTED", 60)  # of 20 nodes, 3 rows at once, and the last 2
    choices = itertools.product((1, 3, 30), (1, 3, 12), ACTIVATIONS, COSTS, (0.0, 0.01), (1, 20))
    for features, outputs, activation, cost, l2, rows in choices:
        layers, x, y, eta = problem(features, hidden, outputs, rows)
        stack = stack_layers([layers, layers])
        arguments = activation, cost, batch_size
        eta /= batch_size
        decays = np.array([l2, l2]) if l2 else None
        z = single.train_epoch(layers, x, y, eta, Method(*arguments, l2))
        expected = stacked.train_epoch(stack, *map(pair, (x, y, eta)), Method(*arguments, decays))
        assert z.tobytes() == expected[..., 0].tobytes()
        for layer, of_stack in zip(layers, stack, strict=True):
            for parameters, doubled in zip(layer, of_stack, strict=True):
                assert parameters.tobytes() == doubled[..., 0].tobytes()
        p, of_stack = (
            single.predict(layers, x, activation),
            stacked.predict(stack, pair(x), activation),
        )
        assert p.tobytes() == of_stack[..., 0].tobytes()


@pytest.mark.parametrize("outputs", [1, 3])
def test_it_has_the_bits_of_a_stack_with_many_inputs(outputs):
    for batch_size in (1, 100):
        layers, x, y, eta = problem(2000, (50,), outputs, 150)
        stack, eta = stack_layers([layers, layers]), eta / 1000
        method = Method("sigmoid", "cross_entropy", batch_size)
        z = single.train_epoch(layers, x, y, eta, method)
        expected = stacked.train_epoch(stack, *map(pair, (x, y, eta)), method)
        assert z.tobytes() == expected[..., 0].tobytes()
        assert layers[0][0].tobytes() == stack[0][0][..., 0].tobytes()
