"""How often each row of the data is predicted wrongly."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.statistics.grouping import Judgement, says_one_class
from backprop.statistics.tables import Compared
from backprop.typing import Array, Integers

OFTEN = 0.5  # the share of the repeats in which a hard row is wrong


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
