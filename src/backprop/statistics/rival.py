"""Which models are fitted to all rows: the recommended one, and the one it is judged beside."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from backprop.models.candidate_lists import Candidates
from backprop.models.registry import BASELINE
from backprop.statistics.recommendation import Recommendation, configuration_of
from backprop.statistics.tables import Compared
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS


class Choice(NamedTuple):
    """A model to fit to all rows.

    Attributes
    ----------
    kind : str
        The kind of the recommendation, or ``beside``.
    model : str or None
        None if there is none.
    tuned : bool
        Whether the configuration was chosen by inner folds.
    configuration : Configuration or None
    """

    kind: str
    model: str | None
    tuned: bool
    configuration: Configuration | None

    @classmethod
    def recommended(cls, decision: Recommendation, candidates: Candidates) -> "Choice":
        """Return the recommended model; `candidates` are the configurations of each model."""
        configuration = configuration_of(decision, candidates)
        return cls(decision.kind, decision.model, decision.tuned, configuration)

    @classmethod
    def beside(cls, model: str | None, candidates: Candidates) -> "Choice":
        """Return the model that is judged beside the recommended one, in its reference."""
        return cls("beside", model, False, candidates[model][0] if model else None)


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
    sign = 1 if METRICS[metric].higher_is_better else -1
    scores = {
        row.model: sign * row.score.value
        for row in compared
        if row.model != BASELINE and row.model in usable and row.score and row.same_as is None
    }
    return max(scores, key=lambda model: scores[model], default=None)
