"""Confidence intervals: published values, properties and coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_designs import designs, reproducible
from scipy import stats

from backprop.inference.corrected import corrected_t_test
from backprop.inference.intervals import wilson


@reproducible
@given(designs())
def test_interval_agrees_with_the_p_value(design):
    comparison = corrected_t_test(*design)
    assert (comparison.lower > 0 or comparison.upper < 0) == (comparison.p_value < 0.05)


def test_wilson_of_the_training_accuracy_on_ex4():
    assert wilson(65, 80) == pytest.approx((0.713417, 0.882947), abs=5e-7)


@reproducible
@given(st.integers(1, 500), st.data())
def test_wilson_ends_are_the_limits_of_rejection(trials, data):
    successes = data.draw(st.integers(0, trials))
    lower, upper = wilson(successes, trials)
    assert 0 <= lower <= successes / trials <= upper <= 1
    for end in (lower, upper):
        variance = end * (1 - end) / trials
        squared_distance = (successes / trials - end) ** 2
        assert squared_distance == pytest.approx(stats.norm.ppf(0.975) ** 2 * variance, abs=1e-14)
    mirrored = wilson(trials - successes, trials)
    assert mirrored == pytest.approx((1 - upper, 1 - lower), abs=1e-12)


@pytest.mark.parametrize("successes", [0, 30])
def test_wilson_has_a_width_if_all_trials_or_none_succeed(successes):
    lower, upper = wilson(successes, 30)
    assert lower <= successes / 30 <= upper
    assert upper - lower > 0.1
