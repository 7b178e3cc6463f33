"""The columns of a table of texts: as features, classes, groups or an order."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Context, Decimal
from functools import cached_property

import numpy as np

from backprop.data.dataset import Reading
from backprop.data.file_columns import Cells
from backprop.data.file_tables import MAX_ALIKE, MISSING, FileTable
from backprop.data.table_in_file import seems_a_code
from backprop.data.text_appearance import (
    LIKE_A_NUMBER,
    appearance,
    disguised,
    is_date,
    look_the_same,
)
from backprop.errors import MAX_FAULTS, in_brief, listed
from backprop.typing import Array, Booleans, Integers

MAX_CLASSES = 100
MAX_CATEGORIES = 1000  # of a column: each is an input of every model
FEW_CATEGORIES = 20  # a column with no more may have another in every row
DECIMAL_COMMA = re.compile(r"[-+]?(\d*,\d+|\d+,)([eE][-+]?\d+)?")
BOOLEANS = {"false": "False", "true": "True"}
YAML_BOOLEANS = {"yes", "no", "on", "off"}  # YAML 1.1 reads these as booleans, too
IN_ORDER = "use a finite number, or a date such as 2024-01-31 or 2024-01-31 12:30"
NO_ORDER = "use a column that puts rows into an order, or leave `order` out"
TWO_CLASSES = "use rows of two classes or more"

NO_FEATURE = "leave it out of `features`: use one that varies"
NO_NUMBERS = (
    "use numbers, such as -0.5 or 1e3: leave a date out of `features`; begin a code with a letter"
)
NOT_A_MARK = "use a finite number, such as -0.5 or 1e3; empty a cell without a value"
NOT_A_NUMBER = "use a finite number, such as -0.5 or 1e3; begin a code with a letter"


def are_too_many(categories: int, rows: int) -> bool:
    """Return whether a column has too many different texts, for its rows, to be categories."""
    return categories > max(FEW_CATEGORIES, rows / 2) or categories > MAX_CATEGORIES


class TextColumn:
    """A column of a table: its texts, as groups or as an order; it notes what is wrong.

    Parameters
    ----------
    table : FileTable
    name : str
    faults : list of str, optional
        Where to note what is wrong; by default a list of its own.
    known : tuple of str, optional
        The categories or classes of this column in the data set that the table is like; none if it
        has numbers there.
    """

    def __init__(
        self,
        table: FileTable,
        name: str,
        faults: list[str] | None = None,
        known: tuple[str, ...] | None = None,
    ) -> None:
        self.name = name
        self._known = known
        self._table = table
        self.faults = [] if faults is None else faults
        self.cells = table.cells(name)
        self._kind = table.kinds.get(name)

    @cached_property
    def coded(self) -> tuple[list[str], Integers]:
        """The different texts, in the order of the rows, and the place of each row's among them."""
        if isinstance(self.cells, Cells):
            return self.cells.coded
        places = defaultdict[str, int]()
        places.default_factory = places.__len__
        codes = map(places.__getitem__, map(str.strip, self.cells))
        of_rows = np.fromiter(codes, np.int64, len(self.cells))
        return [*places], of_rows

    def _by_row(self, values: Mapping[str, float], other: float = math.nan) -> Array:
        """Return the value of each row, by its text; another one if its text has none."""
        texts, codes = self.coded
        return np.array([values.get(text, other) for text in texts], dtype=np.float64)[codes]

    @cached_property
    def _missing(self) -> frozenset[str]:
        """The texts of the column that count as missing, and more."""
        numbers, comma = self._table.missing_numbers, self._table.decimal_comma
        equal = {t for t in self.coded[0] if number_of(t, comma) in numbers} if numbers else set()
        return self._table.missing | equal

    @cached_property
    def _filled(self) -> Booleans:
        """Whether each row has a value."""
        return ~self._are_among(self._missing)

    def _are_among(self, members: Collection[str]) -> Booleans:
        texts, codes = self.coded
        return np.array([text in members for text in texts], dtype=bool)[codes]

    def rows_without_value(self) -> Integers:
        """Return the rows in which the cell is missing."""
        return np.flatnonzero(~self._filled)

    def marks(self) -> list[str]:
        """Return the texts of cells that are missing, but not empty."""
        return sorted(self._missing.intersection(self.coded[0]) - {""})

    def _note(self, problem: str, rows: Integers | None = None) -> None:
        """Note a fault, with the first of its rows."""
        place = "" if rows is None else f"{self._table.place(int(rows[0]))}, "
        if rows is not None and len(rows) > 1:
            start, use, remedy = problem.rpartition("; use ")
            problem = f"{start} (and in {len(rows) - 1:,} more rows){use}{remedy}"
        self.faults.append(f"{place}column {in_brief.repr(self.name)}: {problem}")

    def _has_type(self) -> bool:
        known = self._kind in (None, "number", "category")
        if not known:
            self._note(f"found the type {self._kind}; use numbers, texts, categories or booleans")
        return known

    def rows_by_text(self) -> dict[str, Integers]:
        """Return the rows of each text, without blanks around it, in the order of the rows."""
        texts, codes = self.coded
        ends = np.cumsum(np.bincount(codes, minlength=len(texts)))
        return dict(zip(texts, np.split(np.argsort(codes, kind="stable"), ends[:-1]), strict=True))

    def distinct(self) -> dict[str, int]:
        """Return how many rows have each text that is a value, in the order of the rows."""
        return {text: n for text, n in self._counts() if text not in self._missing}

    def _counts(self) -> Iterable[tuple[str, int]]:
        texts, codes = self.coded
        return zip(texts, np.bincount(codes, minlength=len(texts)).tolist(), strict=True)

    def _rows_of(self, others: Iterable[str]) -> Integers:
        """Return the rows that have one of some texts."""
        return np.flatnonzero(self._are_among({*others}))

    def _note_each(self, texts: Sequence[str], problem: Callable[[str], str]) -> None:
        """Note a fault of each of some texts. Of those that no message lists, no words."""
        for text in texts[:MAX_FAULTS]:
            self._note(problem(text), self._rows_of([text]))
        self.faults += [""] * (len(texts) - MAX_FAULTS)

    def _note_missing(self, remedy: str) -> None:
        rows = self.rows_without_value()
        if len(rows):
            text = self.cells[rows[0]].strip()
            shown = f"{in_brief.repr(text)}, which counts as missing" if text else "no value"
            self._note(f"found {shown}; {remedy}", rows)

    def numbers_and_texts(self) -> tuple[Array, dict[str, int]]:
        """Return the numbers of the column, and how many rows have each other text.

        Returns
        -------
        numbers : array, shape (n,)
            NaN in rows with another text, and in those without a value.
        texts : dict of str to int
            In the order of the rows, without those that count as missing.
        """
        comma, missing, cells = self._table.decimal_comma, self._table.missing, self.cells
        others = dict[str, int]()
        # Of `MISSING`, none is a number.
        if any(math.isfinite(number_of(text, comma)) for text in missing - MISSING):
            numbers = None
        elif isinstance(cells, Cells):
            numbers = cells.numbers
        else:
            numbers = _all_numbers(cells)
        if numbers is None:
            texts = [text for text in self.coded[0] if text not in missing]
            values = {text: number_of(text, comma) for text in texts}
            others = {t: n for t, n in self._counts() if not math.isfinite(values.get(t, 0.0))}
            numbers = self._by_row(values | dict.fromkeys(others, math.nan))
        if self._table.missing_numbers:
            is_missing = np.isin(numbers, [*self._table.missing_numbers])
            numbers = np.where(is_missing, math.nan, numbers)
        return numbers, others

    def _note_alike(
        self, names: Iterable[str], *, ignore_case: bool = True, remedy: str = "use one spelling"
    ) -> None:
        for other, name in disguised(names, ignore_case=ignore_case):
            both = f"{in_brief.repr(other)} and {in_brief.repr(name)}"
            differ_in_case = other.casefold() == name.casefold()
            how = "differ only in case" if differ_in_case else look_the_same(other, name)
            self._note(f"found {both}, which {how}; {remedy}")

    def _places(self, of_texts: Mapping[str, int]) -> Integers:
        """Return the place of each row, by its text; 0 if its text has none."""
        return self._by_row(of_texts, 0).astype(np.int64)

    def groups(self, remedy: str) -> Integers:
        """Return the number of each row's group, in the order of the rows.

        `remedy` is what to do if all rows have one.
        """
        self._note_missing("use a group in each row")
        texts, codes = self.coded
        self._note_alike(texts, ignore_case=False)
        if len(texts) == 1:
            self._note(f"found {in_brief.repr(texts[0])} in every row; {remedy}")
        return codes

    def order(self) -> Integers:
        """Return the place of each row in the order of its numbers or dates, as `Dataset.order`."""
        self._note_missing(IN_ORDER)
        distinct = self.distinct()
        keys = {text: place_in_order(text, self._table.decimal_comma) for text in distinct}
        first = {kind: text for text, (kind, _) in reversed(keys.items())}
        if "" in first:
            rows = self._rows_of(text for text, (kind, _) in keys.items() if not kind)
            self._note(f"found {in_brief.repr(first[''])}; {IN_ORDER}", rows)
        elif len(first) > 1:
            both = " and ".join(in_brief.repr(first[kind]) for kind in sorted(first)[:2])
            self._note(f"found {both}; use only numbers, only dates, or only dates with a zone")
        elif len(set(keys.values())) == 1 and not self._table.faults:
            self._note(f"found {in_brief.repr(next(iter(keys)))} in every row; {NO_ORDER}")
        else:
            places = {key: place for place, key in enumerate(sorted(set(keys.values())))}
            return self._places({text: places[key] for text, key in keys.items()})
        return np.zeros(len(self.cells), dtype=np.int64)


