"""Which configuration of a model is the best."""

import pandas as pd

from backprop.study.configurations import name_in_cell
from backprop.study.metrics import METRICS


def best_of(table: pd.DataFrame, metric: str) -> str | None:
    """Return the best configuration of the rows of a model, by a mean; of several the first."""
    order = (
        table[metric]
        .dropna()
        .sort_values(ascending=not METRICS[metric].higher_is_better, kind="stable")
    )
    return name_in_cell(table.loc[order.index[0], "configuration"])
