"""The folds within a training set, for nested cross-validation."""

import numpy as np
import pytest

from backprop.errors import BackpropError
from backprop.study.cross_validation import (
    draw_folds,
    draw_inner_folds,
    write_folds,
    write_inner_folds,
)
from backprop.study.splits import (
    ELSEWHERE,
    FIRST,
    inner_splits,
    read_inner_folds,
    read_splits,
    smallest_training_classes,
    splits_of,
)

Y = np.arange(60) % 3 // 2  # 40 rows of class 0, 20 of class 1
OUTER = splits_of(draw_folds(Y, folds=5, repeats=3, seed=1))


def test_the_inner_folds_divide_the_training_rows_of_each_split_alone():
    assigned = draw_inner_folds(OUTER[:10], Y, folds=4, seed=1)
    assert assigned.shape == (10, 60)
    inner = inner_splits(OUTER, assigned)
    keys = [(repeat, fold, k) for repeat in (0, 1) for fold in range(5) for k in range(4)]
    assert [split.key for split in inner] == keys
    outer = {split.key: split for split in OUTER}
    tested = {key: [] for key in outer}
    for split in inner:
        own = outer[split.key[:2]]
        assert sorted([*split.train, *split.test]) == own.train.tolist()
        assert not set(own.test) & {*split.train, *split.test}
        assert (np.diff(split.train) > 0).all()
        # 48 training rows, 32 of class 0 and 16 of class 1, in 4 folds.
        assert np.bincount(Y[split.test]).tolist() == [8, 4]
        tested[own.key] += split.test.tolist()
    for split in OUTER[:10]:
        assert sorted(tested[split.key]) == split.train.tolist()


def test_the_inner_folds_of_a_split_depend_on_the_seed_and_on_no_other_split():
    few, many = (draw_inner_folds(OUTER[:n], Y, folds=4, seed=1) for n in (3, 10))
    np.testing.assert_array_equal(few, many[:3])
    assert (few != draw_inner_folds(OUTER[:3], Y, folds=4, seed=2)).any()
    # The training sets of two repeats are not divided alike, nor like the data.
    np.testing.assert_array_equal(many[0] >= 0, np.isin(np.arange(60), OUTER[0].train))
    both = (many[0] >= 0) & (many[5] >= 0)
    assert (many[0][both] != many[5][both]).any()


def test_the_rows_of_a_group_are_in_one_inner_fold():
    generator = np.random.default_rng(0)
    y, groups = generator.integers(0, 2, 200), generator.integers(0, 50, 200)
    outer = splits_of(draw_folds(y, folds=4, repeats=1, seed=1, groups=groups))
    assigned = draw_inner_folds(outer, y, folds=3, seed=1, groups=groups)
    for split, in_fold in zip(outer, assigned, strict=True):
        for group in set(groups[split.train]):
            assert len(set(in_fold[groups == group])) == 1
        for fold in range(3):
            assert set(y[in_fold == fold]) == {0, 1}


def test_more_inner_folds_than_a_training_set_allows_are_refused():
    # 10 rows: a training set has 4 rows of each class.
    y = np.repeat([0, 1], 5)
    outer = splits_of(draw_folds(y, folds=5, repeats=1, seed=1))
    assert draw_inner_folds(outer, y, folds=4, seed=1).max() == 3
    says = (
        r"^validation.inner_folds, in the training set of repeat 1, fold 1: found 5; use 2 "
        r"to 4, the number of rows of the smallest class, 'no': every fold tests every class$"
    )
    with pytest.raises(BackpropError, match=says):
        draw_inner_folds(outer, y, folds=5, seed=1, classes=("no", "yes"))


@pytest.mark.parametrize(
    ("sizes", "folds", "expected"),
    [((40, 20), 5, 5), ((5, 5), 5, 4), ((30, 4), 4, 3), ((9, 3), 3, 2), ((9, 2), 2, 0)],
)
def test_by_default_there_are_five_or_as_many_as_every_training_set_allows(sizes, folds, expected):
    y = np.repeat([0, 1], sizes)
    outer = splits_of(draw_folds(y, folds=folds, repeats=2, seed=1))
    assigned = draw_inner_folds(outer, y, seed=1)
    assert len(assigned) == (len(outer) if expected else 0)
    assert len(inner_splits(outer, assigned)) == len(outer) * expected
    smallest = min(np.bincount(y[split.train]).min() for split in outer)
    assert smallest_training_classes(y, folds).min() == smallest


