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

from backprop.inference.intervals import (
    DECIMALS,
    TAIL,
    Ends,
    normal_quantile,
    score_interval,
    t_quantile,
    t_tail,
)
from backprop.typing import Array

Basis = Literal["rows", "groups", "identical"]

FEWEST_DEGREES = 3.0  # of freedom, however unequal contributions are
FEW = 4.0  # observations: if they, or fewer, decide an unbounded score, it has no interval


LEAST, OF_ONE_REPEAT = 1 / 2, 4.0
"""What training adds to the variance of a score at least, times the folds less one: with several
repeats, or with one. To a difference it adds 1, the correction of Nadeau and Bengio (2003)."""

OF_REPEATS, OF_RANKS, OF_DIFFERENCE = 3 / 8, 5 / 8, 3 / 32
"""What it adds for a disagreement of repeats of 1, divided by the folds less one."""

SHIFTED = math.sqrt(3)
"""Standard errors by which thresholds are moved, to see what that does to a metric: the outer nodes
of the rule of three points by Gauss and Hermite, whose weights are 1/6."""


class Training(NamedTuple):
    """How the fits of a score, or of a difference, learn from the rows they are not tested on.

    Attributes
    ----------
    folds : float
        Folds of each repeat; 1 if one fit is tested on rows apart. If a share s of each training
        set is used, 1 + s times the folds less one.
    by_ranks : bool
        Whether it is of ranks within a fold.
    changes : array, shape (thresholds, 2), or ()
        What thresholds that another sample would give change: each of them if it is `SHIFTED`
        standard errors higher, and lower, divided by `SHIFTED`.
    is_difference : bool
    """

    folds: float
    by_ranks: bool = False
    changes: Array | tuple[()] = ()
    is_difference: bool = False

    @property
    def is_given(self) -> bool:
        """Whether fits are given, so that no training adds anything."""
        return self.folds == 1

    @property
    def shift(self) -> float:
        """The mean square of what the threshold changes that matters most, if it varies normally.

        The thresholds of two models move together, as the same rows move them.
        """
        return float((np.square(self.changes).sum(axis=-1) / 2).max(initial=0.0))

    @property
    def most(self) -> float:
        """The largest change."""
        return float(SHIFTED * np.abs(self.changes).max(initial=0.0))

    def against(self, other: "Training") -> "Training":
        """Return how the fits of the difference from another score learn."""
        changes: Array | tuple[()] = ()
        if len(self.changes) and len(other.changes):
            changes = np.subtract(self.changes, other.changes)
        return self._replace(changes=changes, is_difference=True)


