"""The mean of a difference over data sets, and what to expect on the next one."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backprop.inference.intervals import NORMAL, TAIL, Ends
from backprop.inference.tests import Posterior
from backprop.typing import Array

FEWEST = 3  # data sets; with two, the data say nothing of their spread
NODES = 4_000  # of the spread, for integrals


class Mixture(NamedTuple):
    """A distribution: a mixture of normal ones.

    Attributes
    ----------
    weights, means, deviations : arrays, shape (m,)
        The weights sum to 1.
    """

    weights: Array
    means: Array
    deviations: Array

    def below(self, value: float) -> float:
        """Return the probability of what is below a value."""
        from scipy import special

        return float(self.weights @ special.ndtr((value - self.means) / self.deviations))

    def quantile(self, share: float) -> float:
        """Return the value that has this share of the probability below it."""
        from scipy import optimize

        reach = 40 * self.deviations
        ends = float((self.means - reach).min()), float((self.means + reach).max())
        return float(
            optimize.brentq(lambda x: self.below(x) - share, *ends, xtol=1e-14, rtol=1e-14)
        )

    @property
    def interval(self) -> Ends:
        """The 95% interval, with equal tails."""
        return Ends(self.quantile(TAIL), self.quantile(1 - TAIL))

    def posterior(self, rope: float) -> Posterior:
        """Return how probable it is to be below, in or above the rope."""
        worse, better = self.below(-rope), 1 - self.below(rope)
        return Posterior(worse=worse, equal=1 - worse - better, better=better)


class Pooled(NamedTuple):
    """What several data sets say together.

    Attributes
    ----------
    mean : float
        The mean difference over the data sets that these are drawn from.
    of_mean, of_next : Mixture
        The posterior of this mean, and the difference to expect on another such data set.
    spread, spread_lower, spread_upper : float
        The standard deviation of the differences of data sets: median and interval.
    p_value : float
        Twice the smaller probability that the mean is below or above 0.
    """

    mean: float
    of_mean: Mixture
    of_next: Mixture
    spread: float
    spread_lower: float
    spread_upper: float
    p_value: float


def pool(differences: npt.ArrayLike, standard_errors: npt.ArrayLike) -> Pooled:
    r"""Pool the differences of k data sets by a hierarchical model.

    The difference on data set i is :math:`\delta_i \sim N(\mu, \tau^2)`, and is measured as
    :math:`d_i \sim N(\delta_i, s_i^2)`. The priors of :math:`\mu` and of :math:`\tau \ge 0` are
    flat. With :math:`w_i = 1 / (s_i^2 + \tau^2)` and :math:`\hat\mu = \sum w_i d_i / \sum w_i`,

    .. math::
        p(\tau | d) \propto \Bigl(\sum w_i\Bigr)^{-1/2} \prod w_i^{1/2}
        \exp\bigl(-\tfrac{1}{2} \sum w_i (d_i - \hat\mu)^2\bigr), \quad
        \mu | \tau, d \sim N\bigl(\hat\mu, 1 / \sum w_i\bigr)

    and another data set has a difference of variance :math:`\tau^2 + 1 / \sum w_i`. The integrals
    are sums over :math:`\tau = c u / (1 - u)`, for equally spaced u in (0, 1).

    Parameters
    ----------
    differences, standard_errors : array-like, shape (k,)
        k is at least `FEWEST`: below, there is no posterior. Errors are more than 0.

    References
    ----------
    Corani, G., Benavoli, A., Demsar, J., Mangili, F. and Zaffalon, M. (2017). Statistical
    comparison of classifiers through Bayesian hierarchical modelling. Machine Learning 106,
    1817-1837.

    Gelman, A. (2006). Prior distributions for variance parameters in hierarchical models. Bayesian
    Analysis 1, 515-534.
    """
    d, s = (np.asarray(values, dtype=float) for values in (differences, standard_errors))
    scale = math.hypot(float(np.median(s)), float(d.std(ddof=1)))
    share = (np.arange(NODES) + 0.5) / NODES
    tau = scale * share / (1 - share)
    w = 1 / (s[:, np.newaxis] ** 2 + tau**2)
    total = w.sum(axis=0)
    means = (w * d[:, np.newaxis]).sum(axis=0) / total
    squares = (w * (d[:, np.newaxis] - means) ** 2).sum(axis=0)
    log = (np.log(w).sum(axis=0) - np.log(total) - squares) / 2 - 2 * np.log(1 - share)
    weights = np.exp(log - log.max())
    weights /= weights.sum()
    of_mean = Mixture(weights, means, 1 / np.sqrt(total))
    of_next = Mixture(weights, means, np.sqrt(tau**2 + 1 / total))
    below = of_mean.below(0.0)
    known = np.cumsum(weights) - weights / 2  # the probability below each node
    middle, lower, upper = (float(np.interp(q, known, tau)) for q in (0.5, TAIL, 1 - TAIL))
    p_value = 2 * min(below, 1 - below)
    return Pooled(float(weights @ means), of_mean, of_next, middle, lower, upper, p_value)


class RandomEffects(NamedTuple):
    """The mean difference and the spread of data sets, by DerSimonian and Laird."""

    mean: float
    spread: float


def random_effects(differences: npt.ArrayLike, standard_errors: npt.ArrayLike) -> RandomEffects:
    """Return the mean and the spread of differences by another method, as a check of `pool`.

    Parameters
    ----------
    differences, standard_errors
        As in `pool`.

    References
    ----------
    DerSimonian, R. and Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical
    Trials 7, 177-188.
    """
    d, s = (np.asarray(values, dtype=float) for values in (differences, standard_errors))
    w = s**-2
    fixed = w @ d / w.sum()
    excess = w @ (d - fixed) ** 2 - (d.size - 1)
    squared = max(0.0, excess / (w.sum() - w @ w / w.sum()))
    w = 1 / (s**2 + squared)
    return RandomEffects(float(w @ d / w.sum()), math.sqrt(squared))


def signed_ranks(differences: npt.ArrayLike) -> float | None:
    """Return the p-value of Wilcoxon's signed ranks over data sets; None if all are 0.

    References
    ----------
    Demsar, J. (2006). Statistical comparisons of classifiers over multiple data sets. Journal of
    Machine Learning Research 7, 1-30.
    """
    from scipy import stats

    d = np.asarray(differences, dtype=float)
    return float(stats.wilcoxon(d).pvalue) if d.any() else None


def rank_correlation(one: npt.ArrayLike, other: npt.ArrayLike) -> tuple[float, float, float] | None:
    r"""Return Spearman's correlation with its interval; None if a side has one value alone.

    The interval is symmetric for Fisher's z, whose variance is :math:`(1 + \rho^2 / 2) / (n - 3)`.
    Of a correlation of 1 or -1 it is NaN.

    References
    ----------
    Bonett, D. G. and Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall
    and Spearman correlations. Psychometrika 65, 23-28.
    """
    from scipy import stats

    x, y = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if not (np.ptp(x) and np.ptp(y)):
        return None
    rho = float(stats.spearmanr(x, y).statistic)
    if abs(rho) > 1 - 1e-12:
        return rho, math.nan, math.nan
    margin = NORMAL * math.sqrt((1 + rho**2 / 2) / (x.size - 3))
    return rho, math.tanh(math.atanh(rho) - margin), math.tanh(math.atanh(rho) + margin)
