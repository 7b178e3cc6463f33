"""Intervals of differences, and how a forest plot of them is laid out, whatever draws it."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from backprop.errors import printable
from backprop.report.wording.amounts import MINUS, unit_of
from backprop.statistics.tables import Interval

INK, PALE = "#222222", "#e2e2e2"  # of what is no model, and of the region of no difference
LETTERS = 76  # of a label and its numbers, which share a line


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
    """

    label: str
    difference: Interval | None
    note: str = ""
    in_trouble: bool = False
    colour: str = INK

    @property
    def bar(self) -> tuple[float, float] | None:
        """Where the interval begins and ends, if it is known."""
        own = self.difference
        return own[1:] if own and all(map(math.isfinite, own)) else None

    def numbers(self, metric: str) -> str:
        """Return the numbers in words, or the note."""
        if self.difference is None:
            return self.note
        unit = unit_of(metric)
        if {*map(unit.amount, self.difference)} == {unit.amount(0.0)}:
            return "no difference"
        value, *ends = self.difference
        return f"{unit.amount(value, '+')} ({unit.ends(*ends)})"


class Layout(NamedTuple):
    """The layout of a forest plot; numbers are in the scale of a score.

    Attributes
    ----------
    lines : list of DrawnDifference
        A long label is cut: it shares its line with the numbers.
    start, end : float
        The ends of the axis, on which all of this fits.
    ticks : list of tuple
        The places of the ticks, and their labels.
    """

    lines: list[DrawnDifference]
    start: float
    end: float
    ticks: list[tuple[float, str]]

    def place(self, value: float) -> float:
        """Return where a value is on the axis, from 0 to 1."""
        return (value - self.start) / (self.end - self.start)


def lay_out(
    intervals: Sequence[DrawnDifference], rope: float, metric: str, letters: int = LETTERS
) -> Layout:
    """Lay out a forest plot.

    Parameters
    ----------
    intervals : sequence of DrawnDifference
        One for each line.
    rope : float
        Differences up to this are of no practical interest.
    metric : str
        The metric of the study.
    letters : int
        The length of a label and its numbers that a line has room for.
    """
    values = [
        value for each in intervals for value in each.difference or () if math.isfinite(value)
    ]
    start, end = min([*values, -rope, 0.0]), max([*values, rope, 0.0])
    span = max(end - start, 0.01)
    step = min(
        (base * 10.0**power for power in range(-4, 1) for base in (1, 2, 5)),
        key=lambda step: abs(span / step - 5),
    )
    start, end = start - 0.04 * span, end + 0.04 * span
    places = range(math.ceil(start / step), math.floor(end / step) + 1)
    scale = unit_of(metric).scale
    signed = {place: f"{scale * (place * step):+.3g}".replace("-", MINUS) for place in places}
    ticks = [(place * step, signed[place] if place else "0") for place in places]
    lines = [_line(each, metric, letters) for each in intervals]
    return Layout(lines, start, end, ticks)


def describe(intervals: Iterable[DrawnDifference], metric: str) -> str:
    """Return a forest plot in words."""
    return "; ".join(f"{printable(each.label)}: {each.numbers(metric)}" for each in intervals)


def _line(interval: DrawnDifference, metric: str, letters: int) -> DrawnDifference:
    label, room = printable(" ".join(interval.label.split())), letters
    room -= len(interval.numbers(metric))
    if len(label) > room:
        label = f"{label[: room - 1]}\N{HORIZONTAL ELLIPSIS}"
    return interval._replace(label=label)
