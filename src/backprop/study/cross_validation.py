"""Draw the folds of a repeated stratified k-fold cross-validation."""

from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from backprop.files import write_atomically
from backprop.study.splits import check_folds
from backprop.study.streams import stream
from backprop.typing import Integers


def draw_folds(y: Integers, *, folds: int, repeats: int, seed: int) -> Integers:
    """Assign each row to one test fold in each repeat, stratified by class.

    Parameters
    ----------
    y : array, shape (n,)
        The class of each row.
    folds : int
        The number of folds, from 2 to the number of rows of the smallest class.
    repeats : int
        The number of repeats, at least 1. The folds of a repeat do not depend on it.
    seed : int
        The seed of the study, at least 0.

    Returns
    -------
    int array, shape (repeats, n)
        The test fold, in [0, folds), of each row in each repeat.

    Raises
    ------
    BackpropError
        If `folds` is out of this range: a fold would have no row of a class.
    """
    check_folds(y, folds)
    assigned = np.empty((repeats, len(y)), dtype=np.int64)
    for repeat in range(repeats):
        state = int(stream(seed, "folds", repeat).integers(2**32))
        splitter = StratifiedKFold(folds, shuffle=True, random_state=state)
        for fold, (_, test) in enumerate(splitter.split(y, y)):
            assigned[repeat, test] = fold
    return assigned


def write_folds(path: Path, assigned: Integers) -> None:
    """Write folds as a CSV file with the columns row, repeat and fold, each counted from 1.

    Parameters
    ----------
    path : Path
        The file to write.
    assigned : int array, shape (repeats, n)
        The test fold of each row, from `draw_folds`.
    """
    starts = np.array([f"{row + 1}," for row in range(assigned.shape[1])], dtype=object)
    ends = np.array([f"{fold + 1}\n" for fold in range(assigned.max() + 1)], dtype=object)
    lines = ["row,repeat,fold\n"]
    for repeat, in_fold in enumerate(assigned, start=1):
        lines += (starts + f"{repeat}," + ends[in_fold]).tolist()
    write_atomically(path, "".join(lines).encode())
