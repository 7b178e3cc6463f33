"""What each feature is worth to a model: what it loses when it is trained without it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.models.registry import Model
from backprop.models.without_features import leaving_out
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import COLUMNS, Judged, Judgement, Row, mean_score
from backprop.statistics.permuted_features import shuffled_fits, shuffling
from backprop.statistics.results import Results
from backprop.statistics.tables import IMPORTANCE, Worth
from backprop.study.configurations import Configuration
from backprop.study.fits import read_fits
from backprop.study.metrics import METRICS
from backprop.study.scores import COLUMNS as SCORED
from backprop.study.scores import score_fits


def judge_without(
    results: Results,
    files: Mapping[str, Path],
    registry: Mapping[str, Model],
    groups: Mapping[str, Sequence[str]],
) -> Judgement:
    """Judge the references of models, whole, with features shuffled, and without them.

    Parameters
    ----------
    results : Results
        As `backprop.statistics.permuted_features.shuffled_fits` takes it.
    files : mapping of str to Path
        By model, its fits without features.
    registry : mapping of str to Model
    groups : mapping of str to sequence of str
        The features that are shuffled.
    """
    columns = [*dict.fromkeys([*SCORED, *COLUMNS])]
    whole = results.fits_of_headlines(files, [*columns, "parameters"])
    shuffled = shuffled_fits(results, registry, whole, groups)
    without = read_fits([*files.values()], columns=columns)
    every = [each.drop(columns="parameters") for each in (whole, shuffled) if len(each)]
    fits = pd.concat([*every, without], ignore_index=True)
    return Judgement.of_results(results, score_fits(fits, results.dataset.y), fits)


def compare_without(
    judgement: Judgement,
    every: Mapping[str, Sequence[str]],
    groups: Mapping[str, Sequence[str]],
    most: int,
) -> pd.DataFrame:
    """Compare each model with itself without each group of features, on the same splits.

    Beside that is what its fits lose when the values are shuffled.

    Parameters
    ----------
    judgement : Judgement
        Of the models with all features, with each group shuffled, and without it.
    every : mapping of str to sequence of str
        The features of each group, by its name.
    groups : mapping of str to sequence of str
        Those that are left out: all, or none, as that takes too long.
    most : int
        The number of groups that take as long as the study.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Worth`. P-values are adjusted for the
        groups of one model. A model that is the same as an earlier one is left out.
    """
    metric = judgement.metric
    rows: list[Row] = []
    if not groups:
        model = judgement.models[0]
        rows.append({"model": model, "groups": len(every), "groups_of_study": most})
    for model, judged in judgement.headlines.items():
        if model in judgement.headlines.same:
            continue
        reference = judgement.candidates[model][0]
        shuffled = _pairs(judgement, judged, model, shuffling(reference, every))
        without = _pairs(judgement, judged, model, leaving_out(reference, groups))
        lost, tested = compare_all(_scored(shuffled)), compare_all(_scored(without))
        for name, features in every.items():
            row: Row = {
                "model": model,
                "features": name,
                "first_feature": features[0],
                "shuffled": lost.get(name, {}).get("difference"),
                **tested.get(name, {}),
            }
            if name in without:
                own = without[name][1]
                missing = np.isnan(own.values).sum() + np.isnan(judged.values).sum()
                row |= {"score": mean_score(own, metric), "unscored": int(missing)}
            rows += [row] if name in without or row["shuffled"] else []
    return IMPORTANCE.frame(rows, metric)


def _pairs(
    judgement: Judgement, judged: Judged, model: str, own: Mapping[str, Configuration]
) -> dict[str, tuple[Judged, Judged]]:
    """Return a model and itself in other configurations, of those that there are."""
    there = {
        name: each.name for name, each in own.items() if (model, each.name) in judgement.groups
    }
    return {name: (judged, judgement.of(model, each)) for name, each in there.items()}


def _scored(pairs: Mapping[str, tuple[Judged, Judged]]) -> dict[str, tuple[Judged, Judged]]:
    return {name: pair for name, pair in pairs.items() if all(each.scored for each in pair)}


def worthiest(rows: Sequence[Worth], metric: str) -> list[str]:
    """Return the groups of features, the one with the largest mean worth to the models first.

    If none is left out, it is by what fits lose when they are shuffled.
    """
    worth: dict[str, list[float]] = {}
    is_left_out = any(row.difference for row in rows)
    for row in rows:
        own = worth.setdefault(str(row.features), [])
        known = row.difference if is_left_out else row.shuffled
        own += [METRICS[metric].sign * known.value] if known else []
    return sorted(worth, key=lambda name: -float(np.mean(worth[name] or [-np.inf])))
