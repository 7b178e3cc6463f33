import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backprop.data.scaling import FARTHEST, exponents, standardise


def test_the_chosen_rows_have_mean_0_and_standard_deviation_1():
    x = np.random.default_rng(0).normal([5, -1], [10, 0.1], (80, 2))
    rows = np.arange(0, 80, 3)
    scaled = standardise(x, rows)
    np.testing.assert_allclose(scaled[rows].mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(scaled[rows].std(axis=0), 1)
    np.testing.assert_allclose(np.corrcoef(scaled[:, 0], x[:, 0]), 1)


@pytest.mark.parametrize("constant", [0.1, 2.7, 1e6 + 0.3])
def test_a_column_that_is_constant_on_the_training_rows_is_only_centred(constant):
    x = np.column_stack([np.arange(80.0), np.full(80, constant)])
    x[70, 1] = constant + 1
    scaled = standardise(x, np.arange(64))
    np.testing.assert_allclose(scaled[:64, 0].std(), 1)
    np.testing.assert_allclose(scaled[:, 1], x[:, 1] - constant, atol=1e-14 * constant)


@pytest.mark.parametrize("exponent", [-1060, -900, -500, 500, 900, 1010])
def test_features_that_differ_by_a_power_of_two_give_the_same_bits(exponent):
    x = np.random.default_rng(0).integers(-999, 999, (80, 3)) * 2.0**3  # exact in denormals, too
    rows = np.arange(0, 80, 3)
    scaled = standardise(np.ldexp(x, exponent), rows)
    np.testing.assert_array_equal(scaled, standardise(x, rows))


@pytest.mark.parametrize(
    "column",
    [
        [1.7e308, -1.7e308, 1.1e308, -9e307, 3.0],
        [5e-324, 1e-323, 0.0, 5e-323, -2e-322],
        [1e160, 2e160, 3e160, -7e160, 1e-160],
        [1e308, 1e308, 1e308, 1e308, 9e307],
        [0.0, 0.0, 0.0, 5e-324, 0.0],
        [1e-300, 1.0, 1e-20, 1e-310, 1e-5],
    ],
)
def test_any_finite_numbers_are_standardised_as_exact_arithmetic_does(column):
    exact = [Fraction(value) for value in column]
    mean = sum(exact) / 5
    variance = sum((value - mean) ** 2 for value in exact) / 5
    signs = np.array([math.copysign(1, value - mean) for value in exact])
    expected = signs * [math.sqrt((value - mean) ** 2 / variance) for value in exact]
    scaled = standardise(np.array(column)[:, np.newaxis], np.arange(5))[:, 0]
    np.testing.assert_allclose(scaled, expected, rtol=1e-12, atol=1e-12)


ORDINARY = arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.integers(1, 3)),
    elements=st.floats(-1e9, 1e9).map(lambda value: round(value, 3)),
)


@given(x=ORDINARY, data=st.data())
def test_ordinary_numbers_are_standardised_by_the_formula_to_the_bit(x, data):
    rows = np.array(data.draw(st.lists(st.integers(0, len(x) - 1), min_size=2, unique=True)))
    chosen = x[rows]
    deviation = np.where(np.ptp(chosen, axis=0) > 0, chosen.std(axis=0), 1.0)
    expected = (x - chosen.mean(axis=0)) / deviation
    np.testing.assert_array_equal(standardise(x, rows), expected)


@pytest.mark.parametrize("chosen", [[0.0, 5e-324], [1.0, 1.0], [5e-324, 5e-324]])
@pytest.mark.parametrize("other", [1e308, -1e308])
def test_a_row_far_from_the_training_rows_stays_finite(chosen, other):
    x = np.array([*chosen, other])[:, np.newaxis]
    assert standardise(x, np.array([0, 1]))[2, 0] == math.copysign(FARTHEST, other)


def test_only_columns_that_are_very_large_or_small_are_divided_by_a_power_of_two():
    x = np.array([[2.0**500, -99.0, -(2.0**-400), 5e-324, 0.0], [1.0, 0.5, 0.0, 0.0, 1e4]])
    assert exponents(x, largest=1e4).tolist() == [501, 0, -399, -1073, 0]
