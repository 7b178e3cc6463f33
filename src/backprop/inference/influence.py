"""Intervals and comparisons of cross-validated scores, from what each observation contributes.

Stratified folds all have the same class shares, so scores of folds vary less than scores of new
data do: an interval from the spread between folds is too narrow if classes are unequal. Here the
observations are the sample. An observation is a row, or a group of rows that belong together, and
contributes its share of the difference between the score and its expectation: its influence.

References
----------
LeDell, E., Petersen, M. and van der Laan, M. (2015). Computationally efficient confidence intervals
for cross-validated area under the ROC curve estimates. Electronic Journal of Statistics 9,
1583-1607.

Bayle, P., Bayle, A., Janson, L. and Mackey, L. (2020). Cross-validation confidence intervals for
test error. Advances in Neural Information Processing Systems 33.
"""

import math
from typing import Literal, NamedTuple

import numpy as np

from backprop.inference.intervals import DECIMALS, Interval, check_inside, score_interval
from backprop.inference.quantiles import normal_quantile, t_quantile, t_tail
from backprop.typing import Array

Basis = Literal["rows", "groups", "identical"]

FEWEST_DEGREES = 3.0  # of freedom, however unequal contributions are


class Estimate(NamedTuple):
    """A cross-validated score, and what each observation contributes to it.

    Attributes
    ----------
    value : float
        The mean score over the splits.
    contributions : array, shape (repeats, observations)
        Those of a repeat sum to 0, up to rounding. Their squares sum to about the variance of the
        score of one repeat.
    folds : int
        Folds of each repeat, at least 2.
    counts : bool
        Whether the score is a share of the rows, such as an accuracy.
    rows : int
        The number of rows, at least that of the observations.
    least : int
        The number of observations that the score depends on in the least: all for an accuracy,
        those of the smallest class for a score that gives classes the same weight.
    lowest, highest : float
        What the score can be; `highest` may be infinite.
    flip : float
        By how much a score changes if one observation is right and no longer wrong; 0 for a score
        that does not count.
    """

    value: float
    contributions: Array
    folds: int
    counts: bool
    rows: int
    least: int
    lowest: float
    highest: float
    flip: float

    @property
    def basis(self) -> Basis:
        """What the observations are."""
        return "rows" if self.contributions.shape[1] == self.rows else "groups"


