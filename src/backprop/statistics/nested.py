"""What tuned models are worth, by nested cross-validation.

In each training set, inner folds choose the configuration of a model. Its fit on the whole training
set is then judged on the test fold, which had no part in the choice.
"""

import itertools
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.inference.intervals import DECIMALS
from backprop.models.candidate_lists import Candidates
from backprop.models.registry import BASELINE
from backprop.statistics.comparison import compare_all, first_splits, match_baseline
from backprop.statistics.grouping import Judged, Judgement, Row, group_fits, mean_score
from backprop.statistics.tables import NESTED, NESTED_PAIRS, Nested
from backprop.study.fits import class_probabilities, class_votes, predicted_of
from backprop.study.metrics import METRICS
from backprop.typing import Array, Integers

OF_FITS = ("model", "configuration", "repeat", "fold", "inner")
INNER_COLUMNS = (*OF_FITS, "rows", "probabilities", "predicted")
"""The columns of the fits of inner splits that the functions below need."""


class Choices(NamedTuple):
    """What the inner folds choose in each training set.

    Attributes
    ----------
    places : int array, shape (S,)
        The place of the choice among the configurations; -1 if none can be chosen.
    names : list of str
        The names of the configurations, the reference first.
    """

    places: Integers
    names: list[str]


def choose(
    inner: pd.DataFrame, candidates: Candidates, y: Integers, metric: str
) -> dict[str, Choices]:
    """Choose the configuration of each model with inner fits, in each training set.

    It is the best by the metric, as a mean over the inner folds that counts each by its rows; for
    an accuracy, the one that predicts most rows right. Of several it is the earliest: the
    reference, then in the order of the config. One with a fit that diverged or failed is not
    chosen.

    Parameters
    ----------
    inner : DataFrame
        The fits of inner splits, with `INNER_COLUMNS`, from `backprop.study.fits.read_fits`. Each
        training set has the same number of inner folds.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    y : array, shape (n,)
        The classes, from 0.
    metric : str
        The metric of the study.

    Returns
    -------
    dict of str to Choices
        By each model that has inner fits.
    """
    groups, sums = group_fits(inner), _sums(inner, y, metric)
    numbers = inner["inner"].max()
    choices = {}
    for model in inner["model"].unique():
        names = [each.name for each in candidates[model]]
        every = np.array([sums[groups[model, name]] for name in names])
        of_sets = every.reshape(len(names), -1, int(numbers)).sum(axis=2).round(DECIMALS)
        places = np.where(np.isfinite(of_sets.max(axis=0)), of_sets.argmax(axis=0), -1)
        choices[model] = Choices(places, names)
    return choices


def _sums(inner: pd.DataFrame, y: Integers, metric: str) -> Array:
    """Return the score of each fit times its rows, shape (F,), higher is better.

    -inf for one without a score.
    """
    entry = METRICS[metric]
    sums = np.full(len(inner), -np.inf)
    columns = zip(inner["rows"], inner["probabilities"], predicted_of(inner), strict=True)
    for place, (rows, stored, predicted) in enumerate(columns):
        p = class_probabilities(np.asarray(stored), len(rows))
        if np.isfinite(p).all():
            p = class_votes(p, predicted) if entry.of_classes else p
            score = entry.score(y[np.asarray(rows) - 1], p[..., np.newaxis])[0]
            sums[place] = entry.sign * float(score) * len(rows)
    return sums


class TunedModel(NamedTuple):
    """A tuned model: its choices, and how the chosen configurations are judged."""

    choices: Choices
    judged: Judged


def judge_tuned(
    judgement: Judgement, inner: pd.DataFrame, choosers: Mapping[str, str]
) -> dict[str, TunedModel]:
    """Return each tuned model, judged on the splits whose training sets have inner folds.

    Parameters
    ----------
    judgement : Judgement
        With all fits of outer splits.
    inner
        As in `choose`.
    choosers : mapping of str to str
        The models to tune, and whose choices each follows; see
        `backprop.models.candidate_lists.choosers_of`.
    """
    choices = choose(inner, judgement.candidates, judgement.all_y, judgement.metric)
    return {
        model: TunedModel(choices[chooser], _judge(judgement, model, choices[chooser]))
        for model, chooser in choosers.items()
        if chooser in choices
    }


