"""What each feature is worth to a model: what it loses when it is trained without it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from backprop.models.without_features import leaving_out
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import COLUMNS, Judgement, Row, mean_score
from backprop.statistics.results import Results
from backprop.statistics.tables import IMPORTANCE, Interval, Worth
from backprop.study.fits import read_fits
from backprop.study.metrics import METRICS
from backprop.study.scores import COLUMNS as SCORED
from backprop.study.scores import score_fits


def judge_without(results: Results, whole: pd.DataFrame, files: Sequence[Path]) -> Judgement:
    """Judge the references of models by their fits, and by fits without features, in files."""
    columns = [*dict.fromkeys([*SCORED, *COLUMNS])]
    every = [whole.drop(columns="parameters"), read_fits(files, columns=columns)]
    fits = pd.concat(every, ignore_index=True)
    return Judgement.of_results(results, score_fits(fits, results.dataset.y), fits)


def compare_without(
    judgement: Judgement,
    groups: Mapping[str, Sequence[str]],
    count: int,
    most: int,
    permuted: Mapping[tuple[str, str], Interval] = MappingProxyType({}),
) -> pd.DataFrame:
    """Compare each model with itself without each group of features, on the same splits.

    Parameters
    ----------
    judgement : Judgement
        Of the models with all features, and without each group.
    groups : mapping of str to sequence of str
        The features of each group, by its name; none if they are left out nowhere.
    count, most : int
        The number of groups, and how many take as long as the study.
    permuted : mapping of (str, str) to Interval, optional
        See `backprop.statistics.permuted_features.worth_to_fits`.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Worth`. P-values are adjusted for the
        groups of one model. A model that is the same as an earlier one is left out.
    """
    metric = judgement.metric
    rows: list[Row] = []
    if not groups:
        keys = [key for key in permuted if key[0] not in judgement.headlines.same]
        shared = {"groups": count, "groups_of_study": most}
        rows = [{"model": m, "features": n, "permuted": permuted[m, n], **shared} for m, n in keys]
        rows = rows or [{"model": judgement.models[0], **shared}]
        return IMPORTANCE.frame(rows, metric)
    for model, judged in judgement.headlines.items():
        if model in judgement.headlines.same:
            continue
        configurations = leaving_out(judgement.candidates[model][0], groups)
        every = {name: judgement.of(model, own.name) for name, own in configurations.items()}
        pairs = {name: (judged, own) for name, own in every.items() if judged.scored and own.scored}
        tested = compare_all(pairs)
        rows += [
            {
                "model": model,
                "features": name,
                "score": mean_score(own, metric),
                "unscored": int(np.isnan(own.values).sum() + np.isnan(judged.values).sum()),
                "permuted": permuted.get((model, name)),
                **tested.get(name, {}),
            }
            for name, own in every.items()
        ]
    return IMPORTANCE.frame(rows, metric)


def worthiest(rows: Sequence[Worth], metric: str) -> list[str]:
    """Return the groups of features, the one with the largest mean worth to the models first.

    If features are left out nowhere, it is the worth to the fits.
    """
    worth: dict[str, list[float]] = {}
    for row in rows:
        own = worth.setdefault(str(row.features), [])
        measured = row.difference or row.permuted
        own += [METRICS[metric].sign * measured.value] if measured else []
    return sorted(worth, key=lambda name: -float(np.mean(worth[name] or [-np.inf])))
