import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from backprop.data.dataset import DataError, Dataset
from backprop.data.encoding import LEAST, Encoder, most_inputs
from backprop.data.scaling import standardise

NAN = np.nan
X = np.array(
    [
        [1.0, 2.0, 0.0, NAN],
        [2.0, 0.0, 1.0, 5.0],
        [NAN, 0.0, NAN, 6.0],
        [9.0, 1.0, 1.0, 7.0],
        [4.0, NAN, 0.0, 9.0],
        [5.0, 3.0, 1.0, 8.0],
    ]
)
CATEGORIES = {"colour": ("blue", "green", "red", "violet"), "wild": ("False", "True")}
Y = np.array([0, 1, 0, 1, 0, 1])
MIXED = Dataset(("length", "colour", "wild", "mass"), "y", X, Y, ("0", "1"), CATEGORIES)
TIMES = 10  # each row, so that each gap has an input
MANY = dataclasses.replace(MIXED, x=np.repeat(X, TIMES, axis=0), y=np.repeat(Y, TIMES))
TRAIN = np.arange(5 * TIMES)


def z(column, train=TRAIN):
    """Standardise a column by hand."""
    column = np.repeat(np.array(column, dtype=float), TIMES)
    return (column - column[train].mean()) / column[train].std()


def test_each_category_but_the_first_and_each_gap_has_an_input():
    encoder = Encoder.of(MANY, TRAIN)
    assert encoder.names == (
        "length", "mass", "colour=green", "colour=red", "wild=True",
        "length missing", "colour missing", "mass missing",
    )  # fmt: skip
    # Of the training rows, the medians are 3 and 6.5; blue (2 of 4) is the most frequent colour,
    # and of False and True (2 each) the first. Nobody trained on violet: it counts as blue.
    expected = [
        z([1, 2, 3, 9, 4, 5]),
        z([6.5, 5, 6, 7, 9, 8]),
        z([0, 0, 0, 1, 0, 0]),
        z([1, 0, 0, 0, 0, 0]),
        z([0, 1, 0, 1, 0, 1]),
        z([0, 0, 1, 0, 0, 0]),
        z([0, 0, 0, 0, 1, 0]),
        z([1, 0, 0, 0, 0, 0]),
    ]
    np.testing.assert_allclose(encoder.apply(MANY.x), np.transpose(expected), rtol=1e-14)


@pytest.mark.parametrize(("missing", "has_input"), [(1, 0), (9, 0), (10, 1), (30, 1), (31, 0)])
def test_a_gap_has_an_input_if_ten_training_rows_have_it_and_ten_do_not(missing, has_input):
    x = np.random.default_rng(0).normal(size=(60, 2))
    x[:missing, 0] = NAN
    x[40:, 0] = NAN  # in other rows than those learned from
    data = Dataset(("a", "b"), "y", x, np.arange(60) % 2)
    encoder = Encoder.of(data, np.arange(40))
    assert encoder.names == ("a", "b", "a missing")[: 2 + has_input]
    # Else only the median says that there is a value, as where no value is missing.
    filled = np.where(np.isnan(x), np.median(x[missing:40, 0]), x)
    np.testing.assert_allclose(encoder.apply(x)[:, :2], standardise(filled, np.arange(40)))


def test_a_category_has_an_input_however_rare_it_is():
    x = np.zeros((60, 1))
    x[7] = 1.0
    data = Dataset(("a",), "y", x, np.arange(60) % 2, ("0", "1"), {"a": ("u", "v")})
    assert Encoder.of(data, np.arange(60)).names == ("a=v",)


def test_only_the_rows_learned_from_have_an_effect():
    encoder = Encoder.of(MANY, TRAIN)
    for others in ([1e9, 0, 0, 1e9], [NAN, 1, NAN, NAN], [-5, NAN, 1, 0]):
        x = MANY.x.copy()
        x[5 * TIMES :] = others
        changed = Encoder.of(dataclasses.replace(MANY, x=x), TRAIN)
        assert changed.names == encoder.names
        np.testing.assert_array_equal(changed.apply(X), encoder.apply(X))


