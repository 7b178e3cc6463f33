"""The networks and random numbers of the live page, in Node, against those of Python."""

import base64
import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

from backprop.data.dataset import Dataset, read_dataset
from backprop.data.encoding import Encoder
from backprop.models.networks import train_fits
from backprop.network import stacked
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS, OUTPUTS
from backprop.report.live.export import export
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.study.streams import stream

if shutil.which("node") is None:
    pytest.skip("Node is missing", allow_module_level=True)

ROOT = Path(__file__).parents[2]
EX4 = read_dataset(ROOT / "resources" / "ex4.csv")
IRIS = Dataset(("a", "b", "c", "d"), "species", *load_iris(return_X_y=True), ("x", "y", "z"))
REFERENCE = Configuration((3,), "sigmoid", "squared_error", 0.1, "uniform")
ROUNDING = 1e-11  # of weights of about 1 after a few hundred updates


def ask(question, **values):
    done = subprocess.run(
        ["node", ROOT / "tests/report/live_fits.mjs"],
        input=json.dumps({"question": question, **values}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def changed(**values):
    return dataclasses.replace(REFERENCE, **values)


def study(dataset, *configurations, seed=1, folds=3, repeats=1, **training):
    """Train a small study, and return its splits and what the page knows of it."""
    training = {"epochs": 4, **training}
    splits = splits_of(draw_folds(dataset.y, folds=folds, repeats=repeats, seed=seed))
    pairs = [(each, split) for each in configurations for split in splits]
    trained = train_fits(stacked, pairs, dataset, seed=seed, **training)
    fits = pd.DataFrame(
        [
            {
                "configuration": configuration.name,
                "repeat": split.repeat + 1,
                "fold": split.fold + 1,
                "status": fit.status,
                "epochs": fit.epochs,
                "parameters": fit.parameters,
                "probabilities": fit.probabilities.ravel(),
            }
            for (configuration, split), fit in zip(pairs, trained, strict=True)
        ]
    )
    known = export(dataset, splits, configurations, fits, seed=seed, training=training)
    return splits, json.loads(json.dumps(known))


def assert_same(dataset, *configurations, status=("epochs", "unlearned"), **options):
    """Train a study here and in Node; assert that every fit is the same."""
    splits, known = study(dataset, *configurations, **options)
    answer = ask("fits", exported=known)
    assert len(answer) == len(configurations)
    for of_configuration in answer:
        for fit, split in zip(of_configuration, splits, strict=True):
            assert fit["same"], fit
            assert fit["status"] in status
            apply = Encoder.of(dataset, split.train).apply
            expected = np.concatenate([apply(dataset.x[r]) for r in (split.train, split.test)])
            inputs = np.frombuffer(base64.b64decode(fit["inputs"]), "<f8")
            np.testing.assert_array_equal(inputs, expected.ravel())
            if fit["status"] != "diverged":
                assert max(fit["weights"], fit["probabilities"]) < ROUNDING
    return answer


# Random numbers


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, 2**32, 2**53 + 1, 2**100 + 7, 2**150 + 2**33])
@pytest.mark.parametrize(("purpose", "key"), [("weights", (0, 0)), ("order", (9, 4))])
def test_random_numbers_are_those_of_numpy_to_the_last_bit(seed, purpose, key):
    generator = stream(seed, purpose, *key)
    drawn = ask("draws", seed=str(seed), purpose=purpose, key=key, orders=40, rows=77, numbers=50)
    assert drawn["orders"] == [generator.permutation(77).tolist() for _ in range(40)]
    assert drawn["numbers"] == generator.random(50).tolist()


@pytest.mark.parametrize("rows", [1, 2, 3, 64, 65, 70_000])
def test_orders_of_any_number_of_rows_are_those_of_numpy(rows):
    generator = stream(3, "order", 0, 0)
    drawn = ask("draws", seed="3", purpose="order", key=[0, 0], orders=2, rows=rows, numbers=0)
    assert drawn["orders"] == [generator.permutation(rows).tolist() for _ in range(2)]


# One entry more


