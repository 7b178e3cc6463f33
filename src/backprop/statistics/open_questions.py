"""What would settle a question that the recommendation leaves open."""

from collections.abc import Iterable

from backprop.models.registry import are_one_model
from backprop.statistics.recommendation import Recommendation
from backprop.statistics.tables import RowsNeeded


def rows_to_settle(decision: Recommendation, rows: Iterable[RowsNeeded]) -> RowsNeeded | None:
    """Return the rows that would settle what a decision leaves open, if it leaves anything open.

    That is for the largest difference that may be there, and that these data may well miss.
    """
    left_open = decision.left_open
    if left_open is None:
        return None
    own = [row for row in rows if are_one_model(row.model, left_open.model)]
    return largest_missed([row for row in own if row.size <= left_open.size])


def largest_missed(rows: Iterable[RowsNeeded]) -> RowsNeeded | None:
    """Return the row of the largest difference that these data may well miss, if there is one."""
    missed = [row for row in rows if row.rows.upper > row.rows_here]
    return max(missed, key=lambda row: row.size, default=None)
