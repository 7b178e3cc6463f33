"""What tuned models are worth, by nested cross-validation.

In each training set, inner folds choose the configuration of a model. Its fit on the whole training
set is then judged on the test fold, which had no part in the choice.
"""

import itertools
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.report.statistics.comparison import compare_all
from backprop.report.statistics.grouping import (
    PRIMARY,
    Candidates,
    Judged,
    Judgement,
    Row,
    accuracy_columns,
    columns,
    group_fits,
)
from backprop.study.fits import class_probabilities
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Integers

INNER_COLUMNS = ("model", "configuration", "repeat", "fold", "inner", "rows", "probabilities")
"""The columns of the fits of inner splits that the functions below need."""


class Choices(NamedTuple):
    """What the inner folds choose in each training set.

    Attributes
    ----------
    places : int array, shape (S,)
        The place of the choice among the configurations; -1 if none can be chosen.
    names : list of (str or None)
        The names of the configurations, the reference first.
    """

    places: Integers
    names: list[str | None]


def choose(inner: pd.DataFrame, candidates: Candidates, y: Integers) -> dict[str, Choices]:
    """Choose the configuration of each model with inner fits, in each training set.

    It is the one that predicts most rows right, over all inner folds; of several the earliest: the
    reference, then in the order of the config. One with a fit that diverged or failed is not
    chosen.

    Parameters
    ----------
    inner : DataFrame
        The fits of inner splits, with `INNER_COLUMNS`, from `backprop.study.fits.read_fits`. Each
        training set has the same number of inner folds.
    candidates
        As in `backprop.report.statistics.comparison.compare_models`.
    y : array, shape (n,)
        The classes, from 0.

    Returns
    -------
    dict of str to Choices
        By each model that has inner fits.
    """
    if inner.empty:
        return {}
    groups, right = group_fits(inner), _rows_right(inner, y)
    numbers = inner["inner"].max()
    choices = {}
    for model in inner["model"].unique():
        names = [each.name for each in candidates[model]]
        counts = np.array([right[groups[model, name]] for name in names])
        of_sets = counts.reshape(len(names), -1, int(numbers)).sum(axis=2)
        places = np.where(np.isfinite(of_sets.max(axis=0)), of_sets.argmax(axis=0), -1)
        choices[model] = Choices(places, names)
    return choices


def _rows_right(inner: pd.DataFrame, y: Integers) -> Array:
    """Return how many rows each fit predicts right, shape (F,); -inf for one without a score."""
    counts = inner["rows"].map(len).to_numpy()
    rows = np.concatenate(inner["rows"].tolist())
    p = class_probabilities(np.concatenate(inner["probabilities"].tolist()), len(rows))
    right = np.where(np.isfinite(p).all(axis=1), predicted_classes(p) == y[rows - 1], -np.inf)
    return np.add.reduceat(right, np.cumsum([0, *counts[:-1]]))


class TunedModel(NamedTuple):
    """A tuned model: its choices, and how the chosen configurations are judged."""

    choices: Choices
    judged: Judged


def judge_tuned(
    judgement: Judgement,
    inner: pd.DataFrame,
    candidates: Candidates,
    choosers: Mapping[str, str],
) -> dict[str, TunedModel]:
    """Return each tuned model, judged on the splits whose training sets have inner folds.

    Parameters
    ----------
    judgement : Judgement
        With all fits of outer splits.
    inner, candidates
        As in `choose`.
    choosers : mapping of str to str
        The models to tune, and whose choices each follows; see `backprop.models.registry.choosers`.
    """
    choices = choose(inner, candidates, judgement.y)
    return {
        model: TunedModel(choices[chooser], _judge(judgement, model, choices[chooser]))
        for model, chooser in choosers.items()
        if chooser in choices
    }


def _judge(judgement: Judgement, model: str, choices: Choices) -> Judged:
    every = [judgement.of(model, name) for name in choices.names]
    chosen = [every[place] for place in choices.places]  # without a choice, any: it has no score
    accuracy = np.array([each.accuracy[split] for split, each in enumerate(chosen)])
    accuracy[choices.places < 0] = np.nan
    fits = pd.concat([each.fits.iloc[[split]] for split, each in enumerate(chosen)])
    return Judged(accuracy, fits, judgement.y)


