"""Rows that belong together: of a group, or because they are equal."""

import functools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from backprop.data.dataset import Dataset
from backprop.typing import Array, Integers

LEAST_GROUPS = 10  # values of a column that names what rows belong to
FIRST_ROWS = 1000
MOST_COLUMNS = 100  # of a table of which each column may tell groups apart

BLOCKS = 10
"""Of rows in an order, in which neighbours depend on each other: so many observations they are."""


def equal_rows(dataset: Dataset) -> Integers:
    """Return a number for each row: rows with equal features and classes have the same one.

    Missing values are equal to each other. Returns an int array, shape (n,).
    """
    return equal_lines(np.column_stack([dataset.x, dataset.y]))


def equal_lines(cells: Array) -> Integers:
    """Return a number for each line of a table of numbers, as `equal_rows` does."""
    cells = cells + 0.0  # -0.0 becomes 0.0
    cells[np.isnan(cells)] = np.nan  # of all its bit patterns, one
    as_bytes = np.ascontiguousarray(cells).view(f"V{cells.itemsize * cells.shape[1]}")[:, 0]
    return np.unique(as_bytes, return_inverse=True)[1].astype(np.int64)


def combined(columns: Iterable[Integers]) -> Integers:
    """Return a number for each row of columns of codes: rows that are equal have the same one.

    From 0 without a gap, in the order in which they come first.
    """
    crossed = functools.reduce(_crossed, columns)
    first, numbers = np.unique(crossed, return_index=True, return_inverse=True)[1:]
    return np.asarray(np.argsort(np.argsort(first))[numbers], dtype=np.int64)


def _determined_by(codes: Integers, others: Iterable[Array | Integers]) -> dict[int, int]:
    """Return which other columns are the same in all rows with the same value.

    Without constants, also of the values that are in several rows: rare ones repeat by chance. And
    without those that only cut the values into pieces, as an age class does with an age: going
    through the values in their order, they must come back to one that they left.

    Parameters
    ----------
    codes : int array, shape (n,)
        The place of each row's value among the distinct values, from 0 without a gap.
    others : iterable of arrays, each of shape (n,)
        NaN if missing; all missing values are equal.

    Returns
    -------
    dict of int to int
        By the place of each such column: how many values it has.
    """
    repeated = {}
    rows, counts = np.unique(codes, return_index=True, return_counts=True)[1:]
    for place, other in enumerate(others):
        of_codes = other[rows]  # in the first row with each value
        # Few rows show that most columns do not repeat.
        if all(
            np.array_equal(of_codes[codes[:n]], other[:n], equal_nan=True)
            for n in (FIRST_ROWS, len(codes))
        ):
            distinct, pieces = np.unique(of_codes[counts > 1], return_inverse=True)
            if 1 + int((np.diff(pieces) != 0).sum()) > len(distinct) > 1:
                repeated[place] = len(distinct)
    return repeated


def seems_to_name_groups(codes: Integers, others: Sequence[Array | Integers]) -> list[int]:
    """Return the other columns that are constant within the values of a column, if it names groups.

    It has `LEAST_GROUPS` values or more, each in two rows on average, and others repeat with it:
    two columns, or one with more than two values. Empty if it does not seem to name groups.
    """
    repeated = _determined_by(codes, others) if _are_groups(codes) else {}
    return [*repeated] if _are_several(repeated) else []


def repeat_as_ids(codes: Integers) -> bool:
    """Return whether values repeat as ids of groups: none is in twice as many rows as another."""
    counts = np.bincount(codes)
    return _are_groups(codes) and counts.max() <= 2 * counts.min()


def _are_groups(codes: Integers) -> bool:
    """Return whether there are `LEAST_GROUPS` values or more, each in two rows on average."""
    values = int(codes.max()) + 1
    return values >= LEAST_GROUPS and len(codes) >= 2 * values


