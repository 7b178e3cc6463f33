"""What the columns of a table that nobody has described seem to be."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backprop.data.dataset import in_brief
from backprop.data.groups import seems_to_name_groups
from backprop.data.tables import Table
from backprop.data.texts import is_date
from backprop.data.validity import (
    FEW_CATEGORIES,
    FEW_ROWS,
    are_too_many,
    as_feature,
    number_of,
)
from backprop.typing import Integers

WORDS = frozenset({
    "?", "??", "-", "--", "---", ".", "..", "*", "#nv", "#n/v", "k.a.", "k. a.", "k.a", "k/a",
    "n.a.", "n. a.", "n.v.", "keine angabe", "missing", "fehlt", "fehlend", "not available",
    "no data",
})  # fmt: skip
"""Cells, in lower case, that people write where they have no value."""
NUMBERS = frozenset({-9, -99, -999, -9999, -99999, 99, 999, 9999, 99999})
"""The same, as numbers: they count only if they are far from all others in their column."""
ROWS_OF_A_CATEGORY = 5  # on average; with fewer, a column of texts is no use
MOST_WORDS = 5  # that one column of numbers has in place of a value
OF_A_ROW = re.compile(
    r"index|(?:.*[^\w]|.*_)?(?:(?i:id|nr|uuid|guid|key|kennung)\.?)|.*[a-z](?:ID|Id|Nr)"
)
"""What the name of a column is like whose values identify rows."""
OF_A_GROUP = re.compile(r"(?i)(?:subject|patient|person|participant|proband|pat|subj)s?\.?")
"""The same, of what several rows belong to."""
LEAST_NAMED = 5  # values of such a column; with fewer, it may be a yes or no


@dataclass(frozen=True)
class Survey:
    """What the columns of a table seem to be.

    Attributes
    ----------
    features : tuple of str
        The columns to learn from.
    left_out : mapping of str to str
        By the name of each other column but the label: why nothing can be learned from it.
    marks : mapping of str to int
        The cells that seem to say that there is no value, and the number of each.
    table : Table
        The table, in which these cells have no value.
    """

    features: tuple[str, ...]
    left_out: Mapping[str, str]
    marks: Mapping[str, int]
    table: Table


def survey_columns(table: Table, label: str) -> Survey:
    """Look at the columns of a table.

    A column that has a value that cannot be used is a feature, if the value seems to be a mistake:
    `backprop.data.validity.from_tables` then names it.

    Parameters
    ----------
    table : Table
    label : str
        The class column, one of the table.
    """
    texts = {
        name: [cell.strip() for cell in cells]
        for name, cells in zip(table.header, table.columns, strict=True)
    }
    classes = {text.casefold() for text in texts[label]} - {""}
    others = {name: cells for name, cells in texts.items() if name != label}
    marks = _marks(table, others)
    if len(classes - {mark.casefold() for mark in marks}) < 2:  # such as the classes + and -
        marks -= {mark for mark in marks if mark.casefold() in classes}
    counts = Counter(cell for cells in others.values() for cell in cells if cell in marks)
    table = replace(table, missing=table.missing | marks)
    reasons = {name: _reason(table, name, cells) for name, cells in others.items()}
    kept = {name: cells for name, cells in others.items() if not reasons[name]}
    reasons |= _groups(kept)
    return Survey(
        features=tuple(name for name, reason in reasons.items() if not reason),
        left_out={name: reason for name, reason in reasons.items() if reason},
        marks=dict(counts.most_common()),
        table=table,
    )


# Marks of missing values


def _marks(table: Table, columns: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the cells that seem to say that there is no value."""
    words, numbers, ordinary = set[str](), set[str](), set[str]()
    for name, cells in columns.items():
        distinct = Counter(cell for cell in cells if cell not in table.missing)
        words |= {cell for cell in distinct if cell.casefold() in WORDS}
        if table.kinds.get(name) == "category":
            continue
        values = {cell: number_of(cell, table.decimal_comma) for cell in distinct}
        texts = {cell for cell, value in values.items() if math.isnan(value)}
        if 2 * sum(distinct[cell] for cell in texts) >= distinct.total():
            continue  # a column of texts
        without_digits = {cell for cell in texts if not any(map(str.isdigit, cell))}
        words |= without_digits if len(without_digits) <= MOST_WORDS else set()
        far = _far(distinct, {c: v for c, v in values.items() if c not in texts})
        numbers |= far
        ordinary |= distinct.keys() - far
    return words | (numbers - ordinary)


