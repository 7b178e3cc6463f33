"""The implementations of the network: they agree, train chaotically, or differ without a reason."""

import dataclasses
import math
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from backprop.models.twins import train_twins
from made_fits import GOOD, LESS, MORE, REFERENCE, Y, by_model, make_study, varied
from worded import with_verdicts

from backprop.data.dataset import read_dataset
from backprop.errors import BackpropError
from backprop.files import read_table, write_table
from backprop.models.networks import train_fits
from backprop.network import autodiff, plain, stacked
from backprop.network.functions import ACTIVATIONS
from backprop.statistics.comparison import compare_models
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import Judgement
from backprop.statistics.parity import (
    MARKED,
    compare_files,
    compare_fits,
    compare_implementations,
    explain,
    mark_chaotic,
    refuse_unexplained,
)
from backprop.statistics.tuning import estimate_tuning
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import update_fits
from backprop.study.splits import splits_of

FAILED = [math.nan, math.nan]
OWN = [[0.2, 0.6], [0.3, 0.4]]
CURVE = [0.5, 0.4, 0.3]


def fits_with(model, configuration, probabilities, costs=CURVE):
    """Make a fit for each fold, with these out-of-fold probabilities, and costs of 3 epochs."""
    return [
        {"model": model, "configuration": configuration, "repeat": 1, "fold": fold,
         "status": "epochs" if np.isfinite(p).all() else "diverged", "probabilities": np.array(p),
         "curve_epochs": np.array([1, 6, 11])[: len(costs)], "train_cost": np.array(costs),
         "test_cost": np.array(CURVE)[: len(costs)]}
        for fold, p in enumerate(probabilities, 1)
    ]  # fmt: skip


def compare(*rows, twins=()):
    """Compare made-up fits; each of `twins` has the fits of the twins that are trained next."""
    fits = pd.DataFrame([row for group in rows for row in group])
    compared = compare_fits(fits)
    differ = (compared[["tensorflow", "plain"]] > 1e-10).any(axis=1)
    differ |= compared["epochs"] < compared["recorded"]
    scratch = fits[fits["model"] == "scratch"].reset_index(drop=True)
    made = iter(twins)
    twins = explain(compared, scratch[differ], lambda fits, number: pd.DataFrame(next(made)))
    return compare_implementations(compared, twins)


@pytest.mark.parametrize(
    ("tensorflow", "plain_network", "row"),
    [
        (OWN, OWN[:1], (2, 0, 0.0, 0.0, "agrees")),
        ([OWN[0], [0.3, 0.4 + 5e-11]], OWN[:1], (2, 0, 5e-11, 0.0, "agrees")),
        ([OWN[0], [0.3, 0.4 + 2e-10]], OWN[:1], (2, 0, 2e-10, 0.0, "unexplained")),
        (OWN, [[0.2, 0.7]], (2, 0, 0.0, 0.1, "unexplained")),
        ([OWN[0], FAILED], OWN[:1], (2, 0, 1.0, 0.0, "unexplained")),
        (OWN, [FAILED], (2, 0, 0.0, 1.0, "unexplained")),
        (OWN, [], (2, 0, 0.0, math.nan, "agrees")),
        ([OWN[0], [0.3, 0.4 + 2e-10]], [], (2, 0, 2e-10, math.nan, "unexplained")),
    ],
    ids=[
        "equal", "within the bar", "above the bar", "plain differs", "one failed", "plain failed",
        "without plain", "without plain, above the bar",
    ],
)  # fmt: skip
def test_implementations_agree_within_the_bar_if_a_twin_does(tensorflow, plain_network, row):
    table = compare(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", tensorflow),
        fits_with("plain", "c", plain_network),
        twins=[fits_with("twin", "c", OWN)] * 5,
    )
    numbers = table.loc[0, ["fits", "diverged", "tensorflow", "plain", "state"]]
    assert numbers.tolist()[:4] == pytest.approx(list(row[:4]), abs=1e-15, nan_ok=True)
    assert numbers["state"] == row[4]
    assert table.loc[0, "bar"] == 1e-10


