"""Which tables and figures have nothing to show, so that the report leaves them out."""

from collections.abc import Sequence

import numpy as np

from backprop.models.registry import BASELINE, tuned_groups
from backprop.statistics.marks import same_metric
from backprop.statistics.results import Results
from backprop.statistics.tables import ByMetric
from backprop.typing import Array

ACCURACIES = ("accuracy", "balanced_accuracy")


def nothing_to_show(results: Results) -> list[str]:
    """Return the tables, figures and metrics that would say nothing, or what another one says.

    They are the warnings, if there are none; the pairs of models, if there is one pair; the
    differences from the baseline, if nothing differs from it; and the balanced accuracy, if it is
    the accuracy of every model, and not the metric of the study.
    """
    others = [row for row in results.comparison.values() if row.model != BASELINE]
    empty = {
        "warnings": not any(row.verdict for row in results.rows("warnings")),
        "pairs": len(results.rows("pairs")) < 2,
        "differences": all(row.same_as for row in others) and not tuned_groups(results.candidates),
        "balanced_accuracy": results.metric != "balanced_accuracy"
        and same_metric(*(_scores(results.rows("metrics"), name) for name in ACCURACIES)),
    }
    return [name for name, is_empty in empty.items() if is_empty]


def _scores(rows: Sequence[ByMetric], metric: str) -> Array:
    return np.array([row.score.value for row in rows if row.metric == metric])
