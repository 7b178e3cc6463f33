"""Decisions by costs: which class is decided for each row, and what that is worth.

References
----------
Elkan, C. (2001). The foundations of cost-sensitive learning. Proceedings of the 17th International
Joint Conference on Artificial Intelligence, 973-978.

Vickers, A. J. and Elkin, E. B. (2006). Decision curve analysis: a novel method for evaluating
prediction models. Medical Decision Making 26, 565-574.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backprop.errors import BackpropError, did_you_mean, in_brief, listed, shortened
from backprop.study.metrics import Metric, metric
from backprop.typing import Array, Booleans, Integers, Json

DECIMALS = 12  # expected costs that differ by rounding only are equal


def are_by_class(said: Mapping[str, Json]) -> bool:
    """Return whether costs, if any, are by the names of classes, and not of two classes."""
    return all(isinstance(row, Mapping) for row in said.values())


@dataclass(frozen=True, eq=False)
class Costs:
    """What decisions cost.

    Attributes
    ----------
    matrix : array, shape (C, C)
        In row k and column j, the cost of a row of class k that is decided to be of class j: 0 if
        both are the same, and else at least 0. Each column has a cost above 0.
    """

    matrix: Array

    @classmethod
    def of_two(cls, missed: float, false_alarm: float) -> "Costs":
        """Create the costs of two classes: of a missed row of class 1, and of class 0."""
        return cls(np.array([[0.0, false_alarm], [missed, 0.0]], dtype=np.float64))

    @classmethod
    def of(cls, said: Mapping[str, Json], classes: Sequence[str]) -> "Costs":
        """Create the costs that a config says, for data with these classes.

        Parameters
        ----------
        said : mapping
            ``missed`` and ``false_alarm``; or, by the class of a row, the cost of each class that
            may be decided. A mistake that it does not name costs 1.
        classes : sequence of str

        Raises
        ------
        BackpropError
            If there is no such class, if there are not two for ``missed`` and ``false_alarm``, or
            if the decision for one of them never costs anything.
        """
        if not are_by_class(said):
            if len(classes) != 2:
                one, other = map(shortened, classes[:2])
                raise BackpropError(
                    "comparison: found `costs` of missed and false_alarm, or `threshold`, and "
                    f"{len(classes)} classes; they are for two: leave them out, or use `costs` of "
                    f"each class, such as {{{one}: {{{other}: 5}}}}"
                )
            return cls.of_two(**said)
        places = {name: place for place, name in enumerate(classes)}
        matrix = 1.0 - np.eye(len(classes))
        for name, row in said.items():
            for other in (name, *row):
                if other not in places:
                    raise BackpropError(
                        f"comparison.costs: found the class {in_brief.repr(other)}; use "
                        f"{listed(classes)}{did_you_mean(other, classes)}"
                    )
            matrix[places[name], [places[other] for other in row]] = [*row.values()]
        for name, column in zip(classes, matrix.T, strict=True):
            if not column.any():
                raise BackpropError(
                    f"comparison.costs: found only costs of 0 where {in_brief.repr(name)} is "
                    "decided; use at least one above 0, or it is best to decide so for all rows"
                )
        return cls(matrix)

    @property
    def of_two_classes(self) -> bool:
        """Whether there are two classes, which have a threshold, and a net benefit."""
        return len(self.matrix) == 2

    @property
    def threshold(self) -> float:
        """Of two classes, the probability from which on it costs less to decide for class 1."""
        return float(self.matrix[0, 1] / self.matrix.sum())

    def decided(self, p: Array) -> Integers:
        """Return the class with the least expected cost, of p of shape (..., C).

        Of equal ones, it is the last: a probability at the threshold is decided to be positive.
        """
        expected = p @ (self.matrix / self.matrix.max())
        least = (expected - expected.min(axis=-1, keepdims=True)).round(DECIMALS) == 0
        return np.asarray(len(self.matrix) - 1 - least[..., ::-1].argmax(axis=-1))

    def changes(self, p: Array) -> Booleans:
        """Return for which rows another class is decided than the most probable one, of p."""
        own = np.take_along_axis(p, self.decided(p)[..., np.newaxis], axis=-1)[..., 0]
        return np.asarray((p.max(axis=-1) - own).round(DECIMALS) > 0)

    def votes(self, p: Array) -> Array:
        """Return 1 for the class that is decided, and 0 for the others, of p of shape (..., C)."""
        return np.asarray(np.eye(len(self.matrix))[self.decided(p)])

    def worth(self) -> Metric:
        """Return what models are compared by: of two classes, the net benefit, else the cost.

        The net benefit is the share of true positives, less the share of false positives times the
        odds of the threshold: `saving` over deciding that no row is positive.
        """
        return self.saving(0) if self.of_two_classes else self.expected_cost()

    def expected_cost(self) -> Metric:
        """Return the mean cost of a row."""
        return metric(
            self._of_rows(self.matrix), rope=0.0, higher_is_better=False,
            highest=float(self.matrix.max()), flip=self._flip(1.0), label="Cost", unit="",
        )  # fmt: skip

    def saving(self, c: int) -> Metric:
        """Return by how much decisions cost less than to decide all rows to be of class c.

        It is a mean over rows. Of two classes, the unit is the cost of a missed row.
        """
        unit = self.matrix[1, 0] if self.of_two_classes else 1.0
        every = (self.matrix[:, [c]] - self.matrix) / unit
        return metric(
            self._of_rows(every), rope=0.0, lowest=float(every.min()), highest=float(every.max()),
            flip=self._flip(unit), label="Net benefit", unit="",
        )  # fmt: skip

    def _of_rows(self, every: Array) -> Callable[[Integers, Array], Array]:
        """Return the values of rows, from those by class and decision, as metrics have them."""

        def values(y: Integers, p: Array) -> Array:
            own = y if p.ndim == 2 else y[:, np.newaxis]
            return np.asarray(every[own, self.decided(np.moveaxis(p, 1, -1))])

        return values

    def _flip(self, unit: float) -> Callable[[Integers], float]:
        """Return by how much the decision of one row changes a mean over all rows at most."""
        # Not the mean over rows: it hides what one more row of a rare class would change.
        return lambda y: float(self.matrix.max() / unit) / len(y)
