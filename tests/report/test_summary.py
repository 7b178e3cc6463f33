"""The landing page and the captions are right for every config, and valid reStructuredText."""

import html
import re
from functools import partial
from types import SimpleNamespace

import jinja2
import pandas as pd
import pytest
from full_config import full
from hostile import NAMES
from made_pages import CONFIG, MODELS, ROOT, as_html, comparison_of, page
from situations import TUNED_NETWORKS

from backprop.models.registry import MODELS as MODELS_BY_NAME
from backprop.report.contents import ACROSS, FIGURES, LIVE, PROVENANCE, ROWS, TABLES
from backprop.report.summary import findings, one_page, render
from backprop.report.wording.amounts import MINUS
from backprop.statistics.review import Warned
from backprop.study.metrics import METRICS

CAPTIONS = sorted((ROOT / "workflow/report").glob("*.rst"))
EACH_CAPTION = pytest.mark.parametrize("caption", CAPTIONS, ids=lambda file: file.stem)


@pytest.mark.parametrize("name", ["ex4", "a_rather_long_name_of_a_data_set_"])
def test_the_page_is_valid_whatever_the_name(name):
    assert name in as_html(page(MODELS, name))


def drawn(text):
    """Return what the wide forest plot says: texts, a description, and the fill of its markers."""
    svg, _ = re.findall(r"<svg.*?</svg>", as_html(jinja2.Template(text).render()))
    words = [html.unescape(words) for words in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    (below,) = (place for place, each in enumerate(words) if "\N{LEFTWARDS ARROW}" in each)
    texts = [*words[below + 1 :], *words[:below]]  # Matplotlib writes its axis first
    (described,) = re.findall(r"<desc[^>]*>([^<]*)</desc>", svg)
    return (
        texts,
        html.unescape(described),
        re.findall(r'<use [^>]*style="fill: (#\w+);[^"]* stroke-width', svg),
    )


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
    assert fills == [MODELS_BY_NAME[name].colour.lower() for name in ("softmax", "scratch")]


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
    assert fills == ["#ffffff"]
    assert "3 of 50 fits diverged" in texts
    for chaotic in (True, False):
        comparison = comparison_of(models).assign(chaotic=[False, False, chaotic])
        _, _, fills = drawn(page(models, tables={"comparison": comparison}))
        assert fills[0] != "#ffffff"
        assert (fills[1] == "#ffffff") == chaotic


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
    models = ["logistic", "scratch", "tensorflow"]
    text = page(models, tables={"nested": TUNED_NETWORKS})
    texts, _, _ = drawn(text)
    assert texts[4:6] == ["the network, tuned", f"+2.0 ({MINUS}1.0 to +5.0)"]
    assert sum("tuned" in words for words in texts) == 1


def test_the_page_of_one_of_several_data_sets_names_it_and_leads_to_all_and_to_its_files():
    def links(**options):
        write = partial(render, **options)
        shown = as_html(page(["logistic", "scratch"], name="b-2", write=write))
        return "The data set" in shown, re.findall('<a [^>]*href="(.*?)"', shown)

    own = ["b-2/tables/fits.csv", "b-2/tables/one_step.csv", "report.pdf"]
    assert links() == (False, own)
    above = [f"../{link}" for link in (*own[:2], "b-2/report.pdf")]
    assert links(of_several=True) == (True, ["../report.html", *above])


def test_what_is_seen_first_is_named_with_the_part_that_it_is_in():
    assert "See first: The models (1 Result) · The &lt;students&gt; (4 Data)</p>" in page(MODELS)


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


def test_the_report_leaves_out_what_has_nothing_to_show():
    def left_out(models=MODELS, **options):
        every = page(models, write=findings_of, **options)
        return every["datasets"]["ex4"]["left_out"]

    warnings = [Warned("few_rows", None, "there are few rows")]
    pairs = pd.DataFrame({"model": ["a", "b"], "other": ["b", "c"]}).assign(difference=0.0)
    assert left_out() == ["warnings", "pairs"]
    assert left_out(warnings=warnings, tables={"pairs": pairs}) == []


def test_the_page_to_hand_in_says_where_intervals_are_too_short_and_simulated_data_unlike():
    rates = pd.DataFrame(
        {"check": "coverage", "model": ["logistic", "scratch"], "other": None, "share": 0.876,
         "too_low": [False, True], "truth": [0.8, 0.5], "sets": 100, "error": 0.03,
         "verdict": None}
    )  # fmt: skip
    same = {"same": {"tensorflow": ("scratch", 0.0)}}

    def caveats(**changes):
        tables = {"error_rates": rates.assign(**changes)}
        own = page(MODELS, tables=tables, numbers=same, write=page_to_hand_in)
        return " ".join(own.caveats)

    assert (
        "The interval of the accuracy of the network is too narrow: in simulated data it contains"
        in caveats()
    )
    assert "The simulated data sets seem unlike these data" in caveats()
    assert "unlike" not in caveats(truth=0.8)
    assert "simulated" not in caveats(too_low=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_the_data_is_shown_and_is_never_code_or_markup(name):
    changes = {
        "label": name, "features": [name, "b"], "source": name, "classes": {name: 1},
        "positive": name, "categories": {name: 2}, "missing": {name: 2},
        "groups": 2, "entry": {"groups": [name, "ward"]},
    }  # fmt: skip
    text = jinja2.Template(page(MODELS, **changes)).render()  # as Snakemake does
    shown = html.unescape(re.sub("<[^>]*>", "", as_html(text)))
    assert shown.count(name) == 8


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_a_classifier_is_shown_and_is_never_code_or_markup(name):
    entry = {"class": "sklearn.svm.SVC", "reference": {"kernel": name}}
    text = page(["logistic", "svm_"], estimators={"svm_": entry})
    shown = html.unescape(re.sub("<[^>]*>", "", as_html(jinja2.Template(text).render())))
    assert f"svm_ is sklearn.svm.SVC with kernel {name}." in " ".join(shown.split())


def test_every_item_of_the_report_has_a_caption():
    with_pages = {name for name, table in TABLES.items() if table.page is None}
    assert {*with_pages, *FIGURES, "across", "live", "rows", "provenance"} == {
        file.stem for file in CAPTIONS
    }


def test_every_section_about_an_item_has_the_title_of_one():
    page = (ROOT / "docs/reading-the-report.md").read_text()
    items = [*TABLES.values(), ACROSS["across"], *FIGURES.values(), LIVE, ROWS, PROVENANCE]
    titles = {item.title.format(row="row", rows="rows") for item in items}
    assert {*re.findall(r"^### (.+)$", page, flags=re.MULTILINE)} <= titles


def rendered(caption, config, dataset="mine"):
    """Render a caption, in which each value that it uses must be there, as Snakemake does."""
    wildcards = SimpleNamespace(dataset=dataset)  # one job draws all variants of a figure
    template = jinja2.Template(caption.read_text(), undefined=jinja2.StrictUndefined)
    return template.render(snakemake=SimpleNamespace(config=config, wildcards=wildcards))


@EACH_CAPTION
def test_a_caption_is_valid_and_uses_only_values_that_there_are(caption):
    text = rendered(caption, CONFIG, "ex4")
    assert "{" not in text
    assert "<p>" in as_html(text)


@EACH_CAPTION
def test_a_caption_calls_a_row_what_the_config_calls_it(caption):
    nouns = {}
    for entry in ({}, {"row": "blue penguin"}):
        text = rendered(caption, full({**CONFIG, "datasets": {"mine": entry}}))
        assert not re.search(r"student|exam\b|exam_|admitted", text)
        nouns[entry.get("row")] = text
    assert nouns["blue penguin"].replace("blue penguin", "row") == nouns[None]


@EACH_CAPTION
def test_a_caption_says_how_to_read_in_at_most_three_points_of_60_words(caption):
    datasets = {"mine": {"row": "blue penguin"}}
    for metric in METRICS:
        comparison = {"metric": metric, "rope": 0.015}
        text = rendered(caption, {**CONFIG, "datasets": datasets, "comparison": comparison})
        words = [word for word in text.split() if re.search(r"\w", word)]
        assert len(words) <= 60, len(words)
        heading, *points = text.strip().split("\n* ")
        assert heading.strip() == "**How to read it**"
        assert 1 <= len(points) <= 3


def page_to_hand_in(_, config, name, first):
    return one_page(name, first, config)


def findings_of(_, *others):
    return findings(*others)


def test_the_page_to_hand_in_counts_the_rows_of_each_class_and_of_many_the_commonest():
    def design(classes):
        return page(["logistic"], classes=classes, write=page_to_hand_in).design

    assert design({"ill": 21, "well": 1059}).startswith(
        "ex4: 80 students, by class well (1,059) and ill (21), with 2 features, by 10 x 5-fold"
    )
    several = {**dict.fromkeys("abcdefg", 10), "h": 11}
    assert "by class h (11), a (10)" in design(several)
    assert "d (10) and 3 more, with 2 features" in design(several)


def test_a_warning_that_is_the_headline_is_said_once():
    names = ["copied_rows", "few_rows"]
    warnings = [Warned(name, None, f"there are {name}") for name in names]
    shown = as_html(page(MODELS, warnings=warnings))
    assert "<strong>Check the data first: there are copied_rows.</strong>" in shown
    assert shown.lower().count("there are copied_rows") == 1
    assert shown.lower().count("there are few_rows") == 1


def test_the_end_of_a_run_gets_the_advice_and_the_warnings_of_a_data_set():
    warnings = [Warned("few_rows", None, "there are few rows")]
    every = page(["logistic", "scratch"], name="two", warnings=warnings, write=findings_of)
    assert every["first_look"] == ""
    ((name, study),) = every["datasets"].items()
    assert name == "two"
    assert study["warnings"] == ["there are few rows"]
    assert study["headline"] == "Use logistic regression"
    assert study["advice"].startswith("Use logistic regression")


def test_an_index_gets_the_difference_of_each_network_that_is_a_model_of_its_own():
    def differences(models, **numbers):
        study = page(models, numbers=numbers, write=findings_of)["datasets"]["ex4"]
        return study["differences"]

    equal = ["+0.0", "+0.0 to +0.0"]
    same = {"tensorflow": ("scratch", 0.0)}
    assert differences(MODELS, same=same) == {"scratch": equal}
    assert differences(MODELS) == {"scratch": equal, "tensorflow": equal}
    assert differences(["logistic", "softmax"]) == {"softmax": equal}
    assert differences(["logistic"]) == {}
    assert differences(["logistic", "scratch"], trouble={"scratch": {"failed": 3}}) == {
        "scratch": None
    }
