"""What the cells of a column that nobody has described seem to mean: proposals for `cells`."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from backprop.data.cell_meaning import (
    DATES,
    LIMIT,
    OPEN_RANGE,
    RANGE,
    READERS,
    Entry,
    amount_in,
    date_in,
    plain_table,
)
from backprop.data.file_columns import Cells
from backprop.data.file_tables import FileTable
from backprop.data.sentinels import judged
from backprop.data.table_in_file import seems_a_code
from backprop.data.text_columns import (
    DECIMAL_COMMA,
    FEW_CATEGORIES,
    TextColumn,
    are_too_many,
    number_of,
)
from backprop.data.validity import THOUSANDS
from backprop.typing import Json

NO_UNIT = re.compile(r"st|nd|rd|th|[a-fx-z]|[.\W_]*[./:]", re.IGNORECASE)
"""What follows the number of a rank, a code or a house."""
CURRENCY = re.compile(r"[A-Z]{0,3}[$\u20ac\xa3\xa5]|[A-Z]{3} |.*[$\u20ac\xa3\xa5]$")
MOST_UNITS = 3  # with more, the texts are rather names, such as of streets
SIXTIETHS = {
    "time": "in hours, or in the unit of the first part",
    "feet": "in inches",
    "degrees": "in degrees, negative in the south and the west",
}
Amount = tuple[float, str]
SCALES = (
    ("low", "medium", "high"), ("low", "mid", "high"), ("none", "mild", "moderate", "severe"),
    ("small", "medium", "large"), ("niedrig", "mittel", "hoch"), ("klein", "mittel", "gross"),
    ("faible", "moyen", "eleve"), ("never", "rarely", "sometimes", "often", "always"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    ("very bad", "bad", "neutral", "good", "very good"), ("poor", "fair", "good", "excellent"),
    ("trifft nicht zu", "trifft eher nicht zu", "teils teils", "trifft eher zu", "trifft zu"),
    ("nie", "selten", "manchmal", "oft", "immer"), ("f", "d", "c", "b", "a"),
)  # fmt: skip
"""Ordered categories, as `simple` gives them."""
SHORT = 5  # letters: in shorter words, another letter is another word
RARE = 0.1  # of the rows of the other spelling
Offer = tuple[str, Entry, str]


def propose(table: FileTable, label: str) -> tuple[dict[str, tuple[Entry, str]], list[Offer]]:
    """Return how the cells of columns seem to be meant, and what a person must decide.

    Returns
    -------
    dict of str to (mapping, str)
        By column: an entry of `cells`, and what it does.
    list of (str, mapping, str)
        Columns, entries that may be meant, and what they would do.
    """
    sure, offers = dict[str, tuple[Entry, str]](), list[Offer]()
    texts = dict[str, Counter[str]]()
    for name in table.places:
        column = TextColumn(table, name)
        is_of_numbers = isinstance(column.cells, Cells) and column.cells.numbers is not None
        if table.kinds.get(name) not in (None, "category") or is_of_numbers:
            continue
        texts[name] = own = Counter(column.distinct())
        if name == label or not own:
            continue
        entry, says = amounts(own, decimal_comma=table.decimal_comma)
        if entry and table.kinds.get(name) == "category":
            offers.append((name, entry, says))
        elif entry:
            sure[name] = entry, says
    sure |= _thousands({n: own for n, own in texts.items() if n not in sure and n != label}, table)
    plain = plain_table(table, {name: entry for name, (entry, _) in sure.items()})
    numbers = {n: TextColumn(plain, n).numbers_and_texts() for n in plain.places if n != label}
    taken, doubted = judged(
        {
            name: own
            for name, (own, others) in numbers.items()
            if sum(others.values()) < np.isfinite(own).sum()  # others may be marks, too
        }
    )
    for name, marks in taken.items():
        own_entry, says = sure.get(name, ({}, ""))
        what = f"{_rows(marks)}: no value, as it is far from all others"
        sure[name] = {**own_entry, "missing": [*marks]}, "; ".join(filter(None, [says, what]))
    for name, marks in doubted.items():
        what = f"{_rows(marks)}, read as a number: no value, if it is a mark"
        offers.append((name, {**sure.get(name, ({}, ""))[0], "missing": [*marks]}, what))
    for name, own in texts.items():
        if name not in sure:
            offers += [(name, *each) for each in _of_texts(name, own, is_label=name == label)]
    for name in table.places:
        if name in sure or name == label or not seems_a_code(name, table.cells(name)):
            continue
        if not are_too_many(len(set(table.cells(name))), len(table)):
            what = "categories, if its numbers are codes, such as postcodes"
            offers.append((name, {"read": "category"}, what))
    return sure, offers


def _thousands(
    texts: Mapping[str, Mapping[str, int]], table: FileTable
) -> dict[str, tuple[Entry, str]]:
    """Return the columns with points between thousands, if others have decimal commas for sure."""
    every = {text for own in texts.values() for text in own if DECIMAL_COMMA.fullmatch(text)}
    if not table.decimal_comma or all(map(THOUSANDS.fullmatch, every)):
        return {}
    entries = dict[str, tuple[Entry, str]]()
    for name, own in texts.items():
        of_text = {text: amount_in(text, comma=True) for text in own}
        pointed = [text for text in own if "." in text]
        if pointed and all(of_text.values()) and all(map(THOUSANDS.fullmatch, pointed)):
            text, amount = pointed[0], of_text[pointed[0]] or (math.nan, "")
            entries[name] = (
                {"read": "number"},
                (
                    f"a number; {text} is {amount[0]:.10g}, and with `decimal: '.'` it is "
                    f"{number_of(text):.10g}"
                ),
            )
    return entries


def _rows(marks: Mapping[int, int]) -> str:
    return ", ".join(f"{number} in {n:,} row{'s' * (n > 1)}" for number, n in marks.items())


def _of_texts(name: str, texts: Counter[str], *, is_label: bool) -> Iterable[tuple[Entry, str]]:
    """Yield what `cells` may say of a column of texts."""
    rows = texts.total()
    if not is_label:
        for read, order in DATES.items():
            if 2 * sum(n for t, n in texts.items() if date_in(t, order)) > rows:
                yield {"read": read}, "month, weekday and days since 1970, if dates matter"
                break
        ranges = [text for text in texts if RANGE.fullmatch(text)]
        if ranges and all(text in ranges or OPEN_RANGE.fullmatch(text) for text in texts):
            yield {"read": "range"}, "the middle of each range, as one number"
        if scale := ordered(texts):
            yield {"order": scale}, "one number, 1 and up, in this order"
    if len(texts) <= 5 * FEW_CATEGORIES and (same := spellings(texts)):
        yield {"join": same}, "one text for spellings that seem to mean the same"


def simple(text: str) -> str:
    r"""Return a text in small letters, without accents, umlauts, dots, blanks and hyphens.

    Examples
    --------
    >>> simple("Assoc. Prof."), simple("M\xfcller") == simple("Mueller")
    ('assocprof', True)
    """
    text = text.casefold()
    for umlaut, letters in (("\xe4", "ae"), ("\xf6", "oe"), ("\xfc", "ue")):
        text = text.replace(umlaut, letters)
    signs = unicodedata.normalize("NFKD", text)
    return "".join(c for c in signs if not unicodedata.combining(c) and c not in " .-_'\u2019,")


def ordered(texts: Iterable[str]) -> list[str]:
    """Return the categories of a scale from low to high; none if they are of no known one."""
    by_form = {simple(text): text for text in texts}
    for scale in SCALES:
        forms = [*map(simple, scale)]
        if len(by_form) > 2 and by_form.keys() <= {*forms}:
            return [by_form[form] for form in forms if form in by_form]
    return []


def spellings(texts: Mapping[str, int]) -> dict[str, str]:
    """Return which texts seem to be other spellings, and of which one: the commonest.

    They differ in case, accents, dots or blanks; or a rare one by one letter, or a swap of two.
    """
    names, joined = dict[str, str](), dict[str, str]()
    for text in sorted(texts, key=lambda each: -texts[each]):
        form = simple(text)
        if not form:
            continue
        near = (name for known, name in names.items() if _is_slip(form, known))
        name = names.get(form) or next((n for n in near if texts[text] <= RARE * texts[n]), None)
        if name:
            joined[text] = name
        else:
            names[form] = text
    return joined


def _is_slip(one: str, other: str) -> bool:
    """Return whether two words differ by one letter, or by a swap of two."""
    if min(len(one), len(other)) < SHORT or any(map(str.isdigit, one + other)):
        return False
    short, long = sorted((one, other), key=len)
    start = next(
        (n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    rest, more = short[start:], long[start:]
    swapped = rest[:2] == more[:2][::-1] and rest[2:] == more[2:]
    return swapped or rest[1:] == more[1:] or rest == more[1:]


def amounts(texts: Mapping[str, int], *, decimal_comma: bool) -> tuple[dict[str, Json], str]:
    """Return what `cells` may say of a column, by its texts that have values, and what it does.

    Nothing if most of the texts are plain, or mean nothing that `cells` can say.
    """
    limits = sum(rows for text, rows in texts.items() if LIMIT.fullmatch(text))
    bare = Counter[str]()
    for text, rows in texts.items():
        limit = LIMIT.fullmatch(text)
        bare[limit[3] if limit else text] += rows
    for read, says in SIXTIETHS.items():
        done = sum(n for text, n in bare.items() if READERS[read](text, None, False) is not None)
        if 2 * done > bare.total():
            return {"read": read}, says
    comma, unsure, of_text, other = _decimal_sign(bare, decimal_comma=decimal_comma)
    as_number = sum(bare[text] for text in of_text)
    plain = sum(n for t, n in bare.items() if math.isfinite(number_of(t, decimal_comma)))
    units = Counter[str]()
    for text, (_, unit) in of_text.items():
        units[unit] += bare[text]
    named = [unit for unit, _ in units.most_common() if unit]
    is_plain = plain >= as_number and not limits
    apart = sum(bare[t] for t, (_, unit) in of_text.items() if [unit] == named[:1] and " " in t)
    is_code = bool(named) and bool(NO_UNIT.fullmatch(named[0])) and 2 * apart <= bare.total()
    if 2 * as_number <= bare.total() or is_plain or is_code or len(named) > MOST_UNITS:
        return {}, ""
    entry: dict[str, Json] = {"read": "number"} | ({"unit": named[0]} if named else {})
    says = f"a number in {named[0]}" if named else "a number"
    if comma != decimal_comma:
        entry["decimal"] = "," if comma else "."
    if unsure:
        sign = "." if comma else ","
        one, two = of_text[unsure][0], other[unsure][0]
        says += f"; {unsure} is {one:.10g}, and with `decimal: '{sign}'` it is {two:.10g}"
    if limits:
        entry["limits"] = "at"
        says += (
            f"; {limits:,} cells are limits: `at` takes the limit, `half` half of it, `missing` no "
            "value"
        )
    return entry, says


def _decimal_sign(
    texts: Counter[str], *, decimal_comma: bool
) -> tuple[bool, str, dict[str, Amount], dict[str, Amount]]:
    """Return whether the decimal sign of texts is a comma, by which more of them are numbers.

    And the first text that is another number with the other sign, if all are numbers with both; and
    the amounts with this sign, and with the other.
    """
    signs = (True, False) if decimal_comma else (False, True)
    of_sign = {c: {t: a for t in texts if (a := amount_in(t, comma=c))} for c in signs}
    comma = max(signs, key=lambda c: sum(texts[text] for text in of_sign[c]))
    own, other = of_sign[comma], of_sign[not comma]
    unsure = next((text for text in own if own[text] != other.get(text, own[text])), "")
    if not unsure or own.keys() != other.keys():
        return comma, "", own, other
    if CURRENCY.match(unsure) and abs(own[unsure][0]) < abs(other[unsure][0]):
        return not comma, unsure, other, own  # no money has thousandths
    return comma, unsure, own, other
