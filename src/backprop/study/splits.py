"""The splits of a cross-validation: the rows to train on and the rows to test on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop.errors import BackpropError
from backprop.typing import Integers


@dataclass(frozen=True)
class Split:
    """The rows of one (repeat, fold) pair of the cross-validation.

    Attributes
    ----------
    repeat, fold : int
        Counted from 0.
    train, test : int arrays
        Indices of rows, counted from 0, ascending.
    """

    repeat: int
    fold: int
    train: Integers
    test: Integers


def check_folds(
    y: Integers, folds: int, *, groups: Integers | None = None, classes: Sequence[str] | None = None
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

    Raises
    ------
    BackpropError
        If `folds` is below 2 or above the number of rows, or groups, of the smallest class.
    """
    pairs = np.column_stack([y, np.arange(len(y)) if groups is None else groups])
    numbers, counts = np.unique(np.unique(pairs, axis=0)[:, 0], return_counts=True)
    smallest = counts.argmin()
    if 2 <= folds <= counts[smallest]:
        return
    what = "row" if groups is None else "group"
    name = repr(classes[numbers[smallest]] if classes else str(numbers[smallest]))
    if counts[smallest] < 2:
        raise BackpropError(
            f"validation.folds: found the class {name} in only one {what}, "
            f"allowed are 2 {what}s or more: every fold tests every class"
        )
    raise BackpropError(
        f"validation.folds: found {folds}, allowed is 2 to {counts[smallest]}, the number of "
        f"{what}s of the smallest class, {name}: every fold tests every class"
    )


def read_folds(path: Path) -> Integers:
    """Read a file of folds, from `backprop.study.cross_validation.write_folds`.

    Parameters
    ----------
    path : Path
        Its columns are row, repeat and fold, each counted from 1. Its lines may be in any order.

    Returns
    -------
    int array, shape (repeats, n)
        The test fold of each row in each repeat, counted from 0.
    """
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2) - 1
    rows, repeats, test_folds = table.T
    folds = np.empty((repeats.max() + 1, rows.max() + 1), dtype=np.int64)
    folds[repeats, rows] = test_folds
    return folds


def splits_of(folds: Integers) -> list[Split]:
    """List the splits of test folds, shape (repeats, n): repeat by repeat, fold by fold."""
    return [
        Split(repeat, int(fold), np.flatnonzero(in_fold != fold), np.flatnonzero(in_fold == fold))
        for repeat, in_fold in enumerate(folds)
        for fold in np.unique(in_fold)
    ]
