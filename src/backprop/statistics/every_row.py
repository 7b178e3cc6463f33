"""Every row of the data, and what each model predicts for it out of fold."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backprop.data.canonical_form import cells_of
from backprop.statistics.hard_rows import shares_wrong
from backprop.statistics.results import Results

ROW, ID, WRONG, CLASS = "row", "id", "wrong", "class"
PROBABILITY = "probability_"  # of its own class, by the model that follows
WRONG_BY = "wrong_"
VALUE = "value_"  # of the feature that follows


def rows_with_predictions(results: Results, ids: Sequence[str] = ()) -> pd.DataFrame:
    """Return a row for each row of the data, those that all models get wrong first.

    Models with the same predictions are there once, as in `Results.headlines`.

    Parameters
    ----------
    results : Results
        With the files ``data``, ``headline_fits``, ``candidates``, ``comparison``, ``hard_rows``.
    ids : sequence of str
        What the rows are called; empty if they have no names.

    Returns
    -------
    DataFrame
        row (from 1); id, if there are any; wrong, the share of the predictions counted in
        `count_wrong` that are wrong, NaN for a row that is never tested; class; of each model, the
        mean over the repeats of the probability of the row's own class, and the share of the
        repeats in which it is wrong; and
        the values of the features, categories as texts.
    """
    dataset, counts = results.dataset, results.tables["hard_rows"].set_index("row")
    n = len(dataset.y)
    share = counts["wrong"] / counts["predictions"].where(counts["predictions"] > 0)
    columns: dict[str, object] = {
        ROW: np.arange(1, n + 1),
        **({ID: np.array(ids, dtype=object)} if ids else {}),
        WRONG: share.reindex(range(1, n + 1)).to_numpy(),
        CLASS: np.array(dataset.classes, dtype=object)[dataset.y],
    }
    for model, fits in results.with_probabilities.items():
        own = results.predictions(fits)[:, np.arange(n), dataset.y]
        columns[PROBABILITY + model] = pd.DataFrame(own).mean().to_numpy()
    for model, fits in results.headlines.items():
        votes = results.predictions(fits, votes=True)
        columns[WRONG_BY + model] = shares_wrong(votes, dataset.y)
    for place, name in enumerate(dataset.features):
        is_text = name in dataset.categories
        values = [*cells_of(dataset, place)] if is_text else dataset.x[:, place]
        columns[VALUE + name] = values
    return pd.DataFrame(columns).sort_values(WRONG, ascending=False, kind="stable")
