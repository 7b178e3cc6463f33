"""Decisions by costs: which rows of two classes are decided to be positive, and what that is worth.

References
----------
Vickers, A. J. and Elkin, E. B. (2006). Decision curve analysis: a novel method for evaluating
prediction models. Medical Decision Making 26, 565-574.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backprop.errors import BackpropError
from backprop.study.metrics import Metric, metric
from backprop.typing import Array, Booleans, Integers

DECIMALS = 12  # a probability that differs from the threshold by rounding only is the threshold


class Costs(NamedTuple):
    """What a missed row of the positive class costs, and what a false alarm; both above 0."""

    missed: float
    false_alarm: float

    @property
    def threshold(self) -> float:
        """The probability from which on it costs less on average to decide for the class."""
        return self.false_alarm / (self.missed + self.false_alarm)

    def decided(self, p: Array) -> Booleans:
        """Return which rows are decided to be positive, from p of shape (n, 2, ...)."""
        return np.asarray(p[:, 1].round(DECIMALS) >= round(self.threshold, DECIMALS))

    @property
    def weights(self) -> tuple[float, float]:
        """What a row of each class costs that is decided to be of the other class."""
        return self.false_alarm, self.missed

    def votes(self, p: Array) -> Array:
        """Return 1 for the class that is decided, and 0 for the other, of p of shape (..., 2)."""
        positive = p[..., 1].round(DECIMALS) >= round(self.threshold, DECIMALS)
        return np.stack([~positive, positive], axis=-1).astype(float)

    def net_benefit(self, *, without_all: bool = False) -> Metric:
        """Return the net benefit of decisions, a mean over rows.

        It is the share of true positives, less the share of false positives times
        ``false_alarm / missed``.
        To decide that no row is positive has the net benefit 0.

        Parameters
        ----------
        without_all : bool, default=False
            Whether to subtract the net benefit of deciding that all rows are positive.
        """
        odds = self.false_alarm / self.missed

        def values(y: Integers, p: Array) -> Array:
            decided = self.decided(p).astype(float) - without_all
            return decided * _column(np.where(y == 1, 1.0, -odds), p)

        low, high = (-1.0, odds) if without_all else (-odds, 1.0)
        return metric(
            values, rope=0.0, lowest=low, highest=high, flip=self._flip, label="Net benefit",
            unit="",
        )  # fmt: skip

    def expected_cost(self) -> Metric:
        """Return the mean cost of a row."""

        def values(y: Integers, p: Array) -> Array:
            decided = self.decided(p)
            return np.where(_column(y == 1, p), self.missed * ~decided, self.false_alarm * decided)

        return metric(
            values, rope=0.0, higher_is_better=False, highest=max(self), label="Cost", unit=""
        )

    def _flip(self, y: Integers) -> float:
        """Return by how much the decision of one row changes the net benefit of all at most."""
        # Not the mean over rows: it hides what one more row of a rare class would change.
        return max(1.0, self.false_alarm / self.missed) / len(y)


def _column(values: Array, p: Array) -> Array:
    """Return a value of each row in the shape of p without its classes."""
    return values if p.ndim == 2 else values[:, np.newaxis]


def check_two_classes(classes: Sequence[str]) -> None:
    """Refuse data that do not have two classes.

    Raises
    ------
    BackpropError
    """
    if len(classes) != 2:
        raise BackpropError(
            f"comparison: found `costs` or `threshold` and {len(classes)} classes; leave them out: "
            "they are for two classes"
        )
