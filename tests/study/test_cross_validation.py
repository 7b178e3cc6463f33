import itertools

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold, TimeSeriesSplit

from backprop.data.groups import blocks_of
from backprop.errors import BackpropError
from backprop.study.cross_validation import (
    draw_folds,
    draw_inner_folds,
    write_folds,
    write_inner_folds,
)
from backprop.study.splits import FIRST, inner_splits, read_folds, read_splits, splits_of
from backprop.study.streams import stream

Y = np.repeat([1, 0], [40, 40])


@pytest.mark.parametrize("seed", range(25))
def test_the_folds_are_those_of_scikit_learn_by_the_seed_and_the_repeat_alone(seed):
    generator = np.random.default_rng(seed)
    folds, classes = generator.integers(2, 7, size=2).tolist()
    y = generator.permutation(np.append(np.repeat(np.arange(classes), folds), [0] * seed + [1]))
    expected = np.empty((2, len(y)))
    for repeat in range(2):
        drawn_seed = int(stream(seed, "folds", repeat).integers(2**32))
        splitter = StratifiedKFold(folds, shuffle=True, random_state=drawn_seed)
        for fold, (_, test) in enumerate(splitter.split(y, y)):
            expected[repeat, test] = fold
    assert draw_folds(y, folds=folds, repeats=2, seed=seed).tolist() == expected.tolist()


def test_the_folds_are_the_same_in_every_release():
    # Recorded once, to detect a change of the random numbers in a new version of a package.
    assigned = draw_folds(np.array([0, 0, 0, 1, 1, 1]), folds=3, repeats=2, seed=0)
    assert assigned.tolist() == [[1, 0, 2, 0, 2, 1], [1, 2, 0, 2, 0, 1]]


def test_the_file_counts_from_1_and_may_be_in_any_order(tmp_path):
    path = tmp_path / "folds.csv"
    assigned = np.array([[0, 1, 1], [2, 0, 1]])
    write_folds(path, assigned)
    text = "row,repeat,fold\n1,1,1\n2,1,2\n3,1,2\n1,2,3\n2,2,1\n3,2,2\n"
    assert path.read_bytes() == text.encode()
    np.testing.assert_array_equal(read_folds(path), assigned)
    header, *lines = text.splitlines()
    path.write_text("\n".join([header, *reversed(lines)]))
    np.testing.assert_array_equal(read_folds(path), assigned)


def test_the_rows_of_a_group_are_in_one_fold_and_every_fold_has_every_class():
    generator = np.random.default_rng(0)
    y, groups = generator.integers(0, 3, 200), generator.integers(0, 40, 200)
    assigned = draw_folds(y, folds=4, repeats=5, seed=1, groups=groups)
    for repeat in assigned:
        for group in range(40):
            assert len(set(repeat[groups == group])) == 1
        for fold in range(4):
            assert set(y[repeat == fold]) == {0, 1, 2}
    assert (assigned[0] != assigned[1]).any()
    np.testing.assert_array_equal(
        assigned[:2], draw_folds(y, folds=4, repeats=2, seed=1, groups=groups)
    )


def test_groups_that_leave_a_fold_without_a_class_are_refused():
    # Each class is in three of four groups, but two of three folds have one group, and only the
    # first group has all classes.
    y = np.array([0, 1, 2, 0, 1, 0, 2, 1, 2])
    groups = np.array([0, 0, 0, 1, 1, 2, 2, 3, 3])
    for seed in range(9):
        says = (
            r"validation.folds: found 3, with no row of the class '[abc]' in fold [123] of repeat"
        )
        with pytest.raises(BackpropError, match=says):
            draw_folds(y, folds=3, repeats=1, seed=seed, groups=groups, classes=("a", "b", "c"))
    assert draw_folds(y, folds=2, repeats=1, seed=1, groups=groups).max() == 1


# Blocks of an order


def test_folds_are_blocks_of_the_order_of_about_equal_size_after_a_first_one():
    order = np.random.default_rng(0).permutation(23)
    y = order % 2
    (assigned,) = draw_folds(y, folds=4, repeats=1, seed=1, order=order)
    in_order = assigned[np.argsort(order)].tolist()
    assert in_order == sorted(in_order)
    # Rows 0-4, 5-8, 9-13, 14-17, 18-22.
    assert np.bincount(assigned - FIRST).tolist() == [5, 4, 5, 4, 5]
    other = draw_folds(y, folds=4, repeats=1, seed=2, order=order)
    np.testing.assert_array_equal(other, [assigned])


@pytest.mark.parametrize("rows", [24, 120])
def test_in_an_order_splits_are_those_of_scikit_learn(rows):
    order = np.random.default_rng(0).permutation(rows)
    y, place = order // 2 % 2, np.argsort(order)
    splits = splits_of(draw_folds(y, folds=5, repeats=1, seed=1, order=order))
    theirs = TimeSeriesSplit(n_splits=5).split(y)
    for split, (train, test) in zip(splits, theirs, strict=True):
        assert split.train.tolist() == sorted(place[train])
        assert split.test.tolist() == sorted(place[test])


