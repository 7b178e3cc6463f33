"""The recommendation of a model."""

import math

import pandas as pd

from backprop.models.registry import BASELINE, MODELS


def advice(comparison: pd.DataFrame, *, tuned: bool = False) -> str:
    """Say which model to use, and why.

    Parameters
    ----------
    comparison : DataFrame
        From `backprop.report.statistics.comparison.compare_models`.
    tuned : bool, default=False
        Whether the baseline has several configurations.
    """
    simplest = "it is the simplest" + ("" if tuned else ", with nothing to tune")
    better = comparison[comparison["outcome"] == "better"]
    if len(better):
        best = better.sort_values("accuracy").iloc[-1]
        return (
            f"Use {MODELS[best.model].name}: it is better than {MODELS[BASELINE].name} on these "
            f"data, by {100 * best.difference:.1f} points of accuracy."
        )
    rest = (
        f"no other model is shown to be better, and {simplest}."
        if len(comparison) > 1
        else "no other model was tried."
    )
    detectable = comparison.loc[comparison["outcome"] == "undecided", "detectable"].max()
    if math.isnan(detectable):
        return f"Use {MODELS[BASELINE].name}: {rest}"
    # No difference of accuracy is larger than 1.
    size = "any size" if detectable >= 1 else f"less than {100 * detectable:.1f} points"
    return f"Use {MODELS[BASELINE].name}: {rest} An advantage of {size} could have gone unnoticed."
