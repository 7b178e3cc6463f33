"""How a forest plot is laid out: what fits on its axis, and what its lines say."""

import math

import pytest

from backprop.report.forest_layout import LETTERS, DrawnDifference, lay_out
from backprop.statistics.tables import Interval

NAN = math.nan


def test_all_intervals_zero_and_the_region_fit_on_the_axis():
    intervals = [
        DrawnDifference("a", Interval(0.02, -0.01, 0.05)),
        DrawnDifference("b", Interval(-0.08, NAN, NAN)),
    ]
    layout = lay_out(intervals, 0.03, "accuracy")
    assert layout.start < -0.08 < 0.05 < layout.end
    alone = lay_out([], 0.03, "accuracy")
    assert alone.start < -0.03 < 0.03 < alone.end
    assert [layout.place(layout.start), layout.place(layout.end)] == [0.0, 1.0]
    assert layout.place((layout.start + layout.end) / 2) == pytest.approx(0.5)


def test_ticks_are_round_numbers_in_the_unit_of_the_metric():
    layout = lay_out([DrawnDifference("a", Interval(0.02, -0.05, 0.05))], 0.01, "accuracy")
    places, words = zip(*layout.ticks, strict=True)
    assert places == pytest.approx([-0.04, -0.02, 0, 0.02, 0.04])
    assert words == ("−4", "−2", "0", "+2", "+4")
    assert all(layout.start <= place <= layout.end for place in places)


def test_what_is_unknown_is_not_drawn_and_a_note_says_why():
    intervals = [
        DrawnDifference("known", Interval(0.02, -0.01, 0.05), in_trouble=True),
        DrawnDifference("without an interval", Interval(0.02, NAN, NAN)),
        DrawnDifference("without a score", None, "3 fits diverged"),
    ]
    known, without_interval, without_score = lay_out(intervals, 0.01, "accuracy").lines
    assert (known.difference.value, known.bar, known.in_trouble) == (0.02, (-0.01, 0.05), True)
    assert (without_interval.difference.value, without_interval.bar) == (0.02, None)
    assert without_interval.numbers("accuracy") == "+2.0 (none)"
    assert (without_score.difference, without_score.bar) == (None, None)
    assert without_score.numbers("accuracy") == "3 fits diverged"


@pytest.mark.parametrize("letters", [LETTERS, 40])
def test_a_long_label_is_cut_so_that_it_shares_its_line_with_its_numbers(letters):
    (line,) = lay_out(
        [DrawnDifference("x" * 200, Interval(0.0, -0.1, 0.1))], 0.01, "accuracy", letters
    ).lines
    assert line.label.endswith("x\N{HORIZONTAL ELLIPSIS}")
    assert len(line.label) + len(line.numbers("accuracy")) == letters
    (line,) = lay_out(
        [DrawnDifference("short", Interval(0.0, -0.1, 0.1))], 0.01, "accuracy", letters
    ).lines
    assert line.label == "short"


def test_a_label_has_no_character_that_controls_a_terminal():
    (line,) = lay_out(
        [DrawnDifference("a\x1b[1m", Interval(0.0, -0.1, 0.1))], 0.01, "accuracy"
    ).lines
    assert line.label == r"a\x1b[1m"