def test_implementations_that_all_diverge_agree():
    table = compare(
        fits_with("scratch", "c", [FAILED, [0.3, 0.4]]),
        fits_with("tensorflow", "c", [FAILED, [0.3, 0.4]]),
        fits_with("plain", "c", [FAILED]),
        fits_with("scratch", "d", [FAILED], [math.nan, math.inf, math.nan]),
        fits_with("tensorflow", "d", [FAILED], [math.inf, math.nan, math.nan]),
    )
    assert table["state"].tolist() == ["agrees", "agrees"]
    assert table["diverged"].tolist() == [1, 1]
    assert table["tensorflow"].fillna(-1).tolist() == [0.0, -1]
    assert table["plain"].isna().all()


def test_a_configuration_that_tensorflow_lacks_is_unexplained():
    table = compare(
        fits_with("scratch", "b", OWN),
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", OWN),
    )
    assert table["state"].tolist() == ["unexplained", "agrees"]


def test_the_implementations_of_each_configuration_are_compared_fit_by_fit():
    generator = np.random.default_rng(0)
    rows, largest, own = [], {}, {}
    for configuration, scale in {"b": 1e-9, "c": 1e-12, "a": 1e-11}.items():
        scratch = own[configuration] = [generator.random(size) for size in (3, 2, 4)]
        noise = [generator.normal(scale=scale, size=p.size) for p in scratch]
        shifted = [p + e for p, e in zip(scratch, noise, strict=True)]
        rows += [*fits_with("scratch", configuration, scratch)]
        rows += [*fits_with("tensorflow", configuration, shifted)]
        largest[configuration] = max(
            np.abs(p - q).max() for p, q in zip(scratch, shifted, strict=True)
        )
    shuffled = pd.DataFrame(rows).sample(frac=1, random_state=1).to_dict("records")
    table = compare(shuffled, twins=[fits_with("twin", "b", own["b"])] * 5)
    table = table.set_index("configuration")
    assert table["tensorflow"].to_dict() == largest
    assert table["state"].to_dict() == {"a": "agrees", "b": "unexplained", "c": "agrees"}


@pytest.mark.parametrize(
    ("tensorflow", "twin", "state"),
    [
        (1e-4, 1e-4, "chaotic"),
        (1e-4, 2e-7, "chaotic"),
        (1e-4, 5e-8, "unexplained"),
        (1e-4, 0.3, "chaotic"),
        (math.nan, 2e-3, "chaotic"),  # it diverged: a difference of 1
        (math.nan, 5e-4, "unexplained"),
        (0.1, math.nan, "chaotic"),
        (math.nan, math.nan, "chaotic"),
    ],
)
def test_a_difference_is_chaos_if_a_twin_differs_by_a_thousandth_of_it(tensorflow, twin, state):
    def shifted(shift):
        return [OWN[0], [0.3, 0.4 + shift] if np.isfinite(shift) else FAILED]

    (row,) = compare(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", shifted(tensorflow)),
        twins=[fits_with("twin", "c", shifted(twin))[1:]] * 5,
    ).to_dict("records")
    assert row["state"] == state
    assert row["twin"] == pytest.approx(1.0 if math.isnan(twin) else twin)
    assert row["bar"] == pytest.approx(min(1.0, 1000 * row["twin"]))


