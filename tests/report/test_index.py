"""The landing page of several data sets: a row for each, with a link or with what went wrong."""

import html
import re
from pathlib import Path

import jinja2
import pytest
from hostile import NAMES
from made_pages import as_html, lines_of

from backprop.report.index import NONE, render_index, together
from backprop.report.wording.amounts import MINUS

TEMPLATE = Path(__file__).parents[2] / "workflow/report/index.rst.jinja"
INTERVAL = f"{MINUS}2.0 to +4.0"


def study_of(name, differences=None, headline="Use logistic regression"):
    own = {
        "headline": headline,
        "differences": differences or {"scratch": ["+1.0", INTERVAL]},
    }
    return {
        "question": "Is it better?", "unit": "(percentage points)", "first_look": "", "across": [],
        "datasets": {name: own},
    }  # fmt: skip


def page(*every, across=(), without=None):
    study = together(every, across, without or {})
    return jinja2.Template(render_index(TEMPLATE, study)).render()  # as Snakemake does


def test_each_data_set_has_a_row_with_a_link_to_its_report():
    text = page(
        study_of("one"), study_of("b-2", {"scratch": None}, "Use the network"), across=["x is y"]
    )
    assert re.findall('href="(.*?)"', as_html(text)) == ["report/one.html", "report/b-2.html"]
    assert lines_of(text)[:2] == ["Is it better?", "X is y."]
    assert "The page Across the data sets, under Results" in as_html(text).replace(
        "<em>", ""
    ).replace("</em>", "")
    assert f"one | Use logistic regression | +1.0 | {INTERVAL}" in lines_of(text)
    assert f"b-2 | Use the network | {NONE} | {NONE}" in lines_of(text)


def test_networks_that_are_two_models_have_columns_of_their_own():
    two = {"scratch": ["+1.0", "0.0 to +2.0"], "tensorflow": ["+3.0", "+2.0 to +4.0"]}
    lines = lines_of(page(study_of("one", two), study_of("two")))
    assert "one | Use logistic regression | +1.0 | 0.0 to +2.0 | +3.0 | +2.0 to +4.0" in lines
    assert f"two | Use logistic regression | +1.0 | {INTERVAL} | {NONE} | {NONE}" in lines
    (head,) = (line for line in lines if line.startswith("Data set"))
    assert len(set(head.split(" | "))) == 5, head


def test_a_data_set_without_a_result_has_its_reason_and_no_link():
    text = page(
        study_of("one"),
        without={"web": "fetch failed: 2 faults:\n  no\n  answer", "bad": "a" * 999},
    )
    assert "2 of 3 data sets have no result: the first rows of the table say why." in lines_of(text)
    assert f"web | No result: fetch failed: 2 faults: no; answer | {NONE} | {NONE}" in lines_of(
        text
    )
    rows = [line.split(" | ")[0] for line in lines_of(text) if line.count(" | ") == 3]
    assert rows == ["Data set", "web", "bad", "one"], "with many, nobody looks at the last row"
    assert re.findall('href="(.*?)"', as_html(text)) == ["report/one.html"]
    assert max(map(len, lines_of(text))) < 400
    assert "no result" not in page(study_of("one"))


@pytest.mark.parametrize("name", NAMES)
def test_a_text_of_others_is_shown_and_is_never_code_or_markup(name):
    text = page(
        study_of("one", headline=f"Use {name}"), across=[f"All: {name}"], without={"b": name}
    )
    shown = html.unescape(re.sub("<[^>]*>", "", as_html(text)))
    assert shown.count(name) == 3
