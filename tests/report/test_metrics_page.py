"""A study by any metric: names, units, signs and pictures follow it."""

import dataclasses
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_fits import CANDIDATES, MORE, REFERENCE, by_model, judged, make_study, write_study

from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import (
    differences,
    interactions,
    labels,
    look,
    models,
    pairs,
)
from backprop.report.figures.differences import lines_of
from backprop.report.figures.forest import pictures_of
from backprop.report.wording.metrics import without_interval
from backprop.statistics.comparison import compare_pairs
from backprop.statistics.other_metrics import others_to_say, others_to_show
from backprop.statistics.tables import AGAINST_GUESS, Interval
from backprop.study.metrics import METRICS

NAMES = {
    "accuracy": "an accuracy", "balanced_accuracy": "a balanced accuracy", "log_loss": "a log loss",
    "brier_score": "a Brier score", "roc_auc": "a ROC AUC",
}  # fmt: skip
UNITS = {"accuracy": " points", "balanced_accuracy": " points", "log_loss": " nats"}
LOWER = ("log_loss", "brier_score")
MADE = {model: own for model, own in by_model(CANDIDATES).items() if model != "tensorflow"}
METRIC = pytest.mark.parametrize("metric", NAMES)
PICTURED = pytest.mark.parametrize("metric", ["accuracy", "log_loss", "roc_auc"])  # each unit


@pytest.fixture(scope="module")
def made():
    return make_study(CANDIDATES, softmax=MORE)


def test_a_loss_without_an_interval_is_said_to_have_none(made, tmp_path):
    table = compare_pairs(judged(made, by_model(CANDIDATES), "log_loss"))
    table[["difference_lower", "difference_upper"]] = np.nan
    study = write_study(tmp_path, *made, MADE, "log_loss")
    study.results.tables["pairs"] = table
    with look.drawing():
        cells = [text.get_text() for text in pairs.draw(study, "").axes[0].texts]
    assert any("\nnone\np " in cell for cell in cells)
    assert not any("nan" in cell for cell in cells)


@METRIC
def test_the_forest_plot_has_the_unit_and_says_where_better_is(metric):
    drawn = pictures_of([DrawnDifference("knn", Interval(-0.02, -0.05, 0.01))], 0.01, "0", metric)
    name = NAMES[metric].partition(" ")[2]
    unit = UNITS.get(metric, "").strip()
    title = re.search("<title.*?>(.*?)</title>", drawn)[1]
    assert title == f"Difference of {name} from logistic regression" + (unit and f", in {unit}")
    wide, narrow = drawn.split("</svg>")[:2]
    worse, better = ("better", "worse") if metric in LOWER else ("worse", "better")
    for picture, middle in (
        (wide, f"{unit or name}, from logistic regression"),
        (narrow, unit or name),
    ):
        (ends,) = re.findall(">(\N{LEFTWARDS ARROW}[^<]*)</text>", picture)
        assert ends.split("\N{EM SPACE}") == [
            f"\N{LEFTWARDS ARROW} {worse}", middle, f"{better} \N{RIGHTWARDS ARROW}",
        ]  # fmt: skip
    numbers = "−2.0 (−5.0 to +1.0)" if "acc" in metric else "−0.020 (−0.050 to +0.010)"
    assert numbers in drawn


AXES = {
    "accuracy": ("Accuracy", "(percentage points)", "Mean accuracy (%)"),
    "balanced_accuracy": ("Balanced accuracy", "(percentage points)", "Mean balanced accuracy (%)"),
    "log_loss": ("Log loss", "(nats; lower is better)", "Mean log loss (nats; lower is better)"),
    "brier_score": ("Brier score", "(lower is better)", "Mean Brier score (lower is better)"),
    "roc_auc": ("ROC AUC", "", "Mean ROC AUC"),
}


