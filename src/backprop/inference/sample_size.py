"""How many rows it takes to find a difference between two models.

The variance of a cross-validated difference falls with the number of rows for two reasons: more
rows are tested, and two models that learn from more rows may disagree on fewer of them. Nothing
shows how the latter goes on. So a number of rows is an interval over two assumptions, that models
disagree as often as now, and that they do as their curve says, and over the error of both.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backprop.inference.influence import (
    FEWEST_DEGREES,
    Difference,
    Training,
    inflation_of_sums,
)
from backprop.inference.intervals import TAIL, t_quantile
from backprop.inference.tests import minimum_detectable_difference
from backprop.typing import Array

FITS = 2  # times the folds: from as many independent fits, what training adds is known as well
RESAMPLES = 400
BLOCK = 2_000_000  # weights in memory at once
SLOPES = (-1.0, 0.5)  # of the logarithm of the mean square: two models that become one have -1
DEGREES = np.geomspace(FEWEST_DEGREES, 1e7, 80)  # at which the power is computed
TIMES = (1e-4, 1e6)  # the rows there are: where a number of rows is searched
STEPS = 60  # of halving that interval


class TrainingSize(NamedTuple):
    """Two models with a number of training rows.

    Attributes
    ----------
    training_rows : float
        The mean over the splits.
    contributions : array, shape (repeats, observations)
        What each observation contributes to their difference, see
        `backprop.inference.influence.Estimate`.
    """

    training_rows: float
    contributions: Array


class RowNumber(NamedTuple):
    """A number of rows and its interval, as multiples of the rows that there are."""

    times: float
    lower: float
    upper: float


def rows_to_find(
    size: float,
    curve: Sequence[TrainingSize],
    whole: Difference,
    *,
    training: Training,
    flip: float,
    significance: float,
    generator: np.random.Generator,
) -> RowNumber:
    r"""Return with how many rows a true difference would be found in 80 of 100 such studies.

    A study of x times the rows has the variance, with the symbols of
    `backprop.inference.influence.moments`,

    .. math::
        V(x) = \max\Bigl(f S(x), S(x) + \frac{2 \, \text{flip}^2}{x^2}\Bigr), \qquad
        S(x) = \frac{x^b}{x} \sum_g \bar u{}_g^2

    and x times the degrees of freedom. x is where
    `backprop.inference.tests.minimum_detectable_difference` is the difference. The slope b is 0,
    if models disagree as often as now; or the slope of the logarithm of the mean of
    :math:`u_{rg}^2` over the logarithm of the training rows, by least squares, within `SLOPES`. The
    interval is from the smallest x to the largest one of both, over observations with random
    weights, and over f - 1 times a chi-squared variable divided by its `FITS` times K degrees of
    freedom: what training adds is known from few fits, which share rows. That constant was chosen
    by measurement, see ``benchmarks/learning.py``.

    Parameters
    ----------
    size : float
        The true difference, above 0.
    curve : sequence of TrainingSize
        In ascending order; the last one is the whole study.
    whole : Difference
        Of the whole study.
    training : Training
        Of the whole study, for a difference.
    flip : float
        As in `backprop.inference.influence.Estimate`.
    significance : float
        Of the two-sided test, in (0, 1).
    generator : Generator
        What draws the weights.

    Returns
    -------
    RowNumber
        All are NaN if the two models are one.

    References
    ----------
    Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics 9, 130-134.

    Figueroa, R. L., Zeng-Treitler, Q., Kandula, S. and Ngo, L. H. (2012). Predicting sample size
    required for classification performance. BMC Medical Informatics and Decision Making 12, 8.
    """
    if whole.basis == "identical" or not whole.standard_error > 0:
        return RowNumber(np.nan, np.nan, np.nan)
    squares, within = _weighted_squares(curve, generator)
    sums = squares[:, -1]
    repeats = len(curve[-1].contributions)
    between = within[:, -1] * (repeats / max(repeats - 1, 1))
    factor = inflation_of_sums(sums, between, repeats, training)
    fits = FITS * training.folds
    known = generator.gamma(fits / 2, 2 / fits, len(factor))
    known[0] = 1
    factor = 1 + known * (factor - 1)
    slopes = _slopes([each.training_rows for each in curve], squares + within)
    detectable = [minimum_detectable_difference(1.0, v, significance=significance) for v in DEGREES]

    def find_times(slopes: Array) -> Array:
        """Return how many times the rows it takes, by halving."""
        low, high = (np.full(len(sums), np.log(end)) for end in TIMES)
        for _ in range(STEPS):
            middle = (low + high) / 2
            x = np.exp(middle)
            degrees = np.clip(whole.degrees_of_freedom * x, DEGREES[0], DEGREES[-1])
            multiple = np.interp(np.log(degrees), np.log(DEGREES), detectable)
            tested = sums * x ** (slopes - 1)
            error = np.sqrt(np.maximum(factor * tested, tested + 2 * np.square(flip / x)))
            is_enough = multiple * error <= size
            low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
        return np.asarray(np.exp(high))

    times = np.stack([find_times(b) for b in (np.zeros(len(slopes)), slopes)])
    return RowNumber(
        float(np.sqrt(times[0, 0] * times[1, 0])),
        float(np.quantile(times.min(axis=0), TAIL)),
        float(np.quantile(times.max(axis=0), 1 - TAIL)),
    )


def _weighted_squares(
    curve: Sequence[TrainingSize], generator: np.random.Generator
) -> tuple[Array, Array]:
    """Return two sums over observations with random weights, shape (1 + resamples, numbers).

    One sums the square of the mean contribution, the other what the square of a single one has
    besides. The first weights are equal.
    """
    means = np.stack([np.square(each.contributions.mean(axis=0)) for each in curve])
    varying = np.stack([each.contributions.var(axis=0) for each in curve])
    count = means.shape[1]
    step = max(1, BLOCK // count)
    sums, within = [means.sum(axis=1)[np.newaxis]], [varying.sum(axis=1)[np.newaxis]]
    for start in range(0, RESAMPLES, step):
        weights = generator.exponential(size=(min(step, RESAMPLES - start), count))
        weights /= weights.mean(axis=1, keepdims=True)
        sums.append(weights @ means.T)
        within.append(weights @ varying.T)
    return np.concatenate(sums), np.concatenate(within)


def _slopes(training_rows: Sequence[float], squares: Array) -> Array:
    """Return the slopes of the logarithms of squares, shape (resamples, numbers); 0 without any."""
    if len(training_rows) < 2 or not (squares > 0).all():
        return np.zeros(len(squares))
    x = np.log(training_rows)
    x -= x.mean()
    return np.clip(np.log(squares) @ x / np.square(x).sum(), *SLOPES)


def power(size: float, whole: Difference, significance: float) -> float:
    """Return how often a study like this one finds a true difference; NaN if the models are one."""
    from scipy import special  # only now: it is slow

    if whole.basis == "identical" or not whole.standard_error > 0:
        return np.nan
    degrees = whole.degrees_of_freedom
    critical = t_quantile(significance / 2, degrees)
    return 1 - float(special.nctdtr(degrees, size / whole.standard_error, critical))