def test_more_twins_are_trained_only_of_what_the_first_do_not_explain():
    fits = pd.DataFrame(
        [
            row
            for name, shift in {"a": 0.0, "b": 0.1, "c": 0.2, "d": 0.3}.items()
            for row in (
                *fits_with("scratch", name, OWN),
                *fits_with("tensorflow", name, [OWN[0], [0.3, 0.4 + shift]]),
            )
        ]
    )
    scratch = fits[(fits["model"] == "scratch") & (fits["fold"] == 2)]
    asked = []

    def train(fits, number):
        asked.append((number, fits["configuration"].tolist()))
        shift = {"b": 0.1, "c": 0.1 if number == 3 else 0.0, "d": 0.0}
        twins = [fits_with("twin", c, [OWN[0], [0.3, 0.4 + shift[c]]])[1] for c in asked[-1][1]]
        return pd.DataFrame(twins)

    compared = compare_fits(fits)
    twins = explain(compared, scratch[scratch["configuration"] != "a"], train)
    assert asked == [
        (1, ["b", "c", "d"]), (2, ["c", "d"]), (3, ["c", "d"]), (4, ["d"]), (5, ["d"])
    ]  # fmt: skip
    assert twins[["configuration", "twin"]].values.tolist() == [
        [name, number] for number, names in asked for name in names
    ]
    states = compare_implementations(compared, twins)["state"].tolist()
    assert states == ["agrees", "chaotic", "chaotic", "unexplained"]


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
        twins=[fits_with("twin", "c", OWN, costs)] * 5,
    )
    assert table["state"].tolist() == ["agrees"]
    assert table["epochs"].tolist() == [epochs]


@pytest.mark.parametrize(
    ("first", "of_twin", "state"),
    [(2e-10, 0.0, "unexplained"), (2e-10, 1e-12, "chaotic"), (5e-11, 0.0, "chaotic")],
)
def test_chaos_within_the_first_epoch_must_be_that_of_a_twin(first, of_twin, state):
    table = compare(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", [OWN[0], [0.3, 0.5]], [0.5 + first, 0.1, 0.2]),
        twins=[fits_with("twin", "c", [OWN[0], [0.3, 0.5]], [0.5 + of_twin, 0.2, 0.1])[1:]] * 5,
    )
    assert table["state"].tolist() == [state]


@pytest.mark.parametrize(
    ("own", "of_twin", "state"),
    [
        ([0.0, 2e-10, 0.0], [0.0, 0.0, 0.1], "unexplained"),  # of a twin, only later
        ([0.0, 2e-10, 0.0], [0.0, 3e-13, 0.0], "chaotic"),
        ([0.0, 2e-10, 0.0], [0.0, 1e-13, 0.0], "unexplained"),
        ([0.0, 0.0, 1e-3], [0.0, 2e-6, 0.0], "chaotic"),  # of a twin, already before
        ([0.0, 0.0, 1e-3], [0.0, 5e-7, 1e-7], "unexplained"),
        ([0.0, math.inf, 0.0], [0.0, 2e-3, 0.0], "chaotic"),  # it diverged: a difference of 1
        ([0.0, math.inf, 0.0], [0.0, 5e-4, 0.0], "unexplained"),
        ([0.0, 0.0], [0.0], "chaotic"),  # training ended earlier
    ],
)
def test_a_difference_at_any_epoch_must_be_that_of_a_twin_so_far(own, of_twin, state):
    def costs(differences):
        return [cost + difference for cost, difference in zip(CURVE, differences, strict=False)]

    apart = [OWN[0], [0.3, 0.5]]
    table = compare(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", apart, costs(own)),
        twins=[fits_with("twin", "c", apart, costs(of_twin))[1:]] * 5,
    )
    assert table["state"].tolist() == [state]


@pytest.mark.parametrize(("of_twin", "state"), [(3e-13, "agrees"), (0.0, "unexplained")])
def test_costs_must_be_explained_even_if_the_probabilities_agree(of_twin, state):
    table = compare(
        fits_with("scratch", "c", OWN),
        fits_with("tensorflow", "c", OWN, [0.5, 0.4 + 2e-10, 0.3]),
        twins=[fits_with("twin", "c", OWN, [0.5, 0.4 + of_twin, 0.3])] * 5,
    )
    assert table["state"].tolist() == [state]


# Trained networks

EX4 = read_dataset(Path(__file__).parents[2] / "resources" / "ex4.csv")
SPLITS = splits_of(draw_folds(EX4.y, folds=5, repeats=1, seed=1))[:2]
CALM = Configuration((4,), "tanh", "squared_error", 0.1, "uniform")
CHAOTIC = Configuration((10, 10), "tanh", "cross_entropy", 1.0, "glorot")
STOP = {"epochs": 60, "patience": None, "tolerance": 0.0}


