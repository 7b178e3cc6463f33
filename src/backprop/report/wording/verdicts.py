"""The sentences of the tables: one entry for each table that has them in its CSV file."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from backprop.report.wording.calibration import calibration_verdicts
from backprop.report.wording.comparison import comparison_verdicts
from backprop.report.wording.error_rates import error_rate_verdicts
from backprop.report.wording.importance import importance_verdicts
from backprop.report.wording.metrics import metrics_verdicts
from backprop.report.wording.nested import nested_pairs_verdicts, nested_verdicts
from backprop.report.wording.new_data import new_data_checks_verdicts, new_data_verdicts
from backprop.report.wording.parity import parity_verdicts
from backprop.report.wording.rows import Context
from backprop.report.wording.training_sizes import rows_needed_verdicts
from backprop.report.wording.tuning import tuning_verdicts
from backprop.statistics.tables import TABLES

SENTENCES: dict[str, Callable[[Sequence[Any], Context], Sequence[str | None]]] = {
    "comparison": comparison_verdicts,
    "calibration": calibration_verdicts,
    "importance": importance_verdicts,
    "tuning": tuning_verdicts,
    "metrics": metrics_verdicts,
    "nested": nested_verdicts,
    "nested_pairs": nested_pairs_verdicts,
    "parity": parity_verdicts,
    "error_rates": error_rate_verdicts,
    "rows_needed": rows_needed_verdicts,
    "new_data": new_data_verdicts,
    "new_data_checks": new_data_checks_verdicts,
}
"""By the name of a table: ``write(rows, context)`` returns a sentence for each row, or None."""


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
    rows = TABLES[name].rows(table, context.metric)
    sentences: Any = list(SENTENCES[name](rows, context)) if rows else []
    return TABLES[name].shown(table.assign(verdict=sentences), context.metric)


def for_page(name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return what a page shows of a table, and the sentences above it, without full stops."""
    sentences = table.get("verdict", pd.Series(dtype=object)).dropna()
    return table.drop(columns="verdict", errors="ignore"), [*sentences]
