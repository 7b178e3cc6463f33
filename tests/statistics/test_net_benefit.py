"""Decisions by costs, with numbers that follow by hand."""

import numpy as np
import pytest

from backprop.errors import BackpropError
from backprop.study.contributions import contributions_of
from backprop.study.costs import Costs, check_two_classes

Y = np.array([1, 1, 0, 0, 0])
P = np.array([0.9, 0.1, 0.5, 0.2, 0.05])
BOTH = np.stack([1 - P, P], axis=1)
COSTS = Costs(missed=4, false_alarm=1)  # the threshold is 0.2, odds 1 to 4


def of(metric):
    return float(metric.score(Y, BOTH[..., np.newaxis])[0])


def test_the_threshold_follows_from_the_costs_and_a_probability_at_it_is_decided_positive():
    assert COSTS.threshold == 0.2
    assert COSTS.decided(BOTH).tolist() == [True, False, True, True, False]


def test_the_net_benefit_is_the_true_positives_less_the_weighted_false_ones():
    assert of(COSTS.net_benefit()) == pytest.approx(1 / 5 - 2 / 5 / 4)
    treat_all = 2 / 5 - 3 / 5 / 4
    assert of(COSTS.net_benefit(without_all=True)) == pytest.approx(0.1 - treat_all)


def test_the_expected_cost_is_the_missed_share_less_the_net_benefit_times_the_cost_of_a_miss():
    cost = of(COSTS.expected_cost())
    assert cost == pytest.approx((4 * 1 + 1 * 2) / 5)
    assert cost == pytest.approx(4 * (2 / 5 - of(COSTS.net_benefit())))


def test_a_row_contributes_what_the_net_benefit_loses_without_it():
    split, rows = np.zeros((1, 5), dtype=int), np.arange(5)
    (own,) = contributions_of(
        COSTS.net_benefit(), Y, BOTH[np.newaxis], split, rows, given_fit=True
    ).values
    values = np.array([1, 0, -0.25, -0.25, 0])
    without = [np.delete(values, i).mean() for i in rows]
    assert own == pytest.approx(values.mean() - np.array(without))


@pytest.mark.parametrize("classes", ["abc", "a"])
def test_costs_are_refused_unless_there_are_two_classes(classes):
    check_two_classes("ab")
    with pytest.raises(BackpropError, match="leave them out: they are for two classes"):
        check_two_classes(classes)
