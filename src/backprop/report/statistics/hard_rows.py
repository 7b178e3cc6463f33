"""How often each row of the data is predicted wrongly."""

import numpy as np
import pandas as pd

from backprop.report.statistics.grouping import Candidates, Judgement
from backprop.typing import Integers


def count_wrong(
    scores: pd.DataFrame, fits: pd.DataFrame, candidates: Candidates, y: Integers
) -> pd.DataFrame:
    """Count the wrong predictions of each row by the headlines of all models: a row per row.

    Parameters
    ----------
    scores, fits, candidates, y
        As in `compare_models`.

    Returns
    -------
    DataFrame
        row (from 1), wrong, and predictions: one for each repeat and each model without diverged
        or failed fits. A row with ``wrong == predictions`` is wrong for all of them, every time.
    """
    judged = Judgement(scores, fits, y).of_headlines(candidates)
    right = [each.right() for each in judged.values() if each.scored]
    stacked = np.concatenate(right) if right else np.zeros((0, len(y)), dtype=bool)
    return pd.DataFrame({"row": np.arange(1, len(y) + 1), "wrong": (~stacked).sum(axis=0)}).assign(
        predictions=len(stacked)
    )
