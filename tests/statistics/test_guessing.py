"""Whether a model has learned something: one criterion, adjusted, which holds on noise."""

import numpy as np
import pandas as pd
import pytest
from made_evidence import config_of, dataset_of, evidence_of, evidence_with, tables_of
from scipy import stats
from worded import context_of, with_verdicts

from backprop.models.registry import add_estimators
from backprop.report.wording.recommendation import advice
from backprop.statistics.guessing import compare_with_guess, shown
from backprop.statistics.recommendation import recommend
from backprop.statistics.tables import LEARNING

ESTIMATORS = {
    "knn": {
        "class": "sklearn.neighbors.KNeighborsClassifier",
        "reference": {"n_neighbors": 5},
        "vary": {"n_neighbors": [15, 31]},
    },
    "bayes": {"class": "sklearn.naive_bayes.GaussianNB"},
    "qda": {"class": "sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis"},
}
METRICS = ["accuracy", "balanced_accuracy", "roc_auc", "log_loss"]
NOISE_TABLES = 40
FALSE_PAGES = 2  # 5% of these


@pytest.fixture(scope="module", autouse=True)
def _estimators():
    add_estimators(ESTIMATORS)
    yield
    add_estimators({})


def rng(*key):
    return np.random.default_rng([20, *key])


def predicting(y, groups=None, **probabilities):
    """Return the evidence on models that predict given probabilities of class 1."""
    x = rng(1).normal(size=(len(y), 2))
    return evidence_with(dataset_of(x, y), probabilities, repeats=1, groups=groups)


def table_of(evidence):
    return evidence.learning.set_index(["model", "metric"])


def test_a_model_is_tested_against_a_guess_given_the_shares_of_the_classes():
    """By hand: the variance within classes, two more rows, training, and a t-test."""
    y = np.arange(100) < 40
    right = np.r_[np.arange(40) < 20, np.arange(60) < 48]  # 50% of a class, and 80% of the other
    row = table_of(predicting(y, logistic=np.where(right == y, 0.9, 0.1))).loc[
        ("logistic", "accuracy")
    ]
    inflation = 1 + (1 + 3) / 4  # one repeat of five folds
    within = 40 * 0.5 * 0.5 + 60 * 0.8 * 0.2
    variance = inflation * within / 99**2 + 2 / 100**2  # the jackknife: 99
    assert row["score"] == pytest.approx(0.68)
    assert row["guess"] == 0.6
    assert row["difference"] == pytest.approx(0.08)
    assert row["p_value"] == pytest.approx(stats.t.sf(0.08 / np.sqrt(variance), 99))


def test_a_group_is_one_observation_of_a_test_against_a_guess():
    """20 groups of 5 rows: those of a class have all rows right, or only one or two."""
    groups, right_of_group = (
        np.repeat(np.arange(20), 5),
        np.array([5, 5, 5, 5, 1, 1, 5, 5, 2, 2] * 2),
    )
    y = groups % 2 == 0
    right = np.arange(100) % 5 < right_of_group[groups]
    p = np.where(right == y, 0.9, 0.1)
    row = table_of(predicting(y, groups, logistic=p)).loc[("logistic", "accuracy")]
    # Both classes have a mean of 3.6 rows right in a group.
    sums = np.square(right_of_group - 3.6).sum() / 100**2
    variance = (1 + 4 / 4) * (20 / 19) ** 2 * sums + 2 / 100**2
    assert row["difference"] == pytest.approx(0.72 - 0.5)
    assert row["p_value"] == pytest.approx(stats.t.sf(0.22 / np.sqrt(variance), 19))
    alone = table_of(predicting(y, logistic=p)).loc[("logistic", "accuracy")]
    assert alone["p_value"] < row["p_value"] / 10


def test_a_guess_has_the_shares_of_the_classes_as_probabilities():
    y = np.arange(100) < 40
    table = table_of(predicting(y, logistic=np.where(y, 0.6, 0.4)))
    entropy = -(0.4 * np.log(0.4) + 0.6 * np.log(0.6))
    guesses = table.loc["logistic", "guess"]
    assert guesses[METRICS].tolist() == pytest.approx([0.6, 0.5, 0.5, entropy])


def test_p_values_are_one_sided_and_adjusted_for_all_models_and_metrics():
    y = np.arange(80) % 2
    noise = rng(2).random((2, 80))
    table = predicting(y, logistic=(noise[0] + y) / 2, softmax=noise[1]).learning
    assert len(table) == 2 * len(METRICS)
    smallest = table.loc[table["p_value"].idxmin()]
    assert smallest["p_adjusted"] == pytest.approx(8 * smallest["p_value"])
    assert smallest["p_adjusted"] < 1
    wrong = predicting(y, logistic=0.1 * noise[0] + 0.8 * (1 - y)).learning  # against the truth
    assert (wrong["p_value"] > 0.95).all()
    assert not wrong["better"].any()
    assert wrong["worse"].all()


def test_tuned_models_count_as_models():
    y = np.arange(80) % 2
    evidence = predicting(y, logistic=(rng(3).random(80) + y) / 2)
    judgement, candidates = evidence.judgement, evidence.candidates
    tuned = {"logistic": judgement.of_baseline(candidates)}
    table = compare_with_guess(judgement, candidates, tuned)
    assert table["tuned"].tolist() == [False] * 4 + [True] * 4
    first = table["p_value"].min()
    assert table["p_adjusted"].min() == pytest.approx(8 * first)
    assert 8 * first < 1