def test_groups_may_leave_fewer_inner_folds():
    # In training sets, class 1 is in two groups.
    y, groups = np.array([0, 1] * 6), np.repeat(np.arange(6), 2)
    y[groups > 2] = 0
    outer = splits_of(draw_folds(y, folds=3, repeats=1, seed=1, groups=groups))
    assigned = draw_inner_folds(outer, y, seed=1, groups=groups)
    assert len(inner_splits(outer, assigned)) == 3 * 2


@pytest.mark.parametrize("count", [0, 10])
def test_a_file_of_inner_folds_reads_back_as_it_was_written(tmp_path, count):
    drawn = draw_inner_folds(OUTER[:count], Y, folds=4, seed=1)
    write_inner_folds(tmp_path / "inner.csv", OUTER[:count], drawn)
    write_folds(tmp_path / "folds.csv", draw_folds(Y, folds=5, repeats=3, seed=1))
    expected = OUTER + inner_splits(OUTER, drawn)
    read = read_splits(tmp_path / "folds.csv", [tmp_path / "inner.csv"])
    assert len(read) == 15 + 4 * count
    for one, other in zip(read, expected, strict=True):
        assert one.key == other.key
        np.testing.assert_array_equal(one.train, other.train)
        np.testing.assert_array_equal(one.test, other.test)
    assert len(read_splits(tmp_path / "folds.csv")) == 15


def test_a_file_of_inner_folds_counts_from_one_and_may_be_in_any_order(tmp_path):
    lines = ["2,1,\n", "3,2,\n", "1,,2\n", "4,,1\n"]
    for order in (lines, lines[::-1]):
        (tmp_path / "inner.csv").write_text(
            "".join(["row,repeat_1_fold_1,repeat_1_fold_2\n", *order])
        )
        read = read_inner_folds(tmp_path / "inner.csv").tolist()
        assert read == [[ELSEWHERE, 0, 1, ELSEWHERE], [1, ELSEWHERE, ELSEWHERE, 0]]


def test_the_key_and_the_name_of_an_inner_split_have_its_inner_fold():
    outer, inner = OUTER[7], inner_splits(OUTER, draw_inner_folds(OUTER, Y, folds=4, seed=1))[30]
    assert (outer.key, outer.named) == ((1, 2), "repeat 2, fold 3")
    assert (inner.key, inner.named) == ((1, 2, 2), "repeat 2, fold 3, inner fold 3")


def test_inner_folds_are_blocks_of_the_training_rows_in_their_order():
    order = np.random.default_rng(2).permutation(60)
    y = order % 2
    outer = splits_of(draw_folds(y, folds=4, repeats=1, seed=1, order=order))
    assigned = draw_inner_folds(outer, y, folds=2, seed=1, order=order)
    for split, in_fold in zip(outer, assigned, strict=True):
        train = split.train[np.argsort(order[split.train])]
        assert in_fold[train].tolist() == [*np.repeat([FIRST, 0, 1], len(train) // 3)]
        assert (np.delete(in_fold, split.train) == ELSEWHERE).all()


def test_by_default_there_are_as_many_inner_blocks_as_each_training_set_allows():
    # The first training set has 20 rows: blocks of 5 have both classes, some of 4 have not.
    y = np.tile([0, 1], 30)
    y[3:9] = 0
    outer = splits_of(draw_folds(y, folds=2, repeats=1, seed=1, order=np.arange(60)))
    assigned = draw_inner_folds(outer, y, seed=1, order=np.arange(60))
    assert assigned.max() + 1 == 3
    with pytest.raises(BackpropError, match=r"^validation.inner_folds: found 4, with no row of"):
        draw_inner_folds(outer, y, folds=4, seed=1, order=np.arange(60))
    short = splits_of(draw_folds(np.arange(4) // 2 % 2, folds=2, repeats=1, seed=1))
    none = draw_inner_folds(short, np.array([0, 0, 1, 1]), seed=1, order=np.arange(4))
    assert none.shape == (0, 4)