def written(folder, configuration, stop=STOP, **networks):
    """Train a configuration with each network, and write the files of fits."""
    files = []
    for model, network in networks.items():
        files.append(folder / model / "shape.parquet")
        files[-1].parent.mkdir()
        train = partial(train_fits, network, dataset=EX4, seed=1, **stop)
        update_fits(files[-1], model, [configuration], SPLITS, "basis", train)
    return files


def judged(files, stop=STOP):
    """Return the row of the table of the one configuration in some files of fits."""
    compared, differing = compare_files(files)
    train = partial(train_twins, splits=SPLITS, dataset=EX4, seed=1, **stop)
    twins = explain(compared, differing, train)
    (row,) = compare_implementations(compared, twins).to_dict("records")
    return row, twins


def wrong_derivative(monkeypatch):
    """Make the derivative of tanh wrong by a millionth."""
    right = ACTIVATIONS["tanh"]
    wrong = right._replace(derivative=lambda a, b: right.derivative(a, b) * (1 + 1e-6))
    monkeypatch.setitem(ACTIVATIONS, "tanh", wrong)


def test_where_training_is_calm_the_networks_agree_without_a_twin(tmp_path):
    row, twins = judged(written(tmp_path, CALM, scratch=stacked, tensorflow=autodiff, plain=plain))
    assert row["state"] == "agrees"
    assert row["epochs"] == 60
    assert twins.empty


def test_where_training_is_chaotic_a_twin_differs_as_much_as_tensorflow(tmp_path):
    row, twins = judged(written(tmp_path, CHAOTIC, scratch=stacked, tensorflow=autodiff))
    assert row["tensorflow"] > 1e-3
    assert row["state"] == "chaotic"
    assert 1 <= row["epochs"] < 60
    assert len(twins) == 2


@pytest.mark.parametrize("configuration", [CALM, CHAOTIC])
def test_a_wrong_derivative_is_unexplained_in_chaos_too(configuration, tmp_path, monkeypatch):
    (scratch,) = written(tmp_path, configuration, scratch=stacked)
    with monkeypatch.context() as patched:
        wrong_derivative(patched)
        (tensorflow,) = written(tmp_path, configuration, tensorflow=stacked)
    row, twins = judged([scratch, tensorflow])
    assert row["state"] == "unexplained"
    assert twins["twin"].max() == 5


class Late:
    """A network whose learning rate is wrong from the second epoch on."""

    def __init__(self, factor):
        self.factor, self.rows, self.predict = factor, {}, stacked.predict

    def train_epoch(self, layers, x, y, eta, *others):
        # The training rows of the first epoch come in one block for each stack.
        epoch = self.rows[id(layers)] = self.rows.get(id(layers), 0) + 1
        return stacked.train_epoch(layers, x, y, eta * (self.factor if epoch > 1 else 1), *others)


@pytest.mark.parametrize("factor", [1.01, 2.0])
@pytest.mark.parametrize(
    "configuration",
    [
        Configuration((10,), "tanh", "cross_entropy", 1.0, "uniform"),
        Configuration((10,), "tanh", "cross_entropy", 1.0, "glorot"),
        Configuration((10, 10), "relu", "squared_error", 0.3, "glorot"),
    ],
    ids=lambda configuration: configuration.name,
)
def test_a_mistake_from_the_second_epoch_on_is_unexplained(configuration, factor, tmp_path):
    stop = {**STOP, "epochs": 150}
    files = written(tmp_path, configuration, stop, scratch=stacked, tensorflow=Late(factor))
    row, _ = judged(files, stop)
    assert row["state"] == "unexplained"