@pytest.mark.parametrize(
    ("entries", "table"),
    [
        ("activations", ACTIVATIONS),
        ("outputs", OUTPUTS),
        ("costs", COSTS),
        ("initialisations", INITIALISATIONS),
    ],
)
def test_each_entry_of_the_network_is_an_entry_of_the_page(entries, table):
    missing = table.keys() - set(ask("entries")[entries])
    assert not missing, f"add {sorted(missing)} to {entries.upper()} in report/live/network.js"


# Fits


def test_each_activation_with_each_cost_is_the_same():
    assert_same(
        EX4, *(changed(activation=a, cost=c) for a in ACTIVATIONS for c in COSTS), repeats=2
    )


def test_two_hidden_layers_are_the_same():
    assert_same(EX4, *(changed(hidden=(4, 3), activation=a) for a in ACTIVATIONS))


def test_each_initialisation_is_the_same():
    assert_same(EX4, *(changed(initialisation=each) for each in INITIALISATIONS))


def test_batches_and_weight_decay_are_the_same():
    assert_same(
        EX4,
        changed(batch_size=7),
        changed(batch_size=1000),
        changed(l2=0.01),
        changed(batch_size=8, l2=0.1, cost="cross_entropy", hidden=(4, 4)),
    )


@pytest.mark.parametrize("cost", COSTS)
def test_three_classes_are_the_same(cost):
    assert_same(IRIS, changed(cost=cost), changed(cost=cost, batch_size=5, hidden=(4, 3)))


def test_a_seed_above_32_bits_is_the_same():
    assert_same(EX4, REFERENCE, seed=2**64 + 12345)


def test_a_fit_that_ends_early_is_the_same():
    (fits,) = assert_same(
        EX4, changed(learning_rate=1.0), epochs=60, patience=2, tolerance=0.001,
        status=("no_progress",),
    )  # fmt: skip
    assert all(2 < fit["epochs"] < 60 for fit in fits)


def test_a_diverged_fit_is_the_same():
    assert_same(
        EX4,
        Configuration((6, 6, 6), "relu", "cross_entropy", 1e120, "glorot"),
        status=("diverged",),
        epochs=20,
    )


def test_a_fit_that_has_not_learned_is_the_same():
    assert_same(EX4, changed(learning_rate=1e-9), status=("unlearned",), epochs=3)


@pytest.mark.parametrize("epochs", [1, 2, 150, 250])
def test_curves_decide_the_status_at_the_epochs_of_the_study(epochs):
    assert_same(EX4, changed(hidden=(2,)), epochs=epochs, folds=2)


def test_imputed_and_encoded_inputs_are_the_same():
    generator = np.random.default_rng(5)
    x = np.column_stack([EX4.x, generator.integers(0, 3, len(EX4.y))])
    x[generator.random(x.shape) < 0.2] = np.nan
    x[3, 2] = 3.0  # a category of one row: in some splits, no training row has it
    x[7, 0] = 1e200
    dataset = dataclasses.replace(
        EX4, features=("one", "two", "kind"), x=x, categories={"kind": ("a", "b", "c", "<d>")}
    )
    assert_same(dataset, REFERENCE)


def test_missing_numbers_of_test_rows_alone_are_the_same():
    splits = splits_of(draw_folds(EX4.y, folds=3, repeats=1, seed=1))
    x = EX4.x.copy()
    x[splits[0].test[0], 1] = np.nan
    assert_same(dataclasses.replace(EX4, x=x), REFERENCE)


def test_another_weight_or_status_is_not_the_same():
    _, known = study(EX4, REFERENCE)
    (fits,) = ask("fits", exported=known)
    assert all(fit["same"] for fit in fits)
    first, second, third = known["fits"][0]
    numbers = np.frombuffer(base64.b64decode(first["numbers"]), "<f8").copy()
    numbers[4] += 1e-9
    first["numbers"] = base64.b64encode(numbers.tobytes()).decode()
    second["status"] = "no_progress"
    third["epochs"] = 3
    (fits,) = ask("fits", exported=known)
    assert [fit["same"] for fit in fits] == [False, False, False]
    assert fits[0]["weights"] == pytest.approx(1e-9, rel=1e-3)
