"""What each value of a hyperparameter changes."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from backprop.inference.decisions import OPEN, is_shown
from backprop.inference.tests import discordant, holm, mcnemar
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import Judgement, Row
from backprop.statistics.marks import is_unlearned
from backprop.statistics.tables import EFFECTS, Effect, Interval


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
        rows of a model; ``unlearned_p`` is McNemar's test of whether the numbers of unlearned fits
        differ. If fits of the value or of the reference diverged or failed, nothing is compared,
        and a value with such fits has no score.
    """
    unlearned = is_unlearned(judgement.scores["status"])
    rows: list[Row] = []
    for model in judgement.tuned_models:
        reference, *others = judgement.candidates[model]
        varied = {candidate.name: candidate.differing(reference) for candidate in others}
        single = {name: keys[0] for name, keys in varied.items() if len(keys) == 1}
        own = judgement.of(model, reference.name)
        values = {name: judgement.of(model, name) for name in single}
        pairs = {name: (each, own) for name, each in values.items() if each.scored and own.scored}
        results = compare_all(pairs)
        of_values = {name: unlearned[judgement.groups[model, name]] for name in single}
        of_reference = unlearned[judgement.groups[model, reference.name]]
        p_values = holm([mcnemar(*discordant(of_reference, of_values[name])) for name in pairs])
        adjusted = dict(zip(pairs, p_values, strict=True))
        rows += [
            {
                "model": model,
                "hyperparameter": key,
                judgement.metric: values[name].value,
                "unlearned": int(of_values[name].sum()),
                "unlearned_reference": int(of_reference.sum()),
                "unlearned_p": adjusted.get(name, np.nan),
                "configuration": name,
                "fits": values[name].values.size,
                **results.get(name, {}),
            }
            for name, key in single.items()
        ]
    return EFFECTS.frame(rows, judgement.metric)


def result_of(row: Effect) -> str:
    """Return what a row of `compare_values` shows.

    It is the outcome, or *unlearned* if the numbers of unlearned fits differ, whatever the score.
    Nothing is compared if fits *diverged* or failed; *no reference*, if fits of the reference did.
    """
    if row.outcome is None:
        return "diverged" if row.score is None else "no reference"
    unlearned = row.unlearned_p is not None and is_shown(row.unlearned_p)
    return "unlearned" if row.outcome in OPEN and unlearned else row.outcome


def has_unlearned(row: Effect) -> bool:
    """Return whether fits of a value are unlearned, or are not and fits of the reference are.

    Fits that diverged have not learned, either: then the reference says nothing.
    """
    compared = row.unlearned_p is not None
    return bool(row.unlearned or (row.unlearned_reference and compared))


def largest_difference(rows: Iterable[Effect]) -> tuple[Effect, Interval]:
    """Return the row whose difference from the reference is the largest, and this difference."""
    compared = [(row, row.difference) for row in rows if row.difference]
    return max(compared, key=lambda each: abs(each[1].value))
