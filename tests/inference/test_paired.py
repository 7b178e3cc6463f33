"""Comparisons on the same rows: published intervals, and data on which splits say nothing."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from made_designs import designs, reproducible
from scipy import stats

from backprop.inference.intervals import wilson
from backprop.inference.paired import (
    NO_ROWS,
    accuracy_interval,
    compare_by_splits,
    compare_paired,
    hardly_varies,
    tango,
)
from backprop.inference.tests import corrected_t_test, mcnemar


@pytest.mark.parametrize(
    ("first_only", "second_only", "rows", "confidence", "interval"),
    [
        (9, 3, 32, 0.95, (-0.027, 0.390)),  # Tango 1998
        (0, 1, 44, 0.90, (-0.096, 0.037)),  # Tango 1998
        (16, 8, 86, 0.95, (-0.020, 0.207)),  # Agresti and Min 2005
        (1, 7, 21, 0.95, (-0.517, -0.026)),  # Fagerland, Lydersen and Laake 2014
    ],
)
def test_tango_of_published_tables(first_only, second_only, rows, confidence, interval):
    ends = tango(first_only, second_only, rows, confidence=confidence)
    assert ends == pytest.approx(interval, abs=5e-4)
    swapped = tango(second_only, first_only, rows, confidence=confidence)
    assert swapped == pytest.approx((-ends.upper, -ends.lower), abs=1e-10)


@pytest.mark.parametrize("rows", [1, 10, 80, 10**6])
def test_tango_has_a_width_if_models_never_or_always_disagree(rows):
    squared = stats.norm.ppf(0.975) ** 2
    end = squared / (rows + squared)
    assert tango(0, 0, rows) == pytest.approx((-end, end), rel=1e-6)
    only = 2 * wilson(rows, rows).lower - 1  # the rows that the first has right, minus the others
    assert tango(rows, 0, rows) == pytest.approx((only, 1), abs=1e-9)
    assert tango(0, rows, rows) == pytest.approx((-1, -only), abs=1e-9)


@reproducible
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 100))
def test_tango_contains_the_observed_difference_and_is_in_its_range(first, second, rows):
    assume(first + second <= rows)
    lower, upper = tango(first, second, rows)
    assert -1 <= lower < (first - second) / rows + 1e-9
    assert (first - second) / rows - 1e-9 < upper <= 1


@pytest.mark.parametrize("counts", [(-1, 0, 5), (3, 3, 5), (0, 0, 0)])
def test_tango_refuses_impossible_counts(counts):
    with pytest.raises(ValueError, match="counts must be possible"):
        tango(*counts)


def repeats_of(*wrong, rows=80):
    """Return which rows are right in each repeat, from those that are wrong."""
    right = np.ones((len(wrong), rows), dtype=bool)
    for repeat, places in enumerate(wrong):
        right[repeat, list(places)] = False
    return right


def test_five_differences_of_zero_are_not_certainty():
    # Each model has another row wrong, and both are in the same fold.
    compared = compare_paired(np.zeros(5), repeats_of([0]), repeats_of([1]), 5)
    assert (compared.mean, compared.p_value, compared.basis) == (0, 1, "rows")
    assert (compared.lower, compared.upper) == tango(1, 1, 80)
    assert compared.upper - compared.lower > 0.1
    assert math.isnan(compared.t)


def test_ten_rows_that_both_have_right_leave_a_difference_of_28_points_open():
    right = repeats_of(*[[]] * 10, rows=10)
    compared = compare_paired(np.zeros(50), right, right, 5)
    assert (compared.mean, compared.p_value, compared.basis) == (0, 1, "rows")
    assert (compared.lower, compared.upper) == pytest.approx((-0.2775, 0.2775), abs=1e-4)


def test_a_difference_in_one_split_of_many_is_bounded_by_the_rows():
    # One of ten rows, in one of fifty splits: the t interval would be -6 to +8 points.
    right, other = repeats_of(*[[]] * 10, rows=10), repeats_of([3], *[[]] * 9, rows=10)
    differences = np.zeros(50)
    differences[2] = 0.5
    compared = compare_paired(differences, right, other, 5)
    assert corrected_t_test(differences, 5).upper < 0.09
    assert (compared.basis, compared.p_value) == ("rows", 1)
    assert compared.mean == pytest.approx(0.01)
    assert compared.lower == tango(0, 0, 10).lower
    assert compared.upper == tango(1, 0, 10).upper


def test_a_constant_difference_is_tested_by_the_rows_that_only_one_has_right():
    # In each of five folds of sixteen rows, the second model has two more rows wrong.
    other = repeats_of([0, 1, 16, 17, 32, 33, 48, 49, 64, 65])
    compared = compare_paired(np.full(5, 2 / 16), repeats_of([]), other, 5)
    assert compared.mean == 2 / 16
    assert compared.p_value == mcnemar(10, 0) == pytest.approx(2 / 2**10)
    assert (compared.lower, compared.upper) == tango(10, 0, 80)


def test_the_widest_interval_and_the_largest_p_value_of_the_repeats_count():
    many = repeats_of([0], [0, 1, 2], [])
    other = repeats_of([1], [3, 4, 5], [])
    compared = compare_paired(np.zeros(15), many, other, 5)
    assert (compared.lower, compared.upper) == tango(3, 3, 80)


def test_the_same_model_differs_by_nothing_with_certainty():
    right = repeats_of([3], [4])
    compared = compare_paired(np.zeros(10), right, right, 5, identical=True)
    numbers = (compared.mean, compared.lower, compared.upper, compared.p_value)
    assert (*numbers, compared.basis) == (0, 0, 0, 1, "identical")


@reproducible
@given(designs())
def test_differences_that_vary_are_compared_by_the_corrected_t_test(design):
    differences, folds = design
    assume(not hardly_varies(differences))
    compared, test = compare_paired(differences, NO_ROWS, NO_ROWS, folds), corrected_t_test(*design)
    assert compare_by_splits(differences, folds) == test
    assert (compared.mean, compared.t, compared.p_value) == (test.mean, test.t, test.p_value)
    assert compared.basis == "splits"
    assert -1 <= compared.lower <= compared.mean <= compared.upper <= 1
    assert compared.lower == max(-1, test.lower)
    assert compared.upper == min(1, test.upper)


def test_without_the_rows_differences_that_hardly_vary_show_nothing():
    differences = np.full(50, 0.1)  # of log losses, say
    differences[:4] = 0.2
    assert corrected_t_test(differences, 5).p_value < 0.001
    assert compare_by_splits(differences, 5).p_value == 1
    assert compare_by_splits(np.full(5, 0.1), 5).p_value == 1


@pytest.mark.parametrize(
    ("others", "size", "expected"),
    [(0, 5, True), (1, 5, False), (1, 10, False), (1, 20, True), (4, 50, True), (5, 50, False)],
)
def test_values_hardly_vary_if_more_than_nine_in_ten_are_equal(others, size, expected):
    values = np.zeros(size)
    values[:others] = 0.1 * np.arange(1, others + 1)
    assert hardly_varies(values) is expected


def test_ten_rows_that_are_all_right_have_the_interval_of_wilson():
    interval, basis = accuracy_interval(np.ones(5), repeats_of([], rows=10), 5)
    assert basis == "rows"
    assert interval == pytest.approx((0.7225, 1), abs=1e-4)  # Wilson: 1 / (1 + 1.96^2 / 10)


def test_an_accuracy_that_hardly_varies_has_the_widest_intervals_of_the_repeats():
    accuracy = np.ones(50)
    accuracy[7] = 0.5
    interval, basis = accuracy_interval(accuracy, repeats_of([2], *[[]] * 9, rows=10), 5)
    assert basis == "rows"
    assert interval == (wilson(9, 10).lower, wilson(10, 10).upper)


def test_the_interval_of_an_accuracy_is_within_its_range():
    interval, basis = accuracy_interval([1.0, 0.7, 1.0, 0.8, 1.0], NO_ROWS, 5)
    assert (interval.upper, basis) == (1, "splits")
    assert 0 < interval.lower < 0.9
