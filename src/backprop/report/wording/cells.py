"""The cells of pages: how a column of a table is written, by its unit."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.models.registry import BASELINE
from backprop.report.wording.across import TRAITS
from backprop.report.wording.amounts import MINUS, score, unit_of
from backprop.report.wording.columns import Head
from backprop.report.wording.names import label, model_label, value, within_sentence
from backprop.report.wording.rows import Context
from backprop.statistics.tables import ENDS
from backprop.study.metrics import METRICS

FIGURE_SPACE, POINT_SPACE = "\N{FIGURE SPACE}", "\N{PUNCTUATION SPACE}"

CHECKS = {
    "coverage": "Coverage: a 95% interval contains the truth",
    "false_alarm": "False alarm: a model is called better or worse than an equally good one",
    "power": "Power: a true difference is found",
}

NO_INTERVAL = "none"
"""What is in place of the ends of an interval that a number does not have."""


class Place(NamedTuple):
    """Where a cell is.

    Attributes
    ----------
    column : str
        Its column.
    row : mapping
        The values of its row, by column.
    context : Context
        What words need besides.
    digits : int
        The significant digits of a number without a unit.
    """

    column: str
    row: Mapping[str, Any]
    context: Context
    digits: int

    @property
    def metric(self) -> str:
        """The metric that the cell is about: its column's, its row's, or else the study's."""
        name = self.column.removesuffix(ENDS[0]).removesuffix(ENDS[1])
        own = self.row["subject"] if self.fact("subject") == "metric" else None
        return name if name in METRICS else str(self.row.get("metric", own) or self.context.metric)

    def fact(self, column: str) -> str | None:
        """Return which fact of a warning is in a column; None in a row of another table."""
        return self.context.facts.get(self.row.get("warning", ""), {}).get(column)


def number(value: float, at: Place) -> str:
    """Write a number with the digits of its table."""
    if value == 0 or 1e-6 <= abs(value) < 1e9:
        return np.format_float_positional(value, at.digits, fractional=False, trim="-")
    return f"{value:.{at.digits}g}"


def probability(value: float, at: Place) -> str:
    """Write a probability with three decimals, without rounding it to 0 or 1."""
    if 0 < value < 0.0005:
        return "<0.001"
    return ">0.999" if 0.9995 <= value < 1 else f"{value:.3f}"


def truth(value: float, at: Place) -> str:
    """Write the true score of a model, or the true difference of two."""
    is_score = pd.isna(at.row["other"])
    return score(at.metric, value) if is_score else unit_of(at.metric).amount(value, "+")


def part(value: float, at: Place) -> str:
    """Write the score of the metric that a row is about, or else a share."""
    return score(at.metric, value) if at.fact("share") == "score" else f"{value:.1%}"


def configuration(name: Any, at: Place) -> str:
    """Write the values in which a configuration differs from the reference of its model."""
    candidates = at.context.candidates
    model = at.row.get("model", next((m for m in candidates if name in candidates[m]), None))
    if model is None or name not in candidates[model]:
        return ""
    return at.context.changes(model, name)


def metric_and_unit(metric: str, at: Place) -> str:
    """Write a metric, the unit of its differences, and whether low values are better."""
    unit = unit_of(metric).name
    notes = [f"differences in {unit}"] if unit else []
    notes += [] if METRICS[metric].higher_is_better else ["lower is better"]
    return METRICS[metric].label + (f" ({'; '.join(notes)})" if notes else "")


def subject(text: str, at: Place) -> str:
    """Write what a warning is about. The name of a feature or class stays as it is."""
    fact = at.fact("subject")
    if fact == "metric":
        return within_sentence(METRICS[text].label)
    if fact == "hyperparameter":
        return label(text)
    return word(text, at) if fact == "state" else text


def word(text: str, at: Place) -> str:
    """Write a word of the code as one of English."""
    return text.replace("_", " ")


class CellFormat(NamedTuple):
    """How cells are written.

    Attributes
    ----------
    write : callable
        ``write(value, place)`` returns the text of a cell.
    is_number : bool
        Whether it is a number, which is sorted as one.
    """

    write: Callable[[Any, Place], str]
    is_number: bool = True


