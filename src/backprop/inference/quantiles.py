"""Tails of the normal and of the t distribution.

They equal the quantiles of `scipy.stats` to the last bit, whose import takes most jobs more time
than what they compute. `scipy.special`, too, is for jobs that compute.
"""


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
