"""Decision curves, with numbers that follow by hand."""

import pytest
from made_fits import CANDIDATES, OTHER, REFERENCE, by_model, judged, make_study

from backprop.statistics.decision_curve import (
    decision_curves,
    shown_part,
    thresholds_around,
    useful_range,
    widest,
)
from backprop.statistics.tables import DECISION_CURVE, Interval, OnCurve
from backprop.study.costs import Costs

COSTS = Costs.of_two(missed=4, false_alarm=1)  # the threshold is 0.2, odds 1 to 4


@pytest.fixture(scope="module")
def made():
    """The points of the models; predictions are 0.1 or 0.9."""
    study = make_study({REFERENCE: OTHER}, tensorflow=OTHER)
    judgement = judged(study, by_model([*CANDIDATES][:1]), classes=("no", "yes"))
    return DECISION_CURVE.rows(decision_curves(judgement, COSTS))


def test_the_odds_are_evenly_spread_around_those_of_the_study():
    thresholds = thresholds_around(COSTS)
    odds = thresholds / (1 - thresholds)
    assert odds[[0, 16, 32]] == pytest.approx([1 / 16, 1 / 4, 1])
    assert odds[1:] / odds[:-1] == pytest.approx(16 ** (1 / 32))
    assert thresholds[16] == COSTS.threshold


def test_a_model_that_decides_all_rows_alike_has_a_band_but_is_not_useful(made):
    points = [each for each in made if each.model == "logistic"]
    assert useful_range(points)[0] == next(p.threshold for p in points if p.beyond.lower > 0) > 0.1
    assert all(p.beyond.lower < 0 < p.beyond.upper for p in points if p.threshold < 0.1)
    assert all(p.net_benefit.lower < p.net_benefit.value < p.net_benefit.upper for p in points)


def points_with(lower_ends, upper=0.2):
    thresholds = (0.1, 0.2, 0.3, 0.5, 0.6)
    return [
        OnCurve(
            model="m", threshold=t, net_benefit=Interval(0, low, upper), treat_all=0.1,
            beyond=Interval(0, low, upper),
        )
        for t, low in zip(thresholds, lower_ends, strict=True)
    ]  # fmt: skip


def test_the_useful_range_is_the_longest_one():
    assert useful_range(points_with([0.1, -0.1, 0.1, 0.1, -0.1])) == (0.3, 0.5)
    assert useful_range(points_with([0, 0, 0, 0, -0.1])) is None
    assert useful_range(points_with([0, 0, 0, 0, 0.1])) == (0.6, 0.6)


def test_the_model_with_the_widest_range_is_named():
    curves = {"a": points_with([-1] * 5), "b": points_with([-1, 1, 1, -1, -1])}
    assert widest({"a": curves["a"]}) is None
    assert widest(curves) == "b"
    assert widest(curves | {"c": points_with([1, 1, 1, 1, 1])}) == "c"


def test_a_figure_shows_as_much_below_zero_as_above_at_most():
    assert shown_part(points_with([-3, 0, 0, 0, 0])) == pytest.approx((-0.21, 0.21))
    assert shown_part(points_with([-0.1, 0, 0, 0, 0], upper=0.05)) == pytest.approx((-0.105, 0.105))
