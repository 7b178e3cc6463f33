"""What each value of a hyperparameter changes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from backprop.inference.decisions import OPEN, Outcome, is_shown
from backprop.inference.tests import discordant, holm, mcnemar
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import Candidates, Judgement, Row, columns
from backprop.statistics.marks import is_unlearned
from backprop.typing import Booleans


def compare_values(judgement: Judgement, candidates: Candidates, *, rope: float) -> pd.DataFrame:
    """Return a row per model, hyperparameter and value: its difference from the reference.

    Parameters
    ----------
    judgement : Judgement
        With all configurations of the models that are tuned, see
        `backprop.statistics.grouping.is_tuned`.
    candidates, rope
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        model, hyperparameter (the only one in which the configuration differs from the reference),
        the metric of the study, its difference from the reference, the interval, p_value,
        p_adjusted (over all rows of a model), basis, outcome, unlearned (the number of such fits),
        unlearned_reference (that of the reference), unlearned_p (McNemar's test of whether these
        differ, adjusted like p_adjusted), configuration, fits, the confidence of the interval. If
        fits of the value or of the reference diverged or failed, nothing is compared, and a value
        with such fits has no score.
    """
    unlearned = is_unlearned(judgement.scores["status"])
    rows: list[Row] = []
    for model in judgement.tuned_models(candidates):
        reference, *others = candidates[model]
        varied = {candidate.name: candidate.differing(reference) for candidate in others}
        single = {name: keys[0] for name, keys in varied.items() if len(keys) == 1}
        own = judgement.of(model, reference.name)
        values = {name: judgement.of(model, name) for name in single}
        compared = [name for name in single if values[name].scored and own.scored]
        tested = compare_all([(values[name], own) for name in compared], rope)
        results = dict(zip(compared, tested, strict=True))
        counted = _compare_unlearned(
            {name: unlearned[judgement.groups[model, name]] for name in single},
            unlearned[judgement.groups[model, reference.name]],
            compared,
        )
        rows += [
            {
                "model": model,
                "hyperparameter": key,
                judgement.metric: values[name].value,
                **counted[name],
                "configuration": name,
                "fits": values[name].values.size,
                **results.get(name, {}),
            }
            for name, key in single.items()
        ]
    order = [
        "model", "hyperparameter", judgement.metric, *columns("difference"), "p_value",
        "p_adjusted", "basis", "outcome", "unlearned", "unlearned_reference", "unlearned_p",
        "configuration", "fits", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


Result = Outcome | Literal["unlearned", "diverged", "no reference"]


def result_of(row: Mapping[str, Any], metric: str) -> Result:
    """Return what a row of `compare_values` shows.

    It is the outcome, or *unlearned* if the numbers of unlearned fits differ, whatever the score.
    Nothing is compared if fits *diverged* or failed; *no reference*, if those of the reference did.
    """
    if pd.isna(row["outcome"]):
        return "diverged" if pd.isna(row[metric]) else "no reference"
    result: Outcome = row["outcome"]
    return "unlearned" if result in OPEN and is_shown(row["unlearned_p"]) else result


def has_unlearned(row: Mapping[str, Any]) -> bool:
    """Return whether fits of a value are unlearned, or are not and those of the reference are.

    Fits that diverged have not learned, either: then the reference says nothing.
    """
    compared = not pd.isna(row["unlearned_p"])
    return bool(row["unlearned"] or (row["unlearned_reference"] and compared))


def largest_difference(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the row whose difference from the reference is the largest, in either direction."""
    return max(rows, key=lambda row: abs(row["difference"]))


def _compare_unlearned(
    values: Mapping[str | None, Booleans], own: Booleans, compared: Sequence[str | None]
) -> dict[str | None, Row]:
    """Count the unlearned fits of each value and of the reference; test those to be compared."""
    p_values = holm([mcnemar(*discordant(own, values[name])) for name in compared])
    adjusted = dict(zip(compared, p_values, strict=True))
    return {
        name: {
            "unlearned": int(each.sum()),
            "unlearned_reference": int(own.sum()),
            "unlearned_p": adjusted.get(name, np.nan),
        }
        for name, each in values.items()
    }
