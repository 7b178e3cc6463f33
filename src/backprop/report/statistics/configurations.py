"""The statistics of all configurations."""

import numpy as np
import pandas as pd

from backprop.inference.tests import (
    corrected_t_test,
    holm,
)
from backprop.models.registry import BASELINE, headline, is_network
from backprop.report.statistics.grouping import (
    PRIMARY,
    Candidates,
    Row,
    columns,
    count_states,
    difference_columns,
    group_fits,
    interval_columns,
    states_of,
)
from backprop.study.metrics import METRICS
from backprop.study.scores import hyperparameter_columns


def summarise_configurations(
    scores: pd.DataFrame, candidates: Candidates, folds: int
) -> pd.DataFrame:
    """Return a row per model and configuration: means of all metrics with corrected intervals.

    Parameters
    ----------
    scores : DataFrame
        A row per fit with its metrics, from `backprop.study.scores.score_fits`.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    folds : int
        Folds of each repeat, at least 2.

    Returns
    -------
    DataFrame
        model, varied (the hyperparameters that differ from the reference), the hyperparameters;
        accuracy and its interval; its difference from the baseline, with its interval, p_value and
        p_adjusted (Holm, over all rows); the other metrics and their intervals; fits, the number of
        those in each of `STATES`; configuration. ``varied`` is missing for a model with a single
        configuration that is not a network.
    """
    groups = group_fits(scores)
    metrics = {metric: scores[metric].to_numpy() for metric in METRICS}
    status = scores["status"].to_numpy()
    varied = _all_varied(candidates)
    of_baseline = BASELINE, headline(BASELINE, candidates)
    baseline = metrics[PRIMARY][groups[of_baseline]]
    rows = []
    for (model, name), positions in groups.items():
        row: Row = {"model": model, "varied": varied[model][name], "configuration": name}
        row |= {"fits": positions.size, **count_states(status[positions])}
        for metric, values in metrics.items():
            row |= interval_columns(metric, values[positions], folds)
        if (model, name) != of_baseline and np.isfinite(row[PRIMARY]):
            differences = metrics[PRIMARY][positions] - baseline
            row |= difference_columns(corrected_t_test(differences, folds))
        rows.append(row)
    firsts = [positions[0] for positions in groups.values()]
    names = hyperparameter_columns(scores)
    hyperparameters = scores[names].iloc[firsts].reset_index(drop=True)
    others = [column for metric in METRICS if metric != PRIMARY for column in columns(metric)]
    order = [
        "model", "varied", *names, *columns(PRIMARY), *columns("difference"), "p_value",
        "p_adjusted", *others, "fits", *states_of(status), "configuration",
    ]  # fmt: skip
    table = pd.concat([pd.DataFrame(rows), hyperparameters], axis=1).reindex(columns=order)
    known = table["p_value"].notna()
    table.loc[known, "p_adjusted"] = holm(table.loc[known, "p_value"].to_numpy())
    return table


def _all_varied(candidates: Candidates) -> dict[str, dict[str | None, str | None]]:
    """Return in which hyperparameters each configuration differs, by model and name."""
    return {
        model: {each.name: " ".join(each.differing(every[0])) or "reference" for each in every}
        if len(every) > 1 or is_network(model)
        else {every[0].name: None}
        for model, every in candidates.items()
    }
