"""What checks look at, and what they find."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, Self, dataclass_transform

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.groups import equal_rows
from backprop.statistics.grouping import Judgement, Row
from backprop.statistics.results import Results
from backprop.statistics.tables import Compared, Interval
from backprop.typing import Array, Integers

COPIED_SHARE = 0.05  # of the rows; fewer copies cannot change an accuracy by more than this
COPIED_TIMES = 10  # as many equal pairs as chance explains


@dataclass(frozen=True, eq=False)
class Evidence:
    """What several checks look at.

    Attributes
    ----------
    results : Results
        With the dataset, the folds, the tables `comparison`, `tuning` and `against_guess`, and
        `nested` if there is one.
    judgement : Judgement
    """

    results: Results
    judgement: Judgement

    @cached_property
    def distinct(self) -> list[Compared]:
        """The comparison, without models that are the same as an earlier one."""
        return [row for row in self.results.comparison.values() if row.same_as is None]

    @cached_property
    def equal(self) -> Integers:
        """A number for each row; equal rows have the same one."""
        return equal_rows(self.results.dataset)

    @cached_property
    def has_copies(self) -> bool:
        """Whether more pairs of rows are equal than chance explains."""
        pairs = _pairs(np.bincount(self.equal))
        # The second chance is at least the first, and takes longer to find.
        return pairs > 0 and all(
            pairs > COPIED_TIMES * _chance_pairs(self.results.dataset, dependent=dependent)
            for dependent in (False, True)
        )

    @cached_property
    def copied(self) -> int:
        """How many rows have a copy in another fold; 0 if they are few, or by chance."""
        equal = self.equal
        apart = np.zeros(len(equal), dtype=bool)
        for folds in self.results.folds:
            first, last = np.full(len(equal), folds.max()), np.full(len(equal), folds.min())
            np.minimum.at(first, equal, folds)
            np.maximum.at(last, equal, folds)
            apart |= (first != last)[equal]
        count = int(apart.sum())
        return count if count > COPIED_SHARE * len(equal) and self.has_copies else 0


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Finding:
    """What a check found: each fact by a name of its own, as in warnings.json.

    A class with a `key` is a check, and a dataclass as all of these are.

    In warnings.csv, a fact is in the column of its name, or in the one that it is annotated with.
    Facts of several checks share a column; what `backprop.statistics.tables.WarningRow` has no
    column for is only in warnings.json.
    """

    key: ClassVar[str]

    def __init_subclass__(cls, key: str = "") -> None:
        if key:
            cls.key = key
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable[Self]:
        """Yield what the check finds."""
        raise NotImplementedError

    @classmethod
    def facts(cls) -> Mapping[str, str]:
        """Return the facts by the columns that they are in."""
        every: Any = fields(cls)  # type: ignore[arg-type]
        return {getattr(f.type, "__metadata__", (f.name,))[0]: f.name for f in every}

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """Return the finding from its facts in JSON, where an interval is a list."""
        return cls(**{k: Interval(*v) if isinstance(v, list) else v for k, v in facts.items()})

    def row(self) -> Row:
        """Return the row of the table of warnings."""
        facts = {column: getattr(self, name) for column, name in self.facts().items()}
        return {"warning": self.key, **facts}


def _pairs(counts: Integers) -> float:
    return float((counts * (counts - 1)).sum() / 2)


def _chance_pairs(dataset: Dataset, *, dependent: bool) -> float:
    """Return how many pairs of rows would be equal by chance in each class.

    That is so if features are independent, or also if each depends on another one, whichever is
    more.
    """
    total = 0.0
    for c in range(len(dataset.classes)):
        x = dataset.x[dataset.y == c]
        every = _pairs(np.array([len(x)]))
        independent = float(np.prod(_chances(x)))
        total += every * (max(independent, _chance_if_dependent(x)) if dependent else independent)
    return total


def _chances(x: Array) -> Array:
    """Return the share of the pairs of rows that are equal in each feature; 0 without a pair."""
    every = max(_pairs(np.array([len(x)])), 1)
    return np.array([_pairs(np.unique(each, return_counts=True)[1]) for each in x.T]) / every


def _chance_if_dependent(x: Array) -> float:
    """Return the chance that two rows are equal if each feature depends on another one.

    So what follows from a category, such as the population of a nation, counts once. Dependence is
    seen from distinct rows, as copies are equal in all features. A tree joins the features that are
    equal together most often, relative to chance.

    References
    ----------
    Chow, C. K. and Liu, C. N. (1968). Approximating discrete probability distributions with
    dependence trees. IEEE Transactions on Information Theory 14, 462-467.
    """
    x = np.unique(x, axis=0)
    alone = _chances(x)
    if not alone.all():
        return 0.0
    codes = np.array([np.unique(column, return_inverse=True)[1] for column in x.T])
    last, *rest = range(len(codes))
    chance, lifts = alone[last], np.zeros(len(codes))
    while rest:
        both = _chances((codes[last] * len(x) + codes[rest]).T)
        lifts[rest] = np.maximum(lifts[rest], both / (alone[last] * alone[rest]))
        last = max(rest, key=lifts.__getitem__)
        rest.remove(last)
        chance *= lifts[last] * alone[last]
    return float(chance)
