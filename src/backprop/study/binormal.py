"""What thresholds change in the scores of a model of which only the classes are known.

Of each class against the others, rows have scores of a normal distribution, of one variance and two
means, and the class is predicted from a threshold on: the binormal model of signal detection.

References
----------
Green, D. M. and Swets, J. A. (1966). Signal detection theory and psychophysics. Wiley.

Hautus, M. J. (1995). Corrections for extreme proportions and their biasing effects on estimated
values of d'. Behavior Research Methods, Instruments, & Computers 27, 46-51.
"""

import numpy as np

from backprop.inference.influence import SHIFTED
from backprop.typing import Array, Integers

FAR = 10.0  # standard deviations: where the integrals end
NODES, WEIGHTS = np.polynomial.legendre.leggauss(100)


class Binormal:
    r"""The binormal model of each of C classes, by its hits and its false alarms.

    With half a row added (Hautus 1995), the class is predicted for the share :math:`\Phi(z_1)` of
    its rows, and for :math:`\Phi(z_0)` of the others. The means of their scores are
    :math:`d = z_1 - z_0` apart, and at least `SHIFTED` standard errors of d: scores of a model that
    has learned nothing vary, too. So the log odds of a row are d times its score, and a constant.

    Parameters
    ----------
    y : int array, shape (n,)
    votes : array, shape (repeats, n, C)
        What is predicted, see `backprop.study.fits.class_votes`.
    weights : array, shape (C,)
        Of the recalls of the classes, in a metric that is their mean.
    """

    def __init__(self, y: Integers, votes: Array, weights: Array):
        from scipy.special import ndtri  # only now: it is slow

        voted, rows = votes.mean(axis=0), np.bincount(y)
        counts = np.stack([rows, len(y) - rows])
        hits = (np.eye(len(rows))[y] * voted).sum(axis=0)
        named = np.stack([hits, voted.sum(axis=0) - hits])
        self.rows, self.weights = rows, weights
        self.shares = (named + 0.5) / (counts + 1)
        self.z = ndtri(self.shares)
        errors = self.shares * (1 - self.shares) / (counts + 1) / np.square(_density(self.z))
        self.distance = np.maximum(self.z[0] - self.z[1], SHIFTED * np.sqrt(errors.sum(axis=0)))
        # The other rows for which a class is not predicted: which share of them is right?
        recalls, left = weights * hits / rows, counts[1] - named[1]
        right = (recalls.sum() - recalls) * counts[1] / np.maximum(left, 1e-9)
        self.lost = np.where(left > 0, right, 1 - weights)
        self.information, self.error, self.above = self._integrals(rows / len(y))

    def _integrals(self, share: Array) -> tuple[Array, Array, Array]:
        r"""Return what the sums over rows are for many rows, per row, each of shape (C,).

        With p the probability of the class, and l the log odds above the threshold: the mean of
        p (1 - p); the first entry of the inverse of the information of intercept and slope; and the
        covariance of the intercept with the class being predicted.
        """
        threshold = (-self.distance / 2 - self.z[1])[:, np.newaxis]
        d, share = self.distance[:, np.newaxis], share[:, np.newaxis]
        below, above = (FAR + threshold) / 2, (FAR - threshold) / 2
        x = np.concatenate([below * (NODES - 1), above * (NODES + 1)], axis=1) + threshold
        own, others = share * _density(x - d / 2), (1 - share) * _density(x + d / 2)
        weights = np.concatenate([below * WEIGHTS, above * WEIGHTS], axis=1)
        weights = weights * own * others / (own + others)
        odds = d * (x - threshold)
        a, b, c = ((weights * odds**power).sum(axis=1) for power in range(3))
        determinant = a * c - b**2
        influence = (c[:, np.newaxis] - b[:, np.newaxis] * odds) / determinant[:, np.newaxis]
        return a, c / determinant, (weights * influence * (odds > 0)).sum(axis=1)

    def _moved(self, steps: Array) -> Array:
        """Return by how much the shares change if log odds rise by steps, shape (2, C)."""
        from scipy.special import ndtr

        return np.asarray(ndtr(self.z + steps / self.distance) - self.shares)

    def _change(self, steps: Array) -> Array:
        """Return what the metric gains if the log odds of a class rise by its step, shape (C,)."""
        own, others = self._moved(steps)
        return np.asarray(self.weights * own - self.lost * others)

    def changes(self, count: int, *, is_mean: bool) -> Array:
        r"""Return what `backprop.study.contributions.changes_by_thresholds` does.

        What one direction gains and the other loses does not count. It is in the `factor` of a mean
        of recalls; and of an accuracy, the threshold of a tree that has learned its rows by heart,
        say, is not the best one, and so it is in other samples, too.

        Of the m rows whose class changes, the right ones less the wrong ones vary by
        :math:`\sqrt m`, which is added to the square of each change.

        Parameters
        ----------
        count : int
            The number of observations.
        is_mean : bool
            Whether both changes are replaced by their mean, as of a mean of recalls.
        """
        steps = SHIFTED / np.sqrt(count * self.information)
        squares, both = self.weights**2 / self.rows, (steps, -steps)
        moved = [np.abs(self._moved(step)) for step in both]
        chances = [squares * own + (squares.sum() - squares) * others for own, others in moved]
        if is_mean:
            chances = [(chances[0] + chances[1]) / 4] * 2
        mean = (self._change(steps) + self._change(-steps)) / 2
        changes = [np.copysign(np.sqrt(mean**2 + chance), mean) for chance in chances]
        chosen = np.stack(changes, axis=1)[1 if len(self.rows) == 2 else 0 :]
        return chosen / SHIFTED

    def factor(self) -> float:
        r"""Return by how much thresholds multiply what a row contributes to a mean of recalls.

        They add to its variance as in `backprop.study.contributions.of_thresholds`. A row has the
        deviation v from the recall, and its influence a on the intercept, which the metric has the
        slope B by. With the mean over rows, the factor is the root of
        :math:`E (v + a B)^2 / E v^2`.
        """
        n, classes = self.rows.sum(), len(self.rows)
        steps = SHIFTED * np.sqrt(self.error / n)
        slopes = (self._change(steps) - self._change(-steps)) / (2 * steps)
        own, others = self.above - self.shares
        together = self.weights * n / self.rows * own + self.lost * n / (n - self.rows) * others
        alone = self.weights**2 * n / self.rows * self.shares[0] * (1 - self.shares[0])
        added = (classes - 1) / classes * (2 * together * slopes + self.error * slopes**2).sum()
        return float(np.sqrt(max(1 + added / alone.sum(), 1.0)))


def _density(x: Array) -> Array:
    """Return the density of the standard normal distribution."""
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
