"""What the report's checks say: that they agree when they must, and tell when they do not."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from backprop.data import dataset as data
from backprop.models import networks as training
from backprop.network import plain as plain_network
from backprop.network import stacked as network
from backprop.report import tables
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


# Parity


def fits_of(model, configuration, probabilities):
    return [
        {"model": model, "configuration": configuration, "repeat": 1, "fold": fold,
         "status": "epochs" if np.isfinite(p).all() else "diverged", "probabilities": np.array(p)}
        for fold, p in enumerate(probabilities, 1)
    ]  # fmt: skip


FAILED = [math.nan, math.nan]


@pytest.mark.parametrize(
    ("tensorflow", "plain", "row"),
    [
        ([[0.2, 0.6], [0.3, 0.4]], [[0.2, 0.6]], (2, 0, 0.0, 0.0, True)),
        ([[0.2, 0.6], [0.3, 0.4 + 5e-11]], [[0.2, 0.6]], (2, 0, 5e-11, 0.0, True)),
        ([[0.2, 0.6], [0.3, 0.4 + 2e-10]], [[0.2, 0.6]], (2, 0, 2e-10, 0.0, False)),
        ([[0.2, 0.6], [0.3, 0.4]], [[0.2, 0.7]], (2, 0, 0.0, 0.1, False)),
        ([[0.2, 0.6], FAILED], [[0.2, 0.6]], (2, 0, 0.0, 0.0, False)),
        ([[0.2, 0.6], [0.3, 0.4]], [FAILED], (2, 0, 0.0, math.nan, False)),
    ],
    ids=["equal", "within the bar", "above the bar", "plain differs", "one failed", "plain failed"],
)
def test_parity_tells_whether_three_ways_agree(tensorflow, plain, row):
    fits = pd.DataFrame(
        fits_of("scratch", "c", [[0.2, 0.6], [0.3, 0.4]])
        + fits_of("tensorflow", "c", tensorflow)
        + fits_of("plain", "c", plain)
    )
    table = tables.parity(fits)
    found = table.loc[0, ["fits", "diverged", "tensorflow", "plain", "agrees"]]
    assert found.tolist() == pytest.approx(list(row), abs=1e-15, nan_ok=True)
    assert table.loc[0, "bar"] == 1e-10
    assert table.loc[0, "verdict"].startswith(f"{int(row[-1])} of 1 configurations agree")


def test_fits_that_diverge_in_every_way_agree():
    fits = pd.DataFrame(
        fits_of("scratch", "c", [FAILED, [0.3, 0.4]])
        + fits_of("tensorflow", "c", [FAILED, [0.3, 0.4]])
        + fits_of("plain", "c", [FAILED])
    )
    (row,) = tables.parity(fits).to_dict("records")
    assert (row["diverged"], row["agrees"], row["tensorflow"]) == (1, True, 0.0)
    assert math.isnan(row["plain"])
