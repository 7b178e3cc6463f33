"""The comparison of two models on the same splits, and on the same rows where splits say nothing.

The corrected t-test learns from how much differences vary between splits. If hardly any differ,
their variance says nothing about new rows: five differences of zero are no proof of equality. The
rows then bound the difference, as they bound a proportion that is 0% or 100%.
"""

import math
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from backprop.inference.intervals import (
    DECIMALS,
    Interval,
    check_inside,
    corrected_interval,
    wilson,
)
from backprop.inference.tests import Comparison, corrected_t_test, discordant, mcnemar
from backprop.typing import Booleans

Basis = Literal["splits", "rows", "identical"]

NO_ROWS: Booleans = np.zeros((0, 0), dtype=bool)  # where values vary, and no rows are looked at

MOST = 0.9
"""If more than this share of the values are equal, a t interval rests on a handful of splits."""


class Difference(NamedTuple):
    """The difference of two models with its interval and test.

    Attributes
    ----------
    mean : float
        The mean difference over the splits.
    lower, upper : float
        Its confidence interval, in [-1, 1].
    p_value : float
        Two-sided, in (0, 1].
    basis : {"splits", "rows", "identical"}
        What interval and p-value are from: the corrected t-test; the rows; or certainty, because
        both are the same model.
    t, standard_error : float
        Those of the corrected t-test; NaN on another basis.
    degrees_of_freedom : int
        The number of splits minus one.
    confidence : float
        The confidence of the interval, in (0, 1).
    """

    mean: float
    lower: float
    upper: float
    p_value: float
    basis: Basis
    t: float
    standard_error: float
    degrees_of_freedom: int
    confidence: float


def hardly_varies(values: npt.ArrayLike) -> bool:
    """Return whether more than `MOST` of the values are equal, to `DECIMALS`."""
    values = np.asarray(values, dtype=float).round(DECIMALS)
    return bool(np.unique(values, return_counts=True)[1].max() > MOST * values.size)


def compare_paired(
    differences: npt.ArrayLike,
    right: Booleans,
    other_right: Booleans,
    folds: int,
    *,
    identical: bool = False,
    confidence: float = 0.95,
) -> Difference:
    """Compare the accuracy of two models on the same splits and rows.

    Parameters
    ----------
    differences : array-like, shape (repeats * folds,)
        The accuracy of the first model minus that of the second on each split.
    right, other_right : bool array, shape (repeats, n)
        Whether each model has each row right when it is in the test fold. They are looked at only
        if the differences hardly vary.
    folds : int
        Folds of each repeat, at least 2.
    identical : bool, default=False
        Whether both are known to be the same model.
    confidence : float, default=0.95
        The confidence of the interval, in (0, 1).

    Returns
    -------
    Difference
        From the corrected t-test if the differences vary, see `hardly_varies`. Otherwise from the
        rows: Tango's interval and McNemar's exact test. Each repeat predicts every row once, and
        has its own interval and p-value; the lowest and the highest end and the largest p-value
        count. If both models are the same, it is 0 with certainty.

    Raises
    ------
    ValueError
        As `corrected_t_test`.
    """
    test = corrected_t_test(differences, folds, confidence=confidence)
    by_splits = Difference(
        mean=test.mean,
        lower=max(test.lower, -1.0),
        upper=min(test.upper, 1.0),
        p_value=test.p_value,
        basis="splits",
        t=test.t,
        standard_error=test.standard_error,
        degrees_of_freedom=test.degrees_of_freedom,
        confidence=confidence,
    )
    if not (identical or hardly_varies(differences)):
        return by_splits
    without_t = by_splits._replace(t=math.nan, standard_error=math.nan)
    if identical:
        return without_t._replace(mean=0.0, lower=0.0, upper=0.0, p_value=1.0, basis="identical")
    counts = [discordant(*repeat) for repeat in zip(right, other_right, strict=True)]
    ends = [tango(*count, right.shape[1], confidence=confidence) for count in counts]
    return without_t._replace(
        lower=min(end.lower for end in ends),
        upper=max(end.upper for end in ends),
        p_value=max(mcnemar(*count) for count in counts),
        basis="rows",
    )


