"""A sample of the rows of a large table: by the seed, with the shares of the classes."""

import numpy as np

from backprop.data.groups import observations_of
from backprop.typing import Integers

PURPOSE = 0x524F5753  # of the random numbers: ROWS


def sample_rows(y: Integers, groups: Integers | None, number: int, seed: int) -> Integers:
    """Return some rows, in ascending order, with the classes in the shares of all rows.

    Parameters
    ----------
    y : array, shape (n,)
        The class of each row, from 0 without a gap.
    groups : array, shape (n,), or None
        The group of each row. Groups are drawn as wholes, among those with the same most frequent
        class, until the next one would take more rows than the share of that class.
    number : int
        The largest number of rows. All rows are returned if there are no more.
    seed : int
        The seed of the study, at least 0.
    """
    if number >= len(y):
        return np.arange(len(y))
    units = observations_of(len(y), groups)
    sizes, of_units = np.bincount(units), _commonest(y, units)
    shares = _shares(np.bincount(of_units, sizes), number)
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(PURPOSE,)))
    order = generator.permutation(len(sizes))
    is_drawn = np.zeros(len(sizes), dtype=bool)
    for c, share in enumerate(shares):
        own = order[of_units[order] == c]
        is_drawn[own[np.cumsum(sizes[own]) <= share]] = True
    return np.flatnonzero(is_drawn[units])


def _commonest(y: Integers, units: Integers) -> Integers:
    """Return the most frequent class of each unit, the first of several."""
    pairs, counts = np.unique(units * (y.max() + 1) + y, return_counts=True)
    of_pairs, classes = np.divmod(pairs, y.max() + 1)
    by_count = np.lexsort((-classes, counts, of_pairs))  # the last of each unit is its commonest
    last = np.flatnonzero(np.diff(of_pairs[by_count], append=-1))
    return np.asarray(classes[by_count][last])


def _shares(rows: Integers, number: int) -> Integers:
    """Divide a number in the proportion of some others: the largest remainders are rounded up."""
    exact = rows * (number / rows.sum())
    shares = np.floor(exact).astype(np.int64)
    missing = number - shares.sum()
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    return shares
