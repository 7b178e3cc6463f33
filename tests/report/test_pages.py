"""A page shows what its table contains, whatever the text in it."""

import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
from made_fits import CANDIDATES, by_model
from one_table import table_page
from worded import context_of

from backprop.report import pages
from backprop.report.pages import Section, page_of
from backprop.report.wording.columns import Head, heads

HOSTILE = "</script><script>alert('x')</script> & \"quoted\""


class Cells(HTMLParser):
    """What a browser makes of a table: its cells, row by row, and the attributes of its heads."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.titles, self.heads, self.inside = [], [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
            self.inside = True
        if tag == "th":
            self.titles.append(dict(attributes).get("title"))
            self.heads.append(dict(attributes))

    def handle_endtag(self, tag):
        if tag in ("th", "td", "tr", "thead", "tbody", "table"):
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data.rstrip("\n")


def column(name, text=None, **options):
    """Return the attributes of a `backprop.report.wording.columns.Head`, as a page takes them."""
    return Head(name, text or name, **options)._asdict()


def cells(table, **options):
    """Return the cells of a page, without the spaces that align numbers."""
    rows = Cells(table_page(table, "Title", **{"digits": 4, **options})).rows
    return [[cell.strip() for cell in row] for row in rows]


def test_text_is_escaped_in_cells_heads_sentences_and_title():
    table = pd.DataFrame({f"head {HOSTILE}": [f"cell {HOSTILE}"], "b": [f"group {HOSTILE}"]})
    page = table_page(
        table,
        f"title {HOSTILE}",
        [f"it {HOSTILE}"],
        digits=4,
        columns=[
            column("b", is_group=True),
            column(f"head {HOSTILE}", spanner=f"over {HOSTILE}", help=f"what {HOSTILE}"),
        ],
        listing=f"listing {HOSTILE}",
    )
    for place in ("head", "over", "what", "cell", "group", "It", "title", "listing"):
        assert f"{place} &lt;/script&gt;&lt;script&gt;alert(" in page, place
        assert f"{place} <" not in page, place
    assert page.count("<script") == page.count("</script") == 1


def test_a_sentence_is_a_list_item_with_a_capital_and_a_full_stop():
    table = pd.DataFrame({"number": [1, 2, 3]})
    page = table_page(table, "Title", ["this is so", "that is not"], digits=4)
    assert (
        '<h1>Title</h1>\n<section id="s1">\n<ul><li>This is so.</li><li>That is not.</li></ul>\n'
        in page
    )


def test_counts_have_all_their_digits_although_one_is_missing():
    table = pd.DataFrame({"rows": [20640, np.nan], "share": [12345.5, np.nan]})
    assert cells(table)[1:] == [["20,640", "12350"], ["", ""]]


def test_a_missing_value_is_an_empty_cell_and_a_column_without_values_is_left_out():
    table = pd.DataFrame(
        {"some_number": [1.5, np.nan], "some_text": [None, "here"], "nothing_there": [None, None]}
    )
    assert cells(table) == [["some_number", "some_text"], ["1.5", ""], ["", "here"]]
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
    rule = re.search(r"tbody td:nth-child\(n \+ (\d+)\)\) { display: none; }", page)
    return rule and int(rule[1])


def test_the_columns_that_are_named_come_first_and_a_button_shows_the_others():
    table = pd.DataFrame({name: [name.upper()] for name in "abcd"})
    columns = [column(name, is_first=True) for name in ("c", "missing", "a")]
    page = table_page(table, "Title", digits=4, columns=columns)
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


def test_a_column_is_explained_at_its_head_and_in_a_list_and_an_unknown_one_is_not():
    table = pd.DataFrame({"difference": [1.0], "n_neighbors": 2})
    columns = [
        column("difference", help="Computed minus <known>"),
        column("other", help="Not here"),
    ]
    page = table_page(table, "Title", digits=4, columns=columns)
    assert Cells(page).titles[:2] == ["Computed minus <known>", None]
    assert re.findall("<dt>(.*)<dd>(.*)", page) == [("difference", "Computed minus &lt;known&gt;.")]


def test_numbers_are_at_the_right_and_texts_and_truths_at_the_left():
    table = pd.DataFrame({"a": ["x"], "b": [1.5], "c": [True], "d": [2]})
    page = table_page(table, "Title", digits=4)
    assert re.findall(r"td:nth-child\((\d)\) { text-align: right; }", page) == ["2", "4"]
    assert cells(table)[1] == ["x", "1.5", "yes", "2"]


def test_a_column_with_a_long_text_is_broken_into_lines_and_no_other_one():
    table = pd.DataFrame({"a": ["x" * 40], "b": ["x" * 41], "c": [1.5], "d": ["short"]})
    page = table_page(table, "Title", digits=4)
    broken = re.findall(r"tbody tr > :nth-child\((\d)\) { white-space: normal;", page)
    assert broken == ["2"]


INTERVAL = [
    column("model", "Model", is_first=True),
    column("d", "points", spanner="Difference", is_first=True),
    column("d_lower", "95% interval", spanner="Difference", is_first=True),
    column("d_upper", "95% interval", spanner="Difference", is_first=True),
    column("p", "P", is_first=True),
    column("e", "points", spanner="Other difference"),
]


def test_an_interval_has_one_head_over_both_ends_and_a_spanner_over_these_and_its_number():
    table = pd.DataFrame({"model": ["a"], "d": [1.5], "d_lower": [-2.5], "d_upper": 5.5, "p": 0.5})
    page = table_page(table.assign(e=0.5), "Title", digits=4, columns=INTERVAL)
    shown = Cells(page)
    assert shown.rows[:2] == [
        ["Model", "Difference", "P", "Other difference"], ["points", "95% interval", "points"],
    ]  # fmt: skip
    assert shown.rows[2] == ["a", "1.5", "−2.5", "5.5", "0.5", "0.5"]
    model, spanner, p, other, points, interval, _ = shown.heads[:7]
    assert (model["rowspan"], p["rowspan"], model["scope"]) == ("2", "2", "col")
    assert (spanner["colspan"], spanner["scope"]) == ("3", "colgroup")
    assert (interval["colspan"], interval["scope"], interval["data-place"]) == (
        "2",
        "colgroup",
        "3",
    )
    assert (points["data-place"], p["data-place"]) == ("2", "5")
    assert other["class"] == "spanner more"  # hidden with its column
    assert hidden_from(page) == 6
    assert 'tbody td:nth-child(3):not(:empty)::after { content: " to"; }' in page


def test_a_table_without_any_interval_has_heads_in_one_line():
    shown = Cells(table_page(pd.DataFrame({"a": [1], "b": [2]}), "Title", digits=4))
    assert shown.rows == [["a", "b"], ["1", "2"]]
    assert not any("rowspan" in head for head in shown.heads)


def test_rows_of_a_group_are_below_its_heading():
    table = pd.DataFrame({"kind": ["x", "x", "y"], "of": ["1", "1", "1"], "n": [1.25, 10.5, 2.0]})
    columns = [column("kind", is_group=True), column("of", is_group=True)]
    page = table_page(table, "Title", digits=4, columns=columns)
    assert page.count("<tbody>") == 2
    rows = Cells(page).rows
    assert [row[0].strip() for row in rows] == ["n", "x: 1", "1.25", "10.5", "y: 1", "2"]
    assert [len(row[0]) for row in rows[2:]] == [4, 5, 4, 1]  # aligned within a group
    groups = [head for head in Cells(page).heads if head["scope"] == "rowgroup"]
    assert [head["colspan"] for head in groups] == ["1", "1"]


def test_a_listing_is_shown_as_it_is():
    page = table_page(
        pd.DataFrame({"a": [1]}), "Title", digits=4, listing="seed: 1\nmodels:\n- a\n"
    )
    assert "<pre>seed: 1\nmodels:\n- a\n</pre>" in page


def test_columns_that_belong_together_have_one_head_over_them_and_each_is_explained():
    table = pd.DataFrame({"model": ["scratch"], "hidden": [5], "l2": [0.1], "fits": [50]})
    columns = [head._asdict() for head in heads("configurations", "accuracy")]
    context = context_of(by_model(CANDIDATES))
    page = table_page(table, "Title", digits=4, columns=columns, context=context)
    spanners = re.findall(r'<th scope="colgroup" colspan="(\d)"[^>]*><span>([^<]*)', page)
    assert spanners == [("2", "Hyperparameters"), ("1", "Fits")]
    assert re.findall("<dt>([^<]*)", page) == ["Model", "Hidden layers", "Weight decay", "Fits"]


def test_a_page_of_several_tables_has_a_heading_for_each_and_needs_one_script():
    table = pd.DataFrame({"number": [1]})
    page = page_of("Title", [Section(table, "first", ["so"]), Section(table, "second", digits=2)])
    assert re.findall("<h[12]>([^<]*)", page) == ["Title", "first", "second"]
    assert page.count("<table>") == 2
    assert page.count("<script>") == 1
    assert "<h2>" not in page_of("Title", [Section(table, "only")])
