"""Rows to predict: from a table to numbers, with a remark on each cell that is not as expected."""

import math
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from backprop.data.dataset import DataError, Reading, load
from backprop.data.encoding import FeatureColumn
from backprop.data.file_tables import MISSING, FileTable
from backprop.data.file_tables import read_table as read_cells
from backprop.data.survey import OF_A_ROW
from backprop.data.text_columns import BOOLEANS, TextColumn, number_of
from backprop.data.validity import refuse
from backprop.errors import in_brief, listed
from backprop.typing import Array

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
        The sheet of an Excel workbook; by default the only one.

    Raises
    ------
    DataError
        If it is not a table, has a column twice, has no rows, or has none of these columns.
    """
    if isinstance(new, str | os.PathLike):
        content = load(str(new), Path(new).expanduser())
        how = Reading(label="", features=[column.name for column in columns], sheet=sheet)
        table = read_cells(str(new), content, how)[0]
    else:
        table = _from_columns(new)
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
