"""Rows to predict: from a table to numbers, with a remark on each cell that is not as expected."""

import itertools
import math
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from backprop.data.cell_meaning import names_of_columns, plain_table
from backprop.data.dataset import DataError, Reading, load
from backprop.data.encoding import FeatureColumn
from backprop.data.file_tables import MISSING, FileTable
from backprop.data.file_tables import read_table as read_cells
from backprop.data.survey import OF_A_ROW
from backprop.data.text_columns import BOOLEANS, TextColumn, number_of
from backprop.data.validity import refuse
from backprop.errors import in_brief, listed
from backprop.typing import Array, Json

FAR = 0.5
"""How far outside the range of the training rows a number is remarked on, in widths of the range"""


@dataclass(frozen=True, eq=False)
class NewRows:
    """Rows to predict.

    Attributes
    ----------
    x : array, shape (m, columns)
        The features, as `backprop.data.dataset.Dataset.x` has them.
    remarks : list of list of str
        What is not as expected, by row.
    lacking : list of str
        The columns that the table does not have.
    ignored : list of str
        Its columns that are not needed.
    ids : mapping of str to sequence of str
        The ones that identify rows: by the name, or with another text in each row.
    """

    x: Array
    remarks: list[list[str]]
    lacking: list[str]
    ignored: list[str]
    ids: Mapping[str, Sequence[str]] = field(default_factory=dict)


def read_rows(
    new: Any,
    columns: Sequence[FeatureColumn],
    missing_values: Iterable[str | float] = (),
    *,
    sheet: str | None = None,
    layout: Mapping[str, Json] | None = None,
) -> NewRows:
    """Read rows to predict.

    Parameters
    ----------
    new : path, DataFrame, or mapping of str to sequence
        The path of a table as a data set may be in, or the cells of each column by its name. The
        columns may be in any order.
    columns : sequence of FeatureColumn
        The columns that the model was fitted to. A cell that cannot be used counts as missing.
    missing_values : iterable of str and numbers
        What counts as no value, besides what always does: a whole cell, or a number in any form.
    sheet : str, optional
        The sheet of an Excel workbook; by default that of the layout, if it is there, or the only
        one.
    layout : mapping, optional
        Of the table that the model was fitted to: its ``cells``, as `Reading` has them, and its
        ``header`` and ``sheet``. A file that begins as others do is read from its first line.

    Raises
    ------
    DataError
        If it is not a table, has a column twice, has no rows, or has none of these columns.
    """
    layout = layout or {}
    if isinstance(new, str | os.PathLike):
        content = load(str(new), Path(new).expanduser())
        how = Reading(label="", features=[column.name for column in columns], sheet=sheet)
        table = _in_layout(str(new), content, how, layout)
    else:
        table = _from_columns(new)
    table = _without_units(plain_table(table, layout.get("cells") or {}), columns)
    names = {column.name for column in columns}
    counts = Counter(table.header)
    twice = [f"found the column {in_brief.repr(n)} twice" for n in names if counts[n] > 1]
    refuse(table.source, [*table.faults, *sorted(twice)])
    lacking = [column.name for column in columns if column.name not in table.places]
    if len(lacking) == len(columns):
        raise DataError(
            f"{table.source}: found the columns {listed(table.header)}; use a table with the "
            f"columns {listed(lacking)}"
        )
    if not len(table):
        raise DataError(f"{table.source}: found no rows; use one row or more")
    ignored = [name for name in table.header if name not in names]
    rows = NewRows(
        np.full((len(table), len(columns)), math.nan),
        [[] for _ in range(len(table))],
        lacking,
        ignored,
        {name: own for name in ignored if _identify(name, own := table.texts(name))},
    )
    marks = set(missing_values) | table.missing
    for place, column in enumerate(columns):
        rows.x[:, place] = _read_column(table, column, marks, rows.remarks)
    return rows


