"""What the report's checks say: that they agree when they must, and tell when they do not."""

from pathlib import Path

import numpy as np
import pytest

from backprop.data import dataset as data
from backprop.models import networks as training
from backprop.network import plain as plain_network
from backprop.network import stacked as network
from backprop.study import folds
from backprop.study.configurations import Configuration
from backprop.study.splits import splits_of

ROOT = Path(__file__).parents[2]
EX4 = data.read(ROOT / "resources/ex4.csv")
SPLITS = splits_of(folds.split(EX4.y, folds=5, repeats=1, seed=1))
REFERENCE = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
DEEP = Configuration((4, 3), "tanh", "cross_entropy", 0.1, "glorot")  # at 0.3 it is chaotic
RELU = Configuration((5,), "relu", "squared_error", 0.03, "glorot")

# The plain network


@pytest.mark.parametrize("configuration", [REFERENCE, DEEP, RELU], ids=lambda c: c.name)
def test_the_plain_loop_trains_the_same_network(configuration):
    wanted = [(configuration, split) for split in SPLITS[:2]]
    stack, plain = (
        training.train(module, configuration.shape, wanted, EX4.x, EX4.y, seed=1, epochs=30)
        for module in (network, plain_network)
    )
    for one, other in zip(stack, plain, strict=True):
        np.testing.assert_allclose(one.probabilities, other.probabilities, rtol=0, atol=1e-10)
        np.testing.assert_allclose(one.parameters, other.parameters, rtol=0, atol=1e-10)
