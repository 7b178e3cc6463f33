"""The landing page and the captions are right for every config, and valid reStructuredText."""

import copy
import html
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import docutils.core
import jinja2
import pandas as pd
import pytest
import yaml
from full_config import full, typed
from hostile import NAMES
from in_memory import results_of

from backprop.models.candidate_lists import configurations_of
from backprop.models.registry import MODELS as MODELS_BY_NAME
from backprop.report.contents import FIGURES, LIVE, PROVENANCE, TABLES
from backprop.report.summary import Reported, findings, one_pages, render
from backprop.report.wording.amounts import MINUS
from backprop.statistics.recommendation import recommend
from backprop.statistics.tables import ADVISING
from backprop.study.metrics import METRICS
from backprop.workflow.snakemake_internals.patches import report_link

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "workflow/report/summary.rst.jinja"
CONFIG = full(yaml.safe_load((ROOT / "config.yaml").read_text()))
MODELS = CONFIG["models"]
CAPTIONS = sorted((ROOT / "workflow/report").glob("*.rst"))


LINKS = [
    report_link(*item)
    for item in (
        ("results/ex4/tables/comparison.html", "1 Result", "The models"),
        ("results/ex4/plots/hard_rows.svg", "4 Data", "The students"),
    )
]


def comparison_of(models, verdict="it is as good", trouble=None, same=None):
    """Return a comparison in which all models are equal, but those in trouble."""
    comparison = pd.DataFrame({"model": models, "configuration": "default"})
    comparison = comparison.assign(
        outcome=None, verdict=verdict,
        **dict.fromkeys(("diverged", "failed", "unlearned", "separated", "not_converged"), 0),
        same_as=None, same_within=float("nan"),
        **dict.fromkeys(("accuracy", "accuracy_lower", "accuracy_upper"), 0.8),
        **dict.fromkeys(("difference", "difference_lower", "difference_upper"), 0.0),
    ).astype({"same_as": object})  # fmt: skip
    comparison.loc[0, ["difference", "difference_lower", "difference_upper"]] = None
    for model, counts in (trouble or {}).items():
        places = comparison["model"] == model
        comparison.loc[places, ["accuracy", "accuracy_lower", "accuracy_upper"]] = None
        comparison.loc[places, ["difference", "difference_lower", "difference_upper"]] = None
        for state, count in counts.items():
            comparison.loc[places, state] = count
    for model, (first, within) in (same or {}).items():
        places = comparison["model"] == model
        comparison.loc[places, "verdict"] = None
        comparison.loc[places, "same_as"] = first
        comparison.loc[places, "same_within"] = within
    return comparison


def learning_of(models):
    """Return that all models are better than a guess."""
    learning = pd.DataFrame({"model": models, "tuned": False, "metric": "accuracy"})
    return learning.assign(score=0.8, guess=0.5, better=True, worse=False)


def metrics_of(models):
    """Return the table of the models by each metric, with a sentence for each."""
    rows = [
        {
            "model": model, "metric": metric, "score": 0.7, "score_lower": 0.6, "score_upper": 0.8,
            "outcome": "undecided",
            "verdict": f"by {metric}, all are equal" if model == models[0] else None,
        }
        for metric in METRICS
        for model in models
    ]  # fmt: skip
    return pd.DataFrame(rows)


def page(
    models,
    names=("ex4",),
    entry=None,
    estimators=None,
    reference=None,
    wrong=(0, 0),
    one_class=None,
    repeats=10,
    tables=None,
    numbers=None,
    write=render,
    metric="accuracy",
    first_look=False,
    **changes,
):
    """Render the page of a study; `write` may be another function of the same parameters."""
    config = copy.deepcopy(CONFIG) | {"models": models, "estimators": estimators or {}}
    config["first_look"] = first_look
    config["reference"] |= reference or {}
    config["validation"]["repeats"] = repeats
    config["comparison"]["metric"] = metric
    provenance = {
        "rows": 80, "features": ["exam_1", "exam_2"], "label": "admitted",
        "classes": {"0": 40, "1": 40}, "positive": "1", "categories": {}, "missing": {},
        "groups": None, "source": "bundled", "duplicated_rows": [[14, 40]],
        "sha256": "0" * 64, **changes,
    }  # fmt: skip
    every = {
        "comparison": comparison_of(models, **(numbers or {})).rename(
            columns=lambda name: name.replace("accuracy", metric)
        ),
        "guessing": pd.DataFrame({name: [0.4, 0.6] for name in METRICS}),
        "against_guess": learning_of(models).assign(metric=metric),
        "hard_rows": pd.DataFrame({"row": range(1, len(wrong) + 1), "wrong": wrong}).assign(
            predictions=40, one_class=one_class
        ),
        **(tables or {}),
    }
    config["datasets"] = {name: {**CONFIG["datasets"]["ex4"], **(entry or {})} for name in names}
    config = typed(config)
    studies = {}
    for name, entry in config.datasets.items():
        settings = {"metric": metric, "row": entry.row}
        results = results_of(settings, every, candidates=configurations_of(config))
        decision = recommend(
            results.present(ADVISING),
            results.candidates,
            metric=metric,
            rope=config.comparison.rope,
        )
        studies[name] = Reported(results, decision, provenance, LINKS)
    return write(TEMPLATE, config, studies)