class FeatureOfTexts(TextColumn):
    """A column of a table as a feature: numbers, or categories.

    Attributes
    ----------
    categories : tuple of str
        In their order; none of numbers.
    """

    categories: tuple[str, ...] = ()
    _is_refused = False

    def seems_a_code(self) -> bool:
        """Return whether the numbers seem to be codes, such as postcodes."""
        return not self.categories and seems_a_code(self.name, self.cells)

    def numbers_with(self, sign: str) -> Sequence[str]:
        """Return the numbers with a sign that may be decimal; none of a column that is refused."""
        is_sure = self._kind == "number" or not self._table.decimal_comma
        if self.categories or self._is_refused or is_sure:
            return []
        if isinstance(self.cells, Cells) and self.cells.numbers is not None and sign == ",":
            return []
        texts = (cell.strip() for cell in self.cells if sign in cell)
        return [text for text in texts if text not in self._missing]

    def values(self, *, impute: bool) -> Array:
        """Return a feature as `Dataset.x` has it, and set `categories` if it has them."""
        nothing = np.zeros(len(self.cells))
        if not self._has_type():
            return nothing
        is_category = self._kind == "category" if self._known is None else bool(self._known)
        if not is_category:
            numbers, others = self.numbers_and_texts()
            gaps = np.isnan(numbers)
            if not others and not gaps.all() and (impute or not gaps.any()):
                return self._varying(numbers)
        if not self._filled.any() and self._known is None:
            self._note("found no value in any row; leave it out of `features`")
            return nothing
        if not impute:
            self._note_missing("use a value in each row, or `missing: impute` in the config")
        distinct = self.distinct()
        if is_category or self._are_texts(others):
            return self._codes(distinct)
        self._note_others(others)
        return numbers if others or not distinct else self._varying(numbers)

    def _varying(self, values: Array) -> Array:
        """Return numbers; note if they do not vary."""
        low, high = np.nanmin(values), np.nanmax(values)
        # It may vary in the rows left out.
        if low == high and not self._table.faults and self._known is None:
            self._note(f"found {low:g} in every row; {NO_FEATURE}")
        return values

    def _are_texts(self, others: Mapping[str, int]) -> bool:
        """Return whether a column is one of texts, by those that are no numbers, and their rows."""
        comma = self._table.decimal_comma
        as_text = sum(
            rows
            for text, rows in others.items()
            if not (LIKE_A_NUMBER.fullmatch(text) or is_date(text))
            and not math.isinf(number_of(text, comma))
        )
        return 2 * as_text > int(self._filled.sum()) and self._known is None

    def _note_others(self, others: Mapping[str, int]) -> None:
        """Note the texts in a column of numbers."""
        self._is_refused = bool(others)
        alike = len(others) > MAX_ALIKE or all(map(is_date, others))
        if alike and 2 * sum(others.values()) > len(self.cells):
            what = f"found {in_brief.repr(next(iter(others)))} or the like"
            self._note(f"{what}; {NO_NUMBERS}", self._rows_of(others))
            return

        unit = self._table.units.get(self.name)
        of_unit = f"use numbers in {unit}, as most cells of the column are"
        plain = of_unit if unit else NOT_A_NUMBER

        def problem(text: str) -> str:
            is_mark = not any(map(str.isdigit, text))  # such as ? or k.A., of a missing value
            return f"found {in_brief.repr(text)}; {NOT_A_MARK if is_mark else plain}"

        self._note_each([*others], problem)

    def _codes(self, distinct: Iterable[str]) -> Array:
        """Return the values as the places of their categories."""
        names = {text: text for text in distinct} if self._kind else _without_case(distinct)
        if known := self._known:
            names = {text: text if text in known else name for text, name in names.items()}
        self.categories = (*(known or ()), *sorted({*names.values()} - {*(known or ())}))
        self._note_alike(self.categories)
        number, rows = len(self.categories), int(self._filled.sum())
        if number == 1 and not known and not self._table.faults:
            self._note(f"found {in_brief.repr(self.categories[0])} in every row; {NO_FEATURE}")
        if are_too_many(number, rows) and not known:
            self._note(
                f"found {number:,} different texts in {rows:,} rows, such as "
                f"{in_brief.repr(self.categories[0])}; use categories, at most "
                f"{MAX_CATEGORIES:,} and each in some rows, or leave it out of `features`"
            )
        places = {name: float(place) for place, name in enumerate(self.categories)}
        return self._by_row({text: places[name] for text, name in names.items()})