@PICTURED
def test_figures_follow_the_metric(metric, made, tmp_path, monkeypatch):
    study = write_study(tmp_path, *made, MADE, metric)
    label, unit, of_map = AXES[metric]
    others = dict([*study.results.summaries.items()][1:])
    means = {e: s.score.value if s.score else np.nan for e, s in study.results.summaries.items()}
    with look.drawing():
        figure = differences.draw(study, "")
        axis = figure.axes[0].get_xlabel()
        assert axis == f"{label}: model minus logistic regression\n{unit}".rstrip()
        heading = differences.finding(study, others)
        more = "more accurate" if metric == "accuracy" else "better"
        assert f"3 of the 8 configurations are shown to be {more} than" in heading
        assert ("by" in heading.split()) == (metric != "accuracy")
        assert interactions.draw(study, "hidden-learning_rate").axes[-1].get_ylabel() == of_map
        monkeypatch.setattr("backprop.report.figures.look.MAX_LINES", 1)
        *_, best = lines_of(study, means)[0]
        assert best.label.startswith("learning rate 0.3")
        verdict_on_models = models.finding(study, [models.Row("scratch", REFERENCE.name)])
        heading = labels.heading_of(models.draw(study, metric))
        assert heading.startswith(verdict_on_models.split(" than")[0])


@pytest.mark.parametrize(
    ("counts", "metric", "shown", "said"),
    [
        ([40, 40], "accuracy", [], []),
        ([59, 41], "accuracy", [], []),
        ([60, 40], "accuracy", ["balanced_accuracy", "log_loss", "roc_auc"], []),
        (
            [80, 20], "accuracy",
            ["balanced_accuracy", "log_loss", "roc_auc"], ["balanced_accuracy", "roc_auc"],
        ),
        (
            [70, 30], "accuracy", ["balanced_accuracy", "log_loss", "roc_auc"], [],
        ),
        ([80, 20], "roc_auc", ["accuracy", "balanced_accuracy", "log_loss"], ["balanced_accuracy"]),
        ([20, 20, 20], "log_loss", ["accuracy"], []),
    ],
)  # fmt: skip
def test_unequal_classes_show_other_metrics(counts, metric, shown, said):
    assert others_to_show(counts, [], metric) == shown
    assert others_to_say(counts, metric) == said


def test_a_metric_by_which_a_model_has_learned_something_is_shown():
    learning = pd.DataFrame(
        [
            ("logistic", False, "accuracy", True), ("logistic", False, "balanced_accuracy", True),
            ("knn", False, "accuracy", False), ("knn", False, "roc_auc", True),
            ("svm", True, "accuracy", False), ("svm", True, "log_loss", True),
        ],
        columns=["model", "tuned", "metric", "better"],
    )  # fmt: skip
    assert others_to_show([40, 40], AGAINST_GUESS.rows(learning), "accuracy") == ["roc_auc"]
    none = learning[learning["metric"] != "accuracy"]
    shown = ["balanced_accuracy", "log_loss", "roc_auc"]  # by accuracy, no model is better
    assert others_to_show([40, 40], AGAINST_GUESS.rows(none), "accuracy") == shown


def test_unequal_classes_show_no_other_metric_if_nothing_was_learned_by_any():
    learning = AGAINST_GUESS.rows(
        pd.DataFrame(
            [("logistic", False, "accuracy", False), ("logistic", False, "roc_auc", False)],
            columns=["model", "tuned", "metric", "better"],
        )
    )
    assert others_to_show([60, 40], learning, "accuracy") == []
    assert others_to_show([60, 40], learning, "roc_auc") == ["accuracy"]


def test_a_metric_that_was_added_may_lack_an_interval(monkeypatch):
    monkeypatch.setitem(METRICS, "f1", dataclasses.replace(METRICS["accuracy"], label="F1"))
    lacks = {"score": Interval(0.5, np.nan, np.nan), "lacking": None}
    row = SimpleNamespace(metric="f1", model="logistic", **lacks)
    assert "for logistic regression" in without_interval([row])


def test_ties_are_named():
    tied = {"a": 0.79, "b": 0.7901, "c": 0.6}
    assert labels.extent(tied, "{:.3f}") == "0.600 (c) to 0.790 (a and b)"
    values = {"logistic": 4, "softmax": 5, "knn": 5, "svm": 5}
    assert labels.extent(values, "{:,}") == "4 (logistic) to 5 (softmax and 2 more)"
    assert labels.extent({"a": 1.0, "b": 1.0}, "{:.1f}") == "1.0"
    assert labels.extent({"a": 1.0}, "{:.1f}") == "1.0 (a)"