class Difference(NamedTuple):
    """The difference of two scores on the same observations, with its interval and test.

    Attributes
    ----------
    mean : float
        The mean difference over the splits.
    lower, upper : float
        Its confidence interval, within what a difference can be.
    p_value : float
        Two-sided, in (0, 1].
    basis : {"rows", "groups", "identical"}
        What the observations are; or certainty, because both are the same model.
    t, standard_error, degrees_of_freedom : float
        Those of the t-test. NaN if both are the same model, or if no observation differs.
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
    degrees_of_freedom: float
    confidence: float


def inflation(folds: int, repeats: int) -> float:
    r"""Return by how much training adds to the variance of a score.

    .. math:: 1 + \frac{1 + 3 / r}{2 (k - 1)}

    The contributions have the variance between observations, for fits that are given. Fits of other
    samples would differ, and so would those of another partition into folds, the more the larger
    the test fold is, compared with the training rows: :math:`1 / (k - 1)`. Repeats average over
    partitions. The two constants were chosen by measurement, see ``benchmarks/coverage.py``:
    without them, the interval of a decision tree covers 83% where this one covers 90%. Nadeau and
    Bengio (2003) have the same ratio, for the variance between splits.

    Parameters
    ----------
    folds : int
        At least 2.
    repeats : int
        At least 1.
    """
    return 1 + (1 + 3 / repeats) / (2 * (folds - 1))


def moments(contributions: Array, folds: int, flip: float = 0.0) -> tuple[float, float]:
    r"""Return the variance of a score or difference, and its degrees of freedom.

    With :math:`u_{rg}` what observation g of G contributes in repeat r, and
    :math:`\bar u{}_g` its mean over the repeats,

    .. math::
        V &= f \frac{G}{G - 1} \operatorname{mean}_r \sum_g u_{rg}^2 + 2 \, \text{flip}^2 \\
        \nu &= \frac{\bigl(\sum_g \bar u{}_g^2\bigr)^2}{\sum_g \bar u{}_g^4} - 1

    where f is `inflation`. The second term counts two more observations, one in favour of each
    model, as Bonett and Price (2012) do for a difference of proportions: without it, two models
    that have the same rows right would be equal with certainty. :math:`\nu` is G - 1 if all
    contribute as much; it is small if a few rows of a small class decide.

    Returns
    -------
    variance, degrees_of_freedom : float
        The latter is at least `FEWEST_DEGREES`.
    """
    repeats, observations = contributions.shape
    squares = np.square(contributions).sum(axis=1).mean()
    variance = inflation(folds, repeats) * observations / (observations - 1) * squares
    mean = np.square(contributions.mean(axis=0))
    fourth = np.square(mean).sum()
    degrees = mean.sum() ** 2 / fourth - 1 if fourth > 0 else 0.0
    return float(variance + 2 * flip**2), float(max(degrees, FEWEST_DEGREES))


def interval(estimate: Estimate, *, confidence: float = 0.95) -> Interval:
    """Return the confidence interval of a score.

    A bounded score is treated as a proportion of as many independent rows as would give it the
    variance of `moments`, at most all rows: its interval is Wilson's, with a quantile of the t
    distribution if this number is estimated. For an accuracy of independent rows it is not. An
    unbounded score has a t interval of its logarithm, as it is skewed.

    Parameters
    ----------
    estimate : Estimate
    confidence : float, default=0.95
        In (0, 1).

    Returns
    -------
    Interval
        Within what the score can be. Both ends are NaN if an unbounded score does not vary, or if
        a few rows decide it, so that nothing is known about others: with `FEWEST_DEGREES`.

    References
    ----------
    Wilson, E. B. (1927), see `backprop.inference.intervals.score_interval`.

    Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small expected
    number of positive counts estimated from survey data. Survey Methodology 24, 193-201.
    """
    check_inside("confidence", confidence, 0, 1)
    value, folds = estimate.value, estimate.folds
    variance, degrees = moments(estimate.contributions, folds)
    tail = (1 - confidence) / 2
    if math.isinf(estimate.highest):
        if variance == 0 or value <= 0 or degrees <= FEWEST_DEGREES:
            return Interval(math.nan, math.nan)
        factor = math.exp(t_quantile(tail, degrees) * math.sqrt(variance) / value)
        return Interval(value / factor, value * factor)
    width = estimate.highest - estimate.lowest
    share = min(max((value - estimate.lowest) / width, 0.0), 1.0)
    factor = inflation(folds, len(estimate.contributions))
    critical, size = t_quantile(tail, degrees), estimate.rows / factor
    if estimate.counts and estimate.basis == "rows":
        critical = normal_quantile(tail)  # the share alone decides the variance
    elif variance > 0 and 0 < share < 1:
        size = min(share * (1 - share) * width**2 / variance, size)
    else:
        size = estimate.least / factor
        critical = t_quantile(tail, estimate.least - 1)
    lower, upper = score_interval(share, max(size, 1.0), critical)
    return Interval(estimate.lowest + width * lower, estimate.lowest + width * upper)


def compare(
    one: Estimate, other: Estimate, *, identical: bool = False, confidence: float = 0.95
) -> Difference:
    """Compare two scores on the same splits and observations, by a t-test.

    Parameters
    ----------
    one, other : Estimate
        Of the same metric.
    identical : bool, default=False
        Whether both are known to be of the same model.
    confidence : float, default=0.95
        In (0, 1).

    Returns
    -------
    Difference
        `one` minus `other`. If both are the same model, it is 0 with certainty. If no observation
        differs in a score that does not count, it has no interval, and p is 1.

    Notes
    -----
    The degrees of freedom are those of `moments`. For a score that counts they are `least` - 1,
    as if its smallest class alone decided.

    References
    ----------
    Bonett, D. G. and Price, R. M. (2012). Adjusted Wald confidence interval for a difference of
    binomial proportions based on paired data. Journal of Educational and Behavioral Statistics 37,
    479-488.
    """
    return _tested(
        one.value - other.value,
        one,
        one.contributions - other.contributions,
        identical=identical,
        confidence=confidence,
    )


def compare_with_constant(
    one: Estimate, constant: float, contributions: Array | float = 0.0
) -> Difference:
    """Compare a score with that of constant predictions on the same rows, see `compare`.

    Parameters
    ----------
    one : Estimate
    constant : float
        The score of the constant predictions.
    contributions : array, shape (observations,), default=0.0
        What each observation contributes to it; 0 if it is known beforehand.
    """
    return _tested(one.value - constant, one, one.contributions - contributions)


def _tested(
    mean: float,
    like: Estimate,
    contributions: Array,
    *,
    identical: bool = False,
    confidence: float = 0.95,
) -> Difference:
    """Test a difference of scores that are like a given one, see `compare`."""
    check_inside("confidence", confidence, 0, 1)
    if identical:
        nan = math.nan
        return Difference(0.0, 0.0, 0.0, 1.0, "identical", nan, nan, nan, confidence)
    contributions = contributions.round(DECIMALS)
    variance, degrees = moments(contributions, like.folds, like.flip)
    if like.flip:  # contributions are 0 or one of a few values, and two more are counted
        degrees = like.least - 1
    error = math.sqrt(variance)
    if not error:
        nan = math.nan
        return Difference(mean, nan, nan, 1.0, like.basis, nan, nan, nan, confidence)
    margin = t_quantile((1 - confidence) / 2, degrees) * error
    most = like.highest - like.lowest
    t = mean / error
    return Difference(
        mean=mean,
        lower=max(mean - margin, -most),
        upper=min(mean + margin, most),
        p_value=2 * t_tail(abs(t), degrees),
        basis=like.basis,
        t=t,
        standard_error=error,
        degrees_of_freedom=degrees,
        confidence=confidence,
    )
