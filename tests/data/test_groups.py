import numpy as np
import pytest

from backprop.data.dataset import Dataset
from backprop.data.groups import (
    column_between_groups,
    combined,
    equal_rows,
    groups_of,
    seems_to_name_groups,
)

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


def test_codes_are_combined_in_the_order_of_the_rows():
    assert combined(np.array([[2, 0], [0, 1], [2, 0], [0, 0], [2, 1]]).T).tolist() == [
        0,
        1,
        0,
        2,
        3,
    ]


PATIENT = np.repeat(np.arange(111), 3)  # of three visits each
CENTRE = (PATIENT >= 56).astype(float)
AN_ID = PATIENT % 56  # that restarts in the second centre
BORN = np.random.default_rng(1).integers(1930, 1990, 111)[PATIENT].astype(float)
SEX = np.random.default_rng(2).integers(0, 2, 111)[PATIENT].astype(float)
VISIT = np.tile([0.0, 1, 2], 111)
MEASURED = np.random.default_rng(3).normal(size=333)
BY_VISIT = np.argsort(VISIT, kind="stable")


@pytest.mark.parametrize(
    "rows", [np.arange(333), BY_VISIT, np.random.default_rng(4).permutation(333)]
)
def test_an_id_that_restarts_in_each_centre_is_of_several_groups_whatever_the_order(rows):
    columns = [MEASURED[rows], VISIT[rows], CENTRE[rows], BORN[rows], SEX[rows]]
    assert column_between_groups(AN_ID[rows], columns) == (2, 3, 111)


def test_without_the_column_of_the_centre_each_stretch_of_an_id_is_a_group():
    columns = [MEASURED, VISIT, BORN, SEX]
    assert column_between_groups(AN_ID, columns) == (None, 2, 111)
    assert column_between_groups(AN_ID, [MEASURED, BORN]) == (None, 1, 111)


def test_an_id_of_which_a_few_are_of_two_persons_is_of_several_groups():
    few = np.where((PATIENT >= 56) & (PATIENT < 100), PATIENT, AN_ID)  # 45 to 55 twice
    few = np.unique(few, return_inverse=True)[1]
    assert 56 < few.max() + 1 < 111
    assert column_between_groups(few, [MEASURED, CENTRE, BORN, SEX]) == (1, 2, 111)


def test_an_id_of_persons_does_not_restart():
    columns = [MEASURED, VISIT, CENTRE, BORN, SEX]
    assert column_between_groups(PATIENT, columns) is None
    assert column_between_groups(PATIENT, [MEASURED, VISIT]) is None
    # A dose and a day that change with the period of a person, who has a sex.
    period = np.tile([0.0, 0, 1, 1], 60)
    person = np.repeat(np.arange(60), 4)
    day = np.random.default_rng(5).integers(0, 90, 120)[person * 2 + period.astype(int)]
    sex = np.random.default_rng(6).integers(0, 3, 60)[person].astype(float)
    assert column_between_groups(person, [period, day.astype(float), sex]) is None
    assert column_between_groups(AN_ID, [MEASURED] * 101) is None
