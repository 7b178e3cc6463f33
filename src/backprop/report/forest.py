"""A forest plot: the difference of each model from the baseline, with its interval."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from backprop.models.registry import BASELINE, MODELS
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
    bottom = LINE * len(rows) + 4
    baseline = escape(MODELS[BASELINE].name)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {bottom + 64}" '
        'style="width: 100%; max-width: 40rem; height: auto; font: 15px system-ui, sans-serif" '
        f'aria-labelledby="title-{name} desc-{name}">',
        f'<title id="title-{name}">Difference of {named(metric)} from {baseline}'
        f"{unit and f', in {unit}'}</title>",
        f'<desc id="desc-{name}">{escape(describe(rows, metric))}</desc>',
        *(
            part
            for place, row in enumerate(rows)
            for part in _row(row, LINE * place, scale, rope, metric)
        ),
        *_axis(scale, bottom, metric),
        _text(LEFT, bottom + 54, ends[0]),
        _text(
            WIDTH / 2,
            bottom + 54,
            f"{unit or named(metric)}, from {MODELS[BASELINE].name}",
            "middle",
        ),
        _text(RIGHT, bottom + 54, ends[1], "end"),
        "</svg>",
    ]
    return "".join(parts)


def describe(rows: Iterable[Interval], metric: str) -> str:
    """Return a forest plot in words."""
    return "; ".join(f"{row.label}: {row.numbers(metric)}" for row in rows)


def tick(value: float, metric: str) -> str:
    """Return the label of a tick of a scale of differences."""
    return f"{unit_of(metric).scale * value:+.3g}" if value else "0"


def _row(row: Interval, top: float, scale: Scale, rope: float, metric: str) -> list[str]:
    """Draw a row: its label and numbers, and below them its interval."""
    numbers = row.numbers(metric)
    room = LETTERS - len(numbers)
    cut = len(row.label) > room
    label = f"{row.label[: room - 1]}\N{HORIZONTAL ELLIPSIS}" if cut else row.label
    middle, band = top + 34, [_x(scale, -rope), _x(scale, rope)]
    parts = [
        _text(LEFT, top + 17, label),
        _text(RIGHT, top + 17, numbers, "end"),
        f'<rect x="{band[0]}" y="{middle - 11}" width="{band[1] - band[0]:.1f}" height="22" '
        'fill="#e2e2e2"/>',
        _line(_x(scale, 0), middle - 11, _x(scale, 0), middle + 11, "#222", 1),
    ]
    if math.isnan(row.difference):
        return parts
    if all(map(_known, (row.lower, row.upper))):
        parts.append(_line(_x(scale, row.lower), middle, _x(scale, row.upper), middle, BLUE, 3))
    fill = "#fff" if row.in_trouble else BLUE
    parts.append(
        f'<circle cx="{_x(scale, row.difference)}" cy="{middle}" r="6" fill="{fill}" '
        f'stroke="{BLUE}" stroke-width="2"/>'
    )
    return parts


def _axis(scale: Scale, bottom: float, metric: str) -> list[str]:
    ticks = [
        part
        for value in scale.ticks
        for part in (
            _line(_x(scale, value), bottom, _x(scale, value), bottom + 6, "#222", 1),
            _text(_x(scale, value), bottom + 24, tick(value, metric), "middle"),
        )
    ]
    return [_line(LEFT, bottom, RIGHT, bottom, "#222", 1), *ticks]


def _x(scale: Scale, value: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * scale.place(value), 1)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int) -> str:
    ends = f'x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="#222">{escape(text)}</text>'


def _known(value: float) -> bool:
    return math.isfinite(value)
