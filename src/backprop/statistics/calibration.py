"""Calibration: whether predictions of a probability come true as often as it says."""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from backprop.inference.influence import Training, inflation
from backprop.inference.intervals import CONFIDENCE, NORMAL, TAIL, Ends, t_quantile
from backprop.inference.tests import independent_normals
from backprop.statistics.tables import CUT_OFF, Interval
from backprop.study.metrics import is_cut_off, predicted_classes
from backprop.typing import Array, Booleans, Integers

EDGES = np.arange(11) / 10  # of the bins of probability
BINS = len(EDGES) - 1
FEWEST = 10  # observations: fewer say next to nothing
KNOTS = (0.05, 0.35, 0.65, 0.95)  # of a curve, as shares of the logits below (Harrell 2015)
APART = 1e-6  # logits of knots, at least
POINTS = 101  # of a curve
BEYOND = 5  # observations at each end, of which a curve says little; at most `KNOTS[0]` of all
PLACES = 200  # of predictions that an index is integrated over
DRAWS = 1000  # of other samples
STEPS = 50  # of Newton's method, which converges in far fewer if there is a solution
NEAR = 1e-6  # the last step but one: the next is about its square
SINGULAR = 1e12  # the condition of an information without a solution
WIDEST = 1e3  # standard errors to the end of an interval: beyond, there is none


def shown_class(y: Integers, p: Array) -> tuple[Array, Booleans]:
    """Return the probability of the class that calibration is about, and whether it is right.

    It is class 1 of two classes, and the predicted class of more.

    Parameters
    ----------
    y : array, shape (n,)
        The classes, from 0 to C - 1.
    p : array, shape (repeats, n, C)
        The predictions; NaN if a fit diverged.

    Returns
    -------
    arrays, shape (repeats, n)
    """
    shown = np.ones(p.shape[:2], dtype=np.int64) if p.shape[2] == 2 else predicted_classes(p)
    return np.take_along_axis(p, shown[..., np.newaxis], axis=-1)[..., 0], shown == y


def bins_of(probabilities: Array) -> Integers:
    """Return the bin of each probability; -1 if it is NaN.

    A bin has its lower edge. A probability that is an edge up to rounding, such as the mean of the
    trees of a forest, counts as the edge.
    """
    places = np.floor(np.round(BINS * probabilities, 9))
    return np.where(np.isfinite(places), np.minimum(places, BINS - 1), -1).astype(np.int64)


class Curve(NamedTuple):
    """How often predictions come true, a smooth function of the probability, with its band.

    Attributes
    ----------
    p, share, lower, upper : array, shape (POINTS,)
        The probabilities, but for the smallest and the largest ones, the share that comes true,
        and the ends of the band, which has the whole true curve in 95 of 100 studies.
    """

    p: Array
    share: Array
    lower: Array
    upper: Array

    @property
    def has_diagonal(self) -> bool:
        """Whether predictions that all come true as often as they say are within the band."""
        return bool(((self.lower <= self.p) & (self.p <= self.upper)).all())


