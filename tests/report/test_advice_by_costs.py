"""What the advice says of decisions by the costs of the study."""

import pytest
from made_advice import costing, decided

from backprop.report.wording.recommendation import advice
from backprop.report.wording.rows import Context
from backprop.statistics.recommendation import (
    Contender,
    Open,
    Probabilities,
    Recommendation,
    decide_by_costs,
)
from backprop.statistics.tables import DECISIONS

LOGISTIC = Contender(model="logistic", outcome=None, trouble={}, solution="found")
NETWORK = Contender(model="scratch", outcome="undecided", trouble={}, solution="found")
NONE = "none is shown to be worth more than to decide all rows alike."


def by_costs(*rows):
    return decide_by_costs(DECISIONS.rows(DECISIONS.frame(rows)))


@pytest.mark.parametrize(
    ("rows", "model", "says"),
    [
        (
            [decided("logistic", 0.2), decided("scratch", 0.3, outcome="better")],
            "scratch",
            "use the network: its net benefit is larger, 0.300 against 0.200 of logistic "
            "regression.",
        ),
        (
            [decided("logistic", 0.2), decided("scratch", 0.3, outcome="undecided")],
            "logistic",
            "use logistic regression: no other model is shown to have a larger net benefit.",
        ),
        (
            [decided("logistic", 0.2, useful=False), decided("scratch", 0.3, outcome="undecided")],
            None,
            f"use no model: {NONE}",
        ),
        (
            [decided("logistic", 0.2), decided("scratch", 0.3, useful=False, outcome="better")],
            "logistic",
            "use logistic regression: no other model is shown to have a larger net benefit.",
        ),
    ],
)
def test_the_advice_has_a_line_by_the_costs(rows, model, says):
    own = by_costs(*rows)
    assert own.model == model
    decision = Recommendation(
        kind="baseline", model="logistic", baseline=LOGISTIC, others=[NETWORK], by_costs=own,
        probabilities=Probabilities(model="logistic"), left_open=Open("scratch", 0.04),
    )  # fmt: skip
    advised = advice(decision, [], Context({}, "accuracy", 0.01))
    assert advised.purposes[-1] == f"By your costs, at a threshold of 0.167, {says}"
    text = " ".join([*advised.purposes, *advised.details])
    assert "also for probabilities:" in text  # and not by costs, of which the table says more
    assert text.casefold().count("by your costs") == 1


@pytest.mark.parametrize(
    ("cost", "outcome", "says"),
    [
        (0.75, "better", "use the network: its expected cost is lower, 0.750 against 1.200 of "
         "logistic regression."),
        (0.75, "undecided", "use logistic regression: no other model is shown to have a lower "
         "expected cost."),
    ],
)  # fmt: skip
def test_of_several_classes_the_advice_is_by_the_expected_cost(cost, outcome, says):
    rows = costing("logistic", 1.2), costing("other", 1.0, outcome="better")
    own = by_costs(
        *rows[: 2 if outcome == "better" else 1], costing("scratch", cost, outcome=outcome)
    )
    decision = Recommendation(
        kind="baseline", model="logistic", baseline=LOGISTIC, others=[NETWORK], by_costs=own,
        probabilities=Probabilities(model="logistic"),
    )  # fmt: skip
    *_, last = advice(decision, [], Context({}, "accuracy", 0.01)).purposes
    assert last == f"By your costs, {says}"


def test_without_probabilities_nothing_is_decided_by_costs():
    assert decide_by_costs([]) is None
