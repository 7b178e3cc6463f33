import itertools

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold

from backprop.errors import BackpropError
from backprop.study.cross_validation import draw_folds, write_folds
from backprop.study.splits import read_folds
from backprop.study.streams import stream

Y = np.repeat([1, 0], [40, 40])


@pytest.mark.parametrize("seed", range(25))
def test_the_folds_are_those_of_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    folds, classes = generator.integers(2, 7, size=2).tolist()
    y = generator.permutation(np.append(np.repeat(np.arange(classes), folds), [0] * seed + [1]))
    drawn_seed = int(stream(seed, "folds", 0).integers(2**32))
    splitter = StratifiedKFold(folds, shuffle=True, random_state=drawn_seed)
    expected = np.empty(len(y))
    for fold, (_, test) in enumerate(splitter.split(y, y)):
        expected[test] = fold
    assert draw_folds(y, folds=folds, repeats=1, seed=seed)[0].tolist() == expected.tolist()


def test_the_folds_depend_on_the_seed_and_the_repeat():
    first = draw_folds(Y, folds=5, repeats=2, seed=1)
    np.testing.assert_array_equal(first, draw_folds(Y, folds=5, repeats=2, seed=1))
    assert (first != draw_folds(Y, folds=5, repeats=2, seed=2)).any()
    assert (first[0] != first[1]).any()


def test_more_repeats_do_not_change_the_first_ones():
    few, many = (draw_folds(Y, folds=5, repeats=r, seed=1) for r in (3, 10))
    np.testing.assert_array_equal(few, many[:3])


def test_the_folds_are_the_same_in_every_release():
    # Recorded once, to detect a change of the random numbers in a new version of a package.
    assigned = draw_folds(np.array([0, 0, 0, 1, 1, 1]), folds=3, repeats=2, seed=0)
    assert assigned.tolist() == [[1, 0, 2, 0, 2, 1], [1, 2, 0, 2, 0, 1]]


@pytest.mark.parametrize("count", [1, 3, 11])
def test_a_fold_without_a_class_is_refused(count):
    y = np.array([0] * 10 + [1] * 2)
    with pytest.raises(BackpropError, match=rf"validation.folds: found {count}; use 2 to 2\b"):
        draw_folds(y, folds=count, repeats=1, seed=0)


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


def test_a_large_file_has_a_line_for_each_row_and_repeat(tmp_path):
    assigned = np.random.default_rng(0).integers(0, 12, (3, 1000))
    write_folds(tmp_path / "folds.csv", assigned)
    lines = [
        f"{row + 1},{repeat + 1},{fold + 1}\n" for (repeat, row), fold in np.ndenumerate(assigned)
    ]
    assert (tmp_path / "folds.csv").read_text() == "".join(["row,repeat,fold\n", *lines])


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


def test_folds_are_blocks_of_the_order_of_about_equal_size():
    order = np.random.default_rng(0).permutation(23)
    y = order % 2
    (assigned,) = draw_folds(y, folds=5, repeats=1, seed=1, order=order)
    in_order = assigned[np.argsort(order)].tolist()
    assert in_order == sorted(in_order)
    assert np.bincount(assigned).tolist() == [5, 4, 5, 4, 5]  # rows 0-4, 5-8, 9-13, 14-17, 18-22
    other = draw_folds(y, folds=5, repeats=1, seed=2, order=order)
    np.testing.assert_array_equal(other, [assigned])


def test_rows_with_equal_values_are_in_one_block_and_blocks_stay_in_order():
    generator = np.random.default_rng(1)
    for _ in range(50):
        order, y = generator.integers(0, 30, 200), np.arange(200) % 2
        (assigned,) = draw_folds(y, folds=4, repeats=1, seed=1, order=order)
        for value in np.unique(order):
            assert len(set(assigned[order == value])) == 1
        ends = [(order[assigned == fold].min(), order[assigned == fold].max()) for fold in range(4)]
        assert all(one[1] < other[0] for one, other in itertools.pairwise(ends))
    # The ten equal rows are 2 to 11, and the middle of them is in the first half of all.
    order, y = np.array([0, 1, *[2] * 10, 3, 4, 5, 6]), np.arange(16) % 2
    (assigned,) = draw_folds(y, folds=2, repeats=1, seed=1, order=order)
    assert assigned.tolist() == [0] * 12 + [1] * 4


def test_a_block_without_a_class_is_refused_with_what_to_do():
    y = np.repeat([0, 1, 0, 1], 10)
    says = (
        r"^validation.folds: found 4, with no row of the class 'up' in fold 1 of repeat 1, as "
        r"folds are blocks of rows in their `order`; use fewer folds, if each block then "
        r"has every class$"
    )
    with pytest.raises(BackpropError, match=says):
        draw_folds(y, folds=4, repeats=1, seed=1, order=np.arange(40), classes=("down", "up"))
    assert draw_folds(y, folds=2, repeats=1, seed=1, order=np.arange(40)).max() == 1


def test_so_many_equal_values_that_a_block_is_empty_are_refused():
    order, y = np.array([0] * 9 + [1]), np.arange(10) % 2
    with pytest.raises(BackpropError, match=r"found 2, with no row of the class '0' in fold 2"):
        draw_folds(y, folds=2, repeats=1, seed=1, order=order)
