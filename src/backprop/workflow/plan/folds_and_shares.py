"""How a study divides rows: outer folds, inner folds, and shares of the training sets."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from backprop.config import Config
from backprop.data.dataset import Dataset
from backprop.data.groups import groups_of
from backprop.study.splits import (
    DEFAULT_INNER_FOLDS,
    INNER,
    Split,
    check_folds,
    inner_splits,
    smallest_training_classes,
    splits_of,
)
from backprop.study.subsets import shares_below_one, training_subsets
from backprop.typing import Integers, Json

MANY_GROUPS = 1_000  # folds of as many are not drawn at each start, but only by their job


class Splits(NamedTuple):
    """The splits of a data set: the outer ones, and the inner ones of nested cross-validation.

    `on` returns the outer ones with a share of their training rows.
    """

    outer: list[Split]
    inner: list[Split]
    on: Callable[[float], list[Split]]


class Division:
    """How the rows of each data set are divided.

    Parameters
    ----------
    config : Config
    is_nested : bool
        Whether there are inner folds: a model has several configurations, and the config wants it.

    Attributes
    ----------
    gap : dict of str to int
        The `gap` of rows in an order, if there is one.
    outer : dict of str to int
        How the outer folds are drawn: `folds` and `repeats`.
    number_of_outer_splits : int
        The number of splits that each model is tested on.
    nested_splits : int
        The number of splits with inner folds: the first ones; 0 without nested validation.
    inner_folds : int or None
        As `draw_inner_folds` takes it: None if the data decide.
    shares : list of float
        The shares of each training set that models are trained on besides all of it.
    """

    def __init__(self, config: Config, *, is_nested: bool) -> None:
        validation = config.validation
        self._seed, self._folds, inner = config.seed, validation.folds, validation.inner_folds
        self.gap: dict[str, Json] = {"gap": validation.gap} if validation.gap else {}
        self.outer: dict[str, Json] = {"folds": self._folds, "repeats": validation.repeats}
        self.number_of_outer_splits = self._folds * validation.repeats
        nested_repeats = min(validation.inner_repeats, validation.repeats)
        self.nested_splits = self._folds * nested_repeats * is_nested
        self.inner_folds = inner if isinstance(inner, int) else None  # not `by_data`
        self.shares = shares_below_one(config.learning.shares)

    def number_of_inner_splits(self, data: Dataset | None) -> int:
        """Return about how many inner splits there are."""
        number = self.inner_folds or DEFAULT_INNER_FOLDS
        if self.inner_folds is None and data is not None:
            smallest = int(smallest_training_classes(data.y, self._folds).min())
            number = min(number, smallest) if smallest > 1 else 0
        return self.nested_splits * number

    def check(self, data: Dataset, duplicates: str) -> None:
        """Refuse a data set with a class that is too small for the folds, or for a share.

        Groups cannot be divided, and blocks in an order may lack a class. So then the folds are
        drawn.

        Parameters
        ----------
        data : Dataset
        duplicates : {"keep", "together"}
            Whether equal rows are in one fold.

        Raises
        ------
        BackpropError
            If there is one.
        """
        groups, inner_folds = groups_of(data, duplicates), self.inner_folds
        y, classes = data.y, data.classes
        check_folds(y, self._folds, groups=groups, classes=classes)
        if groups is None and data.order is None:
            counts = smallest_training_classes(y, self._folds)
            y, rows = np.repeat(np.arange(len(counts)), counts), np.arange(counts.sum())
            splits = [Split(0, 0, rows, rows[:0])]
            if inner_folds is not None and self.nested_splits:
                where = f"{INNER}, in a training set"
                check_folds(y, inner_folds, classes=classes, where=where)
        elif groups is not None and len(np.unique(groups)) >= MANY_GROUPS:
            return
        else:
            how = self._drawn_by(data, groups)
            splits = self._outer_splits(data, how)
            if inner_folds is not None:
                self._inner_folds(splits, data, how)
        if self.shares:
            share, seed = self.shares[0], self._seed
            training_subsets(splits, y, share, seed=seed, groups=groups, classes=classes)

    def outer_splits(self, data: Dataset, duplicates: str) -> list[Split]:
        """Return the outer splits, as their job draws them; the arguments as of `check`."""
        return self._outer_splits(data, self._drawn_by(data, groups_of(data, duplicates)))

    def splits(self, data: Dataset, duplicates: str) -> Splits:
        """Return all splits of a run, as their jobs draw them; the files of folds may be old."""
        how = self._drawn_by(data, groups_of(data, duplicates))
        outer = self._outer_splits(data, how)
        inner = inner_splits(outer, self._inner_folds(outer, data, how))
        how_subsets = {key: value for key, value in how.items() if key not in ("order", "gap")}
        return Splits(outer, inner, partial(training_subsets, outer, data.y, **how_subsets))

    def _outer_splits(self, data: Dataset, how: dict[str, Any]) -> list[Split]:
        from backprop.study.cross_validation import draw_folds  # slow

        return splits_of(draw_folds(data.y, **self.outer, **how))

    def _inner_folds(self, outer: list[Split], data: Dataset, how: dict[str, Any]) -> Integers:
        from backprop.study.cross_validation import draw_inner_folds  # slow

        nested = outer[: self.nested_splits]
        return draw_inner_folds(nested, data.y, folds=self.inner_folds, **how)

    def _drawn_by(self, data: Dataset, groups: Integers | None) -> dict[str, Any]:
        """Return what decides how rows are divided, and what messages call the classes."""
        own = {"groups": groups, "order": data.order, "classes": data.classes}
        return {"seed": self._seed, **own, **self.gap}
