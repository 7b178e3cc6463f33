"""The score of a model that always says the commonest class."""

import numpy as np
import pandas as pd

from backprop.report.statistics.grouping import Candidates, Judgement, size
from backprop.study.metrics import METRICS


def score_guessing(judgement: Judgement, candidates: Candidates) -> pd.DataFrame:
    """Score a model that always says the commonest class of the training rows: a row per split.

    Its probabilities are the shares of the classes in the training rows.

    Parameters
    ----------
    judgement, candidates
        As in `backprop.report.statistics.comparison.compare_models`. The splits are those of the
        baseline.

    Returns
    -------
    DataFrame
        repeat, fold and the metrics.
    """
    y, rows = judgement.y, []
    _, classes = size(y)
    for _, fit in judgement.of_baseline(candidates).fits.iterrows():
        test = np.asarray(fit["rows"]) - 1
        counts = np.bincount(np.delete(y, test), minlength=classes)
        p = np.tile((counts / counts.sum())[:, np.newaxis], (len(test), 1, 1))
        scores = {name: float(metric.score(y[test], p)[0]) for name, metric in METRICS.items()}
        rows.append({"repeat": fit["repeat"], "fold": fit["fold"], **scores})
    return pd.DataFrame(rows)
