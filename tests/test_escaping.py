"""Texts that a person wrote come out as they are, and are never code or markup."""

import html
import json
import re

import docutils.core
import jinja2
import pytest
from hostile import NAMES
from matplotlib.figure import Figure

from backprop.escaping import for_figure, for_jinja, for_parameters, for_rst


@pytest.mark.parametrize("name", NAMES)
def test_restructured_text_shows_a_name_as_it_is(name):
    settings = {"halt_level": 2, "report_level": 2, "warning_stream": None}
    text = f"The feature :literal:`{for_rst(name)}` is one of two."
    parts = docutils.core.publish_parts(text, writer="html5", settings_overrides=settings)
    shown = re.sub("<[^>]*>", "", parts["body"]).strip()
    assert html.unescape(shown) == f"The feature {name} is one of two."


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
