"""What fits predict for other inputs than their test rows have, whatever the model."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from backprop.models.families import Predicted, PredictingFits
from backprop.models.registry import Model
from backprop.statistics.results import Results
from backprop.study.splits import Split
from backprop.typing import Array

BYTES_AT_ONCE = 2**26  # of inputs, when the networks predict


def predict_by(
    results: Results, entry: Model, fits: pd.DataFrame, inputs: Callable[[Split], Array]
) -> Predicted:
    """Return what each fit predicts for inputs of its own.

    Parameters
    ----------
    results : Results
        With the data, the folds, the candidates and the seed.
    entry : Model
    fits : DataFrame
        Of the model's reference, at least one, none diverged, with ``parameters``.
    inputs : callable
        ``inputs(split)``: those of the fit on a split, shape (m, d), encoded by its training rows.

    Returns
    -------
    Predicted
        Probabilities of shape (m, C, fits), and the classes.
    """
    splits = [results.splits[key] for key in zip(fits["repeat"], fits["fold"], strict=True)]
    at_once = max(2, BYTES_AT_ONCE // max(inputs(splits[0]).nbytes, 1))
    configuration, parts = results.candidates[fits["model"].iloc[0]][0], []
    for start in range(0, len(fits), at_once):
        part = slice(start, start + at_once)
        own = PredictingFits(
            entry.implementation, configuration, splits[part],
            list(fits["parameters"].iloc[part]), [inputs(split) for split in splits[part]],
            results.dataset, results.seed,
        )  # fmt: skip
        parts.append(entry.family.predict(own))
    return Predicted(*(np.concatenate(each, axis=-1) for each in zip(*parts, strict=True)))
