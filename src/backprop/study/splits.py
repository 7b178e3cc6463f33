"""The splits of a cross-validation: the rows to train on and the rows to test on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop.errors import BackpropError, in_brief
from backprop.typing import Integers

OUTER = "validation.folds"  # the keys of the config
INNER = "validation.inner_folds"
DEFAULT_INNER_FOLDS = 5  # by default, or fewer if a training set does not allow as many
DEFAULT_INNER_REPEATS = 4  # by default; nested cross-validation needs no more than these

FIRST = -1
"""In place of the fold of rows that are first in an order: they are trained on, and never tested.
A fold is then trained on earlier rows alone. Rows in the gap before fold k are never tested either,
and trained on from fold k + 1 on: they have `FIRST` - (k + 1). Files, where folds count from 1,
have 0, and -1, -2, ... for gaps."""

ELSEWHERE = -(2**31)
"""In place of the inner fold of a row that is not in the training set."""


@dataclass(frozen=True)
class Split:
    """The rows of one (repeat, fold) pair of the cross-validation, or of an inner fold of it.

    The inner folds divide the training rows of the pair. They choose a configuration, see
    `backprop.statistics.nested`.

    Attributes
    ----------
    repeat, fold : int
        Counted from 0.
    train, test : int arrays
        Indices of rows, counted from 0, ascending.
    inner : int, optional
        The inner fold, counted from 0. None for the pair itself, an *outer* split.
    """

    repeat: int
    fold: int
    train: Integers
    test: Integers
    inner: int | None = None

    @property
    def key(self) -> tuple[int, ...]:
        """What identifies the split: the repeat and the fold, then the inner fold if it has one."""
        outer = (self.repeat, self.fold)
        return outer if self.inner is None else (*outer, self.inner)

    @property
    def named(self) -> str:
        """What messages call the split."""
        inner = "" if self.inner is None else f", inner fold {self.inner + 1}"
        return f"repeat {self.repeat + 1}, fold {self.fold + 1}{inner}"


def check_folds(
    y: Integers,
    folds: int,
    *,
    groups: Integers | None = None,
    classes: Sequence[str] | None = None,
    where: str = OUTER,
) -> None:
    """Check that every fold can have a row of every class.

    Parameters
    ----------
    y : array, shape (n,)
        The class of each row.
    folds : int
        The number of folds.
    groups : array, shape (n,), optional
        The group of each row; a group is in one fold.
    classes : sequence of str, optional
        What messages call the classes; by default by their numbers.
    where : str, optional
        How messages begin: the key of the config, and which rows are divided.

    Raises
    ------
    BackpropError
        If `folds` is below 2 or above the number of rows, or groups, of the smallest class.
    """
    of_units = y if groups is None else np.unique(np.column_stack([y, groups]), axis=0)[:, 0]
    numbers, counts = np.unique(of_units, return_counts=True)
    smallest = counts.argmin()
    if 2 <= folds <= counts[smallest]:
        return
    what = "row" if groups is None else "group"
    name = in_brief.repr(classes[numbers[smallest]] if classes else str(numbers[smallest]))
    if counts[smallest] < 2:
        raise BackpropError(
            f"{where}: found the class {name} in only one {what}; "
            f"use 2 {what}s of it or more: every fold tests every class"
        )
    raise BackpropError(
        f"{where}: found {folds}; use 2 to {counts[smallest]}, the number of "
        f"{what}s of the smallest class, {name}: every fold tests every class"
    )


def smallest_training_classes(y: Integers, folds: int) -> Integers:
    """Return how many rows of each class are in the training set with the fewest of that class.

    Parameters
    ----------
    y : array, shape (n,)
        The class of each row. No rows belong together.
    folds : int
        The number of outer folds, of which no two differ by more than one row of a class.
    """
    counts = np.bincount(y)
    return counts - -(-counts // folds)


def read_folds(path: Path) -> Integers:
    """Read a file of folds, from `backprop.study.cross_validation.write_folds`.

    Parameters
    ----------
    path : Path
        Its columns are row, repeat and fold, each counted from 1. Its lines may be in any order.

    Returns
    -------
    int array, shape (repeats, n)
        The test fold of each row in each repeat, counted from 0; or `FIRST`.
    """
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2) - 1
    rows, repeats, test_folds = table.T
    folds = np.empty((repeats.max() + 1, rows.max() + 1), dtype=np.int64)
    folds[repeats, rows] = test_folds
    return folds


def read_inner_folds(path: Path) -> Integers:
    """Read a file of inner folds, from `backprop.study.cross_validation.write_inner_folds`.

    Parameters
    ----------
    path : Path
        Its columns are row, from 1, and one for each split. Its lines may be in any order. It may
        have none.

    Returns
    -------
    int array, shape (S, n)
        As `inner_splits` takes them, for the splits of the first repeats; S is 0 without lines.
    """
    text, elsewhere = path.read_text(), str(ELSEWHERE + 1)
    for _ in range(2):  # of neighbouring empty cells, one at a time
        text = text.replace(",,", f",{elsewhere},")
    lines = text.replace(",\n", f",{elsewhere}\n").splitlines()[1:]
    if not lines:
        return np.empty((0, 0), dtype=np.int64)
    rows, *inner = np.loadtxt(lines, delimiter=",", dtype=np.int64, ndmin=2).T - 1
    return np.array(inner)[:, np.argsort(rows)]


def splits_of(folds: Integers) -> list[Split]:
    """List the splits of test folds, shape (repeats, n): repeat by repeat, fold by fold.

    Each is trained on the rows of all other folds; but in an order, which has rows that are
    `FIRST`, only on earlier ones (*forward chaining*).
    """
    return [
        Split(repeat, fold, *_trained_and_tested(in_fold, fold))
        for repeat, in_fold in enumerate(folds)
        for fold in _tested(in_fold)
    ]


def _tested(in_fold: Integers) -> list[int]:
    """Return the folds that are tested, in ascending order."""
    return [int(fold) for fold in np.unique(in_fold) if fold >= 0]


def _trained_and_tested(in_fold: Integers, fold: int) -> tuple[Integers, Integers]:
    """Return the rows that are trained on and those that are tested, in a fold."""
    is_other = (in_fold != fold) & (in_fold != ELSEWHERE)
    if (in_fold == FIRST).any():
        is_other = np.where(in_fold >= 0, in_fold + 1, FIRST - in_fold) <= fold
    return np.flatnonzero(is_other), np.flatnonzero(in_fold == fold)


def read_splits(folds: Path, inner_folds: Iterable[Path] = ()) -> list[Split]:
    """Read the splits of a file of folds, then the inner ones of a file of inner folds, if any."""
    outer = splits_of(read_folds(folds))
    inner = [each for file in inner_folds for each in inner_splits(outer, read_inner_folds(file))]
    return outer + inner


def inner_splits(outer: Sequence[Split], inner_folds: Integers) -> list[Split]:
    """List the inner splits of outer ones: split by split, inner fold by inner fold.

    Parameters
    ----------
    outer : sequence of Split
        Such as from `splits_of`.
    inner_folds : int array, shape (S, n)
        The inner test fold, counted from 0, of each row in the first S of these splits; `FIRST`,
        or `ELSEWHERE`. S may be 0.
    """
    return [
        Split(split.repeat, split.fold, *_trained_and_tested(in_fold, inner), inner)
        for split, in_fold in zip(outer, inner_folds, strict=False)
        for inner in _tested(in_fold)
    ]