class ClassesOfTexts(TextColumn):
    """A column of a table as the classes."""

    def classes(self, how: Reading) -> tuple[Integers, tuple[str, ...]]:
        """Return the class of each row, and what the classes are called, as `Dataset` has them."""
        nothing = np.zeros(len(self.cells), dtype=np.int64), ("0", "1")
        if not self._has_type():
            return nothing
        self._note_missing("use a class in each row, or `without_class: drop` in the config")
        distinct = self.distinct()
        is_named = self._kind == "category"
        names = {text: text for text in distinct} if is_named else _class_names(distinct)
        if self._known is not None:
            return self._of_known(names, join=how.join_spellings)
        if how.join_spellings:
            names = _joined_spellings(names, distinct)
        classes = _in_order(set(names.values()))
        self._note_alike(classes, remedy="use one spelling, or `join_spellings: true`")
        if len(classes) < 2 and not self._table.faults:
            only = f"only the class {in_brief.repr(classes[0])}" if classes else "no class"
            self._note(f"found {only}; {TWO_CLASSES}")
        if len(classes) > MAX_CLASSES:
            self._note(
                f"found {len(classes):,} different values, such as {in_brief.repr(classes[0])}; "
                f"use at most {MAX_CLASSES} classes; a number cannot be predicted here"
            )
        if how.positive is not None:
            classes = self._with_last(classes, str(how.positive))
        places = {name: place for place, name in enumerate(classes)}
        return self._places({text: places[name] for text, name in names.items()}), classes

    def _of_known(
        self, names: Mapping[str, str], *, join: bool
    ) -> tuple[Integers, tuple[str, ...]]:
        """Return the class of each row, of those that are known; note another one."""
        known = self._known or ()
        places = {name: place for place, name in enumerate(known)}
        alike = {appearance(n).casefold(): p for n, p in places.items()} if join else {}
        codes = {
            text: places.get(text, places.get(name, alike.get(appearance(text).casefold(), -1)))
            for text, name in names.items()
        }
        lacks = f"which the data set does not have; use {listed(known)}"
        self._note_each(
            [text for text, code in codes.items() if code < 0],
            lambda text: f"found the class {in_brief.repr(text)}, {lacks}",
        )
        return self._places(codes), known

    def _with_last(self, classes: tuple[str, ...], positive: str) -> tuple[str, ...]:
        """Return two classes, the positive one last; note if there is none."""
        name = positive if positive in classes else _class_names([positive])[positive]
        if len(classes) != 2 or name not in classes:
            remedy = (
                "use one of them" if len(classes) == 2 else "leave it out: it is for two classes"
            )
            lower = {each.casefold() for each in classes}
            if positive in BOOLEANS.values() and YAML_BOOLEANS & lower:
                remedy += "; YAML reads yes, no, on and off as booleans: write them in quotes"
            self._note(
                f"found the classes {listed(classes)} and `positive: "
                f"{in_brief.repr(positive)[1:-1]}`; {remedy}"
            )
            return classes
        return (*(other for other in classes if other != name), name)


