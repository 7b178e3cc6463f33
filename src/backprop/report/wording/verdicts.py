"""The sentences of the tables: one entry for each table that has them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from backprop.report.wording.comparison import comparison_verdicts
from backprop.report.wording.effects import effects_verdicts
from backprop.report.wording.error_rates import error_rate_verdicts
from backprop.report.wording.metrics import metrics_verdicts
from backprop.report.wording.nested import nested_pairs_verdicts, nested_verdicts
from backprop.report.wording.parity import parity_verdicts
from backprop.report.wording.rows import Context, Row, setting_of
from backprop.report.wording.tuning import tuning_verdicts
from backprop.report.wording.warnings import warning_verdicts
from backprop.study.configurations import nodes


@dataclass(frozen=True)
class Sentences:
    """The sentences of a table.

    Attributes
    ----------
    write : callable
        ``write(rows, context)``: a sentence for each row, or None.
    place : int or None
        Where the table gets its column ``verdict``; None is the end.
    hidden : tuple of str
        The columns of the statistics that only the sentences need.
    """

    write: Callable[[Sequence[Row], Context], Sequence[str | None]]
    place: int | None = None
    hidden: tuple[str, ...] = ()


SENTENCES = {
    "comparison": Sentences(comparison_verdicts, 1, ("fits", "confidence")),
    "tuning": Sentences(tuning_verdicts, 1, ("tied", "confidence")),
    "metrics": Sentences(metrics_verdicts, 2),
    "nested": Sentences(nested_verdicts, 1, ("unchosen", "unscored", "confidence")),
    "nested_pairs": Sentences(nested_pairs_verdicts, 2, ("confidence", "one_network")),
    "effects": Sentences(
        effects_verdicts,
        hidden=("unlearned_reference", "unlearned_p", "fits", "confidence"),
    ),
    "parity": Sentences(parity_verdicts),
    "error_rates": Sentences(error_rate_verdicts),
    "warnings": Sentences(warning_verdicts, 1, ("confidence", "one_network")),
}
"""By the names of tables, see `backprop.report.contents.TABLES`."""


def add_verdicts(name: str, table: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Add the sentences to a table of statistics: the table that the report shows.

    Parameters
    ----------
    name : str
        A key of `SENTENCES`.
    table : DataFrame
        From a module of `backprop.statistics`.
    context : Context
        What the sentences need besides.

    Returns
    -------
    DataFrame
        With a column ``verdict``, and without the columns that only the sentences need. A sentence
        on several rows is in the first of them.
    """
    table = table.copy()
    rows: list[Row] = table.to_dict("records")  # type: ignore[assignment]
    entry = SENTENCES[name]
    place = len(table.columns) if entry.place is None else entry.place
    table.insert(place, "verdict", list(entry.write(rows, context)) if rows else [])
    if name == "effects":
        values = [setting_of(row, context.candidates) for row in rows]
        table.insert(2, "value", [nodes(v) if isinstance(v, tuple) else v for v in values])
    return table.drop(columns=list(entry.hidden))
