"""Draw the folds of a repeated stratified k-fold cross-validation."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from backprop.errors import BackpropError
from backprop.files import write_atomically
from backprop.study.splits import check_folds
from backprop.study.streams import stream
from backprop.typing import Integers


def draw_folds(
    y: Integers,
    *,
    folds: int,
    repeats: int,
    seed: int,
    groups: Integers | None = None,
    classes: Sequence[str] | None = None,
) -> Integers:
    """Assign each row to one test fold in each repeat, stratified by class.

    Parameters
    ----------
    y : array, shape (n,)
        The class of each row.
    folds : int
        The number of folds, from 2 to the number of rows, or groups, of the smallest class.
    repeats : int
        The number of repeats, at least 1. The folds of a repeat do not depend on it.
    seed : int
        The seed of the study, at least 0.
    groups : array, shape (n,), optional
        The group of each row. All rows of a group are in one fold.
    classes : sequence of str, optional
        What messages call the classes.

    Returns
    -------
    int array, shape (repeats, n)
        The test fold, in [0, folds), of each row in each repeat. Every fold has every class.

    Raises
    ------
    BackpropError
        If a fold would have no row of a class.
    """
    check_folds(y, folds, groups=groups, classes=classes)
    assigned = np.empty((repeats, len(y)), dtype=np.int64)
    kind = StratifiedKFold if groups is None else StratifiedGroupKFold
    for repeat in range(repeats):
        state = int(stream(seed, "folds", repeat).integers(2**32))
        splitter = kind(folds, shuffle=True, random_state=state)
        for fold, (_, test) in enumerate(splitter.split(y, y, groups)):
            assigned[repeat, test] = fold
        if groups is not None:
            _refuse_missing_class(assigned[repeat], y, repeat, classes)
    return assigned


def _refuse_missing_class(
    folds: Integers, y: Integers, repeat: int, classes: Sequence[str] | None
) -> None:
    """Raise a `BackpropError` if a fold has no row of a class: groups cannot be divided."""
    rows = np.zeros((folds.max() + 1, y.max() + 1), dtype=np.int64)
    np.add.at(rows, (folds, y), 1)
    for fold, y_missing in np.argwhere(rows == 0):
        name = repr(classes[y_missing] if classes else str(y_missing))
        raise BackpropError(
            f"validation.folds: found {len(rows)}, with no row of the class {name} in fold "
            f"{fold + 1} of repeat {repeat + 1}, as the rows of a group stay together; "
            "allowed are fewer folds, or another seed"
        )


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
