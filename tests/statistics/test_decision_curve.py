"""Decision curves, with numbers that follow by hand."""

import pytest
from made_fits import CANDIDATES, GOOD, OTHER, REFERENCE, Y, by_model, judged, make_study

from backprop.statistics.decision_curve import (
    decision_curves,
    shown_part,
    thresholds_around,
    useful_range,
    widest,
)
from backprop.statistics.net_benefit import judge_decisions
from backprop.statistics.tables import DECISION_CURVE, DECISIONS, Interval, OnCurve
from backprop.study.costs import Costs

COSTS = Costs.of_two(missed=4, false_alarm=1)  # the threshold is 0.2, odds 1 to 4


@pytest.fixture(scope="module")
def made():
    """The points of the models, and their decisions; predictions are 0.1 or 0.9."""
    study = make_study({REFERENCE: OTHER}, tensorflow=OTHER)
    judgement = judged(study, by_model([*CANDIDATES][:1]), classes=("no", "yes"))
    points = DECISION_CURVE.rows(decision_curves(judgement, COSTS))
    return points, DECISIONS.rows(judge_decisions(judgement, COSTS))


def test_the_odds_are_evenly_spread_around_those_of_the_study():
    thresholds = thresholds_around(COSTS)
    odds = thresholds / (1 - thresholds)
    assert odds[[0, 16, 32]] == pytest.approx([1 / 16, 1 / 4, 1])
    assert odds[1:] / odds[:-1] == pytest.approx(16 ** (1 / 32))
    assert thresholds[16] == COSTS.threshold


def test_a_curve_has_the_net_benefit_at_each_threshold(made):
    points = [each for each in made[0] if each.model == "logistic"]
    hits, alarms = GOOD[:, Y == 1].mean() / 2, 1 / 2 - GOOD[:, Y == 0].mean() / 2
    for each in points:
        odds = each.threshold / (1 - each.threshold)
        treat_all = 1 / 2 - odds / 2
        expected = hits - odds * alarms if each.threshold > 0.1 else treat_all
        assert each.treat_all == pytest.approx(treat_all, abs=1e-3)  # folds of 80 and 81 rows
        assert each.net_benefit.value == pytest.approx(expected, abs=1e-3)
        assert each.beyond.value == pytest.approx(expected - max(0, treat_all), abs=2e-3)


def test_a_model_that_decides_all_rows_alike_has_a_band_but_is_not_useful(made):
    points = [each for each in made[0] if each.model == "logistic"]
    assert useful_range(points)[0] == next(p.threshold for p in points if p.beyond.lower > 0) > 0.1
    assert all(p.beyond.lower < 0 < p.beyond.upper for p in points if p.threshold < 0.1)
    assert all(p.net_benefit.lower < p.net_benefit.value < p.net_benefit.upper for p in points)


def test_the_band_is_wider_than_the_interval_at_the_threshold_of_the_study(made):
    points, decisions = made
    for row in decisions[:2]:
        point = next(p for p in points if p.model == row.model and p.threshold == 0.2)
        assert point.net_benefit.value == pytest.approx(row.net_benefit.value, abs=1e-12)
        assert point.net_benefit.lower < row.net_benefit.lower
        assert point.net_benefit.upper > row.net_benefit.upper
        assert point.beyond.lower < row.beyond.lower


def test_models_that_are_the_same_have_one_curve(made):
    assert [*dict.fromkeys(each.model for each in made[0])] == ["logistic", "scratch"]


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
