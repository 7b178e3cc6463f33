"""The statistics of all configurations."""

import numpy as np
import pandas as pd

from backprop.inference.tests import holm
from backprop.models.registry import BASELINE, headline, is_network
from backprop.report.statistics.comparison import compare_judged
from backprop.report.statistics.grouping import (
    PRIMARY,
    Candidates,
    Judgement,
    Row,
    accuracy_columns,
    columns,
    count_states,
    difference_columns,
    metric_columns,
    size,
    states_of,
)
from backprop.study.metrics import METRICS
from backprop.study.scores import hyperparameter_columns
from backprop.typing import Integers


def summarise_configurations(
    scores: pd.DataFrame, fits: pd.DataFrame, candidates: Candidates, y: Integers, *, folds: int
) -> pd.DataFrame:
    """Return a row per model and configuration: means of all metrics with corrected intervals.

    Parameters
    ----------
    scores : DataFrame
        A row per fit with its metrics, from `backprop.study.scores.score_fits`.
    fits : DataFrame
        The same fits with their probabilities, from `backprop.study.fits.read_fits`.
    y : array, shape (n,)
        The classes, from 0.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    folds : int
        Folds of each repeat, at least 2.

    Returns
    -------
    DataFrame
        model, varied (the hyperparameters that differ from the reference), the hyperparameters;
        accuracy and its interval; its difference from the baseline, with its interval, p_value,
        p_adjusted (Holm, over all rows, with each network counted once) and basis; the other
        metrics and their intervals; fits, the number of those in each of `STATES`; configuration.
        ``varied`` is missing for a model with a single configuration that is not a network.
    """
    judgement = Judgement(scores, fits, y)
    metrics = {metric: scores[metric].to_numpy() for metric in METRICS if metric != PRIMARY}
    status = scores["status"].to_numpy()
    varied = _all_varied(candidates)
    of_baseline = BASELINE, headline(BASELINE, candidates)
    baseline = judgement.of(*of_baseline)
    rows = []
    for (model, name), positions in judgement.groups.items():
        judged = judgement.of(model, name)
        row: Row = {"model": model, "varied": varied[model][name], "configuration": name}
        row |= {"fits": positions.size, **count_states(status[positions])}
        row |= accuracy_columns(judged, folds)
        for metric, values in metrics.items():
            row |= metric_columns(metric, values[positions], folds, size(y)[1])
        if (model, name) != of_baseline and judged.scored and baseline.scored:
            row |= difference_columns(compare_judged(judged, baseline, folds))
        rows.append(row)
    firsts = [positions[0] for positions in judgement.groups.values()]
    names = hyperparameter_columns(scores)
    hyperparameters = scores[names].iloc[firsts].reset_index(drop=True)
    others = [column for metric in metrics for column in columns(metric)]
    order = [
        "model", "varied", *names, *columns(PRIMARY), *columns("difference"), "p_value",
        "p_adjusted", "basis", *others, "fits", *states_of(status), "configuration",
    ]  # fmt: skip
    table = pd.concat([pd.DataFrame(rows), hyperparameters], axis=1).reindex(columns=order)
    table["p_adjusted"] = _adjusted(table)
    return table


def _adjusted(table: pd.DataFrame) -> pd.Series:
    """Return the p-values adjusted for all rows; two implementations of a network count once."""
    known = table["p_value"].notna()
    networks = table[known & table["model"].map(is_network).astype(bool)]
    counted = known & ~table.index.isin(networks.index[networks.duplicated("configuration")])
    adjusted = pd.Series(np.nan, index=table.index)
    adjusted[counted] = holm(table.loc[counted, "p_value"].to_numpy(dtype=float))
    shared = adjusted[networks.index].groupby(networks["configuration"]).transform("first")
    return shared.combine_first(adjusted)


def _all_varied(candidates: Candidates) -> dict[str, dict[str | None, str | None]]:
    """Return in which hyperparameters each configuration differs, by model and name."""
    return {
        model: {each.name: " ".join(each.differing(every[0])) or "reference" for each in every}
        if len(every) > 1 or is_network(model)
        else {every[0].name: None}
        for model, every in candidates.items()
    }
