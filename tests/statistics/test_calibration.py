"""Calibration: groups of predictions, and the intervals of the shares that come true."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint

from backprop.inference.intervals import t_quantile
from backprop.report.figures.calibration import finding, said_slope
from backprop.statistics.calibration import effective_rows, groups_of, shown_class, slope


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


def test_an_interval_of_calibration_counts_each_row_once_however_many_repeats_there_are():
    right = np.arange(12) < 9
    probabilities = np.full((10, 12), 0.73)
    (group,) = groups_of(probabilities, np.tile(right, (10, 1)))
    assert group[:3] == pytest.approx((0.73, 0.75, 12))
    assert group[3:] == pytest.approx(proportion_confint(9, 12, method="wilson"), rel=1e-12)


@pytest.mark.parametrize("steps", [10, 100])
def test_a_probability_on_the_edge_of_two_groups_is_in_the_upper_one_however_it_is_rounded(steps):
    for k in range(steps + 1):
        p = [k / steps, 1 - (steps - k) / steps, sum([1 / steps] * k), k * (1 / steps)]
        p = np.array([*p, *np.nextafter(p, 2), *np.nextafter(p, -1)]).clip(0, 1).repeat(10)
        (group,) = groups_of(p[np.newaxis], p[np.newaxis] >= 0)
        assert group.rows == len(p)  # all in one
        tenth = min(10 * k // steps, 9)  # exact, as integers are
        drawn = np.array([[(tenth + 0.5) / 10] * 10])  # well within the group
        together = np.concatenate([p[np.newaxis], drawn], axis=1)
        (group,) = groups_of(together, together >= 0)
        assert group.rows == len(p) + 10


def test_groups_end_where_they_should_beside_an_edge():
    p = np.repeat([0.2999, 0.3, 0.3999, 0.4], 10)[np.newaxis]
    shares = [(group.mean, group.rows) for group in groups_of(p, p > 0.5)]
    np.testing.assert_allclose(shares, [(0.2999, 10), (0.34995, 20), (0.4, 10)])


def test_a_group_of_fewer_than_ten_rows_has_no_point():
    probabilities = np.full((5, 12), 0.73)
    probabilities[:, :3] = 0.2, 0.3, np.nan  # nine are left, in each of five repeats
    assert groups_of(probabilities, probabilities > 0.5) == []
    assert finding([]) == "No group has 10 rows: calibration cannot be judged"


def test_a_row_that_is_seldom_in_a_group_adds_little_to_it():
    assert effective_rows(np.array([10, 10, 10, 0])) == pytest.approx(3)
    assert effective_rows(np.array([1, 0])) == 1
    assert 3 < effective_rows(np.array([10, 10, 10, 1])) < 3.3


def drawn(n: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities that are twice as extreme as they should be, and what comes true."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=n)
    right = rng.random(n) < 1 / (1 + np.exp(-logits))
    return 1 / (1 + np.exp(-2 * logits))[np.newaxis], right[np.newaxis]


def test_a_slope_of_calibration_and_its_interval_are_those_of_the_profile_likelihood():
    p, right = drawn()
    logits = np.log(p[0] / (1 - p[0]))
    family = sm.families.Binomial()
    fit = sm.GLM(right[0], sm.add_constant(logits), family=family).fit()
    ours = slope(p, right, np.arange(120))
    assert ours.value == pytest.approx(fit.params[1], rel=1e-8)
    influence = sm.add_constant(logits) * (right[0] - fit.fittedvalues)[:, np.newaxis]
    robust = np.square(influence @ fit.cov_params()[1]).sum() / fit.cov_params()[1, 1]
    for end in ours[1:]:
        fixed = sm.GLM(right[0], np.ones(120), family=family, offset=end * logits).fit()
        lost = 2 * (fit.llf - fixed.llf)
        assert lost == pytest.approx(t_quantile(0.025, 118) ** 2 * max(robust, 1), rel=1e-6)
    assert ours.lower < 0.5 < ours.upper < 1


def test_repeats_and_copies_in_one_group_do_not_narrow_the_interval_of_a_slope():
    p, right = drawn()
    once = slope(p, right, np.arange(120))
    often = slope(p.repeat(4, axis=0), right.repeat(4, axis=0), np.arange(120))
    assert often == pytest.approx(once)
    twice = slope(p.repeat(2, axis=1), right.repeat(2, axis=1), np.arange(120).repeat(2))
    assert twice.value == pytest.approx(once.value)
    assert twice.upper - twice.lower == pytest.approx(once.upper - once.lower, rel=0.1)


def test_there_is_no_slope_where_none_is_finite():
    p, right = drawn()
    rows = np.arange(120)
    assert slope(p, p > 0.5, rows) is None  # all rows are ranked correctly
    assert slope(p, right | True, rows) is None
    assert slope(np.full_like(p, 0.4), right, rows) is None  # no row differs from another
    for value in (0.0, 1.0, np.nan):
        other = p.copy()
        other[0, 0] = value
        assert slope(other, right, rows) is None
    assert slope(p[:, :9], right[:, :9], rows[:9]) is None
    assert said_slope(None) == ""
