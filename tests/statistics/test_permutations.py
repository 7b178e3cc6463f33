"""The permutation test of logistic regression on small tables: exact at any number of rows."""

import numpy as np
import pytest
from made_evidence import config_of, dataset_of, evidence_of, evidence_with
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from backprop.statistics import permutations
from backprop.statistics.guessing import compare_with_guess
from backprop.statistics.permutations import permutation_tests
from backprop.study.streams import stream

L2 = 0.01
DECAYED = {"logistic": {"reference": {"l2": L2}, "vary": {"l2": []}}}
LIKELY = 0.001  # that the test fails although p-values are right


def rng(*key):
    return np.random.default_rng([34, *key])


def shuffled(x, y, *, repeats=1, groups=None, seed=1):
    dataset = dataset_of(x, y)
    config = config_of(baselines=DECAYED)
    evidence = evidence_of(dataset, config, repeats=repeats, groups=groups)
    return permutation_tests(evidence.judgement, dataset, seed=seed)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(permutations, "PERMUTATIONS", 39)


def test_the_p_value_is_the_share_of_shuffles_that_score_as_well(monkeypatch):
    """With scikit-learn, one fit after the other."""
    monkeypatch.setattr(permutations, "PERMUTATIONS", 19)
    generator = rng(18)  # a table in which the factor of 5 folds decides the p-value
    y = generator.permutation(np.arange(24) % 3 > 0).astype(int)
    x = generator.normal(size=(24, 2)) + np.outer(y, [0.3, 0.0])
    dataset = dataset_of(x, y)
    evidence = evidence_of(dataset, config_of(baselines=DECAYED), repeats=2)
    judged = evidence.judgement.baseline
    z, drawn = (x - x.mean(axis=0)) / x.std(axis=0), stream(7, "permutations")
    scores, right = [], []
    for rows in [np.arange(24), *(drawn.permutation(24) for _ in range(19))]:
        own, of_rows = [], np.zeros(24)
        for of_repeat in judged.splits:
            for split in np.unique(of_repeat):
                train, test = of_repeat != split, of_repeat == split
                model = LogisticRegression(
                    C=1 / (train.sum() * L2), solver="newton-cholesky", tol=1e-10
                ).fit(z[rows][train], y[train])
                p = model.predict_proba(z[rows][test])[:, 1]
                correct = (p >= 0.5) == y[test]
                of_rows[test] += correct / 2
                balanced = balanced_accuracy_score(y[test], p >= 0.5)
                own.append((correct.mean(), balanced, roc_auc_score(y[test], p)))
        scores.append(np.mean(own, axis=0).round(6))
        right.append(of_rows)
    accuracy, balanced, area = np.transpose(scores)
    p_values = permutation_tests(evidence.judgement, dataset, seed=7)
    assert p_values["balanced_accuracy"] == (balanced >= balanced[0]).mean()
    assert p_values["roc_auc"] == (area >= area[0]).mean()
    # A guess has 2/3. Of what shuffles have less, folds explain what they have less than 1/2.
    gain = (2 / 3 - accuracy[1:].mean()) - (1 / 2 - balanced[1:].mean())
    assert gain > 0.02
    errors = [
        np.sqrt(1.25 * (each[y == 0].var() * 8 + each[y == 1].var() * 16) + 2) / 24
        for each in right
    ]
    t = (accuracy - 2 / 3 + np.append(0, np.full(19, gain))) / errors
    assert p_values["accuracy"] == (t >= t[0] - 1e-6).mean()
    assert set(p_values.values()) - {1 / 20, 1.0}


def test_the_accuracy_of_shuffles_is_counted_in_standard_errors_by_hand():
    """By the t-test against a guess; what shuffles have less than it for another reason is added.

    Two classes, of 2 and 3 rows. A guess is right in 3 of 5; shuffles in 0.4 on average, and of
    what they have less, folds explain 0.5 - 0.45. The sums of squares are 0, 0.5 and 2/3.
    """
    right = np.array([[1, 1, 1, 1, 1], [1, 0, 0, 0, 0], [1, 1, 1, 0, 0]])
    means = {"accuracy": np.array([1, 0.2, 0.6]), "balanced_accuracy": np.array([1, 0.25, 0.65])}
    t = permutations._accuracy(np.array([0, 0, 1, 1, 1]), means, right, folds=3)
    added = 0.2 - 0.05
    expected = [
        5 * 0.4 / np.sqrt(2),
        5 * (-0.4 + added) / np.sqrt(1.5 * 0.5 + 2),
        5 * (0.0 + added) / np.sqrt(1.5 * 2 / 3 + 2),
    ]
    assert t == pytest.approx(expected)


def test_classes_that_can_be_told_apart_have_the_least_p_value_there_is():
    y = np.arange(15) % 3
    x = rng(2).normal(size=(15, 42)) + np.tile(9 * np.eye(3)[y], 14)  # more inputs than rows
    assert set(shuffled(x, y).values()) == {1 / 1000}


def test_on_noise_p_values_are_as_small_as_they_should_be(few):
    p_values = []
    for number in range(80):
        y = rng(3, number).permutation(np.arange(20) < 7).astype(int)
        p_values.append(shuffled(rng(4, number).normal(size=(20, 2)), y, seed=number))
    for metric in permutations.TESTED:
        assert sum(p[metric] <= 0.1 for p in p_values) <= stats.binom.isf(LIKELY, 80, 0.1)
    # Of few ties: not only at most as often, but as often.
    assert sum(p["roc_auc"] <= 0.1 for p in p_values) >= stats.binom.ppf(LIKELY, 80, 0.1)


def test_more_rows_and_groups_are_not_tested_in_this_way(few):
    y = np.arange(61) % 2
    x = rng(5).normal(size=(61, 2))
    assert not shuffled(x, y)
    assert shuffled(x[:60], y[:60])
    assert not shuffled(x[:60], y[:60], groups=np.arange(60) // 2)


def test_a_regression_without_a_score_is_not_tested(few):
    y = np.arange(40) % 2
    dataset = dataset_of(rng(6).normal(size=(40, 2)), y)
    evidence = evidence_with(dataset, {"logistic": y * np.nan})
    assert not permutation_tests(evidence.judgement, dataset, seed=1)


def test_the_page_takes_these_p_values_for_logistic_regression_alone():
    y = np.arange(40) % 2
    p = {name: rng(7, place).random(40) for place, name in enumerate(("logistic", "softmax"))}
    evidence = evidence_with(dataset_of(rng(8).normal(size=(40, 2)), y), p)
    permuted = {"accuracy": 0.001, "balanced_accuracy": 0.5}
    arguments = evidence.judgement, {}
    keys = ["model", "metric"]
    plain = compare_with_guess(*arguments).set_index(keys)
    table = compare_with_guess(*arguments, permuted).set_index(keys)
    own, other = table.loc["logistic"], table.loc["softmax"]
    assert own["p_value"][["accuracy", "balanced_accuracy"]].tolist() == [0.001, 0.5]
    assert own["permuted"].tolist() == [True, True, False, False]
    assert own.loc["accuracy", "better"]
    assert not plain["better"].any()
    assert not other["permuted"].any()
    assert other["p_value"].equals(plain.loc["softmax", "p_value"])