def _in_layout(source: str, content: bytes, how: Reading, layout: Mapping[str, Json]) -> FileTable:
    """Read a table by the layout of another one, or by its own if it has another."""
    cells = layout.get("cells") or {}
    by_origin = {each: name for name in cells for each in names_of_columns(name, cells[name])}
    own = {by_origin.get(name, name) for name in how.features or ()}
    sheets = [how.sheet] if how.sheet else [*dict.fromkeys([layout.get("sheet"), None])]
    places = itertools.product(sheets, dict.fromkeys([None, layout.get("header")]))
    first: DataError | None = None
    table: FileTable | None = None
    for sheet, header in places:
        try:
            other = read_cells(source, content, replace(how, sheet=sheet, header=header))[0]
        except DataError as error:
            first = first or error
            continue
        if own & other.places.keys():
            return other
        table = table or other
    if table is not None and table.likely_header:
        return read_cells(source, content, replace(how, header=table.likely_header))[0]
    if table is None:
        raise first or AssertionError
    return table


def _without_units(table: FileTable, columns: Sequence[FeatureColumn]) -> FileTable:
    """Return a table without a first row of units, such as the table of a study may have."""
    if len(table) < 2:
        return table
    numbers = [c.name for c in columns if not c.categories and c.name in table.places]
    first = [text for name in numbers if (text := table.cells(name)[0].strip())]
    second = [text for name in numbers if (text := table.cells(name)[1].strip())]
    are_units = first and not any(map(_has_digit, first)) and any(map(_has_digit, second))
    are_units = are_units and not table.missing & {*first}
    return table.without({0}) if are_units else table


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _identify(name: str, cells: Sequence[str]) -> bool:
    """Return whether the cells of a column seem to identify its rows."""
    differ = len({*cells} - {""}) == len(cells) > 1
    are_measured = (math.isfinite(n) and not n.is_integer() for n in map(number_of, cells))
    return bool(OF_A_ROW.fullmatch(name)) or (differ and not any(are_measured))


def _read_column(
    table: FileTable,
    column: FeatureColumn,
    marks: Collection[str | float],
    remarks: list[list[str]],
) -> Array:
    name = in_brief.repr(column.name)
    if column.name not in table.places:
        for own in remarks:
            own.append(f"no column {name}: {_filled(column)}")
        return np.full(len(table), math.nan)
    values = np.empty(len(table))
    for text, rows in TextColumn(table, column.name).rows_by_text().items():
        value, remark = _value(text, column, marks, table.decimal_comma)
        values[rows] = value
        if remark:
            for row in rows.tolist():
                remarks[row].append(f"column {name}: {remark}")
    return values


def _value(
    text: str, column: FeatureColumn, marks: Collection[str | float], decimal_comma: bool
) -> tuple[float, str]:
    """Return the value of a cell, and what is not as expected; "" if all is."""
    shown, number = in_brief.repr(text), number_of(text, decimal_comma)
    if text in marks or number in marks:
        unseen = "" if column.missing else f"no value, as no training row has: {_filled(column)}"
        return math.nan, unseen
    if column.categories:
        return _category(text, column, shown)
    if not math.isfinite(number):
        return math.nan, f"{shown} is not a number: {_filled(column)}"
    far = FAR * column.highest - FAR * column.lowest
    if not column.lowest - far <= number <= column.highest + far:
        ends = f"{column.lowest:g} to {column.highest:g}"
        return number, f"{text} is far outside {ends}, the range of the training rows"
    return number, ""


def _category(text: str, column: FeatureColumn, shown: str) -> tuple[float, str]:
    names = column.categories
    if set(names) <= set(BOOLEANS.values()):
        text = BOOLEANS.get(text.casefold(), text)
    if text in names:
        return float(names.index(text)), ""
    first = in_brief.repr(names[0])
    return -1.0, f"{shown} is none of its categories, {listed(names)}: it counts as {first}"


def _filled(column: FeatureColumn) -> str:
    if column.categories:
        return f"{in_brief.repr(column.categories[int(column.fill)])} is used, the most frequent"
    return f"{column.fill:g} is used, the median"


# Tables


def _from_columns(new: Mapping[str, Iterable[object]]) -> FileTable:
    """Return a data frame, or a mapping of columns, as a table of texts."""
    names = [*new]
    if len(set(names)) < len(names):
        raise DataError("the table: found a column twice; use each column name once")
    columns = [[_cell(value) for value in new[name]] for name in names]
    if len({len(cells) for cells in columns}) > 1:
        raise DataError("the table: found columns of different lengths; use one length")
    missing = MISSING | {"NaT"}
    return FileTable("the table", [str(name) for name in names], columns, missing=missing)


def _cell(value: object) -> str:
    """Return a value as a text that gives the same float64."""
    return repr(float(value)) if isinstance(value, float | np.floating) else str(value)
