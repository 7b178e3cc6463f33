"""Numbers in words."""

import math
from typing import NamedTuple

from backprop.report.wording.rows import (
    Row,
)


class Unit(NamedTuple):
    """How to write a difference: its unit, the units in a score of 1, and the decimals to show."""

    name: str
    scale: float
    decimals: int


POINTS = Unit("points", 100, 1)  # percentage points, for accuracy and other shares


def difference_in_words(row: Row, unit: Unit) -> str:
    """Write a difference with its interval, which needs differences that vary."""
    difference = f"{amount(row['difference'], unit, '+')} {unit.name}"
    if math.isinf(row["difference_lower"]):
        return f"{difference} on every split, so its spread cannot be estimated"
    lower, upper = (amount(row[f"difference_{end}"], unit, "+") for end in ("lower", "upper"))
    return f"{difference}, {100 * row['confidence']:g}% interval {lower} to {upper}"


def amount(amount: float, unit: Unit, sign: str = "") -> str:
    """Write a difference in its unit; zero has no minus sign."""
    return f"{amount * unit.scale:{sign}z.{unit.decimals}f}"


def probability(probability: float) -> str:
    """Write a probability after a relation sign, without rounding it to 0 or 1."""
    if probability < 0.001:
        return "< 0.001"
    return f"= {probability:.3g}" if probability <= 0.999 else "> 0.999"
