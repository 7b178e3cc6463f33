"""What each feature is worth to a model: what it loses when it is trained without it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.models.without_features import leaving_out
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import COLUMNS, Judgement, Row, mean_score
from backprop.statistics.results import Results
from backprop.statistics.tables import IMPORTANCE, Worth
from backprop.study.fits import read_fits
from backprop.study.metrics import METRICS
from backprop.study.scores import COLUMNS as SCORED
from backprop.study.scores import score_fits


def judge_without(results: Results, files: Mapping[str, Path]) -> Judgement:
    """Judge the references of models, and their fits without features, which files have."""
    columns = [*dict.fromkeys([*SCORED, *COLUMNS])]
    whole = results.fits_of_headlines(files, columns)
    fits = pd.concat([whole, read_fits([*files.values()], columns=columns)], ignore_index=True)
    return Judgement.of_results(results, score_fits(fits, results.dataset.y), fits)


def compare_without(
    judgement: Judgement, groups: Mapping[str, Sequence[str]], count: int, most: int
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

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Worth`. P-values are adjusted for the
        groups of one model. A model that is the same as an earlier one is left out.
    """
    metric = judgement.metric
    if not groups:
        row = {"model": judgement.models[0], "groups": count, "groups_of_study": most}
        return IMPORTANCE.frame([row], metric)
    rows: list[Row] = []
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
                **tested.get(name, {}),
            }
            for name, own in every.items()
        ]
    return IMPORTANCE.frame(rows, metric)


def worthiest(rows: Sequence[Worth], metric: str) -> list[str]:
    """Return the groups of features, the one with the largest mean worth to the models first."""
    worth: dict[str, list[float]] = {}
    for row in rows:
        own = worth.setdefault(str(row.features), [])
        own += [METRICS[metric].sign * row.difference.value] if row.difference else []
    return sorted(worth, key=lambda name: -float(np.mean(worth[name] or [-np.inf])))
