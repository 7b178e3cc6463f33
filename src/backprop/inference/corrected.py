"""The corrected resampled t-test, which follows from the scores of splits alone.

The report's own tests follow from what each observation contributes, see
`backprop.inference.influence`.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop.inference.intervals import DECIMALS, TAIL, t_quantile, t_tail


class CorrectedTest(NamedTuple):
    """A mean over splits, with its standard error, degrees of freedom, t, p-value and interval."""

    mean: float
    standard_error: float
    degrees_of_freedom: int
    t: float
    p_value: float
    lower: float
    upper: float


def corrected_t_test(differences: npt.ArrayLike, folds: int) -> CorrectedTest:
    r"""Compare two models by the corrected resampled t-test.

    With :math:`n = kr` differences of mean :math:`\bar d` and variance :math:`s^2` (ddof=1),

    .. math:: t = \frac{\bar d}{\sqrt{\left(\frac{1}{kr} + \frac{1}{k - 1}\right) s^2}}

    has :math:`kr - 1` degrees of freedom. The term :math:`1 / (k - 1)`, the ratio of test rows to
    training rows, accounts for the correlation :math:`1 / k` of differences that share training
    rows. Without it, any difference would become significant with enough repeats.

    Parameters
    ----------
    differences : array-like of shape (repeats * folds,)
        The score of the model minus the score of the baseline on each split, in any order. Rounded
        to `DECIMALS`: else the rounding errors of two models with equal scores would give a
        variance such as 1e-34, and make them significantly different.
    folds : int
        The number k of folds of each repeat, at least 2.

    Returns
    -------
    CorrectedTest
        If all differences are equal, they say nothing about chance: the standard error, t and the
        interval are NaN, and p is 1. The interval is symmetric, and not clipped to what a
        difference can be.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning
    52, 239-281.

    Bouckaert, R. R. and Frank, E. (2004). Evaluating the replicability of significance tests for
    comparing learning algorithms. PAKDD 2004, LNCS 3056, 3-12.
    """
    values = np.asarray(differences, dtype=float).round(DECIMALS)
    mean, degrees = float(values.mean()), values.size - 1
    variance = (1 / values.size + 1 / (folds - 1)) * values.var(ddof=1)
    error = math.sqrt(variance) if np.ptp(values) > 0 else math.nan
    t = mean / error
    margin = t_quantile(TAIL, degrees) * error
    p = 1.0 if math.isnan(t) else 2 * t_tail(abs(t), degrees)
    return CorrectedTest(mean, error, degrees, t, p, mean - margin, mean + margin)
