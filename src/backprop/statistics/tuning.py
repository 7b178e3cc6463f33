"""The best of the configurations of each model, on the rows that chose it."""

import pandas as pd

from backprop.inference.intervals import DECIMALS
from backprop.statistics.grouping import Judgement, Row
from backprop.statistics.tables import TUNING, Tuning
from backprop.study.metrics import METRICS


def find_best(judgement: Judgement) -> pd.DataFrame:
    """Return a row per model that is tuned: its best configuration, and what it scores.

    That is too good, as the same rows chose it: `backprop.statistics.nested.estimate_nested` says
    what the choice is worth.

    Parameters
    ----------
    judgement : Judgement
        With all configurations of these models, and the headline of the baseline.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Tuning`. Of several configurations that
        are equally good, the earliest is the best: the reference, then in the order of the config.
        A model whose configurations all have diverged or failed fits has no scores.
    """
    rows: list[Row] = []
    sign = METRICS[judgement.metric].sign
    for model in judgement.tuned_models:
        names = [e.name for e in judgement.candidates[model] if (model, e.name) in judgement.groups]
        every = {name: judgement.of(model, name) for name in names}
        scores = {n: round(sign * each.value, DECIMALS) for n, each in every.items() if each.scored}
        row: Row = {"model": model, "candidates": len(names), "left_out": len(names) - len(scores)}
        if scores:
            best = max(scores, key=scores.__getitem__)
            row |= {"best": best, "tied": [*scores.values()].count(scores[best])}
            row |= {"plain": sign * scores[best], "logistic": judgement.baseline.value}
        rows.append(row)
    return TUNING.frame(rows, judgement.metric)


def kept(row: Tuning) -> int:
    """Return how many configurations of a row of `find_best` can be chosen."""
    return row.candidates - row.left_out
