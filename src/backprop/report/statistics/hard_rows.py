"""How often each row of the data is predicted wrongly."""

import numpy as np
import pandas as pd

from backprop.report.statistics.grouping import Candidates, Judgement


def count_wrong(judgement: Judgement, candidates: Candidates) -> pd.DataFrame:
    """Count the wrong predictions of each row by the headlines of all models: a row per row.

    Parameters
    ----------
    judgement, candidates
        As in `backprop.report.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        row (from 1), wrong, and predictions: one for each repeat and each model without diverged
        or failed fits. A row with ``wrong == predictions`` is wrong for all of them, every time.
    """
    judged, rows = judgement.of_headlines(candidates), len(judgement.y)
    right = [each.right for each in judged.values() if each.scored]
    stacked = np.concatenate([np.zeros((0, rows), dtype=bool), *right])
    return pd.DataFrame(
        {
            "row": np.arange(1, rows + 1),
            "wrong": (~stacked).sum(axis=0),
            "predictions": len(stacked),
        }
    )
