"""The landing page and the captions are right for every config, and valid reStructuredText."""

import copy
import html
import re
from pathlib import Path
from types import SimpleNamespace

import docutils.core
import jinja2
import pandas as pd
import pytest
import yaml
from hostile import NAMES

from backprop.models.registry import add_estimators, configurations_of
from backprop.report.contents import TABLES
from backprop.report.summary import render

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "workflow/report/summary.rst.jinja"
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
MODELS = CONFIG["models"]
CAPTIONS = sorted((ROOT / "workflow/report").glob("*.rst"))


def page(
    models,
    names=("ex4",),
    entry=None,
    estimators=None,
    verdict="it is as good",
    trouble=None,
    reference=None,
    **changes,
):
    """Render the page of a study in which all models are equal, but those in trouble."""
    config = copy.deepcopy(CONFIG) | {"models": models, "estimators": estimators or {}}
    config["reference"] |= reference or {}
    comparison = pd.DataFrame({"model": models})
    comparison = comparison.assign(
        outcome=None, same_as=None, verdict=verdict,
        **dict.fromkeys(("diverged", "failed", "unlearned", "separated", "not_converged"), 0),
        **dict.fromkeys(("log_loss", "log_loss_difference", "log_loss_p"), float("nan")),
        **dict.fromkeys(("accuracy", "accuracy_lower", "accuracy_upper"), 0.8),
        **dict.fromkeys(("difference", "difference_lower", "difference_upper"), 0.0),
    )  # fmt: skip
    for model, counts in (trouble or {}).items():
        places = comparison["model"] == model
        comparison.loc[places, ["accuracy", "accuracy_lower", "accuracy_upper"]] = None
        for state, count in counts.items():
            comparison.loc[places, state] = count
    provenance = {
        "rows": 80, "features": ["exam_1", "exam_2"], "label": "admitted",
        "classes": {"0": 40, "1": 40}, "positive": "1", "categories": {}, "missing": {},
        "groups": None, "source": "bundled", "duplicated_rows": [[14, 40]],
        "sha256": "0" * 64, **changes,
    }  # fmt: skip
    tuning = pd.DataFrame({"model": [], "verdict": []})
    study = {"provenance": provenance, "comparison": comparison, "tuning": tuning, "guessing": 0.5}
    config["datasets"] = {name: {**CONFIG["datasets"]["ex4"], **(entry or {})} for name in names}
    return render(TEMPLATE, config, configurations_of(config), dict.fromkeys(names, study))


def as_html(text):
    """Convert reStructuredText; docutils raises an exception for a warning."""
    settings = {"halt_level": 2, "report_level": 2, "warning_stream": None}
    return docutils.core.publish_string(text, writer="html5", settings_overrides=settings).decode()


@pytest.mark.parametrize(
    ("models", "says", "says_not"),
    [
        (
            MODELS,
            ["one written by hand", "one in TensorFlow", "the reference, which was fixed"],
            [],
        ),
        (["logistic", "scratch"], ["is written by hand", "the reference"], ["TensorFlow"]),
        (["logistic", "tensorflow"], ["the reference"], ["written by hand"]),
        (["logistic", "softmax"], [], ["Networks are trained", "by hand", "the reference"]),
    ],
    ids=["both networks", "scratch", "tensorflow", "none"],
)
def test_the_page_speaks_of_the_models_that_there_are(models, says, says_not):
    _, _, below = page(models).partition("**How the models are compared.**")
    comparison, _, _ = below.partition("**How to read the rest.**")
    assert "fits per configuration" in comparison
    for words in says:
        assert words in comparison
    for words in says_not:
        assert words not in comparison


@pytest.mark.parametrize(
    ("names", "changes"),
    [
        (["ex4"], {}),
        (["a_rather_long_name_of_a_data_set_", "b"], {}),
    ],
    ids=["ex4", "names"],
)
def test_the_page_is_valid_whatever_the_names(names, changes):
    shown = as_html(page(MODELS, names, **changes))
    for name in names:
        assert name in shown


def test_the_page_names_each_model_and_its_numbers():
    rows = re.findall(r"^   \* - (.*)\n     - (.*)\n     - (.*)$", page(MODELS), re.MULTILINE)
    names = ["Logistic regression", "Softmax regression", r"Hand\-written network"]
    expected = [(name, "80.0%", "80.0% to 80.0%") for name in [*names, "TensorFlow network"]]
    assert rows[1:] == [*expected, ("Always the commonest class", "50.0%", "\N{EN DASH}")]


def test_a_model_with_diverged_or_failed_fits_is_said_to_have_them_in_place_of_its_accuracy():
    estimators = {"svm": {"class": "sklearn.svm.SVC"}}
    add_estimators(estimators)
    try:
        text = page(
            ["logistic", "scratch", "svm"],
            estimators=estimators,
            trouble={"scratch": {"diverged": 3}, "svm": {"failed": 7}},
        )
    finally:
        add_estimators({})
    assert r"\-written network" + "\n     - 3 of 50 fits diverged\n" in text
    assert "svm\n     - 7 of 50 fits failed\n" in text


