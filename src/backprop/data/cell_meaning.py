"""What the cells of a column mean, as `cells` of a data set says it: from cells to plain cells."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from backprop.data.file_tables import FileTable
from backprop.data.text_columns import number_of
from backprop.typing import Json

MOST_SHOWN = 100  # different cells of a column
LONGEST = 60  # characters of a number with a unit: patterns go back in longer texts
BLANK = r" \u00a0\u202f"
DRESSED = re.compile(
    rf"(?P<minus>[-\u2212(])?+[+{BLANK}]*+(?P<before>(?:"
    rf"[A-Z]{{0,3}}[^\w\s.,()+\-\u2212<>\u2264\u2265=\"'#/*?!:;&@]"
    rf"|(?:[A-Z]{{3}}|Fr\.?|Rs\.?|kr\.?)(?=[{BLANK}]))?+)[{BLANK}]*+(?P<inner>[-\u2212])?+"
    rf"(?P<number>\d++(?:[.,'\u2019{BLANK}]\d++)*+(?:[eE][-+]?\d++)?+|[.,]\d++)"
    rf"[{BLANK}]*+(?P<after>[^\d()<>=:\-+,]{{0,20}}+[23]?+)\)?"
)
BETWEEN_POINT, BETWEEN_COMMA = rf"[,'\u2019{BLANK}]", rf"[.'\u2019{BLANK}]"
NO_SIGNS = str.maketrans("", "", "'\u2019 \u00a0\u202f")
WITH_POINT = re.compile(
    rf"(?:\d{{1,3}}(?:({BETWEEN_POINT})\d{{3}})(?:\1\d{{3}})*|\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?"
)
WITH_COMMA = re.compile(
    rf"(?:\d{{1,3}}(?:({BETWEEN_COMMA})\d{{3}})(?:\1\d{{3}})*|\d*)(?:,\d+)?(?:[eE][-+]?\d+)?"
)
FRACTION = re.compile(r"([-\u2212]?)(?:(\d+) +)?(\d+)/(\d+)(?: +([^\W\d_]\D{0,19}))?")
LIMIT = re.compile(r"(?:([<\u2264]=?)|([>\u2265]=?))\s*(?=[-\d.,])(.+)")
TIME = re.compile(r"(?i)(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:[.,]\d+)?))?\s*([ap]\.?m\.?|[a-z]+)?")
FEET = re.compile(r"(\d+) ?(?:'|\u2032|ft\.?|feet) ?(?:(\d+(?:\.\d+)?) ?(?:\"|''|\u2033|in\.?)?)?")
DEGREES = re.compile(
    r"(\d{1,3})\u00b0 ?(?:(\d{1,2})['\u2032\u2019] ?)?"
    r"(?:(\d{1,2}(?:\.\d+)?)[\"\u2033\u201d] ?)?([NSEWO])"
)
RANGE = re.compile(r"(\d+(?:\.\d+)?) ?(?:[-\u2013]|to|bis) ?(\d+(?:\.\d+)?)\D{0,20}")
OPEN_RANGE = re.compile(r"(?:[<>\u2264\u2265]=? ?(\d+)|(\d+) ?\+)\D{0,20}")
DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ].*)?")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DATES = {"date": "ymd", "day first": "dmy", "month first": "mdy"}
"""The order of year, month and day, by what `read` of a column says."""
Entry = Mapping[str, Json]
"""The keys of a column in `cells`, those that are set."""


def plain_table(table: FileTable, cells: Mapping[str, Entry]) -> FileTable:
    """Return a table with plain cells in place of those that `cells` says how to read.

    A cell that cannot be read so stays as it is: it becomes a fault where a number is needed. A
    column with limits gets another one beside it, ``{name} limit``, and one of dates is replaced
    by ``{name} month``, ``{name} weekday`` and ``{name} day``, the days since 1970-01-01.
    """
    header, columns, kinds = list[str](), list[Sequence[str]](), dict(table.kinds)
    for name, own in zip(table.header, table.columns, strict=True):
        entry = cells.get(name)
        by_name = _plain_columns(table, name, own, entry) if entry else {name: own}
        if entry and (entry.get("order") or entry.get("read") not in (None, "category")):
            kinds |= {each: "number" for each in by_name if not each.endswith(TEXTS)}
        elif entry and entry.get("read") == "category":
            kinds[name] = "category"
        header += by_name
        columns += by_name.values()
    units = {name: str(entry["unit"]) for name, entry in cells.items() if entry.get("unit")}
    return replace(table, header=header, columns=columns, kinds=kinds, units=units)


def account(table: FileTable, cells: Mapping[str, Entry]) -> dict[str, Json]:
    """Return what the cells of each column in `cells` became, for a JSON file.

    By column: ``as``, the keys of `cells`; the numbers of ``rows`` with a value, of rows where it
    is ``missing``, and of ``unread`` texts; the numbers of rows with ``marks`` of missing values,
    with ``limits``, and with a spelling that was ``joined``; and ``cells``, a list with
    ``[text, what it became, rows]`` for each of the commonest texts that changed.
    """
    accounts: dict[str, Json] = {}
    for name, entry in cells.items():
        if name not in table.places:
            continue
        plain = meaning(entry, decimal_comma=table.decimal_comma)
        counts = Counter(table.texts(name))
        became = {text: plain(text) for text in counts if text not in table.missing}
        no_value = sum(n for text, n in counts.items() if not became.get(text, ("",))[0])
        is_read = bool(entry.get("order")) or entry.get("read") not in (None, "category")
        unread = {
            text
            for text, own in became.items()
            if is_read and own[0] == text and math.isnan(number_of(text))
        }
        limits = {text for text, own in became.items() if own[-1] in ("below", "above")}
        marks = {text for text, own in became.items() if not own[0]} - limits
        changed = [
            (text, n) for text, n in counts.most_common() if became.get(text, (text,)) != (text,)
        ]
        accounts[name] = {
            "as": dict(entry),
            "rows": counts.total() - no_value - sum(counts[text] for text in unread),
            "missing": no_value,
            "unread": sum(counts[text] for text in unread),
            "marks": sum(counts[text] for text in marks),
            "limits": sum(counts[text] for text in limits) if entry.get("limits") else 0,
            "joined": sum(counts[text] for text in entry.get("join") or ()),
            "cells": [[text, ", ".join(became[text]), n] for text, n in changed[:MOST_SHOWN]],
        }
    return accounts


TEXTS = (" limit", " weekday")  # the names of added columns of texts end so


def names_of_columns(name: str, entry: Entry | None) -> list[str]:
    """Return the names of the columns that `plain_table` makes of one."""
    if entry and entry.get("read") in DATES:
        return [f"{name} month", f"{name} weekday", f"{name} day"]
    return [name, f"{name} limit"] if entry and entry.get("limits") else [name]


def _plain_columns(
    table: FileTable, name: str, cells: Sequence[str], entry: Entry
) -> dict[str, Sequence[str]]:
    """Return the columns that one becomes, by their names."""
    names = names_of_columns(name, entry)
    plain = meaning(entry, decimal_comma=table.decimal_comma)
    missing = table.missing
    texts = [*map(str.strip, cells)]  # once: a large file is read again by each pass
    known = {text: ("",) * len(names) if text in missing else plain(text) for text in {*texts}}
    rows = [known[text] for text in texts]
    return {each: [row[place] for row in rows] for place, each in enumerate(names)}


def meaning(entry: Entry, *, decimal_comma: bool) -> Callable[[str], tuple[str, ...]]:
    """Return the function from a cell to its plain cells, one for each column that it becomes."""
    join, read, limits = entry.get("join") or {}, entry.get("read"), entry.get("limits")
    marks = {str(mark) for mark in entry.get("missing") or ()}
    numbers = {float(m) for m in entry.get("missing") or () if not isinstance(m, str)}
    order = {str(text): str(place) for place, text in enumerate(entry.get("order") or (), 1)}
    comma = {",": True, ".": False}.get(str(entry.get("decimal")), decimal_comma)
    width = len(names_of_columns("", entry))

    def plain(text: str) -> tuple[str, ...]:
        if text in marks or number_of(text, decimal_comma) in numbers:
            return ("",) * width
        text = join.get(text, text)
        if order:
            return (order.get(text, text),)
        if read in DATES:
            return _parts(text, DATES[str(read)])
        side = ""
        if limits and (limit := LIMIT.fullmatch(text)):
            side, text = ("below" if limit[1] else "above"), limit[3]
        value = READERS[str(read)](text, entry.get("unit"), comma) if read in READERS else None
        shown = text if value is None else _shown(value)
        if side and value is not None:
            shown = {"at": shown, "half": _shown(value / 2), "missing": ""}[str(limits)]
        return (shown, side or "within") if limits else (shown,)

    return plain


def _shown(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


# Readers: each returns None of a text that it cannot read


def amount_in(text: str, *, comma: bool) -> tuple[float, str] | None:
    """Return the number in a text, and its unit: what is before or after it.

    Examples
    --------
    >>> amount_in("$139,750", comma=False), amount_in("1.234,5 kg", comma=True)
    ((139750.0, '$'), (1234.5, 'kg'))
    >>> [amount_in(text, comma=False) for text in ("(12)", "1 1/2", "1,5")]
    [(-12.0, ''), (1.5, ''), None]
    """
    if fraction := FRACTION.fullmatch(text):
        sign, whole, above, below, unit = fraction.groups()
        if not int(below):
            return None
        value = int(whole or 0) + int(above) / int(below)
        return (-value if sign else value), (unit or "").strip()
    if len(text) > LONGEST or not (parts := DRESSED.fullmatch(text)):
        return None
    if (parts["minus"] == "(") != text.endswith(")"):
        return None
    if not (WITH_COMMA if comma else WITH_POINT).fullmatch(parts["number"]):
        return None
    kept = parts["number"].translate(NO_SIGNS).replace("." if comma else ",", "")
    number = kept.replace(",", ".")
    value = float(f"{'-' if parts['minus'] or parts['inner'] else ''}{number}")
    return (value, (parts["before"] or parts["after"]).strip()) if math.isfinite(value) else None


def same_unit(unit: str) -> str:
    """Return a unit in one spelling: without case, blanks and a dot at its end."""
    return unit.casefold().replace(" ", "").rstrip(".")


def _number(text: str, unit: str | None, comma: bool) -> float | None:
    amount = amount_in(text, comma=comma)
    if amount is None or same_unit(amount[1]) not in ("", same_unit(unit or "")):
        return None
    return amount[0]


def _sixtieths(first: str, second: str | None, third: str | None) -> float:
    return int(first) + int(second or 0) / 60 + float((third or "0").replace(",", ".")) / 3600


def _time(text: str, unit: str | None, comma: bool) -> float | None:
    if not (parts := TIME.fullmatch(text)):
        return None
    value, half = _sixtieths(*parts.group(1, 2, 3)), (parts[4] or "").casefold().replace(".", "")
    if half in ("am", "pm"):
        return value % 12 + 12 * (half == "pm") if value < 13 else None
    return value if same_unit(half) in ("", same_unit(unit or half)) else None


def _feet(text: str, unit: str | None, comma: bool) -> float | None:
    parts = FEET.fullmatch(text)
    return 12 * int(parts[1]) + float(parts[2] or 0) if parts else None


def _degrees(text: str, unit: str | None, comma: bool) -> float | None:
    if not (parts := DEGREES.fullmatch(text)):
        return None
    value = _sixtieths(*parts.group(1, 2, 3))
    return -value if parts[4] in "SW" else value


def _range(text: str, unit: str | None, comma: bool) -> float | None:
    if parts := RANGE.fullmatch(text):
        return (float(parts[1]) + float(parts[2])) / 2
    end = OPEN_RANGE.fullmatch(text)
    return float(end[1] or end[2]) if end else None


READERS: dict[str, Callable[[str, str | None, bool], float | None]] = {
    "number": _number, "time": _time, "feet": _feet, "degrees": _degrees, "range": _range
}  # fmt: skip


def date_in(text: str, order: str) -> date | None:
    """Return the date of a text, its parts in an order such as dmy; None if it is none."""
    parts = DATE.fullmatch(text)
    if not parts:
        return None
    by_part = dict(zip(order, parts.group(1, 3, 4), strict=True))
    year = int(by_part["y"])
    if len(by_part["y"]) == 2:  # as POSIX has it
        year += 2000 if year < 69 else 1900
    try:
        return date(year, int(by_part["m"]), int(by_part["d"]))
    except ValueError:
        return None


def _parts(text: str, order: str) -> tuple[str, ...]:
    day = date_in(text, order)
    if day is None:
        return text, text, text
    since = day.toordinal() - date(1970, 1, 1).toordinal()
    return str(day.month), WEEKDAYS[day.weekday()], str(since)
