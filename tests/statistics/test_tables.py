"""The statistics of fits that are made up so that the right numbers are known."""

import dataclasses
import typing

import numpy as np
import pandas as pd
import pytest
from made_advice import advice_on
from made_fits import (
    CANDIDATES,
    FOLDS,
    GOOD,
    LESS,
    MORE,
    NEVER,
    OTHER,
    REFERENCE,
    REPEATS,
    ROWS,
    Y,
    agreement_of,
    by_model,
    judged,
    make_study,
    mean_of_folds,
    models_of,
    varied,
)
from worded import context_of

from backprop.data.dataset import Dataset
from backprop.inference.tests import holm, mcnemar
from backprop.models.networks import train_fits
from backprop.models.registry import MODELS
from backprop.network import stacked
from backprop.network.functions import ACTIVATIONS, COSTS
from backprop.statistics.comparison import (
    compare_by_each_metric,
    compare_models,
    summarise_configurations,
)
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import group_fits
from backprop.statistics.tuning import find_best
from backprop.study.configurations import HYPERPARAMETERS
from backprop.study.cross_validation import draw_folds
from backprop.study.metrics import METRICS
from backprop.study.scores import score_fits, with_columns
from backprop.study.splits import splits_of
from backprop.study.streams import stream
from backprop.typing import Shown

TRAINING = {"epochs": 3, "patience": None, "tolerance": 0.0}


def is_shown(hint):
    """Return whether the type of a field says that no number depends on it."""
    return any(mark in Shown.__metadata__ for mark in getattr(hint, "__metadata__", ()))


def without_words(entry):
    """Return an entry of a registry that has a useless object for each word that readers see."""
    hints = typing.get_type_hints(type(entry), include_extras=True)
    words = {name: object() for name, hint in hints.items() if is_shown(hint)}
    assert words
    if dataclasses.is_dataclass(entry):
        return dataclasses.replace(entry, **words)
    return entry._replace(**words)


