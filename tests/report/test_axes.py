"""Axes have the range of the data; dots of one mark are one path."""

import numpy as np
import pytest

from backprop.report.figures import learning_curves, look, markers, palette
from backprop.report.wording.amounts import scores_on_axis
from backprop.statistics.learning_curves import Curve, is_early
from backprop.study.metrics import METRICS


def draw_guess(value, scale="linear"):
    """Return axes with data from 0.8 to 1, and the legend of a guess."""
    with look.drawing():
        _, ax = look.canvas(3)
        ax.plot([0.8, 1], [0.8, 1])
        ax.set_xscale(scale)
        return ax, markers.guess(ax, value, "accuracy", f"{value:.3f}")


@pytest.mark.parametrize(("value", "scale"), [(0.75, "linear"), (0.9, "linear"), (0.75, "log")])
def test_a_guess_near_the_data_is_a_line_within_the_axes(value, scale):
    ax, handle = draw_guess(value, scale)
    low, high = ax.get_xlim()
    assert low < min(value, 0.8)
    assert high > 1
    (line,) = [each for each in ax.lines if each.get_color() == palette.GREY]
    assert set(line.get_xdata()) == {value}
    assert handle.get_label() == "always the commonest class"


@pytest.mark.parametrize(("value", "marker"), [(0.33, "<"), (2.5, ">")])
def test_a_guess_far_from_the_data_leaves_them_the_room_and_is_an_arrow_with_its_value(
    value, marker
):
    ax, handle = draw_guess(value)
    low, high = ax.get_xlim()
    assert 0.75 < low < 0.8
    assert 1 < high < 1.05
    (arrow,) = [each for each in ax.lines if each.get_color() == palette.GREY]
    assert arrow.get_marker() == handle.get_marker() == marker
    assert arrow.get_xdata()[0] == (value > 1)  # of the width
    assert handle.get_label() == f"always the commonest class: {value:.3f}"


@pytest.mark.parametrize("metric", METRICS)
def test_an_axis_says_where_lower_is_better(metric):
    lower = "lower is better" in scores_on_axis(metric)
    assert lower != METRICS[metric].higher_is_better


@pytest.mark.parametrize(
    ("halfway", "early"), [([3, 5], True), ([3, 60, 70], False), ([3, 4, 90], True)]
)
def test_an_axis_of_epochs_is_logarithmic_if_most_curves_fall_early(halfway, early):
    epochs = np.arange(1, 101)
    curves = [Curve(epochs, *np.tile(np.where(epochs < end, 1.0, 0.1), (3, 1))) for end in halfway]
    assert is_early(curves) == early
    with look.drawing():
        figure, axes = look.canvas(3, ncols=2, squeeze=False)
        learning_curves._label_epochs(axes, is_logarithmic=early)
    scale = "log" if early else "linear"
    assert [ax.get_xscale() for ax in figure.axes] == [scale, scale]
