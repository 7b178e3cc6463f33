"""Confidence intervals of a proportion and of a difference, and tails.

The tails equal the quantiles of `scipy.stats` to the last bit, whose import takes most jobs more
time than what they compute. `scipy.special`, too, is for jobs that compute.
"""

import math
from typing import NamedTuple

CONFIDENCE = 0.95  # of all intervals
TAIL = (1 - CONFIDENCE) / 2  # the probability of what is beyond each end
NORMAL = 1.959963984540054  # the quantile of a 95% interval, of the normal distribution
DECIMALS = 12  # scores that are equal to this many decimals differ only by rounding


class Ends(NamedTuple):
    """The two ends of a confidence interval."""

    lower: float
    upper: float


def wilson(successes: int, trials: int) -> Ends:
    """Return Wilson's score interval of a proportion, see `score_interval`.

    Parameters
    ----------
    successes : int
        The number of successes, from 0 to `trials`.
    trials : int
        The number of trials, at least 1.
    """
    return score_interval(successes / trials, trials, normal_quantile(TAIL))


def score_interval(share: float, size: float, critical: float) -> Ends:
    r"""Return Wilson's score interval of a proportion that is known from `size` observations.

    It contains the proportions :math:`\pi` that the observed :math:`\hat p` does not reject:
    :math:`|\hat p - \pi| \le z \sqrt{\pi (1 - \pi) / n}`. Unlike
    :math:`\hat p \pm z \sqrt{\hat p (1 - \hat p) / n}` it is always in [0, 1], and its width is not
    0 when all trials or none succeed.

    Parameters
    ----------
    share : float
        The observed proportion, in [0, 1].
    size : float
        The number n of independent observations, more than 0; an effective number need not be
        whole.
    critical : float
        The quantile z, such as 1.96 of the normal distribution.

    Returns
    -------
    Ends
        Within [0, 1].

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.
    """
    ratio = critical**2 / size
    centre = (share + ratio / 2) / (1 + ratio)
    variance = share * (1 - share) * ratio + ratio**2 / 4
    margin = math.sqrt(variance) / (1 + ratio)
    upper = min(centre + margin, 1.0) if share < 1 else 1.0  # exact where rounding would not be
    return Ends(max(centre - margin, 0.0), upper)


def distance(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, float, float]:
    r"""Return the difference of two independent numbers, and its interval, from their intervals.

    With the numbers :math:`a` and :math:`b`, and the ends :math:`a_l, a_u, b_l, b_u`,

    .. math::
        a - b - \sqrt{(a - a_l)^2 + (b_u - b)^2}
        \quad \text{to} \quad a - b + \sqrt{(a_u - a)^2 + (b - b_l)^2}

    so that intervals that are not symmetric, as for shares, keep their form.

    Parameters
    ----------
    one, other : (value, lower, upper)
        NaN for ends that are not known; the interval is then not known, either.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions.
    Statistics in Medicine 17, 873-890.

    Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. Statistics in Medicine 27, 1693-1702.
    """
    (a, a_lower, a_upper), (b, b_lower, b_upper) = one, other
    below, above = math.hypot(a - a_lower, b_upper - b), math.hypot(a_upper - a, b - b_lower)
    return a - b, a - b - below, a - b + above


def normal_quantile(tail: float) -> float:
    """Return the number that a standard normal variable exceeds with probability `tail`."""
    from scipy import special

    return -float(special.ndtri(tail))


def t_quantile(tail: float, degrees_of_freedom: float) -> float:
    """Return the number that a t-distributed variable exceeds with probability `tail`."""
    from scipy import special

    return -float(special.stdtrit(degrees_of_freedom, tail))


def t_tail(t: float, degrees_of_freedom: float) -> float:
    """Return the probability that a t-distributed variable exceeds `t`."""
    from scipy import special

    return float(special.stdtr(degrees_of_freedom, -t))
