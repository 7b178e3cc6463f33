"""Fits of inner splits see nothing but their training rows, and leave only predictions."""

import dataclasses
from functools import partial

import numpy as np
import pytest
from lecture import EX4

from backprop.models import baselines, estimators, logistic, networks
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds, draw_inner_folds
from backprop.study.splits import inner_splits, splits_of

OUTER = splits_of(draw_folds(EX4.y, folds=5, repeats=1, seed=1))
INNER = inner_splits(OUTER, draw_inner_folds(OUTER, EX4.y, folds=4, seed=1))
NETWORK = Configuration.of_network((3,), "sigmoid", "squared_error", 0.1, "uniform")
FOREST = Configuration.of({"n_estimators": 3})
FAMILIES = {
    "network": (NETWORK, partial(networks.train_fits, stacked, seed=1, epochs=3)),
    "baseline": (Configuration.of({"l2": 0.1}), partial(baselines.train_fits, logistic)),
    "estimator": (
        FOREST,
        partial(estimators.train_fits, "sklearn.ensemble.RandomForestClassifier", seed=1),
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_an_inner_fit_depends_on_its_training_rows_alone(family):
    candidate, train = FAMILIES[family]
    split = INNER[5]
    (expected,) = train([(candidate, split)], dataset=EX4)
    # The rows of the outer test fold, and all but one of the inner test fold, become others.
    one, *others = split.test
    changed = np.array([*others, *OUTER[1].test])
    x, y = EX4.x.copy(), EX4.y.copy()
    x[changed] = x[changed] * 7 + 1000
    y[changed] = 1 - y[changed]
    (fit,) = train([(candidate, split)], dataset=dataclasses.replace(EX4, x=x, y=y))
    assert fit.probabilities[0] == expected.probabilities[0]
    assert split.test[0] == one
    # A training row matters.
    x = EX4.x.copy()
    x[split.train] = x[split.train][::-1] * 2
    (fit,) = train([(candidate, split)], dataset=dataclasses.replace(EX4, x=x))
    assert (fit.probabilities != expected.probabilities).any()


@pytest.mark.parametrize("family", FAMILIES)
def test_inner_and_outer_fits_in_one_job_are_those_that_are_trained_alone(family):
    candidate, train = FAMILIES[family]
    splits = [OUTER[0], *INNER[:4], OUTER[1], *INNER[4:8]]
    together = train([(candidate, split) for split in splits], dataset=EX4)
    for fit, split in zip(together, splits, strict=True):
        (alone,) = train([(candidate, split)], dataset=EX4)
        np.testing.assert_array_equal(fit.probabilities, alone.probabilities)
        empty = [fit.parameters, fit.curve_epochs, fit.train_cost, fit.test_cost]
        if split.inner is not None:
            assert [array.size for array in empty] == [0, 0, 0, 0]
            assert len(fit.probabilities) == len(split.test)


def test_the_random_numbers_of_an_inner_fit_are_its_own():
    outer, one, other = OUTER[0], INNER[0], INNER[1]
    drawn = [networks.starting_layers(NETWORK, 2, 1, split) for split in (outer, one, other)]
    weights = [layers[0][0] for layers in drawn]
    assert (weights[0] != weights[1]).all()
    assert (weights[1] != weights[2]).all()
    # On the same rows, another inner fold gives another forest and another order of the samples.
    renamed = dataclasses.replace(one, inner=3)
    for family in ("network", "estimator"):
        candidate, train = FAMILIES[family]
        first, second = train([(candidate, one), (candidate, renamed)], dataset=EX4)
        assert (first.probabilities != second.probabilities).any()
