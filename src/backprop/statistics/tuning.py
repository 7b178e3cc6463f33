"""What tuning is worth."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backprop.inference.influence import interval
from backprop.inference.intervals import CONFIDENCE
from backprop.inference.selection import Mean, bbc_cv
from backprop.statistics.grouping import Judged, Judgement, Row
from backprop.statistics.tables import TUNING, Interval, Tuning
from backprop.study.metrics import METRICS
from backprop.study.streams import stream
from backprop.typing import Array


def estimate_tuning(judgement: Judgement, *, seed: int) -> pd.DataFrame:
    """Return a row per model that is tuned: its best configuration, and the score to expect.

    Parameters
    ----------
    judgement : Judgement
        With all configurations of these models, and the headline of the baseline.
    seed : int
        The seed of the study; the bootstrap draws the same observations for every model.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Tuning`. Of several configurations that
        are equally good, the earliest is the best: the reference, then in the order of the config.
        A model whose configurations all have diverged or failed fits has no scores.
    """
    rows: list[Row] = []
    for model in judgement.tuned_models:
        every = [each.name for each in judgement.candidates[model]]
        names = [name for name in every if (model, name) in judgement.groups]
        scored = [name for name in names if judgement.of(model, name).scored]
        row: Row = {"model": model, "candidates": len(names)}
        row["left_out"] = len(names) - len(scored)
        if scored:
            row |= _tuned(judgement, model, scored, stream(seed, "bootstrap"))
            row["logistic"] = judgement.baseline.value
        rows.append(row)
    return TUNING.frame(rows, judgement.metric)


def kept(row: Tuning) -> int:
    """Return how many configurations of a row of `estimate_tuning` can be chosen."""
    return row.candidates - row.left_out


def _means(judged: Judged) -> list[Mean]:
    """Return the means that a score is built of, with the mean of each row over the repeats.

    Their weighted sum is the score up to a constant: folds need not be of one size, and an area is
    such a sum only to first order.
    """
    repeats, n = judged.splits.shape
    y, p = np.tile(judged.y, repeats), judged.probabilities
    parts = METRICS[judged.metric].parts(y, p.reshape(-1, p.shape[2]), judged.splits.ravel())
    every = []
    for rows, values, weight in parts:
        places = np.unique(rows % n)
        means = np.bincount(rows % n, values, n)[places] / repeats
        every.append(Mean(places, means[np.newaxis], weight))
    return every


def _tuned(
    judgement: Judgement, model: str, names: Sequence[str], generator: np.random.Generator
) -> Row:
    """Return the numbers of the best of some configurations.

    The interval contains the interval of a score as high, from the contributions of the best: if
    nearly all rows are right, samples of them hardly differ, which is not certainty.
    """
    sign = METRICS[judgement.metric].sign
    # Of one configuration at a time: a large grid would fill the memory.
    built = [_means(judgement.of(model, name)) for name in names]
    means = [
        Mean(rows, sign * np.concatenate([each[place].values for each in built]), weight)
        for place, (rows, _, weight) in enumerate(built[0])
    ]
    scores: Array = sign * np.array([judgement.of(model, name).value for name in names])
    tuned = bbc_cv(means, judgement.observations, generator, scores=scores)
    best = names[tuned.best]
    estimate = sign * tuned.estimate
    ends = sorted(sign * end for end in (tuned.lower, tuned.upper))
    own = judgement.of(model, best).estimate._replace(value=estimate)
    alone = interval(own)
    return {
        "best": best,
        "tied": tuned.tied,
        "plain": sign * tuned.naive,
        # A score that is linear in samples only to first order may leave its range.
        "tuned": Interval(
            estimate,
            max(np.fmin(ends[0], alone.lower), own.lowest),
            min(np.fmax(ends[1], alone.upper), own.highest),
        ),
        "confidence": CONFIDENCE,
        "optimism": tuned.optimism,
        "stability": tuned.stability,
    }
