"""The score of a model that always says the commonest class."""

import numpy as np
import pandas as pd

from backprop.models.registry import BASELINE, headline
from backprop.report.statistics.grouping import Candidates, group_fits
from backprop.study.metrics import METRICS
from backprop.typing import Integers


def score_guessing(fits: pd.DataFrame, candidates: Candidates, y: Integers) -> pd.DataFrame:
    """Score a model that always says the commonest class of the training rows: a row per split.

    Its probabilities are the shares of the classes in the training rows.

    Parameters
    ----------
    fits, candidates, y
        As in `compare_models`. The splits are those of the baseline.

    Returns
    -------
    DataFrame
        repeat, fold and the metrics.
    """
    places = group_fits(fits)[BASELINE, headline(BASELINE, candidates)]
    rows = []
    for _, fit in fits.iloc[places].iterrows():
        test = np.asarray(fit["rows"]) - 1
        counts = np.bincount(np.delete(y, test), minlength=int(y.max()) + 1)
        p = np.tile((counts / counts.sum())[:, np.newaxis], (len(test), 1, 1))
        scores = {name: float(metric.score(y[test], p)[0]) for name, metric in METRICS.items()}
        rows.append({"repeat": fit["repeat"], "fold": fit["fold"], **scores})
    return pd.DataFrame(rows)
