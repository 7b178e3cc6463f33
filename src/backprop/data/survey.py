"""What the columns of a table that nobody has described seem to be."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from backprop.data.cell_meaning import Entry, plain_table
from backprop.data.cell_proposals import propose
from backprop.data.file_tables import FileTable
from backprop.data.groups import seems_to_name_groups
from backprop.data.text_appearance import is_date
from backprop.data.text_columns import (
    FEW_CATEGORIES,
    FeatureOfTexts,
    TextColumn,
    are_too_many,
    place_in_order,
)
from backprop.data.validity import FEW_ROWS
from backprop.errors import in_brief
from backprop.typing import Array, Integers

WORDS = frozenset({
    "?", "??", "-", "--", "---", ".", "..", "*", "#nv", "#n/v", "k.a.", "k. a.", "k.a", "k/a",
    "n.a.", "n. a.", "n.v.", "keine angabe", "missing", "fehlt", "fehlend", "not available",
    "no data",
})  # fmt: skip
"""Cells, in lower case, that people write where they have no value."""
ROWS_OF_A_CATEGORY = 5  # on average; with fewer, a column of texts is no use
MOST_WORDS = 5  # that one column of numbers has in place of a value
OF_A_ROW = re.compile(
    r"index|rownames|Unnamed: \d+|.*[a-z](?:ID|Id|Nr)"
    r"|(?:.*[^\w]|.*_)?(?:(?i:id|nr|uuid|guid|key|kennung)\.?)"
)
"""What the name of a column is like whose values identify rows."""
OF_A_GROUP = re.compile(r"(?i)(?:subject|patient|person|participant|proband|pat|subj)s?\.?")
"""The same, of what several rows belong to."""
OF_KIN = re.compile(r"(?i)famil(?:y|ie)|household|litter")
"""The same, if it has many values: few may be how many they are."""
LEAST_NAMED = 5  # values of such a column; with fewer, it may be a yes or no
LEAST_INEXACT = 2.0**53  # from here on, two whole numbers may have one float64
NOTHING = "no value in any row"
IF_GROUPS = "; if rows with the same one belong together, name it in `groups`"
BY_NAME = "by its name an id: {:,} different in {:,} rows" + IF_GROUPS
Content = tuple[Array, Mapping[str, int]]  # as `TextColumn.numbers_and_texts` returns it


@dataclass(frozen=True)
class Survey:
    """What the columns of a table seem to be.

    Attributes
    ----------
    features : tuple of str
        The columns to learn from.
    left_out : mapping of str to str
        By the name of each other column but the label: why nothing can be learned from it.
    id : str
        The first of these that is named as an id and has another value in each row; "" if none.
    marks : mapping of str to int
        The cells that seem to say that there is no value, and the number of each.
    cells : mapping of str to (mapping, str)
        By column: how its cells are read, as `backprop.data.cell_meaning` takes it, and what that
        does.
    offers : list of (str, mapping, str)
        Columns, what else their `cells` may say, and what that would do: a person must decide.
    """

    features: tuple[str, ...]
    left_out: Mapping[str, str]
    marks: Mapping[str, int]
    cells: Mapping[str, tuple[Entry, str]] = field(default_factory=dict)
    offers: Sequence[tuple[str, Entry, str]] = ()
    id: str = ""

    @property
    def reading(self) -> dict[str, Entry]:
        """How cells are read, as `Reading.cells`."""
        return {name: entry for name, (entry, _) in self.cells.items()}


def survey_columns(table: FileTable, label: str) -> tuple[Survey, FileTable]:
    """Look at the columns of a table.

    A column that has a value that cannot be used is a feature, if the value seems to be a mistake:
    `backprop.data.validity.from_tables` then names it.

    Parameters
    ----------
    table : FileTable
    label : str
        The class column, one of the table.

    Returns
    -------
    Survey, FileTable
        The table is the same, but the cells of `Survey.marks` have no value in it.
    """
    columns, offers = propose(table, label)
    as_it_is, table = table, plain_table(table, {n: entry for n, (entry, _) in columns.items()})
    names = [name for name in table.places if name != label]
    classes = {text.casefold() for text in table.texts(label)} - {""}
    contents = {name: TextColumn(table, name).numbers_and_texts() for name in names}
    marks = _marks(table, contents)
    if len(classes - {mark.casefold() for mark in marks}) < 2:  # such as the classes + and -
        marks -= {mark for mark in marks if mark.casefold() in classes}
    counts = Counter[str]()
    table = replace(table, missing=table.missing | marks)
    for name in names if marks else ():
        if marked := [text for text in table.texts(name) if text in marks]:
            counts.update(marked)
            contents[name] = TextColumn(table, name).numbers_and_texts()
    reasons = {name: _reason(table, name, contents[name]) for name in names}
    reasons |= _groups(table, {n: contents[n] for n, reason in reasons.items() if not reason})
    seen = Survey(
        features=tuple(name for name, reason in reasons.items() if not reason),
        left_out={name: reason for name, reason in reasons.items() if reason},
        marks=dict(counts.most_common()),
        cells={name: own for name, own in columns.items() if not reasons.get(name)},
        offers=offers,
        id=next((name for name, own in reasons.items() if own and _names_rows(table, name)), ""),
    )
    return seen, replace(as_it_is, missing=table.missing)


# Marks of missing values


def _marks(table: FileTable, contents: Mapping[str, Content]) -> set[str]:
    """Return the cells that seem to say that there is no value."""
    words = set[str]()
    for name, (values, texts) in contents.items():
        words |= {text for text in texts if text.casefold() in WORDS}
        if table.kinds.get(name) == "category" or sum(texts.values()) >= np.isfinite(values).sum():
            continue  # a column of texts
        without_digits = {text for text in texts if not any(map(str.isdigit, text))}
        words |= without_digits if len(without_digits) <= MOST_WORDS else set()
    return words


# Columns without use


def _reason(table: FileTable, name: str, content: Content) -> str:
    """Return why nothing can be learned from a column; "" if something can, or it has a mistake."""
    if not name:
        return "a column without a name"
    kind = table.kinds.get(name)
    if kind not in (None, "number", "category"):
        return f"values of the type {kind}"
    values, texts = content
    if not texts and kind != "category":
        rows_of_numbers = np.flatnonzero(np.isfinite(values))
        return _reason_of_numbers(name, table.cells(name), rows_of_numbers, values)
    column = FeatureOfTexts(table, name)
    rows = Counter(column.distinct())
    if len(rows) < 2:
        return f"a constant: {in_brief.repr(*rows)} in every row" if rows else NOTHING
    column.values(impute=True)
    categories, faults = column.categories, column.faults
    example = in_brief.repr(next(iter(rows)))
    is_named, has_many = _is_named_as_id(name, len(rows)), len(rows) > FEW_CATEGORIES
    coded = is_named and any(re.fullmatch(r"\d+[^\W\d_]", cell) for cell in rows)  # 207, 207a
    if len(rows) == rows.total():
        if has_many and (categories or coded):
            return f"an id or free text: another one in each row, such as {example}"
    elif is_named and (coded or (categories and has_many)):
        return BY_NAME.format(len(rows), rows.total())
    are_rare = len(categories) > max(FEW_CATEGORIES, rows.total() / ROWS_OF_A_CATEGORY)
    if are_rare or are_too_many(len(categories), rows.total()):
        hint = IF_GROUPS if 2 * len(rows) <= rows.total() else ""
        return (
            f"free text: {len(rows):,} different in {rows.total():,} rows, such as {example}{hint}"
        )
    if not faults:
        return ""
    if 2 * sum(count for cell, count in rows.items() if is_date(cell)) > rows.total():
        dates = f"dates, such as {example}; for folds that are blocks of time, name it in `order`"
        kinds = {place_in_order(cell, table.decimal_comma)[0] for cell in rows}
        is_read = len(kinds) == 1 and "" not in kinds
        return dates if is_read else f"{dates}, written as 2024-01-31"
    if not categories and 2 * sum(texts.values()) > rows.total():
        return f"neither numbers nor categories, such as {example}"
    return ""


def _reason_of_numbers(name: str, cells: Sequence[str], rows: Integers, values: Array) -> str:
    """Return the same for a column that has numbers in some rows, and no value in the others."""
    numbers = values[rows]
    if not len(rows):
        return NOTHING
    low, high = numbers.min(), numbers.max()
    if low == high:
        return f"a constant: {in_brief.repr(cells[rows[0]].strip())} in every row"
    if not _are_whole(numbers):
        return ""
    is_exact = max(-low, high) < LEAST_INEXACT
    different = len(np.unique(numbers)) if is_exact else len({cells[row].strip() for row in rows})
    is_named = _is_named_as_id(name, different)
    if different < len(rows):
        return BY_NAME.format(different, len(rows)) if is_named else ""
    counts_rows = high - low == len(rows) - 1 >= FEW_ROWS
    return "an id: another number in each row" if is_named or counts_rows else ""


def _are_whole(numbers: Array | Integers) -> bool:
    return bool((numbers == np.floor(numbers)).all())


def _is_named_as_id(name: str, different: int) -> bool:
    """Return whether a column with this number of different values has the name of an id."""
    of_group = bool(OF_A_GROUP.fullmatch(name)) and different >= LEAST_NAMED
    of_kin = bool(OF_KIN.fullmatch(name)) and different > FEW_CATEGORIES
    return bool(OF_A_ROW.fullmatch(name)) or of_group or of_kin


def _names_rows(table: FileTable, name: str) -> bool:
    """Return whether a column is named as an id, and has another value in each row."""
    return bool(OF_A_ROW.fullmatch(name)) and len({*table.texts(name)} - {""}) == len(table)


def _groups(table: FileTable, contents: Mapping[str, Content]) -> dict[str, str]:
    """Return which columns seem to name what rows belong to, and why: others repeat with them."""
    has_texts = {
        name: bool(texts) or table.kinds.get(name) == "category"
        for name, (_, texts) in contents.items()
    }
    values = {
        name: TextColumn(table, name).coded[1] if has_texts[name] else numbers
        for name, (numbers, _) in contents.items()
    }
    reasons = {}
    for name, own in values.items():
        # A text may be a name of a place, whose other columns say more of it.
        if has_texts[name] or not _are_whole(own):
            continue
        codes = np.unique(own, return_inverse=True)[1]
        others = [other for other in values if other != name]
        if repeated := seems_to_name_groups(codes, [values[other] for other in others]):
            same = in_brief.repr(others[repeated[0]])
            reasons[name] = (
                f"seems to name what rows belong to: {int(codes.max()) + 1:,} different in "
                f"{len(own):,} rows, and {same} repeats with it; if so, name it in `groups`"
            )
    return reasons
