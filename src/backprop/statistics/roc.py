"""ROC curves, and the areas under them."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from backprop.study.fits import class_probabilities
from backprop.typing import Array, Booleans, Integers

Curve = tuple[Array, Array]  # the false and the true positive rates
Curves = list[list[list[Curve]]]  # of each repeat, of class 1 or of every class, of each fold
RATES = np.linspace(0, 1, 201)  # the false positive rates at which curves are averaged


def curves_of(y: Integers, fits: pd.DataFrame) -> Curves:
    """Return the curves of each fold: of class 1, or if there are more, of every class.

    The mean of the areas under them is the score of the tables. A repeat has none if a fit has no
    probabilities, or if a fold lacks a class.

    Parameters
    ----------
    y : array, shape (n,)
        The classes of all rows, from 0.
    fits : DataFrame
        Of one configuration, with the columns repeat, rows and probabilities.
    """
    classes = int(y.max()) + 1
    curves = []
    for _, repeat in fits.groupby("repeat"):
        folds = [
            (y[np.asarray(rows) - 1], class_probabilities(p, len(rows)))
            for rows, p in zip(repeat["rows"], repeat["probabilities"], strict=True)
        ]
        if all(np.isfinite(p).all() and len(np.unique(own)) == classes for own, p in folds):
            shown = [1] if classes == 2 else range(classes)
            curves.append([[roc_curve(own == c, p[:, c]) for own, p in folds] for c in shown])
    return curves


def roc_curve(y: Integers | Booleans, probabilities: Array) -> tuple[Array, Array]:
    """Return the false and the true positive rates at every threshold, the highest first.

    Parameters
    ----------
    y, probabilities : arrays, shape (n,)
        Classes, both present, and finite predictions of class 1.

    Returns
    -------
    arrays, shape (distinct probabilities + 1,)
        Both from 0 to 1.
    """
    order = np.argsort(-probabilities, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(probabilities[order])), len(y) - 1)  # of equal ones
    true = np.append(0, np.cumsum(y[order])[ends])
    false = np.append(0, ends + 1) - true
    return false / false[-1], true / true[-1]


def mean_curve(curves: Iterable[Curve]) -> Array:
    """Return the mean true positive rate of curves at each of `RATES`."""
    return np.mean([np.interp(RATES, false, true) for false, true in curves], axis=0)


def areas_of(curves: Curves) -> Array:
    """Return the mean area under the curves of the folds, shape (repeats, classes shown)."""
    return np.array(
        [[np.mean([np.trapezoid(t, f) for f, t in folds]) for folds in repeat] for repeat in curves]
    )


def folds_of(curves: Curves, shown: int | None = None) -> list[Curve]:
    """Return the curves of all folds, of one of the classes shown, or by default of all."""
    return [
        curve
        for repeat in curves
        for place, folds in enumerate(repeat)
        if shown in (None, place)
        for curve in folds
    ]
