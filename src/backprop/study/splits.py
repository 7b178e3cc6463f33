"""The splits of a cross-validation: which rows are trained on, and which are tested."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop.errors import BackpropError


@dataclass(frozen=True)
class Split:
    """The rows of one (repeat, fold) pair of the cross-validation.

    Attributes
    ----------
    repeat, fold : int
        Counted from 0.
    train, test : int arrays
        Row indices, ascending.
    """

    repeat: int
    fold: int
    train: NDArray[np.int64]
    test: NDArray[np.int64]


def check_folds(y: NDArray[np.int64], folds: int) -> None:
    """Refuse a number of folds with which some fold would lack a class.

    Raises
    ------
    BackpropError
        If it is not between 2 and the number of rows of the smallest class.
    """
    classes, counts = np.unique(y, return_counts=True)
    smallest = counts.argmin()
    if not 2 <= folds <= counts[smallest]:
        raise BackpropError(
            f"validation.folds: found {folds}, allowed is 2 to {counts[smallest]}, the number of "
            f"rows of the smallest class ({classes[smallest]}): every fold tests every class"
        )


def read(path: Path) -> NDArray[np.int64]:
    """Read what `backprop.study.folds.write` wrote.

    Parameters
    ----------
    path : Path
        A file with the columns row, repeat and fold, each counted from 1; its lines in any order.

    Returns
    -------
    array of shape (repeats, n)
        The test folds, counted from 0.
    """
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.int64, ndmin=2) - 1
    row, repeat, fold = table.T
    folds = np.empty((repeat.max() + 1, row.max() + 1), dtype=np.int64)
    folds[repeat, row] = fold
    return folds


def splits_of(folds: NDArray[np.int64]) -> list[Split]:
    """List the splits of a (repeats, n) array of test folds, repeat by repeat."""
    return [
        Split(repeat, int(fold), np.flatnonzero(row != fold), np.flatnonzero(row == fold))
        for repeat, row in enumerate(folds)
        for fold in np.unique(row)
    ]
