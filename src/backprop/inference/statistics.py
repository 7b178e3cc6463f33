"""Inference from cross-validation on a single data set.

The scores of the splits of a repeated k-fold cross-validation are not independent: any two
training sets share most of their rows. The usual t-test takes them for independent and finds
differences that are not there. And the best of many configurations looks good by luck: it was
chosen by the very rows that it is judged on. The functions here correct for both, and say in words
what came out.

Scores are such that higher is better (pass the negative of a loss), a difference is that of a model
minus its baseline, and a positive one speaks for the model. Every function is pure: arrays in,
numbers out.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special, stats
from statsmodels.stats.multitest import multipletests

FloatArray = npt.NDArray[np.float64]
Outcome = Literal["better", "worse", "practically equal", "undecided"]

SIGNIFICANCE = 0.05  # an adjusted p-value below this is a difference
CERTAINTY = 0.95  # a posterior probability of at least this is practical equality
DECIMALS = 12  # scores that agree to this many decimals differ by rounding only
AT_ONCE = 1_000_000  # entries of an array in BBC-CV, for the memory of large grids


class Interval(NamedTuple):
    """The two ends of a confidence interval."""

    lower: float
    upper: float


@dataclass(frozen=True)
class Comparison:
    """A model against a baseline: the corrected t-test and its interval.

    Attributes
    ----------
    mean : float
        Mean difference.
    standard_error : float
        Its corrected standard error; infinite if all differences are equal, but not to 0.
    degrees_of_freedom : int
        Number of differences minus one.
    t, p_value : float
        The statistic, and its two-sided p-value in [0, 1].
    lower, upper : float
        Interval of the mean difference.
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


@dataclass(frozen=True)
class Posterior:
    """Probabilities, summing to 1, that the mean difference is below, in or above the rope.

    Attributes
    ----------
    worse, equal, better : float
        P(difference < -rope), P(-rope <= difference <= rope), P(difference > rope).
    rope : float
        Half the width of the region of practical equivalence.
    """

    worse: float
    equal: float
    better: float
    rope: float


@dataclass(frozen=True)
class Tuned:
    """What tuning is worth: the score to expect of a model that is the best of many candidates.

    Attributes
    ----------
    estimate : float
        Score of the tuned model, corrected for the choice.
    lower, upper : float
        Percentile interval of the estimate.
    naive : float
        Plain cross-validated score of the best candidate.
    optimism : float
        `naive` minus `estimate`: how much of the plain score was luck.
    best : int
        Index of the best candidate on all rows, the first one if several are.
    stability : float
        Share of the bootstrap samples, in [0, 1], that would choose `best` too.
    """

    estimate: float
    lower: float
    upper: float
    naive: float
    optimism: float
    best: int
    stability: float


class Unit(NamedTuple):
    """How to write a metric: its unit, units in a score of 1, and decimals to show."""

    name: str
    scale: float
    decimals: int


POINTS = Unit("points", 100, 1)  # percentage points, for accuracy and its like


