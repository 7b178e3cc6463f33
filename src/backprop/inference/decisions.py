"""The decision that follows from a comparison of a model with its baseline."""

from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # it imports SciPy, which pages and pictures do not need
    from backprop.inference.tests import Posterior

Outcome = Literal["better", "worse", "practically equal", "slightly different", "undecided"]

SIGNIFICANCE = 0.05  # an adjusted p-value below this shows a difference
CERTAINTY = 0.95  # a posterior probability of at least this shows practical equality

DIFFERENT = ("better", "worse", "slightly different")
"""The outcomes that show a difference, whether it matters or not."""


def is_shown(p_value: float) -> bool:
    """Return whether a p-value, adjusted for all comparisons, shows a difference; NaN does not."""
    return p_value < SIGNIFICANCE


def excludes_zero(lower: float, upper: float) -> bool:
    """Return whether zero is outside an interval; of one that is not known, it is not.

    That alone shows no difference: an interval is not adjusted for the number of comparisons.
    """
    return lower > 0 or upper < 0


def expected_improvement(difference: float, standard_error: float) -> float:
    r"""Return how much there is to gain on average, if what is worse is not used.

    It is the mean of :math:`\max(\delta, 0)` for a normal :math:`\delta` with mean d and standard
    deviation s: :math:`d \, \Phi(d / s) + s \, \varphi(d / s)`.

    Parameters
    ----------
    difference, standard_error : float
        d and s, which is at least 0. Above 0, a difference is a gain.

    Returns
    -------
    float
        At least 0, in the unit of the difference.

    References
    ----------
    Mockus, J., Tiesis, V. and Zilinskas, A. (1978). The application of Bayesian methods for seeking
    the extremum. Towards Global Optimization 2, 117-129.
    """
    if standard_error == 0:
        return max(difference, 0.0)
    z, normal = difference / standard_error, NormalDist()
    return difference * normal.cdf(z) + standard_error * normal.pdf(z)


def outcome(p_value: float, posterior: "Posterior") -> Outcome:
    """Decide what a comparison shows: the one rule for tables, sentences and pictures.

    The first of these rules that applies decides:

    1. *practically equal*, if the posterior probability of the rope is at least `CERTAINTY`;
    2. *better* or *worse*, if the p-value is below `SIGNIFICANCE`, and the model is more probably
       better, or worse, by more than the rope than not;
    3. *slightly different*, if the p-value is below `SIGNIFICANCE`;
    4. *undecided* otherwise.

    A difference can be significant and yet too small to matter (Kruschke 2018).

    Parameters
    ----------
    p_value : float
        Of the difference, adjusted for all comparisons, see
        `backprop.inference.tests.step_down`.
    posterior : Posterior
        From `backprop.inference.tests.posterior_of`, for the same difference. Its *better* is that
        of the model, whether a high score is good or a low one. NaN if nothing is known; the
        p-value is 1 then.

    Returns
    -------
    {"better", "worse", "practically equal", "slightly different", "undecided"}
        The model is this, compared with the baseline.

    References
    ----------
    Kruschke, J. K. (2018). Rejecting or accepting parameter values in Bayesian estimation. Advances
    in Methods and Practices in Psychological Science 1, 270-280.
    """
    if posterior.equal >= CERTAINTY:
        return "practically equal"
    if not is_shown(p_value):
        return "undecided"
    if max(posterior.better, posterior.worse) <= 0.5:
        return "slightly different"
    return "better" if posterior.better > posterior.worse else "worse"