@given(
    rows=st.lists(st.integers(0, 5), min_size=1),
    train=st.sets(st.integers(0, 5), min_size=2),
    times=st.sampled_from([1, TIMES]),
)
def test_a_row_is_encoded_to_the_same_bits_among_any_others(rows, train, times):
    data = MIXED if times == 1 else MANY
    encoder = Encoder.of(
        data, np.concatenate([times * t + np.arange(times) for t in sorted(train)])
    )
    alone = np.vstack([encoder.apply(X[row : row + 1]) for row in rows])
    np.testing.assert_array_equal(encoder.apply(X[rows]), alone)
    assert alone.shape[1] == len(encoder.names) <= most_inputs(data)
    assert np.isfinite(alone).all()


def test_columns_that_miss_values_in_the_same_rows_share_an_input():
    x = np.array([[1.0, 5.0, 2.0], [NAN, NAN, 3.0], [2.0, 9.0, NAN], [4.0, 7.0, 1.0]] * TIMES)
    data = Dataset(("a", "b", "c"), "y", x, np.arange(4 * TIMES) % 2)
    encoder = Encoder.of(data, np.arange(4 * TIMES))
    assert encoder.names == ("a", "b", "c", "a missing", "c missing")
    inputs = encoder.apply(x)
    assert np.linalg.matrix_rank(inputs - inputs.mean(axis=0)) == 3


def test_numbers_without_gaps_are_only_standardised():
    x = np.random.default_rng(0).normal(size=(9, 3))
    data = Dataset(("a", "b", "c"), "y", x, np.arange(9) % 2)
    encoder = Encoder.of(data, np.arange(6))
    assert encoder.names == ("a", "b", "c")
    np.testing.assert_array_equal(encoder.apply(x), standardise(x, np.arange(6)))


def test_a_column_without_a_value_in_the_training_rows_says_nothing():
    x = np.array([[NAN, NAN, 1.0], [NAN, NAN, 2.0], [5.0, 1.0, 3.0]])
    data = Dataset(("a", "b", "c"), "y", x, np.array([0, 1, 0]), ("0", "1"), {"b": ("u", "v")})
    encoder = Encoder.of(data, np.arange(2))
    assert encoder.names == ("a", "c")
    np.testing.assert_array_equal(encoder.apply(x)[:2], [[0, -1], [0, 1]])
    assert np.isfinite(encoder.apply(x)).all()


@pytest.mark.parametrize("size", [1.7e308, 5e-324])
def test_numbers_near_the_limits_of_float64_have_a_median(size):
    x = np.array([[size, 0.0], [size, 1.0], [NAN, 1.0], [-size, 0.0]])
    data = Dataset(("a", "b"), "y", x, np.array([0, 1, 0, 1]), ("0", "1"), {"b": ("u", "v")})
    assert np.isfinite(Encoder.of(data, np.arange(4)).apply(x)).all()


def test_training_rows_of_one_category_in_each_column_are_refused():
    x = np.array([[0.0], [0.0], [1.0]])
    data = Dataset(("a",), "y", x, np.array([0, 1, 0]), ("0", "1"), {"a": ("u", "v")})
    with pytest.raises(DataError, match="the features 'a' have one category each in the training"):
        Encoder.of(data, np.arange(2))


@pytest.mark.parametrize("seed", range(20))
def test_the_inputs_are_those_of_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    numbers = generator.normal(size=(90, 3)) * [1e-3, 1, 1e5]
    places = generator.integers(0, [2, 5], (90, 2)).astype(float)
    x = np.hstack([numbers, places])
    x[generator.random(x.shape) < generator.choice([0.0, 0.02, 0.3])] = NAN
    texts = {"d": ("no", "yes"), "e": tuple("klmno")}
    data = Dataset(tuple("abcde"), "y", x, np.arange(90) % 2, ("0", "1"), texts)
    train = np.sort(generator.permutation(90)[:60])
    missing = np.isnan(x[train]).sum(axis=0)
    one_hot = make_pipeline(
        SimpleImputer(strategy="most_frequent"),
        OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False),
    )
    parts = [
        ("numbers", SimpleImputer(strategy="median"), [0, 1, 2]),
        ("categories", one_hot, [3, 4]),
        ("missing", MissingIndicator(error_on_new=False), np.flatnonzero(missing >= LEAST)),
    ]
    known = make_pipeline(ColumnTransformer(parts), StandardScaler()).fit(x[train])
    expected = known.transform(x)
    np.testing.assert_allclose(Encoder.of(data, train).apply(x), expected, rtol=1e-12, atol=1e-12)
