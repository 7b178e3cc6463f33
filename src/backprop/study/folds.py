"""Draw the folds of a repeated stratified k-fold cross-validation."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from backprop.files import write_atomically
from backprop.study.splits import check_folds
from backprop.study.streams import stream


def split(y: NDArray[np.int64], *, folds: int, repeats: int, seed: int) -> NDArray[np.int64]:
    """Assign every row to one test fold in every repeat, with the classes in proportion.

    Parameters
    ----------
    y : array of shape (n,)
        The class of every row.
    folds : int
        Number of folds, from 2 to the size of the smallest class.
    repeats : int
        Number of repeats, at least 1. More of them leave the first ones as they are.
    seed : int
        The seed of the study, at least 0.

    Returns
    -------
    array of shape (repeats, n)
        The test fold, in [0, folds), of every row in every repeat.

    Raises
    ------
    BackpropError
        If some fold would lack a class.
    """
    check_folds(y, folds)
    assigned = np.empty((repeats, len(y)), dtype=np.int64)
    for repeat in range(repeats):
        state = int(stream(seed, "folds", repeat).integers(2**32))
        splitter = StratifiedKFold(folds, shuffle=True, random_state=state)
        for fold, (_, test) in enumerate(splitter.split(y, y)):
            assigned[repeat, test] = fold
    return assigned


def write(path: Path, folds: NDArray[np.int64]) -> None:
    """Write folds as a CSV file with the columns row, repeat and fold, each counted from 1.

    Parameters
    ----------
    path : Path
        The file to write.
    folds : array of shape (repeats, n)
        The test folds, from `split`.
    """
    lines = [
        f"{row + 1},{repeat + 1},{fold + 1}\n" for (repeat, row), fold in np.ndenumerate(folds)
    ]
    write_atomically(path, "".join(["row,repeat,fold\n", *lines]).encode())