def corrected_t_test(
    differences: npt.ArrayLike, folds: int, *, confidence: float = 0.95
) -> Comparison:
    r"""Compare two models by the corrected resampled t-test.

    With :math:`n = kr` differences of mean :math:`\bar d` and variance :math:`s^2` (ddof=1),

    .. math:: t = \frac{\bar d}{\sqrt{\left(\frac{1}{kr} + \frac{1}{k - 1}\right) s^2}}

    has :math:`kr - 1` degrees of freedom. The term :math:`1 / (k - 1)`, the number of test rows to
    training rows, stands for the correlation :math:`1 / k` of the differences that share training
    rows; without it, more repeats would make anything significant.

    Parameters
    ----------
    differences : array-like of shape (repeats * folds,)
        Score of the model minus score of the baseline on each split, in any order.
    folds : int
        Folds k of each repeat, at least 2.
    confidence : float, default=0.95
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Comparison
        If all differences are 0, so are the interval and t, and p is 1. If all have another value,
        they tell nothing of their spread, and so nothing of chance: the standard error and the
        interval are infinite, t is 0 and p is 1.

    Raises
    ------
    ValueError
        If a difference is not finite (what a diverged fit counts is for the caller to decide), the
        differences are not a whole number of repeats, or an argument is out of range.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning
    52, 239-281.

    Bouckaert, R. R. and Frank, E. (2004). Evaluating the replicability of significance tests for
    comparing learning algorithms. PAKDD 2004, LNCS 3056, 3-12.
    """
    mean, standard_error, degrees_of_freedom = _moments_of_differences(differences, folds)
    t = mean / standard_error if standard_error else 0.0
    margin = _margin(standard_error, degrees_of_freedom, confidence)
    return Comparison(
        mean=mean,
        standard_error=standard_error,
        degrees_of_freedom=degrees_of_freedom,
        t=t,
        p_value=float(2 * stats.t.sf(abs(t), degrees_of_freedom)),
        lower=mean - margin,
        upper=mean + margin,
        confidence=confidence,
    )


def corrected_interval(scores: npt.ArrayLike, folds: int, *, confidence: float = 0.95) -> Interval:
    """Interval of a mean cross-validated score, with the variance of `corrected_t_test`.

    It is symmetric about the mean and not clipped to the range of the metric.

    Parameters
    ----------
    scores : array-like of shape (repeats * folds,)
        Score on each split, in any order.
    folds : int
        Folds k of each repeat, at least 2.
    confidence : float, default=0.95
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Interval
        The one point `mean`, if all scores are equal.

    Raises
    ------
    ValueError
        As `corrected_t_test`.

    References
    ----------
    Nadeau, C. and Bengio, Y. (2003). Inference for the generalization error. Machine Learning
    52, 239-281.
    """
    mean, standard_error, degrees_of_freedom = _corrected_moments(scores, folds)
    margin = _margin(standard_error, degrees_of_freedom, confidence)
    return Interval(mean - margin, mean + margin)


def posterior(differences: npt.ArrayLike, folds: int, *, rope: float = 0.01) -> Posterior:
    r"""Bayesian correlated t-test with a region of practical equivalence.

    Under the non-informative prior and the correlation :math:`1 / k`, the mean difference has the
    posterior

    .. math:: \mu \sim t_{kr - 1}\left(\bar d,
              \left(\tfrac{1}{kr} + \tfrac{1}{k - 1}\right) s^2\right)

    a t distribution with the mean, the scale and the degrees of freedom of `corrected_t_test`.
    Unlike a p-value, it can also say that two models are equal for all practical purposes.

    Parameters
    ----------
    differences : array-like of shape (repeats * folds,)
        Score of the model minus score of the baseline on each split, in any order.
    folds : int
        Folds k of each repeat, at least 2.
    rope : float, default=0.01
        Differences in [-rope, rope] are of no practical interest. Not negative; in the metric's
        own unit.

    Returns
    -------
    Posterior
        If all differences are 0, all probability is there. If all have another value, nothing is
        known of their spread: the probabilities of worse and better are one half.

    Raises
    ------
    ValueError
        As `corrected_t_test`, or if `rope` is negative or not finite.

    References
    ----------
    Corani, G. and Benavoli, A. (2015). A Bayesian approach for comparing cross-validated
    algorithms on multiple data sets. Machine Learning 100, 285-304.
    """
    if not 0 <= rope < math.inf:
        raise ValueError(f"rope must be at least 0 and finite, got {rope}")
    mean, scale, degrees_of_freedom = _moments_of_differences(differences, folds)
    if scale == 0:
        return Posterior(worse=0.0, equal=1.0, better=0.0, rope=rope)
    below, above = (-rope - mean) / scale, (rope - mean) / scale
    distribution = stats.t(degrees_of_freedom)
    return Posterior(
        worse=float(distribution.cdf(below)),
        equal=float(distribution.cdf(above) - distribution.cdf(below)),
        better=float(distribution.sf(above)),
        rope=rope,
    )


