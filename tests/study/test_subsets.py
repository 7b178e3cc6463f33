import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop.errors import BackpropError
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import Split, splits_of
from backprop.study.subsets import shares_below_one, training_subsets

Y = np.repeat([0, 1, 2], [60, 31, 24])
GROUPS = np.arange(len(Y)) // 3
SPLITS = splits_of(draw_folds(Y, folds=3, repeats=2, seed=1))
BY_GROUP = splits_of(draw_folds(Y, folds=3, repeats=2, seed=1, groups=GROUPS))


def test_a_smaller_share_is_a_part_of_a_larger_one_and_the_test_rows_stay():
    every = [training_subsets(SPLITS, Y, share, seed=1) for share in (0.2, 0.25, 0.7, 1.0)]
    for *parts, whole in zip(*every, SPLITS, strict=True):
        for smaller, larger in itertools.pairwise(parts):
            assert set(smaller.train) < set(larger.train)
            assert smaller.key == larger.key == whole.key
            np.testing.assert_array_equal(smaller.test, whole.test)
            assert (np.diff(smaller.train) > 0).all()
        np.testing.assert_array_equal(parts[-1].train, whole.train)


@given(st.floats(0.3, 1.0), st.integers(0, 99))
def test_each_class_has_its_share_to_within_half_a_row(share, seed):
    for part, whole in zip(training_subsets(SPLITS, Y, share, seed=seed), SPLITS, strict=True):
        own, all_of = (np.bincount(Y[split.train]) for split in (part, whole))
        assert (abs(own - share * all_of) <= 0.5).all()


def test_groups_stay_whole_and_are_nested():
    for share in (0.3, 0.6):
        parts = training_subsets(BY_GROUP, Y, share, seed=1, groups=GROUPS)
        for part, whole in zip(parts, BY_GROUP, strict=True):
            inside = np.isin(GROUPS[whole.train], GROUPS[part.train])
            np.testing.assert_array_equal(part.train, whole.train[inside])
            assert len(part.train) == pytest.approx(share * len(whole.train), abs=6)
        larger = training_subsets(BY_GROUP, Y, share + 0.2, seed=1, groups=GROUPS)
        assert all(set(p.train) < set(q.train) for p, q in zip(parts, larger, strict=True))


def test_splits_and_seeds_have_draws_of_their_own():
    one, other = (training_subsets(SPLITS, Y, 0.5, seed=seed) for seed in (1, 2))
    drawn = [tuple(split.train) for split in (*one, *other)]
    assert len(set(drawn)) == len(drawn)
    again = training_subsets(SPLITS[3:4], Y, 0.5, seed=1)  # the other splits change nothing
    np.testing.assert_array_equal(again[0].train, one[3].train)


def test_a_share_without_two_rows_of_a_class_is_refused():
    with pytest.raises(
        BackpropError,
        match=r"learning.shares: found 0.05, which leaves 1 row or group of the class 'b'",
    ):
        training_subsets(SPLITS, Y, 0.05, seed=1, classes=("a", "b", "c"))
    # Class 1 is in two groups of twenty, of which six are taken, and most frequent in none.
    rare, groups = np.isin(np.arange(60), [0, 3]).astype(int), np.arange(60) // 3
    every = [Split(0, 0, np.arange(60), np.arange(0))]
    with pytest.raises(BackpropError, match=r"leaves [01] rows? or groups? of the class '1'"):
        training_subsets(every, rare, 0.3, seed=1, groups=groups)


def test_all_of_the_training_sets_needs_no_fits_of_its_own():
    assert shares_below_one([1, 0.5, 0.25]) == [0.25, 0.5]
    assert shares_below_one([1]) == shares_below_one([]) == []