class Calibration:
    r"""Regressions of what comes true on the logit of its probability; each row counts once.

    Parameters
    ----------
    probabilities, right : arrays, shape (repeats, n)
        As `shown_class` returns them; none is NaN.
    observations : int array, shape (n,)
        The independent observation that each row belongs to, from 0 without a gap.
    training : Training

    References
    ----------
    Cox, D. R. (1958). Two further applications of a model for binary regression. Biometrika 45,
    562-565.

    Austin, P. C. and Steyerberg, E. W. (2019). The integrated calibration index (ICI) and related
    metrics for quantifying the calibration of logistic regression models. Statistics in Medicine
    38, 4051-4065.

    Harrell, F. E. (2015). Regression modeling strategies, 2nd edition, section 2.4.5. Springer.
    """

    def __init__(
        self, probabilities: Array, right: Booleans, observations: Integers, training: Training
    ):
        self.p, self.right, self.observations = probabilities, right, observations
        self.training, self.count = training, int(observations.max()) + 1

    @property
    def is_known(self) -> bool:
        """Whether there are enough observations, and no probability is 0 or 1."""
        return self.count >= FEWEST and not is_cut_off(self.p)

    @property
    def lacking(self) -> str | None:
        """Why there is no curve, or no slope: a key of `WHY` of the wording, or None."""
        if self.count < FEWEST:
            return "few"
        if self._smooth is None:
            return "alike" if self._knots is None else "separated"
        return None if self.is_known else CUT_OFF

    @cached_property
    def logits(self) -> Array:
        """Of the probabilities; none is within 1 / 2G of 0 or 1, for G observations."""
        least = 1 / (2 * self.count) if is_cut_off(self.p) else 0.0
        p = self.p.clip(least, 1 - least)
        return np.asarray(np.log(p) - np.log1p(-p))

    @property
    def intercept(self) -> Interval | None:
        r"""The intercept: above 0 if more comes true than predicted.

        It is the a of :math:`P(\text{right}) = 1 / (1 + \exp(-a - \operatorname{logit} p))`, with
        the interval of `slope`. None where there is no slope, or if all predictions come true, or
        none does.
        """
        ones = np.ones((*self.logits.shape, 1))
        return self._profiled(ones, ones[..., :0], self.logits)

    @property
    def slope(self) -> Interval | None:
        r"""The slope: 1 if right, below 1 if probabilities are too extreme.

        It is the b of :math:`P(\text{right}) = 1 / (1 + \exp(-a - b \operatorname{logit} p))`, of
        greatest likelihood. The interval follows from the profile likelihood, so its ends need not
        be equally far: it has each b at which twice the loss of log-likelihood is at most
        :math:`t^2 c`. t is the quantile with G - 2 degrees of freedom, for G observations; c is the
        variance of b, divided by the variance that b would have with independent rows and given
        fits. None if a probability is 0 or 1, if there are fewer than `FEWEST` observations,
        or if no b has the greatest likelihood, as where probabilities rank all rows correctly.
        """
        ones = np.ones_like(self.logits)
        return self._profiled(
            np.stack([ones, self.logits], axis=-1), ones[..., np.newaxis], np.zeros_like(ones)
        )

    def _profiled(self, design: Array, others: Array, offset: Array) -> Interval | None:
        """Return the last coefficient; `others` are the columns of the design before it."""
        best = recalibrate(design, self.right, offset) if self.is_known else None
        if best is None:
            return None
        naive, size = float(best.inverse[-1, -1]), design.shape[-1]
        ratio = float(self._covariance(design, best)[-1, -1]) / naive
        most = t_quantile(TAIL, self.count - size) ** 2 * ratio

        def excess(value: float) -> float:
            fixed = recalibrate(others, self.right, offset + value * design[..., -1])
            return np.inf if fixed is None else 2 * (best.likelihood - fixed.likelihood) - most

        value, step = float(best.values[-1]), naive**0.5
        return Interval(value, _end(excess, value, -step), _end(excess, value, step))

    def _covariance(self, design: Array, fit: "Recalibration") -> Array:
        own = design * (self.right - fit.fitted)[..., np.newaxis]
        return covariance(own, fit.inverse, self.observations, self.training)

    @cached_property
    def _knots(self) -> Array | None:
        """Of the curve; None if too few different probabilities are predicted."""
        knots = np.quantile(self.logits, KNOTS)
        return knots if (np.diff(knots) > APART).all() else None

    @cached_property
    def _smooth(self) -> "tuple[Array, Recalibration, Array] | None":
        """The knots of the curve, its regression, and its coefficients in other samples."""
        if self.count < FEWEST or self._knots is None:
            return None
        design = spline(self.logits, self._knots)
        fit = recalibrate(design, self.right, np.zeros_like(self.logits))
        if fit is None:
            return None
        wider = t_quantile(TAIL, self.count - len(KNOTS)) / NORMAL
        root = np.linalg.cholesky(self._covariance(design, fit))
        return self._knots, fit, wider * root @ independent_normals(len(KNOTS))[:, :DRAWS]

    @cached_property
    def curve(self) -> Curve | None:
        """A logistic regression on a restricted cubic spline of the logit.

        The band is simultaneous: it is as many standard errors wide as the largest deviation along
        the curve is in 95% of other samples. A probability of 0 or 1 counts as 1 / 2G or as
        1 - 1 / 2G, for G observations. None with fewer than `FEWEST` observations, with too few
        different probabilities, or if the regression has no solution.
        """
        if self._smooth is None:
            return None
        knots, fit, moved = self._smooth
        beyond = min(BEYOND / self.count, KNOTS[0])
        lowest, highest = np.quantile(self.logits, [beyond, 1 - beyond])
        places = np.linspace(lowest, highest, POINTS)
        design = spline(places, knots)
        errors = np.sqrt(np.square(design @ moved).mean(axis=1))
        widest = np.abs(design @ moved / errors[:, np.newaxis]).max(axis=0)
        margin = np.quantile(widest, CONFIDENCE) * errors
        middle = design @ fit.values
        return Curve(*map(shares_of, (places, middle, middle - margin, middle + margin)))

    @property
    def index(self) -> "Index | None":
        """The integrated calibration index; None where there is no curve.

        A curve is off the diagonal by chance alone. So the lower end is the index of the curve
        between the diagonal and the measured one with which 97.5% of other samples have a smaller
        index than the measured one, or 0 if the diagonal itself has. The upper end is the 97.5%
        quantile of other samples around the measured curve, less the bias of their median.
        """
        if self._smooth is None:
            return None
        knots, fit, draws = self._smooth
        places = np.quantile(self.logits, (np.arange(PLACES) + 0.5) / PLACES)
        design, diagonal = spline(places, knots), shares_of(places)[:, np.newaxis]
        off, moved = design @ fit.values - places, design @ draws

        def indices(times: float, moved: Array) -> Array:
            shares = shares_of((places + times * off)[:, np.newaxis] + moved)
            return np.asarray(np.abs(shares - diagonal).mean(axis=0))

        def excess(times: float) -> float:
            return float(np.quantile(indices(times, moved), 1 - TAIL)) - own

        own = float(indices(1, np.zeros((PLACES, 1)))[0])
        by_chance = np.quantile(indices(0, moved), [TAIL, 1 - TAIL])
        middle, high = np.quantile(indices(1, moved), [0.5, 1 - TAIL])
        least = float(indices(_root(excess), np.zeros((PLACES, 1)))[0]) if excess(0) < 0 else 0.0
        return Index(Interval(own, least, float(own + high - middle)), Ends(*map(float, by_chance)))


