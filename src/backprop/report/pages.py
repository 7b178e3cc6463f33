"""Tables as HTML pages that need no other file and no network."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from markupsafe import Markup

from backprop.report.rendering import rendered
from backprop.report.wording.cells import aligned, unit_of_column, written
from backprop.report.wording.columns import GROUPS, Head
from backprop.report.wording.rows import Context
from backprop.typing import Json

TEMPLATE = "pages.html.jinja"
PAGE_BYTES = 1_550_000  # Snakemake's report shows nothing if a page in base64 is over 2 MiB
MOST_ROWS = 5_000  # in a page, even if `PAGE_BYTES` would allow more
FIRST_COLUMNS = 8  # are shown; a button shows the others

LONG = 40  # letters of a text that is broken into lines

Column = dict[str, Any]
"""What the template shows of a column, or of the two columns of the ends of an interval."""


class Section(NamedTuple):
    """A table of a page, which readers can sort and search, and what is above it.

    Columns without any value are left out.

    Attributes
    ----------
    table : DataFrame
        Its texts may contain any character; they are escaped.
    heading : str
    sentences : sequence of str
        Without their full stops. They become a list above the table.
    digits : int
        Significant digits of numbers without a unit. Numbers are sorted as they are shown.
    columns : sequence of mapping
        The attributes of `backprop.report.wording.columns.Head` of its columns, in the order of
        the page. Other columns follow, with their names. A button shows those that are not among
        the first ones; without such ones, the columns after `FIRST_COLUMNS`.
    context : Context
        What the words of cells need; by default the table has no words.
    pictures : sequence of Markup
        Elements of HTML above it.
    """

    table: pd.DataFrame
    heading: str
    sentences: Sequence[str] = ()
    digits: int = 4
    columns: Sequence[Mapping[str, object]] = ()
    context: Context = Context({}, "", 0.0)
    pictures: Sequence[Markup] = ()


def page_of(title: str, sections: Sequence[Section], listing: str = "") -> str:
    """Return a page with tables.

    A table that would be too large has only its first rows, and says so.

    Parameters
    ----------
    title : str
    sections : sequence of Section
        At least one; of several, each has its heading.
    listing : str
        A text that is shown below the tables as it is, with its line breaks.

    Returns
    -------
    str
        HTML, the same for the same tables.
    """
    page = {"title": title, "listing": listing}
    room = PAGE_BYTES // len(sections)
    written_sections = [_section(section, page, room) for section in sections]
    return rendered(TEMPLATE, **page, sections=written_sections)


def _section(section: Section, page: Mapping[str, str], room: int) -> dict[str, object]:
    """Return what the template shows of a section, whose page has `room` bytes."""
    table, context, digits = section.table, section.context, section.digits
    shown = table.loc[:, table.notna().any()].head(MOST_ROWS)
    heads = _heads(shown, section.columns)
    of_groups = [head for head in heads if head.is_group]
    of_columns = [head for head in heads if not head.is_group]
    of_rows = zip(*written(shown, of_groups, context, digits), strict=True)
    headings = [": ".join(texts) for texts in of_rows] or [""] * len(shown)
    columns = _columns(of_columns, shown)
    rows = _rows(written(shown, of_columns, context, digits), columns, headings)
    values = {
        "heading": section.heading,
        "sentences": [context.capital(text) for text in section.sentences],
        "columns": columns,
        "spanners": _spanners(columns),
        "explained": _explained(heads),
        "total": len(table),
        "pictures": section.pictures,
    }
    count = _rows_with_room(rows, values, page, room)
    groups = [(headings[run.start], rows[run]) for run in _runs(headings[:count])]
    return {**values, "groups": groups, "is_cut": bool(rows) and count < len(table)}


def _heads(table: pd.DataFrame, columns: Sequence[Mapping[str, Json]]) -> list[Head]:
    """Return the heads of the columns that a table has."""
    declared = [Head(**each) for each in columns]
    heads = [head for head in declared if head.column in table.columns]
    named = {head.column for head in declared}
    heads += [Head(name, name) for name in table.columns if name not in named]
    if not any(head.is_first for head in heads):
        heads = [head._replace(is_first=n < FIRST_COLUMNS) for n, head in enumerate(heads)]
    return heads


def _columns(heads: Sequence[Head], table: pd.DataFrame) -> list[Column]:
    """Return the columns of a page: their heads, and in which cells of a row, from 1, they are.

    The two ends of an interval are one column.
    """
    columns, place = [], 1
    for _, own in itertools.groupby(
        heads, key=lambda head: (head.spanner and head.text, head.spanner or head.column)
    ):
        head, *others = own
        values, width = table[head.column], 1 + len(others)
        is_number = unit_of_column(head, values).is_number
        is_long = not is_number and bool(values.astype(str).str.len().max() > LONG)
        cells = {"place": place, "width": width, "is_number": is_number, "is_long": is_long}
        columns.append({**head._asdict(), **cells})
        place += width
    return columns


def _spanners(columns: Sequence[Column]) -> list[tuple[str, list[Column]]]:
    """Return the upper line of heads: over columns, or, without a text, the head of one column."""
    spanners: list[tuple[str, list[Column]]] = []
    for text, own in itertools.groupby(columns, key=lambda column: column["spanner"]):
        below = [*own]
        spanners += [(text, below)] if text else [("", [each]) for each in below]
    return spanners


def _explained(heads: Sequence[Head]) -> dict[str, str]:
    """Return what columns are, by their names; the ends of an interval are not there again."""
    words: dict[str, str] = {}
    for head in heads:
        if head.help:
            name = head.text if head.spanner in GROUPS.values() else head.spanner or head.text
            words.setdefault(name, head.help)
    return words


def _runs(headings: Sequence[str]) -> list[slice]:
    """Return where the rows with one heading are."""
    ends = [*itertools.accumulate(len([*own]) for _, own in itertools.groupby(headings))]
    return [slice(*pair) for pair in itertools.pairwise([0, *ends])]


def _rows(
    cells: Sequence[Sequence[str]], columns: Sequence[Column], headings: Sequence[str]
) -> list[Sequence[str]]:
    """Return the rows of a page; the decimals of numbers are aligned within a group."""
    are_numbers = [column["is_number"] for column in columns for _ in range(column["width"])]
    runs = _runs(headings)
    aligned_cells = [
        [*itertools.chain(*(aligned(texts[run]) for run in runs))] if is_number else texts
        for texts, is_number in zip(cells, are_numbers, strict=True)
    ]
    return [*zip(*aligned_cells, strict=True)]


def _rows_with_room(
    rows: Sequence[Sequence[str]], values: Mapping[str, Any], page: Mapping[str, str], room: int
) -> int:
    """Return how many rows fit into `room` bytes, without the sentence that it is cut."""
    columns = sum(column["width"] for column in values["columns"])

    def size(own: Sequence[Sequence[str]]) -> int:
        section = {**values, "groups": [("", own)], "is_cut": False}
        return len(rendered(TEMPLATE, **page, sections=[section]).encode())

    least, with_row = size([]), size([[""] * columns])
    ends = np.cumsum([with_row - least + len("".join(cells).encode()) for cells in rows])
    return int(np.searchsorted(ends, room - least - 200, side="right"))