def compare_by_splits(
    differences: npt.ArrayLike, folds: int, *, confidence: float = 0.95
) -> Comparison:
    """Compare two models by any metric on the same splits, without the rows.

    Parameters
    ----------
    differences : array-like, shape (repeats * folds,)
        The metric of the first model minus that of the second on each split.
    folds, confidence
        As in `compare_paired`.

    Returns
    -------
    Comparison
        From the corrected t-test, but p is 1 if the differences hardly vary, see `hardly_varies`.

    Raises
    ------
    ValueError
        As `corrected_t_test`.
    """
    test = corrected_t_test(differences, folds, confidence=confidence)
    return replace(test, p_value=1.0) if hardly_varies(differences) else test


def accuracy_interval(
    accuracy: npt.ArrayLike, right: Booleans, folds: int, *, confidence: float = 0.95
) -> tuple[Interval, Basis]:
    """Return the interval of a mean accuracy and what it is from.

    Parameters
    ----------
    accuracy : array-like, shape (repeats * folds,)
        The accuracy on each split.
    right, folds, confidence
        As in `compare_paired`.

    Returns
    -------
    interval : Interval
        In [0, 1]. From the splits if the accuracy varies, see `hardly_varies`. Otherwise from the
        lowest to the highest end of Wilson's intervals of the repeats.
    basis : {"splits", "rows"}
    """
    if not hardly_varies(accuracy):
        lower, upper = corrected_interval(accuracy, folds, confidence=confidence)
        return Interval(max(lower, 0.0), min(upper, 1.0)), "splits"
    counts = {int(count) for count in right.sum(axis=1)}
    ends = [wilson(count, right.shape[1], confidence=confidence) for count in counts]
    return Interval(min(end.lower for end in ends), max(end.upper for end in ends)), "rows"


def tango(first_only: int, second_only: int, rows: int, *, confidence: float = 0.95) -> Interval:
    r"""Return Tango's score interval of the difference of two paired proportions.

    It contains the differences :math:`\delta` that the observed b, c and n do not reject:

    .. math:: \left| \frac{b - c - n \delta}{\sqrt{n (2 q + \delta (1 - \delta))}} \right| \le z

    Here q is the likeliest probability of a row that only the second gets right if the difference
    is :math:`\delta`, and z a quantile of the normal distribution. As Wilson's interval, it has a
    width even if the models never disagree: it then ends at :math:`\pm z^2 / (n + z^2)`.

    Parameters
    ----------
    first_only, second_only : int
        The numbers b and c of rows that only the first and only the second gets right.
    rows : int
        The number n of rows, at least 1.
    confidence : float, default=0.95
        The confidence of the interval, in (0, 1).

    Returns
    -------
    Interval
        Within [-1, 1].

    Raises
    ------
    ValueError
        If the counts are impossible, or if `confidence` is out of range.

    References
    ----------
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for
    the paired-sample design. Statistics in Medicine 17, 891-908.
    """
    check_inside("confidence", confidence, 0, 1)
    if not (min(first_only, second_only) >= 0 and first_only + second_only <= rows >= 1):
        raise ValueError(
            f"counts must be possible, got {first_only} and {second_only} of {rows} rows"
        )
    critical = float(stats.norm.isf((1 - confidence) / 2))

    def excess(difference: float) -> float:
        """Return the squared distance from the observed difference beyond the critical one."""
        a = 2 * rows
        b = (a - first_only + second_only) * difference - first_only - second_only
        c = -second_only * difference * (1 - difference)
        likeliest = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
        variance = rows * (2 * likeliest + difference * (1 - difference))
        return (first_only - second_only - rows * difference) ** 2 - critical**2 * variance

    observed = (first_only - second_only) / rows
    # The observed difference is a root of its own if no row is, or all rows are, of one kind.
    starts = ((end, observed + 1e-9 * (end - observed)) for end in (-1.0, 1.0))
    lower, upper = (
        end if excess(end) <= 0 else optimize.brentq(excess, start, end, xtol=1e-12)
        for end, start in starts
    )
    return Interval(float(lower), float(upper))
