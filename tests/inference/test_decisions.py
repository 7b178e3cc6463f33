"""Decisions: each rule, at its thresholds, and on simulated accuracies."""

import math

import numpy as np
import pytest
from backprop.inference.paired import NO_ROWS, Difference, compare_paired

from backprop.inference.decisions import outcome
from backprop.inference.tests import Posterior, posterior

UNCLEAR = Difference(
    mean=0.003,
    standard_error=0.0219,
    degrees_of_freedom=49,
    t=0.137,
    p_value=0.891,
    lower=-0.041,
    upper=0.047,
    basis="splits",
    confidence=0.95,
)
BETTER = UNCLEAR._replace(mean=0.061, lower=0.0117, upper=0.1104, p_value=0.0161)
WORSE = UNCLEAR._replace(mean=-0.061, lower=-0.1104, upper=-0.0117, p_value=0.0161)
EQUAL = UNCLEAR._replace(mean=-0.0002, lower=-0.0052, upper=0.0048)


@pytest.mark.parametrize(
    ("comparison", "p_value", "probabilities", "expected"),
    [
        (UNCLEAR, 0.891, (0.278, 0.347, 0.375), "undecided"),
        (BETTER, 0.0322, (0.0, 0.02, 0.98), "better"),
        (WORSE, 0.00002, (0.9999, 0.0001, 0.0), "worse"),
        (EQUAL, 1.0, (0.01, 0.98, 0.01), "practically equal"),
        (BETTER, 0.0644, (0.0, 0.06, 0.94), "undecided"),  # although 0 is outside the interval
    ],
)
def test_the_first_rule_that_applies_decides(comparison, p_value, probabilities, expected):
    assert outcome(comparison, p_value, Posterior(*probabilities), 0.01) == expected


@pytest.mark.parametrize(
    ("p_value", "equal", "expected"),
    [
        (0.0499, 0.9499, "better"),
        (0.05, 0.9499, "undecided"),
        (0.05, 0.95, "practically equal"),
        (0.0, 0.95, "practically equal"),  # significant, but too small to matter
    ],
)
def test_outcome_at_its_thresholds(p_value, equal, expected):
    assert outcome(BETTER, p_value, Posterior(0, equal, 1 - equal), 0.01) == expected


@pytest.mark.parametrize(
    ("accuracies", "expected"),
    [
        ([0.90, 0.92, 0.88, 0.91, 0.89], "better"),
        ([0.70, 0.72, 0.68, 0.71, 0.69], "worse"),
        ([0.80, 0.801, 0.799, 0.80, 0.80], "practically equal"),
        ([0.70, 0.95, 0.85, 0.65, 0.90], "undecided"),
    ],
)
def test_outcome_of_simulated_accuracies(accuracies, expected):
    differences = np.array(accuracies) - 0.80
    mirrored = {"better": "worse", "worse": "better"}.get(expected, expected)
    for values, result in ((differences, expected), (-differences, mirrored)):
        compared = compare_paired(values, NO_ROWS, NO_ROWS, 5)
        assert outcome(compared, compared.p_value, posterior(values, 5), 0.01) == result


@pytest.mark.parametrize(
    ("interval", "p_value", "expected"),
    [
        ((-0.01, 0.01), 1.0, "practically equal"),
        ((-0.0101, 0.01), 1.0, "undecided"),  # as ten rows on which two models never disagree
        ((-0.0101, 0.03), 0.0499, "better"),
        ((0.0, 0.0), 1.0, "practically equal"),
    ],
)
def test_without_a_posterior_the_interval_shows_equality(interval, p_value, expected):
    lower, upper = interval
    bounded = UNCLEAR._replace(lower=lower, upper=upper, basis="rows")
    assert outcome(bounded, p_value, None, 0.01) == expected


@pytest.mark.parametrize("p_value", [-0.1, 1.1, math.nan])
def test_an_outcome_needs_a_p_value_that_is_a_probability(p_value):
    with pytest.raises(ValueError, match=r"p_value must be in \[0, 1\]"):
        outcome(BETTER, p_value, Posterior(0, 0.5, 0.5), 0.01)