def estimate_nested(
    judgement: Judgement,
    inner: pd.DataFrame,
    candidates: Candidates,
    choosers: Mapping[str, str],
    *,
    folds: int,
    rope: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare tuned models with the reference of the baseline, and with each other.

    Parameters
    ----------
    judgement, inner, candidates, choosers
        As in `judge_tuned`.
    folds, rope
        As in `backprop.report.statistics.comparison.compare_models`.

    Returns
    -------
    models : DataFrame
        A row per tuned model: model, outcome, accuracy with its interval, the untuned accuracy
        (that of its reference on the same splits), the difference from the baseline with its
        interval, p_value, p_adjusted (Holm, over both tables), basis, the posterior worse, equal
        and better, chosen (the configuration that most training sets choose; of several the
        earliest), stability (their share), choices (how many configurations are chosen at all),
        candidates (configurations), same_as (a network whose choices this one follows: it is not
        compared again), fits (judged, one for each training set), unchosen (the training sets
        without a choice), unscored (the fits judged without a score), the confidence of the
        intervals and what that of the accuracy is from. Without inner folds, fits is 0.
    pairs : DataFrame
        A row per pair of tuned models that choose for themselves: model, other (an earlier one),
        the difference of the accuracy of model from that of other, its test, as above, and
        one_network (whether a network follows the choices of another).
    """
    tuned = judge_tuned(judgement, inner, candidates, choosers)
    own = {m: each.judged for m, each in tuned.items() if choosers[m] == m and each.judged.scored}
    splits = max((len(each.accuracy) for each in own.values()), default=0)
    baseline = judgement.of_baseline(candidates)
    baseline = Judged(baseline.accuracy[:splits], baseline.fits.iloc[:splits], baseline.y)
    compared = list(own) if baseline.scored else []
    pairs = [(model, other) for other, model in itertools.combinations(own, 2)]
    comparisons = [(own[model], baseline) for model in compared]
    comparisons += [(own[model], own[other]) for model, other in pairs]
    results = compare_all(comparisons, folds, rope)
    by_model = dict(zip(compared, results, strict=False))
    rows = [
        {
            "model": model,
            "same_as": chooser if chooser != model else None,
            "candidates": len(candidates[model]),
            **(_describe(judgement, model, tuned[model], folds) if model in tuned else {"fits": 0}),
            **by_model.get(model, {}),
        }
        for model, chooser in choosers.items()
    ]
    of_pairs = zip(pairs, results[len(compared) :], strict=True)
    test = ["p_value", "p_adjusted", "basis", "worse", "equal", "better"]
    order = [
        "model", "outcome", *columns(PRIMARY), "untuned_accuracy", *columns("difference"), *test,
        "chosen", "stability", "choices", "candidates", "same_as", "fits", "unchosen", "unscored",
        "confidence", "accuracy_basis",
    ]  # fmt: skip
    models = pd.DataFrame(rows, columns=order)
    order = ["model", "other", "outcome", *columns("difference"), *test, "confidence"]
    both = [{"model": model, "other": other, **row} for (model, other), row in of_pairs]
    one_network = any(model != chooser for model, chooser in choosers.items())
    return models, pd.DataFrame(both, columns=order).assign(one_network=one_network)


def _describe(judgement: Judgement, model: str, tuned: TunedModel, folds: int) -> Row:
    """Return the numbers of one tuned model alone, and of its reference on the same splits."""
    places, names = tuned.choices
    untuned = judgement.of(model, names[0]).accuracy[: places.size]
    made = places[places >= 0]
    counts = np.bincount(made, minlength=len(names))
    row: Row = {
        "fits": places.size,
        "unchosen": places.size - made.size,
        "unscored": int(np.isnan(tuned.judged.accuracy[places >= 0]).sum()),
        "choices": int((counts > 0).sum()),
        **accuracy_columns(tuned.judged, folds),
        "untuned_accuracy": float(np.mean(untuned)),
    }
    if made.size:
        row |= {"chosen": names[counts.argmax()], "stability": counts.max() / places.size}
    return row
