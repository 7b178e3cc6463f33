"""Features of any size give the same fits: a power of two changes no digit."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from backprop.data.canonical_form import read_dataset
from backprop.models import baselines, estimators, logistic, networks, softmax
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

EX4 = read_dataset(Path(__file__).parents[2] / "resources" / "ex4.csv")
SPLITS = splits_of(draw_folds(EX4.y, folds=5, repeats=1, seed=1))
NETWORK = Configuration.of_network((3,), "sigmoid", "squared_error", 0.1, "uniform")


def train(model, dataset):
    plain = [(Configuration(), split) for split in SPLITS]
    if model == "scratch":
        fits = [(NETWORK, split) for split in SPLITS]
        return networks.train_fits(stacked, fits, dataset, seed=1, epochs=5)
    if model == "knn":
        return estimators.train_fits(
            "sklearn.neighbors.KNeighborsClassifier", plain, dataset, seed=1
        )
    return baselines.train_fits({"logistic": logistic, "softmax": softmax}[model], plain, dataset)


@pytest.mark.parametrize("model", ["logistic", "softmax", "scratch", "knn"])
@pytest.mark.parametrize("exponent", [-900, -531, 531, 1010])  # 2**531 is about 1e160
def test_features_that_are_1e160_times_as_large_give_the_same_fits(model, exponent):
    exact = dataclasses.replace(EX4, x=np.round(EX4.x * 64))
    scaled = dataclasses.replace(exact, x=np.ldexp(exact.x, exponent))
    for one, other in zip(train(model, exact), train(model, scaled), strict=True):
        assert np.ptp(one.probabilities) > 0
        np.testing.assert_array_equal(other.probabilities, one.probabilities)
        np.testing.assert_array_equal(other.parameters, one.parameters)
        assert other.status == one.status
