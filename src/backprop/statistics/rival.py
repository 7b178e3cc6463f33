"""Which model is fitted to all rows, too, so that the recommended one is judged beside it."""

from collections.abc import Collection, Sequence

from backprop.models.registry import BASELINE
from backprop.statistics.recommendation import Recommendation
from backprop.statistics.tables import Compared
from backprop.study.metrics import METRICS


def rival_of(
    decision: Recommendation, compared: Sequence[Compared], metric: str, usable: Collection[str]
) -> str | None:
    """Return the model that the recommended one is judged beside, in its reference.

    It is the baseline; beside the baseline, the other model with the best score by
    cross-validation.

    Parameters
    ----------
    decision : Recommendation
    compared : sequence of Compared
    metric : str
    usable : collection of str
        The models that can predict new rows.

    Returns
    -------
    str or None
        None if no model is recommended, or if there is no other one.
    """
    if decision.model is None:
        return None
    if decision.model != BASELINE:
        return BASELINE
    scores = {
        row.model: METRICS[metric].sign * row.score.value
        for row in compared
        if row.model != BASELINE and row.model in usable and row.score and row.same_as is None
    }
    return max(scores, key=lambda model: scores[model], default=None)
