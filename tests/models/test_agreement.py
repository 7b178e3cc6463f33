"""The fits of scratch and of TensorFlow agree, and do not depend on the other fits of a stack."""

import collections
import itertools

import numpy as np
import pytest
import yaml
from full_config import typed
from lecture import EX4, ROOT
from same_bits import assert_same_bits

from backprop.models.families import NETWORK
from backprop.models.networks import train_fits
from backprop.network import autodiff, stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

SPLITS = splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1))
CONFIG = typed(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
BY_SHAPE = collections.defaultdict(list)
for each in NETWORK.configurations(CONFIG, "scratch"):
    BY_SHAPE[each.shape].append(each)


def train(network, fits, **options):
    return train_fits(network, fits, EX4, seed=1, **options)


def assert_agree(fits, epochs):
    scratch = train(stacked, fits, epochs=epochs)
    tensorflow = train(autodiff, fits, epochs=epochs)
    for one, other in zip(scratch, tensorflow, strict=True):
        assert one.status == other.status != "diverged"
        assert (one.epochs, other.epochs) == (epochs, epochs)
        np.testing.assert_allclose(other.probabilities, one.probabilities, rtol=0, atol=1e-10)
        np.testing.assert_allclose(other.train_cost, one.train_cost, rtol=0, atol=1e-10)
        np.testing.assert_allclose(other.test_cost, one.test_cost, rtol=0, atol=1e-10)


# TensorFlow compiles a program for each: the others are compared once a week, and by each run. The
# first shape is that of the reference, which the next test compares to its last epoch.
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(
            shape, marks=() if place in range(5, 99, 5) else pytest.mark.thorough, id=shape.name
        )
        for place, shape in enumerate(BY_SHAPE)
    ],
)
def test_scratch_and_tensorflow_agree_on_every_configuration_of_config_yaml(shape):
    assert_agree(list(itertools.product(BY_SHAPE[shape], SPLITS)), epochs=100)


def test_scratch_and_tensorflow_agree_on_the_reference_to_its_last_epoch():
    reference = Configuration.of_network(**CONFIG.reference.as_json())
    assert_agree([(reference, s) for s in SPLITS[:5]], epochs=CONFIG.training.epochs)


def test_training_is_deterministic_and_each_fit_is_bit_identical_alone():
    rates = (0.05, 0.5)
    fits = [
        (Configuration.of_network((5, 4), "tanh", "cross_entropy", rate, "uniform"), s)
        for rate in rates
        for s in SPLITS[:3]
    ]
    options = {"epochs": 30, "patience": 3, "tolerance": 1e-3}
    together = train(autodiff, fits, **options)
    for one, other in zip(train(autodiff, fits, **options), together, strict=True):
        assert_same_bits(one, other)
    for fit, expected in zip(fits[1::2], together[1::2], strict=True):
        assert_same_bits(train(autodiff, [fit], **options)[0], expected)
    more = [(c.changed(learning_rate=0.1), s) for c, s in fits for _ in range(5)]
    for fit, expected in zip(
        train(autodiff, [*more, *fits], **options)[-6:], together, strict=True
    ):
        assert_same_bits(fit, expected)
