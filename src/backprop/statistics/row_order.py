"""Whether neighbouring rows of a table are more alike than chance explains.

A table may be sorted by its class, by a feature, or by features within features. Its rows may be
independent all the same, so what the sorting explains must not count:

- Features by which the table is sorted are left out, and those that an experiment has crossed. What
  the others have in common with them is subtracted. If rows with equal features are together, as
  in a table of counts that was written out, the table is sorted by all of them.
- Features are compared given the class: rows change places only with rows of the same class.
- They do so only within *stretches* of 100 rows, in which the straight line is subtracted. So a
  slow trend does not count.

If rows are independent, the rest has no order, whatever the features are like. The test is von
Neumann's, for ranks (Bartels, 1982), by random permutations.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from backprop.data.groups import equal_lines
from backprop.typing import Array, Booleans, Integers

SHUFFLES = 99  # independent rows are beyond all of them in 1% of tables
AS_OFTEN = 5  # of these may have as many neighbours of one class
LIKENESS = 0.25  # the correlation of neighbours from which it matters
STRETCH = 100  # rows
MOST_STRETCHES = 20  # of a long table, evenly spread: they show any dependence that matters
LEAST_ROWS = 5  # of a class in a stretch; the line through fewer explains them
COMMONEST = 0.9  # of the rows; a feature with one value in more says little about neighbours
SORTED_BITS = 8  # a table is sorted by a column if chance sorts it in 1 of 128 tables, or fewer
OUT_OF_ORDER = 0.05  # of the changes of a sorted number may be in the other direction
ROWS_OF_A_VALUE = 10  # on average, of a key whose values explain each by itself
LONG_RUN = 25  # rows; shorter runs of a sorted column are not compared each by itself
TINY = 1e-9


def alike_neighbours(x: Array, y: Integers, categories: Booleans) -> tuple[int, float] | None:
    """Return in which feature neighbouring rows are most alike, if they are so beyond chance.

    They are alike if they have the same class more often than in 95% of shuffles, and one feature,
    or all together, are more alike than in each of `SHUFFLES` shuffles.

    Parameters
    ----------
    x : array, shape (n, columns)
        The features, in the order of the table; NaN if missing.
    y : int array, shape (n,)
        The classes.
    categories : bool array, shape (columns,)
        Which features are the places of categories.

    Returns
    -------
    tuple of int and float, or None
        The place of the feature, and the rank correlation of neighbours in it, without what class,
        sorting and trend explain.
    """
    generator = np.random.default_rng(0)
    x = np.where(np.isnan(x), np.nanmedian(x, axis=0), x)
    runs, keys = _sorting(x, y, categories)
    rows, stretches = _stretches(runs)
    y, pairs = y[rows], stretches[1:] == stretches[:-1]
    shuffled = np.stack([y, *(generator.permutation(y) for _ in range(SHUFFLES))])
    same_class = (shuffled[:, 1:] == shuffled[:, :-1])[:, pairs].mean(axis=1)
    if (same_class[1:] >= same_class[0]).sum() > AS_OFTEN:
        return None
    keys |= _crossed(x) | _lists_patterns(x)  # only now: they sort all rows
    x = x[rows]
    kept = np.flatnonzero(~keys & (_commonest(x) <= COMMONEST))
    if not len(kept):
        return None
    strata = np.unique(np.column_stack([stretches, y]), axis=0, return_inverse=True)[1].ravel()
    values = _unexplained(x[:, kept], _as_inputs(x[:, keys]), strata)
    shuffles = [np.arange(len(y)), *(_shuffled(strata, generator) for _ in range(SHUFFLES))]
    every = _correlations(values, shuffles, pairs)
    chance = every[1:]
    scores = (every - chance.mean(axis=0)) / np.maximum(chance.std(axis=0), TINY)
    most = scores.max(axis=1)
    feature = int(scores[0, :-1].argmax())
    # Of all features together: the correlation of a single one that is as surprising.
    together = scores[0, -1] / np.sqrt(pairs.sum())
    if most[0] <= most[1:].max() or max(every[0, feature], together) < LIKENESS:
        return None
    return int(kept[feature]), float(every[0, feature])


# Sorting


def _sorting(x: Array, y: Integers, categories: Booleans) -> tuple[Integers, Booleans]:
    """Return the run of each row, and the features by which the table is sorted.

    A number is sorted if it rises, or falls, at nearly all its changes within the runs so far. A
    category or the class is sorted if each value is in one piece there. The coarsest of these
    columns divides the runs. Those that are returned have `LONG_RUN` rows or more.
    """
    columns, in_pieces = np.column_stack([x, y]), np.append(categories, True)
    keys = np.zeros(columns.shape[1], dtype=bool)
    runs = long_runs = np.zeros(len(y), dtype=np.int64)
    while True:
        steps = np.diff(columns, axis=0)[runs[1:] == runs[:-1]]
        rises, falls = (steps > 0).sum(axis=0), (steps < 0).sum(axis=0)
        is_sorted = np.minimum(rises, falls) <= OUT_OF_ORDER * (rises + falls)
        for place in np.flatnonzero(in_pieces & ~is_sorted):
            values = np.unique(np.column_stack([runs, columns[:, place]]), axis=0)
            is_sorted[place] = runs[-1] + 1 + rises[place] + falls[place] == len(values)
        divided = {
            place: pieces
            for place in np.flatnonzero(is_sorted & (rises + falls > 0))
            if _bits(runs, pieces := _divided(runs, columns[:, place])) >= SORTED_BITS
        }
        if not divided:
            return long_runs, keys[:-1]
        keys[[*divided]] = True
        runs = min(divided.values(), key=lambda pieces: pieces[-1])
        if (np.bincount(runs) ** 2).sum() >= LONG_RUN * len(runs):  # the mean over the rows
            long_runs = runs


def _crossed(x: Array) -> Booleans:
    """Return which features a design has crossed with another: all pairs of values are as frequent.

    Chance makes them so in 1 of 2**`SORTED_BITS` tables, or fewer.
    """
    crossed, codes, one_run = np.zeros(x.shape[1], dtype=bool), {}, np.zeros(len(x), dtype=np.int64)
    for place, column in enumerate(x.T):
        values, own, counts = np.unique(column, return_inverse=True, return_counts=True)
        if 1 < len(values) <= len(x) / 2 and np.ptp(counts) == 0:
            codes[place] = own, len(values)
    for (one, (own, a)), (other, (others, b)) in itertools.combinations(codes.items(), 2):
        cells = own * b + others
        if len(x) % (a * b) == 0 and np.ptp(np.bincount(cells, minlength=a * b)) == 0:
            crossed[[one, other]] |= len(x) * np.log2(a * b) - _bits(one_run, cells) >= SORTED_BITS
    return crossed


def _lists_patterns(x: Array) -> bool:
    """Return whether rows with equal features are together, as in a table of counts written out."""
    patterns, one_run = equal_lines(x), np.zeros(len(x), dtype=np.int64)
    number = int(patterns.max()) + 1
    if (np.diff(patterns) != 0).sum() + 1 > number:
        return False
    in_any_order = _bits(one_run[:number], np.arange(number))
    return _bits(one_run, patterns) - in_any_order >= SORTED_BITS


def _as_inputs(keys: Array) -> Array:
    """Return the keys, with an input for each value in place of those that have few values."""
    inputs = [keys[:, :0]]
    for key in keys.T:
        values = np.unique(key)
        is_few = len(values) * ROWS_OF_A_VALUE <= len(key)
        inputs.append(np.equal.outer(key, values[1:]) if is_few else key[:, np.newaxis])
    return np.column_stack(inputs)


def _divided(runs: Integers, column: Array) -> Integers:
    """Divide runs where a column changes."""
    return np.append(0, np.cumsum((np.diff(column) != 0) | (np.diff(runs) != 0)))


def _bits(runs: Integers, pieces: Integers) -> float:
    """Return how surprising it is, in bits, that equal values are in one piece of each run.

    That is the logarithm of the number of orders that the values of the runs can have.
    """
    from scipy.special import gammaln  # only now: it is slow

    orders = gammaln(np.bincount(runs) + 1.0).sum() - gammaln(np.bincount(pieces) + 1.0).sum()
    return float(orders / np.log(2))


def _stretches(runs: Integers) -> tuple[Integers, Integers]:
    """Divide runs into stretches of about equal length; return rows, and the stretch of each."""
    lengths = np.bincount(runs)
    number = -(-lengths // STRETCH)
    within = np.arange(len(runs)) - (np.cumsum(lengths) - lengths)[runs]
    stretches = (np.cumsum(number) - number)[runs] + within * number[runs] // lengths[runs]
    evenly = np.linspace(0, stretches[-1], min(stretches[-1] + 1, MOST_STRETCHES))
    rows = np.flatnonzero(np.isin(stretches, evenly.round()))
    return rows, stretches[rows]


# Likeness


def _commonest(x: Array) -> Array:
    """Return the share of the rows that have the commonest value of each column."""
    return np.array([np.unique(c, return_counts=True)[1].max() for c in x.T]) / len(x)


def _unexplained(x: Array, keys: Array, strata: Integers) -> Array:
    """Return the ranks of columns, without what strata, lines within them and keys explain.

    Each column has the variance 1 in each stratum; all of a stratum of few rows, or of one without
    variance, is 0.
    """
    rows = np.bincount(strata)
    order, starts = np.argsort(strata, kind="stable"), np.cumsum(rows) - rows

    from scipy.stats import rankdata  # only now: it is slow

    def means(of_rows: Array) -> Array:
        return (np.add.reduceat(of_rows[order], starts, axis=0) / rows[:, np.newaxis])[strata]

    def without_lines(of_rows: Array) -> Array:
        of_rows = of_rows - means(of_rows)
        return of_rows - time * means(of_rows * time) / np.maximum(means(time**2), TINY)

    time = np.arange(len(x), dtype=float)[:, np.newaxis]
    time -= means(time)
    values, explaining = without_lines(rankdata(x, axis=0)), without_lines(rankdata(keys, axis=0))
    values -= explaining @ np.linalg.lstsq(explaining, values, rcond=None)[0]
    values -= means(values)
    variance = means(values**2)
    varies = (variance > TINY) & (rows >= LEAST_ROWS)[strata, np.newaxis]
    return np.where(varies, values / np.sqrt(np.maximum(variance, TINY)), 0.0)


def _correlations(values: Array, shuffles: Sequence[Integers], pairs: Booleans) -> Array:
    """Return the correlations of neighbours: a line for each shuffle, a column for each feature.

    The last column is the mean of the others.
    """
    each = np.empty((len(shuffles), values.shape[1] + 1))
    weights = (pairs / pairs.sum()).astype(np.float32)
    for start in range(0, values.shape[1], 256):  # as many, of single precision, stay in the cache
        part = values[:, start : start + 256].astype(np.float32)
        for line, rows in zip(each, shuffles, strict=True):
            shuffled = part[rows]
            line[start : start + part.shape[1]] = weights @ (shuffled[1:] * shuffled[:-1])
    each[:, -1] = each[:, :-1].mean(axis=1)
    return each


def _shuffled(strata: Integers, generator: np.random.Generator) -> Integers:
    """Return all rows, in a random order within each stratum."""
    shuffled = np.empty(len(strata), dtype=np.int64)
    drawn = generator.random(len(strata))
    shuffled[np.argsort(strata, kind="stable")] = np.lexsort((drawn, strata))
    return shuffled
