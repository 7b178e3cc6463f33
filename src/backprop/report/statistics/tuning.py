"""What tuning is worth."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from backprop.inference.intervals import wilson
from backprop.inference.selection import bbc_cv
from backprop.models.registry import BASELINE, headline
from backprop.report.statistics.grouping import (
    Candidates,
    Groups,
    Row,
    columns,
    group_fits,
    rows_right,
    size,
    tuned_models,
)
from backprop.study.fits import predictions
from backprop.study.streams import stream
from backprop.typing import Array, Integers


def estimate_tuning(
    scores: pd.DataFrame,
    fits: pd.DataFrame,
    candidates: Candidates,
    y: Integers,
    *,
    seed: int,
) -> pd.DataFrame:
    """Return a row per model that is tuned: its best configuration, and the accuracy to expect.

    It is tuned if it has several configurations. A network is listed in any case.

    Parameters
    ----------
    scores, candidates, y
        As in `compare_models`.
    fits : DataFrame
        All fits of these models and the baseline, from `backprop.study.fits.read_fits`.
    seed : int
        The seed of the study; the bootstrap draws the same rows for every model.

    Returns
    -------
    DataFrame
        model, candidates (configurations), left_out (those with diverged or failed fits), the plain
        accuracy of the best one, the accuracy of the tuned model corrected for the choice (BBC-CV)
        with its interval, the optimism of the plain accuracy, the stability of the choice, the
        accuracy of logistic regression, best (a configuration), tied (how many share the first
        place), the confidence of the interval. A model has only the first three if every
        configuration is left out.
    """
    fits = fits[["model", "configuration", "repeat", "fold", "rows", "probabilities"]]
    groups = group_fits(fits)
    # Over rows, as bbc_cv does: folds need not be of one size.
    of_baseline = BASELINE, headline(BASELINE, candidates)
    baseline = predictions(fits.iloc[groups[of_baseline]], *size(y))
    logistic = float(rows_right(baseline, y).mean())
    rows: list[Row] = []
    for model in tuned_models(scores, candidates):
        names, right = _share_right(fits, groups, model, y)
        row: Row = {"model": model, "candidates": len(names)}
        kept = np.flatnonzero(np.isfinite(right).all(axis=1))
        row["left_out"] = len(names) - kept.size
        if kept.size:
            row |= _tuned([names[k] for k in kept], right[kept], stream(seed, "bootstrap"))
            row["logistic_accuracy"] = logistic
        rows.append(row)
    order = [
        "model", "candidates", "left_out", "plain_accuracy", *columns("tuned_accuracy"),
        "optimism", "stability", "logistic_accuracy", "best", "tied", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def _tuned(names: Sequence[str | None], right: Array, generator: np.random.Generator) -> Row:
    """Return the numbers of the best of some configurations, with `right` from `_share_right`.

    If no bootstrap sample differs, the interval is Wilson's: no variance is no certainty.
    """
    tuned = bbc_cv(right, generator)
    lower, upper = tuned.lower, tuned.upper
    if upper - lower < 1e-12:
        rows = right.shape[1]
        lower, upper = wilson(round(tuned.estimate * rows), rows, confidence=tuned.confidence)
    return {
        "best": names[tuned.best],
        "tied": int(np.isclose(right.mean(axis=1), tuned.naive, rtol=0, atol=1e-12).sum()),
        "plain_accuracy": tuned.naive,
        "tuned_accuracy": tuned.estimate,
        "tuned_accuracy_lower": lower,
        "tuned_accuracy_upper": upper,
        "confidence": tuned.confidence,
        "optimism": tuned.optimism,
        "stability": tuned.stability,
    }


def _share_right(
    fits: pd.DataFrame, groups: Groups, model: str, y: Integers
) -> tuple[list[str | None], Array]:
    """Return the share of the repeats in which each row is right, by configuration of a model.

    Returns
    -------
    names : list of (str or None)
    right : array, shape (configurations, n)
        In [0, 1]; NaN for a configuration with diverged or failed fits.
    """
    names = [name for group, name in groups if group == model]
    right = np.full((len(names), len(y)), np.nan)
    for place, name in enumerate(names):
        p = predictions(fits.iloc[groups[model, name]], *size(y))
        if np.isfinite(p).all():
            right[place] = rows_right(p, y).mean(axis=0)
    return names, right
