import numpy as np
import pytest

from backprop.data.dataset import Dataset
from backprop.data.groups import equal_rows, groups_of, seems_to_name_groups

NAN = np.nan
X = np.array([[0.0, 1], [2, NAN], [-0.0, 1], [2, NAN], [2, NAN], [0, 1], [1e-17, 1]])
Y = np.array([0, 1, 0, 1, 0, 0, 0])


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
    groups = [0, 0, 1, 2, 4, 3, 4]
    assert groups_of(dataset(groups), "keep").tolist() == groups
    # Row 0 joins its equals 2 and 5; by its group, row 1, and with that its equal, row 3.
    assert partition(groups_of(dataset(groups), "together")) == {(0, 1, 2, 3, 5), (4, 6)}


def test_a_single_pair_of_equal_rows_belongs_together():
    data = Dataset(("a", "b"), "y", X[[0, 1, 2]], Y[[0, 1, 2]])
    assert partition(groups_of(data, "together")) == {(0, 2), (1,)}


@pytest.mark.parametrize("rows", [[0, 1], [0, 4, 6]])
def test_without_equal_rows_every_row_may_be_in_any_fold(rows):
    data = Dataset(("a", "b"), "y", X[rows], Y[rows])
    assert groups_of(data, "together") is None


def test_a_column_of_ten_values_in_two_rows_each_names_groups_if_others_repeat_with_it():
    patient, row = np.repeat(np.arange(10), 2), np.arange(20)
    sex, ward, part, age = patient % 2, patient % 3, patient // 4, np.where(patient % 3, 1.0, NAN)
    assert seems_to_name_groups(patient, [row, ward]) == [1]
    assert seems_to_name_groups(patient, [sex]) == []  # chance may give one column of two values
    assert seems_to_name_groups(patient, [sex, row, age]) == [0, 2]
    assert seems_to_name_groups(patient, [part, 0 * ward]) == []  # pieces, and a constant
    assert seems_to_name_groups(patient[2:] - 1, [ward[2:]]) == []  # nine values
    assert seems_to_name_groups(patient[1:], [ward[1:]]) == []  # 19 rows
    patient = np.repeat(np.arange(11), [3, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2])
    assert seems_to_name_groups(patient, [patient == 5] * 2) == []  # of a single row
    patient = np.repeat(np.arange(1000), 2)
    assert seems_to_name_groups(patient, [np.r_[patient[:-1] % 3, 7]]) == []  # but for the last row
