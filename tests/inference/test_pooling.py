"""Differences over data sets, against integrals over both parameters and another library."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from backprop.inference.pooling import (
    pool,
    random_effects,
    rank_correlation,
    signed_ranks,
)

# The effects of coaching in eight schools: Rubin (1981), Journal of Educational Statistics 6.
EFFECTS = [28, 8, -3, 7, -1, 1, 18, 12]
ERRORS = [15, 10, 16, 11, 9, 11, 10, 18]


def integral(what):
    """Return the mean of ``what(mu, tau)`` over the posterior, on a grid of both parameters."""
    tau = np.sinh(np.linspace(0, 9, 1500))[:, np.newaxis]
    mu = 8 + (10 + tau) * np.linspace(-12, 12, 1001)
    effects = zip(EFFECTS, ERRORS, strict=True)
    density = np.prod([stats.norm.pdf(d, mu, np.hypot(s, tau)) for d, s in effects], axis=0)

    def of(values):
        lines = np.trapezoid(values, mu, axis=1)
        return np.trapezoid(lines, tau[:, 0])

    return of(density * what(mu, tau)) / of(density)


def test_the_mean_has_the_posterior_of_the_hierarchical_model():
    pooled = pool(EFFECTS, ERRORS)
    mean = integral(lambda mu, tau: mu)
    assert pooled.mean == pytest.approx(mean, rel=1e-4)


@pytest.mark.parametrize("place", [0, 1])
def test_the_interval_of_the_next_holds_as_much_as_it_should(place):
    pooled = pool(EFFECTS, ERRORS)
    end = pooled.of_next.interval[place]
    below = integral(lambda mu, tau: stats.norm.cdf(end, mu, np.maximum(tau, 1e-9)))
    assert below == pytest.approx([0.025, 0.975][place], abs=1e-4)


def test_the_probabilities_are_those_below_in_and_above_the_rope():
    of_mean = pool(EFFECTS, ERRORS).of_mean
    posterior = of_mean.posterior(5)
    assert posterior.worse + posterior.equal + posterior.better == pytest.approx(1)
    assert of_mean.below(of_mean.interval.lower) == pytest.approx(0.025)
    assert posterior.better == pytest.approx(1 - of_mean.below(5))


def test_equal_differences_have_a_mean_of_their_precision():
    """With no spread and many data sets, the error is that of a weighted mean."""
    pooled = pool([0.02] * 400, [0.1] * 400)
    assert pooled.mean == pytest.approx(0.02)
    width = pooled.of_mean.interval.upper - pooled.of_mean.interval.lower
    assert width == pytest.approx(2 * 1.96 * 0.1 / math.sqrt(400), rel=0.05)


def test_the_p_value_is_twice_the_smaller_tail():
    pooled = pool(EFFECTS, ERRORS)
    assert pooled.p_value == pytest.approx(2 * pooled.of_mean.below(0))
    assert pool([-d for d in EFFECTS], ERRORS).p_value == pytest.approx(pooled.p_value)


def test_random_effects_are_those_of_statsmodels():
    d, s = np.array([0.1, 0.3, -0.2, 0.5]), np.array([0.1, 0.05, 0.08, 0.1])
    other = combine_effects(d, s**2, method_re="chi2")
    mean, spread = random_effects(d, s)
    assert mean == pytest.approx(other.mean_effect_re)
    assert spread**2 == pytest.approx(other.tau2)


def test_random_effects_without_spread_are_the_weighted_mean():
    assert random_effects([1, 3], [1, 1]) == (2, pytest.approx(1))
    assert random_effects([1, 3], [10, 10]) == (2, 0)


def test_six_gains_have_the_signed_ranks_of_one_in_32():
    assert signed_ranks([1, 2, 3, 4, 5, 6]) == pytest.approx(2 / 64)
    assert signed_ranks([0, 0, 0]) is None


def test_a_rank_correlation_has_the_interval_of_bonett_and_wright():
    one, other = range(10), [1, 0, 3, 2, 5, 4, 7, 6, 9, 8]
    rho, lower, upper = rank_correlation(one, other)
    assert rho == pytest.approx(1 - 6 * 10 / 990)
    margin = 1.959964 * math.sqrt((1 + rho**2 / 2) / 7)
    assert math.atanh(upper) - math.atanh(rho) == pytest.approx(margin, rel=1e-6)
    assert math.atanh(rho) - math.atanh(lower) == pytest.approx(margin, rel=1e-6)
    assert rank_correlation([1, 1, 1, 1], [1, 2, 3, 4]) is None
    assert rank_correlation([1, 2, 3, 4], [1, 2, 3, 5])[0] == pytest.approx(1)