def test_no_row_is_trained_on_before_it_is_over():
    generator = np.random.default_rng(3)
    for _ in range(20):
        order, y = generator.integers(0, 60, 200), np.arange(200) % 2
        outer = splits_of(draw_folds(y, folds=4, repeats=1, seed=1, order=order))
        inner = inner_splits(outer, draw_inner_folds(outer, y, folds=3, seed=1, order=order))
        assert [split.fold for split in outer] == [0, 1, 2, 3]
        assert len(inner) == 12
        for split in outer + inner:
            assert order[split.train].max() < order[split.test].min()
        for split in inner:
            own = outer[split.fold].train
            assert {*split.train, *split.test} <= {*own}


def test_a_gap_leaves_the_first_values_of_a_fold_out():
    order = np.repeat(np.arange(30), 2)  # 10 values in the first block, and in each fold
    y, values = np.arange(60) % 2, np.arange(30)
    first, second = splits_of(draw_folds(y, folds=2, repeats=1, seed=1, order=order, gap=3))
    assert {*order[first.train]} == {*values[:10]}
    assert {*order[first.test]} == {*values[13:20]}
    assert {*order[second.train]} == {*values[:20]}  # with what was the gap before
    assert {*order[second.test]} == {*values[23:]}
    inner = draw_inner_folds([second], y, folds=2, seed=1, order=order, gap=2)
    for split in inner_splits([second], inner):
        assert order[split.test].min() - order[split.train].max() == 3
    none = draw_folds(y, folds=2, repeats=1, seed=1, order=order)
    np.testing.assert_array_equal(
        none, draw_folds(y, folds=2, repeats=1, seed=1, order=order, gap=0)
    )
    with pytest.raises(BackpropError, match=r"found 2, with no row of the class '0' in fold 1 of"):
        draw_folds(y, folds=2, repeats=1, seed=1, order=order, gap=10)


@pytest.mark.parametrize("gap", [0, 2])
def test_folds_of_an_order_are_read_as_they_were_written(tmp_path, gap):
    y, order = np.arange(40) % 2, np.arange(40)[::-1]
    drawn = draw_folds(y, folds=3, repeats=1, seed=1, order=order, gap=gap)
    write_folds(tmp_path / "folds.csv", drawn)
    lines = (tmp_path / "folds.csv").read_text().splitlines()
    assert [lines[1], lines[40]] == ["1,1,3", "40,1,0"]  # the last row is the first in the order
    outer = splits_of(drawn)
    inner = draw_inner_folds(outer, y, folds=2, seed=1, order=order, gap=gap // 2)
    write_inner_folds(tmp_path / "inner.csv", outer, inner)
    read = read_splits(tmp_path / "folds.csv", [tmp_path / "inner.csv"])
    expected = outer + inner_splits(outer, inner)
    assert [split.key for split in read] == [split.key for split in expected]
    for one, other in zip(read, expected, strict=True):
        assert (one.train.tolist(), one.test.tolist()) == (
            other.train.tolist(),
            other.test.tolist(),
        )


def test_rows_with_equal_values_are_in_one_block_and_blocks_stay_in_order():
    generator = np.random.default_rng(1)
    for _ in range(50):
        order, y = generator.integers(0, 30, 200), np.arange(200) % 2
        (assigned,) = draw_folds(y, folds=3, repeats=1, seed=1, order=order)
        for value in np.unique(order):
            assert len(set(assigned[order == value])) == 1
        blocks = [order[assigned == fold] for fold in range(FIRST, 3)]
        assert all(one.max() < other.min() for one, other in itertools.pairwise(blocks))


def test_equal_values_are_where_the_middle_row_of_them_belongs():
    order = np.array([0, 1, *[2] * 10, 3, 4, 5, 6])  # the middle of 2 to 11 is in the first half
    assert blocks_of(order, 2).tolist() == [0] * 12 + [1] * 4
    assert blocks_of(np.arange(40)[::-1]).tolist() == [*np.repeat(np.arange(10)[::-1], 4)]


def test_a_block_without_a_class_is_refused_with_what_to_do():
    y = np.repeat([0, 1, 0, 1], 10)
    says = (
        r"^validation.folds: found 3, with no row of the class 'up' before fold 1 of repeat 1, as "
        r"rows are divided into blocks in their `order`, one more than folds; use fewer folds, or "
        r"a smaller gap, if each block then has every class$"
    )
    with pytest.raises(BackpropError, match=says):
        draw_folds(y, folds=3, repeats=1, seed=1, order=np.arange(40), classes=("down", "up"))
    y_of_fold = np.r_[np.tile([0, 1], 5), np.ones(10, dtype=int), np.tile([0, 1], 5)]
    with pytest.raises(BackpropError, match=r"no row of the class '0' in fold 1 of repeat 1, as"):
        draw_folds(y_of_fold, folds=2, repeats=1, seed=1, order=np.arange(30))
    draw_folds(np.tile([0, 1], 20), folds=3, repeats=1, seed=1, order=np.arange(40))


def test_so_many_equal_values_that_a_block_is_empty_are_refused():
    order, y = np.array([0] * 9 + [1] * 2), np.arange(11) % 2
    with pytest.raises(BackpropError, match=r"found 2, with no row of the class '0' before fold 1"):
        draw_folds(y, folds=2, repeats=1, seed=1, order=order)
