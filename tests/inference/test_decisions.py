"""Decisions: each rule, at its thresholds, and on simulated accuracies."""

import math

import pytest
from scipy import stats

from backprop.inference.decisions import (
    excludes_zero,
    expected_improvement,
    outcome,
)
from backprop.inference.tests import Posterior


@pytest.mark.parametrize(
    ("p_value", "probabilities", "expected"),
    [
        (0.891, (0.278, 0.347, 0.375), "undecided"),
        (0.0322, (0.0, 0.02, 0.98), "better"),
        (0.00002, (0.9999, 0.0001, 0.0), "worse"),
        (1.0, (0.01, 0.98, 0.01), "practically equal"),
        (0.0644, (0.0, 0.06, 0.94), "undecided"),  # although 0 is outside the interval
        (0.001, (0.0, 0.6, 0.4), "slightly different"),
        (0.001, (0.36, 0.64, 0.0), "slightly different"),  # and not "worse"
    ],
)
def test_the_first_rule_that_applies_decides(p_value, probabilities, expected):
    assert outcome(p_value, Posterior(*probabilities)) == expected


@pytest.mark.parametrize(
    ("p_value", "equal", "expected"),
    [
        (0.0499, 0.49, "better"),
        (0.0499, 0.5, "slightly different"),
        (0.0499, 0.9499, "slightly different"),
        (0.05, 0.49, "undecided"),
        (0.05, 0.9499, "undecided"),
        (0.05, 0.95, "practically equal"),
        (0.0, 0.95, "practically equal"),  # significant, but too small to matter
    ],
)
def test_outcome_at_its_thresholds(p_value, equal, expected):
    mirrored = {"better": "worse"}.get(expected, expected)
    assert outcome(p_value, Posterior(0, equal, 1 - equal)) == expected
    assert outcome(p_value, Posterior(1 - equal, equal, 0)) == mirrored


@pytest.mark.parametrize(
    ("ends", "expected"),
    [((0.1, 0.2), True), ((-0.2, -0.1), True), ((0.0, 0.2), False), ((-0.2, 0.0), False),
     ((-0.1, 0.2), False), ((math.nan, math.nan), False)],
)  # fmt: skip
def test_an_interval_excludes_zero_if_both_ends_are_on_one_side(ends, expected):
    assert excludes_zero(*ends) is expected


@pytest.mark.parametrize(("difference", "error"), [(-11.4, 11.3), (-1.4, 5.4), (2.0, 0.5), (0, 1)])
def test_an_expected_improvement_is_the_mean_of_what_is_above_zero(difference, error):
    gained = stats.norm(difference, error).expect(lambda size: size, lb=0.0)
    assert expected_improvement(difference, error) == pytest.approx(gained, rel=1e-6)


def test_a_difference_that_is_certain_is_its_own_improvement():
    assert expected_improvement(0.3, 0.0) == 0.3
    assert expected_improvement(-0.3, 0.0) == 0.0
