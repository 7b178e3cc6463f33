"""A page shows what its table contains, whatever the text in it."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.report import pages
from backprop.report.pages import table_page

SOURCE = Path(__file__).parents[2] / "src"
HOSTILE = "</script><script>alert('x')</script> & \"quoted\""


def own(page):
    """Return a page without the library that sorts and searches, and what that library reads."""
    return re.sub(r"data:application/gzip;base64,[^\"]*", "", page)


def test_text_is_escaped_in_cells_heads_sentences_and_title():
    table = pd.DataFrame({f"head {HOSTILE}": [f"cell {HOSTILE}"], "verdict": f"it {HOSTILE}"})
    page = own(table_page(table, f"title {HOSTILE}", "verdict", digits=4))
    for place in ("head", "cell", "It", "title"):
        assert f"{place} &lt;/script&gt;&lt;script&gt;alert(" in page, place
        assert f"{place} <" not in page, place
    assert page.lower().count("<script") == own(table_page(table[[]], "", digits=4)).lower().count(
        "<script"
    )


def test_a_sentence_is_a_list_item_with_a_capital_and_a_full_stop():
    table = pd.DataFrame({"number": [1, 2, 3], "verdict": ["this is so", None, "that is not"]})
    page = own(table_page(table, "Title", "verdict", digits=4))
    assert "<h1>Title</h1>\n<ul><li>This is so.</li><li>That is not.</li></ul>\n" in page
    assert "verdict" not in page


def test_a_table_without_any_sentence_has_no_list():
    table = pd.DataFrame({"number": [1], "verdict": [None]})
    for page in (
        table_page(table, "Title", "verdict", digits=4),
        table_page(table[["number"]], "Title", digits=4),
    ):
        assert "<ul>" not in own(page)


def test_numbers_have_the_significant_digits_that_are_asked_for():
    table = pd.DataFrame({"number": [1 / 3]})
    assert r"[\"0.3333\", 0.3333333333333333]" in table_page(table, "Title", digits=4)
    assert r"[\"0.3333333\", 0.3333333333333333]" in table_page(table, "Title", digits=7)


def test_a_missing_value_is_an_empty_cell_and_a_column_without_values_is_left_out():
    table = pd.DataFrame(
        {"some_number": [1.5, np.nan], "some_text": [None, "here"], "nothing_there": [None, None]}
    )
    page = own(table_page(table, "Title", digits=4))
    assert "<th>some number</th>" in page
    assert "nothing there" not in page
    assert r'"[[[\"1.5\", 1.5], \"\"], [[\"\", ' in page
    assert list(table.columns) == ["some_number", "some_text", "nothing_there"]


def test_a_column_that_has_values_only_beyond_the_cut_keeps_its_place():
    late = [np.nan] * pages.MOST_ROWS + [1.0]
    page = own(
        table_page(pd.DataFrame({"number": range(len(late)), "late": late}), "Title", digits=4)
    )
    assert "<th>late</th>" in page
    assert f"<p>The first {pages.MOST_ROWS:,} of {len(late):,} rows" in page


def test_the_same_table_gives_the_same_page_in_every_process():
    code = (
        "import hashlib, pandas; from backprop.report.pages import table_page;"
        "page = table_page(pandas.DataFrame({'number': [1.5]}), 'Title', digits=4);"
        "print(hashlib.sha256(page.encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], cwd=SOURCE, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(digests) == 1


def test_the_library_is_packed_once_for_all_pages_of_a_process(monkeypatch):
    pages._library.cache_clear()
    calls = []
    pack = pages.gzip.compress
    monkeypatch.setattr(
        pages.gzip, "compress", lambda *args, **kw: calls.append(1) or pack(*args, **kw)
    )
    for title in ("One", "Other"):
        table_page(pd.DataFrame({"number": [1]}), title, digits=4)
    assert len(calls) == 1
