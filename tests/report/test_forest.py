"""Forest plots: what fits on their axis, and what their lines say."""

import math

import numpy as np
import pandas as pd
import pytest
from made_advice import BETTER
from matplotlib.collections import LineCollection

from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import look
from backprop.report.figures.forest import draw_labelled
from backprop.statistics.criteria import excludes_zero_unadjusted
from backprop.statistics.tables import COMPARISON, Interval

NAN = math.nan


def drawn(lines, rope=0.01, letters=76):
    """Return the axes of a forest plot."""
    with look.drawing():
        figure, ax = look.canvas(3)
        draw_labelled(ax, lines, rope, "accuracy", "points", 11, letters)
        look.lay_out(figure)
        return ax


def test_all_intervals_zero_and_the_region_fit_on_the_axis():
    lines = [
        DrawnDifference("a", Interval(0.02, -0.01, 0.05)),
        DrawnDifference("b", Interval(-0.08, NAN, NAN)),
    ]
    low, high = drawn(lines, 0.03).get_xlim()
    assert low < -8 < 5 < high
    low, high = drawn([DrawnDifference("none", None, "3 fits diverged")], 0.03).get_xlim()
    assert low < -3 < 3 < high


def test_ticks_are_round_numbers_in_the_unit_of_the_metric():
    ax = drawn([DrawnDifference("a", Interval(0.02, -0.05, 0.05))])
    low, high = ax.get_xlim()
    words = [
        label.get_text()
        for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if low <= place <= high
    ]
    assert words == ["−4", "−2", "0", "+2", "+4"]


def test_a_bar_that_excludes_zero_only_before_adjustment_is_dashed():
    apart = DrawnDifference("50 nodes", Interval(-0.126, -0.248, -0.005))
    ax = drawn([apart._replace(unadjusted=True), apart])
    dashed, solid = (bar for bar in ax.collections if isinstance(bar, LineCollection))
    assert [bar.get_linestyle()[0][1] is not None for bar in (dashed, solid)] == [True, False]


@pytest.mark.parametrize(
    ("p", "lower", "upper", "expected"),
    [
        (0.716, -0.248, -0.005, True),
        (0.049, -0.248, -0.005, False),
        (0.716, 0.005, 0.2, True),
        (0.716, -0.01, 0.2, False),
        (0.716, NAN, NAN, False),
        (None, 0.005, 0.2, False),
    ],
)
def test_an_interval_is_compared_with_its_adjusted_test(p, lower, upper, expected):
    row = {**BETTER, "p_adjusted": p, "difference_lower": lower, "difference_upper": upper}
    (compared,) = COMPARISON.rows(pd.DataFrame([row]), "accuracy")
    assert excludes_zero_unadjusted(compared) == expected


def test_what_is_unknown_is_not_drawn_and_a_note_says_why():
    ax = drawn([
        DrawnDifference("known", Interval(0.02, -0.01, 0.05), in_trouble=True),
        DrawnDifference("without an interval", Interval(0.02, NAN, NAN)),
        DrawnDifference("without a score", None, "3 fits diverged"),
    ])  # fmt: skip
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose([mark.get_xydata()[0] for mark in marks], [[2, 0], [2, 1]])
    assert marks[0].get_markerfacecolor() == "white"
    bars = [each for each in ax.collections if isinstance(each, LineCollection)]
    known, unknown = (bar.get_segments()[0] for bar in bars)
    np.testing.assert_allclose(known[:, 0], [-1, 5])
    assert not len(unknown)
    assert [text.get_text() for text in ax.texts] == [
        "known", "+2.0 (−1.0 to +5.0)", "without an interval", "+2.0 (none)",
        "without a score", "3 fits diverged",
    ]  # fmt: skip


@pytest.mark.parametrize("letters", [76, 40])
def test_a_long_label_is_cut_so_that_it_shares_its_line_with_its_numbers(letters):
    label, numbers = drawn(
        [DrawnDifference("x" * 200, Interval(0, -0.1, 0.1))], 0.01, letters
    ).texts
    assert "x\N{HORIZONTAL ELLIPSIS}x" in label.get_text()
    assert len(label.get_text()) + len(numbers.get_text()) == letters
    label, _ = drawn([DrawnDifference("short", Interval(0, -0.1, 0.1))], 0.01, letters).texts
    assert label.get_text() == "short"


def test_a_label_has_no_character_that_controls_a_terminal():
    label, _ = drawn([DrawnDifference("a\x1b[1m", Interval(0, -0.1, 0.1))]).texts
    assert label.get_text() == r"a\x1b[1m"
