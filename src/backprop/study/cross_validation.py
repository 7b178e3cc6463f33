"""Draw the folds of a repeated stratified k-fold cross-validation, and those within its splits."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from backprop.data.groups import blocks_of
from backprop.errors import BackpropError, in_brief
from backprop.files import as_csv, write_atomically
from backprop.study.splits import (
    DEFAULT_INNER_FOLDS,
    ELSEWHERE,
    FIRST,
    INNER,
    OUTER,
    Split,
    check_folds,
)
from backprop.study.streams import stream
from backprop.typing import Integers

TOGETHER = "the rows of a group stay together; use fewer folds, or another seed"
IN_BLOCKS = (
    "rows are divided into blocks in their `order`, one more than folds; use fewer folds, or a "
    "smaller gap, if each block then has every class"
)


def draw_folds(
    y: Integers,
    *,
    folds: int,
    repeats: int,
    seed: int,
    groups: Integers | None = None,
    order: Integers | None = None,
    gap: int = 0,
    classes: Sequence[str] | None = None,
) -> Integers:
    """Assign each row to one test fold in each repeat, stratified by class or in an order.

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
    order : array, shape (n,), optional
        What the rows are sorted by, without `groups`. The rows with the lowest values are `FIRST`;
        as many that follow are in fold 0, and so on. Rows with equal values are in one fold.
        Nothing is drawn, so all repeats are the same.
    gap : int, default=0
        How many values of the order, the first of each fold, are not tested in it.
    classes : sequence of str, optional
        What messages call the classes.

    Returns
    -------
    int array, shape (repeats, n)
        The test fold, in [0, folds), of each row in each repeat, or `FIRST`. Every fold has every
        class, and so have the rows before them.

    Raises
    ------
    BackpropError
        If a fold would have no row of a class.
    """
    check_folds(y, folds, groups=groups, classes=classes)
    rows = _Rows(y, groups, order, gap, classes)
    named = ((r, f"repeat {r + 1}") for r in range(repeats))
    return np.array(
        [rows.assign(folds, stream(seed, "folds", r), OUTER, name) for r, name in named]
    )


def draw_inner_folds(
    splits: Sequence[Split],
    y: Integers,
    *,
    seed: int,
    folds: int | None = None,
    groups: Integers | None = None,
    order: Integers | None = None,
    gap: int = 0,
    classes: Sequence[str] | None = None,
) -> Integers:
    """Divide the training rows of each split into inner folds, as `draw_folds` divides all rows.

    Parameters
    ----------
    splits : sequence of Split
        S outer splits.
    y, seed, groups, order, gap, classes
        As in `draw_folds`.
    folds : int, optional
        The number of inner folds, from 2 to the number of rows, or groups, of the smallest class
        in a training set. By default the largest number that all training sets allow, at most
        `DEFAULT_INNER_FOLDS`.

    Returns
    -------
    int array, shape (S, n)
        The inner test fold, in [0, folds), of each training row, or `FIRST`; `ELSEWHERE` for the
        others. Every inner fold has every class. Of shape (0, n) if by default a training set does
        not allow two folds.

    Raises
    ------
    BackpropError
        If an inner fold would have no row of a class.
    """
    if folds is None:
        for number in range(DEFAULT_INNER_FOLDS, 1, -1):
            with suppress(BackpropError):
                return draw_inner_folds(
                    splits, y, seed=seed, folds=number, groups=groups, order=order, gap=gap
                )
        return np.empty((0, len(y)), dtype=np.int64)
    assigned = np.full((len(splits), len(y)), ELSEWHERE, dtype=np.int64)
    for in_fold, split in zip(assigned, splits, strict=True):
        own_groups, own_order = (
            None if of_rows is None else of_rows[split.train] for of_rows in (groups, order)
        )
        own = _Rows(y[split.train], own_groups, own_order, gap, classes)
        place = f"the training set of {split.named}"
        where = f"{INNER}, in {place}"
        check_folds(own.y, folds, groups=own.groups, classes=classes, where=where)
        generator = stream(seed, "inner folds", *split.key)
        in_fold[split.train] = own.assign(folds, generator, INNER, place)
    return assigned


class _Rows(NamedTuple):
    """Rows to divide, as `draw_folds` takes them."""

    y: Integers
    groups: Integers | None
    order: Integers | None
    gap: int
    classes: Sequence[str] | None

    def assign(self, folds: int, generator: np.random.Generator, key: str, place: str) -> Integers:
        """Assign rows to test folds; messages name the key of the config, and what is divided."""
        if self.order is not None:
            assigned = _after_a_gap(self.order, blocks_of(self.order, folds + 1) + FIRST, self.gap)
            return self._with_every_class(assigned, folds, key, place, IN_BLOCKS)
        seed = int(generator.integers(2**32))
        if self.groups is None:
            return _stratified(self.y, folds, seed)
        from sklearn.model_selection import StratifiedGroupKFold  # slow to import

        splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
        assigned = np.empty(len(self.y), dtype=np.int64)
        for fold, (_, test) in enumerate(splitter.split(self.y, self.y, self.groups)):
            assigned[test] = fold
        return self._with_every_class(assigned, folds, key, place, TOGETHER)

    def _with_every_class(
        self, assigned: Integers, folds: int, key: str, place: str, reason: str
    ) -> Integers:
        """Return folds; raise a `BackpropError` if one has no row of a class, for a reason."""
        lowest, is_in_one = 0 if self.order is None else FIRST, assigned >= FIRST
        rows = np.zeros((folds - lowest, self.y.max() + 1), dtype=np.int64)
        np.add.at(rows, (assigned[is_in_one] - lowest, self.y[is_in_one]), 1)
        for block, y_missing in np.argwhere(rows == 0):
            name = in_brief.repr(self.classes[y_missing] if self.classes else str(y_missing))
            fold = block + lowest
            where = "before fold 1" if fold == FIRST else f"in fold {fold + 1}"
            raise BackpropError(
                f"{key}: found {folds}, with no row of the class {name} {where} of {place}, as "
                f"{reason}"
            )
        return assigned


def _stratified(y: Integers, folds: int, seed: int) -> Integers:
    """Return the folds of scikit-learn's `StratifiedKFold`, which takes a second to import.

    Sorted by class, in order of appearance, the rows go to the folds in turn: that decides how many
    of each class a fold has. Which ones is drawn.
    """
    _, first, codes = np.unique(y, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))[codes]
    in_turn = np.arange(len(y)) % folds
    assigned, generator = np.empty(len(y), dtype=np.int64), np.random.RandomState(seed)
    for c, of_class in enumerate(np.split(in_turn, np.cumsum(np.bincount(order))[:-1])):
        own = np.sort(of_class)
        generator.shuffle(own)
        assigned[order == c] = own
    return assigned


def _after_a_gap(order: Integers, assigned: Integers, gap: int) -> Integers:
    """Return blocks, each but `FIRST` without its first values of the order."""
    left = assigned.copy()
    for fold in range(assigned.max() + 1):
        values = np.unique(order[assigned == fold])[:gap]
        left[(assigned == fold) & np.isin(order, values)] = FIRST - (fold + 1)
    return left


def write_inner_folds(path: Path, splits: Sequence[Split], assigned: Integers) -> None:
    """Write inner folds, from 1, as a CSV file with a line for each row, a column for each split.

    A row that is not in the training set of a split has an empty cell there.

    Parameters
    ----------
    path : Path
        The file to write.
    splits : sequence of Split
    assigned : int array, shape (S, n)
        From `draw_inner_folds`, for these splits; or without lines.
    """
    named = (f"repeat_{s.repeat + 1}_fold_{s.fold + 1}" for s in splits[: len(assigned)])
    lines: list[Iterable[str]] = [("row", *named)]
    if len(assigned):
        numbers, codes = np.unique(assigned + 1, return_inverse=True)
        texts = np.array(["" if n == ELSEWHERE + 1 else str(n) for n in numbers], dtype=object)
        lines += zip(map(str, range(1, assigned.shape[1] + 1)), *texts[codes], strict=True)
    write_atomically(path, as_csv(lines))


def write_folds(path: Path, assigned: Integers) -> None:
    """Write folds as a CSV file with the columns row, repeat and fold, each counted from 1.

    Rows that are `FIRST` have the fold 0, and those in the gap before the fold k have -k.

    Parameters
    ----------
    path : Path
        The file to write.
    assigned : int array, shape (repeats, n)
        The test fold of each row, from `draw_folds`.
    """
    lowest = assigned.min()
    starts = np.array([f"{row + 1}," for row in range(assigned.shape[1])], dtype=object)
    ends = np.array([f"{fold + 1}\n" for fold in range(lowest, assigned.max() + 1)], dtype=object)
    lines = ["row,repeat,fold\n"]
    for repeat, in_fold in enumerate(assigned, start=1):
        lines += (starts + f"{repeat}," + ends[in_fold - lowest]).tolist()
    write_atomically(path, "".join(lines).encode())
