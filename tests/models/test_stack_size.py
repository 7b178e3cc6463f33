"""Fits that need too much memory for one stack are trained in several, with the same results."""

import itertools
import tracemalloc
from collections import Counter
from dataclasses import fields

import numpy as np
import pytest
import yaml
from full_config import typed
from lecture import EX4, ROOT

from backprop.models import networks
from backprop.models.families import NETWORK
from backprop.models.networks import bytes_of_job, fits_at_once, train_fits
from backprop.network import autodiff, stacked
from backprop.study.configurations import Configuration, Shape
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

ROWS, FEATURES = EX4.x.shape
SHAPES = [Shape((10,), "sigmoid", "squared_error"), Shape((40, 40), "tanh", "cross_entropy")]


def train(network, shape, configurations):
    """Train `configurations` configurations on ten splits; return the fits without their times."""
    rates = np.geomspace(0.01, 1, configurations).tolist()
    splits = splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1))
    fits = [
        (
            Configuration.of_network(shape.hidden, shape.activation, shape.cost, rate, "uniform"),
            split,
        )
        for rate in rates
        for split in splits
    ]
    trained = train_fits(network, fits, EX4, seed=1, epochs=3, patience=2, tolerance=1e-6)
    names = [field.name for field in fields(trained[0]) if field.name != "seconds"]
    return [[np.asarray(getattr(fit, name)).tolist() for name in names] for fit in trained]


class Sizes:
    """A network that records the sizes of the stacks that it trains."""

    def __init__(self, network):
        self.network, self.sizes = network, []

    def train_epoch(self, layers, x, *others):
        self.sizes.append(x.shape[-1])
        return self.network.train_epoch(layers, x, *others)

    def predict(self, *arguments):
        return self.network.predict(*arguments)


@pytest.mark.parametrize(
    ("network", "shape", "fits"),
    [*itertools.product([stacked], SHAPES, [2, 7, 23]), (autodiff, SHAPES[0], 7)],
)
def test_a_divided_stack_gives_bit_identical_fits(monkeypatch, network, shape, fits):
    whole = train(network, shape, 3)
    monkeypatch.setattr(networks, "FASTEST", 0)
    one = networks.STACK_BYTES / fits_at_once(shape, ROWS, FEATURES)
    monkeypatch.setattr(networks, "STACK_BYTES", int(one * (fits + 0.5)))
    assert fits_at_once(shape, ROWS, FEATURES) == fits
    recorder = Sizes(network)
    assert train(recorder, shape, 3) == whole
    assert max(recorder.sizes) == fits
    assert len(set(recorder.sizes)) <= 2  # the last stack may be smaller


def test_the_fits_of_a_stack_are_there_before_the_next_stack_is_trained(monkeypatch):
    monkeypatch.setattr(networks, "fits_at_once", lambda *_: 4)
    configuration = Configuration.of_network((2,), "tanh", "squared_error", 0.1, "uniform")
    splits = splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1))
    recorder = Sizes(stacked)
    pairs = [(configuration, split) for split in splits]
    stacks = networks.train_stacks(recorder, pairs, EX4, seed=1, epochs=1)
    trained = [(place, len(recorder.sizes)) for place, _ in stacks]
    assert trained == [(place, place // 4 + 1) for place in range(10)]


@pytest.mark.parametrize(
    "optimiser", [pytest.param("momentum", marks=pytest.mark.thorough), "adam"]
)
def test_what_tensorflow_remembers_of_a_network_is_rounded_alike_in_any_stack(optimiser):
    """XLA computes the last networks of a stack apart, if they do not fill a vector."""
    reference = Configuration.of_network(
        (10,), "sigmoid", "squared_error", 0.1, "uniform", optimiser=optimiser
    )
    splits = splits_of(draw_folds(EX4.y, folds=5, repeats=4, seed=1))[:19]
    fits = [(reference, split) for split in splits]
    whole, last = (
        train_fits(autodiff, own, EX4, seed=1, epochs=20, patience=None, tolerance=0.0)
        for own in (fits, fits[-3:])
    )
    for one, other in zip(whole[-3:], last, strict=True):
        assert one.parameters.tolist() == other.parameters.tolist()


def test_the_default_grid_trains_each_shape_in_one_stack():
    config = typed(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
    splits = config.validation.folds * config.validation.repeats
    grid = NETWORK.configurations(config.changed(search="grid"), "scratch")
    for shape, count in Counter(configuration.shape for configuration in grid).items():
        assert fits_at_once(shape, ROWS, FEATURES) >= count * splits


def test_on_large_data_fits_share_a_block_of_rows_and_a_stack_holds_as_many():
    shape = Shape((10,), "sigmoid", "squared_error", 32)
    assert 500 < fits_at_once(shape, 100_000, 50) <= networks.FASTEST
    wide = Shape((1000, 1000), "sigmoid", "squared_error", 32)
    assert 2 <= fits_at_once(wide, 100_000, 50) < 10


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("batch_size", [1, 32])
def test_the_memory_of_a_job_grows_with_its_fits_until_a_stack_is_full(outputs, batch_size):
    shape = Shape((1000, 1000), "sigmoid", "squared_error", batch_size)
    few, many = (bytes_of_job(shape, 50, 2, outputs, inner_fits=inner) for inner in (0, 1000))
    parameters = 8 * (1000 * (51 + 1001 + outputs) + outputs)
    assert few >= 2 * 9 * parameters
    assert many < few + networks.STACK_BYTES + 1000 * parameters


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stack_stays_below_its_memory_limit(monkeypatch, shape):
    monkeypatch.setattr(networks, "STACK_BYTES", 16 * 2**20)
    most = fits_at_once(shape, ROWS, FEATURES)
    splits = splits_of(draw_folds(EX4.y, folds=5, repeats=10, seed=1))
    configuration = Configuration.of_network(
        shape.hidden, shape.activation, shape.cost, 0.1, "uniform"
    )
    fits = [(configuration, splits[f % len(splits)]) for f in range(most)]
    tracemalloc.start()
    train_fits(stacked, fits, EX4, seed=1, epochs=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.1 < peak / networks.STACK_BYTES < 1