def test_a_wrong_prediction_is_unexplained(tmp_path):
    def train(pairs):
        fits = train_fits(stacked, pairs, EX4, seed=1, **STOP)
        p = fits[0].probabilities
        return [dataclasses.replace(fits[0], probabilities=p + 1e-6 * (p == p.min())), *fits[1:]]

    (scratch,) = written(tmp_path, CALM, scratch=stacked)
    tensorflow = tmp_path / "shape.parquet"
    update_fits(tensorflow, "tensorflow", [CALM], SPLITS, "basis", train)
    row, twins = judged([scratch, tensorflow])
    assert row["tensorflow"] == pytest.approx(1e-6)
    assert row["state"] == "unexplained"
    assert len(twins) == 5


def test_twins_are_the_same_from_their_file(tmp_path):
    files = written(tmp_path, CHAOTIC, scratch=stacked, tensorflow=plain)
    row, twins = judged(files)
    write_table(tmp_path / "twins.csv", twins)
    compared, _ = compare_files(files)
    again = compare_implementations(compared, read_table(tmp_path / "twins.csv"))
    pd.testing.assert_frame_equal(again, pd.DataFrame([row]), check_exact=True)


# Words


def table_of(states, **columns):
    """Make a table of parity with these states."""
    names = [f"c{number}" for number in range(len(states))]
    defaults = {
        "configuration": names, "fits": 2, "diverged": 0, "tensorflow": 2e-12, "plain": math.nan,
        "twin": math.nan, "bar": 1e-10, "epochs": 500, "state": states,
    }  # fmt: skip
    return pd.DataFrame({**defaults, **columns})


def test_an_unexplained_difference_ends_the_run_with_one_message():
    table = table_of(["agrees", "unexplained"], tensorflow=[0, 0.25], twin=[math.nan, 3e-12])
    with pytest.raises(BackpropError) as error:
        refuse_unexplained(table)
    assert str(error.value) == (
        "the implementations of the network do not compute the same, and rounding does not explain "
        "it; the largest differences of a probability from scratch:\n"
        "  c1: tensorflow 0.25, plain nan, a twin of scratch 3e-12; costs agree up to epoch 500"
    )
    refuse_unexplained(table_of(["agrees", "chaotic"]))
    with pytest.raises(BackpropError, match=r"  c4: .*\n  and 4 more$"):
        refuse_unexplained(table_of(["unexplained"] * 9))


def test_sentences_say_which_scores_are_of_chaotic_training():
    candidates = {REFERENCE: GOOD, varied(learning_rate=0.3): MORE, varied(learning_rate=1.0): LESS}
    judgement, named = (
        Judgement(*make_study(candidates), Y, metric="accuracy"),
        by_model(candidates),
    )
    tables = {
        "comparison": compare_models(judgement, named, rope=0.01),
        "effects": compare_values(judgement, named, rope=0.01),
        "tuning": estimate_tuning(judgement, named, seed=1),
    }
    chaotic = table_of(["chaotic", "chaotic"])
    chaotic["configuration"] = [REFERENCE.name, varied(learning_rate=0.3).name]
    said = {}
    for name, table in tables.items():
        calm = with_verdicts(name, mark_chaotic(table, chaotic[:0], MARKED[name]), named)
        marked = with_verdicts(name, mark_chaotic(table, chaotic, MARKED[name]), named)
        assert not calm["verdict"].str.contains("chaotic").any()
        said[name] = " ".join(marked["verdict"].dropna())
    assert said["comparison"].count("chaotic") == 1
    assert f" {MORE.mean():.1%} (its training is chaotic: " in said["tuning"]
    assert "; with learning rate 0.3, training is chaotic: " in said["effects"]


def test_the_rows_of_a_chaotic_configuration_of_a_network_are_marked():
    parity = table_of(["agrees", "chaotic", "chaotic"])
    table = pd.DataFrame({"model": ["logistic", "scratch", "scratch"], "best": ["c1", "c0", "c1"]})
    assert mark_chaotic(table, parity, "best")["chaotic"].tolist() == [False, False, True]
    assert mark_chaotic(table[:0], parity, "best")["chaotic"].tolist() == []
