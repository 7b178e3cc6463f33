"""Where the table is in a file."""

import pytest

from backprop.data.dataset import DataError
from backprop.data.file_tables import parse_csv
from backprop.data.sources import obtain
from backprop.data.table_in_file import from_windows, likely_header, units_and_totals

TITLED = "Trees\nof 2024\nkind;height\noak;1,5\nash;2,5\noak;3,5\n"


@pytest.fixture
def titled(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text(TITLED)
    return file


def test_a_title_is_named_with_the_row_that_looks_like_the_header(titled):
    with pytest.raises(DataError) as refused:
        obtain("t.csv", label="kind", file=titled)
    assert str(refused.value) == (
        "t.csv: found no column 'kind', only 'Trees'; row 3 looks like the header: `header: 3` in "
        "the config reads it"
    )


def test_the_header_that_is_named_is_read_and_lines_are_those_of_the_file(titled):
    data = obtain("t.csv", label="kind", header=3, skip_lines=[4], file=titled)
    assert data.x.ravel().tolist() == [2.5, 3.5]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"header": 9}, "t.csv: header: found no row at line 9; use another line"),
        ({"header": 3, "skip_lines": [2]}, "t.csv: skip_lines: found no row at line 2 below"),
    ],
)
def test_a_line_that_is_not_there_is_refused(titled, options, message):
    with pytest.raises(DataError) as refused:
        obtain("t.csv", label="kind", file=titled, **options)
    assert str(refused.value).startswith(message)


def test_a_first_row_with_a_gap_is_the_header_all_the_same():
    assert parse_csv("t", b",height\nx,1\ny,2\n").likely_header is None
    assert likely_header([(1, ["a", "b"]), (2, ["1", "2", "3"]), (3, ["4", "5", "6"])]) is None


def test_a_last_row_with_a_class_of_others_is_no_total():
    columns = [["1", "2", "total"], ["a", "b", "a"]]
    assert units_and_totals(columns, [2, 3, 4], 1) == {}
    columns[1][2] = ""
    assert units_and_totals(columns, [2, 3, 4], 1) == {4: "totals, as 'total' says"}


def test_a_first_row_without_values_but_with_a_class_of_others_is_no_row_of_units():
    columns = [["NA", "1", "2"], ["a", "b", "a"]]
    assert units_and_totals(columns, [2, 3, 4], 1) == {}
    columns[1][0] = ""
    assert units_and_totals(columns, [2, 3, 4], 1) == {2: "units, such as 'NA'"}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("père", "cp1252"),  # in central Europe: pčre
        ("да", "cp1251"),
        ("Größe", "cp850"),
        ("Größe", "mac_roman"),
        ("高さ", "shift_jis"),
        ("łódź", "cp1250"),
    ],
)
def test_text_that_may_be_in_another_encoding_is_not_read(text, encoding):
    assert from_windows(text.encode(encoding)) is None
    with pytest.raises(DataError, match="use text in UTF-8"):
        parse_csv("t", f"{text},y\n1,a\n".encode(encoding))
