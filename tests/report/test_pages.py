"""A page shows what its table contains, whatever the text in it."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.report import pages
from backprop.report.pages import table_page

SOURCE = Path(__file__).parents[2] / "src"
HOSTILE = "</script><script>alert('x')</script> & \"quoted\""


class Cells(HTMLParser):
    """What a browser makes of a table: its cells, row by row, and the explanations of its heads."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.titles, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self.inside = True
        if tag == "th" and len(self.rows) == 1:
            self.titles.append(dict(attributes).get("title"))

    def handle_endtag(self, tag):
        if tag in ("th", "td", "tr", "thead", "tbody", "table"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data.rstrip("\n")


def cells(table, **options):
    return Cells(table_page(table, "Title", **{"digits": 4, **options})).rows


def test_text_is_escaped_in_cells_heads_sentences_and_title():
    table = pd.DataFrame({f"head {HOSTILE}": [f"cell {HOSTILE}"], "verdict": f"it {HOSTILE}"})
    page = table_page(table, f"title {HOSTILE}", "verdict", digits=4)
    for place in ("head", "cell", "It", "title"):
        assert f"{place} &lt;/script&gt;&lt;script&gt;alert(" in page, place
        assert f"{place} <" not in page, place
    assert page.count("<script") == page.count("</script") == 1


def test_a_sentence_is_a_list_item_with_a_capital_and_a_full_stop():
    table = pd.DataFrame({"number": [1, 2, 3], "verdict": ["this is so", None, "that is not"]})
    page = table_page(table, "Title", "verdict", digits=4)
    assert "<h1>Title</h1>\n<ul><li>This is so.</li><li>That is not.</li></ul>\n" in page
    assert "verdict" not in page


def test_a_table_without_any_sentence_has_no_list():
    table = pd.DataFrame({"number": [1], "verdict": [None]})
    for page in (
        table_page(table, "Title", "verdict", digits=4),
        table_page(table[["number"]], "Title", digits=4),
    ):
        assert "<ul>" not in page


def test_counts_have_all_their_digits_although_one_is_missing():
    table = pd.DataFrame({"rows": [20640, np.nan], "share": [12345.5, np.nan]})
    assert cells(table)[1:] == [["20640", "1.235e+04"], ["", ""]]


def test_numbers_have_the_significant_digits_that_are_asked_for():
    table = pd.DataFrame({"number": [1 / 3]})
    assert cells(table) == [["number"], ["0.3333"]]
    assert cells(table, digits=7) == [["number"], ["0.3333333"]]


def test_a_missing_value_is_an_empty_cell_and_a_column_without_values_is_left_out():
    table = pd.DataFrame(
        {"some_number": [1.5, np.nan], "some_text": [None, "here"], "nothing_there": [None, None]}
    )
    assert cells(table) == [["some number", "some text"], ["1.5", ""], ["", "here"]]
    assert list(table.columns) == ["some_number", "some_text", "nothing_there"]


def test_a_column_that_has_values_only_beyond_the_cut_keeps_its_place():
    late = [np.nan] * pages.MOST_ROWS + [1.0]
    table = pd.DataFrame({"number": range(len(late)), "late": late})
    assert cells(table)[0] == ["number", "late"]
    assert f"<p>The first {pages.MOST_ROWS:,} of {len(late):,} rows" in table_page(
        table, "Title", digits=4
    )


def hidden_from(page):
    """Return the place of the first column that is hidden, or None."""
    rule = re.search(r"table:not\(\.all\) tr > :nth-child\(n \+ (\d+)\) { display: none; }", page)
    return rule and int(rule[1])


def test_the_columns_that_are_named_come_first_and_a_button_shows_the_others():
    table = pd.DataFrame({name: [name.upper()] for name in "abcd"})
    page = table_page(table, "Title", digits=4, first=("c", "missing", "a"))
    assert Cells(page).rows == [["c", "a", "b", "d"], ["C", "A", "B", "D"]]
    assert hidden_from(page) == 3
    assert ">Show all 4 columns</button>" in page


def test_a_table_of_eight_columns_shows_all_and_of_nine_hides_one():
    eight = pd.DataFrame({str(number): [number] for number in range(8)})
    page = table_page(eight, "Title", digits=4)
    assert hidden_from(page) is None
    assert "columns</button>" not in page
    page = table_page(eight.assign(more=1), "Title", digits=4)
    assert hidden_from(page) == 9
    assert ">Show all 9 columns</button>" in page


def test_a_head_says_what_its_column_is_and_an_unknown_one_says_nothing():
    table = pd.DataFrame({"difference": [1.0], "n_neighbors": 2})
    words = {"difference": "Computed minus <known>", "other": "No column"}
    page = table_page(table, "Title", digits=4, explanations=words)
    assert Cells(page).titles == ["Computed minus <known>", None]


def test_numbers_are_at_the_right_and_texts_and_truths_at_the_left():
    table = pd.DataFrame({"a": ["x"], "b": [1.5], "c": [True], "d": [2]})
    page = table_page(table, "Title", digits=4)
    assert re.findall(r"td:nth-child\((\d)\) { text-align: right; }", page) == ["2", "4"]


def test_a_column_with_a_long_text_is_broken_into_lines_and_no_other_one():
    table = pd.DataFrame({"a": ["x" * 40], "b": ["x" * 41], "c": [1.5], "d": ["short"]})
    page = table_page(table, "Title", digits=4)
    broken = re.findall(r"tbody tr > :nth-child\((\d)\) { white-space: normal;", page)
    assert broken == ["2"]


def test_a_page_needs_no_other_file():
    page = table_page(pd.DataFrame({"number": [1.5]}), "Title", digits=4)
    assert not re.search(r"src=|href=|import|fetch\(|url\(", page)
    assert len(page) < 5_000


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
