"""Sets of samples: padding, order, blocks, and that no block size and no encoding changes a bit."""

import itertools
import tracemalloc

import numpy as np
import pytest
from side_by_side import block_of, random_sets, side_by_side

from backprop.network import autodiff, plain, samples, stacked
from backprop.network.optimisers import Method
from backprop.network.parameters import draw_layers, stack_layers
from backprop.network.samples import SampleSets
from backprop.network.training import StopCondition, train


def test_shorter_sets_are_padded_at_the_end():
    sets = random_sets(4, 2)
    block = block_of(sets)
    assert block.real.tolist() == [[True, True]] * 2 + [[True, False]] * 2
    for s, (x, y) in enumerate(sets):
        np.testing.assert_array_equal(block.x[: len(y), :, s], x)
        np.testing.assert_array_equal(block.y[: len(y), 0, s], y)
    assert (block.x[2:, :, 1] == 0).all()
    assert (block.y[2:, :, 1] == 0).all()


def test_networks_get_sets_by_number_and_sets_may_repeat():
    sets = random_sets(4, 2, 3)
    (block,) = side_by_side(sets).blocks(np.array([2, 0, 2]))
    for f, s in enumerate((2, 0, 2)):
        x, y = sets[s]
        np.testing.assert_array_equal(block.x[: len(y), :, f], x)
        np.testing.assert_array_equal(block.y[: len(y), 0, f], y)
        assert block.real[:, f].sum() == len(y)


@pytest.mark.parametrize("drawn_at_once", [1, 2, samples.ORDERS])
def test_each_set_is_shuffled_by_its_own_generator_and_padding_stays_last(
    monkeypatch, drawn_at_once
):
    monkeypatch.setattr(samples, "ORDERS", drawn_at_once)
    sets = random_sets(6, 4)
    both = side_by_side(sets)
    orders = both.orders([np.random.default_rng(s) for s in (7, 8)])
    generators = [np.random.default_rng(s) for s in (7, 8)]
    for order in itertools.islice(orders, 5):
        (block,) = both.blocks(np.arange(2), order)
        for s, (x, y) in enumerate(sets):
            drawn = generators[s].permutation(len(y))
            np.testing.assert_array_equal(block.x[: len(y), :, s], x[drawn])
            np.testing.assert_array_equal(block.y[: len(y), 0, s], y[drawn])
        np.testing.assert_array_equal(block.real, block_of(sets).real)


def test_several_outputs_have_the_target_1_for_their_class_and_padding_has_none():
    sets = [(np.zeros((3, 2)), np.array([2, 0, 1])), (np.zeros((2, 2)), np.array([1, 1]))]
    y = block_of(sets, 3).y
    assert y[..., 0].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert y[..., 1].tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_each_set_has_the_encoding_of_its_own():
    x, rows = np.array([[1.0], [2.0], [3.0]]), np.array([2, 0])
    sets = [(rows, lambda x: x * 10), (rows, lambda x: x - 1)]
    (block,) = SampleSets(x, np.zeros(3, dtype=int), sets).blocks(np.arange(2))
    assert block.x[:, 0].tolist() == [[30, 2], [10, 0]]


@pytest.mark.parametrize("kept", [0, samples.KEPT_FLOATS])
def test_blocks_are_whole_batches_and_together_all_samples(monkeypatch, kept):
    monkeypatch.setattr(samples, "KEPT_FLOATS", kept)
    sets = random_sets(23, 11)  # the second has no sample in the last block
    whole = block_of(sets)
    monkeypatch.setattr(samples, "BLOCK_FLOATS", 11 * (2 + 1) * 2)  # 11 samples of both sets
    blocks = list(side_by_side(sets).blocks(np.arange(2), batch_size=5))
    assert [len(block.x) for block in blocks] == [10, 10, 3]
    for name in ("x", "y", "real"):
        together = np.concatenate([getattr(block, name) for block in blocks])
        np.testing.assert_array_equal(together, getattr(whole, name))
    monkeypatch.setattr(samples, "BLOCK_FLOATS", 1)  # a batch is never divided
    assert [len(b.x) for b in side_by_side(sets).blocks(np.arange(2), batch_size=9)] == [9, 9, 5]


