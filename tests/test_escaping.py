"""Texts that a person wrote come out as they are, and are never code or markup."""

import csv
import html
import io
import json
import re

import docutils.core
import jinja2
import pytest
from hostile import NAMES
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from backprop.escaping import (
    for_figure,
    for_jinja,
    for_parameters,
    for_rst,
    for_spreadsheet,
    from_spreadsheet,
)

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "a;=1", 'a;"=1',
    "a\t-1", "'=1", "''", "'", "\uff1d1",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_restructured_text_shows_a_name_as_it_is(name):
    settings = {"halt_level": 2, "report_level": 2, "warning_stream": None}
    text = f"The feature :literal:`{for_rst(name)}` is one of two."
    parts = docutils.core.publish_parts(text, writer="html5", settings_overrides=settings)
    shown = re.sub("<[^>]*>", "", parts["body"]).strip()
    assert html.unescape(shown) == f"The feature {name} is one of two."


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\r", "\x85", "\u2028", "\n\n"])
def test_a_character_without_a_picture_is_shown_by_its_number(character):
    text = f"A :literal:`{for_rst('a' + character + 'b')}` c."
    assert "\n" not in text
    parts = docutils.core.publish_parts(text, writer="html5", settings_overrides={"halt_level": 2})
    shown = ascii(character)[1:-1]
    assert f"a{shown}b" in parts["body"]
    if character != "\n\n":
        assert for_figure(f"a{character}b") == f"a{shown}b"


@pytest.mark.parametrize("name", NAMES)
def test_jinja_renders_a_page_unchanged(name):
    page = f"A page with {name}{name} in it, and {{ a brace }}."
    assert jinja2.Template(for_jinja(page)).render() == page


@pytest.mark.parametrize("name", [*NAMES, "{dataset}", '\\"{x}', "\\"])
def test_parameters_are_the_same_value_without_a_tag_or_a_wildcard(name):
    value = {"label": name, name: ["<", ">", "&", {}], "more": {"name": [name, name]}}
    escaped = for_parameters(json.dumps(value))
    assert json.loads(escaped) == value
    assert not set("<>&") & set(escaped)
    assert escaped.count("{") == 3  # those of the JSON itself


@pytest.mark.parametrize("name", [*NAMES, "$x", "$x$", "a $\\frac{$ b", "$$", "\\$"])
def test_a_figure_shows_a_name_without_reading_mathematics(name):
    figure = Figure()
    text = figure.text(0, 0, for_figure(name))
    shown, is_mathematics = text._preprocess_math(text.get_text())
    assert shown == name
    assert not is_mathematics


def with_examples(test):
    for text in (*NAMES, *FORMULAS):
        test = example(texts=[text, "a", text])(test)
    return test


TEXTS = st.lists(st.text("=+-@'\";,\t\r\n a1\uff1d") | st.text(), min_size=1)


@with_examples
@given(texts=TEXTS)
def test_no_spreadsheet_takes_a_text_for_a_formula_whatever_separates_its_cells(texts):
    file = io.StringIO(newline="")
    csv.writer(file).writerow(map(for_spreadsheet, texts))
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(file.getvalue(), newline=""), delimiter=separator):
            cells = [cell.lstrip("\t\r\n") for cell in row]
            assert not [cell for cell in cells if cell.startswith(tuple("=+-@\uff1d"))]


@given(text=st.text("='\";\t a") | st.text())
def test_a_text_from_a_spreadsheet_is_the_original(text):
    assert from_spreadsheet(for_spreadsheet(text)) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1", "'=1"), ("-a", "'-a"), ("'a'", "''a'"), ("a;@b", "a;'@b"), ("\ta", "'\ta")],
)
def test_an_apostrophe_is_written_before_what_a_spreadsheet_could_compute(text, cell):
    assert for_spreadsheet(text) == cell


@pytest.mark.parametrize(
    "text",
    ["exam_1", "", "a = b", "difference -0.6 points; +1 more", "don't", "h10-relu", "1 - b^2"],
)
def test_other_texts_stay_as_they_are(text):
    assert for_spreadsheet(text) == text
