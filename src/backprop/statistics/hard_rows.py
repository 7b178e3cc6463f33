"""How often each row of the data is predicted wrongly."""

import numpy as np
import pandas as pd

from backprop.statistics.grouping import Candidates, Judgement
from backprop.study.metrics import predicted_classes
from backprop.typing import Array


def count_wrong(judgement: Judgement, candidates: Candidates) -> pd.DataFrame:
    """Count the wrong predictions of each row by the headlines of all models: a row per row.

    Parameters
    ----------
    judgement, candidates
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        row (from 1), wrong, and predictions: one for each repeat and each model without diverged
        or failed fits, but not of those that always predict one class; one_class, the names of
        these, with blanks between. A row with ``wrong == predictions`` is wrong for all others,
        every time.
    """
    judged, rows = judgement.of_headlines(candidates), len(judgement.y)
    scored = {model: each for model, each in judged.items() if each.scored}
    one_class = [model for model, each in scored.items() if says_one_class(each.probabilities)]
    right = [each.right for model, each in scored.items() if model not in one_class]
    stacked = np.concatenate([np.zeros((0, rows), dtype=bool), *right])
    return pd.DataFrame(
        {
            "row": np.arange(1, rows + 1),
            "wrong": (~stacked).sum(axis=0),
            "predictions": len(stacked),
            "one_class": " ".join(one_class) or None,
        }
    )


def says_one_class(probabilities: Array) -> bool:
    """Return whether all predictions, shape (repeats, n, C), are of one class."""
    return bool(np.ptp(predicted_classes(probabilities)) == 0)
