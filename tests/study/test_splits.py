import numpy as np
import pytest

from backprop.errors import BackpropError
from backprop.study.splits import check_folds, splits_of

FOLDS = np.array([[0, 1, 1, 0], [1, 0, 2, 2]])


def test_the_splits_are_listed_repeat_by_repeat_and_fold_by_fold():
    listed = splits_of(FOLDS)
    assert [(s.repeat, s.fold) for s in listed] == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]
    assert [s.test.tolist() for s in listed] == [[0, 3], [1, 2], [1], [0], [2, 3]]


def test_each_row_is_in_either_the_training_or_the_test_rows():
    for split in splits_of(FOLDS):
        assert sorted([*split.train, *split.test]) == [0, 1, 2, 3]
        assert (np.diff(split.train) > 0).all()
        assert (np.diff(split.test) > 0).all()


def test_the_smallest_class_limits_the_number_of_folds():
    y = np.array([0, 0, 0, 0, 1, 1, 1])
    check_folds(y, 2)
    check_folds(y, 3)
    for folds in (0, 1, 4):
        with pytest.raises(BackpropError, match=rf"found {folds}; use 2 to 3, .* class, '1'"):
            check_folds(y, folds)


def test_with_groups_the_class_in_the_fewest_groups_limits_the_number_of_folds():
    y = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    groups = np.array([0, 1, 2, 3, 4, 4, 4, 5])
    check_folds(y, 2, groups=groups)
    says = "found 3; use 2 to 2, the number of groups of the smallest class, 'yes': every"
    with pytest.raises(BackpropError, match=says):
        check_folds(y, 3, groups=groups, classes=("no", "yes"))


def test_a_class_of_one_row_or_group_is_too_small_for_any_number_of_folds():
    y = np.array([0, 0, 0, 1, 1, 2])
    says = "found the class 'rare' in only one row; use 2 rows of it or more: every fold tests"
    with pytest.raises(BackpropError, match=says):
        check_folds(y, 2, classes=("a", "b", "rare"))
    with pytest.raises(BackpropError, match="the class '1' in only one group; use 2 group"):
        check_folds(y[:5], 2, groups=np.array([0, 1, 2, 3, 3]))
