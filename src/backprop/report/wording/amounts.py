"""Numbers in words."""

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
    """Write a difference with its interval, and what it is from if not from the splits."""
    difference = f"{amount(row['difference'], unit, '+')} {unit.name}"
    lower, upper = (amount(row[f"difference_{end}"], unit, "+") for end in ("lower", "upper"))
    interval = f"{100 * row['confidence']:g}% interval {lower} to {upper}"
    if row["basis"] == "rows":
        interval += " from the rows, because the difference hardly varies between splits"
    return f"{difference}, {interval}"


def amount(amount: float, unit: Unit, sign: str = "") -> str:
    """Write a difference in its unit; zero has no minus sign."""
    return f"{amount * unit.scale:{sign}z.{unit.decimals}f}"


def probability(probability: float) -> str:
    """Write a probability after a relation sign, without rounding it to 0 or 1."""
    if probability < 0.001:
        return "< 0.001"
    return f"= {probability:.3g}" if probability <= 0.999 else "> 0.999"
