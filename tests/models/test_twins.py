"""Twins of the hand-written network: other starting weights by one float, and nothing else."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.data.dataset import read_dataset
from backprop.files import canonical_json
from backprop.models.networks import starting_layers, train_fits
from backprop.models.twins import neighbouring_layers, train_twins
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

EX4 = read_dataset(Path(__file__).parents[2] / "resources" / "ex4.csv")
SPLITS = splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1))
CALM = Configuration((3,), "sigmoid", "squared_error", 0.1, "uniform")
STOP = {"epochs": 20, "patience": 5, "tolerance": 0.0}


def flat(layers):
    return np.concatenate([np.ravel(p) for layer in layers for p in layer])


def test_each_starting_weight_of_a_twin_is_the_next_float_above_or_below():
    own = flat(starting_layers(CALM, 2, 1, SPLITS[3]))
    twin = flat(neighbouring_layers(CALM, 2, 1, SPLITS[3], 1, number=1))
    above, below = np.nextafter(own, 2), np.nextafter(own, -2)
    assert ((twin == above) | (twin == below)).all()
    assert (twin == above).any()
    assert (twin == below).any()


def test_a_starting_threshold_of_0_stays_0_in_a_twin():
    glorot = dataclasses.replace(CALM, initialisation="glorot")
    for weights, thresholds in neighbouring_layers(glorot, 2, 1, SPLITS[0], 1, number=1):
        assert (weights != 0).all()
        assert (thresholds == 0).all()  # as Glorot and Bengio (2010) start them


def test_twins_differ_by_their_number_and_their_split_and_are_the_same_each_time():
    starts = {
        (split.fold, number): flat(neighbouring_layers(CALM, 2, 1, split, 1, number=number))
        for split in SPLITS[:2]
        for number in (1, 2)
    }
    own = {split.fold: flat(starting_layers(CALM, 2, 1, split)) for split in SPLITS[:2]}
    directions = {tuple(start > own[fold]) for (fold, _), start in starts.items()}
    assert len(directions) == 4
    again = flat(neighbouring_layers(CALM, 2, 1, SPLITS[0], 1, number=1))
    np.testing.assert_array_equal(starts[0, 1], again)


def test_a_twin_is_trained_on_its_split_as_its_network_is():
    places = [7, 2]
    fits = pd.DataFrame(
        {
            "configuration": CALM.name,
            "hyperparameters": canonical_json(CALM.values()),
            "repeat": [SPLITS[place].repeat + 1 for place in places],
            "fold": [SPLITS[place].fold + 1 for place in places],
        },
        index=[5, 3],
    )
    twins = train_twins(fits, SPLITS, EX4, number=1, seed=1, **STOP)
    assert twins[["repeat", "fold"]].values.tolist() == fits[["repeat", "fold"]].values.tolist()
    trained = train_fits(stacked, [(CALM, SPLITS[place]) for place in places], EX4, seed=1, **STOP)
    for own, (_, twin) in zip(trained, twins.iterrows(), strict=True):
        assert (twin["status"], twin["configuration"]) == (own.status, CALM.name)
        np.testing.assert_array_equal(twin["curve_epochs"], own.curve_epochs)
        difference = np.abs(twin["probabilities"] - own.probabilities)
        assert 0 < difference.max() < 1e-12
        np.testing.assert_allclose(twin["train_cost"], own.train_cost, atol=1e-12)
        np.testing.assert_allclose(twin["test_cost"], own.test_cost, atol=1e-12)