class Estimate(NamedTuple):
    """A cross-validated score, and what each observation contributes to it.

    Attributes
    ----------
    value : float
        The mean score over the splits.
    contributions : array, shape (repeats, observations)
        By as much the score of a repeat would change without the observation, so that their squares
        sum to the variance of the score (the jackknife).
    training : Training
    proportion : {"rows", "classes"} or None
        Whether the score is a share of the rows, such as an accuracy, or a mean of the shares of
        the rows of each class.
    rows : int
        The number of rows, at least the number of observations.
    least : float
        The effective number of observations that the score depends on in the least: all for an
        accuracy, the smallest class for a score that gives classes the same weight; fewer if groups
        are unequal.
    equal : float
        The number of rows from which a share is known as well as this score, if all classes have
        the same.
    lowest, highest : float
        What the score can be; `highest` may be infinite.
    flip : float
        By how much the score changes if one row is right and no longer wrong, the root mean square
        over the rows; 0 for a score that does not count.
    cut_off : bool
        Whether the score depends on where probabilities of 0 are cut off, so that nothing is known
        about other rows.
    """

    value: float
    contributions: Array
    training: Training
    proportion: Literal["rows", "classes"] | None
    rows: int
    least: float
    equal: float
    lowest: float
    highest: float
    flip: float
    cut_off: bool = False

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
        Its 95% confidence interval, within what a difference can be.
    p_value : float
        Two-sided, in (0, 1].
    basis : {"rows", "groups", "identical"}
        What the observations are; or certainty, because both are the same model.
    t, standard_error, degrees_of_freedom : float
        Of the t-test; the standard error is NaN if nothing is known about other rows. If both are
        the same model, or no observation differs, it is 0, and the others are NaN.
    contributions : array, shape (observations,)
        What each observation contributes, the mean over the repeats.
    """

    mean: float
    lower: float
    upper: float
    p_value: float
    basis: Basis
    t: float
    standard_error: float
    degrees_of_freedom: float
    contributions: Array


def inflation(contributions: Array, training: Training) -> float:
    r"""Return by how much training multiplies the variance of a score, or of a difference.

    The contributions :math:`u_{rg}` have the variance between observations, for fits that are
    given. Fits of other samples would differ, the more so the more fits of this sample differ from
    each other: the fits of two repeats share most of their training rows. With the mean
    :math:`\bar u{}_g` of what an observation contributes in R repeats, and their variance
    :math:`s_g^2` (ddof=1), it is

    .. math::
        1 + \max\Bigl(\frac{a}{K - 1}, c \, (K - 1) \frac{\sum_g s_g^2}{\sum_g \bar u{}_g^2},
        \frac{D}{\sum_g \bar u{}_g^2}\Bigr)

    with K folds, and D, the `shift` of `Training`: all fits of a sample may agree on what other
    samples would not. Of a difference, a = 1: then the first term is the ratio of test to training
    rows, by which Nadeau and Bengio (2003) correct for shared training rows; and c = 3/32, or 0 if
    it has thresholds. Of a score, a = 1/2 (4 with one repeat, which has no :math:`s_g`) and c = 3/8
    (5/8 for ranks): these, and both c, were chosen by measurement, see ``benchmarks/coverage.py``.
    A fit that is tested on rows apart is given, and no training adds anything: 1.

    Parameters
    ----------
    contributions : array, shape (repeats, observations)
        As in `Estimate`; of a difference, one score's contributions minus the other's.
    training : Training

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning 52,
    239-281.
    """
    repeats = len(contributions)
    squares = np.square(contributions.mean(axis=0)).sum()
    between = contributions.var(axis=0, ddof=1).sum() if repeats > 1 else np.zeros(())
    return float(inflation_of_sums(squares, between, repeats, training))


def inflation_of_sums(squares: Array, between: Array, repeats: int, training: Training) -> Array:
    r"""Return `inflation` from its two sums, which may be arrays of one shape.

    Parameters
    ----------
    squares, between : array
        :math:`\sum_g \bar u{}_g^2` and :math:`\sum_g s_g^2`.
    repeats : int
    training : Training
    """
    if training.is_given:
        return np.ones_like(squares)
    others = training.folds - 1
    if training.is_difference:
        least, factor = 1.0, 0.0 if len(training.changes) else OF_DIFFERENCE
    else:
        least = OF_ONE_REPEAT if repeats == 1 else LEAST
        factor = OF_RANKS if training.by_ranks else OF_REPEATS
    added = np.maximum(factor * others * between, training.shift)
    seen = np.divide(added, squares, out=np.zeros_like(squares), where=squares > 0)
    return np.asarray(1 + np.maximum(least / others, seen))


def moments(contributions: Array, training: Training, flip: float = 0.0) -> tuple[float, float]:
    r"""Return the variance of a score or difference, and its degrees of freedom.

    With :math:`\bar u{}_g` the mean over the repeats of what observation g contributes,

    .. math::
        V &= \max\Bigl(f \sum_g \bar u{}_g^2, \sum_g \bar u{}_g^2 + 2 \, \text{flip}^2\Bigr) \\
        \nu &= \frac{2}{1 / m - 1 / n}

    where f is `inflation`, n the number of observations and m the `effective_number` of them.
    Repeats are averaged before squaring, as the score is their mean, too. The second sum counts
    two more rows, one in favour of each model, as Bonett and Price (2012) do for a difference of
    proportions: without it, two models that have the same rows right would be equal with certainty.
    :math:`\nu` is Satterthwaite's (1946): a sum of squares whose sample variance is that of the
    :math:`\bar u{}_g^2` varies as a chi-squared variable with as many degrees of freedom does.

    Returns
    -------
    variance, degrees_of_freedom : float
        The latter is at least `FEWEST_DEGREES`, and at most n - 1.

    References
    ----------
    Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components.
    Biometrics Bulletin 2, 110-114.
    """
    squares = np.square(contributions.mean(axis=0)).sum()
    variance = max(inflation(contributions, training) * squares, squares + 2 * flip**2)
    count, effective = contributions.shape[1], effective_number(contributions, flip)
    apart = 1 / effective - 1 / count if effective else 1.0
    degrees = min(2 / apart, count - 1.0) if apart > 0 else count - 1.0
    return float(variance), max(degrees, FEWEST_DEGREES)


def effective_number(contributions: Array, flip: float = 0.0) -> float:
    r"""Return how many equal observations a variance would be known from as well.

    It is :math:`m = (\sum_g \bar u{}_g^2)^2 / \sum_g \bar u{}_g^4`, with the symbols of `moments`.
    Both sums have the two rows that are added. It is 0 if nothing contributes.
    """
    squares = np.append(np.square(contributions.mean(axis=0)), [flip**2, flip**2])
    fourth = np.square(squares).sum()
    return float(squares.sum() ** 2 / fourth) if fourth > 0 else 0.0


def _few_decide(contributions: Array, training: Training) -> bool:
    """Return whether a few observations decide a score, see `FEW`.

    If fits are given, observations may be few: 10 that are alike have an effective number of 4.
    """
    effective, count = effective_number(contributions), contributions.shape[1]
    if training.is_given and 0 < effective < count:
        effective = 1 / (1 / effective - 1 / count)
    return effective <= FEW


def interval(estimate: Estimate, tail: float = TAIL) -> Ends:
    """Return the confidence interval of a score, by default of 95%.

    A bounded score is treated as a proportion of as many independent rows as would give it the
    variance of `moments`: its interval is Wilson's. For an accuracy of independent rows, there are
    not more of them than rows; for another score, the quantile is of a t distribution, whose
    degrees of freedom are `least` - 1 for a mean of shares, or else from `moments`; the fewer of
    the two, if fits are given. An unbounded score has a t interval of its logarithm, as it is
    skewed.

    Thresholds that the sample leaves open (`shift` of `Training`) move an end at most by the
    largest change that they make.

    Parameters
    ----------
    estimate : Estimate
    tail : float
        The probability of what is beyond each end.

    Returns
    -------
    Ends
        Within what the score can be. Both ends are NaN if an unbounded score does not vary, is cut
        off, or if a few rows decide it, so that nothing is known about others: if its
        `effective_number` is at most `FEW`.

    References
    ----------
    Wilson, E. B. (1927), see `backprop.inference.intervals.score_interval`.

    Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small expected
    number of positive counts estimated from survey data. Survey Methodology 24, 193-201.
    """
    if estimate.cut_off:
        return Ends(math.nan, math.nan)
    ends = _ends(estimate, tail)
    training = estimate.training
    if not training.shift:
        return ends
    near = _ends(estimate._replace(training=training._replace(changes=())), tail)
    most = training.most
    return Ends(max(ends.lower, near.lower - most), min(ends.upper, near.upper + most))


def _ends(estimate: Estimate, tail: float) -> Ends:
    """Return `interval`, but for the limit to what thresholds can change."""
    value = estimate.value
    variance, degrees = moments(estimate.contributions, estimate.training)
    degrees = _limited(degrees, estimate)
    if math.isinf(estimate.highest):
        if variance == 0 or value <= 0 or _few_decide(estimate.contributions, estimate.training):
            return Ends(math.nan, math.nan)
        factor = math.exp(t_quantile(tail, degrees) * math.sqrt(variance) / value)
        return Ends(value / factor, value * factor)
    width = estimate.highest - estimate.lowest
    share = min(max((value - estimate.lowest) / width, 0.0), 1.0)
    if variance > 0 and 0 < share < 1:
        size = share * (1 - share) * width**2 / variance
    else:
        size = estimate.equal / inflation(estimate.contributions, estimate.training)
    if estimate.proportion:
        size = min(size, estimate.rows)
    simple = estimate.proportion == "rows" and estimate.basis == "rows"  # as for independent trials
    critical = normal_quantile(tail) if simple else t_quantile(tail, degrees)
    lower, upper = score_interval(share, max(size, 1.0), critical)
    return Ends(estimate.lowest + width * lower, estimate.lowest + width * upper)


def _limited(degrees: float, estimate: Estimate) -> float:
    """Return the degrees of freedom of a score, from the ones of `moments`.

    Those of a share are `least` - 1; and if fits are given, no score has more.
    """
    least = max(estimate.least - 1, 1.0)
    if estimate.training.is_given:
        return min(degrees, least)
    return least if estimate.proportion else degrees


def compare(one: Estimate, other: Estimate, *, identical: bool = False) -> Difference:
    """Compare two scores on the same splits and observations, by a t-test.

    Parameters
    ----------
    one, other : Estimate
        Of the same metric.
    identical : bool, default=False
        Whether both are known to be of the same model.

    Returns
    -------
    Difference
        `one` minus `other`. If both are the same model, it is 0 with certainty. It has no interval,
        and p is 1, if no observation differs in a score that does not count; and of an unbounded
        score, if one of the two is cut off, or if a few rows decide the difference, as in
        `interval`.

    Notes
    -----
    The degrees of freedom are from `moments`. For a score that counts they are at least
    `least` - 1, those of a difference that its smallest class alone decides.

    References
    ----------
    Bonett, D. G. and Price, R. M. (2012). Adjusted Wald confidence interval for a difference of
    binomial proportions based on paired data. Journal of Educational and Behavioral Statistics 37,
    479-488.
    """
    contributions = one.contributions - other.contributions
    if identical:
        nan, none = math.nan, np.zeros(contributions.shape[1])
        return Difference(0.0, 0.0, 0.0, 1.0, "identical", nan, 0.0, nan, none)
    like = one._replace(cut_off=one.cut_off or other.cut_off)
    training = one.training.against(other.training)
    return _tested(one.value - other.value, like, contributions, training)


def compare_with_constant(one: Estimate, constant: float) -> Difference:
    """Compare a score with the score of constant predictions on the same rows, see `compare`.

    Parameters
    ----------
    one : Estimate
    constant : float
        The score of the constant predictions, known beforehand.
    """
    training = one.training._replace(changes=())
    return _tested(one.value - constant, one, one.contributions, training)


def _tested(mean: float, like: Estimate, contributions: Array, training: Training) -> Difference:
    """Test a difference of scores that are like a given one, see `compare`."""
    contributions = contributions.round(DECIMALS)
    averages = contributions.mean(axis=0)
    variance, degrees = moments(contributions, training, like.flip)
    if like.flip:
        degrees = max(degrees, like.least - 1)
    elif training.is_given:
        degrees = _limited(degrees, like)
    error, most = math.sqrt(variance), like.highest - like.lowest
    few = math.isinf(most) and _few_decide(contributions, training)
    if error and (like.cut_off or few):
        error = math.nan
    if not error > 0:
        nan = math.nan
        return Difference(mean, nan, nan, 1.0, like.basis, nan, error, nan, averages)
    margin = t_quantile(TAIL, degrees) * error
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
        contributions=averages,
    )