# Texts


def _all_numbers(cells: Sequence[str]) -> Array | None:
    """Return the float64 of each cell. It is fast, for a million cells.

    None if one is not a finite number, or is one that only Python reads, such as 1_0.
    """
    every_cell = "".join(cells)
    if not every_cell.isascii() or "_" in every_cell:
        return None
    try:
        numbers = np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        return None
    return numbers if np.isfinite(numbers).all() else None


def number_of(text: str, decimal_comma: bool = False) -> float:
    """Return the float64 of a text; NaN for 1_0 and digits of other scripts, which Python reads."""
    if decimal_comma and DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    try:
        return float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan


def place_in_order(text: str, decimal_comma: bool) -> tuple[str, float | datetime]:
    """Return the kind of a text and what it is sorted by; no kind if it is neither."""
    number = number_of(text, decimal_comma)
    if math.isfinite(number):
        return "number", number
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        return "", math.nan
    return "date" if date.tzinfo is None else "date with a zone", date


def _without_case(texts: Iterable[str]) -> dict[str, str]:
    """Return the name of each text: True and False for booleans, however they are written."""
    folded = {text: text.casefold() for text in texts}
    is_boolean = BOOLEANS.keys() >= set(folded.values())
    return {text: BOOLEANS[lower] if is_boolean else text for text, lower in folded.items()}


