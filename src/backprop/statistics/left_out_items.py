"""Which tables and figures have nothing to show, so that the report leaves them out."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, tuned_groups
from backprop.statistics.results import Results

FEWEST_FEATURES = 2  # or groups of them


def nothing_to_show(results: Results, warnings: Sequence[str]) -> list[str]:
    """Return the tables and figures that would say nothing, or what another one says.

    They are the warnings, if there are none; new data that no model was judged on; the pairs of
    models, if there is one pair; the picture of what features are worth, if these are at most
    `FEWEST_FEATURES`, as the table says it; and the differences from the baseline, if nothing
    differs from it.
    """
    others = [row for row in results.comparison.values() if row.model != BASELINE]
    empty = {
        "warnings": not warnings,
        "new_data": "new_data" in results and not results.rows("new_data"),
        "pairs": len(results.rows("pairs")) < 2,
        "importance": "importance" in results
        and len({row.features for row in results.rows("importance")}) <= FEWEST_FEATURES,
        "differences": all(row.same_as for row in others) and not tuned_groups(results.candidates),
    }
    return [name for name, is_empty in empty.items() if is_empty]
