"""The sentences of the report: they say what the numbers beside them say."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from made_advice import advice_on
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
    mean_of_folds,
    varied,
)
from one_table import table_page
from scipy import stats
from worded import context_of, with_verdicts

from backprop.report.wording.names import heading, named_value, sentence_case
from backprop.report.wording.verdicts import SENTENCES, for_page
from backprop.statistics.comparison import compare_by_each_metric, compare_models
from backprop.statistics.effects import compare_values
from backprop.statistics.grouping import Judgement
from backprop.statistics.tables import TABLES
from backprop.statistics.tuning import estimate_tuning
from backprop.study.metrics import METRICS

OPTIONS = {"rope": 0.01}


def compare(right):
    """Return the comparison, with its sentences, of a reference that has these rows right."""
    judgement = Judgement(*make_study({REFERENCE: right}), Y, metric="accuracy")
    table = compare_models(judgement, by_model([REFERENCE]), **OPTIONS)
    return with_verdicts("comparison", table, by_model([REFERENCE]))


def advise(table):
    """Return the advice on a comparison of references."""
    return advice_on({"comparison": table}, context_of(by_model([REFERENCE])))


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
    start = f"the network {relation} logistic regression: difference"
    assert row["verdict"].startswith(f"{start} {points(right):+.1f}".replace(" -", " −"))
    interval = f"{100 * row['difference_lower']:+.1f} to {100 * row['difference_upper']:+.1f}"
    interval = interval.replace("-", "−")
    assert f"95% interval {interval}" in row["verdict"]
    advised = advise(table)
    use = "the network" if outcome == "better" else "logistic regression"
    assert advised.startswith(f"Use {use}: ")
    if outcome == "better":
        assert f"by {points(right):.1f} points of accuracy" in advised
    open_ = f"logistic regression by up to {100 * row['difference_upper']:.1f} points"
    assert (open_ in advised) == (outcome == "undecided")
    assert "could have gone unnoticed" not in advised


def test_a_difference_in_one_row_has_the_interval_of_bonett_and_price():
    row = compare(NEARLY).set_index("model").loc["scratch"]
    # One of 402 rows differs, in one of 4 repeats: without it, the mean of the others would differ
    # by a quarter of 1/401. The variance between the repeats is 4 times the square of that, of
    # which training adds 3 (5 - 1) / 8. Two more rows are counted, one for each model: each
    # contributes 1/402.
    variance = (1 + 1.5 * 4) * (1 / 4) ** 2 / 401**2 + 2 / 402**2
    margin = 100 * stats.t.isf(0.025, 401) * np.sqrt(variance)
    lower, upper = (100 * row[f"difference_{end}"] for end in ("lower", "upper"))
    assert upper - lower == pytest.approx(2 * margin, rel=0.01)
    assert row["verdict"] == (
        "the network is practically equal to logistic regression: difference "
        f"{100 * row['difference']:+.1f} points, 95% interval −{-lower:.1f} to {upper:+.1f}, "
        "adjusted p = "
        f"{row['p_adjusted']:.3g}; P(within 1.0 points of each other) = {row['equal']:.3g}"
    )


# Effects


@pytest.fixture(scope="module")
def study():
    return make_study(CANDIDATES)


def test_nothing_is_compared_with_a_reference_without_a_score():
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


# Tuning


def test_one_configuration_is_not_the_best_of_one():
    def tuning(candidates):
        judgement = Judgement(*make_study(candidates), Y, metric="accuracy")
        return estimate_tuning(judgement, by_model(candidates), seed=1)

    assert tuning({REFERENCE: GOOD}).empty
    (row,) = tuning({REFERENCE: GOOD, varied(hidden=(5,)): NEVER}).to_dict("records")
    assert (row["candidates"], row["left_out"]) == (2, 1)
    assert row["plain_accuracy"] == pytest.approx(mean_of_folds(GOOD))


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
    assert SENTENCES.keys() == {name for name, table in TABLES.items() if table.has_sentences}


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
        "parity": "configuration,state,fits,diverged,tensorflow,plain,tensorflow_steps,plain_steps,"
        "tensorflow_wrong_from,plain_wrong_from,epochs,verdict",
    }


@pytest.mark.parametrize("name", ["comparison", "metrics", "tuning", "effects", "parity"])
@pytest.mark.parametrize("change", [keep, never_train_the_reference, shift_all_networks])
def test_a_page_begins_with_the_sentences_of_its_table(name, change, study):
    scores = study[0].copy()
    change(scores)
    table = with_verdicts(
        name, statistics_of(name, scores, study[1]), by_model(CANDIDATES), rope=0.01
    )
    shown, sentences = for_page(name, table)
    assert sentences == [*table["verdict"].dropna()]
    before, _, after = table_page(shown, "Title", sentences, digits=4).partition("</ul>")
    assert before.count("<li>") == len(sentences)
    for sentence in sentences:
        start = sentence.partition(":")[0]
        assert f"<li>{sentence_case(start)}" in before
        assert start not in after
