"""The sentences of the report: they say what the numbers beside them say."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from made_fits import (
    CANDIDATES,
    GOOD,
    LESS,
    MORE,
    NEARLY,
    NEVER,
    OTHER,
    REFERENCE,
    Y,
    agreement_of,
    by_model,
    make_study,
    varied,
)
from scipy import stats
from worded import context_of, with_verdicts

from backprop.report import pages
from backprop.report.contents import TABLES
from backprop.report.wording.comparison import verdict
from backprop.report.wording.names import heading, named_value, sentence_case
from backprop.report.wording.recommendation import advice
from backprop.report.wording.verdicts import SENTENCES
from backprop.statistics.comparison import compare_by_each_metric, compare_models
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import Judgement
from backprop.statistics.tuning import estimate_tuning
from backprop.study.configurations import Settings
from backprop.study.metrics import METRICS

OPTIONS = {"rope": 0.01}


def compare(right, tensorflow=None, change=lambda scores: None):
    """Return the comparison, with its sentences, of a reference that has these rows right."""
    scores, fits = make_study({REFERENCE: right}, tensorflow)
    change(scores)
    table = compare_models(
        Judgement(scores, fits, Y, metric="accuracy"), by_model([REFERENCE]), **OPTIONS
    )
    return with_verdicts("comparison", table, by_model([REFERENCE]))


def advise(table):
    """Return the advice on a comparison of references."""
    return advice({"comparison": table}, context_of(by_model([REFERENCE])))


def points(right, baseline=GOOD):
    return 100 * (right.mean() - baseline.mean())


# Words


def test_words_begin_a_sentence_with_a_capital_letter_and_stay_as_they_are_otherwise():
    assert sentence_case("the TensorFlow network") == "The TensorFlow network"
    assert heading("learning_rate") == "Learning rate"


def test_a_number_is_named_by_its_hyperparameter():
    assert named_value("hidden", (10,)) == "10 hidden nodes"
    assert named_value("hidden", (1,)) == "1 hidden node"
    assert named_value("hidden", (10, 5)) == "hidden layers 10x5"
    assert named_value("hidden", "wide") == "hidden layers wide"  # a parameter of a classifier
    assert named_value("learning_rate", 0.3) == "learning rate 0.3"
    assert named_value("activation", "relu") == "ReLU"


# The comparison of two models

UNCLEAR = {
    "difference": 0.003, "difference_lower": -0.041, "difference_upper": 0.047, "confidence": 0.95,
    "p_adjusted": 0.891, "worse": 0.278, "equal": 0.347, "better": 0.375, "detectable": 0.052,
    "outcome": "undecided", "basis": "rows",
}  # fmt: skip
BETTER = UNCLEAR | {
    "difference": 0.061, "difference_lower": 0.0117, "difference_upper": 0.1104,
    "p_adjusted": 0.0322, "worse": 0.0, "equal": 0.02, "better": 0.98, "outcome": "better",
}  # fmt: skip
WORSE = BETTER | {
    "difference": -0.061, "difference_lower": -0.1104, "difference_upper": -0.0117,
    "p_adjusted": 0.00002, "worse": 0.9999, "equal": 0.0001, "better": 0.0, "outcome": "worse",
}  # fmt: skip
EQUAL = UNCLEAR | {
    "difference": -0.0002, "difference_lower": -0.0052, "difference_upper": 0.0048,
    "p_adjusted": 1.0, "worse": 0.01, "equal": 0.98, "better": 0.01,
    "outcome": "practically equal",
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            UNCLEAR,
            "the network is not shown to differ from logistic regression: difference +0.3 points, "
            "95% interval -4.1 to +4.7, adjusted p = 0.891",
        ),
        (
            BETTER,
            "the network is better than logistic regression: difference +6.1 points, "
            "95% interval +1.2 to +11.0, adjusted p = 0.0322; "
            "P(better by more than 1.0 points) = 0.98",
        ),
        (
            WORSE,
            "the network is worse than logistic regression: difference -6.1 points, "
            "95% interval -11.0 to -1.2, adjusted p < 0.001; "
            "P(worse by more than 1.0 points) > 0.999",
        ),
        (
            EQUAL,
            "the network is practically equal to logistic regression: difference +0.0 points, "
            "95% interval -0.5 to +0.5, adjusted p > 0.999; "
            "P(within 1.0 points of each other) = 0.98",
        ),
        (  # the interval excludes zero, but not after adjustment
            BETTER | {"outcome": "undecided", "p_adjusted": 0.0644},
            "the network is not shown to differ from logistic regression: difference +6.1 points, "
            "95% interval +1.2 to +11.0, adjusted p = 0.0644; the interval, which is not "
            "adjusted, excludes zero",
        ),
        (
            BETTER | {"outcome": "slightly different", "better": 0.4, "equal": 0.6},
            "the network is shown to differ, but hardly by enough to matter, from logistic "
            "regression: difference +6.1 points, 95% interval +1.2 to +11.0, adjusted p = 0.0322; "
            "P(the difference is within 1.0 points) = 0.6",
        ),
        (
            EQUAL | {"difference_lower": np.nan, "difference_upper": np.nan, "equal": 1.0},
            "the network is practically equal to logistic regression: difference +0.0 points for "
            "every row, adjusted p > 0.999; P(within 1.0 points of each other) > 0.999",
        ),
        (
            EQUAL | {"basis": "identical"},
            "the network is practically equal to logistic regression: both predict the same "
            "probabilities",
        ),
    ],
    ids=[
        "undecided", "better", "worse", "practically equal", "adjusted", "slightly different",
        "without an interval", "identical",
    ],
)  # fmt: skip
def test_a_verdict_says_the_outcome_and_its_numbers(row, sentence):
    assert verdict("the network", "logistic regression", row, context_of({})) == sentence


def test_a_verdict_has_the_unit_of_the_metric_and_the_confidence_that_it_is_given():
    row = BETTER | {"confidence": 0.9, "p_adjusted": 0.0161}
    assert verdict("softmax", "logistic", row, context_of({}, metric="log_loss")) == (
        "softmax is better than logistic: difference +0.061 nats, 90% interval +0.012 to +0.110, "
        "adjusted p = 0.0161; P(better by more than 0.010 nats) = 0.98"
    )


# Comparison and advice


@pytest.mark.parametrize(
    ("right", "outcome", "relation"),
    [
        (MORE, "better", "is better than"),
        (LESS, "worse", "is worse than"),
        (GOOD, "practically equal", "is practically equal to"),
        (OTHER, "undecided", "is not shown to differ from"),
    ],
    ids=["better", "worse", "practically equal", "undecided"],
)
def test_the_verdict_is_that_of_the_numbers_beside_it(right, outcome, relation):
    table = compare(right)
    row = table.set_index("model").loc["scratch"]
    assert row["outcome"] == outcome
    start = f"the hand-written network {relation} logistic regression: difference"
    assert row["verdict"].startswith(f"{start} {points(right):+.1f}")
    interval = f"{100 * row['difference_lower']:+.1f} to {100 * row['difference_upper']:+.1f}"
    assert f"95% interval {interval}" in row["verdict"]
    advised = advise(table)
    use = "the hand-written network" if outcome == "better" else "logistic regression"
    assert advised.startswith(f"Use {use}: ")
    if outcome == "better":
        assert f"by {points(right):.1f} points of accuracy" in advised
    open_ = f"logistic regression by up to {100 * row['difference_upper']:.1f} points"
    assert (open_ in advised) == (outcome == "undecided")
    assert "could have gone unnoticed" not in advised


def test_logistic_regression_alone_is_the_baseline_of_nothing():
    table = compare_models(
        Judgement(*make_study({}), Y, metric="accuracy"), by_model([REFERENCE]), **OPTIONS
    )
    table = with_verdicts("comparison", table, by_model([REFERENCE]))
    assert table["verdict"].tolist() == [
        "logistic regression is the baseline, with which all other models are compared"
    ]


def test_a_difference_in_one_row_has_the_interval_of_bonett_and_price():
    row = compare(NEARLY).set_index("model").loc["scratch"]
    # One of 402 rows differs, in one of 4 repeats; two more are counted, one for each model. Each
    # contributes 1/402, and training adds (1 + 3/4) / (2 * 4) of the variance. Folds of 80 and 81.
    variance = (1 + 1.75 / 8) * (402 / 401) * (1 / 4) / 402**2 + 2 / 402**2
    margin = 100 * stats.t.isf(0.025, 401) * np.sqrt(variance)
    lower, upper = (100 * row[f"difference_{end}"] for end in ("lower", "upper"))
    assert upper - lower == pytest.approx(2 * margin, rel=0.01)
    assert row["verdict"] == (
        "the hand-written network is practically equal to logistic regression: difference "
        f"{100 * row['difference']:+.1f} points, 95% interval {lower:+.1f} to {upper:+.1f}, "
        "adjusted p = "
        f"{row['p_adjusted']:.3g}; P(within 1.0 points of each other) = {row['equal']:.3g}"
    )


def test_a_network_that_diverged_cannot_be_compared():
    table = compare(NEVER)
    assert table["verdict"].iloc[1] == (
        "the hand-written network cannot be compared with logistic regression: "
        "20 of 20 fits diverged"
    )
    assert advise(table).startswith("Use logistic regression: no other model could be compared")


def test_the_verdict_counts_fits_that_have_not_learned_or_did_not_converge():
    def fail(scores):
        scores.loc[scores.index[scores["model"] == "scratch"][:3], "status"] = "unlearned"
        scores.loc[scores.index[scores["model"] == "logistic"][:2], "status"] = "separated"

    baseline, network = compare(OTHER, change=fail)["verdict"]
    assert network.endswith(
        " (3 of 20 fits had not learned to predict more than one class by epoch 500)"
    )
    assert baseline.endswith(" (2 of 20 fits can separate classes, so no finite solution exists)")


def test_a_regression_with_weight_decay_always_has_a_solution_and_can_only_stop_early():
    scores, fits = make_study({REFERENCE: OTHER})
    scores.loc[scores.index[scores["model"] == "logistic"][:2], "status"] = "not_converged"
    candidates = by_model([REFERENCE])
    table = compare_models(Judgement(scores, fits, Y, metric="accuracy"), candidates, **OPTIONS)
    decayed = {**candidates, "logistic": [Settings.of({"l2": 0.1})]}
    baseline = with_verdicts("comparison", table, decayed)["verdict"].iloc[0]
    assert baseline.endswith(" (2 of 20 fits stopped before they converged)")


# Effects


@pytest.fixture(scope="module")
def study():
    return make_study(CANDIDATES)


def compare_all_values(scores, fits):
    table = compare_values(
        Judgement(scores, fits, Y, metric="accuracy"), by_model(CANDIDATES), **OPTIONS
    )
    return with_verdicts("effects", table, by_model(CANDIDATES))


@pytest.fixture(scope="module")
def effects(study):
    return compare_all_values(*study)


def test_each_hyperparameter_has_a_verdict(effects):
    def size(value):
        row = effects[effects["value"] == value].iloc[0]
        ends = "difference", "difference_lower", "difference_upper"
        return "{:+.1f} points, 95% interval {:+.1f} to {:+.1f}".format(
            *(100 * row[end] for end in ends)
        )

    assert effects["verdict"].dropna().tolist() == [
        "the hand-written network, hidden layers: 5 is practically equal to 10; 5x5 is "
        f"not shown to differ from 10 (difference {size('5x5')})",
        "the hand-written network, activation: ReLU cannot be compared, because fits diverged",
        f"the hand-written network, learning rate: 0.3 is better than 0.1 (difference {size(0.3)})"
        f"; 1 is worse than 0.1 (difference {size(1.0)})",
    ]
    assert size(0.3).startswith(f"{points(MORE):+.1f} points")
    assert size(1.0).startswith(f"{points(LESS):+.1f} points")


def test_values_with_one_outcome_share_a_verdict_with_the_largest_difference():
    values = {
        varied(learning_rate=rate): right for rate, right in [(1.0, LESS), (2.0, LESS & MORE)]
    }
    values[varied(learning_rate=3.0)] = LESS & OTHER
    candidates = {REFERENCE: GOOD, **values}
    table = compare_values(
        Judgement(*make_study(candidates), Y, metric="accuracy"), by_model(candidates), **OPTIONS
    )
    row = table.iloc[-1]
    ends = [100 * row[f"difference{end}"] for end in ("", "_lower", "_upper")]
    (sentence,) = with_verdicts("effects", table, by_model(candidates))["verdict"].dropna()
    assert sentence == (
        "the hand-written network, learning rate: 1, 2 and 3 are worse than 0.1 (largest "
        "difference, for 3: {:+.1f} points, 95% interval {:+.1f} to {:+.1f})".format(*ends)
    )


@pytest.mark.parametrize(
    ("lower", "outcome", "note"),
    [
        (0.001, "undecided", "; the interval, which is not adjusted, excludes zero"),
        (-0.001, "undecided", ""),
        (0.001, "better", ""),
    ],
)
def test_a_value_not_shown_to_differ_has_the_reason_if_its_interval_excludes_zero(
    lower, outcome, note, study
):
    table = compare_values(Judgement(*study, Y, metric="accuracy"), by_model(CANDIDATES), **OPTIONS)
    row = table.iloc[[-1]].assign(
        outcome=outcome, difference=0.04, difference_lower=lower, difference_upper=0.08
    )
    sentence = with_verdicts("effects", row, by_model(CANDIDATES))["verdict"].item()
    assert sentence.endswith(f"95% interval {100 * lower:+.1f} to +8.0{note})")


def test_the_verdict_on_a_hyperparameter_counts_fits_that_have_not_learned(study):
    scores = study[0].copy()
    places = scores.index[scores["configuration"] == varied(learning_rate=1.0).name][:3]
    scores.loc[places, "status"] = "unlearned"
    sentence = compare_all_values(scores, study[1])["verdict"].dropna().iloc[-1]
    assert sentence.endswith(
        "; 3 of 20 fits with learning rate 1 had not learned to predict more than one class by "
        "epoch 500, against 0 of 20 with 0.1"
    )


def test_a_value_with_more_unlearned_fits_is_not_called_indistinguishable():
    candidates = {REFERENCE: GOOD, varied(hidden=(50,)): GOOD ^ LESS, varied(hidden=(5,)): GOOD}
    scores, fits = make_study(candidates)
    slow = scores.index[scores["configuration"] == varied(hidden=(50,)).name]
    scores.loc[slow[:18], "status"] = "unlearned"
    table = compare_values(
        Judgement(scores, fits, Y, metric="accuracy"), by_model(candidates), **OPTIONS
    )
    table.loc[0, "outcome"] = "undecided"
    (sentence,) = with_verdicts("effects", table, by_model(candidates))["verdict"].dropna()
    numbers = [100 * table.loc[0, f"difference{end}"] for end in ("", "_lower", "_upper")]
    assert sentence == (
        "the hand-written network, hidden layers: 5 is practically equal to 10; 18 of 20 fits with "
        "50 hidden nodes had not learned to predict more than one class by epoch 500, against 0 "
        "of 20 with 10 (difference {:+.1f} points, 95% interval {:+.1f} to {:+.1f})".format(
            *numbers
        )
    )


def test_training_that_may_end_early_has_no_last_epoch_to_name(study):
    scores = study[0].copy()
    scores.loc[scores.index[scores["model"] == "scratch"][:3], "status"] = "unlearned"
    table = compare_models(
        Judgement(scores, study[1], Y, metric="accuracy"), by_model(CANDIDATES), **OPTIONS
    )
    sentences = with_verdicts("comparison", table, by_model(CANDIDATES), patience=5)["verdict"]
    assert sentences.iloc[1].endswith(
        " (3 of 20 fits had not learned to predict more than one class when training ended)"
    )


def test_two_implementations_of_a_network_share_the_sentences_on_hyperparameters():
    candidates = {REFERENCE: GOOD, varied(hidden=(5,)): OTHER}
    both = [
        pd.concat([t, t[t["model"] == "scratch"].assign(model="tensorflow")], ignore_index=True)
        for t in make_study(candidates)
    ]
    table = compare_values(Judgement(*both, Y, metric="accuracy"), by_model(candidates), **OPTIONS)
    (sentence,) = with_verdicts("effects", table, by_model(candidates))["verdict"].dropna()
    assert sentence.startswith("the network, hidden layers: 5 is not shown to differ from 10 (")
    table.loc[table["model"] == "tensorflow", "difference"] += 0.01  # as after chaotic training
    first, second = with_verdicts("effects", table, by_model(candidates))["verdict"].dropna()
    assert first.startswith("the hand-written network, hidden layers: 5")
    assert second.startswith("the TensorFlow network, hidden layers: 5")


def test_a_reference_without_a_score_is_named_as_the_reason_that_nothing_is_compared():
    candidates = {
        REFERENCE: NEVER,
        varied(learning_rate=0.3): GOOD,
        varied(learning_rate=1.0): NEVER,
    }
    scores, fits = make_study(candidates)
    scores.loc[scores["configuration"] == varied(learning_rate=0.3).name, "status"] = "unlearned"
    table = compare_values(
        Judgement(scores, fits, Y, metric="accuracy"), by_model(candidates), **OPTIONS
    )
    assert table["accuracy"].tolist() == pytest.approx([GOOD.mean(), np.nan], abs=1e-3, nan_ok=True)
    assert table["unlearned_p"].isna().all()
    (sentence,) = with_verdicts("effects", table, by_model(candidates))["verdict"].dropna()
    assert sentence == (
        "the hand-written network, learning rate: 1 cannot be compared, because fits diverged; 0.3 "
        "cannot be compared, because fits with 0.1 diverged; 20 of 20 fits with learning rate 0.3 "
        "had not learned to predict more than one class by epoch 500"
    )


# Tuning


def test_the_verdict_on_tuning_has_the_plain_and_the_corrected_accuracy(study):
    table = estimate_tuning(Judgement(*study, Y, metric="accuracy"), by_model(CANDIDATES), seed=1)
    (row,) = with_verdicts("tuning", table, by_model(CANDIDATES)).to_dict("records")
    lower, upper = row["tuned_accuracy_lower"], row["tuned_accuracy_upper"]
    assert row["verdict"] == (
        f"the hand-written network, tuned: expect an accuracy of {row['tuned_accuracy']:.1%} (95% "
        f"interval {lower:.1%} to {upper:.1%}), corrected for choosing from 6 configurations (1 "
        "more has diverged fits); before the correction, the best (learning rate 0.3; 2 share the "
        f"first place) has {MORE.mean():.1%}; the reference of logistic regression, fixed "
        f"beforehand, has {GOOD.mean():.1%}"
    )


def test_one_configuration_is_not_the_best_of_one():
    def tuning(candidates):
        table = estimate_tuning(
            Judgement(*make_study(candidates), Y, metric="accuracy"), by_model(candidates), seed=1
        )
        return list(with_verdicts("tuning", table, by_model(candidates))["verdict"])

    assert tuning({REFERENCE: GOOD}) == []
    assert tuning({REFERENCE: GOOD, varied(hidden=(5,)): NEVER}) == [
        "the hand-written network: the one configuration without diverged fits has an accuracy of "
        f"{GOOD.mean():.1%}; there is nothing to choose"
    ]


def test_the_verdict_on_tuning_says_that_a_baseline_has_no_score(study):
    table = estimate_tuning(Judgement(*study, Y, metric="accuracy"), by_model(CANDIDATES), seed=1)
    table["logistic_accuracy"] = np.nan
    (row,) = with_verdicts("tuning", table, by_model(CANDIDATES)).to_dict("records")
    assert row["verdict"].endswith(
        "logistic regression, fixed beforehand, has fits without a score"
    )


def test_two_implementations_of_a_network_share_the_sentence_on_tuning():
    candidates = {REFERENCE: GOOD, varied(hidden=(5,)): OTHER}
    scores, fits = make_study(candidates)
    both = [
        pd.concat([t, t[t["model"] == "scratch"].assign(model="tensorflow")], ignore_index=True)
        for t in (scores, fits)
    ]
    table = estimate_tuning(Judgement(*both, Y, metric="accuracy"), by_model(candidates), seed=1)
    first, second = with_verdicts("tuning", table, by_model(candidates))["verdict"]
    assert first.startswith("the network (both implementations), tuned: expect an accuracy of")
    assert pd.isna(second)
    table.loc[1, "tuned_accuracy"] -= 0.01  # as after chaotic training
    first, second = with_verdicts("tuning", table, by_model(candidates))["verdict"]
    assert first.startswith("the hand-written network, tuned: ")
    assert second.startswith("the TensorFlow network, tuned: ")


def test_a_network_that_always_diverges_cannot_be_tuned():
    candidates = {REFERENCE: NEVER, varied(hidden=(5,)): NEVER}
    table = estimate_tuning(
        Judgement(*make_study(candidates), Y, metric="accuracy"), by_model(candidates), seed=1
    )
    assert with_verdicts("tuning", table, by_model(candidates))["verdict"].tolist() == [
        "the hand-written network: every configuration has diverged fits, so none can be chosen"
    ]


# From file to file


def statistics_of(name, scores, fits):
    """Return a table of statistics of the made-up candidates."""
    if name == "comparison":
        return compare_models(
            Judgement(scores, fits, Y, metric="accuracy"), by_model(CANDIDATES), **OPTIONS
        )
    if name == "metrics":
        return compare_by_each_metric(
            Judgement(scores, fits, Y, metric="accuracy"), by_model(CANDIDATES), **OPTIONS
        )
    if name == "tuning":
        return estimate_tuning(
            Judgement(scores, fits, Y, metric="accuracy"), by_model(CANDIDATES), seed=1
        )
    if name == "effects":
        return compare_values(
            Judgement(scores, fits, Y, metric="accuracy"), by_model(CANDIDATES), **OPTIONS
        )
    scratch = fits[fits["model"] == "scratch"]
    plain = scratch[scratch["configuration"] == REFERENCE.name][:1]
    copies = [scratch, scratch.assign(model="tensorflow"), plain.assign(model="plain")]
    return agreement_of(pd.concat(copies))


def read_back(table):
    """Write a table as CSV, and read it with every bit of its numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer versions of pandas always do
        text = io.StringIO(table.to_csv(index=False))
        return pd.read_csv(text, float_precision="round_trip")


