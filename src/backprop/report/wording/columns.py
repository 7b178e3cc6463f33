"""What readers see at the head of the columns of tables."""

from typing import NamedTuple

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import named, unit_of
from backprop.report.wording.names import guessed_by, heading, label, sentence_case
from backprop.statistics.tables import ENDS, TABLES, Field
from backprop.study.configurations import HYPERPARAMETERS
from backprop.study.metrics import METRICS

INTERVAL = "95% interval"
COUNTS = (
    "fits", "diverged", "unlearned", "separated", "quasi_separated", "not_converged", "failed",
)  # fmt: skip
GROUPS = {**dict.fromkeys(HYPERPARAMETERS, "Hyperparameters"), **dict.fromkeys(COUNTS, "Fits")}
"""What is over columns that belong together, if a page does not show them first."""


class Head(NamedTuple):
    """What a page shows at the head of a column, and how it writes the column.

    Attributes
    ----------
    column : str
        The name of the column in the table.
    text : str
        What is over it. Neighbours with the same text and the same spanner share them.
    spanner : str
        What is over this text, and over neighbours that have it, too; "" if nothing is.
    help : str
        What the column is; "" if nobody said so.
    unit : str
        A key of `backprop.report.wording.cells.CELL_FORMATS`.
    is_group : bool
        Whether its values are headings of groups of rows.
    is_first : bool
        Whether it is among the columns that a page shows first.
    """

    column: str
    text: str
    spanner: str = ""
    help: str = ""
    unit: str = ""
    is_group: bool = False
    is_first: bool = False


def heads(table: str, metric: str) -> list[Head]:
    """Return the heads of a table in a study with this metric, those to show first to the left.

    Examples
    --------
    >>> _, estimate, lower, *_ = heads("comparison", "accuracy")[3:]
    >>> print(estimate.spanner, "|", estimate.text, "|", estimate.help)
    Difference | points | Accuracy, minus the score of logistic regression
    >>> print(lower.spanner, "|", lower.text)
    Difference | 95% interval
    """
    declared = TABLES[table].columns(metric, HYPERPARAMETERS)
    first = TABLES[table].first(metric)
    every = [*first, *(column for column in declared if column not in first)]
    return [_head(column, declared[column], metric, column in first) for column in every]


def _head(column: str, field: Field, metric: str, is_first: bool) -> Head:
    own, unit = field.column, ""
    if own.unit in ("difference", "size"):
        unit = unit_of(metric).name
    name = column.removesuffix(ENDS[0]).removesuffix(ENDS[1]) if field.ends[1:] else column
    text, words = _text(name, field, metric), _help(name, field, metric)
    spanner = ""
    if field.ends[1:]:
        is_end = column != name
        spanner, text = text, INTERVAL if is_end else unit or "estimate"
        words += f": the {INTERVAL}; none if these rows say nothing about others" if is_end else ""
    elif unit:
        text += f", {unit}"
    elif not is_first:
        spanner = GROUPS.get(column, "")
    return Head(column, text, spanner, words, own.unit, own.group, is_first)


def _text(column: str, field: Field, metric: str) -> str:
    """Return the name of a column in words."""
    if field.column.head:
        return field.column.head
    if column in METRICS:
        lower = "" if METRICS[column].higher_is_better else " (lower is better)"
        return METRICS[column].label + lower
    if column in HYPERPARAMETERS:
        return heading(column)
    name = (field.column.name or field.name).format(metric=named(metric))
    return sentence_case(name.replace("_", " "))


def _help(column: str, field: Field, metric: str) -> str:
    return field.column.help.format(
        metric=METRICS[metric].label,
        of_metric=named(metric),
        baseline=MODELS[BASELINE].name,
        guess=guessed_by(metric),
        label=METRICS[column].label if column in METRICS else label(column),
    )