def test_no_number_depends_on_the_words_that_readers_see(monkeypatch):
    def numbers():
        _, fits = both = make_study(CANDIDATES)
        judgement = judged(both, by_model(CANDIDATES))
        split = splits_of(draw_folds(Y, folds=2, repeats=1, seed=1))[0]
        dataset = Dataset(features=("a", "b"), label="y", x=stream(1, "x").random((ROWS, 2)), y=Y)
        fit = train_fits(stacked, [(REFERENCE, split)], dataset, seed=1, **TRAINING)[0]
        return [
            summarise_configurations(judgement),
            compare_models(judgement),
            compare_values(judgement),
            find_best(judgement),
            agreement_of(pd.concat([fits, fits.assign(model="tensorflow")])),
            pd.DataFrame({"p": fit.probabilities}),
        ]

    with_words = numbers()
    for registry in (MODELS, METRICS, HYPERPARAMETERS, ACTIVATIONS, COSTS):
        for name, entry in registry.items():
            monkeypatch.setitem(registry, name, without_words(entry))
    for one, other in zip(numbers(), with_words, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


@pytest.fixture(scope="module")
def study():
    """Return the scores and the fits of all made-up candidates."""
    return make_study(CANDIDATES)


def shuffled(table):
    """Return the rows of a table in another order."""
    return table.sample(frac=1, random_state=1).reset_index(drop=True)


# Groups


def test_fits_are_grouped_by_model_and_configuration_in_order_of_appearance():
    table = pd.DataFrame(
        {
            "model": ["b", "a", "a", "b", "a", "a"],
            "configuration": ["x", "default", "x", "x", "default", "y"],
            "repeat": [2, 1, 1, 1, 1, 1],
            "fold": [1, 2, 1, 1, 1, 1],
        }
    )
    groups = {key: positions.tolist() for key, positions in group_fits(table).items()}
    in_order = {("b", "x"): [3, 0], ("a", "default"): [4, 1], ("a", "x"): [2], ("a", "y"): [5]}
    assert [*groups.items()] == [*in_order.items()]
    assert group_fits(table[:0]) == {}


# Configurations


def summary_of(study, key="configuration", candidates=CANDIDATES):
    """Return the summary of configurations, by one of its columns."""
    table = summarise_configurations(judged(study, by_model(candidates)))
    return table.set_index(key, drop=False)


def test_intervals_end_where_their_metric_does():
    always = np.ones_like(GOOD)
    for right, end in ((always, 1), (~always, 0)):
        row = summary_of(make_study({REFERENCE: right}), "model", [REFERENCE]).loc["scratch"]
        assert row["accuracy"] == end
        for metric, entry in METRICS.items():
            lowest, highest = entry.limits(2)
            if not np.isnan(row[f"{metric}_lower"]):
                assert lowest <= row[f"{metric}_lower"] <= row[metric] <= row[f"{metric}_upper"]
                assert row[f"{metric}_upper"] <= highest
        assert -1 <= row["difference_lower"] <= row["difference_upper"] <= 1


def test_the_order_of_the_fits_does_not_matter(study):
    both = [judged(each, by_model(CANDIDATES)) for each in (study, map(shuffled, study))]
    for make in (summarise_configurations, compare_models, compare_values):
        one, other = (make(judgement) for judgement in both)
        if make is not compare_values:  # whose rows are in the order of the candidates
            one, other = (
                table.sort_values(["model", "configuration"]).reset_index(drop=True)
                for table in (one, other)
            )
        pd.testing.assert_frame_equal(one, other, check_exact=True)


# Models


def compare(right, tensorflow=None, softmax=None):
    """Return the row of scratch, whose reference has these rows right, by name of the column."""
    return models_of(make_study({REFERENCE: right}, tensorflow, softmax)).loc["scratch"]


@pytest.mark.parametrize(
    ("right", "outcome"),
    [(MORE, "better"), (LESS, "worse"), (GOOD, "practically equal"), (OTHER, "undecided")],
    ids=["better", "worse", "practically equal", "undecided"],
)
def test_the_outcome_follows_from_the_rows_that_are_right(right, outcome):
    row = compare(right)
    assert row["outcome"] == outcome
    assert row["accuracy"] == pytest.approx(right.mean(), abs=1e-3)  # folds are not of one size
    assert row["difference"] == pytest.approx(right.mean() - GOOD.mean(), abs=1e-3)
    assert row["difference_lower"] <= row["difference"] <= row["difference_upper"]
    assert row["worse"] + row["equal"] + row["better"] == pytest.approx(1)
    assert row["basis"] == "rows"
    assert (row["correct"], row["rows"]) == (right[0].sum(), ROWS)
    assert row["wilson_lower"] < right[0].mean() < row["wilson_upper"]
    only, baseline_only = (right[0] & ~GOOD[0]).sum(), (GOOD[0] & ~right[0]).sum()
    assert row["mcnemar_p"] == mcnemar(int(only), int(baseline_only))
    assert (row["fits"], row["confidence"]) == (FOLDS * REPEATS, 0.95)


def test_a_model_with_the_same_rows_right_as_another_hardly_changes_its_adjusted_p_value():
    alone, both = compare(OTHER), compare(OTHER, softmax=OTHER)
    assert both["p_adjusted"] == pytest.approx(alone["p_adjusted"], rel=0.01)


def test_a_model_that_is_the_same_as_another_has_its_adjusted_p_value_and_its_outcome():
    table = models_of(make_study({REFERENCE: MORE}, tensorflow=MORE, softmax=LESS))
    assert table["same_as"].fillna("").to_dict() == {
        "logistic": "", "softmax": "", "scratch": "", "tensorflow": "scratch",
    }  # fmt: skip
    assert table.loc["tensorflow", "same_within"] == 0
    for column in ("p_adjusted", "outcome", "detectable", "difference", "accuracy"):
        assert table.loc["tensorflow", column] == table.loc["scratch", column]


def test_regressions_with_equal_probabilities_are_the_same_model_and_equal_for_certain():
    scores, fits = make_study({REFERENCE: OTHER}, softmax=GOOD)
    noise = np.random.default_rng(2).uniform(-0.05, 0.05, ROWS)
    fits["probabilities"] = [
        p + noise[rows - 1] for p, rows in zip(fits["probabilities"], fits["rows"], strict=True)
    ]
    row = models_of((scores, fits)).loc["softmax"]
    assert row[["same_as", "basis", "outcome"]].tolist() == [
        "logistic", "identical", "practically equal",
    ]  # fmt: skip
    numbers = ["difference", "difference_lower", "difference_upper", "p_value", "equal"]
    assert row[numbers].tolist() == [0, 0, 0, 1, 1]


@pytest.mark.parametrize("rope", [0, 0.01, 0.7])
def test_models_whose_losses_differ_by_the_same_in_every_row_are_equal_only_within_the_rope(rope):
    scores, fits = make_study({REFERENCE: GOOD})
    # The probability of each row's class is half of that by logistic regression.
    fits["probabilities"] = [
        np.where(Y[rows - 1], p / 2, 1 - (1 - p) / 2) if model == "scratch" else p
        for model, p, rows in zip(fits["model"], fits["probabilities"], fits["rows"], strict=True)
    ]
    scores = with_columns(score_fits(fits, Y))
    judgement = judged((scores, fits), by_model([REFERENCE]), "log_loss", rope)
    table = compare_models(judgement)
    row = table.set_index("model").loc["scratch"]
    assert row["difference"] == pytest.approx(np.log(2))
    assert np.isnan(row["difference_lower"])
    worse = float(rope < np.log(2))
    assert row[["worse", "equal", "better"]].tolist() == [worse, 1 - worse, 0]
    assert row["outcome"] == ("undecided" if worse else "practically equal")
    advised = advice_on({"comparison": table}, context_of(by_model([REFERENCE]), metric="log_loss"))
    assert "nan" not in advised


@pytest.mark.parametrize(
    ("changed", "metric", "reason"),
    [
        (lambda p: np.maximum(p, 0.6), "balanced_accuracy", "ill"),
        (lambda p: np.minimum(p, 0.4), "balanced_accuracy", "well"),
        (np.round, "log_loss", "cut off"),
        (lambda p: p * 0 + [1e-9, *[0.5] * (len(p) - 1)], "log_loss", None),
    ],
)
def test_the_reason_is_said_why_a_score_has_no_interval(changed, metric, reason):
    scores, fits = make_study({REFERENCE: LESS})
    own = [changed(np.asarray(each, dtype=float)) for each in fits["probabilities"]]
    fits = fits.assign(probabilities=pd.Series(own, index=fits.index))
    judgement = judged((scores, fits), by_model([REFERENCE]), classes=("ill", "well"))
    table = compare_by_each_metric(judgement)
    row = table[table["metric"] == metric].iloc[-1]
    assert np.isnan(row["score_lower"])
    assert row["lacking"] == reason if reason else pd.isna(row.get("lacking"))


def test_a_network_that_diverged_is_not_compared():
    row = compare(NEVER)
    assert (row["fits"], row["diverged"]) == (20, 20)
    assert row[["accuracy", "difference", "p_value", "outcome", "correct"]].isna().all()


def test_the_fits_of_the_headlines_are_all_that_a_comparison_needs(study):
    scores, fits = study
    headlines = fits[fits["configuration"].isin(["default", REFERENCE.name])]
    whole, part = (models_of((scores, table), CANDIDATES) for table in (fits, headlines))
    pd.testing.assert_frame_equal(whole, part, check_exact=True)


# Values of hyperparameters


@pytest.fixture(scope="module")
def effects(study):
    """Return the values of each hyperparameter compared with the reference."""
    return compare_values(judged(study, by_model(CANDIDATES)))


def test_values_are_compared_in_configurations_that_vary_one_hyperparameter(effects):
    assert effects["configuration"].tolist() == [
        candidate.name
        for candidate in CANDIDATES
        if candidate not in (REFERENCE, varied(learning_rate=0.3, hidden=(5,)))
    ]
    assert effects["hyperparameter"].tolist() == [
        "hidden", "hidden", "activation", "learning_rate", "learning_rate",
    ]  # fmt: skip
    assert effects["value"].iloc[3:].tolist() == [0.3, 1.0]
    assert "5" in effects["value"].tolist()


def test_each_value_has_its_outcome(effects):
    outcomes = effects["outcome"].fillna("").tolist()
    assert outcomes == ["practically equal", "undecided", "", "better", "worse"]
    failed = effects[effects["outcome"].isna()].iloc[0]
    assert failed[["accuracy", "difference", "p_value", "p_adjusted"]].isna().all()
    p_values, adjusted = effects["p_value"].dropna(), effects["p_adjusted"].dropna()
    assert (p_values <= adjusted).all()
    assert (adjusted <= holm(p_values)).all()
    assert (adjusted > p_values).any()


def test_unlearned_fits_are_counted_by_value(study):
    scores = study[0].copy()
    own = scores.index[scores["configuration"] == varied(learning_rate=1.0).name]
    scores.loc[own[:3], "status"] = "unlearned"
    table = compare_values(judged((scores, study[1]), by_model(CANDIDATES)))
    assert table["unlearned"].tolist() == [0, 0, 0, 0, 3]


# Tuning


def tuning_of(study, candidates=CANDIDATES):
    """Return the row of the table of tuning."""
    (row,) = find_best(judged(study, by_model(candidates))).to_dict("records")
    return row


def tuning_with(candidates):
    return tuning_of(make_study(candidates), candidates)


def test_tuning_leaves_out_configurations_with_diverged_fits(study):
    row = tuning_of(study)
    assert (row["candidates"], row["left_out"]) == (7, 1)
    assert row["best"] == varied(learning_rate=0.3).name
    assert row["tied"] == 2
    assert row["plain_accuracy"] == pytest.approx(mean_of_folds(MORE))
    assert row["logistic_accuracy"] == pytest.approx(mean_of_folds(GOOD))
    assert row["logistic_accuracy"] == models_of(study).loc["logistic", "accuracy"]  # one score


def test_a_network_that_always_diverges_has_no_best_configuration():
    row = tuning_with({REFERENCE: NEVER, varied(hidden=(5,)): NEVER})
    assert (row["candidates"], row["left_out"]) == (2, 2)
    assert pd.isna([row["best"], row["plain_accuracy"], row["logistic_accuracy"]]).all()
