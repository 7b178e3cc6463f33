"""The page of a figure: both pictures, what to look at, and no identifier twice."""

import json
import re
import zlib
from base64 import b64decode
from collections import Counter

import pytest

from backprop.report.contents import FIGURES, with_nouns
from backprop.report.figure_pages import figure_page
from backprop.report.figures import look, svg


@pytest.fixture(scope="module")
def page():
    drawn = []
    for inches in (look.WIDE, look.NARROW):
        with look.drawing(inches):
            figure, ax = look.canvas(2)
            ax.plot([0, 1], [0, 1], "o", label="a <b> & c")
            ax.set_xlabel("across")
            drawn.append(svg.to_bytes(figure, "What is <shown>"))
    return figure_page("What is <shown>", "Read it & see.", "a,</script>\n", *drawn)


def test_it_has_a_wide_and_a_narrow_picture_and_says_how_to_read_them(page):
    boxes = re.findall(r'<div class="(wide|narrow)"><svg[^>]*viewBox="0 0 ([\d.]+) ', page)
    assert [name for name, _ in boxes] == ["wide", "narrow"]
    assert [float(width) / 72 for _, width in boxes] == [look.WIDE, look.NARROW]
    assert "<figcaption>Read it &amp; see.</figcaption>" in page
    assert "<h1>What is &lt;shown&gt;</h1>" in page
    assert page.count("What is &lt;shown&gt;</title>") == 3  # of the page and both pictures


def test_no_identifier_is_there_twice_and_each_that_is_used_is_there(page):
    names = Counter(re.findall(r' id="([^"]*)"', page))
    assert {*names.values()} == {1}
    used = {*re.findall(r"""[("]#([^)"]+)""", page)}
    used |= {each for text in re.findall('labelledby="([^"]*)"', page) for each in text.split()}
    assert used == {*names}
    assert len(used) > 4


def test_it_has_its_values_as_a_packed_file(page):
    (text,) = re.findall(r"const packed = (\".*\");", page)
    assert zlib.decompress(b64decode(json.loads(text))) == b"a,</script>\n"
    assert page.count("</script>") == 1


def test_it_needs_no_other_file(page):
    assert not re.search(r"<script [^>]*src|<link|src=|@import|http(?!://www.w3.org/)", page)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_in_one_or_two_short_sentences_how_to_read_it(name):
    text = with_nouns(FIGURES[name].reads, "blue penguin")
    assert len(text.split()) <= 40
    assert text.endswith(".")
    assert not re.search("student|[{}]", text)