def holm(p_values: npt.ArrayLike) -> FloatArray:
    r"""Adjust p-values for the number of tests made, by Holm's step-down procedure.

    Of m p-values in ascending order, the i-th becomes
    :math:`\max_{j \le i} \min(1, (m - j + 1) p_{(j)})`. Rejecting those below :math:`\alpha` keeps
    the probability of any false rejection at most :math:`\alpha`, however the tests depend.

    Parameters
    ----------
    p_values : array-like of shape (tests,)
        Raw p-values in [0, 1].

    Returns
    -------
    ndarray of shape (tests,)
        Adjusted p-values in [0, 1], in the order given.

    Raises
    ------
    ValueError
        If a p-value is outside [0, 1] or not a number.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6, 65-70.
    """
    raw = np.asarray(p_values, dtype=float)
    if not ((raw >= 0) & (raw <= 1)).all():
        raise ValueError(f"p-values must be in [0, 1], got {raw}")
    if not raw.size:
        return raw  # statsmodels divides by the number of tests
    adjusted: FloatArray = multipletests(raw, method="holm")[1]
    return adjusted


def mcnemar(first_only: int, second_only: int) -> float:
    r"""Exact two-sided McNemar test of two classifiers on the same rows.

    If the two are equally good, each row that only one of them gets right is a fair coin:
    `first_only` :math:`\sim B(b + c, 1/2)`, where b and c are the two counts. Rows that both get
    right, or both wrong, say nothing.

    Parameters
    ----------
    first_only, second_only : int
        Rows that only the first, only the second classifier gets right. Not negative.

    Returns
    -------
    float
        The p-value in (0, 1]; 1 if the classifiers never disagree.

    Raises
    ------
    ValueError
        If a count is negative.

    References
    ----------
    McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions
    or percentages. Psychometrika 12, 153-157.
    """
    if first_only == second_only == 0:
        return 1.0
    return float(_binomial_test(first_only, first_only + second_only).pvalue)


def wilson(successes: int, trials: int, *, confidence: float = 0.95) -> Interval:
    r"""Wilson's score interval of a proportion.

    The proportions :math:`\pi` that the observed :math:`\hat p = x / n` does not reject,
    :math:`|\hat p - \pi| \le z \sqrt{\pi (1 - \pi) / n}`: unlike
    :math:`\hat p \pm z \sqrt{\hat p (1 - \hat p) / n}` it stays in [0, 1] and keeps a width when
    all trials or none succeed.

    Parameters
    ----------
    successes : int
        Successes x, in 0 to `trials`.
    trials : int
        Trials n, at least 1.
    confidence : float, default=0.95
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Interval
        Within [0, 1].

    Raises
    ------
    ValueError
        If an argument is out of range.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    """
    _check_inside("confidence", confidence, 0, 1)
    result = _binomial_test(successes, trials).proportion_ci(confidence, method="wilson")
    return Interval(float(result.low), float(result.high))