def test_a_model_without_a_score_and_one_that_is_the_same_as_another_have_no_row():
    p = rng(4).random(80)
    table = predicting(np.arange(80) % 2, logistic=p, softmax=p, knn=np.full(80, np.nan)).learning
    assert table["model"].unique().tolist() == ["logistic"]
    nothing = predicting(np.arange(80) % 2, logistic=np.full(80, np.nan)).learning
    assert nothing.empty
    assert shown(LEARNING.rows(nothing)) == set()


def test_probabilities_that_are_too_sure_are_worse_than_the_class_shares():
    """80% right with certainty: a log loss of 2.8, and 0.69 of the shares."""
    y, wrong = np.arange(200) % 2, np.arange(200) % 10 < 2
    sure = np.where(y ^ wrong, 1 - 1e-6, 1e-6)
    modest = np.where(y ^ wrong, 0.8, 0.2)
    evidence = predicting(y, logistic=modest, knn=sure)
    rows = LEARNING.rows(evidence.learning)
    assert shown(rows, ["accuracy"]) == {("logistic", False), ("knn", False)}
    assert shown(rows, ["log_loss"]) == {("logistic", False)}
    assert [(row.model, row.metric) for row in rows if row.worse] == [("knn", "log_loss")]
    warnings = tables_of(evidence)["warnings"]
    (row,) = warnings[warnings["warning"] == "poor_probabilities"].to_dict("records")
    assert (row["model"], row["share"], row["value"]) == (
        "knn", pytest.approx(2.8, abs=0.05), pytest.approx(np.log(2)),
    )  # fmt: skip


def test_a_log_loss_that_is_worse_by_too_little_to_matter_is_not_worse():
    y = np.arange(4000) % 2
    p = np.where(y, 0.499, 0.501) + rng(7).uniform(-1e-3, 1e-3, 4000)
    row = table_of(predicting(y, logistic=p)).loc[("logistic", "log_loss")]
    assert row["difference"] == pytest.approx(-np.log(0.499) - np.log(2), rel=0.05)
    assert 1 - row["p_value"] < 1e-6
    assert not row["worse"]


# Noise


@pytest.fixture(scope="module")
def noise_pages():
    """What is decided on tables with nothing to learn."""
    decisions = []
    estimators = {**ESTIMATORS, "knn": {**ESTIMATORS["knn"], "vary": {}}}
    config = config_of(["logistic", *estimators], estimators=estimators)
    for number in range(NOISE_TABLES):
        generator = rng(5, number)
        y = generator.permutation(np.r_[0, 1, generator.integers(0, 2, 118)])
        dataset = dataset_of(generator.normal(size=(120, 4)), y)
        evidence = evidence_of(dataset, config, repeats=1)
        tables = {"comparison": evidence.comparison, "learning": evidence.learning}
        decisions.append(recommend(tables, evidence.candidates, metric="accuracy", rope=0.01))
    return decisions


def test_on_noise_hardly_any_page_recommends_a_model(noise_pages):
    assert sum(each.model is not None for each in noise_pages) <= FALSE_PAGES


def test_on_noise_hardly_any_page_says_that_something_was_learned(noise_pages):
    assert sum(each.kind != "no model" for each in noise_pages) <= FALSE_PAGES


# Groups


@pytest.fixture(scope="module", params=range(3))
def patients(request):
    """24 patients of 10 rows each, whose features say who it is; the class of each is random."""
    generator = rng(6, request.param)
    groups = np.repeat(np.arange(24), 10)
    y = np.repeat(generator.permutation(np.arange(24) % 2), 10)
    x = generator.normal(size=(24, 3))[groups] + 0.5 * generator.normal(size=(240, 3))
    config = config_of(["logistic", "knn"], estimators=ESTIMATORS)
    return evidence_of(dataset_of(x, y), config, groups=groups)


def test_groups_have_the_bar_of_the_commonest_class_and_no_model_is_recommended(patients):
    assert set(patients.learning.loc[patients.learning["metric"] == "accuracy", "guess"]) == {0.5}
    tables = tables_of(patients)
    tables["warnings"] = with_verdicts("warnings", tables["warnings"], patients.candidates)
    assert advice(tables, context_of(patients.candidates)) == (
        "Use no model yet: none is shown to be better than always predicting the commonest class, "
        "which has an accuracy of 50.0%."
    )
    assert "no_better_than_guessing" in set(tables["warnings"]["warning"])


def test_the_interval_of_a_tuned_model_is_as_wide_as_that_of_an_untuned_one(patients):
    def width(row, name):
        return row[f"{name}_upper"] - row[f"{name}_lower"]

    (tuned,) = patients.tuning.to_dict("records")
    untuned = patients.comparison.set_index("model").loc[tuned["model"]]
    ratio = width(tuned, "tuned_accuracy") / width(untuned, "accuracy")
    assert 1 / 1.3 < ratio < 1.3
    # 24 observations, averaged over the repeats; Wilson's interval of 240 rows: 0.125
    assert width(untuned, "accuracy") > 0.2


def test_tests_that_count_rows_as_independent_are_not_made_of_groups(patients):
    comparison = patients.comparison.set_index("model")
    assert pd.isna(comparison.loc["knn", "mcnemar_p"])
    assert comparison.loc["knn", "basis"] == "groups"
    rows = evidence_of(patients.dataset, config_of(["logistic", "knn"], estimators=ESTIMATORS))
    assert rows.comparison.set_index("model").loc["knn", "mcnemar_p"] <= 1