def _are_several(repeated: Mapping[int, int]) -> bool:
    """Return whether columns that repeat are two, or one with more than two values."""
    return len(repeated) > 1 or any(number > 2 for number in repeated.values())


def column_between_groups(
    ids: Integers, columns: Sequence[Array]
) -> tuple[int | None, int, int] | None:
    """Return which column tells apart groups that have one id, such as one of each centre.

    Where an id is of one person, a column such as the year of birth is the same in all its rows. If
    none is, but others repeat with the id and the values of a further column, or within each
    stretch of neighbouring rows of an id, then the id seems to restart.

    Parameters
    ----------
    ids : int array, shape (n,)
        From 0 without a gap.
    columns : sequence of arrays, each of shape (n,)

    Returns
    -------
    place, other, number : (int or None, int, int) or None
        The column that tells groups apart, or None if stretches do; the first that then repeats;
        and how many groups there are then. None if the id does not seem to restart.
    """
    if len(columns) > MOST_COLUMNS or _determined_by(ids, columns):
        return None
    codes = [np.unique(column, return_inverse=True)[1] for column in columns]
    few = [place for place, own in enumerate(codes) if 0 < own.max() <= ids.max()]
    stretches = np.cumsum(np.diff(ids, prepend=ids[0]) != 0)
    for place in (*sorted(few, key=lambda place: codes[place].max()), None):
        own = stretches if place is None else codes[place]
        apart = _crossed(ids, own)
        repeated = _determined_by(apart, columns) if _are_groups(apart) else {}
        if place is not None:  # without those that only repeat what this column says
            of_both = {other: _crossed(own, codes[other]).max() for other in repeated}
            repeated = {o: number for o, number in repeated.items() if of_both[o] > own.max()}
        if _are_several(repeated):
            return place, min(repeated), int(apart.max()) + 1
    return None


def _crossed(one: Integers, other: Integers) -> Integers:
    """Return a number for each pair of codes that occurs, from 0 without a gap."""
    return np.unique(one * (int(other.max()) + 1) + other, return_inverse=True)[1].astype(np.int64)


def observations_of(rows: int, numbers: Integers | None) -> Integers:
    """Return the independent observation that each row belongs to: the row, or its group.

    Parameters
    ----------
    rows : int
        Their number, n.
    numbers : array, shape (n,), or None
        The number of each row's group, if there are groups.

    Returns
    -------
    int array, shape (n,)
        From 0 without a gap, in the order of the groups.
    """
    return np.arange(rows) if numbers is None else np.unique(numbers, return_inverse=True)[1]


def blocks_of(order: Integers, blocks: int = BLOCKS) -> Integers:
    """Return blocks of about as many rows each, from 0, in an order.

    Parameters
    ----------
    order : array, shape (n,)
        Rows with equal values are in one block: where the middle one of them belongs.
    blocks : int
        Their number. Of few distinct values, some are empty.
    """
    _, place, rows = np.unique(order, return_inverse=True, return_counts=True)
    twice_the_middle = 2 * np.cumsum(rows) - rows
    return np.asarray((twice_the_middle * blocks // (2 * len(order)))[place])


def groups_of(dataset: Dataset, duplicates: str) -> Integers | None:
    """Return the group of each row for the cross-validation.

    Parameters
    ----------
    dataset : Dataset
    duplicates : {"keep", "together"}
        Whether equal rows are a group, or join the groups that they are in.

    Returns
    -------
    int array, shape (n,), or None
        None if every row may be in any fold.
    """
    if duplicates != "together":
        return dataset.groups
    equal = equal_rows(dataset)
    if dataset.groups is None:
        return equal if equal.max() + 1 < len(equal) else None
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    # An edge from each row's group to its equal rows: what is connected stays together.
    first = int(dataset.groups.max()) + 1
    nodes = first + int(equal.max()) + 1
    edges = coo_array((np.ones(len(equal)), (dataset.groups, first + equal)), (nodes, nodes))
    component = connected_components(edges)[1]
    return component[dataset.groups].astype(np.int64)
