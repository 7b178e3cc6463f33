"""Compare texts with numbers, which another environment may round otherwise."""

import csv
import io
import re
from math import isfinite

from backprop.statistics.parity import PARITY

IDS = re.compile(r"\b[mp][0-9a-f]{10}\b")  # of an SVG: digests of what they name
NUMBER = re.compile(r"(\d+(?:\.\d+)?(?:e[-+]?\d+)?)")
TEXTS = {".html": None, ".rst": None, ".json": 0.0, ".svg": 1e-6}
"""The texts with numbers, and how far numbers may differ in them: None means, in the last digit."""


def differing_texts(here: bytes, there: bytes, unit: float | None) -> str:
    """Return the first place in which two texts differ by more than the rounding of numbers.

    Parameters
    ----------
    here, there : bytes
    unit : float or None
        How far numbers with a decimal point may differ, besides `PARITY`; None for one in the last
        digit that is written.
    """
    ours, theirs = parts_of(here), parts_of(there)
    for k, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        is_same = _are_close(one, other, unit) if k % 2 else one == other
        if not is_same:
            return f"found {one.strip()!r:.90}, made again {other.strip()!r:.90}"
    return "" if len(ours) == len(theirs) else "one is longer than the other"


def parts_of(content: bytes) -> list[str]:
    """Return the texts between the numbers of a file, and the numbers, in turns."""
    return NUMBER.split(IDS.sub("", content.decode(errors="replace")))


def differing_cells(here: bytes, there: bytes, *, exact: bool) -> list[str]:
    """Return a message for each cell in which a CSV file differs from the one made again.

    Unless `exact`, numbers may differ by `PARITY`, relative to those above 1.
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
            if a != b and (exact or not _are_close(a, b, 0.0)):
                faults.append(
                    f"row {row}, {column}: altered; found {a!r:.90}, made again {b!r:.90}"
                )
    return faults or (["altered; it is written otherwise"] if exact else [])


def _are_close(a: str, b: str, unit: float | None) -> bool:
    """Return whether two texts are one number, up to rounding; see `differing_texts`."""
    if a == b:
        return True
    try:
        one, other = float(a), float(b)
    except ValueError:
        return False
    if unit is None:
        unit = min(_unit(a), _unit(b))
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
