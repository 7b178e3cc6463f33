"""What a text of a table is to a person who reads it: a number, a date, the same as another."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from backprop.errors import in_brief

# Digits, with what some programs and languages put between them. A *+ takes no character back: the
# time for a cell of any content grows with its length, not with the square.
LIKE_A_NUMBER = re.compile(r"[-+]?[.,' \u00a0\u202f]*+\d[\d.,' \u00a0\u202f]*+([eE][-+]?\d+)?")
DATE = re.compile(
    r"(?:(?P<year>\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})([-/.])(\d{1,2})\6(?:\d{4}|\d\d))"
    r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|[AaPp][Mm]|[-+]\d\d:?\d\d))?)?"
)
MONTH = re.compile(r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^\W\d_]*")
RANGE = re.compile(r"(\d++)[^\W\d_]*+ ?[-\u2013] ?(\d++)\D*+")
AMOUNT = re.compile(r"[\W_]*+\d[\W\d_]*+([^\W\d_]*)")  # and the unit after it


def is_date(text: str) -> bool:
    """Return whether a text is a date in digits, such as 2025-12-31 or 31.12.25.

    Examples
    --------
    >>> is_date("2025-12-31T10:30:00Z"), is_date("12/31/2025"), is_date("50.12.2025")
    (True, True, False)
    """
    if not (parts := DATE.fullmatch(text)):
        return False
    of_year_first = parts["year"] is not None
    month, day = map(int, parts.group(3, 4) if of_year_first else parts.group(5, 7))
    if not of_year_first:
        month, day = sorted((month, day))  # of 12/31/2025 and 31/12/2025, only one has two months
    return 1 <= month <= 12 and 1 <= day <= 31


def appearance(text: str) -> str:
    r"""Return a text as a person sees it: letters in one form, without what cannot be seen.

    Examples
    --------
    >>> appearance("e\u0301\u200b") == appearance("\xe9"), appearance("a\xa0 b")
    (True, 'a b')
    """
    if not text.isascii():
        seen = (c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cf", "Cc"))
        text = unicodedata.normalize("NFC", "".join(seen))
    return " ".join(text.split())


def disguised(names: Iterable[str], *, ignore_case: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each name that looks the same as an earlier one: the earlier one, and the name."""
    first: dict[str, str] = {}
    for name in names:
        seen = appearance(name)
        other = first.setdefault(seen.casefold() if ignore_case else seen, name)
        if other != name:
            yield other, name


def look_the_same(first: str, second: str) -> str:
    """Return what a message says of two texts that look the same: their letters in ASCII."""
    both = f"{in_brief.repr(first)[1:-1]} and {in_brief.repr(second)[1:-1]}"
    return f"look the same ({both.encode('ascii', 'backslashreplace').decode()})"


def are_numbers_or_dates(categories: Collection[str]) -> bool:
    """Return whether most categories seem to be numbers with a sign or a unit, or dates.

    Plain numbers are not among them: they are categories only if the file says so.

    Examples
    --------
    >>> are_numbers_or_dates(["$5", "$10"]), are_numbers_or_dates(["5 kg", "10 kg"])
    (True, True)
    >>> are_numbers_or_dates(["1st", "2nd"]), are_numbers_or_dates(["p1", "p2"])
    (False, False)
    """
    others = (MONTH.sub("", text) for text in categories if not LIKE_A_NUMBER.fullmatch(text))
    units = Counter(amount[1] for amount in map(AMOUNT.fullmatch, others) if amount)
    return 2 * max((n for unit, n in units.items() if n > 1 or not unit), default=0) > len(
        categories
    )


def are_ranges(categories: Collection[str]) -> bool:
    """Return whether most categories are ranges of numbers.

    Examples
    --------
    >>> are_ranges(["0-5yrs", "6-11yrs", "12+ yrs"]), are_ranges(["10-20", "> 20"])
    (True, False)
    >>> are_ranges(["2024-01", "2024-02"])
    False
    """
    ends = [each.groups() for each in map(RANGE.fullmatch, categories) if each]
    return 2 * sum(int(low) < int(high) for low, high in ends) > len(categories)
