"""Numbers of rows: known answers, another way of computing them, and simulated studies."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from backprop.inference import sample_size
from backprop.inference.influence import Difference, Training, inflation, moments
from backprop.inference.sample_size import SLOPES, TrainingSize, power, rows_to_find
from backprop.inference.tests import minimum_detectable_difference

FOLDS = 5


def studied(contributions, flip=0.0):
    """Return the difference of a study from what observations contribute."""
    variance, degrees = moments(contributions, Training(FOLDS), flip)
    nan = math.nan
    return Difference(
        0.0, nan, nan, nan, "rows", nan, math.sqrt(variance), degrees,
        contributions.mean(axis=0),
    )  # fmt: skip


def drawn(rows, repeats=4, seed=0, noise=0.3):
    """Return what rows contribute: the same in all repeats, but for some noise."""
    generator = np.random.default_rng(seed)
    own = generator.standard_normal(rows) + noise * generator.standard_normal((repeats, rows))
    return own / rows


def needed(size, curve, whole, *, flip=0.0, significance=0.05, seed=1):
    return rows_to_find(
        size, curve, whole, training=Training(FOLDS), flip=flip, significance=significance,
        generator=np.random.default_rng(seed),
    )  # fmt: skip


@pytest.mark.parametrize(("repeats", "noise"), [(1, 0.3), (2, 0.3), (4, 0.3), (3, 0.0)])
def test_what_a_study_just_detects_takes_the_rows_that_it_has(repeats, noise):
    contributions = drawn(200, repeats, noise=noise)
    whole = studied(contributions)
    size = minimum_detectable_difference(
        whole.standard_error, whole.degrees_of_freedom, significance=0.02
    )
    result = needed(size, [TrainingSize(160, contributions)], whole, significance=0.02)
    assert result.times == pytest.approx(1, rel=1e-3)
    assert result.lower < 1 < result.upper
    assert power(size, whole, 0.02) == pytest.approx(0.8, rel=1e-6)


def test_half_the_difference_takes_about_four_times_the_rows():
    contributions = drawn(5000)
    whole = studied(contributions)
    curve = [TrainingSize(4000, contributions)]
    one, half = (needed(size, curve, whole) for size in (0.02, 0.01))
    assert half.times / one.times == pytest.approx(4, rel=0.01)


def test_the_number_is_the_root_of_the_power_of_scipy():
    contributions = drawn(120, noise=0.8)
    flip = 1 / 120
    whole = studied(contributions, flip)
    squares = np.square(contributions.mean(axis=0)).sum()
    factor = inflation(contributions, Training(FOLDS))
    size = 0.05

    def missing(x):
        error = math.sqrt(max(factor * squares / x, squares / x + 2 * (flip / x) ** 2))
        degrees = (whole.degrees_of_freedom + 1) * x - 1
        critical = stats.t.isf(0.025, degrees)
        return stats.nct.sf(critical, degrees, size / error) - 0.8

    expected = optimize.brentq(missing, 0.1, 1000)
    own = needed(size, [TrainingSize(96, contributions)], whole, flip=flip)
    assert own.times == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("slope", [-0.5, 0.3])
def test_the_interval_has_both_assumptions(slope):
    contributions = drawn(2000, noise=0.0)
    shares = (0.25, 0.5, 1.0)
    curve = [TrainingSize(1600 * s, contributions * s ** (slope / 2)) for s in shares]
    whole = studied(contributions)
    own, flat = needed(0.005, curve, whole), needed(0.005, curve[-1:], whole)
    # 0.005^2 = c V x^(b - 1): with the slope, x is the flat one to the power of 1 / (1 - b).
    assert own.times == pytest.approx(math.sqrt(flat.times * flat.times ** (1 / (1 - slope))), 0.02)
    if slope < 0:
        assert own.lower < flat.lower
        assert own.upper == pytest.approx(flat.upper)
    else:
        assert own.upper > flat.upper
        assert own.lower == pytest.approx(flat.lower)


def test_a_slope_of_noise_is_kept_within_bounds():
    contributions = drawn(100, noise=0.0)
    curve = [TrainingSize(20, contributions / 100), TrainingSize(80, contributions)]
    whole = studied(contributions)
    assert 1 / (1 - SLOPES[1]) == 2
    result, flat = needed(0.02, curve, whole), needed(0.02, curve[-1:], whole)
    assert result.times <= flat.times**2


def test_the_interval_holds_the_true_number_in_most_samples():
    # Each row contributes a normal number with the variance 1, so the variance is f / n.
    rows, size, held = 100, 0.1, 0
    critical = stats.norm.isf(0.025) + stats.norm.ppf(0.8)
    truth = 1.125 * (critical / size) ** 2  # f is 1 + 1 / 8
    for seed in range(60):
        contributions = drawn(rows, seed=seed, noise=0.0)
        own = needed(size, [TrainingSize(80, contributions)], studied(contributions), seed=seed)
        held += own.lower * rows <= truth <= own.upper * rows
    assert held >= stats.binom.ppf(0.001, 60, 0.93)


def test_weights_are_equal_and_then_drawn_whatever_number_is_drawn_at_once(monkeypatch):
    curve = [TrainingSize(160, drawn(200)), TrainingSize(320, drawn(200, seed=1))]
    whole = sample_size._weighted_squares(curve, np.random.default_rng(1))
    monkeypatch.setattr(sample_size, "BLOCK", 3 * 200)
    parts = sample_size._weighted_squares(curve, np.random.default_rng(1))
    for sums, in_parts in zip(whole, parts, strict=True):
        assert sums.shape == (1 + sample_size.RESAMPLES, 2)
        np.testing.assert_allclose(sums, in_parts, rtol=1e-12)
    first = [np.square(each.contributions.mean(axis=0)).sum() for each in curve]
    assert whole[0][0] == pytest.approx(first)
    assert whole[0][1:].mean(axis=0) == pytest.approx(first, rel=0.02)


def test_models_that_are_one_never_differ():
    nothing = np.zeros((2, 50))
    identical = studied(nothing)._replace(basis="identical")
    for whole in (identical, studied(nothing)):
        assert np.isnan(needed(0.05, [TrainingSize(40, nothing)], whole)).all()
        assert math.isnan(power(0.05, whole, 0.05))


def test_models_with_the_same_rows_right_need_rows_for_the_two_that_are_added():
    nothing, flip = np.zeros((2, 50)), 1 / 50
    result = needed(0.1, [TrainingSize(40, nothing)], studied(nothing, flip), flip=flip)
    assert 0 < result.times == pytest.approx(result.lower) == pytest.approx(result.upper)