def as_html(text):
    """Convert reStructuredText; docutils raises an exception for a warning."""
    settings = {"halt_level": 2, "report_level": 2, "warning_stream": None}
    shown = docutils.core.publish_string(text, writer="html5", settings_overrides=settings).decode()
    return re.sub(r">\n\s*<", "><", shown)


@pytest.mark.parametrize(
    ("models", "says", "says_not"),
    [
        (
            MODELS,
            ["by hand after the lecture", "in TensorFlow", "The *reference* is"],
            [],
        ),
        (["logistic", "scratch"], ["is written by hand", "The *reference*"], ["TensorFlow"]),
        (["logistic", "tensorflow"], ["The *reference*"], ["written by hand"]),
        (
            ["logistic", "softmax"],
            [],
            ["configuration of the network", "by hand", "The *reference*"],
        ),
    ],
    ids=["both networks", "scratch", "tensorflow", "none"],
)
def test_the_page_speaks_of_the_models_that_there_are(models, says, says_not):
    _, _, below = page(models).partition("Models are compared on the same splits")
    comparison, _, _ = below.partition("The results folder")
    assert "fits per configuration" in comparison
    for words in says:
        assert words in comparison
    for words in says_not:
        assert words not in comparison


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({}, "The configuration of the network was fixed beforehand:"),
        (
            {"hidden": [[10, 10]], "l2": [0.01], "batch_size": [8]},
            "The network has 4 configurations, which differ in hidden layers, batch size and "
            "weight decay. The *reference* is the one that was fixed beforehand:",
        ),
    ],
)
def test_the_page_names_the_reference_and_what_is_varied(vary, says, monkeypatch):
    monkeypatch.setitem(CONFIG, "vary", vary)
    reference = "10 hidden nodes, sigmoid, squared error, learning rate 0.1, uniform initialisation"
    for changed, ends in (
        ({}, ""),
        ({"batch_size": 32, "l2": 0.1}, ", batch size 32, weight decay 0.1"),
    ):
        text = page(["logistic", "scratch"], reference=changed)
        assert f"{says} {reference}{ends}. The interval" in " ".join(text.split())


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
    names = ["Logistic regression", "Softmax regression", "Network", "Network"]
    expected = [(name, "80.0%", "80.0% to 80.0%") for name in names]
    assert rows[1:] == [*expected, ("A guess: always the commonest class", "50.0%", "\N{EN DASH}")]


@pytest.mark.parametrize(
    ("metric", "label", "unit", "score", "guess"),
    [
        ("accuracy", "Accuracy", "points", "80.0%", "commonest class"),
        ("balanced_accuracy", "Balanced accuracy", "points", "80.0%", "commonest class"),
        ("roc_auc", "ROC AUC", "ROC AUC", "0.800", "commonest class"),
        ("log_loss", "Log loss", "nats", "0.800", "shares of the classes"),
        ("brier_score", "Brier score", "Brier score", "0.800", "shares of the classes"),
    ],
)
def test_the_page_follows_the_metric(metric, label, unit, score, guess):
    models = ["logistic", "softmax"]
    text = page(models, metric=metric, tables={"metrics": metrics_of(models)})
    as_html(text)
    assert f"{label} on students not trained on" in text
    assert f">{unit}, from logistic regression</text>" in text
    assert f"Softmax regression\n     - {score}\n     - {score} to {score}\n" in text
    assert f"A guess: always the {guess}\n" in text
    lower = metric in ("log_loss", "brier_score")
    assert ("The lower the" in text) == ("; lower is better" in text) == lower
    assert ("which the config fixes beforehand" in text) == (metric != "accuracy")
    assert ("By accuracy, with 95% intervals" in text) == (metric != "accuracy")
    assert "By other metrics" not in text
    assert "     - Accuracy\n" in text
    assert ("   * - A guess: the commonest class\n" in text) == (metric != "accuracy")
    assert "The classes are unequal" not in text
    if "accuracy" not in metric:
        assert "70.0% (60.0% to 80.0%)" in text
        above, _, _ = text.partition("By accuracy, with")
        assert "accura" not in above


