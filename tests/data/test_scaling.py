import numpy as np
import pytest

from backprop.data.scaling import standardise


def test_the_chosen_rows_have_mean_0_and_standard_deviation_1():
    x = np.random.default_rng(0).normal([5, -1], [10, 0.1], (80, 2))
    rows = np.arange(0, 80, 3)
    scaled = standardise(x, rows)
    np.testing.assert_allclose(scaled[rows].mean(axis=0), 0, atol=1e-13)
    np.testing.assert_allclose(scaled[rows].std(axis=0), 1)
    np.testing.assert_allclose(np.corrcoef(scaled[:, 0], x[:, 0]), 1)


def test_other_rows_do_not_matter():
    x = np.random.default_rng(0).normal(size=(80, 2))
    rows = np.arange(40)
    other = x.copy()
    other[40:] = 1e6
    np.testing.assert_array_equal(standardise(other, rows)[:40], standardise(x, rows)[:40])


@pytest.mark.parametrize("constant", [0.1, 2.7, 1e6 + 0.3])
def test_a_column_that_is_constant_on_the_training_rows_is_only_centred(constant):
    x = np.column_stack([np.arange(80.0), np.full(80, constant)])
    x[70, 1] = constant + 1
    scaled = standardise(x, np.arange(64))
    np.testing.assert_allclose(scaled[:64, 0].std(), 1)
    np.testing.assert_allclose(scaled[:, 1], x[:, 1] - constant, atol=1e-14 * constant)
