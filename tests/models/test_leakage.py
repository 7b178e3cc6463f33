"""Test rows never change a bit of what is trained, whatever columns a table has."""

import dataclasses
from functools import partial

import numpy as np
import pytest

from backprop.data.dataset import Dataset
from backprop.models import baselines, estimators, logistic, networks, softmax
from backprop.network import autodiff, stacked
from backprop.study.configurations import Configuration
from backprop.study.splits import Split

GENERATOR = np.random.default_rng(0)
ROWS = 60
X = np.column_stack(
    [
        GENERATOR.normal(size=ROWS),
        GENERATOR.integers(0, 3, ROWS),
        GENERATOR.normal(5, 2, ROWS),
        GENERATOR.integers(0, 2, ROWS),
    ]
)
X[GENERATOR.random(X.shape) < 0.1] = np.nan
CATEGORIES = {"town": ("Basel", "Bern", "Chur", "Davos"), "wild": ("False", "True")}
DATA = Dataset(
    ("age", "town", "mass", "wild"), "y", X, np.arange(ROWS) % 3, ("a", "b", "c"), CATEGORIES
)
TEST = np.arange(0, ROWS, 4)
SPLIT = Split(0, 0, np.setdiff1d(np.arange(ROWS), TEST), TEST)
NETWORK = Configuration.of_network((4,), "tanh", "cross_entropy", 0.1, "glorot")

TRAINERS = {
    "logistic": partial(baselines.train_fits, logistic, [(Configuration(()), SPLIT)]),
    "softmax": partial(baselines.train_fits, softmax, [(Configuration(()), SPLIT)]),
    "scratch": partial(networks.train_fits, stacked, [(NETWORK, SPLIT)], seed=1, epochs=3),
    "tensorflow": partial(networks.train_fits, autodiff, [(NETWORK, SPLIT)], seed=1, epochs=3),
    "knn": partial(
        estimators.train_fits,
        "sklearn.neighbors.KNeighborsClassifier",
        [(Configuration((("n_neighbors", 3),)), SPLIT)],
        seed=1,
    ),
}


def changed(cells):
    """Return the data set with other features in every test row but the first."""
    x = X.copy()
    x[TEST[1:]] = cells
    return dataclasses.replace(DATA, x=x)


@pytest.mark.parametrize("model", TRAINERS)
@pytest.mark.parametrize(
    "cells",
    [[1e6, 3, -1e6, 1], [np.nan] * 4, [0, 3, np.nan, 0]],
    ids=["far, and of a town that no training row has", "all missing", "some missing"],
)
def test_other_test_rows_train_the_same_model_to_the_bit(model, cells):
    (before,) = TRAINERS[model](dataset=DATA)
    (after,) = TRAINERS[model](dataset=changed(cells))
    np.testing.assert_array_equal(after.parameters, before.parameters)
    np.testing.assert_array_equal(after.train_cost, before.train_cost)
    np.testing.assert_array_equal(after.probabilities[0], before.probabilities[0])
    assert np.isfinite(after.probabilities).all()
    assert (after.epochs, after.status) == (before.epochs, before.status)
