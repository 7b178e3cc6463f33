"""The statistics of all configurations."""

import numpy as np
import pandas as pd

from backprop.inference.decisions import outcome
from backprop.inference.tests import Posterior, holm
from backprop.models.candidate_lists import Candidates, is_tuned
from backprop.models.registry import BASELINE, headline, is_network
from backprop.statistics.comparison import belief_in, compare_judged
from backprop.statistics.grouping import (
    Judgement,
    Row,
    difference_columns,
    mean_score,
)
from backprop.statistics.tables import CONFIGURATIONS
from backprop.study.metrics import METRICS
from backprop.study.scores import hyperparameter_columns


def summarise_configurations(
    judgement: Judgement, candidates: Candidates, *, rope: float
) -> pd.DataFrame:
    """Return a row per model and configuration: means of all metrics with intervals.

    Parameters
    ----------
    judgement, candidates, rope
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Summarised`. P-values are adjusted by
        Holm's method over all rows, with each network counted once, and without what is the same as
        the baseline. ``varied`` is missing for a model with a single configuration that is not a
        network.
    """
    scores = judgement.scores
    varied = _all_varied(candidates)
    of_baseline = BASELINE, headline(BASELINE, candidates)
    baseline = judgement.of(*of_baseline)
    rows: list[Row] = []
    beliefs: dict[int, Posterior] = {}  # by the place of a row that is compared
    for model, name in judgement.groups:
        judged = judgement.of(model, name)
        row: Row = {"model": model, "varied": varied[model][name], "configuration": name}
        row |= judgement.count_fits(model, name)
        row |= {metric: mean_score(judged, metric) for metric in METRICS}
        if (model, name) != of_baseline and judged.scored and baseline.scored:
            difference = compare_judged(judged, baseline)
            row |= difference_columns(difference)
            beliefs[len(rows)] = belief_in(difference, rope, judgement.metric)
        rows.append(row)
    firsts = [positions[0] for positions in judgement.groups.values()]
    names = hyperparameter_columns(scores)
    table = CONFIGURATIONS.frame(rows, judgement.metric, names)
    table[names] = scores[names].iloc[firsts].reset_index(drop=True)
    table["p_adjusted"] = adjusted = _adjusted(table)
    outcomes = {place: outcome(adjusted[place], belief) for place, belief in beliefs.items()}
    table["outcome"] = pd.Series(outcomes, index=table.index, dtype=object)
    return table


def _adjusted(table: pd.DataFrame) -> pd.Series:
    """Return the p-values adjusted for all rows.

    Two implementations of a network count once, and the same model as the baseline not at all.
    """
    known, same = table["p_value"].notna(), table["basis"] == "identical"
    networks = table[known & table["model"].map(is_network).astype(bool)]
    counted = (
        known & ~same & ~table.index.isin(networks.index[networks.duplicated("configuration")])
    )
    adjusted = pd.Series(np.nan, index=table.index)
    adjusted[counted] = holm(table.loc[counted, "p_value"].to_numpy(dtype=float))
    adjusted[same] = 1.0
    shared = adjusted[networks.index].groupby(networks["configuration"]).transform("first")
    return shared.combine_first(adjusted)


def _all_varied(candidates: Candidates) -> dict[str, dict[str, str | None]]:
    """Return in which hyperparameters each configuration differs, by model and name."""
    return {
        model: {each.name: " ".join(each.differing(every[0])) or "reference" for each in every}
        if is_tuned(model, candidates)
        else {every[0].name: None}
        for model, every in candidates.items()
    }
