"""Read a sheet of an Excel workbook (.xlsx) as a table of texts: those that its CSV would have.

Only a workbook needs openpyxl, so `backprop.data.file_tables` imports this module by its name.
openpyxl alone has no limits: a few kilobytes could keep it busy for hours. pandas would read a
sheet whole before its size could be checked.
"""

import io
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

from backprop.data.dataset import MOST_CELLS, DataError
from backprop.data.file_tables import MAX_BYTES, FileTable, refusing, table_of
from backprop.data.table_in_file import LOOKED_AT, likely_header
from backprop.errors import did_you_mean, in_brief, listed

MAX_TAGS = 6_000_000  # of XML: a cell has about four and takes a hundredth of a millisecond
MAX_ROWS = 2**20  # that a sheet can have; a row may claim any number, and those before it count
WITHOUT_FORM = "save it as .xlsx, without macros and without a password, or a sheet as CSV (UTF-8)"

# A cell with a formula and without its result. With a type, an empty result is an empty text.
UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\b(?![^<>]*\bt=)[^<>]*>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
# Cells that are merged: the column of the first, its row, and the row of the last.
MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^<>]*\bref=[\"']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})[\"']"
)
REFERENCE = re.compile(rb"\br=[\"']([A-Z]+[0-9]+)[\"']")


def read_workbook(
    source: str, content: bytes, sheet: str | None, header: int | None = None
) -> FileTable:
    """Read a sheet: values, and of formulas the results that the file has.

    The first row that is not blank has the names of the columns. Blank rows, and blank columns
    without a name, do not count.

    Parameters
    ----------
    source : str
        The name of the file in messages.
    content : bytes
    sheet : str, optional
        The name of the sheet; by default the only one that is not hidden.
    header : int, optional
        The row with the names of the columns; by default the first that is not blank.

    Raises
    ------
    DataError
        If it is damaged, too large, of another form, or has no such sheet.
    """
    # openpyxl does not say what it raises.
    with (
        refusing(source, "a damaged Excel workbook", Exception),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        _check_parts(source, archive)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that are not supported, and not needed
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            of_name = _sheet(source, book, sheet)
            name = f"sheet {in_brief.repr(of_name.title)}"
            rows = [*_rows(source, of_name)]
            xml = archive.read(of_name._worksheet_path)
            if formula := UNCOMPUTED.search(xml):  # it would count as an empty cell
                place = REFERENCE.search(formula[0])
                cell = f"cell {place[1].decode()}" if place else "a cell"
                raise DataError(
                    f"{source}: {cell} of {name}: found a formula without its result; open the "
                    "workbook in a spreadsheet program, and save it again"
                )
    if not rows:
        raise DataError(f"{source}: {name} is empty")
    likely = None if header else likely_header(rows[:LOOKED_AT])
    if header is not None:
        rows = [(number, row) for number, row in rows if number >= header]
        if not rows or rows[0][0] != header:
            raise DataError(f"{source}: header: found no row {header} in {name}; use another row")
    remarks = tuple(
        f"column {in_brief.repr(column)}: merged cells have their value in each of their rows; if "
        "the rows of one value belong together, name the column in `groups`"
        for column in _fill_merged(source, rows, xml)
    )
    return replace(_table_of_rows(source, name, rows), likely_header=likely, remarks=remarks)


def _check_parts(source: str, archive: zipfile.ZipFile) -> None:
    """Refuse a workbook that openpyxl cannot read, or would read for minutes."""
    names = archive.namelist()
    if any(re.search("vbaProject|macrosheets/", name) for name in names):
        raise DataError(f"{source}: found an Excel workbook with macros; {WITHOUT_FORM}")
    if "xl/workbook.bin" in names:
        raise DataError(f"{source}: found a binary Excel workbook (.xlsb); {WITHOUT_FORM}")
    size = sum(info.file_size for info in archive.infolist())  # zipfile never reads more
    if size > MAX_BYTES:
        raise DataError(
            f"{source}: the workbook unpacks to {size / 1e6:,.0f} MB; use at most "
            f"{MAX_BYTES / 1e6:.0f} MB, such as a sheet saved as CSV (UTF-8)"
        )
    if sum(archive.read(info).count(b"<") for info in archive.infolist()) > MAX_TAGS:
        raise DataError(
            f"{source}: the workbook is too large or too complex: use at most {MAX_TAGS // 4:,} "
            "cells, or a sheet saved as CSV (UTF-8)"
        )


def _sheet(source: str, book: Any, name: str | None) -> Any:
    """Return the sheet of a name, or the only one that is not hidden."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name is None:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(visible) == 1:
            return visible[0]
        raise DataError(
            f"{source}: found {len(visible)} sheets in the workbook, {listed([*sheets])}; name "
            "the one to use: `sheet` in the config, --sheet of a command"
        )
    if name in sheets:
        return sheets[name]
    hint = did_you_mean(name, sheets, in_brief.repr)
    raise DataError(
        f"{source}: found no sheet {in_brief.repr(name)}, only {listed([*sheets])}{hint}"
    )


def _rows(source: str, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the texts of each row that is not blank, up to its last text."""
    sheet.reset_dimensions()  # what it says of its size may be wrong, and each row be filled up
    cells = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(row)
        if number > MAX_ROWS or cells > MOST_CELLS:
            limits = f"{MAX_ROWS:,} rows or {MOST_CELLS:,} cells"
            raise DataError(f"{source}: found more than {limits} in the sheet; use no more")
        texts = [*map(_text, row)]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            yield number, texts


def _fill_merged(source: str, rows: Sequence[tuple[int, list[str]]], xml: bytes) -> list[str]:
    """Repeat the value of merged cells in each of their rows; return the names of their columns.

    Cells that are merged with a name of a column, or above it, stay as they are.
    """
    (header, names), numbers = rows[0], [number for number, _ in rows]
    merged, cells = dict[str, None](), 0
    for column, first, last in MERGED.findall(xml):
        place = column_index_from_string(column.decode()) - 1
        own = rows[bisect_left(numbers, int(first)) : bisect_right(numbers, int(last))]
        is_in_table = int(first) > header and place < len(names) and names[place].strip()
        if len(own) < 2 or own[0][0] != int(first) or not is_in_table or place >= len(own[0][1]):
            continue
        cells += len(own)
        if cells > MOST_CELLS:
            raise DataError(f"{source}: found more than {MOST_CELLS:,} merged cells; use no more")
        for _, texts in own[1:]:
            texts += [""] * (place + 1 - len(texts))
            texts[place] = own[0][1][place]
        merged[names[place].strip()] = None
    return [*merged]


def _table_of_rows(source: str, name: str, rows: Sequence[tuple[int, list[str]]]) -> FileTable:
    """Return the table of rows, without the columns that are blank."""
    (_, names), *rows = rows
    width = len(names)
    filled = [row + [""] * (width - len(row)) for _, row in rows]
    kept = [p for p in range(width) if any(row[p].strip() for row in [names, *filled])]
    texts = [[*(row[p] for p in kept), *row[width:]] for row in filled]
    header = [names[p].strip() for p in kept]
    return table_of(source, header, texts, [number for number, _ in rows], member=name)


def _text(value: object) -> str:
    """Return a cell as CSV has it. Dates are in the form that can be sorted.

    Examples
    --------
    >>> [_text(value) for value in (None, True, 3.0, 0.1, 1e300, datetime(2024, 1, 31))]
    ['', 'TRUE', '3', '0.1', '1e+300', '2024-01-31']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)
