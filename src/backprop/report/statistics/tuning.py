"""What tuning is worth."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from backprop.inference.intervals import wilson
from backprop.inference.selection import bbc_cv
from backprop.report.statistics.grouping import Candidates, Judgement, Row, columns
from backprop.study.streams import stream
from backprop.typing import Array


def estimate_tuning(judgement: Judgement, candidates: Candidates, *, seed: int) -> pd.DataFrame:
    """Return a row per model that is tuned: its best configuration, and the accuracy to expect.

    Parameters
    ----------
    judgement : Judgement
        With all configurations of these models, and the headline of the baseline.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
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
    # Over rows, as bbc_cv does: folds need not be of one size.
    logistic = float(judgement.of_baseline(candidates).right.mean())
    rows: list[Row] = []
    for model in judgement.tuned_models(candidates):
        names = [name for group, name in judgement.groups if group == model]
        shares = _shares_right(judgement, model, names)
        row: Row = {"model": model, "candidates": len(names)}
        row["left_out"] = len(names) - len(shares)
        if shares:
            row |= _tuned(shares, stream(seed, "bootstrap"))
            row["logistic_accuracy"] = logistic
        rows.append(row)
    order = [
        "model", "candidates", "left_out", "plain_accuracy", *columns("tuned_accuracy"),
        "optimism", "stability", "logistic_accuracy", "best", "tied", "confidence",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=order)


def _tuned(shares: Mapping[str | None, Array], generator: np.random.Generator) -> Row:
    """Return the numbers of the best of some configurations, from `_shares_right`.

    The interval contains Wilson's for as many rows: if nearly all rows are right, samples of them
    hardly differ, and this is no certainty.
    """
    right = np.stack([*shares.values()])
    tuned, rows = bbc_cv(right, generator), right.shape[1]
    of_rows = wilson(round(tuned.estimate * rows), rows, confidence=tuned.confidence)
    return {
        "best": [*shares][tuned.best],
        "tied": int(np.isclose(right.mean(axis=1), tuned.naive, rtol=0, atol=1e-12).sum()),
        "plain_accuracy": tuned.naive,
        "tuned_accuracy": tuned.estimate,
        "tuned_accuracy_lower": min(tuned.lower, of_rows.lower),
        "tuned_accuracy_upper": max(tuned.upper, of_rows.upper),
        "confidence": tuned.confidence,
        "optimism": tuned.optimism,
        "stability": tuned.stability,
    }


def _shares_right(
    judgement: Judgement, model: str, names: Iterable[str | None]
) -> dict[str | None, Array]:
    """Return the share of the repeats in which each row is right, shape (n,), in [0, 1].

    By configuration of a model, without those with diverged or failed fits.
    """
    shares = {}
    for name in names:
        judged = judgement.of(model, name)  # of one at a time: a large grid would fill the memory
        if judged.scored:
            shares[name] = judged.right.mean(axis=0)
    return shares
