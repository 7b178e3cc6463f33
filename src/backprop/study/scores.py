"""The scores of fits: each metric of each fit, from its out-of-fold predictions."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backprop.study.configurations import named_columns, nodes
from backprop.study.fits import (
    LARGE,
    SCHEMA,
    class_probabilities,
    class_votes,
    predicted_of,
    read_fits,
)
from backprop.study.metrics import METRICS, OF_CLASSES, predicted_classes
from backprop.study.trained import ONLY_CLASSES
from backprop.typing import Integers

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = [name for name in SCHEMA.names if name not in LARGE]
"""The columns of a file of fits that `score_fits` and `fit_times` need."""


def score_files(paths: Sequence[Path], y: Integers) -> tuple["DataFrame", "DataFrame"]:
    """Score files of fits, one at a time: only one file's predictions are in memory.

    Parameters
    ----------
    paths : sequence of Path
    y : array, shape (n,)
        The class of each row of the data.

    Returns
    -------
    scores, times : DataFrame
        As `score_fits` and `fit_times` return them, a row per fit, in the order of the files.
    """
    import pandas as pd

    tables = []
    for path in paths:
        fits = read_fits([path], columns=COLUMNS)
        tables.append((score_fits(fits, y), fit_times(fits)))
    scored, times = zip(*tables, strict=True)
    all_scores = with_columns(pd.concat(scored, ignore_index=True))
    return all_scores, pd.concat(times, ignore_index=True)


def score_fits(fits: "DataFrame", y: Integers) -> "DataFrame":
    """Score each fit by each metric.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`.
    y : array, shape (n,)
        The class of each row of the data.

    Returns
    -------
    DataFrame
        A row per fit: model, hyperparameters (in JSON), repeat, fold, status, epochs, the metrics,
        configuration; reason, of a status, if any fit has one. The metrics of a fit that diverged
        are NaN: it has no predictions; so are those that need probabilities, if a fit has only
        classes.
    """
    values = np.full((len(fits), len(METRICS)), np.nan)
    probabilities, predicted = fits["probabilities"].tolist(), predicted_of(fits)
    keys = [np.asarray(test_rows).tobytes() for test_rows in fits["rows"]]
    for places in fits.groupby(keys, sort=False).indices.values():  # of equal test rows
        test_rows = np.asarray(fits["rows"].iloc[places[0]])
        stored = [class_probabilities(probabilities[place], len(test_rows)) for place in places]
        p = np.stack(stored, axis=-1)
        votes = np.equal.outer(predicted_classes(p, 1), np.arange(p.shape[1])).swapaxes(1, 2) * 1.0
        for k, place in enumerate(places):
            if (own_classes := predicted[place]) is not None:
                votes[..., k] = class_votes(p[..., k], own_classes)
        finite = np.flatnonzero(np.isfinite(p).all(axis=(0, 1)))
        if finite.size:
            own = [
                each.score(y[test_rows - 1], (votes if each.of_classes else p)[..., finite])
                for each in METRICS.values()
            ]
            values[np.take(places, finite)] = np.stack(own, axis=1)
    without_probabilities = (fits["status"] == ONLY_CLASSES).to_numpy()
    for column, metric in enumerate(METRICS):
        if metric not in OF_CLASSES:
            values[without_probabilities, column] = np.nan
    table = fits[["model", "hyperparameters", "repeat", "fold", "status", "epochs"]].copy()
    table[list(METRICS)] = values
    table["configuration"] = fits["configuration"]
    if "reason" in fits and fits["reason"].notna().any():
        table["reason"] = fits["reason"]
    return table


def with_columns(scored: "DataFrame") -> "DataFrame":
    """Replace the hyperparameters in JSON by a column for each, see `hyperparameter_columns`.

    Hyperparameters that have their default everywhere get no column.
    """
    texts = scored["hyperparameters"]
    values = {text: json.loads(text) for text in texts.unique()}
    place = list(scored.columns).index("hyperparameters")
    table = scored.drop(columns="hyperparameters")
    for key in reversed(named_columns(values.values())):
        cells = {text: _cell(each.get(key)) for text, each in values.items()}
        table.insert(place, key, texts.map(cells))
    return table


def hyperparameter_columns(table: "DataFrame") -> list[str]:
    """Return the columns of a table of scores that are hyperparameters."""
    names = list(table.columns)
    return names[names.index("model") + 1 : names.index("repeat")]


def _cell(value: object) -> object:
    """Return the value of a hyperparameter as a cell of a table."""
    return nodes(value) if isinstance(value, list) else value


def fit_times(fits: "DataFrame") -> "DataFrame":
    """Return the seconds that each fit took, apart from its scores: they differ from run to run."""
    return fits[["model", "configuration", "repeat", "fold", "seconds"]]
