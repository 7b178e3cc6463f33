"""What figures say in words: their text, title and heading; what is drawn once; hollow marks."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from in_memory import results_of, study_of
from lecture import EX4
from made_fits import MORE, REFERENCE, make_study, write_study
from made_results import Made, make_results, sketch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import ImageFont
from test_figures import CONFIG, entries, failing

from backprop.inference.decisions import excludes_zero, is_shown
from backprop.models.registry import ESTIMATOR_MARKERS, MODELS
from backprop.report.figures import differences, hard_rows, labels, look, models, pairs, palette
from backprop.report.figures.forest_lines import draw_means
from backprop.statistics.hard_rows import shares_wrong
from backprop.statistics.tables import PAIRS
from backprop.study.configurations import Configuration

SVG = "{http://www.w3.org/2000/svg}"
MARKERS = {*(model.marker for model in MODELS.values()), *ESTIMATOR_MARKERS}
FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
OF_CONFIGURATIONS = ("models", "differences", "hyperparameters")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    config = {**CONFIG, "search": "one_at_a_time", "validation": {"folds": 2, "repeats": 2}}
    return make_results(tmp_path_factory.mktemp("results"), config, EX4, "student", failing)


def changed(results, name, change):
    """Return a study of a figure whose configurations are changed."""
    study = Made(results.files, results.settings).study(name)
    summaries = study.results.summaries
    study.results.summaries = {entry: change(row) for entry, row in summaries.items()}
    return study


def variant_of(name):
    return "accuracy" if name == "hyperparameters" else ""


def marks_of(figure, model, *, hollow):
    """Return the lines that are marks of a model, hollow or filled."""
    colour = "white" if hollow else MODELS[model].colour
    return [
        line
        for line in figure.axes[0].lines
        if line.get_marker() == MODELS[model].marker and line.get_markerfacecolor() == colour
    ]


# Text


@pytest.mark.parametrize("name", ["models", "hard_rows", "roc", "learning_curves"])
def test_a_picture_has_real_text_a_title_and_a_description(results, name):
    figure, svg = results.drawn(name)
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    title, description = (named[each] for each in root.get("aria-labelledby").split())
    assert title.tag == f"{SVG}title"
    assert title.text == " ".join(labels.heading_of(figure).split())
    assert description.tag == f"{SVG}desc"
    assert all(text in description.text for text in entries(figure))
    assert "mathdefault" not in description.text  # a number of an axis
    assert "0%;" not in description.text
    shown = {element.text for element in root.iter(f"{SVG}text")}
    assert {*entries(figure), *labels.heading_of(figure).split("\n")} <= shown
    assert not list(root.iter(f"{SVG}use")) or b"DejaVuSans-" not in svg  # no letter is a path


def test_a_text_has_the_width_of_the_font_that_it_was_laid_out_in(results):
    _, svg = results.drawn("models")
    texts = [each for each in ET.fromstring(svg).iter(f"{SVG}text") if each.get("textLength")]
    assert len(texts) > 10
    for text in texts:
        bold = "font-weight: 700" in text.get("style")
        font = ImageFont.truetype(FONTS / f"DejaVuSans{'-Bold' * bold}.ttf", 1000)
        size = float(text.get("style").split("font-size: ")[1].split("px")[0])
        width = font.getlength(text.text) * size / 1000
        assert float(text.get("textLength")) == pytest.approx(width, rel=0.01, abs=0.1)


def test_contrast_is_that_of_wcag():
    assert palette.contrast("black", "white") == pytest.approx(21)
    assert palette.contrast("#767676", "white") == pytest.approx(
        4.54, abs=0.005
    )  # WebAIM's example
    for grey in np.linspace(0, 1, 101):
        colour = (grey, grey, grey)
        assert palette.contrast(palette.text_colour(colour), colour) > 4.5


# What is the same


@pytest.mark.parametrize(
    "name", [*OF_CONFIGURATIONS, "roc", "confusion", "calibration", "decision_boundaries"]
)
def test_what_is_the_same_is_drawn_once(results, name):
    figure, _ = results.drawn(name, variant_of(name))
    assert not marks_of(figure, "tensorflow", hollow=False)
    assert not marks_of(figure, "softmax", hollow=False)
    titles = [" ".join(ax.get_title(loc="left").split()) for ax in figure.axes]
    texts = [title.split(",")[0] for title in titles]
    texts += [t.get_text().split(",")[0] for ax in figure.axes for t in ax.get_yticklabels()]
    texts = [re.sub(r"\s\(\d.*", "", label) for label in [*texts, *entries(figure)]]
    assert texts.count("Network") >= 1
    assert not {"Network (TensorFlow)", "Softmax"} & {*texts}


def test_a_metric_that_equals_accuracy_is_drawn_once(results):
    # Each of two folds has 20 of the 40 students of each class.
    figure, _ = results.drawn("models")
    assert [ax.get_xlabel().split("\n")[0] for ax in figure.axes] == ["Accuracy", "Log loss"]


# Hollow marks


@pytest.mark.parametrize("name", OF_CONFIGURATIONS)
def test_marks_are_hollow_only_of_unlearned_diverged_or_chaotic_configurations(results, name):
    if name == "differences":
        figure, _ = results.drawn(name)
        table = pd.read_csv(results.files["configurations"])
        expected = table[(table["model"] == "scratch") & (table["diverged"] == 0)]["unlearned"] > 0
        assert 0 < expected.sum() < len(expected)
        assert len(marks_of(figure, "scratch", hollow=True)) == expected.sum()
        assert "fits unlearned, diverged or chaotic" in entries(figure)

    def change(row):
        return dataclasses.replace(row, unlearned=0, diverged=0, chaotic=False)

    figure = sketch(changed(results, name, change), name, variant_of(name))
    assert not marks_of(figure, "scratch", hollow=True)
    assert marks_of(figure, "scratch", hollow=False)
    assert "fits unlearned, diverged or chaotic" not in entries(figure)

    def all_chaotic(row):
        return dataclasses.replace(change(row), chaotic=row.model in ("scratch", "tensorflow"))

    figure = sketch(changed(results, name, all_chaotic), name, variant_of(name))
    assert not marks_of(figure, "scratch", hollow=False)
    assert marks_of(figure, "scratch", hollow=True)


# Headings


@pytest.mark.parametrize(
    ("outcomes", "heading"),
    [
        ({"knn": "undecided"}, "No model is shown to be better than logistic regression"),
        ({"knn": "better"}, "knn is shown to be better than logistic regression"),
        (
            {"knn": "worse", "svm": "undecided"},
            "No model is shown to be better than logistic regression; knn is shown to be worse",
        ),
        ({"knn": None}, ""),
        ({}, ""),
    ],
)
def test_the_heading_of_the_models_is_the_outcome_of_their_comparison(outcomes, heading):
    every = {"logistic": None, **outcomes}
    table = pd.DataFrame({"model": [*every], "outcome": [*every.values()]})
    candidates = dict.fromkeys(table["model"], ())
    results = results_of({"metric": "accuracy"}, {"comparison": table}, candidates=candidates)
    study = study_of(results)
    assert models.finding(study, []) == heading


def test_the_heading_of_the_differences_counts_what_is_shown(results):
    table = pd.DataFrame(
        {
            "model": "scratch", "configuration": list("abcd"),
            "outcome": ["better", "worse", "undecided", np.nan],
        }
    )  # fmt: skip
    same = pd.DataFrame({"model": ["logistic", "scratch"], "same_as": None})
    study = study_of(
        results_of({"metric": "accuracy"}, {"comparison": same, "configurations": table})
    )
    summaries = study.results.summaries
    assert differences.finding(study, summaries) == (
        "Compared all at once, 1 of the 4 configurations is shown to be more accurate than "
        "logistic regression, and 1 to be less accurate"
    )
    last = {entry: row for entry, row in summaries.items() if entry[1] in "cd"}
    assert differences.finding(study, last) == (
        "Compared all at once, none of the 2 configurations is shown to be more accurate than "
        "logistic regression"
    )


@pytest.mark.parametrize(
    ("rope", "outcome", "heading"),
    [(0.01, "better", "The other configuration is shown"), (0.3, "practically equal", "No other")],
)
def test_the_heading_of_the_differences_has_the_outcome_of_the_table(
    tmp_path, rope, outcome, heading
):
    """About 10 points more, with an interval above zero: they matter if the rope is 1 point."""
    candidates = {"logistic": [Configuration()], "scratch": [REFERENCE]}
    study = write_study(tmp_path, *make_study({REFERENCE: MORE}), candidates, rope=rope)
    _, (entry, row) = study.results.summaries.items()
    assert excludes_zero(row.difference.lower, row.difference.upper)
    assert is_shown(row.p_adjusted)
    assert row.outcome == outcome
    assert differences.finding(study, {entry: row}).startswith(heading)


@pytest.mark.parametrize(
    ("outcomes", "heading"),
    [
        (["undecided"], "The two models are not shown to differ"),
        (["worse"], "The two models are shown to differ"),
        (["practically equal"], "The two models are shown to be practically equal"),
        (["undecided"] * 3, "None of the 3 pairs of models is shown to differ"),
        (
            ["worse", "practically equal", "better"],
            "2 of the 3 pairs of models are shown to differ, and 1 to be practically equal",
        ),
    ],
)
def test_the_heading_of_the_pairs_counts_what_is_shown(outcomes, heading):
    assert pairs.finding(PAIRS.rows(pd.DataFrame({"outcome": outcomes}))) == heading


def test_many_hard_rows_are_shown_by_class_and_feature(results, monkeypatch):
    study, table = results.study("hard_rows"), results.drawn("hard_rows")[0].axes[1]
    lines = [each.get_text() for each in table.get_yticklabels()]
    assert lines[: len(study.classes)] == [*study.class_names(hard_rows.LETTERS)]
    assert [each.split(":")[0] for each in lines if ":" in each] == ["exam 1", "exam 2"]
    assert "where they are" in table.get_title(loc="left")
    shown = [each.get_text() for each in table.texts]
    y, (fits, *_) = study.dataset.y, study.results.headlines.values()
    wrong = shares_wrong(study.results.predictions(fits, votes=True), y)
    assert shown[0] == f"{np.nanmean(wrong[y == 0]):.0%}"
    monkeypatch.setattr(hard_rows, "MAX_ROWS", len(y))
    with look.drawing():
        few = hard_rows.draw(study, "").axes[1]
    assert "where they are" not in few.get_title(loc="left")
    assert all(each.get_text().isdigit() for each in few.get_yticklabels())


def table_of_hard_rows(wrong):
    """Return how often each of 80 rows is predicted wrongly: `wrong` always, the others never."""
    wrongly = np.where(np.arange(80) < wrong, 4, 0)
    return pd.DataFrame({"wrong": wrongly, "predictions": 4, "one_class": None})


@pytest.mark.parametrize(
    ("table", "scores", "heading"),
    [
        (
            table_of_hard_rows(0), {"logistic": 0.8, "scratch": 0.8},
            "No student is predicted wrongly by every model in every repeat",
        ),
        (
            table_of_hard_rows(2), {"logistic": 0.8, "scratch": 0.8},
            "2 of the 80 students are predicted wrongly by every model in every repeat",
        ),
        (table_of_hard_rows(0), {"scratch": np.nan}, ""),
    ],
)  # fmt: skip
def test_the_heading_of_hard_rows_counts_what_the_table_counts(table, scores, heading):
    every = pd.DataFrame({"model": [*scores], "accuracy": [*scores.values()], "same_as": None})
    tables = {"hard_rows": table, "comparison": every}
    settings = {"metric": "accuracy", "row": "student"}
    assert hard_rows.finding(study_of(results_of(settings, tables, dataset=EX4))) == heading


@pytest.mark.parametrize("marker", sorted(MARKERS))
def test_of_each_mark_enough_is_seen_within_its_white_edge(marker):
    """Of a circle of 7.5 points, 31 square points are seen."""
    figure = Figure(figsize=(1, 1), dpi=720)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    draw_means(ax, [(0.5, 0.5, np.nan, np.nan)], "black", marker)
    ax.set_axis_off()
    FigureCanvasAgg(figure).draw()
    dark = np.asarray(figure.canvas.buffer_rgba())[..., 0] < 128
    assert dark.sum() / (720 / 72) ** 2 > 20
