"""Differences with their intervals, as a forest plot shows them."""

from collections.abc import Iterable
from typing import NamedTuple

from backprop.errors import printable
from backprop.report.wording.amounts import unit_of
from backprop.statistics.tables import Interval

INK = "#222222"  # of what is no model
UNADJUSTED = "excludes zero only before adjustment"
"""What a dashed bar says."""


class DrawnDifference(NamedTuple):
    """A difference with its interval.

    Attributes
    ----------
    label : str
        What it is about, in any characters.
    difference : Interval or None
        In the scale of a score; None if there is nothing to draw.
    note : str
        What there is in place of numbers.
    in_trouble : bool
        Whether some fits are unlearned, diverged or chaotic: the marker is hollow.
    colour : str
        Of its model.
    unadjusted : bool
        Whether the interval excludes zero only before the adjustment for several comparisons: the
        bar is dashed.
    """

    label: str
    difference: Interval | None
    note: str = ""
    in_trouble: bool = False
    colour: str = INK
    unadjusted: bool = False

    def numbers(self, metric: str) -> str:
        """Return the numbers in words, or the note."""
        if self.difference is None:
            return self.note
        unit = unit_of(metric)
        if {*map(unit.amount, self.difference)} == {unit.amount(0.0)}:
            return "no difference"
        value, *ends = self.difference
        return f"{unit.amount(value, '+')} ({unit.ends(*ends)})"


def describe(intervals: Iterable[DrawnDifference], metric: str) -> str:
    """Return a forest plot in words."""
    return "; ".join(f"{printable(each.label)}: {each.numbers(metric)}" for each in intervals)
