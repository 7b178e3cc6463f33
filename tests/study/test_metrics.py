import math

import numpy as np
import pytest
import sklearn.metrics

from backprop.study.metrics import METRICS, score

Y = np.array([0, 0, 0, 1, 1])
P = np.array([0.1, 0.6, 0.3, 0.5, 0.4])  # taken for 0, 1, 0, 1, 0


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [
        ("accuracy", 3 / 5),  # rows 1, 3 and 4 are right
        ("balanced_accuracy", (2 / 3 + 1 / 2) / 2),
        ("log_loss", -math.log(0.9 * 0.4 * 0.7 * 0.5 * 0.4) / 5),
        ("brier_score", (0.01 + 0.36 + 0.09 + 0.25 + 0.36) / 5),
        ("roc_auc", 4 / 6),  # 0.5 and 0.4 are each above 0.1 and 0.3, below 0.6
    ],
)
def test_a_metric_is_what_it_is_by_hand(name, by_hand):
    assert score(Y, P)[name] == pytest.approx(by_hand, rel=1e-14)


def test_a_tie_counts_half_in_the_area():
    assert score(np.array([0, 1, 0]), np.array([0.5, 0.5, 0.2]))["roc_auc"] == 0.75


def test_a_probability_of_one_half_is_taken_for_class_1():
    assert score(np.array([0, 1]), np.array([0.5, 0.5]))["accuracy"] == 0.5
    assert score(np.array([0, 1, 1]), np.array([0.1, 0.5, 0.5]))["accuracy"] == 1


def test_scores_agree_with_scikit_learn_called_plainly():
    plain = {
        "accuracy": lambda y, p: sklearn.metrics.accuracy_score(y, (p >= 0.5).astype(int)),
        "balanced_accuracy": lambda y, p: sklearn.metrics.balanced_accuracy_score(
            y, (p >= 0.5).astype(int)
        ),
        "log_loss": sklearn.metrics.log_loss,
        "brier_score": sklearn.metrics.brier_score_loss,
        "roc_auc": sklearn.metrics.roc_auc_score,
    }
    assert list(plain) == list(METRICS)
    generator = np.random.default_rng(0)
    for n in (5, 16, 80):
        y = np.r_[0, 1, generator.integers(0, 2, n - 2)]
        p = generator.random(n).round(2)
        assert score(y, p) == {name: metric(y, p) for name, metric in plain.items()}


def test_a_sure_mistake_costs_much_and_not_infinitely_much():
    found = score(np.array([0, 1, 1]), np.array([1.0, 1.0, 0.0]))
    assert 20 < found["log_loss"] < np.inf
    assert found["brier_score"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_fit_that_diverged_has_no_score(broken):
    found = score(Y, np.array([0.1, broken, 0.3, 0.5, 0.4]))
    assert list(found) == list(METRICS)
    assert all(math.isnan(value) for value in found.values())


@pytest.mark.parametrize("name", METRICS)
def test_better_answers_score_better(name):
    good, bad = (score(Y, p)[name] for p in (np.where(Y == 1, 0.9, 0.1), P))
    assert (good > bad) == METRICS[name].higher_is_better
    assert METRICS[name].label
    assert METRICS[name].unit
