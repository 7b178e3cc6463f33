"""How many rows it would take, in words."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import named, unit_of
from backprop.report.wording.names import model_name, plural
from backprop.report.wording.rows import Context
from backprop.statistics.tables import RowsNeeded

ASSUMPTION = (
    "this assumes that new {rows} are like these, and that models disagree on as many of them as "
    "now, or on as many as their curve goes on to say"
)


def rows_needed_verdicts(rows: Sequence[RowsNeeded], context: Context) -> list[str | None]:
    """Say with how many rows each difference would be found; the first sentence is on all."""
    noun, metric = plural(context.noun), context.metric
    assumption = f"; {ASSUMPTION.format(rows=noun)}"
    return [
        f"80 of 100 studies like this one find a true difference of {size_in_words(row, metric)} "
        f"between {model_name(row.model)} and {MODELS[BASELINE].name} with {range_of(row)} {noun}"
        f"{', so those here are enough' if row.rows.upper <= row.rows_here else ''}"
        f"{assumption if row is rows[0] else ''}"
        for row in rows
    ]


def settling(row: RowsNeeded | None, metric: str, noun: str) -> str:
    """Say after what is open with how many rows it would be found; "" if none are known."""
    if row is None:
        return ""
    return (
        f"; with {range_of(row)} {plural(noun)}, in place of {row.rows_here:,}, 80 of 100 studies "
        f"find a true difference of {size_in_words(row, metric)}"
    )


def size_in_words(row: RowsNeeded, metric: str) -> str:
    """Write a true difference, such as ``5 points``."""
    unit = unit_of(metric)
    size = f"{row.size * unit.scale:g}"
    name = unit.name.removesuffix("s") if size == "1" else unit.name
    return f"{size} {name or f'of {named(metric)}'}"


def range_of(row: RowsNeeded) -> str:
    """Write the middle and the upper end with two digits, such as ``about 600 (up to 1,100)``.

    Not the lower end: with so few rows, a difference may well be missed.
    """
    middle, upper = (f"{float(f'{rows:.2g}'):,.0f}" for rows in (row.rows.value, row.rows.upper))
    return f"about {middle}" + (f" (up to {upper})" if middle != upper else "")