def _judge(judgement: Judgement, model: str, choices: Choices) -> Judged:
    every = [judgement.of(model, name) for name in choices.names]
    chosen = [every[place] for place in choices.places]  # without a choice, any: it has no score
    scores = {
        metric: np.array([each.scores[metric][split] for split, each in enumerate(chosen)])
        for metric in METRICS
    }
    for values in scores.values():
        values[choices.places < 0] = np.nan
    fits = pd.concat([each.fits.iloc[[split]] for split, each in enumerate(chosen)])
    return replace(every[0], scores=scores, fits=fits)


def estimate_nested(
    judgement: Judgement,
    tuned: Mapping[str, TunedModel],
    choosers: Mapping[str, str],
    *,
    learned: Set[str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare tuned models with the reference of the baseline, and with each other.

    Parameters
    ----------
    judgement, choosers
        As in `judge_tuned`.
    tuned : mapping of str to TunedModel
        From `judge_tuned`.
    learned
        As in `backprop.statistics.comparison.compare_models`; of the models that are tuned.

    Returns
    -------
    models : DataFrame
        A row per tuned model: model, outcome, the metric of the study with its interval, the
        untuned score (of its reference on the same splits), the difference from the baseline
        with its interval, p_value, p_adjusted (over both tables), basis, the posterior worse,
        equal and better, chosen (the configuration that most training sets choose; of several the
        earliest), stability (their share), choices (how many configurations are chosen at all),
        candidates (configurations), same_as (a network whose choices this one follows: it is not
        compared again), matched_by and its score (see
        `backprop.statistics.comparison.match_baseline`), beats_tuned (whether the model is better
        than the tuned baseline, if that has a score), fits (judged, one for each training set),
        unchosen (the training sets without a choice), unscored (the fits judged without a score),
        the confidence of the intervals. Without inner folds, fits is 0.
    pairs : DataFrame
        A row per pair of tuned models that choose for themselves: model, other (an earlier one),
        the difference of the score of model from the score of other, and its test, as above.
    """
    own = {m: each.judged for m, each in tuned.items() if choosers[m] == m and each.judged.scored}
    splits = max((len(each.values) for each in own.values()), default=0)
    baseline = first_splits(judgement.baseline, splits)
    compared = own if baseline.scored else {}
    pairs = [(model, other) for other, model in itertools.combinations(own, 2)]
    comparisons: dict[tuple[str, ...], tuple[Judged, Judged]]
    comparisons = {(model,): (own[model], baseline) for model in compared}
    comparisons |= {(model, other): (own[model], own[other]) for model, other in pairs}
    counted = [names for names in comparisons if learned is None or learned >= {*names}]
    results = compare_all(comparisons, counted=counted)
    by_model = {model: results[model,] for model in compared}
    matched = match_baseline(judgement, own, by_model, learned)
    for model, other in pairs:
        if BASELINE in (model, other):
            challenger = other if model == BASELINE else model
            wins = "worse" if model == BASELINE else "better"
            outcome = results[model, other]["outcome"]
            by_model.setdefault(challenger, {})["beats_tuned"] = outcome == wins
    rows = [
        {
            "model": model,
            "same_as": chooser if chooser != model else None,
            "candidates": len(judgement.candidates[model]),
            **(_describe(judgement, model, tuned[model]) if model in tuned else {"fits": 0}),
            **by_model.get(model, {}),
            **matched.get(model, {}),
        }
        for model, chooser in choosers.items()
    ]
    both = [{"model": m, "other": other, **results[m, other]} for m, other in pairs]
    return NESTED.frame(rows, judgement.metric), NESTED_PAIRS.frame(both)


def votes(row: Nested) -> int:
    """Return how many training sets choose the configuration that most of them do."""
    return round((row.stability or 0) * row.fits)


def _describe(judgement: Judgement, model: str, tuned: TunedModel) -> Row:
    """Return the numbers of one tuned model alone, and of its reference on the same splits."""
    places, names = tuned.choices
    untuned = judgement.of(model, names[0]).values[: places.size]
    made = places[places >= 0]
    counts = np.bincount(made, minlength=len(names))
    row: Row = {
        "fits": places.size,
        "unchosen": places.size - made.size,
        "unscored": int(np.isnan(tuned.judged.values[places >= 0]).sum()),
        "choices": int((counts > 0).sum()),
        "score": mean_score(tuned.judged, judgement.metric),
        "untuned": float(np.mean(untuned)),
    }
    if made.size:
        row |= {"chosen": names[counts.argmax()], "stability": counts.max() / places.size}
    return row
