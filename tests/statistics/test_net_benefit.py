"""Decisions by costs, with numbers that follow by hand."""

import numpy as np
import pytest

from backprop.errors import BackpropError
from backprop.study.costs import Costs

Y = np.array([1, 1, 0, 0, 0])
P = np.array([0.9, 0.1, 0.5, 0.2, 0.05])
BOTH = np.stack([1 - P, P], axis=1)
COSTS = Costs.of_two(missed=4, false_alarm=1)  # the threshold is 0.2, odds 1 to 4


def of(metric):
    return float(metric.score(Y, BOTH[..., np.newaxis])[0])


def test_the_threshold_follows_from_the_costs_and_a_probability_at_it_is_decided_positive():
    assert COSTS.threshold == 0.2
    assert COSTS.decided(BOTH).tolist() == [1, 0, 1, 1, 0]


def test_the_net_benefit_is_the_true_positives_less_the_weighted_false_ones():
    assert of(COSTS.worth()) == pytest.approx(1 / 5 - 2 / 5 / 4)
    treat_all = 2 / 5 - 3 / 5 / 4
    assert of(COSTS.saving(1)) == pytest.approx(0.1 - treat_all)


def test_the_expected_cost_is_the_missed_share_less_the_net_benefit_times_the_cost_of_a_miss():
    cost = of(COSTS.expected_cost())
    assert cost == pytest.approx((4 * 1 + 1 * 2) / 5)
    assert cost == pytest.approx(4 * (2 / 5 - of(COSTS.worth())))


# More than two classes

CLASSES = ("a", "b", "c")
SEVERAL = Costs.of({"a": {"c": 5}, "c": {"a": 0, "b": 3}}, CLASSES)
OF_SEVERAL = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.8, 0.1, 0.1], [0.1, 0.2, 0.7]])
OF_ROWS = np.array([0, 1, 2, 0])


def test_a_mistake_that_is_not_named_costs_1():
    assert SEVERAL.matrix.tolist() == [[0, 1, 5], [1, 0, 1], [0, 3, 0]]


def test_the_class_is_decided_whose_expected_cost_is_the_least():
    # Of the first row: a costs 0.3, b 0.5 + 0.6 and c 2.5 + 0.3; of the last: 0.2, 2.2 and 0.7.
    assert SEVERAL.decided(OF_SEVERAL).tolist() == [0, 0, 0, 0]
    milder = Costs.of({"a": {"b": 1.5}}, CLASSES)
    assert milder.decided(OF_SEVERAL).tolist() == [0, 1, 0, 2]
    np.testing.assert_array_equal(
        SEVERAL.votes(OF_SEVERAL), np.repeat([[1.0, 0.0, 0.0]], 4, axis=0)
    )


def test_the_example_of_the_documentation_is_right():
    said = {"setosa": {"virginica": 5}, "virginica": {"setosa": 2, "versicolor": 3}}
    costs, p = Costs.of(said, ("setosa", "versicolor", "virginica")), np.array([0.05, 0.55, 0.4])
    assert p @ costs.matrix == pytest.approx([1.35, 1.25, 0.8])
    assert costs.decided(p) == 2


def test_of_classes_that_cost_the_same_but_for_rounding_the_last_is_decided():
    equal = Costs.of({"a": {"b": 1}}, CLASSES)
    p = np.array([[0.4, 0.4, 0.2], [0.4 + 1e-15, 0.4, 0.2], [0.4, 0.4 + 1e-15, 0.2]])
    assert equal.decided(p).tolist() == [1, 1, 1]
    assert equal.decided(p[:, ::-1]).tolist() == [2, 2, 2]


def test_a_row_is_changed_if_its_class_is_less_probable_than_another():
    assert SEVERAL.changes(OF_SEVERAL).tolist() == [False, True, False, True]
    assert not SEVERAL.changes(np.array([[0.4, 0.4 - 1e-15, 0.2]])).any()


def test_the_expected_cost_is_the_mean_of_the_costs_of_the_decisions():
    cost = SEVERAL.worth()
    assert cost.score(OF_ROWS, OF_SEVERAL[..., np.newaxis])[0] == pytest.approx(1 / 4)
    assert not cost.higher_is_better
    assert cost.limits(3) == (0, 5)
    to_b = SEVERAL.saving(1)  # to decide b for all rows costs 1, 0, 3 and 1
    assert to_b.score(OF_ROWS, OF_SEVERAL[..., np.newaxis])[0] == pytest.approx(5 / 4 - 1 / 4)
    assert to_b.limits(3) == (-4, 3)  # of a row of a decided to be c; of a row of c


def test_two_classes_by_their_names_are_missed_and_false_alarm():
    named = Costs.of({"ill": {"well": 4}}, ("well", "ill"))
    assert named.matrix.tolist() == COSTS.matrix.tolist()
    assert named.threshold == COSTS.threshold == 0.2
    said = Costs.of({"missed": 4, "false_alarm": 1}, ("well", "ill"))
    assert said.matrix.tolist() == COSTS.matrix.tolist()


def test_a_class_may_be_called_missed():
    classes = ("false_alarm", "missed")
    costs = Costs.of({"missed": {"false_alarm": 3}}, classes)
    assert costs.matrix.tolist() == [[0, 1], [3, 0]]


@pytest.mark.parametrize(
    ("said", "classes", "problem"),
    [
        ({"missed": 2, "false_alarm": 1}, "abc",
         "costs` of missed and false_alarm, or `threshold`, and 3 classes; they are for two: leave "
         r"them out, or use `costs` of each class, such as \{a: \{b: 5\}\}"),
        ({"ab": {"c": 2}}, CLASSES, "the class 'ab'; use 'a', 'b', 'c'; did you mean"),
        ({"a": {"d": 2}}, CLASSES, "the class 'd'; use 'a', 'b', 'c'"),
        ({"a": {"c": 0}, "b": {"c": 0}}, CLASSES, "only costs of 0 where 'c' is decided"),
        ({"a": {"b": 0}}, "ab", "only costs of 0 where 'b' is decided"),
    ],
)  # fmt: skip
def test_costs_that_do_not_fit_the_classes_are_refused(said, classes, problem):
    with pytest.raises(BackpropError, match=problem):
        Costs.of(said, classes)
