"""Pages write numbers and names as sentences and figures do, by the unit of a column."""

import numpy as np
import pandas as pd
from made_fits import CANDIDATES, REFERENCE, by_model, varied
from worded import context_of

from backprop.report.wording.cells import aligned, written
from backprop.report.wording.columns import Head, heads
from backprop.statistics.review import FACTS
from backprop.study.configurations import Configuration

CONTEXT = context_of(
    {
        **by_model(CANDIDATES),
        "logistic": [Configuration((("l2", 0.0),)), Configuration((("l2", 0.1),))],
    }
)


def shown(table, columns, context=CONTEXT, digits=4, **units):
    """Return the cells of some columns of a table, row by row."""
    own = [Head(column, column, unit=units.get(column, "")) for column in columns]
    return [*zip(*written(pd.DataFrame(table), own, context, digits), strict=True)]


def page_of(name, rows, metric="accuracy", context=CONTEXT):
    """Return the rows of a page as dictionaries, by the names of the columns."""
    table = pd.DataFrame(rows)
    own = [head for head in heads(name, metric) if head.column in table]
    cells = written(table, own, context._replace(metric=metric), 4)
    names = [head.column for head in own]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def test_a_score_is_in_percent_and_a_difference_in_points_with_one_decimal():
    row = {
        "model": "scratch", "accuracy": 0.78375, "accuracy_lower": 0.67, "accuracy_upper": 0.8646,
        "difference": -0.00625, "difference_lower": -0.0628, "difference_upper": 0.05034,
        "detectable": 0.0806, "p_adjusted": 0.8266, "wilson_lower": 0.6995,
    }  # fmt: skip
    (cells,) = page_of("comparison", [row])
    assert cells == {
        "model": "Network", "accuracy": "78.4%", "accuracy_lower": "67.0%",
        "accuracy_upper": "86.5%", "difference": "−0.6", "difference_lower": "−6.3",
        "difference_upper": "+5.0", "detectable": "8.1", "p_adjusted": "0.827",
        "wilson_lower": "70.0%",
    }  # fmt: skip
    by_head = {head.column: (head.spanner, head.text) for head in heads("comparison", "accuracy")}
    assert by_head["difference"] == ("Difference", "points")
    assert by_head["difference_upper"] == ("Difference", "95% interval")
    assert by_head["detectable"] == ("", "Detectable, points")
    assert by_head["accuracy"] == ("Accuracy", "estimate")


def test_another_metric_has_its_unit_in_the_heads_and_three_decimals():
    row = {"model": "scratch", "log_loss": 0.5031, "difference": 0.0435, "detectable": 0.1}
    (cells,) = page_of("comparison", [row], "log_loss")
    assert cells == {
        "model": "Network", "log_loss": "0.503", "difference": "+0.043", "detectable": "0.100",
    }  # fmt: skip
    by_head = {head.column: (head.spanner, head.text) for head in heads("comparison", "log_loss")}
    assert by_head["difference"] == ("Difference", "nats")
    assert by_head["log_loss"] == ("Log loss (lower is better)", "estimate")
    by_head = {head.column: (head.spanner, head.text) for head in heads("comparison", "roc_auc")}
    assert by_head["difference"] == ("Difference", "estimate")


def test_each_metric_of_the_table_of_metrics_has_its_own_unit():
    rows = [
        {"model": "scratch", "metric": metric, "score": 0.5, "difference": 0.025, "rope": 0.01}
        for metric in ("accuracy", "balanced_accuracy", "log_loss", "brier_score", "roc_auc")
    ]
    cells = {row["metric"]: row for row in page_of("metrics", rows)}
    assert [*cells] == [
        "Accuracy (differences in points)", "Balanced accuracy (differences in points)",
        "Log loss (differences in nats; lower is better)", "Brier score (lower is better)",
        "ROC AUC",
    ]  # fmt: skip
    written_scores = [(c["score"], c["difference"], c["rope"]) for c in cells.values()]
    assert written_scores == [("50.0%", "+2.5", "1.0")] * 2 + [("0.500", "+0.025", "0.010")] * 3


