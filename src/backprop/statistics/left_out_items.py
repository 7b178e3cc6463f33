"""Which tables and figures have nothing to show, so that the report leaves them out."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, tuned_groups
from backprop.statistics.results import Results

FEWEST_FEATURES = 2  # or groups of them


def nothing_to_show(results: Results, warnings: Sequence[str]) -> list[str]:
    """Return the tables and figures that would say nothing, or what another one says.

    They are the warnings, if there are none; new data that no model was judged on; the pairs of
    models, if there is one pair; the pictures of what features are worth and do, if these are at
    most `FEWEST_FEATURES`, as the table and the picture of the data say it; and the differences
    from the baseline, if nothing differs from it.
    """
    others = [row for row in results.comparison.values() if row.model != BASELINE]
    weighed = {row.features for row in results.rows("importance")}
    has_few_features = "importance" in results and len(weighed) <= FEWEST_FEATURES
    empty = {
        "warnings": not warnings,
        "new_data": "new_data" in results and not results.rows("new_data"),
        "pairs": len(results.rows("pairs")) < 2,
        **dict.fromkeys(("importance", "partial_dependence"), has_few_features),
        "differences": all(row.same_as for row in others) and not tuned_groups(results.candidates),
    }
    return [name for name, is_empty in empty.items() if is_empty]
