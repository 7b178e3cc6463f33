"""The corrected resampled t-test and its interval, with which the benchmarks compare the report's.

They follow from the scores of splits alone. The report's tests and intervals follow from what each
observation contributes, see `backprop.inference.influence`.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backprop.inference.intervals import DECIMALS, Ends, t_quantile, t_tail


@dataclass(frozen=True)
class CorrectedTest:
    """A model against a baseline: the corrected t-test and its interval.

    Attributes
    ----------
    mean : float
        The mean difference.
    standard_error : float
        Its corrected standard error; NaN if all differences are equal.
    degrees_of_freedom : int
        The number of differences minus one.
    t, p_value : float
        The statistic, and its two-sided p-value in [0, 1].
    lower, upper : float
        The confidence interval of the mean difference.
    confidence : float
        The confidence of that interval, in (0, 1).
    """

    mean: float
    standard_error: float
    degrees_of_freedom: int
    t: float
    p_value: float
    lower: float
    upper: float
    confidence: float


def corrected_t_test(
    differences: npt.ArrayLike, folds: int, *, confidence: float = 0.95
) -> CorrectedTest:
    r"""Compare two models by the corrected resampled t-test.

    With :math:`n = kr` differences of mean :math:`\bar d` and variance :math:`s^2` (ddof=1),

    .. math:: t = \frac{\bar d}{\sqrt{\left(\frac{1}{kr} + \frac{1}{k - 1}\right) s^2}}

    has :math:`kr - 1` degrees of freedom. The term :math:`1 / (k - 1)`, the ratio of test rows to
    training rows, accounts for the correlation :math:`1 / k` of differences that share training
    rows. Without it, any difference would become significant with enough repeats.

    Parameters
    ----------
    differences : array-like of shape (repeats * folds,)
        The score of the model minus the score of the baseline on each split, in any order.
    folds : int
        The number k of folds of each repeat, at least 2.
    confidence : float, default=0.95
        The confidence of the interval, in (0, 1).

    Returns
    -------
    CorrectedTest
        If all differences are equal, they say nothing about chance: the standard error, t and the
        interval are NaN, and p is 1.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning
    52, 239-281.

    Bouckaert, R. R. and Frank, E. (2004). Evaluating the replicability of significance tests for
    comparing learning algorithms. PAKDD 2004, LNCS 3056, 3-12.
    """
    mean, standard_error, degrees_of_freedom = corrected_moments(differences, folds)
    t = mean / standard_error
    margin = t_quantile((1 - confidence) / 2, degrees_of_freedom) * standard_error
    return CorrectedTest(
        mean=mean,
        standard_error=standard_error,
        degrees_of_freedom=degrees_of_freedom,
        t=t,
        p_value=1.0 if math.isnan(t) else 2 * t_tail(abs(t), degrees_of_freedom),
        lower=mean - margin,
        upper=mean + margin,
        confidence=confidence,
    )


def corrected_interval(scores: npt.ArrayLike, folds: int, *, confidence: float = 0.95) -> Ends:
    """Return the interval that `corrected_t_test` has, of scores in place of differences.

    It is symmetric about the mean and not clipped to the range of the metric. Both ends are NaN if
    all scores are equal: they say nothing about chance.
    """
    test = corrected_t_test(scores, folds, confidence=confidence)
    return Ends(test.lower, test.upper)


def corrected_moments(values: npt.ArrayLike, folds: int) -> tuple[float, float, int]:
    """Return the mean over all splits, its corrected standard error and the degrees of freedom.

    Values are rounded to `DECIMALS` first. Otherwise the rounding errors of two models with equal
    scores would give a variance such as 1e-34, and make them significantly different.

    Parameters
    ----------
    values : array-like of shape (repeats * folds,)
        The score, or the difference of two scores, on each split, in any order.
    folds : int
        The number k of folds of each repeat, at least 2.

    Returns
    -------
    mean, standard_error : float
        If all values are equal, the standard error is NaN: their variance says nothing.
    degrees_of_freedom : int
        The number of values minus one.
    """
    values = np.asarray(values, dtype=float).round(DECIMALS)
    if np.ptp(values) == 0:
        return float(values[0]), math.nan, values.size - 1
    variance = (1 / values.size + 1 / (folds - 1)) * values.var(ddof=1)
    return float(values.mean()), math.sqrt(variance), values.size - 1
