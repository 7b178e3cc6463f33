"""The warnings that a careful reviewer would give: a check for each, in the order of the report.

A threshold is where a reader would act otherwise, not where a number is merely unusual. The tests
count how often each warning is a false alarm, on studies in which nothing is wrong.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from backprop.files import canonical_json, write_atomically
from backprop.statistics.checks import about_data, about_models, about_tuning
from backprop.statistics.checks.check import Evidence, Finding
from backprop.statistics.grouping import Judgement
from backprop.statistics.results import Results
from backprop.statistics.tables import WARNED

WARNINGS: dict[str, type[Finding]] = {
    each.key: each
    for module in (about_data, about_models, about_tuning)
    for each in vars(module).values()
    if hasattr(each, "key")
}
"""By their keys: the classes of these modules that have one.

`backprop.report.wording.warnings` has a sentence for each.
"""

FACTS = {key: check.facts() for key, check in WARNINGS.items()}
"""The facts of each warning by the columns of the table that they are in."""


class Warned(NamedTuple):
    """A warning.

    Attributes
    ----------
    check : str
        A key of `WARNINGS`.
    facts : Finding
        What this check found.
    sentence : str or None
        What is wrong, and what to do; None before the sentences are written, and if the sentence of
        an earlier warning says it.
    """

    check: str
    facts: Any
    sentence: str | None = None


def find_warnings(results: Results, judgement: Judgement) -> list[Warned]:
    """Return all warnings that apply, without their sentences."""
    evidence = Evidence(results, judgement)
    return [Warned(k, facts) for k, check in WARNINGS.items() for facts in check.look(evidence)]


def write_warnings(file: Path, warnings: Sequence[Warned]) -> None:
    """Write warnings as JSON: of each the check, its facts by name, and the sentence."""
    write_atomically(file, canonical_json([each._asdict() for each in warnings]).encode())


def read_warnings(file: Path) -> list[Warned]:
    """Read what `write_warnings` wrote."""
    return [
        Warned(each["check"], WARNINGS[each["check"]].of(each["facts"]), each["sentence"])
        for each in json.loads(file.read_bytes())
    ]


def as_table(warnings: Sequence[Warned]) -> pd.DataFrame:
    """Return the table of warnings: a row for each, with its facts in columns that all share."""
    table = WARNED.frame([each.facts.row() for each in warnings])
    sentences: Any = [each.sentence for each in warnings]
    return WARNED.shown(table.assign(verdict=sentences), "")
