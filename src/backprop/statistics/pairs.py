"""The comparison of all pairs of models."""

import itertools
from collections.abc import Set

import pandas as pd

from backprop.models.candidate_lists import Candidates
from backprop.statistics.comparison import are_counted, compare_all
from backprop.statistics.grouping import Judgement
from backprop.statistics.tables import PAIRS


def compare_pairs(
    judgement: Judgement,
    candidates: Candidates,
    *,
    rope: float,
    learned: Set[str] | None = None,
) -> pd.DataFrame:
    """Compare the headlines of each two models: a row per pair.

    Parameters
    ----------
    judgement, candidates, rope, learned
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        model, other (an earlier one), the difference of the score of model from the score of other,
        with its interval, p_value, p_adjusted (over all pairs), outcome (of model, compared
        with other), basis and the confidence of the interval. A model that is the same as an
        earlier one is left out, and so is one with diverged or failed fits.
    """
    judged = judgement.of_headlines(candidates)
    scored = {m: each for m, each in judged.items() if each.scored and m not in judged.same}
    names = [(model, other) for other, model in itertools.combinations(scored, 2)]
    compared = [(scored[model], scored[other]) for model, other in names]
    tested = compare_all(compared, rope, counted=are_counted(names, learned))
    rows = [
        {"model": model, "other": other, **row}
        for (model, other), row in zip(names, tested, strict=True)
    ]
    return PAIRS.frame(rows)
