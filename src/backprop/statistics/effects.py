"""What each value of a hyperparameter changes."""

import pandas as pd

from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import Judgement, Row
from backprop.statistics.tables import EFFECTS
from backprop.study.configurations import nodes


def compare_values(judgement: Judgement) -> pd.DataFrame:
    """Return a row per model, hyperparameter and value: its difference from the reference.

    Parameters
    ----------
    judgement : Judgement
        With all configurations of the models that are tuned, see
        `backprop.models.candidate_lists.is_tuned`.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Effect`. P-values are adjusted over all
        rows of a model. If fits of the value or of the reference diverged or failed, nothing is
        compared, and a value with such fits has no score.
    """
    rows: list[Row] = []
    for model in judgement.tuned_models:
        reference, *others = judgement.candidates[model]
        own = judgement.of(model, reference.name)
        single = {each: keys[0] for each in others if len(keys := each.differing(reference)) == 1}
        judged = {each.name: judgement.of(model, each.name) for each in single}
        pairs = {name: (each, own) for name, each in judged.items() if each.scored and own.scored}
        results = compare_all(pairs)
        for each, key in single.items():
            value, name = each.values()[key], each.name
            rows.append({
                "model": model,
                "hyperparameter": key,
                "value": nodes(value) if isinstance(value, tuple) else value,
                judgement.metric: judged[name].value,
                "unlearned": judgement.count_fits(model, name)["unlearned"],
                "configuration": name,
                **results.get(name, {}),
            })  # fmt: skip
    return EFFECTS.frame(rows, judgement.metric)