def test_a_score_or_a_difference_without_an_interval_has_none_on_the_page():
    comparison = comparison_of(["logistic", "softmax"])
    place = comparison["model"] == "softmax"
    comparison.loc[place, [f"accuracy_{end}" for end in ("lower", "upper")]] = None
    comparison.loc[place, [f"difference_{end}" for end in ("lower", "upper")]] = None
    comparison = comparison.rename(columns=lambda name: name.replace("accuracy", "log_loss"))
    text = page(["logistic", "softmax"], metric="log_loss", tables={"comparison": comparison})
    cells = "     - 0.800\n     - none\n"
    assert f"Softmax regression\n{cells}" in text
    assert "softmax regression: +0.000 (none)" in text
    assert not re.search(r"\bnan\b", text)


@pytest.mark.parametrize(("counts", "shown", "said"), [
    ((40, 40), False, False), ((48, 32), True, False), ((64, 16), True, True),
])  # fmt: skip
def test_a_page_on_unequal_classes_shows_other_metrics(counts, shown, said):
    models = ["logistic", "softmax"]
    classes = dict(zip("01", counts, strict=True))
    text = page(models, classes=classes, tables={"metrics": metrics_of(models)})
    as_html(text)
    table = "     - Balanced accuracy\n     - Log loss\n     - ROC AUC\n"
    assert (table in text) == ("By other metrics, with" in text) == shown
    assert ("- 70.0% (60.0% to 80.0%)\n     - 0.700 (0.600 to 0.800)\n" in text) == shown
    assert (
        "the shares of the classes\n     - 50.0%\n     - 0.500\n     - 0.500\n" in text
    ) == shown
    words = (
        r"The classes are unequal: the commonest has 80.0% of the students. By balanced\_accuracy"
        r"\, all are equal\. By roc\_auc\, all are equal\."
    )
    assert (words in text) == said
    without = page(models, classes=classes, tables={"metrics": metrics_of(models)[:0]})
    assert "By roc" not in without  # no model has a score


def test_a_model_with_diverged_or_failed_fits_is_said_to_have_them_in_place_of_its_accuracy():
    estimators = {"svm": {"class": "sklearn.svm.SVC"}}
    text = page(
        ["logistic", "scratch", "svm"],
        estimators=estimators,
        numbers={"trouble": {"scratch": {"diverged": 3}, "svm": {"failed": 7}}},
    )
    assert "Network\n     - 3 of 50 fits diverged\n" in text
    assert "svm\n     - 7 of 50 fits failed\n" in text