def minimum_detectable_difference(
    standard_error: float,
    degrees_of_freedom: int,
    *,
    significance: float = SIGNIFICANCE,
    power: float = 0.8,
) -> float:
    r"""Find the smallest true difference that a two-sided t-test detects with probability `power`.

    It is :math:`\delta \cdot` `standard_error`, where the noncentral t distribution
    :math:`T_\delta` exceeds the critical value with that probability:

    .. math:: P(T_\delta > t_{1 - \alpha / 2}) = \text{power}

    Detecting a difference of the wrong sign does not count.

    Parameters
    ----------
    standard_error : float
        Standard error of the mean difference, such as `Comparison.standard_error`. Not negative.
    degrees_of_freedom : int
        Degrees of freedom of the test, at least 1.
    significance : float, default=0.05
        Two-sided level of the test, in (0, 1).
    power : float, default=0.8
        Probability of detecting the difference, in (significance / 2, 1).

    Returns
    -------
    float
        In the unit of `standard_error`, not negative.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    The textbook sum :math:`t_{1 - \alpha / 2} + t_{\text{power}}` takes a t distribution that is
    shifted for one that is noncentral: 1% too small with 4 degrees of freedom, 14% with 1, and
    right to 0.1% from 19 on. The exact solution is as short. It takes the standard error for the
    true one; with an estimated one, the result is an estimate.
    """
    if not (standard_error >= 0 and degrees_of_freedom >= 1):
        raise ValueError(
            "standard_error must be at least 0, and degrees_of_freedom at least 1, "
            f"got {standard_error} and {degrees_of_freedom}"
        )
    _check_inside("significance", significance, 0, 1)
    _check_inside("power", power, significance / 2, 1)
    critical = stats.t.isf(significance / 2, degrees_of_freedom)
    return float(special.nctdtrinc(degrees_of_freedom, 1 - power, critical) * standard_error)


