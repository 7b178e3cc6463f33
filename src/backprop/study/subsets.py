"""Nested parts of the training sets: what models learn from fewer rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from backprop.data.groups import observations_of
from backprop.errors import BackpropError, in_brief
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.typing import Integers

SHARES = "learning.shares"  # the key of the config
FEWEST = 2  # rows, or groups, of a class in the smallest part


def shares_below_one(shares: Iterable[float]) -> list[float]:
    """Return the shares that need fits of their own: each once, in ascending order."""
    return sorted({float(share) for share in shares} - {1.0})


def training_subsets(
    splits: Sequence[Split],
    y: Integers,
    share: float,
    *,
    seed: int,
    groups: Integers | None = None,
    classes: Sequence[str] | None = None,
) -> list[Split]:
    """Return splits with the same test rows and a share of their training rows.

    The rows of each class, or the groups in which it is the most frequent one, are put into an
    order that is drawn for the split: the first ones are taken. So a smaller share is a part of a
    larger one, and the shares of the classes stay. The keys of the splits stay, too: on all shares
    of a split, models start from the same draws.

    Parameters
    ----------
    splits : sequence of Split
        Outer splits.
    y : array, shape (n,)
        The class of each row.
    share : float
        In (0, 1].
    seed : int
        The seed of the study, at least 0.
    groups : array, shape (n,), optional
        The group of each row; groups stay whole.
    classes : sequence of str, optional
        What messages call the classes.

    Raises
    ------
    BackpropError
        If a class has fewer rows, or groups, than `FEWEST` in a part.
    """
    units = observations_of(len(y), groups)
    taken = [
        replace(split, train=split.train[np.isin(units[split.train], chosen)])
        for split in splits
        for chosen in [_first_units(units[split.train], y[split.train], split, share, seed)]
    ]
    for split in taken:
        _check(split, y, units, share, classes)
    return taken


def _first_units(units: Integers, y: Integers, split: Split, share: float, seed: int) -> Integers:
    """Return the rows, or groups, that a share of a training set has."""
    names, places = np.unique(units, return_inverse=True)
    counts = np.zeros((len(names), y.max() + 1), dtype=np.int64)
    np.add.at(counts, (places, y), 1)
    stratum = counts.argmax(axis=1)
    order = stream(seed, "training subsets", *split.key).permutation(len(names))
    chosen = []
    for c in np.unique(stratum):
        own = order[stratum[order] == c]
        chosen.append(own[: max(1, round(share * len(own)))])
    return np.asarray(names[np.concatenate(chosen)])


def _check(
    split: Split, y: Integers, units: Integers, share: float, classes: Sequence[str] | None
) -> None:
    """Refuse a part with a class that has too few rows, or groups."""
    for c in range(int(y.max()) + 1):
        count = len(np.unique(units[split.train[y[split.train] == c]]))
        if count < FEWEST:
            name = in_brief.repr(classes[c] if classes else str(c))
            what = "row or group" if count == 1 else "rows or groups"
            raise BackpropError(
                f"{SHARES}: found {share:g}, which leaves {count} {what} of the class {name} to "
                f"train on, in {split.named}; use larger shares: each class needs {FEWEST}"
            )
