"""Calibration: the curve, its band, slope, intercept and index, and what recalibration is worth."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.interpolate import CubicSpline
from scipy.linalg import eigh
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from scipy.stats import chi2

from backprop.inference.influence import Training
from backprop.inference.intervals import t_quantile
from backprop.statistics.calibration import KNOTS, Calibration, bins_of, shown_class
from backprop.statistics.recalibration import judge_recalibration


def test_calibration_of_several_classes_is_that_of_the_predicted_class():
    p = np.array([[[0.7, 0.2, 0.1], [0.3, 0.3, 0.4], [0.1, 0.8, 0.1]]])
    shown, right = shown_class(np.array([0, 1, 1]), p)
    np.testing.assert_array_equal(shown, [[0.7, 0.4, 0.8]])
    np.testing.assert_array_equal(right, [[True, False, True]])


def test_calibration_of_two_classes_is_that_of_class_1():
    p = np.array([[[0.7, 0.3], [0.2, 0.8]]])
    shown, right = shown_class(np.array([0, 1]), p)
    np.testing.assert_array_equal(shown, [[0.3, 0.8]])
    np.testing.assert_array_equal(right, [[False, True]])


@pytest.mark.parametrize("steps", [10, 100])
def test_a_probability_on_the_edge_of_two_bins_is_in_the_upper_one_however_it_is_rounded(steps):
    for k in range(steps + 1):
        p = [k / steps, 1 - (steps - k) / steps, sum([1 / steps] * k), k * (1 / steps)]
        p = np.array([*p, *np.nextafter(p, 2), *np.nextafter(p, -1)]).clip(0, 1)
        assert (bins_of(p) == min(10 * k // steps, 9)).all()  # exact, as integers are


def test_a_missing_prediction_is_in_no_bin():
    np.testing.assert_array_equal(bins_of(np.array([[0.2999, 0.3, np.nan, 1.0]])), [[2, 3, -1, 9]])


def drawn(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities that are twice as extreme as they should be, and what comes true."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=n)
    right = rng.random(n) < 1 / (1 + np.exp(-logits))
    return 1 / (1 + np.exp(-2 * logits))[np.newaxis], right[np.newaxis]


def calibration(p, right, observations=None, folds=1):
    own = np.arange(p.shape[1]) if observations is None else observations
    return Calibration(p, right, own, Training(folds=folds))


def glm(design, right, **offset):
    return sm.GLM(right, design, family=sm.families.Binomial(), **offset).fit()


def robust_of(fit, design, right):
    """Return the covariance, at least that of independent rows in each direction."""
    naive = fit.cov_params()
    own = design * (right - fit.fittedvalues)[:, np.newaxis] @ naive
    values, vectors = eigh(own.T @ own, naive)
    back = naive @ vectors
    return back @ np.diag(np.maximum(values, 1)) @ back.T


def test_slope_and_intercept_and_their_intervals_are_those_of_the_profile_likelihood():
    p, right = drawn()
    logits, ours, ones = np.log(p[0] / (1 - p[0])), calibration(p, right), np.ones((120, 1))
    fit = glm(sm.add_constant(logits), right[0])
    assert ours.slope.value == pytest.approx(fit.params[1], rel=1e-8)
    ratio = robust_of(fit, sm.add_constant(logits), right[0])[1, 1] / fit.cov_params()[1, 1]
    for end in ours.slope[1:]:
        lost = 2 * (fit.llf - glm(ones, right[0], offset=end * logits).llf)
        assert lost == pytest.approx(t_quantile(0.025, 118) ** 2 * ratio, rel=2e-5)
    assert ours.slope.lower < 0.5 < ours.slope.upper < 1
    fit = glm(ones, right[0], offset=logits)
    assert ours.intercept.value == pytest.approx(fit.params[0], rel=1e-8)
    ratio = robust_of(fit, ones, right[0])[0, 0] / fit.cov_params()[0, 0]
    for end in ours.intercept[1:]:
        q = 1 / (1 + np.exp(-end - logits))
        lost = 2 * (fit.llf - np.log(np.where(right[0], q, 1 - q)).sum())
        assert lost == pytest.approx(t_quantile(0.025, 119) ** 2 * ratio, rel=2e-5)


def test_a_curve_is_a_logistic_regression_on_a_natural_spline():
    p, right = drawn()
    logits, curve = np.log(p[0] / (1 - p[0])), calibration(p, right).curve
    knots = np.quantile(logits, KNOTS)
    design = natural(logits, knots)
    fit = glm(design, right[0])
    at = natural(np.log(curve.p / (1 - curve.p)), knots)
    np.testing.assert_allclose(curve.share, fit.predict(at), rtol=1e-6)
    errors = np.sqrt(np.einsum("ij,jk,ik->i", at, robust_of(fit, design, right[0]), at))
    widths = [np.log(end / (1 - end)) - at @ fit.params for end in (curve.lower, curve.upper)]
    times = widths[1] / errors  # as many standard errors everywhere
    np.testing.assert_allclose(times, times.mean(), rtol=0.05)
    np.testing.assert_allclose(widths[0], -widths[1], rtol=1e-6)
    assert t_quantile(0.025, 116) < times.mean() < np.sqrt(chi2.ppf(0.95, 4)) * 1.05


def natural(x, knots):
    """Return a basis of the splines that are linear beyond the outer knots, of another form."""
    spline = CubicSpline(knots, np.eye(len(knots)), bc_type="natural")
    inside = spline(np.clip(x, knots[0], knots[-1]))
    slopes = spline(np.where(x < knots[0], knots[0], knots[-1]), 1)
    beyond = x - np.clip(x, knots[0], knots[-1])
    return inside + slopes * beyond[:, np.newaxis]


def test_an_index_is_the_mean_distance_of_the_curve_from_the_diagonal():
    p, right = drawn(2000)
    own = calibration(p, right)
    logits = np.log(p[0] / (1 - p[0]))
    fit = glm(natural(logits, np.quantile(logits, KNOTS)), right[0])
    assert own.index.measured.value == pytest.approx(np.abs(fit.fittedvalues - p[0]).mean(), 0.01)
    true = np.abs(p[0] - 1 / (1 + np.sqrt(1 / p[0] - 1))).mean()
    assert own.index.measured.lower < true < own.index.measured.upper
    assert own.index.by_chance.upper < own.index.measured.lower
    assert not own.curve.has_diagonal


def test_calibrated_predictions_have_an_index_that_chance_explains():
    p, _ = drawn(2000)
    right = np.random.default_rng(5).random(p.shape) < p
    own = calibration(p, right)
    assert own.curve.has_diagonal
    assert own.index.measured.lower == 0
    assert own.index.by_chance.lower < own.index.measured.value < own.index.by_chance.upper
    assert own.index.by_chance.upper < own.index.measured.upper + 0.03


def numbers_of(own):
    return [*own.slope, *own.intercept, *own.index.measured, *own.index.by_chance, *own.curve.upper]


def test_repeats_and_copies_in_one_group_say_no_more():
    p, right = drawn()
    once = numbers_of(calibration(p, right))
    often = numbers_of(calibration(p.repeat(4, axis=0), right.repeat(4, axis=0)))
    np.testing.assert_allclose(often, once, rtol=0.01)  # quantiles are between other rows
    twice = calibration(p.repeat(2, axis=1), right.repeat(2, axis=1), np.arange(120).repeat(2))
    np.testing.assert_allclose(twice.slope[0], once[0])
    np.testing.assert_allclose(twice.slope[1:], once[1:3], rtol=0.1)
    np.testing.assert_allclose(twice.curve.upper, once[-101:], rtol=0.1)


def test_training_widens_all_intervals():
    p, right = drawn()
    of_fixed, trained = (calibration(p, right, folds=folds) for folds in (1, 5))
    for name in ("slope", "intercept"):
        one, other = getattr(of_fixed, name), getattr(trained, name)
        assert other.lower < one.lower < one.upper < other.upper


def test_without_a_solution_nothing_is_said_and_why():
    p, right = drawn()
    assert calibration(p, right).lacking is None
    ranked = calibration(p, p > 0.5)  # all rows are ranked correctly
    assert (ranked.slope, ranked.curve, ranked.index) == (None, None, None)
    assert ranked.lacking == "separated"
    every = calibration(p, right | True)
    assert (every.slope, every.intercept, every.lacking) == (None, None, "separated")
    one = calibration(np.full_like(p, 0.4), right)
    assert (one.slope, one.curve, one.lacking) == (None, None, "alike")
    few = calibration(p[:, :9], right[:, :9])
    assert (few.slope, few.curve, few.lacking) == (None, None, "few")


def test_a_prediction_of_0_or_1_leaves_a_curve_and_no_slope():
    p, right = drawn()
    p[0, 0] = 0.0
    own = calibration(p, right)
    assert (own.slope, own.intercept, own.lacking) == (None, None, "cut off")
    assert np.isfinite(own.curve).all()
    near = p.clip(1 / 240, 1 - 1 / 240)
    np.testing.assert_allclose(own.curve, calibration(near, right).curve)


def test_the_band_is_about_as_wide_as_in_simulations():
    rng, outside = np.random.default_rng(1), []
    for _ in range(200):
        logits = 1.2 * rng.normal(size=(1, 300))
        p = 1 / (1 + np.exp(-logits))
        outside.append(not calibration(p, rng.random(p.shape) < p).curve.has_diagonal)
    assert 0.015 < np.mean(outside) < 0.085  # of 5%


CASES = {"two classes": 2, "three classes": 3}


@pytest.mark.parametrize("classes", CASES.values(), ids=CASES)
def test_recalibration_gains_what_a_maximum_likelihood_fit_gains(classes):
    rng = np.random.default_rng(2)
    logits, rows = rng.normal(size=(900, classes)), np.arange(900)
    p = softmax(logits, axis=1)
    y = (p.cumsum(axis=1) < rng.random((900, 1))).sum(axis=1)
    said = softmax(3 * logits, axis=1)[np.newaxis]
    benefit = judge_recalibration(y, said, rows, Training(folds=5))

    def loss(values):
        linear = values[0] * np.log(said[0])
        linear[:, -1] += values[1] if classes == 2 else 0
        return -log_softmax(linear, axis=1)[rows, y].mean()

    best = minimize(loss, [0.5, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12})
    assert benefit.difference.value == pytest.approx(best.fun - loss([1.0, 0.0]), rel=1e-5)
    true = loss([1 / 3, 0.0]) - loss([1.0, 0.0])
    assert benefit.difference.lower < true < benefit.difference.upper < 0
    assert benefit.p_value < 0.01
    calm = judge_recalibration(y, p[np.newaxis], rows, Training(folds=5))
    assert calm.difference.lower < 0 < calm.difference.upper
    assert calm.p_value > 0.2


def test_there_is_no_recalibration_where_none_has_a_solution():
    p, right = drawn()
    both = np.stack([1 - p, p], axis=2)
    every = np.arange(120), Training(folds=5)
    assert judge_recalibration((p[0] > 0.5) * 1, both, *every) is None
    both[0, 0] = 0, 1
    assert judge_recalibration(right[0] * 1, both, *every) is None