def scaled(x):
    return (x - 0.3) / 0.7


def fit(network, hidden, batch_size, outputs, encode=scaled):
    """Train four networks on two sets of one table, and return every number of the result."""
    generator, rows = np.random.default_rng(0), (np.arange(70), np.arange(5, 68))
    x = generator.normal(size=(70, 3))
    y = (x[:, 0] > 0) * (1 + (x[:, 1] > 0) * (outputs > 1))
    starts = [draw_layers(generator, 3, hidden, "glorot", outputs) for _ in range(4)]
    result = train(
        network,
        stack_layers(starts),
        SampleSets(x, y, [(chosen, encode) for chosen in rows], outputs),
        SampleSets(x, y, [(chosen[::2], encode) for chosen in rows], outputs),
        np.array([0, 1, 1, 0]),
        rates=np.array([0.1, 0.1, 0.3, 0.3]),
        generators=[np.random.default_rng(s) for s in range(2)],
        method=Method("tanh", "cross_entropy", batch_size, np.array([0, 0, 0.01, 0.01])),
        stop=StopCondition(4, epochs=6, patience=4, tolerance=1e-3),
    )
    curves = result.curves
    return {
        "status": result.status,
        "last epoch": result.last_epoch,
        "probabilities": result.probabilities,
        "parameters": result.parameters,
        "train cost": curves.train_cost,
        "test cost": curves.test_cost,
    }


SHAPES = [((5, 20), 1, 1), ((5, 20), 8, 1), ((5, 4), 8, 3), ((5, 4), 70, 3)]
COMPILED = SHAPES[2:3]  # TensorFlow takes seconds for each
OF_TENSORFLOW = [
    pytest.param(autodiff, *shape, marks=[] if shape in COMPILED else pytest.mark.thorough)
    for shape in SHAPES
]


@pytest.mark.parametrize(
    ("network", "hidden", "batch_size", "outputs"),
    [*((network, *shape) for network in (stacked, plain) for shape in SHAPES), *OF_TENSORFLOW],
)
def test_no_number_of_blocks_changes_a_bit(monkeypatch, network, hidden, batch_size, outputs):
    whole = fit(network, hidden, batch_size, outputs)
    calls = []
    for block in (17, 29):
        monkeypatch.setattr(samples, "KEPT_FLOATS", 0)
        monkeypatch.setattr(samples, "BLOCK_FLOATS", block * (3 + outputs) * 4)

        def encode(x):
            calls.append(len(x))
            return scaled(x)

        blocks = fit(network, hidden, batch_size, outputs, encode)
        for name, values in whole.items():
            np.testing.assert_array_equal(blocks[name], values, err_msg=name)
    assert max(calls) == max(batch_size, 29)


def test_memory_grows_with_the_table_only(monkeypatch):
    def peak(networks, sets, rows):
        x = np.random.default_rng(0).normal(size=(rows, 40))
        y = (x[:, 0] > 0).astype(int)
        start = draw_layers(np.random.default_rng(0), 40, (2,), "glorot")
        numbers = np.arange(networks) % sets
        splits = [(np.flatnonzero(np.arange(rows) % sets != s), np.copy) for s in range(sets)]
        tests = [(np.flatnonzero(np.arange(rows) % sets == s), np.copy) for s in range(sets)]
        tracemalloc.start()
        train(
            stacked, stack_layers([start] * networks),
            SampleSets(x, y, splits), SampleSets(x, y, tests), numbers,
            rates=np.full(networks, 0.1),
            generators=[np.random.default_rng(s) for s in range(sets)],
            method=Method("sigmoid", "squared_error", batch_size=100),
            stop=StopCondition(networks, epochs=1),
        )  # fmt: skip
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size / x.nbytes

    monkeypatch.setattr(samples, "KEPT_FLOATS", 0)
    monkeypatch.setattr(samples, "BLOCK_FLOATS", 2**14)
    few, many, many_sets = (peak(f, s, 20_000) for f, s in ((4, 4), (40, 4), (40, 20)))
    # In tables of 40 columns. A copy for each network would be 40 tables, one for each set 20.
    # There is a prediction of every test row for each network, and a place of every row for each
    # set.
    assert few < 0.5
    assert many < 1
    assert many_sets < 1.5
