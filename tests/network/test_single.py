import itertools

import numpy as np
import pytest

from backprop.network import single, stacked
from backprop.network.functions import ACTIVATIONS, COSTS
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import copy_layers, draw_layers, network_of, stack_layers

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


def different(hidden, features, outputs, rows, networks):
    """Return a stack of different networks, and the samples and rates of each."""
    generator = np.random.default_rng(2)
    layers = [draw_layers(generator, features, hidden, "glorot", outputs) for _ in range(networks)]
    x = generator.normal(size=(rows, features, networks))
    classes = generator.integers(max(outputs, 2), size=(rows, networks))
    y = classes[:, np.newaxis] == (np.arange(outputs)[:, np.newaxis] if outputs > 1 else 1)
    eta = generator.uniform(0, 0.01, size=(rows, networks))
    eta[-3:, 0] = 0  # padding
    return stack_layers(layers), x, y.astype(float), eta


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("batch_size", [2, 30, 200])
@pytest.mark.parametrize(
    ("hidden", "features", "outputs"), [((100,), 64, 10), ((50, 1, 49), 7, 1), ((), 130, 12)]
)
def test_wide_networks_have_the_bits_of_a_stack_in_batches(
    hidden, features, outputs, batch_size, optimiser
):
    # With 64 inputs, 100 nodes and 200 samples a product is no longer small for OpenBLAS.
    start, x, y, eta = different(hidden, features, outputs, 210, 3)
    remembered = Memory.of(optimiser, start, Constants(0.9, 0.9, 0.999, 1e-8))
    l2 = np.array([0.0, 0.01, 0.1])
    for order in (x, stacked.nodes_last(x)):
        layers, memory = copy_layers(start), remembered and remembered.copy()
        method = Method("tanh", "cross_entropy", batch_size, l2, memory)
        for _ in range(2):
            z = stacked.train_epoch(layers, order, y, eta, method)
        for f in range(3):
            alone, own = copy_layers(network_of(start, f)), None
            if remembered:
                own = remembered.mapped(lambda array, f=f: np.array(array[..., f]))
            method = Method("tanh", "cross_entropy", batch_size, l2[f], own)
            for _ in range(2):
                z_alone = single.train_epoch(alone, x[..., f], y[..., f], eta[:, f], method)
            assert z_alone.tobytes() == z[..., f].tobytes()
            pairs = list(zip(itertools.chain(*alone), itertools.chain(*layers), strict=True))
            if own:
                pairs += zip(own.arrays(), memory.arrays(), strict=True)
                assert own.updates == memory.updates[f]
            for parameters, of_stack in pairs:
                assert parameters.tobytes() == of_stack[..., f].tobytes()


@pytest.mark.parametrize("hidden", [(49,), (50,), (51, 3), (3, 70)], ids=str)
def test_predictions_one_network_after_the_other_have_the_bits_of_all_at_once(hidden, monkeypatch):
    for (features, outputs), networks in itertools.product([(1, 1), (30, 12)], [2, 7]):
        layers, x, _, _ = different(hidden, features, outputs, 41, networks)
        predicted = []
        for wide in (1, stacked.WIDE, 1000):
            monkeypatch.setattr(stacked, "WIDE", wide)
            predicted.append(stacked.predict(layers, x, "sigmoid").tobytes())
            monkeypatch.undo()
        assert predicted[0] == predicted[1] == predicted[2]
        of_rows = [stacked.predict(layers, x[k : k + 1], "sigmoid") for k in range(len(x))]
        assert np.concatenate(of_rows).tobytes() == predicted[1]
