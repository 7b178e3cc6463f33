"""A sheet of an Excel workbook is read as its CSV would be, or refused with one message."""

import csv
import gzip
import importlib.util
import io
import warnings
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock

import numpy as np
import openpyxl
import pandas as pd
import pytest

from backprop.data import workbooks
from backprop.data.canonical_form import canonical
from backprop.data.dataset import DataError, Reading
from backprop.data.file_tables import read_table
from backprop.data.sources import obtain
from backprop.errors import command_for

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [
    ["height", "girth", "sort", "marked", "planted", "species"],
    [12.5, 3, "early", True, date(2024, 1, 31), "oak"],
    [0.1, 4.0, "late", False, datetime(2024, 1, 31, 12, 30), "ash"],
    [1e300, None, "late", True, date(1999, 12, 1), "oak"],
    [-7, 12345678901, None, False, datetime(2024, 2, 1), "ash"],
]
AS_TEXTS = """height,girth,sort,marked,planted,species
12.5,3,early,TRUE,2024-01-31,oak
0.1,4,late,FALSE,2024-01-31 12:30:00,ash
1e300,,late,TRUE,1999-12-01,oak
-7,12345678901,,FALSE,2024-02-01,ash
"""


def workbook(*sheets, edit=lambda book: None):
    """Return a workbook with sheets of rows, by the names Sheet1, Sheet2, ..."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    edit(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_parts(content, **parts):
    """Return a workbook with other parts: SHEET, or styles, which are in xl."""
    changed = io.BytesIO()
    names = {name: SHEET if name == "sheet" else f"xl/{name}.xml" for name in parts}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename not in names.values():
                new.writestr(info.filename, old.read(info))
        for name, text in parts.items():
            new.writestr(names[name], text)
    return changed.getvalue()


def sheet_of(rows):
    """Return a workbook whose sheet has rows that are given as XML."""
    xml = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    return with_parts(workbook([]), sheet=xml)


def read(folder, content, **options):
    file = folder / "trees.xlsx"
    file.write_bytes(content)
    return obtain("trees.xlsx", file=file, **{"label": "species", "missing": "impute", **options})


def refusal(folder, content, **options):
    with pytest.raises(DataError) as caught:
        read(folder, content, **options)
    message = str(caught.value)
    assert message.startswith("trees.xlsx: ")
    assert "\n" not in message
    assert len(message) < 1000
    return message.removeprefix("trees.xlsx: ")


def texts(content, **options):
    """Return the header and the rows of a workbook, as texts."""
    (table,) = read_table("t", content, Reading(label="", **options))
    return [table.header, *map(list, zip(*table.columns, strict=True))]


def test_a_workbook_gives_the_data_set_of_its_csv(tmp_path):
    options = {"exclude": ["planted"], "order": "planted"}
    of_sheet, of_csv = (
        read(tmp_path, content, **options) for content in (workbook(ROWS), AS_TEXTS.encode())
    )
    assert canonical(of_sheet) == canonical(of_csv)
    np.testing.assert_array_equal(of_sheet.order, of_csv.order)
    assert of_sheet.order.tolist() == [1, 2, 0, 3]


def test_cells_are_what_pandas_reads_and_values_not_what_is_shown():
    def formats(book):
        for cell in ("A2", "A3"):
            book.active[cell].number_format = "0%"

    content = workbook(ROWS, edit=formats)
    assert texts(content) == [
        row.replace("1e300", "1e+300").split(",") for row in AS_TEXTS.splitlines()
    ]
    frame = pd.read_excel(io.BytesIO(content), engine="openpyxl")
    assert [float(row[0]) for row in texts(content)[1:]] == frame["height"].tolist()


def test_times_are_as_a_spreadsheet_exports_them():
    rows = [["t", "y"], [clock(9, 5), "a"], [timedelta(hours=26, minutes=3), "b"]]
    assert texts(workbook(rows)) == [["t", "y"], ["09:05:00", "a"], ["26:03:00", "b"]]


def test_dates_since_1904_are_the_same_days():
    def since_1904(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    assert texts(workbook(ROWS, edit=since_1904)) == texts(workbook(ROWS))


def test_a_number_has_all_its_digits():
    rows = "".join(
        f"<row><c><v>{text}</v></c></row>" for text in ("1", "0.30000000000000004", "3.0", "1E3")
    )
    assert texts(sheet_of(rows)) == [["1"], ["0.30000000000000004"], ["3"], ["1000"]]


def test_an_error_is_its_text():
    rows = '<row><c t="str"><v>a</v></c></row><row><c t="e"><v>#DIV/0!</v></c></row>'
    assert texts(sheet_of(rows)) == [["a"], ["#DIV/0!"]]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<c><f>A1*2</f><v>7</v></c>", "7"),
        ('<c t="str"><f>A1</f><v>late</v></c>', "late"),
        ('<c t="b"><f>A1&gt;1</f><v>1</v></c>', "TRUE"),
        ('<c t="str"><f>""</f><v></v></c>', ""),
    ],
)
def test_a_formula_counts_by_its_result(cell, value):
    names = '<c t="str"><v>a</v></c><c t="str"><v>b</v></c>'
    rows = f"<row>{names}</row><row>{cell}<c><v>1</v></c></row>"
    assert texts(sheet_of(rows)) == [["a", "b"], [value, "1"]]


@pytest.mark.parametrize(
    "cell",
    ['<c r="A2"><f>1</f></c>', '<c s="1" r="A2"><f>1</f><v/></c>', '<c r="A2"><f si="0"/><v /></c>',
     '<c r="A2"><f>1</f><v></v></c>'],
)  # fmt: skip
def test_a_formula_without_its_result_is_refused(cell, tmp_path):
    rows = f'<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2">{cell}</row>'
    says = "cell A2 of sheet 'Sheet1': found a formula without its result; open the workbook in a "
    assert refusal(tmp_path, sheet_of(rows)).startswith(says)


def test_the_table_may_begin_anywhere_and_have_blank_rows(tmp_path):
    moved = [[], [], [None, None, *ROWS[0]], [], *([None, " ", *row] for row in ROWS[1:]), [None]]
    options = {"exclude": ["planted"]}
    assert canonical(read(tmp_path, workbook(moved), **options)) == canonical(
        read(tmp_path, workbook(ROWS), **options)
    )
    moved[5] = [None, None, 1.5, 4, None, False, None, "ash"]
    says = "row 2 (line 6 of sheet 'Sheet1'), column 'sort': found no value (and in 1 more rows)"
    options = {"features": ["sort"], "missing": "refuse"}
    assert refusal(tmp_path, workbook(moved), **options).startswith(says)


def test_a_cell_beyond_the_header_is_refused(tmp_path):
    rows = [*ROWS, [*ROWS[1], "a remark"]]
    says = "row 5 (line 6 of sheet 'Sheet1'): found 7 cells; use 6, one for each of 'height', "
    assert refusal(tmp_path, workbook(rows), exclude=["planted"]).startswith(says)


def test_a_sheet_is_chosen_by_its_name_or_is_the_only_one_that_is_not_hidden(tmp_path):
    def hide(book):
        book["Sheet1"].sheet_state = "hidden"

    content = workbook([["a"], [1]], [["b"], [2]])
    assert texts(content, sheet="Sheet2") == [["b"], ["2"]]
    assert refusal(tmp_path, content) == (
        "found 2 sheets in the workbook, 'Sheet1', 'Sheet2'; name the one to use: "
        "`sheet` in the config, --sheet of a command"
    )
    assert refusal(tmp_path, content, sheet="sheet 2") == (
        "found no sheet 'sheet 2', only 'Sheet1', 'Sheet2'; did you mean 'Sheet2'?"
    )
    hidden = workbook([["a"], [1]], [["b"], [2]], edit=hide)
    assert texts(hidden) == [["b"], ["2"]]
    assert texts(hidden, sheet="Sheet1") == [["a"], ["1"]]


def test_a_sheet_is_for_a_workbook_alone(tmp_path):
    says = "found no Excel workbook; leave `sheet` out"
    assert refusal(tmp_path, AS_TEXTS.encode(), sheet="Sheet1") == says
    with pytest.raises(DataError, match="iris: found no Excel workbook; leave `sheet` out"):
        obtain("iris", sheet="Sheet1")


def test_a_compressed_workbook_is_read():
    assert texts(gzip.compress(workbook(ROWS))) == texts(workbook(ROWS))


def test_without_openpyxl_the_message_says_what_to_install(tmp_path, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "backprop.data.file_tables.find_spec",
        lambda name: None if name == "openpyxl" else find(name),
    )
    with pytest.raises(DataError) as caught:
        read(tmp_path, workbook(ROWS))
    assert str(caught.value) == (
        "trees.xlsx: found an Excel workbook, which needs the package openpyxl, and it is not "
        "installed; save the sheet as CSV (UTF-8), or install it by this line:\n"
        f"{command_for('excel')}"
    )


FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
ENTITIES = "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
FAR_RIGHT = "cells far to the right"
HOSTILE = {
    "entities": lambda: with_parts(
        workbook([]),
        sheet=f'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]><worksheet {MAIN}><sheetData>'
        '<row><c t="str"><v>&i;</v></c></row></sheetData></worksheet>',
    ),
    "a row far below": lambda: sheet_of(f'{FIRST}<row r="1000000000000"><c><v>1</v></c></row>'),
    FAR_RIGHT: lambda: sheet_of(FIRST + '<row><c r="XFD1"/></row>' * 200),
    "a million rows to the right": lambda: sheet_of('<row><c r="XFD1"/></row>' * 3_000_000),
    "a long number": lambda: sheet_of(f"<row><c><v>{'1' * 10_000_000}</v></c></row>"),
    "a row without a number": lambda: sheet_of('<row r="x"/>'),
}
"""Workbooks that would take minutes, gigabytes or both."""


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_workbook_is_refused(case, tmp_path, monkeypatch):
    if case == FAR_RIGHT:  # at the limit itself, it takes half a minute
        monkeypatch.setattr(workbooks, "MOST_CELLS", workbooks.MOST_CELLS // 10)
    message = refusal(tmp_path, HOSTILE[case]())
    assert message.startswith(("a damaged Excel workbook: ", "the workbook is too ", "found more "))


def test_a_workbook_that_is_cut_off_or_has_a_part_of_another_kind_is_refused(tmp_path):
    content = workbook(ROWS)
    for part in (b"", b"<", b"\0" * 99, "<a>\xe4</a>".encode("latin-1"), b"<worksheet/>"):
        message = refusal(tmp_path, with_parts(content, sheet=part))
        assert message.startswith(("a damaged Excel workbook: ", "sheet 'Sheet1' is empty"))
    for end in (100, len(content) // 2, len(content) - 1):
        assert "damaged or incomplete zip archive" in refusal(tmp_path, content[:end])


def test_what_openpyxl_warns_of_is_not_shown(tmp_path):
    def far(book):
        book.active["A2"].value = 10**9
        book.active["A2"].number_format = "yyyy-mm-dd"

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = texts(workbook([["a", "y"], [0, 1]], edit=far))
    assert rows == [["a", "y"], ["#VALUE!", "1"]]


def test_rows_as_csv_writes_them_are_the_rows_of_the_sheet():
    rows = [["a", 'b "c"', "d\ne"], ["1,5", "=", " x "], ["'1", "é", "数据"]]
    file = io.StringIO()
    csv.writer(file).writerows([[f"{t}" for t in row] for row in rows])
    (of_csv,) = read_table("t", file.getvalue().encode(), Reading(label=""))
    content = workbook([[t.replace("=", "\\u003d") for t in row] for row in rows])
    as_read = [[t.replace("\\u003d", "=") for t in row] for row in texts(content)]
    assert as_read == [list(of_csv.header), *map(list, zip(*of_csv.columns, strict=True))]


def test_limits_leave_room_for_the_cells_that_the_message_allows():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 50_001))
    assert len(texts(sheet_of(rows))) == 50_000
    widest = "".join(f'<c t="inlineStr"><is><t>{n}</t></is></c>' for n in range(16_384))
    assert len(texts(sheet_of(f"<row>{widest}</row>"))[0]) == 16_384


MERGED = [
    ["Trees of 2024", None, None],
    ["site", "height", "species"],
    ["hill", 1, "oak"],
    [None, 2, "ash"],
    [None, 3, None],
    ["lake", 4, "oak"],
    ["lake", 5, "ash"],
]


def merged(*ranges, rows=MERGED, **options):
    """Return the table of a sheet in which ranges of cells are merged."""

    def edit(book):
        for each in ranges:
            book.active.merge_cells(each)

    how = Reading(label="species", **options)
    return read_table("t", workbook(rows, edit=edit), how)[0]


def test_merged_cells_have_their_value_in_each_row_below_the_header():
    table = merged("A3:A5", "A1:C1", "C4:C5", header=2)
    assert [*map(list, table.columns)] == [
        ["hill", "hill", "hill", "lake", "lake"],
        ["1", "2", "3", "4", "5"],
        ["oak", "ash", "ash", "oak", "ash"],
    ]
    assert {*table.remarks} == {
        f"column {name!r}: merged cells have their value in each of their rows; if the rows of one "
        "value belong together, name the column in `groups`"
        for name in ("site", "species")
    }


@pytest.mark.parametrize("ranges", [["A3:C3"], ["A1:A2"], ["A2:A3"], ["A9:A20"], ["D3:D5"], []])
def test_other_merged_cells_change_nothing(ranges):
    rows = MERGED
    if ranges == ["A2:A3"]:  # below a header in the first row: of the rows, the second is blank
        rows = [["a", "height", "species"], ["site", 1, "oak"], [None, None, None], ["b", 2, "ash"]]
    table, plain = merged(*ranges, rows=rows), merged(rows=rows)
    assert table.remarks == ()
    if ranges != ["A3:C3"]:  # openpyxl empties all but the first
        assert [*map(list, table.columns)] == [*map(list, plain.columns)]


def test_merged_cells_that_overlap_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_CELLS", 25)
    content = workbook(MERGED[1:])
    ranges = b'<mergeCell ref="A2:A6"/>' * 9
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    xml = xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>")
    with pytest.raises(DataError, match="found more than 25 merged cells"):
        read_table("t", with_parts(content, sheet=xml), Reading(label="species"))
