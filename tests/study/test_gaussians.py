"""Drawn data sets have the mean and the covariance of each class, however few or equal the rows."""

import numpy as np
import pytest

from backprop.data.dataset import Dataset
from backprop.study.gaussians import Gaussians


def dataset(x, y, **values):
    features = tuple(f"x{place}" for place in range(x.shape[1]))
    classes = tuple(str(c) for c in range(max(y) + 1))
    return Dataset(features, "class", np.asarray(x, float), np.array(y), classes, **values)


def standardised(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def test_each_class_has_its_own_mean_and_covariance():
    generator = np.random.default_rng(0)
    y = np.repeat([0, 1, 2], [30, 20, 25])
    x = generator.normal(size=(75, 2)) @ [[3.0, 1.0], [0.0, 0.5]] * (1 + y[:, None]) + y[:, None]
    source = Gaussians.of(dataset(x, y))
    drawn = source.draw(np.random.default_rng(1), np.tile(y, 4000))
    assert drawn.shape == (300_000, 2)
    for c in range(3):
        # Of 80,000 rows or more, a mean is right to 0.0035 standard deviations, a covariance to
        # 0.005 of the product of two: these are below 1.6.
        own, rows = standardised(x)[y == c], drawn[np.tile(y, 4000) == c]
        np.testing.assert_allclose(rows.mean(axis=0), own.mean(axis=0), atol=5 * 0.0035 * 1.6)
        np.testing.assert_allclose(np.cov(rows.T), np.cov(own.T), atol=5 * 0.005 * 1.6**2)


def test_a_column_that_is_constant_in_each_class_is_so_in_every_draw():
    y = np.repeat([0, 1], 6)
    x = np.column_stack([np.arange(12.0) ** 2, y * 0.1])
    drawn = Gaussians.of(dataset(x, y)).draw(np.random.default_rng(0), y)
    for c in (0, 1):
        assert np.ptp(drawn[y == c, 1]) < 1e-12
    assert np.ptp(drawn[y == 0, 0]) > 0.1


def test_fewer_rows_than_columns_give_draws_in_the_space_of_the_rows():
    y = np.repeat([0, 1], 4)
    x = np.random.default_rng(0).normal(size=(8, 20))
    drawn = Gaussians.of(dataset(x, y)).draw(np.random.default_rng(1), np.tile(y, 50))
    own = drawn[np.tile(y, 50) == 0]
    assert np.linalg.matrix_rank(own - own.mean(axis=0), tol=1e-8) == 3  # 4 rows less their mean


def test_a_sum_of_columns_stays_their_sum():
    y = np.repeat([0, 1], 10)
    two = np.random.default_rng(0).normal(size=(20, 2))
    x = np.column_stack([two, two.sum(axis=1)])
    drawn = Gaussians.of(dataset(x, y)).draw(np.random.default_rng(1), y)
    spread = x.std(axis=0)
    lost = drawn[:, 2] * spread[2] - drawn[:, 0] * spread[0] - drawn[:, 1] * spread[1]
    np.testing.assert_allclose(lost, 0, atol=1e-12)  # the columns are centred


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_closer_means_keep_the_centre_and_the_random_numbers(share):
    y = np.repeat([0, 1], [30, 10])
    x = np.random.default_rng(0).normal(size=(40, 2)) + 3 * y[:, np.newaxis]
    source = Gaussians.of(dataset(x, y))
    drawn = source.draw(np.random.default_rng(1), y)
    moved = source.closer(share).draw(np.random.default_rng(1), y)
    ours = standardised(x)
    means = np.array([ours[y == c].mean(axis=0) for c in (0, 1)])
    # The centre is the mean of all rows, which is 0.
    np.testing.assert_allclose(moved, drawn - (1 - share) * means[y], atol=1e-12)


def test_categories_and_missing_values_are_encoded():
    y = np.tile(np.repeat([0, 1], 4), 10)
    rows = np.column_stack([[0, 1, 1, 2, 0, 0, 2, 1], [1, 2, np.nan, 4, 5, 6, 7, 8]])
    x = np.tile(rows, (10, 1))
    source = Gaussians.of(dataset(x, y, categories={"x0": ("a", "b", "c")}))
    data = source.dataset(source.draw(np.random.default_rng(0), y), y)
    assert data.x.shape == (80, 4)  # a number, two categories but the first, a missing value
    assert not data.categories
    assert np.isfinite(data.x).all()
    np.testing.assert_array_equal(data.y, y)
