"""What a text of a table is to a person who reads it: a number, a date, the same as another."""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection

# Digits, with what some programs and languages put between them. A *+ takes no character back: the
# time for a cell of any content grows with its length, not with the square.
LIKE_A_NUMBER = re.compile(r"[-+]?[.,' \u00a0\u202f]*+\d[\d.,' \u00a0\u202f]*+([eE][-+]?\d+)?")
DATE = re.compile(
    r"(?:(?P<year>\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})([-/.])(\d{1,2})\6(?:\d{4}|\d\d))"
    r"(?:[T ]\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?(?:Z|[AaPp][Mm]|[-+]\d\d:?\d\d))?)?"
)
MONTH = re.compile("(?i)jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
BYTE_ORDER_MARK = "\ufeff"

# Letters and hyphens of other scripts, and what they look like.
ALIKE = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"  # Cyrillic
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
    "\u2010\u2011",
    "ABEKMHOPCTX" + "aeopcyxijs" + "ABEZHIKMNOPTYXo" + "--",
)
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


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
    r"""Return a text without what cannot be seen, and each letter as the Latin one it looks like.

    Examples
    --------
    >>> appearance("e\u0301\u200b") == appearance("\xe9"), appearance("a\xa0 b")
    (True, 'a b')
    """
    if not text.isascii():
        seen = (c for c in " ".join(text.split()) if unicodedata.category(c) not in ("Cf", "Cc"))
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", "".join(seen))).translate(ALIKE)
    return " ".join(text.split())


def code_points(first: str, second: str) -> str:
    """Return the code points in which two texts differ, such as ``U+00E9 and U+0065 U+0301``."""
    before = _alike(first, second)
    after = _alike(first[before:][::-1], second[before:][::-1])
    parts = [text[before : len(text) - after] for text in (first, second)]
    return " and ".join(" ".join(f"U+{ord(c):04X}" for c in p[:4]) or "nothing" for p in parts)


def _alike(first: str, second: str) -> int:
    """Return how many characters two texts have in common before the first that differs."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


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
    signed = sum(map(_has_signs, categories))
    units = Counter(filter(None, map(_unit, categories)))
    same_unit = max(units.values(), default=0)
    return 2 * max(signed, same_unit * (same_unit > 1)) > len(categories)


def _has_signs(text: str) -> bool:
    """Return whether a text has digits and signs, and no letter but in the name of a month."""
    return (
        any(map(str.isnumeric, text))
        and not LIKE_A_NUMBER.fullmatch(text)
        and not any(map(str.isalpha, re.sub(r"[^\W\d_]+", _month_or_word, text)))
    )


def _month_or_word(word: re.Match[str]) -> str:
    return "" if MONTH.match(word[0]) else word[0]


def _unit(text: str) -> str:
    """Return the word after a number; "" if there is no number, or something else after it."""
    word = text.lstrip("0123456789.,+-<>=~ ")
    return word if word.isalpha() and any(map(str.isdigit, text)) else ""
