"""Compare tables and models with numbers, which another environment may round otherwise."""

import csv
import io
import re
from math import isfinite

from backprop.statistics.parity import PARITY

NUMBER = re.compile(r"(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)")


def differing_cells(here: bytes, there: bytes, *, exact: bool) -> list[str]:
    """Return a message for each cell in which a CSV file differs from the one made again.

    Unless `exact`, a number may differ by `PARITY`, relative to one above 1, and each number in a
    sentence by one in its last digit.
    """
    try:
        ours, theirs = (
            list(csv.reader(io.StringIO(content.decode(), newline=""))) for content in (here, there)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        return [f"altered; it is no CSV ({error})"]
    if not ours or ours[0] != theirs[0]:
        return ["altered; its columns are not those that are made again"]
    if len(ours) != len(theirs):
        return [f"altered; it has {len(ours) - 1:,} rows, and {len(theirs) - 1:,} when made again"]
    faults = []
    for row, (one, other) in enumerate(zip(ours[1:], theirs[1:], strict=True), 1):
        if len(one) != len(other):
            faults.append(f"row {row}: altered; it has {len(one)} cells in place of {len(other)}")
        for column, a, b in zip(ours[0], one, other, strict=False):
            if a != b and (exact or not are_close(a, b)):
                faults.append(
                    f"row {row}, {column}: altered; found {a!r:.90}, made again {b!r:.90}"
                )
    return faults or (["altered; it is written otherwise"] if exact else [])


def are_close(a: str, b: str) -> bool:
    """Return whether two texts are equal up to the rounding of their numbers.

    A text that is a number alone is not rounded; in a sentence each may be, to its last digit.
    """
    ours, theirs = NUMBER.split(a), NUMBER.split(b)
    if ours[::2] != theirs[::2]:
        return False
    is_sentence = any(part.strip() for part in ours[::2])
    return all(
        _are_close(one, other, is_rounded=is_sentence)
        for one, other in zip(ours[1::2], theirs[1::2], strict=True)
    )


def _are_close(a: str, b: str, *, is_rounded: bool) -> bool:
    one, other = float(a), float(b)
    unit = min(_unit(a), _unit(b)) if is_rounded else 0.0
    allowed = max(PARITY * max(1.0, abs(one), abs(other)), 1.001 * unit)
    return isfinite(one) and isfinite(other) and abs(one - other) <= allowed


def _unit(number: str) -> float:
    """Return the value of the last digit of a number; 0 of an integer, which is not rounded."""
    digits, _, exponent = number.partition("e")
    decimals = len(digits.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals or exponent else 0.0


def first_difference(one: bytes, other: bytes) -> str:
    """Return the first line in which two files differ, with both, in short."""
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    for line, (a, b) in enumerate(pairs, 1):
        if a != b:
            place = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
            cuts = [
                part[max(0, place - 20) : place + 40].decode(errors="replace") for part in (a, b)
            ]
            return f"line {line}: {cuts[0]!r} in place of {cuts[1]!r}"
    return "one is longer than the other"
