"""A forest plot: the difference of each model from the baseline, with its interval."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from backprop.models.registry import BASELINE, MODELS
from backprop.report.rendering import rendered
from backprop.report.wording.amounts import amount, difference_ends, named, unit_of
from backprop.study.metrics import METRICS

# In units of the picture, which is as wide as the text around it.
WIDTH, LINE, LEFT, RIGHT = 640, 46, 12, 628
BLUE = "#1f4e79"
LETTERS = 76  # of a label and its numbers, which share a line


class Interval(NamedTuple):
    """A row of a forest plot.

    Attributes
    ----------
    label : str
        What it is about, in any characters.
    difference, lower, upper : float
        In the scale of a score; NaN if there is nothing to draw.
    note : str
        What there is in place of numbers.
    in_trouble : bool
        Whether some fits are unlearned, diverged or chaotic: the marker is hollow.
    """

    label: str
    difference: float
    lower: float
    upper: float
    note: str = ""
    in_trouble: bool = False

    def numbers(self, metric: str) -> str:
        """Return the numbers in words, or the note."""
        if math.isnan(self.difference):
            return self.note
        unit = unit_of(metric)
        interval = difference_ends(unit, self.lower, self.upper)
        return f"{amount(self.difference, unit, '+')} ({interval})"


class Scale(NamedTuple):
    """The scale of differences: where it begins and ends, and its ticks."""

    start: float
    end: float
    ticks: list[float]

    @classmethod
    def of(cls, rows: Iterable[Interval], rope: float) -> "Scale":
        """Return a scale on which all intervals, zero and the region of no difference fit."""
        values = [value for row in rows for value in row[1:4] if _known(value)]
        start, end = min([*values, -rope, 0.0]), max([*values, rope, 0.0])
        span = max(end - start, 0.01)
        step = min(
            (base * 10.0**power for power in range(-4, 1) for base in (1, 2, 5)),
            key=lambda step: abs(span / step - 5),
        )
        start, end = start - 0.04 * span, end + 0.04 * span
        places = range(math.ceil(start / step), math.floor(end / step) + 1)
        return cls(start, end, [place * step for place in places])

    def place(self, value: float) -> float:
        """Return where a value is, from 0 to 1."""
        return (value - self.start) / (self.end - self.start)


def draw_forest(rows: Sequence[Interval], rope: float, name: str, metric: str) -> str:
    """Draw a forest plot.

    Parameters
    ----------
    rows : sequence of Interval
    rope : float
        Differences up to this, drawn as a band, are of no practical interest.
    name : str
        For the identifiers of the picture, which are unique in a page.
    metric : str
        The metric of the study.

    Returns
    -------
    str
        An SVG element on one line; "" without rows. Its texts are text.
    """
    if not rows:
        return ""
    scale, unit = Scale.of(rows, rope), unit_of(metric).name
    ends = ["\N{LEFTWARDS ARROW} worse", "better \N{RIGHTWARDS ARROW}"]
    if not METRICS[metric].higher_is_better:
        ends = ["\N{LEFTWARDS ARROW} better", "worse \N{RIGHTWARDS ARROW}"]
    baseline = MODELS[BASELINE].name
    svg = rendered(
        "forest.svg.jinja",
        name=name,
        width=WIDTH,
        left=LEFT,
        right=RIGHT,
        blue=BLUE,
        title=f"Difference of {named(metric)} from {baseline}{unit and f', in {unit}'}",
        description=describe(rows, metric),
        rows=[_row(row, LINE * place, scale, metric) for place, row in enumerate(rows)],
        bottom=LINE * len(rows) + 4,
        band=(_x(scale, -rope), _x(scale, rope)),
        zero=_x(scale, 0),
        ticks=[(_x(scale, value), tick(value, metric)) for value in scale.ticks],
        unit=f"{unit or named(metric)}, from {baseline}",
        ends=ends,
    )
    return " ".join(line.strip() for line in svg.splitlines()).replace("> <", "><")


def describe(rows: Iterable[Interval], metric: str) -> str:
    """Return a forest plot in words."""
    return "; ".join(f"{row.label}: {row.numbers(metric)}" for row in rows)


def tick(value: float, metric: str) -> str:
    """Return the label of a tick of a scale of differences."""
    return f"{unit_of(metric).scale * value:+.3g}" if value else "0"


def _row(row: Interval, top: float, scale: Scale, metric: str) -> dict[str, Any]:
    """Return the parts of a row: its label and numbers, and below them its interval."""
    numbers = row.numbers(metric)
    room = LETTERS - len(numbers)
    cut = len(row.label) > room
    has_bar = all(map(_known, (row.difference, row.lower, row.upper)))
    return {
        "top": top,
        "middle": top + 34,
        "label": f"{row.label[: room - 1]}\N{HORIZONTAL ELLIPSIS}" if cut else row.label,
        "numbers": numbers,
        "bar": (_x(scale, row.lower), _x(scale, row.upper)) if has_bar else None,
        "mark": None if math.isnan(row.difference) else _x(scale, row.difference),
        "hollow": row.in_trouble,
    }


def _x(scale: Scale, value: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * scale.place(value), 1)


def _known(value: float) -> bool:
    return math.isfinite(value)