def test_the_page_names_the_hyperparameters_of_the_networks():
    text = " ".join(page(MODELS).split())
    assert "cost, learning rate and initialisation. The" in text
    assert "learning rate 0.1. Intervals" in text
    text = " ".join(page(MODELS, reference={"batch_size": 32, "l2": 0.01}).split())
    assert "cost, learning rate, batch size, weight decay and initialisation. The" in text
    assert "learning rate 0.1, batches of 32, weight decay 0.01. Intervals" in text


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_the_data_is_shown_and_is_never_code_or_markup(name):
    texts = (
        {"label": name}, {"features": [name, "b"]}, {"source": name}, {"classes": {name: 1}},
        {"positive": name}, {"categories": {name: 2}}, {"missing": {name: 2}},
        {"groups": 2, "entry": {"groups": name}},
    )  # fmt: skip
    for changes in texts:
        text = jinja2.Template(page(MODELS, **changes)).render()  # as Snakemake does
        shown = html.unescape(re.sub("<[^>]*>", "", as_html(text)))
        assert name in shown


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_a_classifier_is_shown_and_is_never_code_or_markup(name):
    entry = {"class": "sklearn.svm.SVC", "reference": {"kernel": name}}
    add_estimators({"svm_": entry})
    try:
        text = page(["logistic", "svm_"], estimators={"svm_": entry}, verdict=f"svm_ {name}")
    finally:
        add_estimators({})
    shown = html.unescape(re.sub("<[^>]*>", "", as_html(jinja2.Template(text).render())))
    assert f"svm_ {name}." in shown
    assert f"svm_ is sklearn.svm.SVC with kernel {name}." in " ".join(shown.split())


def test_regressions_of_more_than_two_classes_are_said_to_be_two_models():
    words = "With more than two classes, logistic regression fits each class against all others"
    assert words not in page(MODELS)
    classes = {"a": 1, "b": 2, "c": 3}
    assert "they are then two models." in page(MODELS, classes=classes)
    without = page(["logistic", "scratch"], classes=classes)
    assert f"{words}." in without
    assert "softmax" not in without


def test_batches_and_weight_decay_are_said_where_they_are_set(monkeypatch):
    before = " ".join(page(MODELS).split())
    assert "activation, cost, learning rate and initialisation." in before
    assert "squared error, learning rate 0.1. Intervals" in before
    assert "weight decay" not in before
    monkeypatch.setitem(CONFIG, "reference", {**CONFIG["reference"], "batch_size": 32, "l2": 0.5})
    monkeypatch.setitem(CONFIG, "baselines", {"softmax": {}, "logistic": {"reference": {"l2": 2}}})
    after = " ".join(page(MODELS).split())
    assert "cost, learning rate, batch size, weight decay and initialisation." in after
    assert "squared error, learning rate 0.1, batches of 32, weight decay 0.5. Logistic" in after
    assert "Logistic regression has a weight decay of 2 in the table above. Intervals" in after


def shown_data(**changes):
    """Return what a reader sees of the paragraph about the data."""
    _, _, below = page(MODELS, **changes).partition("**The data.**")
    paragraph, _, _ = below.partition("SHA-256")
    return " ".join(html.unescape(re.sub("<[^>]*>", "", as_html(paragraph.strip()))).split())


def test_the_data_are_described_in_the_words_of_the_config():
    text = shown_data()
    assert "80 students from bundled, with the features exam_1, exam_2 and the class" in text
    assert (
        "The classes, in their order: 0 (40), 1 (40). Models predict the probability of 1." in text
    )
    assert "14 and 40" in text
    for words in ("categories", "Missing", "groups", "fold"):
        assert words not in text
    assert "80 rows from" in shown_data(entry={"row": "row"})


def test_the_data_are_described_with_all_that_was_done_to_them():
    text = shown_data(
        entry={"row": "penguin", "groups": "colony"},
        classes={"Gentoo": 124, "Adelie": 1152, "Chinstrap": 68},
        positive=None,
        categories={"island": 3},
        missing={"sex": 11},
        groups=12,
    )
    assert "80 penguins" in text
    assert "The classes, in their order: Gentoo (124), Adelie (1,152), Chinstrap (68)." in text
    assert "probability of" not in text
    assert "Features that are categories: island (3)." in text
    assert "Missing values: sex (11)." in text
    assert "The column colony has 12 groups" in text


def test_equal_rows_in_one_fold_are_said_to_be_so_with_and_without_groups():
    words = "Equal rows are always in one fold."
    assert words in shown_data(entry={"duplicates": "together"})
    assert words in shown_data(entry={"duplicates": "together", "groups": "colony"}, groups=12)
    assert words not in shown_data(entry={"duplicates": "keep", "groups": "colony"}, groups=12)


def test_a_list_that_is_cut_says_how_long_it_is():
    text = shown_data(
        features=[f"feature {number}" for number in range(64)],
        duplicated_rows=[[number, number + 100] for number in range(1, 31)],
    )
    assert "64 features (the first 40 are feature 0," in text
    assert "feature 39)" in text
    assert "feature 40" not in text
    assert "20 and 120 (the first 20 of 30 groups of equal rows)" in text


def test_every_table_has_a_caption():
    assert {*TABLES, "provenance"} <= {file.stem for file in CAPTIONS}


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda file: file.stem)
def test_a_caption_is_valid_and_uses_only_values_that_there_are(caption):
    wildcards = SimpleNamespace(dataset="ex4")  # one job draws all variants of a figure
    template = jinja2.Template(caption.read_text(), undefined=jinja2.StrictUndefined)
    text = template.render(snakemake=SimpleNamespace(config=CONFIG, wildcards=wildcards))
    assert "{" not in text
    assert "<p>" in as_html(text)


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda file: file.stem)
def test_a_caption_calls_a_row_what_the_config_calls_it(caption):
    wildcards = SimpleNamespace(dataset="mine")
    template = jinja2.Template(caption.read_text(), undefined=jinja2.StrictUndefined)
    nouns = {}
    for entry in ({}, {"row": "blue penguin"}):
        config = {**CONFIG, "datasets": {"mine": entry}}
        text = template.render(snakemake=SimpleNamespace(config=config, wildcards=wildcards))
        assert not re.search(r"student|exam\b|exam_|admitted", text)
        nouns[entry.get("row")] = text
    assert nouns["blue penguin"].replace("blue penguin", "row") == nouns[None]