def test_a_number_without_an_interval_says_so():
    rows = [
        {
            "model": "scratch",
            "metric": "log_loss",
            "score": 0.5,
            "score_lower": low,
            "score_upper": high,
        }
        for low, high in ((0.4, 0.625), (np.nan, np.nan))
    ] + [
        {"model": "softmax", "metric": "log_loss", "score": np.nan}
    ]  # without a score: nothing is missing
    cells = page_of("metrics", rows, "log_loss")
    ends = [(row["score_lower"], row["score_upper"]) for row in cells]
    assert ends == [("0.400", "0.625"), ("", "none"), ("", "")]
    for row in rows:
        row |= {"p_adjusted": 1.0, "difference": 0.1, "difference_lower": row["score"] - 0.5}
    tested, not_tested = page_of("metrics", [rows[0], rows[1] | {"difference_lower": np.nan}])
    assert (tested["p_adjusted"], not_tested["p_adjusted"]) == ("1.000", "")
    lined = aligned([upper for _, upper in ends])
    assert lined[0] == "0.625"
    assert lined[1] == "none"
    (end,) = {h.help for h in heads("metrics", "log_loss") if h.column == "score_upper"}
    assert end.endswith(": the 95% interval; none if these rows say nothing about others")


def test_a_configuration_is_what_differs_from_the_reference():
    rows = [
        {"model": "scratch", "configuration": REFERENCE.name},
        {"model": "scratch", "configuration": varied(learning_rate=0.3).name},
        {"model": "logistic", "configuration": "default"},
        {"model": "logistic", "configuration": "l2=0.1"},
    ]
    assert [row["configuration"] for row in page_of("configurations", rows)] == [
        "reference", "learning rate 0.3", "reference", "weight decay 0.1",
    ]  # fmt: skip
    rows = [{"configuration": varied(learning_rate=0.3).name}]  # the networks share a table
    assert page_of("parity", rows) == [{"configuration": "learning rate 0.3"}]


def test_a_choice_is_empty_if_nothing_was_chosen():
    rows = [
        {"model": "logistic", "best": "default", "candidates": 2},
        {"model": "logistic", "best": np.nan, "candidates": 2},
        {"model": "scratch", "best": REFERENCE.name, "candidates": 3},
    ]
    assert [row["best"] for row in page_of("tuning", rows)] == [
        "reference", "", "reference",
    ]  # fmt: skip


def test_values_of_hyperparameters_are_words():
    rows = [{"model": "scratch", "cost": "squared_error", "activation": "relu", "hidden": "10x10"}]
    assert page_of("configurations", rows) == [
        {"model": "Network", "hidden": "10x10", "activation": "ReLU", "cost": "squared error"}
    ]


def test_a_name_of_a_user_stays_as_it_is_where_a_word_of_the_code_would_be_translated():
    rows = [
        {"warning": "giveaway_feature", "subject": "log_loss", "share": 0.99},
        {"warning": "small_class", "subject": "not_converged", "share": np.nan},
        {"warning": "troubled_fits", "subject": "not_converged", "share": 0.5},
        {"warning": "poor_probabilities", "subject": "log_loss", "share": 0.693},
        {"warning": "edge_value", "subject": "learning_rate", "share": np.nan},
    ]
    cells = page_of("warnings", rows, context=CONTEXT._replace(facts=FACTS))
    assert [row["subject"] for row in cells] == [
        "log_loss", "not_converged", "not converged", "log loss", "learning rate",
    ]  # fmt: skip
    assert [row["share"] for row in cells] == ["99.0%", "", "50.0%", "0.693", ""]
    assert cells[0]["warning"] == "giveaway feature"


def test_no_probability_is_rounded_to_0_or_1():
    values = [0.0, 1e-9, 0.0005, 0.827, 0.99949, 0.9996, 1.0]
    cells = shown({"p": values}, ["p"], p="probability")
    assert [cell for (cell,) in cells] == [
        "0.000", "&lt;0.001", "0.001", "0.827", "0.999", "&gt;0.999", "1.000",
    ]  # fmt: skip


def test_numbers_without_a_unit_have_significant_digits():
    (cells,) = zip(*shown({"x": [1 / 3, -4.66e-5, 2e-9, 12.0]}, ["x"]), strict=True)
    assert cells == ("0.3333", "−0.0000466", "2e-09", "12")
    assert shown({"x": [3e-10, 0.0]}, ["x"], x="small") == [("3e-10",), ("0",)]
    assert shown({"x": [True, False]}, ["x"]) == [("yes",), ("no",)]
