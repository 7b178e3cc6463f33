"""Numbers that may say that there is no value, such as 9999: judged in each column."""

from collections.abc import Mapping

import numpy as np

from backprop.typing import Array

NUMBERS = (-9, -99, -999, -9999, -99999, 99, 999, 9999, 99999)
NOT_BELOW, NOT_ABOVE = -9, 99  # a column between them has none of these
GAP = 0.1
"""From the nearest other number, in ranges of the others: from here on, an end is doubted."""
Counts = dict[str, dict[int, int]]


def judged(columns: Mapping[str, Array]) -> tuple[Counts, Counts]:
    """Return which numbers seem to be no values, and which may be, with their rows by column.

    A number seems to be none if it is repeated and farther from all others than they are from each
    other; or if it is so far, and seems to be none in another column. One may be none if it is
    the repeated end of a scale with a gap before it, or if it is so far in any column.

    Parameters
    ----------
    columns : mapping of str to array
        The numbers of each column, NaN without a value.
    """
    counts: Counts = {}
    far, at_end = dict[str, set[int]](), dict[str, set[int]]()
    for name, values in columns.items():
        low, high = np.fmin.reduce(values, initial=np.inf), np.fmax.reduce(values, initial=-np.inf)
        if low > NOT_BELOW and high < NOT_ABOVE:
            continue
        rows_of = {n: int((values == n).sum()) for n in NUMBERS if low <= n <= high}
        counts[name] = {number: rows for number, rows in rows_of.items() if rows}
        others = values[~np.isnan(values) & ~np.isin(values, [*counts[name]])]
        if not counts[name] or not len(others) or others.min() == others.max():
            continue
        first, last = others.min(), others.max()
        width = last - first
        distance = {n: max(first - n, n - last) / width for n in counts[name]}
        far[name] = {n for n, own in distance.items() if own > 1}
        at_end[name] = {n for n, own in distance.items() if own >= GAP and counts[name][n] > 1}
    marks = {n for name, own in far.items() for n in own if counts[name][n] > 1}
    anywhere = {number for own in far.values() for number in own}
    taken, doubted = Counts(), Counts()
    for name, own in counts.items():
        for number, rows in own.items():
            if number in far.get(name, ()) and number in marks:
                taken.setdefault(name, {})[number] = rows
            elif number in anywhere or number in at_end.get(name, ()):
                doubted.setdefault(name, {})[number] = rows
    return taken, doubted
