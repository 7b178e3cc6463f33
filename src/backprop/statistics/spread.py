"""How much a score varies between the folds of a repeat, and between repeats."""

import pandas as pd


def deviations(scores: pd.DataFrame, metric: str, scale: float) -> tuple[float, float]:
    """Return two standard deviations of a score, in units of which a score of 1 has `scale`.

    Between the folds of a repeat, as a mean over the repeats, and between the means of repeats.
    """
    repeats = scale * scores.groupby("repeat")[metric].agg(["mean", "std"])
    return repeats["std"].mean(), repeats["mean"].std()