def drawn(text):
    """Return what the wide forest plot says: texts, a description, and the fill of its markers."""
    svg, _ = re.findall(r"<svg.*?</svg>", as_html(jinja2.Template(text).render()))
    texts = [html.unescape(words) for words in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    (described,) = re.findall(r"<desc[^>]*>([^<]*)</desc>", svg)
    return texts, html.unescape(described), re.findall(r'<circle[^>]*fill="([^"]*)"', svg)


def test_the_page_begins_with_the_difference_of_each_model_from_the_baseline():
    comparison = comparison_of(MODELS, same={"tensorflow": ("scratch", 2e-12)})
    place = comparison["model"] == "scratch"
    comparison.loc[place, "difference"] = -0.012
    comparison.loc[place, "difference_lower"] = -0.05
    comparison.loc[place, "difference_upper"] = 0.031
    texts, described, fills = drawn(page(MODELS, tables={"comparison": comparison}))
    network = "the network"
    assert texts[:4] == [
        "softmax regression", "no difference", network, f"{MINUS}1.2 ({MINUS}5.0 to +3.1)",
    ]  # fmt: skip
    assert described == f"softmax regression: no difference; {network}: {texts[3]}"
    assert {f"{MINUS}4", f"{MINUS}2", "0", "+2"} <= set(texts)
    assert fills == [MODELS_BY_NAME["softmax"].colour, MODELS_BY_NAME["scratch"].colour]


def test_a_page_without_a_style_shows_one_of_the_two_drawings():
    text = page(MODELS, tables={"comparison": comparison_of(MODELS)})
    wide, narrow = re.findall(r"<svg[^>]*>", as_html(jinja2.Template(text).render()))
    assert ('class="wide"' in wide, "display" in wide) == (True, False)
    assert ('class="narrow"' in narrow, "display: none" in narrow) == (True, True)


def test_a_marker_is_hollow_if_fits_are_in_trouble_or_chaotic_and_missing_if_there_is_no_score():
    comparison = comparison_of(
        ["logistic", "softmax", "scratch"], trouble={"softmax": {"diverged": 3}}
    ).assign(unlearned=[0, 0, 2])
    models = ["logistic", "softmax", "scratch"]
    texts, _, fills = drawn(page(models, tables={"comparison": comparison}))
    assert fills == ["#fff"]
    assert "3 of 50 fits diverged" in texts
    for chaotic in (True, False):
        comparison = comparison_of(models).assign(chaotic=[False, False, chaotic])
        _, _, fills = drawn(page(models, tables={"comparison": comparison}))
        assert fills[0] != "#fff"
        assert (fills[1] == "#fff") == chaotic


def test_one_model_alone_has_no_forest_plot():
    assert "<svg" not in page(["logistic"])


def test_a_picture_of_many_models_does_not_exceed_the_line_length_that_docutils_allows():
    names = [f"a forest of {count} trees" for count in range(40)]
    forest = {"class": "sklearn.ensemble.RandomForestClassifier"}
    text = page(["logistic", *names], estimators=dict.fromkeys(names, forest))
    texts, _, circles = drawn(text)
    assert {*names} <= {*texts}
    assert len(circles) == len(names)


def test_tuned_models_are_in_the_forest_plot_if_they_are_compared():
    nested = pd.DataFrame(
        {
            "model": ["scratch", "tensorflow"],
            "same_as": [None, "scratch"],
            "difference": [0.02, None],
            "difference_lower": [-0.01, None],
            "difference_upper": [0.05, None],
            "verdict": ["tuned, it is as good", None],
            "outcome": "undecided",
            "accuracy": 0.8,
            "accuracy_lower": 0.7,
            "accuracy_upper": 0.9,
            "fits": 20,
        }
    )
    text = page(["logistic", "scratch", "tensorflow"], tables={"nested": nested})
    assert "On these 20 splits, logistic regression has 78.0% before tuning." in shown_text(text)
    texts, _, _ = drawn(text)
    assert texts[4:6] == ["the network, tuned", f"+2.0 ({MINUS}1.0 to +5.0)"]
    assert sum("tuned" in words for words in texts) == 1
    assert "*Tuned*: chosen on training rows alone" in text


def test_models_that_are_the_same_are_listed_once_and_a_note_names_them():
    same = {"softmax": ("logistic", 1e-9), "tensorflow": ("scratch", 0.0)}
    text = page(MODELS, numbers={"same": same})
    rows = re.findall(r"^   \* - (.*)$", text, re.MULTILINE)
    assert rows[1:] == ["Logistic regression", "Network", "A guess: always the commonest class"]
    shown = shown_text(text)
    assert "Softmax regression is the same model as logistic regression on these data." in shown
    assert shown.count("The network has two implementations, identical.") == 1


def test_a_note_says_why_a_mark_is_hollow_or_missing():
    comparison = comparison_of(
        ["logistic", "softmax", "scratch"], trouble={"softmax": {"diverged": 3}}
    ).assign(unlearned=[0, 0, 2], chaotic=[False, False, True])
    text = shown_text(page(["logistic", "softmax", "scratch"], tables={"comparison": comparison}))
    assert "Softmax regression has no score: 3 of 50 fits diverged." in text
    assert (
        "The network needs care (2 of 50 fits still predicted a single class at epoch 500) (its "
        "training is chaotic: on another machine, its score may be another)."
    ) in text


def shown_text(text):
    """Return what a reader sees of a page."""
    return " ".join(html.unescape(re.sub("<[^>]*>", "", as_html(text))).split())


def test_a_page_on_several_data_sets_begins_with_what_to_do_on_each_and_a_link_to_it():
    shown = as_html(page(["logistic", "scratch"], names=("one_", "b-2")))
    for number, name in enumerate(("one_", "b-2"), start=1):
        link = f'href="#data-set-{number}">{name}</a>: Use logistic regression</p>'
        assert link in shown.split("The data set")[0]
        (heading,) = re.findall(rf'id="data-set-{number}".*?<h2>(.*?)</h2>', shown)
        assert name in heading
    assert "#data-set" not in as_html(page(["logistic", "scratch"]))


def test_the_rows_that_every_model_gets_wrong_are_counted():
    words = "predicted wrongly in every repeat by every model"
    text = shown_text(page(MODELS, wrong=(40, 39, 40, 0)))
    assert f"2 of the 80 students are {words}, before tuning." in text
    text = shown_text(page(["logistic", "softmax"], wrong=(40, 0)))
    assert f"1 of the 80 students is {words}." in text
    text = shown_text(page(["logistic"], wrong=(40, 0), repeats=1))
    assert "1 of the 80 students is predicted wrongly by logistic regression." in text
    assert "predicted wrongly" not in page(MODELS, wrong=(39, 0))
    trouble = {"trouble": {"scratch": {"diverged": 1}}}
    text = shown_text(page(MODELS, wrong=(40, 0), numbers=trouble))
    assert f"{words} with a score, before tuning." in text
    trouble = {"trouble": {m: {"diverged": 1} for m in MODELS if m != "logistic"}}
    text = shown_text(page(MODELS, wrong=(40, 0), numbers=trouble))
    assert "predicted wrongly in every repeat by logistic regression." in text


def test_a_model_that_always_says_the_same_is_named_as_one_that_does_not_count():
    start = "1 of the 80 students is predicted wrongly in every repeat by"
    models = ["logistic", "softmax", "scratch"]
    text = shown_text(page(models, wrong=(40, 0), one_class="softmax"))
    assert (
        f"{start} every model, before tuning, not counting softmax regression, "
        "which always predicts the same class." in text
    )
    text = shown_text(page(MODELS, wrong=(40, 0), one_class="scratch tensorflow"))
    assert (
        f"{start} every model, before tuning, not counting the network, which always predicts the "
        "same class." in text
    )
    text = shown_text(page(["logistic", "softmax"], wrong=(40, 0), one_class="softmax"))
    assert (
        f"{start} logistic regression, not counting softmax regression, which always predicts the "
        "same class." in text
    )


def test_the_question_is_about_the_network_only_if_there_is_one():
    assert "Does a back-propagation network do better than" in page(["logistic", "scratch"])
    assert "Do other models do better than logistic" in page(["logistic", "softmax"])


def test_a_link_opens_an_item_of_the_report_and_its_part():
    (first, second) = re.findall(r'<a href="javascript:([^"]*)">', page(MODELS))
    script = unquote(html.unescape(first))
    assert script.startswith("app.setView({navbarMode:'subcategory',category:\"1 Result\",")
    assert script.count('results["results/ex4/tables/comparison.html"]') == 2
    assert unquote(second).count('results["results/ex4/plots/hard_rows.svg"]') == 2
    assert ">The models</a> \N{MIDDLE DOT} <a " in page(MODELS)


def test_warnings_and_error_rates_are_on_the_page_if_there_are_such_tables():
    headings = ("**Warnings**", "**How reliable this report is**", "too narrow")
    assert not any(heading in page(MODELS) for heading in headings)
    rates = pd.DataFrame(
        {
            "check": ["coverage"] * 4 + ["power"],
            "model": ["softmax", "scratch", "scratch", "scratch", "scratch"],
            "other": [None, None, "logistic", "knn", "logistic"],
            "share": [0.95, 0.876, 0.88, 0.7, 0.5], "too_low": [False, True, True, True, None],
            "truth": [0.8, 0.5, -0.3, 0.0, None], "sets": 100, "test": "corrected",
            "true_difference": [None, None, None, None, 0.05],
            "verdict": ["it holds", None, None, None, "it is found"],
        }
    )  # fmt: skip
    warnings = pd.DataFrame(
        {"warning": ["edge_value"], "model": ["scratch"], "subject": ["hidden"],
         "better": [None], "verdict": ["the best value is at the edge"]}
    )  # fmt: skip
    text = page(MODELS, tables={"warnings": warnings, "error_rates": rates})
    for heading in headings:
        assert heading in text
    assert "* The best value is at the edge" in text
    shown = shown_text(text)
    assert "The simulated data sets seem unlike these data" in shown
    low = "is too narrow: in simulated data it contains the truth in"
    assert f"The interval of the accuracy of the network {low} 87.6%." in shown
    assert f"The interval of the difference of the network {low} 88.0%." in shown
    none = page(MODELS, tables={"warnings": warnings.assign(verdict=None)})
    assert "**Warnings**" not in none


def test_the_rows_that_would_settle_what_is_open_are_on_the_page():
    row = {
        "model": "scratch", "size": 0.05, "rows": 810.0, "rows_lower": 604.0, "rows_upper": 1083.0,
        "power": 0.2, "rows_here": 80, "verdict": None,
    }  # fmt: skip
    models = ["logistic", "scratch"]
    ends = ["difference", "difference_lower", "difference_upper"]
    comparison = comparison_of(models)
    comparison.loc[1, ends] = [0.02, -0.04, 0.08]
    comparison.loc[1, "outcome"] = "undecided"
    needed = {"comparison": comparison, "rows_needed": pd.DataFrame([row])}
    assert (
        "About 600 to 1,100 students, in place of 80, would settle 5 points: 80 of 100 such "
        "studies find a true difference of this size."
    ) in page(models, tables=needed).replace("\\", "")
    assert "would settle" not in page(models, tables={"rows_needed": needed["rows_needed"]})
    assert "would settle" not in page(models, tables={"comparison": comparison})


def test_error_rates_are_a_table_in_plain_words_with_a_dot_for_each_model():
    rates = pd.DataFrame(
        [
            ("coverage", "logistic", None, None, None, 0.99),
            ("coverage", "scratch", None, None, None, 0.9),
            ("coverage", "scratch", "logistic", None, None, 1.0),
            ("false_alarm", "logistic", "logistic", "corrected", 0.0, 0.02),
            ("false_alarm", "logistic", "logistic", "uncorrected", 0.0, 0.57),
            ("power", "logistic", "logistic", "corrected", 0.005, 0.01),
            ("power", "logistic", "logistic", "corrected", 0.1, 0.22),
        ],
        columns=["check", "model", "other", "test", "true_difference", "share"],
    ).assign(truth=0.8, sets=100, too_low=False, verdict=None)
    shown = as_html(jinja2.Template(page(MODELS, tables={"error_rates": rates})).render())
    _, _, below = shown.partition("How reliable this report is")
    lines = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td><svg(.*?)</svg>", below)
    assert [line[:2] for line in lines] == [
        ("95% intervals of accuracy hold the truth", "90% to 99%"),
        ("95% intervals of differences hold the truth", "100%"),
        ("Equally good models are called different", "2%"),
        ("True advantages of 10 points are found", "22%"),
    ]
    assert [line[2].count("<circle") for line in lines] == [2, 1, 1, 1]
    colours = [MODELS_BY_NAME[model].colour for model in ("logistic", "scratch")]
    assert re.findall('fill="(.*?)"', lines[0][2]) == colours
    places = [re.findall('(?:x1|cx)="(.*?)"', line[2]) for line in lines]
    assert places[0] == ["6", "146.6", "152.5", "139.2"]  # from 6 to 166 - 12: the bar is at 95%
    assert places[3] == ["6", "38.6"]
    assert "logistic regression: 99%; the network: 90%" in lines[0][2]


@pytest.mark.parametrize(("size", "truth", "says"), [
    (0.042, 0.8, "5 points in 31%."), (0.03, 0.8, "2 points in 7%."),
    (0.2, 0.8, "5 points in 31%."), (0.042, 0.7, ""), (0.009, 0.8, ""),
])  # fmt: skip
def test_an_open_verdict_says_how_often_such_an_advantage_is_found(size, truth, says):
    comparison = comparison_of(MODELS)
    own = comparison["model"] == "softmax"
    comparison.loc[own, "outcome"], comparison.loc[own, "difference_upper"] = "undecided", size
    power = {"check": "power", "model": "logistic", "other": "logistic", "sets": 100}
    rates = [
        {**power, "check": "coverage", "other": None, "truth": truth, "share": 0.95},
        *({**power, "true_difference": by, "share": share}
          for by, share in ((0.01, 0.03), (0.02, 0.07), (0.05, 0.31))),
        {**power, "true_difference": 0.1, "share": None, "sets": 0},
    ]  # fmt: skip
    text = page(MODELS, tables={"comparison": comparison, "error_rates": pd.DataFrame(rates)})
    (headline,) = re.findall(r"^\*\*(Use .*)\*\*$", text, re.MULTILINE)
    text = headline.replace("\\", "")
    assert text.partition("; simulations find a true advantage of ")[2] == says


def test_the_page_asks_for_no_click_in_print_and_has_no_digest():
    text = page(MODELS)
    assert not re.search("(?i)click", text)
    assert "SHA-256" not in text
    assert "0" * 64 not in text
    assert '<p class="screen">See first' in text


def test_what_only_some_readers_want_is_folded():
    _, text = as_html(page(MODELS)).split("<body>")
    shown, folded, _ = re.split("</?details>", text)
    assert "independent of each other" in folded
    assert "fits per configuration" in folded
    for words in ("djusted", "repeats of", "exam_1", "cross-validation"):
        assert words not in re.sub("(?s)<svg.*?</svg>", "", shown)
    two = as_html(page(MODELS, ("ex4", "other")))
    assert two.count("<details>") == two.count("</details>") == 3


def test_the_report_leaves_out_what_has_nothing_to_show():
    def left_out(models=MODELS, **options):
        every = page(models, write=lambda _, *others: findings(*others), **options)
        return every["datasets"]["ex4"]["left_out"]

    warnings = pd.DataFrame({"warning": ["few_rows"], "verdict": ["there are few rows"]})
    pairs = pd.DataFrame({"model": ["a", "b"], "other": ["b", "c"]}).assign(difference=0.0)
    assert left_out() == ["warnings", "pairs"]
    assert left_out(tables={"warnings": warnings, "pairs": pairs}) == []


def test_the_page_to_hand_in_says_where_intervals_are_too_short_and_simulated_data_unlike():
    rates = pd.DataFrame(
        {"check": "coverage", "model": ["logistic", "scratch"], "other": None, "share": 0.876,
         "too_low": [False, True], "truth": [0.8, 0.5], "sets": 100, "verdict": None}
    )  # fmt: skip
    same = {"same": {"tensorflow": ("scratch", 0.0)}}

    def caveats(**changes):
        tables = {"error_rates": rates.assign(**changes)}
        pages = page(
            MODELS, tables=tables, numbers=same, write=lambda _, *others: one_pages(*others)
        )
        return " ".join(pages["ex4"].caveats)

    assert (
        "The interval of the accuracy of the network is too narrow: in simulated data it contains"
        in caveats()
    )
    assert "The simulated data sets seem unlike these data" in caveats()
    assert "unlike" not in caveats(truth=0.8)
    assert "simulated" not in caveats(too_low=False)


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
    text = page(["logistic", "svm_"], estimators={"svm_": entry})
    shown = html.unescape(re.sub("<[^>]*>", "", as_html(jinja2.Template(text).render())))
    assert f"svm_ is sklearn.svm.SVC with kernel {name}." in " ".join(shown.split())


def test_regressions_of_more_than_two_classes_are_said_to_be_two_models():
    words = "With more than two classes, logistic regression fits each class against all others"
    assert words not in page(MODELS)
    classes = {"a": 1, "b": 2, "c": 3}
    assert "they are then two models." in page(MODELS, classes=classes)
    without = page(["logistic", "scratch"], classes=classes)
    assert f"{words}." in without
    assert "softmax" not in without


def test_the_weight_decay_of_a_regression_is_said(monkeypatch):
    assert "has a weight decay" not in page(MODELS)
    monkeypatch.setitem(CONFIG, "baselines", {"softmax": {}, "logistic": {"reference": {"l2": 2}}})
    text = " ".join(page(MODELS).split())
    assert "Logistic regression has a weight decay of 2 here. The interval" in text
    assert text.count("has a weight decay") == 1


def shown_data(**changes):
    """Return what a reader sees of the paragraph about the data."""
    _, _, below = page(MODELS, **changes).partition("how the models are compared</summary>")
    paragraph, _, _ = below.partition("Models are compared on")
    return " ".join(html.unescape(re.sub("<[^>]*>", "", as_html(paragraph.strip()))).split())


def test_the_data_are_described_in_the_words_of_the_config():
    text = shown_data()
    assert "80 students from bundled, with the features exam_1, exam_2 and the class" in text
    assert (
        "The classes, in their order: 0 (40), 1 (40). Models predict the probability of 1." in text
    )
    assert "14 and 40" in text
    for words in ("categories", "Missing", "groups", "one fold"):
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


def test_the_page_says_in_one_sentence_what_is_assumed():
    words = (
        "The statistics assume that the students are independent of each other, and drawn from the "
        "population to which you want to apply the models."
    )
    assert words in shown_data()
    groups = words.replace("students", "groups")
    assert groups in shown_data(entry={"groups": "colony"}, groups=12)


def test_blocks_in_an_order_are_said_to_be_so():
    text = shown_data(entry={"order": "day"})
    assert "Folds are blocks of students in the order of the column day; students with the" in text
    assert (
        "The statistics assume that the students are independent of each other, and drawn from the "
        "population to which you want to apply the models. Neighbouring students are not shown to "
        "be alike; if they are, intervals are too narrow."
    ) in text
    ordered = " ".join(page(MODELS, entry={"order": "day"}, repeats=1).split())
    assert "1 repeat of 5-fold cross-validation: 5 fits per configuration" in ordered
    assert "The folds are blocks of rows in the order of the column :literal:`day`" in ordered
    as_html(page(MODELS, entry={"order": "day"}, names=("ex4", "other")))
    plain = page(MODELS)
    assert "of stratified 5-fold cross-validation" in plain
    assert "blocks" not in plain


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
    assert (
        "Equal rows, all kept: 60 students in 30 sets of equal ones, such as 1 and 101; 2 and "
        "102; 3 and 103; 4 and 104; 5 and 105 (their numbers, from 1). The file "
        "data/provenance.json in the folder of the data set lists all." in text
    )


def test_equal_rows_are_named_if_they_are_few_and_counted_if_one_group_is_large():
    few = shown_data(duplicated_rows=[[14, 40], [2, 7, 1001]])
    assert "Equal rows, all kept (their numbers, from 1): 14 and 40; 2, 7 and 1,001." in few
    many = shown_data(duplicated_rows=[[*range(1, 401)]])
    assert (
        "Equal rows, all kept: 400 students in 1 set of equal ones, such as 1, 2, 3, 4, 5 and "
        "395 more (their numbers" in many
    )
    assert "Equal rows" not in shown_data(duplicated_rows=[])


def test_every_item_of_the_report_has_a_caption():
    with_pages = {name for name, table in TABLES.items() if table.page is None}
    assert {*with_pages, *FIGURES, "live", "provenance"} == {file.stem for file in CAPTIONS}


def test_every_item_of_the_report_has_a_section_in_the_page_about_reading_it():
    page = (ROOT / "docs/reading-the-report.md").read_text()
    headings = re.findall(r"^###? (.+)$", page, flags=re.MULTILINE)
    items = {
        **TABLES,
        **FIGURES,
        "live": LIVE,
        "provenance": PROVENANCE,
    }  # the figure of pairs has its table
    assert {item.title.format(rows="rows") for item in items.values()} <= set(headings)


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
        config = full({**CONFIG, "datasets": {"mine": entry}})
        text = template.render(snakemake=SimpleNamespace(config=config, wildcards=wildcards))
        assert not re.search(r"student|exam\b|exam_|admitted", text)
        nouns[entry.get("row")] = text
    assert nouns["blue penguin"].replace("blue penguin", "row") == nouns[None]


@pytest.mark.parametrize("caption", CAPTIONS, ids=lambda file: file.stem)
def test_a_caption_says_how_to_read_in_at_most_three_points_of_60_words(caption):
    template = jinja2.Template(caption.read_text(), undefined=jinja2.StrictUndefined)
    wildcards = SimpleNamespace(dataset="mine")
    datasets = {"mine": {"row": "blue penguin"}}
    for metric in METRICS:
        comparison = {"metric": metric, "rope": 0.015}
        config = {**CONFIG, "datasets": datasets, "comparison": comparison}
        text = template.render(snakemake=SimpleNamespace(config=config, wildcards=wildcards))
        words = [word for word in text.split() if re.search(r"\w", word)]
        assert len(words) <= 60, len(words)
        heading, *points = text.strip().split("\n* ")
        assert heading.strip() == "**How to read it**"
        assert 1 <= len(points) <= 3


def test_a_first_look_says_so_in_the_first_line_of_the_page_and_of_the_page_to_hand_in():
    text = html_of_first_paragraph(page(["logistic", "scratch"], repeats=2, first_look=True))
    assert text.startswith("<strong>This is a first look: 2 repeats of cross-validation")
    assert "first look" not in page(["logistic", "scratch"])
    of_pdf = page(["logistic"], first_look=True, write=pages_to_hand_in)["ex4"]
    assert of_pdf.first_look.startswith("This is a first look")
    assert page(["logistic"], write=pages_to_hand_in)["ex4"].first_look == ""


def html_of_first_paragraph(text):
    return re.search("<p>(.*?)</p>", as_html(text), re.DOTALL)[1].replace("\n", " ")


def pages_to_hand_in(_, config, studies):
    return one_pages(config, studies)


def test_the_end_of_a_run_gets_the_advice_and_the_warnings_of_each_data_set():
    warnings = pd.DataFrame({"warning": ["few_rows"], "verdict": ["there are few rows"]})
    every = page(
        ["logistic", "scratch"],
        names=("one", "two"),
        tables={"warnings": warnings},
        write=lambda _, config, studies: findings(config, studies),
    )
    assert every["first_look"] == ""
    assert list(every["datasets"]) == ["one", "two"]
    study = every["datasets"]["two"]
    assert study["warnings"] == ["there are few rows"]
    assert study["advice"].startswith("Use logistic regression")