CELL_FORMATS = {
    "score": CellFormat(lambda value, at: score(at.metric, value)),
    "difference": CellFormat(lambda value, at: unit_of(at.metric).amount(value, "+")),
    "size": CellFormat(lambda value, at: unit_of(at.metric).amount(value)),
    "share": CellFormat(lambda value, at: f"{value:.1%}"),
    "probability": CellFormat(probability),
    "small": CellFormat(lambda value, at: f"{value:.0e}" if value else "0"),
    "count": CellFormat(lambda value, at: f"{value:,.0f}"),
    "number": CellFormat(number),
    "truth": CellFormat(truth),
    "part": CellFormat(part),
    "text": CellFormat(lambda value, at: str(value), is_number=False),
    "word": CellFormat(word, is_number=False),
    "flag": CellFormat(lambda value, at: "yes" if value else "no", is_number=False),
    "model": CellFormat(lambda value, at: model_label(value), is_number=False),
    "configuration": CellFormat(configuration, is_number=False),
    "configuration_of_baseline": CellFormat(
        lambda name, at: at.context.changes(BASELINE, name), is_number=False
    ),
    "setting": CellFormat(lambda own, at: value(at.column, own), is_number=False),
    "metric": CellFormat(metric_and_unit, is_number=False),
    "subject": CellFormat(subject, is_number=False),
    "trait": CellFormat(lambda value, at: TRAITS[value], is_number=False),
    "correlation": CellFormat(lambda value, at: f"{value:+z.2f}".replace("-", MINUS)),
    "check": CellFormat(lambda value, at: CHECKS[value], is_number=False),
}
"""By the names that columns declare, see `backprop.statistics.tables.Column`."""


def unit_of_column(head: Head, column: pd.Series) -> CellFormat:
    """Return how a column is written: as it is declared, or else by the type of its values."""
    if head.unit == "setting" and pd.api.types.is_numeric_dtype(column):
        return CELL_FORMATS["setting"]._replace(is_number=True)
    if head.unit:
        return CELL_FORMATS[head.unit.removesuffix("_by")]
    if pd.api.types.is_bool_dtype(column) or {*map(type, column.dropna())} == {bool}:
        return CELL_FORMATS["flag"]
    if not pd.api.types.is_numeric_dtype(column):
        return CELL_FORMATS["text"]
    # Counts with a missing one are floats, too.
    return CELL_FORMATS["count" if (column.dropna() % 1 == 0).all() else "number"]


def written(
    table: pd.DataFrame, heads: Sequence[Head], context: Context, digits: int
) -> list[list[str]]:
    """Return the cells of some columns of a table as HTML, in which everything is escaped.

    Parameters
    ----------
    table : DataFrame
        Its texts may contain any character.
    heads : sequence of Head
        Of the columns to write.
    context : Context
        See `Place`.
    digits : int
        See `Place`.

    Returns
    -------
    list of lists of str
        A list for each column. A missing value is "", but for the upper end of the interval of a
        number that has none.
    """
    rows: Any = table.to_dict("records")
    columns = []
    for head in heads:
        unit = unit_of_column(head, table[head.column])
        places = (Place(head.column, row, context, digits) for row in rows)
        columns.append([escape(_cell(unit, at)) for at in places])
    return columns


def _cell(unit: CellFormat, at: Place) -> str:
    """Write a cell; without a value, whether it is the end of an interval that a number lacks.

    Without an interval of a difference there is no test, and no p-value.
    """
    own = at.row[at.column]
    is_tested = not pd.isna(at.row.get("difference_lower", 0.0))
    if pd.isna(own) or (at.column in ("p_value", "p_adjusted") and not is_tested):
        number = at.column.removesuffix(ENDS[1])
        lacks_interval = number != at.column and not pd.isna(at.row.get(number))
        return NO_INTERVAL if lacks_interval else ""
    text = unit.write(own, at)
    # Of a negative power of ten, the hyphen stays.
    return f"{MINUS}{text[1:]}" if unit.is_number and text.startswith("-") else text


def aligned(texts: Sequence[str]) -> list[str]:
    """Add spaces after numbers, so that their points are in one line at the right of a column.

    It needs a font whose digits have one width.

    Examples
    --------
    >>> [len(cell) for cell in aligned(["0.5", "0.125", "2", ""])]
    [5, 5, 5, 0]
    >>> aligned(["2e-16", "0"])
    ['2e-16', '0']
    >>> [len(cell) for cell in aligned(["0.125", "none"])]
    [5, 4]
    """
    if any("e" in text for text in texts if text != NO_INTERVAL):
        return [*texts]
    parts = [text.partition(".") for text in texts]
    most = max((len(decimals) for _, _, decimals in parts), default=0)
    return [
        whole
        if whole in ("", NO_INTERVAL)
        else whole
        + (point or (POINT_SPACE if most else ""))
        + decimals
        + FIGURE_SPACE * (most - len(decimals))
        for whole, point, decimals in parts
    ]