def bbc_cv(
    scores: npt.ArrayLike,
    generator: np.random.Generator,
    *,
    resamples: int = 5000,
    confidence: float = 0.95,
) -> Tuned:
    r"""Bootstrap bias corrected cross-validation: the score to expect of a *tuned* model.

    The choice of the best candidate is repeated on bootstrap samples of the rows, and judged on the
    rows that had no say in it. For candidate c and row i let :math:`s_{ci}` be the out-of-fold
    score, and :math:`m_{bi}` how often sample b draws row i:

    .. math::
        c_b &= \arg\max_c \sum_i m_{bi} s_{ci} \\
        L_b &= \operatorname{mean} \{ s_{c_b i} : m_{bi} = 0 \}

    The estimate is the mean of :math:`L_b`, its interval their percentiles. Nothing is trained.

    Parameters
    ----------
    scores : array-like of shape (candidates, rows)
        Out-of-fold score of each row under each candidate, higher is better: 1 if right and 0 if
        wrong for accuracy, the negative of a row's squared error or log loss. With repeated
        cross-validation, the mean over the repeats: a row is drawn with all its repeats, so only
        this mean matters. Metrics that are no mean over rows, such as AUC, do not fit.
    generator : numpy.random.Generator
        Source of the bootstrap samples. The order of the candidates does not change what is drawn.
    resamples : int, default=5000
        Bootstrap samples. The few that happen to leave no row out are dropped.
    confidence : float, default=0.95
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Tuned
        The corrected and the plain score, and how stable the choice is.

    Raises
    ------
    ValueError
        If `scores` is not of shape (1 or more, 2 or more), holds a value that is not finite (what a
        diverged fit counts is for the caller to decide), or an argument is out of range.

    Notes
    -----
    Candidates that tie for the best of a sample share it: :math:`L_b` is their mean. Choosing the
    first instead would let the order of a grid decide, and ties are common in accuracies.

    A bootstrap sample holds about 63% of the rows, and the remaining 37% judge: the choice is made
    on less than all the data, and the interval is a cautious (wide) one.

    References
    ----------
    Tsamardinos, I., Greasidou, E. and Borboudakis, G. (2018). Bootstrapping the out-of-sample
    predictions for efficient and accurate cross-validation. Machine Learning 107, 1895-1922.
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim != 2 or scores.shape[0] < 1 or scores.shape[1] < 2:
        raise ValueError(f"scores must have shape (1 or more, 2 or more), got {scores.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    if resamples < 1:
        raise ValueError(f"resamples must be at least 1, got {resamples}")
    _check_inside("confidence", confidence, 0, 1)

    rows = scores.shape[1]
    draws = generator.multinomial(rows, np.full(rows, 1 / rows), size=resamples)
    draws = draws[(draws == 0).any(axis=1)].astype(float)
    left_out = (draws == 0).astype(float)
    worth, stability = np.empty(len(draws)), np.zeros(len(scores))
    parts = max(1, -(-len(draws) * len(scores) // AT_ONCE))
    for some in np.array_split(np.arange(len(draws)), parts):
        inside = (draws[some] @ scores.T / rows).round(DECIMALS)  # (resamples, candidates)
        outside = left_out[some] @ scores.T / left_out[some].sum(axis=1, keepdims=True)
        chosen = (inside == inside.max(axis=1, keepdims=True)).astype(float)
        chosen /= chosen.sum(axis=1, keepdims=True)
        worth[some] = (chosen * outside).sum(axis=1)
        stability += chosen.sum(axis=0) / len(draws)

    estimate = float(worth.mean())
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(worth, [tail, 1 - tail])
    means = scores.mean(axis=1).round(DECIMALS)
    best = int(means.argmax())
    naive = float(means[best])
    return Tuned(
        estimate=estimate,
        lower=float(lower),
        upper=float(upper),
        naive=naive,
        optimism=naive - estimate,
        best=best,
        stability=float(stability[best]),
    )


def outcome(comparison: Comparison, p_value: float, posterior: Posterior) -> Outcome:
    """Decide what a comparison says.

    The first of these rules that applies:

    1. *practically equal*, if the posterior probability of the rope is at least 0.95;
    2. *better* or *worse*, by the sign of the mean difference, if the p-value is below 0.05;
    3. *undecided* otherwise: these data cannot tell.

    Practical equality comes first, since with little variance a difference can be significant
    and yet too small to matter (Kruschke 2018).

    Parameters
    ----------
    comparison : Comparison
        From `corrected_t_test`.
    p_value : float
        Its p-value after adjustment for all comparisons made, from `holm`.
    posterior : Posterior
        From `posterior`, for the same differences.

    Returns
    -------
    {"better", "worse", "practically equal", "undecided"}
        What the model is, against the baseline.

    Raises
    ------
    ValueError
        If `p_value` is outside [0, 1] or not a number.

    References
    ----------
    Kruschke, J. K. (2018). Rejecting or accepting parameter values in Bayesian estimation. Advances
    in Methods and Practices in Psychological Science 1, 270-280.
    """
    if not 0 <= p_value <= 1:
        raise ValueError(f"p_value must be in [0, 1], got {p_value}")
    if posterior.equal >= CERTAINTY:
        return "practically equal"
    if p_value < SIGNIFICANCE:
        return "better" if comparison.mean > 0 else "worse"
    return "undecided"


def verdict(
    name: str,
    baseline_name: str,
    comparison: Comparison,
    p_value: float,
    posterior: Posterior,
    detectable: float,
    *,
    unit: Unit = POINTS,
) -> str:
    """Say the `outcome` of a comparison in one sentence, with its numbers.

    After the difference, its interval and the adjusted p-value comes what the outcome leaves open:
    whether a difference matters, how equal is equal, what could have been found at all.

    Parameters
    ----------
    name, baseline_name : str
        What to call the model and its baseline.
    comparison, p_value, posterior
        As in `outcome`.
    detectable : float
        From `minimum_detectable_difference`.
    unit : Unit, default=POINTS
        How to write differences; for a log loss for example ``Unit("nats", 1, 3)``.

    Returns
    -------
    str
        A sentence without its full stop, to stand in a table as well as in prose.

    Raises
    ------
    ValueError
        As `outcome`.

    Examples
    --------
    >>> differences = [0.01, -0.02, 0.03, 0.0, 0.01]
    >>> comparison = corrected_t_test(differences, 5)
    >>> verdict("the network", "logistic regression", comparison, comparison.p_value,
    ...         posterior(differences, 5), 0.052)  # doctest: +NORMALIZE_WHITESPACE
    'the network is indistinguishable from logistic regression: difference +0.6 points,
    95% interval -2.8 to +4.0, adjusted p = 0.648; this design could detect 5.2 points'
    """
    found = f"difference {_amount(comparison.mean, unit, '+')} {unit.name}"
    if math.isinf(comparison.standard_error):
        return (
            f"{name} is indistinguishable from {baseline_name}: {found} on every split, so that "
            "nothing is known of its spread"
        )
    rope = f"{_amount(posterior.rope, unit)} {unit.name}"
    relation, rest = {
        "better": (
            "better than",
            f"P(better by more than {rope}) {_probability(posterior.better)}",
        ),
        "worse": (
            "worse than",
            f"P(worse by more than {rope}) {_probability(posterior.worse)}",
        ),
        "practically equal": (
            "practically equal to",
            f"P(within {rope} of each other) {_probability(posterior.equal)}",
        ),
        "undecided": (
            "indistinguishable from",
            f"this design could detect {_amount(detectable, unit)} {unit.name}",
        ),
    }[outcome(comparison, p_value, posterior)]
    return (
        f"{name} is {relation} {baseline_name}: {found}, "
        f"{100 * comparison.confidence:g}% interval {_amount(comparison.lower, unit, '+')} "
        f"to {_amount(comparison.upper, unit, '+')}, "
        f"adjusted p {_probability(p_value)}; {rest}"
    )


def _moments_of_differences(differences: npt.ArrayLike, folds: int) -> tuple[float, float, int]:
    """Give `_corrected_moments`, but an infinite standard error to a constant that is not 0."""
    mean, standard_error, degrees_of_freedom = _corrected_moments(differences, folds)
    return mean, standard_error or (math.inf if mean else 0.0), degrees_of_freedom


def _corrected_moments(values: npt.ArrayLike, folds: int) -> tuple[float, float, int]:
    """Mean of the values of all splits, its corrected standard error and degrees of freedom.

    Values are rounded to `DECIMALS` first, so that two models with the same scores are the same
    even where their floating-point sums are not: a variance of 1e-34 would make them significant.
    """
    values = np.asarray(values, dtype=float)
    if folds < 2:
        raise ValueError(f"folds must be at least 2, got {folds}")
    if values.ndim != 1 or not values.size or values.size % folds:
        raise ValueError(
            f"expected one value for each of {folds} folds in each repeat, got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("values must be finite: decide first what a diverged fit counts")
    values = values.round(DECIMALS)
    if np.ptp(values) == 0:
        return float(values[0]), 0.0, values.size - 1
    variance = (1 / values.size + 1 / (folds - 1)) * values.var(ddof=1)
    return float(values.mean()), math.sqrt(variance), values.size - 1


def _binomial_test(successes: int, trials: int) -> Any:
    """Test a proportion against 1/2. For impossible counts, SciPy 1.18 gives NaN."""
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"counts must be possible, got {successes} successes in {trials} trials")
    return stats.binomtest(successes, trials, 0.5)


def _margin(standard_error: float, degrees_of_freedom: int, confidence: float) -> float:
    """Half the width of a t interval."""
    _check_inside("confidence", confidence, 0, 1)
    return float(stats.t.isf((1 - confidence) / 2, degrees_of_freedom) * standard_error)


def _check_inside(name: str, value: float, low: float, high: float) -> None:
    """Refuse a value that is not strictly between two bounds."""
    if not low < value < high:
        raise ValueError(f"{name} must be between {low} and {high}, got {value}")


def _amount(value: float, unit: Unit, sign: str = "") -> str:
    """Write a difference in its unit; what rounds to zero has no minus."""
    return f"{value * unit.scale:{sign}z.{unit.decimals}f}"


def _probability(value: float) -> str:
    """Write a probability with its relation sign: never a 0 or 1 that is none."""
    if value < 0.001:
        return "< 0.001"
    return f"= {value:.3g}" if value <= 0.999 else "> 0.999"
