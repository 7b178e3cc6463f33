"""A stack that would take too much memory is trained in several, with the same results."""

import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from backprop.data import dataset as data
from backprop.models import networks as training
from backprop.network import autodiff as tensorflow_network
from backprop.network import stacked as network
from backprop.study import folds
from backprop.study.configurations import Configuration, Shape
from backprop.study.splits import splits_of

EX4 = Path(__file__).parents[2] / "resources" / "ex4.csv"
ROWS, FEATURES = 80, 2
SHAPES = [Shape((10,), "sigmoid", "squared_error"), Shape((40, 40), "tanh", "cross_entropy")]


def update(folder, which, shape, configurations):
    """Train so many configurations on ten splits; return the rows without their times."""
    rates = np.geomspace(0.01, 1, configurations).tolist()
    folder.mkdir()
    folds_file = folder / "folds.csv"
    folds.write(folds_file, folds.split(data.read(EX4).y, folds=5, repeats=2, seed=1))
    training.update_fits(
        folder / "fits.parquet",
        "any",
        which,
        {
            "configurations": [
                vars(Configuration(shape.hidden, shape.activation, shape.cost, rate, "uniform"))
                for rate in rates
            ],
            "seed": 1,
            "training": {"epochs": 3, "patience": 2, "tolerance": 1e-6},
        },
        data_file=EX4,
        folds_file=folds_file,
        basis="test",
    )
    return pq.read_table(folder / "fits.parquet").drop_columns(["seconds"])


class Sizes:
    """A network that notes the sizes of the stacks that it is given."""

    def __init__(self, which):
        self.which, self.sizes = which, []

    def train_epoch(self, layers, x, *others):
        self.sizes.append(x.shape[-1])
        return self.which.train_epoch(layers, x, *others)

    def predict(self, *arguments):
        return self.which.predict(*arguments)


@pytest.mark.parametrize("which", [network, tensorflow_network])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fits", [2, 7, 23])
def test_a_stack_that_is_divided_gives_the_same_to_the_bit(
    tmp_path, monkeypatch, which, shape, fits
):
    whole = update(tmp_path / "whole", which, shape, 3)
    one = training.STACK_BYTES / training.fits_at_once(shape, ROWS, FEATURES)
    monkeypatch.setattr(training, "STACK_BYTES", int(one * (fits + 0.5)))
    assert training.fits_at_once(shape, ROWS, FEATURES) == fits
    noted = Sizes(which)
    assert update(tmp_path / "divided", noted, shape, 3).equals(whole)
    assert max(noted.sizes) == fits
    assert len(set(noted.sizes)) <= 2  # the last one may be smaller


def test_the_stacks_of_the_default_config_are_whole():
    largest = Shape((10, 10, 10), "sigmoid", "squared_error")
    assert training.fits_at_once(largest, ROWS, FEATURES) > 10 * 50


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stack_keeps_within_its_memory(monkeypatch, shape):
    monkeypatch.setattr(training, "STACK_BYTES", 16 * 2**20)
    most = training.fits_at_once(shape, ROWS, FEATURES)
    dataset = data.read(EX4)
    splits = splits_of(folds.split(dataset.y, folds=5, repeats=10, seed=1))
    configuration = Configuration(shape.hidden, shape.activation, shape.cost, 0.1, "uniform")
    fits = [(configuration, splits[f % len(splits)]) for f in range(most)]
    tracemalloc.start()
    training.train(network, shape, fits, dataset.x, dataset.y, seed=1, epochs=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.1 < peak / training.STACK_BYTES < 1