class Index(NamedTuple):
    """The integrated calibration index: the mean distance of a curve from the diagonal.

    Attributes
    ----------
    measured : Interval
        As it is measured.
    by_chance : Ends
        Between these it is in 95% of studies whose predictions are calibrated.
    """

    measured: Interval
    by_chance: Ends


def shares_of(logits: Array) -> Array:
    """Return the probabilities with these logits."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -700, 700))))


def spline(x: Array, knots: Array) -> Array:
    """Return a basis of restricted cubic splines: 1, x and a column for each knot but two."""
    first, last, before = knots[0], knots[-1], knots[-2]

    def cube(knot: float) -> Array:
        return np.asarray(np.maximum(x - knot, 0) ** 3)

    bent = [
        cube(knot)
        - cube(before) * (last - knot) / (last - before)
        + cube(last) * (before - knot) / (last - before)
        for knot in knots[:-2]
    ]
    return np.stack([np.ones_like(x), x, *(each / (last - first) ** 2 for each in bent)], axis=-1)


def covariance(own: Array, inverse: Array, observations: Integers, training: Training) -> Array:
    """Return the covariance of coefficients of a regression, shape (k, k).

    It is that of independent rows, in each direction at least the one that what observations
    contribute to the coefficients has, times what training adds to the variance of a score, see
    `backprop.inference.influence.inflation`.

    Parameters
    ----------
    own : array, shape (repeats, n, k)
        The gradient of the log-likelihood of each row.
    inverse : array, shape (k, k)
        Of the information of all rows of a repeat.
    observations : int array, shape (n,)
    training : Training
    """
    whiten, count = np.linalg.cholesky(inverse), int(observations.max()) + 1
    sums = [[np.bincount(observations, column, count) for column in each.T] for each in own]
    white = np.swapaxes(sums, 1, 2) @ whiten
    mean = white.mean(axis=0)
    values, directions = np.linalg.eigh(mean.T @ mean)
    root = whiten @ directions * np.sqrt(np.maximum(values, 1))
    return np.asarray(root @ root.T * inflation(white.reshape(len(own), -1), training))


class Recalibration(NamedTuple):
    """A logistic regression of what is right: its coefficients, and what is computed with them."""

    values: Array
    fitted: Array
    inverse: Array
    likelihood: float


def recalibrate(design: Array, right: Booleans, offset: Array) -> Recalibration | None:
    """Return the fit by Newton's method; None if it does not converge."""
    values, repeats, is_near = np.zeros(design.shape[-1]), len(right), design.shape[-1] == 0
    for _ in range(STEPS):
        linear = design @ values + offset
        fitted = shares_of(linear)
        weighted = design * (fitted * (1 - fitted))[..., np.newaxis] / repeats
        information = np.einsum("rni,rnj->ij", weighted, design)
        if len(values) and np.linalg.cond(information) > SINGULAR:
            return None
        inverse = np.linalg.inv(information)
        if is_near:
            likelihood = (right * linear - np.logaddexp(0, linear)).sum() / repeats
            return Recalibration(values, fitted, inverse, float(likelihood))
        change = inverse @ np.einsum("rni,rn->i", design, right - fitted) / repeats
        most = np.abs(change).max()
        is_near = most < NEAR * (1 + np.abs(values).max())
        values = values + change / max(1.0, most / 5)
    return None


def _end(excess: Callable[[float], float], value: float, step: float) -> float:
    """Return the end of an interval in the direction of the step; NaN if it is too far."""
    from scipy.optimize import brentq

    near, size = value, step
    while excess(value + size) < 0:
        near, size = value + size, 2 * size
        if abs(size) > WIDEST * abs(step):
            return float("nan")
    far = value + size
    return float("nan") if np.isinf(excess(far)) else float(brentq(excess, near, far))


def _root(excess: Callable[[float], float]) -> float:
    """Return where a rising function of numbers from 0 on is 0."""
    from scipy.optimize import brentq

    far = 1.0
    while excess(far) < 0:
        far *= 2
    return float(brentq(excess, 0, far))
