import numpy as np
import pytest

from backprop.data.dataset import Dataset
from backprop.data.groups import equal_rows, groups_of

NAN = np.nan
X = np.array([[0.0, 1], [2, NAN], [-0.0, 1], [2, NAN], [2, NAN], [0, 1], [7, 7]])
Y = np.array([0, 1, 0, 1, 0, 0, 1])


def partition(numbers):
    """Return the sets of rows with one number, whatever the numbers are."""
    return {tuple(np.flatnonzero(numbers == number).tolist()) for number in set(numbers.tolist())}


def dataset(groups=None):
    groups = None if groups is None else np.array(groups)
    return Dataset(("a", "b"), "y", X, Y, groups=groups)


def test_rows_are_equal_if_their_features_and_classes_are():
    assert partition(equal_rows(dataset())) == {(0, 2, 5), (1, 3), (4,), (6,)}


def test_rows_belong_together_if_they_are_of_a_group_or_equal():
    assert groups_of(dataset(), "keep") is None
    assert partition(groups_of(dataset(), "together")) == {(0, 2, 5), (1, 3), (4,), (6,)}
    groups = [0, 0, 1, 2, 3, 4, 3]
    assert groups_of(dataset(groups), "keep").tolist() == groups
    # Row 0 joins its equals 2 and 5; by its group, row 1, and with that its equal, row 3.
    assert partition(groups_of(dataset(groups), "together")) == {(0, 1, 2, 3, 5), (4, 6)}


@pytest.mark.parametrize("rows", [[0, 1], [0, 4, 6]])
def test_without_equal_rows_every_row_may_be_in_any_fold(rows):
    data = Dataset(("a", "b"), "y", X[rows], Y[rows])
    assert groups_of(data, "together") is None
