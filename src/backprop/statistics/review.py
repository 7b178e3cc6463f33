"""The warnings that a careful reviewer would give: a check for each, in the order of the report.

A threshold is where a reader would act otherwise, not where a number is merely unusual. The tests
count how often each warning is a false alarm, on 100 studies in which nothing is wrong.
"""

import pandas as pd

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
"""By their keys in the table of warnings: the classes of these modules that have one.

`backprop.report.wording.warnings` has a sentence for each.
"""

FACTS = {key: check.facts() for key, check in WARNINGS.items()}
"""The facts of each warning by the columns of the table that they are in."""


def find_warnings(results: Results, judgement: Judgement) -> pd.DataFrame:
    """Return the rows of all warnings that apply, see `backprop.statistics.tables.Warned`."""
    evidence = Evidence(results, judgement)
    rows = [finding.row() for check in WARNINGS.values() for finding in check.look(evidence)]
    return WARNED.frame(rows)
