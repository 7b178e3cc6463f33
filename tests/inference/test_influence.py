"""Intervals and tests from what observations contribute: formulas, and other libraries."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from backprop.inference.influence import (
    Estimate,
    Training,
    compare,
    compare_with_constant,
    effective_number,
    inflation,
    interval,
    moments,
)
from backprop.inference.intervals import score_interval, wilson
from tests.inference.made_designs import reproducible

FIVE = Training(5)


def accuracy(right, folds=5, observations=None):
    """Return the estimate of an accuracy, from whether each row is right in each repeat.

    All observations have as many rows.
    """
    right = np.atleast_2d(np.asarray(right, dtype=float))
    rows = right.shape[1]
    observations = np.arange(rows) if observations is None else observations
    count = observations.max() + 1
    own = np.stack(
        [np.bincount(observations, each, count) for each in (right - right.mean()) / rows]
    )
    return Estimate(
        value=float(right.mean()),
        contributions=own / (1 - 1 / count),
        training=Training(folds),
        proportion="rows",
        rows=rows,
        least=int(count),
        equal=int(count),
        lowest=0.0,
        highest=1.0,
        flip=1 / rows,
    )


def loss(values, folds=5):
    """Return the estimate of a mean loss without a bound, one repeat."""
    values = np.asarray(values, dtype=float)
    return accuracy(values, folds)._replace(proportion=None, highest=math.inf, flip=0.0)


def test_inflation_is_what_training_adds_and_what_repeats_disagree_by():
    agreeing = np.tile([[1.0, -1.0, 2.0, -2.0]], (3, 1))  # squares: 10
    difference = Training(5, is_difference=True)
    assert inflation(agreeing[:1], FIVE) == 2
    assert inflation(agreeing, FIVE) == 1.125
    assert inflation(agreeing, Training(10)) == pytest.approx(1 + 1 / 18)
    for repeats in (1, 3):
        assert inflation(agreeing[:repeats], difference) == 1.25
    # Means 1 and -1, and in three repeats a variance of 1 each: c (K - 1) times 2 / 2.
    apart = np.array([[0.0, -2.0], [1.0, -1.0], [2.0, 0.0]])
    assert inflation(apart, FIVE) == pytest.approx(1 + 1.5)
    assert inflation(apart, difference) == pytest.approx(1 + 3 / 8)
    open_too = difference._replace(changes=np.array([[0.1, 0.0]]))
    assert inflation(apart, open_too) == 1.25  # of the repeats, nothing is added
    assert inflation(apart, Training(5, by_ranks=True)) == pytest.approx(1 + 2.5)
    assert inflation(apart, Training(5, by_ranks=True, is_difference=True)) == 1 + 3 / 8
    assert inflation(apart, Training(3)) == pytest.approx(1 + 0.75)
    assert inflation(np.zeros((3, 4)), FIVE) == 1.125
    assert inflation(apart, Training(1)) == 1
    # Thresholds that are left open: only if they change more than the 3 that repeats disagree by.
    for change, seen in ((1.0, 3 / 2), (-2.0, 4 / 2)):
        training = Training(5, changes=np.array([[change, change], [0.5, 0.5]]))
        assert inflation(apart, training) == pytest.approx(1 + seen)


def test_thresholds_that_change_two_models_alike_do_not_change_their_difference():
    one, other = (Training(5, changes=np.array([[up, -0.1]])) for up in (0.03, 0.01))
    difference = one.against(other)
    assert difference.is_difference
    assert difference.shift == pytest.approx(0.02**2 / 2)
    assert difference.most == pytest.approx(0.02 * math.sqrt(3))
    assert one.shift == pytest.approx((0.03**2 + 0.1**2) / 2)
    assert Training(5).shift == one.against(Training(5)).shift == 0


def test_the_variance_of_a_difference_is_corrected_and_has_two_rows_if_repeats_agree():
    right, other = np.tile(
        np.random.default_rng(1).random((2, 1, 100)) < [[[0.8]], [[0.6]]], (3, 1)
    )
    one, two = accuracy(right), accuracy(other)
    squares = np.square(one.contributions[0] - two.contributions[0]).sum()
    error = math.sqrt(max(1.25 * squares, squares + 2 / 100**2))
    assert compare(one, two).standard_error == pytest.approx(error)
    against = math.sqrt(1.125 * np.square(one.contributions[0]).sum())
    assert compare_with_constant(one, 0.5).standard_error == pytest.approx(against)
    values = np.random.default_rng(2).exponential(size=50)
    own = loss(np.tile(values, (3, 1)))
    lower, upper = interval(own)
    _, degrees = moments(own.contributions, FIVE)
    margin = stats.t.isf(0.025, degrees) * math.sqrt(1.125 * values.var(ddof=1) / 49)
    assert math.log(upper / lower) == pytest.approx(2 * margin / values.mean())


def test_the_interval_of_an_accuracy_is_that_of_wilson_with_fewer_rows():
    # 1 + 4 / 4 = 2: 120 rows count as 60, but for the jackknife.
    own = interval(accuracy([1] * 90 + [0] * 30))
    result = score_interval(0.75, 60 * (119 / 120) ** 2, stats.norm.isf(0.025))
    assert own == pytest.approx(result, rel=1e-12)


@pytest.mark.parametrize(("right", "rows"), [(817, 1316), (190, 200), (199, 200), (200, 200)])
@pytest.mark.parametrize("repeats", [1, 3, 10])
def test_the_interval_of_a_guess_is_never_narrower_than_that_of_wilson(right, rows, repeats):
    # Always the commonest class: all folds and repeats have the same accuracy.
    lower, upper = interval(accuracy([[1] * right + [0] * (rows - right)] * repeats))
    narrowest = wilson(right, rows)
    assert lower <= narrowest.lower
    assert upper >= narrowest.upper


def test_repeats_that_disagree_do_not_make_rows_count_more_than_once():
    generator = np.random.default_rng(0)
    right = np.tile(generator.random(80) < 0.7, (10, 1))
    right[:, :10] = generator.random((10, 10)) < 0.7  # each repeat is a new draw
    own = interval(accuracy(right))
    most = score_interval(right.mean(), 80, stats.norm.isf(0.025))
    assert own.upper - own.lower >= most.upper - most.lower


def test_the_variance_of_a_difference_has_what_repeats_disagree_by():
    generator = np.random.default_rng(0)
    one, other = np.tile(generator.random((2, 1, 400)) < 0.7, (1, 10, 1))
    one[:, :200] = generator.random((10, 200)) < 0.7  # each repeat is a new draw
    differences = one.astype(float) - other
    own = (differences - differences.mean()) / 399
    result = compare(accuracy(one), accuracy(other))
    squares, between = np.square(own.mean(axis=0)).sum(), own.var(axis=0, ddof=1).sum()
    variance = squares + max(squares / 4, 3 / 8 * between)
    assert result.standard_error == pytest.approx(math.sqrt(variance), rel=1e-9)


def test_copies_of_rows_in_one_group_change_nothing_but_what_one_row_is_worth():
    generator = np.random.default_rng(0)
    right, other = generator.random((2, 3, 40)) < 0.7
    groups = np.repeat(np.arange(40), 10)
    alone, copied = accuracy(right), accuracy(np.repeat(right, 10, axis=1), observations=groups)
    assert moments(copied.contributions, FIVE) == pytest.approx(moments(alone.contributions, FIVE))
    one = compare(alone, accuracy(other))
    many = compare(copied, accuracy(np.repeat(other, 10, axis=1), observations=groups))
    assert many.mean == pytest.approx(one.mean)
    assert many.degrees_of_freedom == pytest.approx(one.degrees_of_freedom)
    contributions = alone.contributions - accuracy(other).contributions
    squares = np.square(contributions.mean(axis=0)).sum()
    inflated = inflation(contributions, Training(5, is_difference=True)) * squares
    assert one.standard_error**2 == pytest.approx(max(inflated, squares + 2 / 40**2))
    assert many.standard_error**2 == pytest.approx(max(inflated, squares + 2 / 400**2))
    assert (one.basis, many.basis) == ("rows", "groups")


def test_a_score_of_unequal_groups_has_the_degrees_of_freedom_that_it_is_given():
    right = np.repeat([1, 0], [60, 40])
    groups = accuracy(right, observations=np.repeat(np.arange(20), 5))._replace(least=8.0)
    result = compare(groups, groups)
    assert result.degrees_of_freedom == 7
    lower, upper = interval(groups)
    variance, _ = moments(groups.contributions, FIVE)
    expected = score_interval(0.6, 0.24 / variance, stats.t.isf(0.025, 7))
    assert (lower, upper) == pytest.approx(expected)


def test_a_difference_is_that_of_bonett_and_price_with_the_inflation():
    # 12 rows only one model has right, 4 only the other has, of 100; f = 1.25, or two rows more.
    first = np.repeat([1, 0, 1], [12, 4, 84])
    second = np.repeat([0, 1, 1], [12, 4, 84])
    result = compare(accuracy(first), accuracy(second))
    squares = 12 * (1 - 0.08) ** 2 + 4 * (1 + 0.08) ** 2 + 84 * 0.08**2
    variance = max(1.25 * squares / 99**2, squares / 99**2 + 2 / 100**2)
    assert result.mean == pytest.approx(0.08)
    assert result.standard_error == pytest.approx(math.sqrt(variance))
    assert result.degrees_of_freedom == 99
    assert result.p_value == pytest.approx(2 * stats.t.sf(0.08 / math.sqrt(variance), 99))


def test_models_that_have_the_same_rows_right_are_not_equal_with_certainty():
    own = accuracy([1] * 60 + [0] * 20)
    result = compare(own, own)
    assert (result.mean, result.p_value) == (0, 1)
    assert (
        result.upper == -result.lower == pytest.approx(stats.t.isf(0.025, 79) * math.sqrt(2) / 80)
    )
    assert compare(own, own, identical=True)[:5] == (0, 0, 0, 1, "identical")


@reproducible
@given(st.integers(2, 60), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_the_interval_of_a_difference_excludes_0_exactly_if_p_is_below_its_level(
    rows, repeats, seed
):
    one, other = np.random.default_rng(seed).random((2, repeats, rows)) < [[[0.9]], [[0.5]]]
    result = compare(accuracy(one), accuracy(other))
    mirrored = compare(accuracy(other), accuracy(one))
    assert (result.lower > 0 or result.upper < 0) == (result.p_value < 0.05)
    assert -1 <= result.lower <= result.mean <= result.upper <= 1
    assert mirrored[:3] == pytest.approx((-result.mean, -result.upper, -result.lower), abs=1e-12)


def test_degrees_of_freedom_are_few_if_a_few_observations_decide():
    equal = np.tile([1.0, -1.0], 20)[np.newaxis]
    few = np.zeros((1, 40))
    few[0, :4] = [1, -1, 1, -1]
    assert effective_number(equal) == pytest.approx(40)
    assert moments(equal, FIVE)[1] == pytest.approx(39)
    assert effective_number(few) == pytest.approx(4)
    assert moments(few, FIVE)[1] == pytest.approx(2 / (1 / 4 - 1 / 40))
    few[0, 1:] = 0
    assert moments(few, FIVE)[1] == 3
    assert moments(np.zeros((1, 40)), FIVE) == (0, 3)
    # Two rows more, which have the same squares: six decide.
    few[0, :4] = [1, -1, 1, -1]
    assert effective_number(few, 1.0) == pytest.approx(6)
    assert moments(few, FIVE, 1.0)[1] == pytest.approx(2 / (1 / 6 - 1 / 40))


def test_a_sum_of_squares_varies_as_a_chi_squared_variable_of_its_degrees_of_freedom():
    """Of 400 rows with heavier tails than normal ones, by their kurtosis and by simulation."""
    rows = np.random.default_rng(5).logistic(size=(2000, 400)) / 400
    rows -= rows.mean(axis=1, keepdims=True)
    sums = np.square(rows).sum(axis=1)
    variation = sums.var() / sums.mean() ** 2
    degrees = [moments(each[np.newaxis], FIVE)[1] for each in rows]
    assert 2 / np.mean(degrees) == pytest.approx(variation, rel=0.1)
    expected = 2 * 400 / (stats.kurtosis(rows[0], fisher=False) - 1)
    assert degrees[0] == pytest.approx(expected)


def test_a_difference_that_counts_has_no_fewer_degrees_of_freedom_than_its_smallest_class():
    """One row differs: with the two that are added, three decide."""
    one, other = accuracy([1] * 60 + [0] * 40), accuracy([1] * 61 + [0] * 39)
    assert compare(one, other).degrees_of_freedom == 99
    assert compare(one._replace(least=3.0), other).degrees_of_freedom < 7


def test_the_interval_of_a_loss_is_a_t_interval_of_its_logarithm():
    values = np.random.default_rng(0).exponential(size=50)
    estimate = loss(values)
    variance, degrees = moments(estimate.contributions, FIVE)
    assert variance == pytest.approx(2 * values.var(ddof=1) / 49)
    lower, upper = interval(estimate)
    assert math.sqrt(lower * upper) == pytest.approx(values.mean())
    margin = stats.t.isf(0.025, degrees) * math.sqrt(variance) / values.mean()
    assert math.log(upper / values.mean()) == pytest.approx(margin)


def test_a_loss_that_does_not_vary_has_no_interval():
    assert all(map(math.isnan, interval(loss([0.5] * 20))))
    result = compare(loss([0.5] * 20), loss([0.4] * 20))
    assert result.p_value == 1
    assert math.isnan(result.lower)


def test_a_loss_or_a_difference_of_losses_that_four_rows_decide_has_no_interval():
    none = loss([0.0] * 100)
    for rows in (4, 5):
        contributions = 0.01 * (np.arange(100) < rows)[np.newaxis]
        own = none._replace(value=1.0, contributions=contributions)
        difference = compare(own, none)
        ends = *interval(own), difference.lower, difference.upper, difference.standard_error
        assert all(map(math.isnan if rows == 4 else math.isfinite, ends))
        assert (difference.p_value == 1) == (rows == 4)


def test_a_loss_that_is_cut_off_has_no_interval_nor_has_a_difference_from_it():
    values = np.random.default_rng(0).exponential(size=50)
    sound, cut = loss(values), loss(values + 1)._replace(cut_off=True)
    assert all(map(math.isnan, interval(cut)))
    for result in (compare(sound, cut), compare(cut, sound)):
        assert math.isnan(result.lower)
        assert math.isnan(result.upper)
        assert result.p_value == 1
    other = compare(sound, loss(np.random.default_rng(1).exponential(size=50)))
    assert math.isfinite(other.lower)
    assert other.p_value < 1


def test_thresholds_that_a_sample_leaves_open_widen_an_interval_where_repeats_agree():
    own = accuracy([1] * 60 + [0] * 40)
    squares = np.square(own.contributions.mean(axis=0)).sum()
    known = inflation(own.contributions, FIVE)
    for share in (0.1, 3.0):
        factor = max(known, 1 + share)
        moved = own._replace(
            training=Training(5, changes=np.full((1, 2), math.sqrt(share * squares)))
        )
        assert inflation(own.contributions, moved.training) == pytest.approx(factor)
        expected = own._replace(contributions=own.contributions * math.sqrt(factor / known))
        assert interval(moved) == pytest.approx(interval(expected))


def test_thresholds_move_an_end_at_most_by_the_change_that_they_make():
    """99 of 100 rows right: a normal interval of this variance would end far below."""
    own = accuracy([[1] * 99 + [0]] * 3)
    moved = own._replace(training=Training(5, changes=np.full((1, 2), 0.04)))
    near, ends = interval(own), interval(moved)
    assert ends.lower == pytest.approx(near.lower - 0.04 * math.sqrt(3))
    assert near.upper < ends.upper <= 1


def test_a_perfect_score_is_known_as_well_as_its_smallest_class_allows():
    perfect = accuracy([1] * 100)._replace(proportion="classes", least=6, equal=12)
    assert interval(perfect) == pytest.approx(score_interval(1, 12 / 2, stats.t.isf(0.025, 5)))
    assert interval(perfect).upper == 1
    tuned = accuracy([1] * 99 + [0])._replace(value=1.0)  # of another score than it has
    assert interval(tuned) == pytest.approx(interval(accuracy([1] * 100)))
    assert interval(perfect).lower < interval(accuracy([1] * 100)).lower < 0.95


def test_a_brier_score_is_known_as_well_as_its_variance_says():
    """Not as badly as a share of as many rows: the errors of all rows are nearly equal."""
    values = 0.2 + 0.01 * np.tile([1.0, -1.0], 50)
    brier = accuracy(values)._replace(proportion=None, flip=0.0)
    lower, upper = interval(brier)
    error = math.sqrt(2 * values.var(ddof=1) / 99)
    margin = stats.t.isf(0.025, 99) * error
    assert (lower, upper) == pytest.approx((0.2 - margin, 0.2 + margin), rel=1e-3)
    assert upper - lower < 0.05 * (wilson(20, 100).upper - wilson(20, 100).lower)


def test_a_difference_ends_where_two_scores_are_as_different_as_can_be():
    own = loss([0.0] * 100)._replace(contributions=np.ones((1, 100)))
    for lowest, highest in ((0.0, 1.0), (-1.0, 2.0)):
        bounded = own._replace(lowest=lowest, highest=highest)
        result = compare(bounded, bounded._replace(contributions=-own.contributions))
        assert (result.lower, result.upper) == (lowest - highest, highest - lowest)


def test_a_constant_that_is_known_beforehand_adds_no_variance():
    own = accuracy([1] * 60 + [0] * 40)
    known = compare_with_constant(own, 0.5)
    variance, _ = moments(own.contributions, FIVE, own.flip)
    assert known.mean == pytest.approx(0.1)
    assert known.standard_error == pytest.approx(math.sqrt(variance))


# Given fits


def given_groups(of_rows, sizes, **values):
    """Return the estimate of a score of groups that a given fit has, with these contributions."""
    own = np.asarray(of_rows, dtype=float)[np.newaxis]
    like = loss(np.arange(own.size), folds=1)
    return like._replace(value=0.5, contributions=own, rows=int(sum(sizes)), **values)


def test_a_score_of_a_given_fit_has_no_more_degrees_of_freedom_than_observations_allow():
    own = given_groups([0.02, -0.02] * 20, [3] * 40, least=8.0, highest=1.0)
    share = score_interval(0.5, 0.25 / (40 * 0.02**2), stats.t.ppf(0.975, 7))
    assert interval(own) == pytest.approx(share)
    assert interval(own._replace(least=1.2)) == pytest.approx(
        score_interval(0.5, 0.25 / (40 * 0.02**2), stats.t.ppf(0.975, 1))
    )
    few = given_groups([0.1, *[0.0] * 39], [3] * 40, least=40.0, highest=1.0)  # one decides
    assert interval(few) == pytest.approx(score_interval(0.5, 25, stats.t.ppf(0.975, 3)))
    zero = own._replace(contributions=np.zeros((1, 40)))
    difference = compare(own, zero)
    assert difference.degrees_of_freedom == 7
    trained = compare(*(each._replace(training=FIVE) for each in (own, zero)))
    assert trained.degrees_of_freedom == 39


def test_a_few_observations_that_are_alike_do_not_decide_a_loss():
    ten = given_groups([0.1, -0.1, 0.05, -0.2, 0.15, -0.1, 0.02, 0.03, -0.05, 0.1], [9] * 10)
    ten = ten._replace(least=10.0)
    assert effective_number(ten.contributions) == pytest.approx(4.7, abs=0.01)
    three = ten._replace(contributions=ten.contributions * [[3, 3, 0, 0, 2, 0, 0, 0, 0, 0]])
    assert effective_number(three.contributions) < 4
    assert np.isnan(interval(three._replace(training=FIVE))).all()
    assert not np.isnan(interval(three)).any()  # three of ten, without a large one
    one = ten._replace(contributions=ten.contributions * [[1, 1, 1, 9, 1, 1, 1, 1, 1, 1]])
    assert np.isnan(interval(one)).all()
