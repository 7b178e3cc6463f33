"""Tables as HTML pages that need no other file and no network."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.report.rendering import rendered
from backprop.report.wording.names import sentence_case

TEMPLATE = "pages.html.jinja"
PAGE_BYTES = 1_550_000  # Snakemake's report shows nothing if a page in base64 is over 2 MiB
MOST_ROWS = 5_000  # in a page, even if `PAGE_BYTES` would allow more
FIRST_COLUMNS = 8  # are shown; a button shows the others

LONG = 40  # letters of a text that is broken into lines


class Column(NamedTuple):
    """A column of a page: its head, what it is or "", and how its cells are written."""

    head: str
    explanation: str
    is_number: bool
    is_long: bool


def table_page(
    table: pd.DataFrame,
    title: str,
    sentences: str | None = None,
    *,
    digits: int,
    first: Sequence[str] = (),
    explanations: Mapping[str, str] | None = None,
) -> str:
    """Return a page with a table that readers can sort and search.

    Columns without any value are left out. A page that would be too large has only the first rows,
    and says so.

    Parameters
    ----------
    table : DataFrame
        Its texts may contain any character; they are escaped.
    title : str
        The page's heading.
    sentences : str, optional
        A column of text, without a full stop. Its values become a list above the table.
    digits : int
        Significant digits of the numbers. Numbers are sorted as they are shown.
    first : sequence of str
        The columns to show first. A button shows the others. By default the first ones.
    explanations : mapping of str to str, optional
        What its columns are.

    Returns
    -------
    str
        HTML, the same for the same table.
    """
    shown = _shown(table.drop(columns=[sentences] if sentences else []), first)
    texts: Any = table[sentences].dropna() if sentences else []
    values = {
        "title": title,
        "sentences": [*map(sentence_case, texts)] if len(table) else [],
        "columns": [
            _column(shown[name], (explanations or {}).get(str(name), "")) for name in shown
        ],
        "least": len([column for column in first if column in shown.columns]) or FIRST_COLUMNS,
        "total": len(table),
    }
    cells = [_cells(shown[column], digits) for column in shown]
    rows = [*zip(*cells, strict=True)]
    count = _rows_with_room(rows, values)
    return rendered(TEMPLATE, **values, rows=rows[:count], is_cut=bool(rows) and count < len(table))


def _rows_with_room(rows: Sequence[Sequence[str]], values: Mapping[str, Any]) -> int:
    """Return how many rows a page has room for, without its sentence that it is cut."""
    columns = len(values["columns"])
    least, with_row = (
        len(rendered(TEMPLATE, **values, rows=empty, is_cut=False).encode())
        for empty in ([], [[""] * columns])
    )
    ends = np.cumsum([with_row - least + len("".join(cells).encode()) for cells in rows])
    return int(np.searchsorted(ends, PAGE_BYTES - least - 200, side="right"))


def _shown(table: pd.DataFrame, first: Sequence[str]) -> pd.DataFrame:
    """Return the part of a table that a page may show, with the first columns to the left."""
    present = table.loc[:, table.notna().any()].head(MOST_ROWS)
    left = [column for column in first if column in present.columns]
    return present[[*left, *present.columns.difference(left, sort=False)]]


def _column(column: pd.Series, explanation: str) -> Column:
    is_number = _is_number(column)
    is_long = not is_number and bool(column.astype(str).str.len().max() > LONG)
    return Column(str(column.name).replace("_", " "), explanation, is_number, is_long)


def _cells(column: pd.Series, digits: int) -> list[str]:
    """Return the values of a column as HTML; a missing one is empty."""
    write = _form(column, digits)
    values = zip(column, column.isna().tolist(), strict=True)
    return ["" if missing else write(value) for value, missing in values]


def _form(column: pd.Series, digits: int) -> Callable[[Any], str]:
    """Return what writes a value of a column; there is nothing to escape in a number."""
    if not pd.api.types.is_float_dtype(column):
        return lambda value: escape(str(value))
    # Counts with a missing one are floats, too.
    whole = bool((column.dropna() % 1 == 0).all())
    return "{:.0f}".format if whole else f"{{:.{digits}g}}".format


def _is_number(column: pd.Series) -> bool:
    is_bool = pd.api.types.is_bool_dtype(column)
    return bool(pd.api.types.is_numeric_dtype(column) and not is_bool)