def keep(scores):
    """Keep the scores as they are."""


def never_train_the_reference(scores):
    """Make all fits of the reference of a network diverge."""
    failed = scores["configuration"] == REFERENCE.name
    scores.loc[failed, [*METRICS]] = np.nan
    scores.loc[failed, "status"] = "diverged"


def shift_all_networks(scores):
    """Give each network the scores of logistic regression, and a little more."""
    baseline = scores.loc[scores["model"] == "logistic", "accuracy"].to_numpy()
    networks = scores["configuration"].notna()
    scores.loc[networks, "accuracy"] = np.tile(baseline, networks.sum() // baseline.size) + 0.0125


@pytest.mark.parametrize("name", ["comparison", "metrics", "tuning", "effects", "parity"])
@pytest.mark.parametrize("change", [keep, never_train_the_reference, shift_all_networks])
def test_sentences_from_a_file_of_statistics_are_those_from_the_statistics(name, change, study):
    scores = study[0].copy()
    change(scores)
    table = statistics_of(name, scores, study[1])
    before = table.copy()
    direct = with_verdicts(name, table, by_model(CANDIDATES))
    pd.testing.assert_frame_equal(table, before)
    from_file = with_verdicts(name, read_back(table), by_model(CANDIDATES))
    assert from_file.to_csv(index=False) == direct.to_csv(index=False)
    assert direct["verdict"].notna().any()


def test_values_that_are_all_numbers_are_written_as_they_are_from_a_file_too(study):
    candidates = by_model(c for c in CANDIDATES if c.activation == "sigmoid" and len(c.hidden) == 1)
    table = compare_values(Judgement(*study, Y, metric="accuracy"), candidates, **OPTIONS)
    direct, from_file = (with_verdicts("effects", t, candidates) for t in (table, read_back(table)))
    assert from_file["value"].tolist() == direct["value"].tolist() == ["5", 0.3, 1.0]
    assert from_file.to_csv() == direct.to_csv()


def test_the_tables_with_sentences_are_those_of_the_report():
    assert SENTENCES.keys() == {name for name, table in TABLES.items() if table.sentences}


def test_the_tables_have_the_columns_that_readers_rely_on(study):
    columns = {
        name: with_verdicts(
            name, statistics_of(name, *study), by_model(CANDIDATES), rope=0.01
        ).columns
        for name in ("comparison", "metrics", "tuning", "effects", "parity")
    }
    assert {name: ",".join(names) for name, names in columns.items()} == {
        "comparison": "model,verdict,outcome,accuracy,accuracy_lower,accuracy_upper,difference,"
        "difference_lower,difference_upper,t,p_value,p_adjusted,basis,worse,equal,better,detectable,"
        "correct,rows,wilson_lower,wilson_upper,mcnemar_p,same_as,same_within,diverged,unlearned,"
        "separated,not_converged,configuration",
        "metrics": "model,metric,verdict,score,score_lower,score_upper,difference,"
        "difference_lower,difference_upper,p_value,p_adjusted,outcome,rope,same_as",
        "tuning": "model,verdict,candidates,left_out,plain_accuracy,tuned_accuracy,"
        "tuned_accuracy_lower,tuned_accuracy_upper,optimism,stability,logistic_accuracy,best",
        "effects": "model,hyperparameter,value,accuracy,difference,difference_lower,"
        "difference_upper,p_value,p_adjusted,basis,outcome,unlearned,configuration,verdict",
        "parity": "configuration,state,fits,diverged,tensorflow,plain,twin,bar,epochs,verdict",
    }


@pytest.mark.parametrize("name", ["comparison", "metrics", "tuning", "effects", "parity"])
@pytest.mark.parametrize("change", [keep, never_train_the_reference, shift_all_networks])
def test_a_page_begins_with_the_sentences_of_its_table(name, change, study):
    scores = study[0].copy()
    change(scores)
    table = with_verdicts(
        name, statistics_of(name, scores, study[1]), by_model(CANDIDATES), rope=0.01
    )
    sentences = table["verdict"].dropna()
    before, _, after = pages.table_page(table, "Title", "verdict", digits=4).partition("</ul>")
    assert before.count("<li>") == len(sentences)
    for sentence in sentences:
        start = sentence.partition(":")[0]
        assert f"<li>{sentence_case(start)}" in before
        assert start not in after
