"""The tables that the report shows: their titles, and where a reader finds them."""

from typing import NamedTuple

DIGITS = 4


class Table(NamedTuple):
    """A table of the report.

    Attributes
    ----------
    title : str
        Its heading.
    category : str
        Where it stands in the report; categories are sorted by name.
    lead : str, optional
        The column of sentences that stands above the others.
    digits : int
        Significant digits shown; the CSV file beside the page has them all.
    """

    title: str
    category: str
    lead: str | None = None
    digits: int = DIGITS


TABLES: dict[str, Table] = {
    "comparison": Table("The models against logistic regression", "1 Result", lead="verdict"),
    "configurations": Table("All configurations", "2 Tuning"),
    "effects": Table("What each hyperparameter changes", "2 Tuning", lead="verdict"),
    "tuning": Table("What tuning is worth", "2 Tuning", lead="verdict"),
    "one_step": Table("One step of back-propagation, number by number", "3 Networks", digits=7),
    "parity": Table("Hand-written, TensorFlow and plain loop", "5 Checks", lead="verdict"),
    "known_answers": Table("Known against computed results", "5 Checks", digits=10),
    "fits": Table("All fits", "7 All fits"),
}
"""By the names of the files in results/{dataset}/tables."""
