"""How often each row of the data is predicted wrongly."""

import itertools
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.statistics.grouping import Judgement, says_one_class
from backprop.statistics.tables import Compared
from backprop.typing import Array, Integers

OFTEN = 0.5  # the share of the repeats in which a hard row is wrong
MOST_FEATURES = 3  # by which rows are grouped
MOST_CATEGORIES = 4  # of such a feature that have a part; the others are together


def count_wrong(judgement: Judgement) -> pd.DataFrame:
    """Count the wrong predictions of each row by the headlines of all models: a row per row.

    Parameters
    ----------
    judgement : Judgement
        With the headline of each model.

    Returns
    -------
    DataFrame
        row (from 1; of those that are tested), wrong, and predictions: one for each repeat and each
        model without diverged or failed fits, but not of those that always predict one class;
        one_class, the names of these, with blanks between. A row with ``wrong == predictions`` is
        wrong for all others, every time.
    """
    judged, rows = judgement.headlines, len(judgement.y)
    scored = {model: each for model, each in judged.items() if each.scored}
    one_class = [model for model, each in scored.items() if says_one_class(each.votes)]
    right = [each.right == 1 for model, each in scored.items() if model not in one_class]
    stacked = np.concatenate([np.zeros((0, rows), dtype=bool), *right])
    return pd.DataFrame(
        {
            "row": judgement.tested + 1,
            "wrong": (~stacked).sum(axis=0),
            "predictions": len(stacked),
            "one_class": " ".join(one_class) or None,
        }
    )


class AlwaysWrong(NamedTuple):
    """The rows that all models predict wrongly in every repeat.

    Attributes
    ----------
    rows : int
        How many there are.
    models : list of str
        The models that count: those with a score, without those that always predict one class.
    one_class : list of str
        These.
    all_scored : bool
        Whether each model has a score.
    """

    rows: int
    models: list[str]
    one_class: list[str]
    all_scored: bool


def always_wrong(table: pd.DataFrame, compared: Collection[Compared]) -> AlwaysWrong:
    """Return what a table of `count_wrong` and the comparison show.

    A model that always predicts one class does not count: it is wrong for each row of the others.
    """
    wrong, predictions = table["wrong"], table["predictions"]
    one_class = table["one_class"].fillna("").iloc[0].split()
    scored = [row.model for row in compared if row.score]
    return AlwaysWrong(
        rows=int((wrong == predictions.where(predictions > 0)).sum()),
        models=[model for model in scored if model not in one_class],
        one_class=one_class,
        all_scored=len(scored) == len(compared),
    )


def shares_wrong(votes: Array, y: Integers) -> Array:
    """Return the share of the repeats in which each row is predicted wrongly; NaN without any.

    Parameters
    ----------
    votes : array, shape (repeats, n, C)
        See `backprop.study.fits.class_votes`; NaN where a fit has no predictions.
    y : array, shape (n,)
        The classes, from 0.
    """
    known = np.isfinite(votes).all(axis=-1)
    wrong = known & (votes[:, np.arange(len(y)), y] < 1)
    repeats = known.sum(axis=0)
    return wrong.sum(axis=0) / np.where(repeats, repeats, np.nan)


def often_wrong(shares: Array) -> Integers:
    """Return the places of the rows that any model gets wrong in half of the repeats or more.

    The row that the mean model gets wrong most often is the first.

    Parameters
    ----------
    shares : array, shape (models, n)
        Of each model, from `shares_wrong`.
    """
    hard = np.flatnonzero(np.nan_to_num(shares).max(axis=0) >= OFTEN)
    return hard[np.argsort(-np.nanmean(shares, axis=0)[hard], kind="stable")]


class Part(NamedTuple):
    """Some rows of the data: the rows of a class, or with some values of a feature.

    Attributes
    ----------
    rows : int array
        Their places.
    feature : int or None
        The place of the feature; None if they are the rows of a class.
    low, high : int or float
        Of a class or a category its place, twice; -1 for all further categories. Of numbers the
        range: above ``low``, which is infinite for the lowest, and up to ``high``, which is for
        the highest.
    """

    rows: Integers
    feature: int | None
    low: float
    high: float

    @property
    def is_last(self) -> bool:
        """Whether it has the largest numbers of a feature."""
        return self.high == np.inf


def parts_of_rows(dataset: Dataset, shares: Array) -> list[Part]:
    """Return the rows of each class, and parts by the features that tell most about what is wrong.

    A feature with numbers has three parts with about as many rows, one with categories a part for
    each common category. The features are those whose parts explain the largest share of the
    variance of how often a row is wrong, so with many features they differ by chance, too.

    Parameters
    ----------
    dataset : Dataset
    shares : array, shape (n,)
        How often each row is wrong; NaN for one that is never tested.
    """
    tested = np.isfinite(shares)
    by_feature = [_parts(dataset, place) for place in range(len(dataset.features))]
    middle = shares[tested].mean()

    def explained(parts: Sequence[Part]) -> float:
        own = [shares[part.rows][tested[part.rows]] for part in parts]
        return float(sum(len(each) * (each.mean() - middle) ** 2 for each in own if len(each)))

    first = sorted(range(len(by_feature)), key=lambda place: -explained(by_feature[place]))
    classes = [Part(np.flatnonzero(dataset.y == c), None, c, c) for c in np.unique(dataset.y)]
    return [*classes, *(part for place in first[:MOST_FEATURES] for part in by_feature[place])]


def _parts(dataset: Dataset, place: int) -> list[Part]:
    values = dataset.x[:, place]
    if dataset.features[place] in dataset.categories:
        counts = np.bincount(values[np.isfinite(values)].astype(np.int64))
        common = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
        parts = [Part(np.flatnonzero(values == c), place, c, c) for c in common]
        rest = np.isfinite(values) & ~np.isin(values, common)
        return [*parts, *([Part(np.flatnonzero(rest), place, -1, -1)] if rest.any() else [])]
    ends = np.unique(np.nanquantile(values, [1 / 3, 2 / 3], method="lower"))
    ranges = itertools.pairwise([-np.inf, *ends[ends < np.nanmax(values)], np.inf])
    return [
        Part(np.flatnonzero((values > low) & (values <= high)), place, low, high)
        for low, high in ranges
    ]
