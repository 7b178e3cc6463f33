"""How well each class is found, against values by hand and of scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import precision_recall_fscore_support

from backprop.statistics.by_class import measured
from backprop.statistics.grouping import Judged
from backprop.study.costs import Costs


def judged_by(y, p, groups=None, in_order=False, predicted=None):
    """Return a model with these probabilities, shape (repeats, n, C), in two folds."""
    repeats, n, _ = p.shape
    folds = [np.arange(n)[k::2] for k in range(2)]
    fits = pd.DataFrame(
        [
            {"repeat": r + 1, "fold": k + 1, "rows": rows + 1, "probabilities": p[r, rows].ravel()}
            for r in range(repeats)
            for k, rows in enumerate(folds)
        ]
    )
    if predicted is not None:
        fits["predicted"] = [predicted[rows] for _ in range(repeats) for rows in folds]
    observations = np.arange(n) if groups is None else groups
    scores = {"accuracy": np.ones(2 * repeats)}
    return Judged("accuracy", 0.01, scores, fits, y, observations, in_order=in_order)


@pytest.fixture
def made():
    rng = np.random.default_rng(3)
    y = np.arange(90) % 3
    logits = rng.normal(size=(2, 90, 3)) + 1.5 * np.eye(3)[y]
    p = np.exp(logits)
    return y, p / p.sum(axis=2, keepdims=True)


def test_values_are_those_of_scikit_learn_for_all_repeats_together(made):
    y, p = made
    named = p.argmax(axis=2).ravel()
    expected = precision_recall_fscore_support(np.tile(y, 2), named)
    for c in range(3):
        for measure, values in zip(("precision", "recall", "f1"), expected, strict=False):
            own = measured(judged_by(y, p), c, measure)
            assert own.value == pytest.approx(values[c], rel=1e-12)
            assert 0 < own.lower < own.value < own.upper < 1


def test_a_class_that_is_never_predicted_has_no_precision_and_no_interval():
    y = np.arange(40) % 2
    p = np.tile([0.9, 0.1], (2, 40, 1))
    model = judged_by(y, p)
    assert np.isnan(measured(model, 1, "precision").value)
    for measure in ("recall", "f1"):
        value, *ends = measured(model, 1, measure)
        assert value == 0
        assert np.isnan(ends).all()


def test_a_repeated_row_in_a_group_says_no_more_than_the_row(made):
    y, p = made
    alone = measured(judged_by(y, p, in_order=True), 0, "precision")
    twice = measured(
        judged_by(np.repeat(y, 2), np.repeat(p, 2, axis=1), np.repeat(np.arange(90), 2), True),
        0, "precision",
    )  # fmt: skip
    assert twice == pytest.approx(alone)


def test_another_order_of_the_classes_changes_nothing(made):
    y, p = made
    one = measured(judged_by(y, p), 0, "f1")
    other = measured(judged_by(2 - y, p[..., ::-1]), 2, "f1")
    assert other == pytest.approx(one)


def test_equal_costs_decide_as_the_most_probable_class_does():
    rng = np.random.default_rng(5)
    y, equal = np.arange(120) % 2, Costs.of_two(missed=2, false_alarm=2)
    p = 1 / (1 + np.exp(-rng.normal(size=(2, 120)) - y))
    model = judged_by(y, np.stack([1 - p, p], axis=2))
    for c, measure in ((0, "recall"), (1, "recall"), (0, "precision"), (1, "precision")):
        assert measured(model, c, measure, equal) == pytest.approx(measured(model, c, measure))


def test_costs_move_the_threshold_of_a_row_to_that_of_the_study():
    y = np.repeat([1, 0], (20, 80))
    p = np.repeat([0.6, 0.15, 0.25, 0.05], (10, 10, 20, 60))[np.newaxis]
    model = judged_by(y, np.stack([1 - p, p], axis=2))
    for missed, decided in ((1, 10), (4, 10), (9, 20)):  # from 0.5, 0.2 and 0.1 on
        recall = measured(model, 1, "recall", Costs.of_two(missed=missed, false_alarm=1))
        assert recall.value == decided / 20
        assert recall.lower < recall.value
    assert measured(model, 1, "precision", Costs.of_two(missed=4, false_alarm=1)).value == 10 / 30
