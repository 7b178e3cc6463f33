import os

import numpy as np
import pytest

from backprop.errors import BackpropError
from backprop.files import write_atomically
from backprop.study import folds, splits
from backprop.study.streams import stream

Y = np.repeat([1, 0], [40, 40])


@pytest.mark.parametrize(("count", "n_ones", "n_zeros"), [(2, 2, 9), (5, 40, 40), (7, 13, 31)])
def test_every_fold_holds_the_classes_in_proportion(count, n_ones, n_zeros):
    y = np.repeat([1, 0], [n_ones, n_zeros])
    assigned = folds.split(y, folds=count, repeats=3, seed=1)
    assert assigned.shape == (3, len(y))
    for repeat in assigned:
        for rows in (repeat[y == 1], repeat[y == 0]):
            sizes = np.bincount(rows, minlength=count)
            assert len(sizes) == count
            assert sizes.max() - sizes.min() <= 1


def test_the_seed_alone_decides():
    first = folds.split(Y, folds=5, repeats=2, seed=1)
    np.testing.assert_array_equal(first, folds.split(Y, folds=5, repeats=2, seed=1))
    assert (first != folds.split(Y, folds=5, repeats=2, seed=2)).any()
    assert (first[0] != first[1]).any()


def test_more_repeats_leave_the_first_as_they_are():
    few, many = (folds.split(Y, folds=5, repeats=r, seed=1) for r in (3, 10))
    np.testing.assert_array_equal(few, many[:3])


def test_the_folds_do_not_change_from_one_release_to_the_next():
    # Written down once, so that a change of the derivation cannot pass unseen.
    assigned = folds.split(np.array([0, 0, 0, 1, 1, 1]), folds=3, repeats=2, seed=0)
    assert assigned.tolist() == [[1, 0, 2, 0, 2, 1], [1, 2, 0, 2, 0, 1]]


@pytest.mark.parametrize("count", [1, 3, 11])
def test_a_fold_without_a_class_is_refused(count):
    y = np.array([0] * 10 + [1] * 2)
    with pytest.raises(
        BackpropError, match=rf"validation.folds: found {count}, allowed is 2 to 2\b"
    ):
        folds.split(y, folds=count, repeats=1, seed=0)


def test_the_file_counts_from_one_and_reads_back_in_any_order(tmp_path):
    path = tmp_path / "folds.csv"
    assigned = np.array([[0, 1, 1], [2, 0, 1]])
    folds.write(path, assigned)
    text = "row,repeat,fold\n1,1,1\n2,1,2\n3,1,2\n1,2,3\n2,2,1\n3,2,2\n"
    assert path.read_bytes() == text.encode()
    np.testing.assert_array_equal(splits.read(path), assigned)
    header, *lines = text.splitlines()
    path.write_text("\n".join([header, *reversed(lines)]))
    np.testing.assert_array_equal(splits.read(path), assigned)


def test_streams_differ_in_every_argument():
    arguments = [
        (0, "folds"),
        (0, "folds", 0),
        (0, "folds", 0, 0),
        (0, "folds", 1),
        (0, "folds", 0, 1),
        (0, "folds", 1, 0),
        (0, "weights", 0),
        (1, "folds", 0),
        (2**32, "folds", 0),
    ]
    draws = {stream(*each).integers(2**63) for each in arguments}
    assert len(draws) == len(arguments)
    assert stream(0, "folds", 1).integers(2**63) == stream(0, "folds", 1).integers(2**63)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def fail(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fail)
        with pytest.raises(OSError, match="disk full"):
            write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_written_file_is_as_readable_as_any_other(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "atomic", b"")
    modes = {each.stat().st_mode for each in tmp_path.iterdir()}
    assert len(modes) == 1
