"""The implementations of the network: they agree, train chaotically, or differ."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from lecture import EX4

from backprop.models.families import NETWORK
from backprop.network import autodiff, stacked
from backprop.network.functions import ACTIVATIONS
from backprop.statistics.by_plain import compare_files
from backprop.statistics.parity import (
    compare_fits,
    compare_implementations,
    mark_chaotic,
)
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import update_fits
from backprop.study.splits import splits_of

FAILED = [math.nan, math.nan]
OWN = [[0.2, 0.6], [0.3, 0.4]]
APART = [[0.2, 0.6], [0.3, 0.9]]
CURVE = [0.5, 0.4, 0.3]


def fits_with(model, configuration, probabilities, costs=CURVE, **steps):
    """Make a fit for each fold, with these out-of-fold probabilities, and costs of 3 epochs."""
    own = {"step_ratio": 0.5, "step_epoch": 0, "start_cost": 0.5, **steps}
    return [
        {"model": model, "configuration": configuration, "repeat": 1, "fold": fold,
         "status": "epochs" if np.isfinite(p).all() else "diverged", "probabilities": np.array(p),
         "curve_epochs": np.array([1, 6, 11])[: len(costs)], "train_cost": np.array(costs),
         "test_cost": np.array(CURVE)[: len(costs)],
         **(dict.fromkeys(own, math.nan) if model == "scratch" else own)}
        for fold, p in enumerate(probabilities, 1)
    ]  # fmt: skip


def compare(*rows):
    """Compare made-up fits."""
    fits = pd.DataFrame([row for group in rows for row in group])
    is_plain = fits["model"] == "plain"
    return compare_implementations(compare_fits(fits[~is_plain], fits[is_plain]))


def row_of(*rows):
    (row,) = compare(*rows).to_dict("records")
    return row


@pytest.mark.parametrize(
    ("tensorflow", "difference", "state"),
    [
        (OWN, 0.0, "agrees"),
        ([OWN[0], [0.3, 0.4 + 9e-11]], 9e-11, "agrees"),
        ([OWN[0], [0.3, 0.4 + 2e-10]], 2e-10, "chaotic"),
        ([OWN[0], FAILED], 1.0, "chaotic"),
    ],
    ids=["equal", "within the bar", "above the bar", "one failed"],
)
def test_where_each_step_agrees_the_ends_decide_between_agreement_and_chaos(
    tensorflow, difference, state
):
    row = row_of(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", tensorflow, step_ratio=0.99),
        fits_with("plain", "c", OWN[:1]),
    )
    numbers = [row[name] for name in ("fits", "diverged", "tensorflow")]
    assert numbers == pytest.approx([2, 0, difference], abs=1e-15)
    assert row["state"] == state
    assert (row["tensorflow_steps"], row["plain_steps"]) == (0.99, 0.5)
    assert math.isnan(row["tensorflow_wrong_from"])


def test_without_tensorflow_steps_are_compared_and_no_ends():
    row = row_of(fits_with("scratch", "c", OWN), fits_with("plain", "c", OWN[:1]))
    assert (row["state"], row["fits"], row["plain_steps"]) == ("agrees", 2, 0.5)
    assert all(pd.isna(row[name]) for name in ("tensorflow", "tensorflow_steps", "epochs"))
    steps = {"step_ratio": 1.01, "step_epoch": 2}
    row = row_of(fits_with("scratch", "c", OWN), fits_with("plain", "c", OWN[:1], **steps))
    assert (row["state"], row["plain_wrong_from"]) == ("differs", 2)


def test_tensorflow_without_scratch_is_compared_with_the_stack_and_not_with_itself():
    row = row_of(fits_with("tensorflow", "c", OWN), fits_with("plain", "c", OWN[:1]))
    assert (row["state"], row["fits"], row["tensorflow_steps"]) == ("agrees", 2, 0.5)
    assert all(pd.isna(row[name]) for name in ("tensorflow", "epochs"))
    row = row_of(fits_with("tensorflow", "c", OWN, start_cost=0.4), fits_with("plain", "c", OWN))
    assert (row["state"], row["tensorflow_wrong_from"]) == ("differs", 1)


@pytest.mark.parametrize("ends", [OWN, APART, [FAILED, FAILED]])
@pytest.mark.parametrize("model", ["tensorflow", "plain"])
@pytest.mark.parametrize(
    ("steps", "wrong_from"),
    [
        ({"step_ratio": 1.01, "step_epoch": 7}, 7),
        ({"step_ratio": math.inf, "step_epoch": 2}, 2),
        ({"start_cost": 0.5 + 2e-10}, 1),  # it starts elsewhere, or sees other samples
        ({"start_cost": math.nan}, 1),
        ({"step_ratio": math.nan, "step_epoch": math.nan}, 1),  # its steps were not compared
    ],
)
def test_a_step_or_a_start_that_rounding_does_not_explain_is_a_difference_wherever_it_ends(
    steps, wrong_from, model, ends
):
    others = {"tensorflow": OWN, "plain": OWN[:1], model: ends}
    networks = [
        fits_with(name, "c", p, **(steps if name == model else {})) for name, p in others.items()
    ]
    row = row_of(fits_with("scratch", "c", OWN), *networks)
    assert row["state"] == "differs"
    assert row[f"{model}_wrong_from"] == wrong_from
    ratio = steps.get("step_ratio", 0.5)
    assert row[f"{model}_steps"] == (math.inf if math.isnan(ratio) else ratio)


@pytest.mark.parametrize("model", ["tensorflow", "plain"])
def test_a_configuration_that_an_implementation_lacks_differs(model):
    table = compare(
        fits_with("scratch", "b", OWN), fits_with("scratch", "c", OWN), fits_with(model, "c", OWN)
    )
    assert table["state"].tolist() == ["differs", "agrees"]


def test_implementations_that_all_diverge_agree():
    table = compare(
        fits_with("scratch", "c", [FAILED, [0.3, 0.4]]),
        fits_with("tensorflow", "c", [FAILED, [0.3, 0.4]]),
        fits_with("scratch", "d", [FAILED], [math.nan, math.inf, math.nan]),
        fits_with("tensorflow", "d", [FAILED], [math.inf, math.nan, math.nan], start_cost=math.inf),
    )
    assert table["state"].tolist() == ["agrees", "agrees"]
    assert table["diverged"].tolist() == [1, 1]
    assert table["tensorflow"].fillna(-1).tolist() == [0.0, -1]


def test_the_implementations_of_each_configuration_are_compared_fit_by_fit():
    generator = np.random.default_rng(0)
    rows, largest = [], {}
    for configuration, scale in {"b": 1e-9, "c": 1e-12, "a": 1e-11}.items():
        scratch = [generator.random(size) for size in (3, 2, 4)]
        shifted = [p + generator.normal(scale=scale, size=p.size) for p in scratch]
        rows += fits_with("scratch", configuration, scratch)
        rows += fits_with("tensorflow", configuration, shifted)
        largest[configuration] = max(
            np.abs(p - q).max() for p, q in zip(scratch, shifted, strict=True)
        )
    table = compare(pd.DataFrame(rows).sample(frac=1, random_state=1).to_dict("records"))
    table = table.set_index("configuration")
    assert table["tensorflow"].to_dict() == largest
    assert table["state"].to_dict() == {"a": "agrees", "b": "chaotic", "c": "agrees"}


@pytest.mark.parametrize(
    ("costs", "epochs"),
    [
        (CURVE, 11),
        ([0.5, 0.4, 0.3 + 2e-10], 6),
        ([0.5, 0.4 + 2e-10, 0.3], 1),
        ([0.5 + 2e-10, 0.4, 0.3], 0),
        ([0.5, math.nan, 0.3], 1),
        ([0.5, 0.4], 6),  # its training ended earlier
        ([0.5, 0.4 + 5e-11, 0.3], 11),
    ],
)
def test_the_epochs_are_those_before_the_first_difference_of_a_cost(costs, epochs):
    table = compare(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", OWN[:1]),
        [{**row, "fold": 2} for row in fits_with("tensorflow", "c", OWN[1:], costs)],
    )
    assert table["state"].tolist() == ["agrees"]
    assert table["epochs"].tolist() == [epochs]


# Trained networks

SPLITS = splits_of(draw_folds(EX4.y, folds=5, repeats=1, seed=1))[:2]
CALM = Configuration.of_network((4,), "tanh", "squared_error", 0.1, "uniform")
CHAOTIC = Configuration.of_network((10, 10), "tanh", "cross_entropy", 1.0, "glorot")


def written(folder, configuration, seed=1, **networks):
    """Train a configuration with each network, and write the files of fits."""
    files = []
    for model, network in networks.items():
        files.append(folder / model / "shape.parquet")
        files[-1].parent.mkdir()
        train = partial(
            NETWORK.train_each,
            network.__name__,
            dataset=EX4,
            seed=seed,
            training={"epochs": 60},
            is_checked=model != "scratch",
        )
        update_fits(files[-1], model, [configuration], SPLITS, "basis", train)
    return files


def judged(files):
    """Return the row of the table of the one configuration in some files of fits."""
    compared = compare_files(files, EX4, SPLITS, seed=1)
    (row,) = compare_implementations(compared).to_dict("records")
    return row


def wrong_derivative(monkeypatch):
    """Make the derivative of tanh wrong by a millionth."""
    right = ACTIVATIONS["tanh"]
    wrong = right._replace(derivative=lambda a, b: right.derivative(a, b) * (1 + 1e-6))
    monkeypatch.setitem(ACTIVATIONS, "tanh", wrong)


def test_where_training_is_calm_the_networks_agree(tmp_path):
    row = judged(written(tmp_path, CALM, scratch=stacked, tensorflow=autodiff))
    assert (row["state"], row["epochs"]) == ("agrees", 60)
    assert 0 < row["tensorflow_steps"] < 1
    assert 0 < row["plain_steps"] < 1


def test_where_training_is_chaotic_each_step_agrees_and_the_ends_do_not(tmp_path):
    row = judged(written(tmp_path, CHAOTIC, scratch=stacked, tensorflow=autodiff))
    assert row["tensorflow"] > 1e-3
    assert row["state"] == "chaotic"
    assert 1 <= row["epochs"] < 60
    assert 0 < row["tensorflow_steps"] < 1


@pytest.mark.parametrize("configuration", [CALM, CHAOTIC])
def test_a_wrong_derivative_is_a_difference_in_chaos_too(configuration, tmp_path, monkeypatch):
    wrong_derivative(monkeypatch)
    row = judged(written(tmp_path, configuration, scratch=stacked, tensorflow=autodiff))
    assert row["state"] == "differs"
    assert row["tensorflow_wrong_from"] == 1


def test_other_starts_and_orders_are_a_difference_even_if_each_step_agrees(tmp_path):
    scratch = written(tmp_path, CHAOTIC, scratch=stacked)
    row = judged([*scratch, *written(tmp_path, CHAOTIC, seed=2, tensorflow=stacked)])
    assert row["tensorflow_steps"] == 0
    assert (row["state"], row["tensorflow_wrong_from"]) == ("differs", 1)


# Marks


def table_of(states, **columns):
    """Make a table of parity with these states."""
    names = [f"c{number}" for number in range(len(states))]
    defaults = {
        "configuration": names, "fits": 2, "diverged": 0, "tensorflow": 2e-12,
        "tensorflow_steps": 0.2, "plain_steps": math.nan, "tensorflow_wrong_from": math.nan,
        "plain_wrong_from": math.nan, "epochs": 500, "state": states,
    }  # fmt: skip
    return pd.DataFrame({**defaults, **columns})


def test_the_rows_of_a_chaotic_configuration_of_a_network_are_marked():
    parity = table_of(["agrees", "chaotic", "chaotic"])
    table = pd.DataFrame({"model": ["logistic", "scratch", "scratch"], "best": ["c1", "c0", "c1"]})
    assert mark_chaotic(table, parity, "best")["chaotic"].tolist() == [False, False, True]
    assert mark_chaotic(table[:0], parity, "best")["chaotic"].tolist() == []
