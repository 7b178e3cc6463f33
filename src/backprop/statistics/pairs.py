"""The comparison of all pairs of models."""

import itertools
from collections.abc import Set

import pandas as pd

from backprop.models.candidate_lists import Candidates
from backprop.models.registry import BASELINE
from backprop.statistics.comparison import are_counted, compare_all
from backprop.statistics.grouping import Judgement
from backprop.statistics.tables import PAIRS


def compare_pairs(
    judgement: Judgement, candidates: Candidates, *, rope: float, learned: Set[str] | None = None
) -> pd.DataFrame:
    """Compare the headlines of each two models: a row per pair.

    Parameters
    ----------
    judgement, candidates, rope, learned
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.Pair` for each model and each earlier one; the baseline
        is the first. The pairs with the baseline are adjusted for each other, so that they have the
        numbers of `compare_models`, and all other pairs for each other. A model that is the same as
        an earlier one is left out, and so is one with diverged or failed fits.
    """
    judged = judgement.of_headlines(candidates)
    scored = {m: each for m, each in judged.items() if each.scored and m not in judged.same}
    first = sorted(scored, key=lambda model: model != BASELINE)
    names = [(model, other) for other, model in itertools.combinations(first, 2)]
    rows = []
    for with_baseline in (True, False):
        family = [pair for pair in names if (BASELINE in pair) == with_baseline]
        tested = compare_all(
            [(scored[model], scored[other]) for model, other in family],
            rope,
            counted=are_counted([{*pair} - {BASELINE} for pair in family], learned),
        )
        rows += [
            {"model": model, "other": other, **row}
            for (model, other), row in zip(family, tested, strict=True)
        ]
    return PAIRS.frame(rows)
