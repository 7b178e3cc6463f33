"""The metrics of a fit: what is computed of its out-of-fold predictions, in one table."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Metric(NamedTuple):
    """One metric.

    Attributes
    ----------
    label, unit : str
        What an axis or a column is headed with.
    higher_is_better : bool
    score : callable
        ``score(m, y, p)`` with m = `sklearn.metrics`, the classes y and the probabilities p of 1.
    """

    label: str
    unit: str
    higher_is_better: bool
    score: Callable[[Any, NDArray[np.int64], NDArray[np.float64]], float]


METRICS: dict[str, Metric] = {
    "accuracy": Metric(
        "Accuracy", "share of the test fold", True, lambda m, y, p: m.accuracy_score(y, p >= 0.5)
    ),
    "balanced_accuracy": Metric(
        "Balanced accuracy", "mean recall of the classes", True,
        lambda m, y, p: m.balanced_accuracy_score(y, p >= 0.5),
    ),
    "log_loss": Metric(
        "Log loss", "nats per student", False, lambda m, y, p: m.log_loss(y, p, labels=[0, 1])
    ),
    "brier_score": Metric(
        "Brier score", "mean squared error", False, lambda m, y, p: m.brier_score_loss(y, p)
    ),
    "roc_auc": Metric("ROC AUC", "area", True, lambda m, y, p: m.roc_auc_score(y, p)),
}  # fmt: skip


def score(y: NDArray[np.int64], p: NDArray[np.float64]) -> dict[str, float]:
    """Return every metric of one fit; NaN where the fit diverged and has no predictions.

    Parameters
    ----------
    y, p : arrays, shape (test rows,)
        Classes, both present, and predicted probabilities of class 1.
    """
    import sklearn
    import sklearn.metrics

    if not np.isfinite(p).all():
        return dict.fromkeys(METRICS, np.nan)
    with sklearn.config_context(assume_finite=True, skip_parameter_validation=True):
        return {
            name: float(metric.score(sklearn.metrics, y, p)) for name, metric in METRICS.items()
        }