def _class_names(texts: Iterable[str]) -> dict[str, str]:
    """Return the name of the class that each text means: 1 for 1.0, True for true."""
    texts = list(texts)
    if all(math.isfinite(number_of(text)) for text in texts):
        return {text: _exact_number(text) for text in texts}
    return _without_case(texts)


def _joined_spellings(names: Mapping[str, str], rows: Mapping[str, int]) -> dict[str, str]:
    """Return one name for all that differ in case, blanks or what is not seen: the commonest."""
    counts = Counter[str]()
    for text, name in names.items():
        counts[name] += rows[text]
    commonest: dict[str, str] = {}
    for name, _ in counts.most_common():
        commonest.setdefault(appearance(name).casefold(), name)
    return {text: commonest[appearance(name).casefold()] for text, name in names.items()}


def spellings(table: FileTable, label: str) -> list[str]:
    """Return the classes that are other spellings of one, if there are some.

    A spelling differs in case, blanks or what is not seen.
    """
    texts = {*table.texts(label)} - table.missing
    names = set(_class_names(texts).values())
    forms = Counter(appearance(name).casefold() for name in names)
    return sorted(name for name in names if forms[appearance(name).casefold()] > 1)


def _exact_number(text: str) -> str:
    """Return a number in one form, with all its digits: 1 for 1.0, but 0.99999999999999999."""
    exact = Context(prec=len(text) + 1, traps=[])  # reads an exponent of 20 digits as NaN
    number = exact.normalize(Decimal(text, exact))
    if number == 0:
        return "0"
    return f"{number:f}" if number.is_finite() and -10 < number.adjusted() < 20 else str(number)


def _in_order(classes: Collection[str]) -> tuple[str, ...]:
    """Sort classes: numbers by their values, texts as texts, False before True."""
    if all(math.isfinite(number_of(name)) for name in classes):
        return tuple(sorted(classes, key=lambda name: (number_of(name), name)))
    return tuple(sorted(classes))