def _far(counts: Mapping[str, int], values: Mapping[str, float]) -> set[str]:
    """Return the cells of repeated `NUMBERS` that are further from the others than these range."""
    marks = {cell for cell, value in values.items() if value in NUMBERS and counts[cell] > 1}
    others = [value for cell, value in values.items() if cell not in marks]
    if len(others) < 2:
        return set()
    low, high = min(others), max(others)
    below, above = low - (high - low), high + (high - low)
    return {cell for cell in marks if not below <= values[cell] <= above}


# Columns without use


def _reason(table: Table, name: str, cells: Sequence[str]) -> str:
    """Return why nothing can be learned from a column; "" if something can, or it has a mistake."""
    if not name:
        return "a column without a name"
    kind = table.kinds.get(name)
    if kind not in (None, "number", "category"):
        return f"values of the type {kind}"
    rows = Counter(cell for cell in cells if cell not in table.missing)
    if len(rows) < 2:
        return f"a constant: {in_brief.repr(*rows)} in every row" if rows else "no value in any row"
    categories, faults = as_feature(table, name)
    if identifier := _identifier(name, rows, has_texts=bool(categories)):
        return identifier
    example = in_brief.repr(next(iter(rows)))
    are_rare = len(categories) > max(FEW_CATEGORIES, rows.total() / ROWS_OF_A_CATEGORY)
    if are_rare or are_too_many(len(categories), rows.total()):
        return f"free text: {len(rows):,} different in {rows.total():,} rows, such as {example}"
    if not faults:
        return ""
    if 2 * sum(count for cell, count in rows.items() if is_date(cell)) > rows.total():
        return f"dates, such as {example}; for folds that are blocks of time, name it in `order`"
    odd = sum(n for cell, n in rows.items() if not _is_number(cell, table.decimal_comma))
    if not categories and 2 * odd > rows.total():
        return f"neither numbers nor categories, such as {example}"
    return ""


def _identifier(name: str, rows: Mapping[str, int], *, has_texts: bool) -> str:
    """Return what a column identifies, if it seems to do so; else ""."""
    by_name = bool(OF_A_ROW.fullmatch(name)) or (
        bool(OF_A_GROUP.fullmatch(name)) and len(rows) >= LEAST_NAMED
    )
    differ = len(rows) == sum(rows.values())
    whole = not has_texts and all(re.fullmatch(r"[-+]?\d+", cell) for cell in rows)
    if differ and whole:
        numbers = [int(cell) for cell in rows]
        if by_name or max(numbers) - min(numbers) == len(numbers) - 1 >= FEW_ROWS:
            return "an id: another number in each row"
    coded = by_name and any(re.fullmatch(r"\d+[^\W\d_]", cell) for cell in rows)  # 207, 207a
    if differ and (has_texts or coded) and len(rows) > FEW_CATEGORIES:
        example = in_brief.repr(next(iter(rows)))
        return f"an id or free text: another one in each row, such as {example}"
    if by_name and not differ and (whole or coded or (has_texts and len(rows) > FEW_CATEGORIES)):
        return (
            f"by its name an id: {len(rows):,} different in {sum(rows.values()):,} rows; if rows "
            "with the same one belong together, name it in `groups`"
        )
    return ""


def _groups(columns: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return which columns seem to name what rows belong to, and why: others repeat with them."""
    codes = {name: _codes(cells) for name, cells in columns.items()}
    reasons = {}
    for name, own in codes.items():
        if not all(re.fullmatch(r"[-+]?\d+", cell) for cell in columns[name]):
            continue  # a text may be a name of a place, whose other columns say more of it
        others = [each for each in codes if each != name]
        if repeated := seems_to_name_groups(own, [codes[each] for each in others]):
            same = in_brief.repr(others[repeated[0]])
            reasons[name] = (
                f"seems to name what rows belong to: {int(own.max()) + 1:,} different in "
                f"{len(own):,} rows, and {same} repeats with it; if so, name it in `groups`"
            )
    return reasons


def _codes(cells: Sequence[str]) -> Integers:
    """Return the place of each cell among the distinct ones: numbers by their size, else texts."""
    if all(re.fullmatch(r"[-+]?\d+", cell) for cell in cells):
        return np.unique(np.array([int(cell) for cell in cells]), return_inverse=True)[1]
    return np.unique(np.array(cells), return_inverse=True)[1]


def _is_number(cell: str, decimal_comma: bool) -> bool:
    return math.isfinite(number_of(cell, decimal_comma))
