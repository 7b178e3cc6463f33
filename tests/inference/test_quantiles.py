"""The tails of the normal and of the t distribution, against those of SciPy."""

import math

import pytest
from scipy import stats

from backprop.inference.intervals import normal_quantile, t_quantile, t_tail

TAILS = [1e-12, 0.001, 0.025, 0.05, 0.3, 0.5, 0.8, 0.999]
DEGREES = [0.5, 1, 2.7, 4, 49, 1e6, math.nan]
DISTANCES = [-math.inf, -40.0, -1.3, 0.0, 0.2, 2.01, 7.5, 300.0, math.inf, math.nan]


@pytest.mark.parametrize("tail", TAILS)
def test_the_quantile_of_a_normal_variable_is_that_of_scipy_to_the_last_bit(tail):
    assert normal_quantile(tail) == stats.norm.isf(tail)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("tail", TAILS)
def test_the_quantile_of_a_t_variable_is_that_of_scipy_to_the_last_bit(tail, degrees):
    expected = stats.t.isf(tail, degrees)
    assert t_quantile(tail, degrees) == pytest.approx(expected, rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize("degrees", DEGREES)
@pytest.mark.parametrize("t", DISTANCES)
def test_the_tail_of_a_t_variable_is_that_of_scipy_to_the_last_bit(t, degrees):
    expected = stats.t.sf(t, degrees)
    assert t_tail(t, degrees) == pytest.approx(expected, rel=0, abs=0, nan_ok=True)
