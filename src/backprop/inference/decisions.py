"""The decision that follows from a comparison of a model with its baseline."""

from typing import Literal

from backprop.inference.paired import Difference
from backprop.inference.tests import Posterior

Outcome = Literal["better", "worse", "practically equal", "undecided"]

SIGNIFICANCE = 0.05  # an adjusted p-value below this shows a difference
CERTAINTY = 0.95  # a posterior probability of at least this shows practical equality


def outcome(
    difference: Difference, p_value: float, posterior: Posterior | None, rope: float
) -> Outcome:
    """Decide what a comparison shows.

    The first of these rules that applies decides:

    1. *practically equal*, if the posterior probability of the rope is at least `CERTAINTY`, or, in
       a comparison that has no posterior, if the interval is in the rope;
    2. *better* or *worse*, by the sign of the mean difference, if the p-value is below
       `SIGNIFICANCE`;
    3. *undecided* otherwise.

    Practical equality comes first because, with little variance, a difference can be significant
    and yet too small to matter (Kruschke 2018).

    Parameters
    ----------
    difference : Difference
        From `backprop.inference.paired.compare_paired`.
    p_value : float
        Its p-value, adjusted for all comparisons by `backprop.inference.tests.holm`.
    posterior : Posterior or None
        From `backprop.inference.tests.posterior`, for the same differences; None if the basis of
        the difference is not the splits.
    rope : float
        Differences up to this are of no practical interest.

    Returns
    -------
    {"better", "worse", "practically equal", "undecided"}
        The model is this, compared with the baseline.

    Raises
    ------
    ValueError
        If `p_value` is outside [0, 1] or NaN.

    References
    ----------
    Kruschke, J. K. (2018). Rejecting or accepting parameter values in Bayesian estimation. Advances
    in Methods and Practices in Psychological Science 1, 270-280.
    """
    if not 0 <= p_value <= 1:
        raise ValueError(f"p_value must be in [0, 1], got {p_value}")
    inside = -rope <= difference.lower and difference.upper <= rope
    if posterior.equal >= CERTAINTY if posterior else inside:
        return "practically equal"
    if p_value < SIGNIFICANCE:
        return "better" if difference.mean > 0 else "worse"
    return "undecided"
