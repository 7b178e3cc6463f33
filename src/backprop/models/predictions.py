"""What the fits of any model predict for other inputs than their test rows.

There is a function for each family; `backprop.models.families.Family.predict` says what they take.
"""

from collections.abc import Sequence
from importlib import import_module

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models import estimators
from backprop.models.networks import predict as predict_network
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.typing import Array


def of_networks(
    implementation: str,
    configuration: Configuration,
    splits: Sequence[Split],
    parameters: Sequence[Array],
    inputs: Sequence[Array],
    *,
    dataset: Dataset,
    seed: int,
) -> Array:
    """Predict by networks: by those with as many inputs together, as one array program.

    The parameters of all implementations mean the same, so the hand-written one predicts for all.
    """
    p = np.empty((len(inputs[0]), len(dataset.classes), len(inputs)))
    widths = np.array([x.shape[1] for x in inputs])
    for width in np.unique(widths):
        chosen = np.flatnonzero(widths == width)
        stacked = predict_network(
            configuration,
            np.stack([parameters[k] for k in chosen.tolist()], axis=-1),
            np.stack([inputs[k] for k in chosen.tolist()], axis=-1),
        )
        p[..., chosen] = _with_all_classes(stacked)
    return p


def of_regressions(
    implementation: str,
    configuration: Configuration,
    splits: Sequence[Split],
    parameters: Sequence[Array],
    inputs: Sequence[Array],
    *,
    dataset: Dataset,
    seed: int,
) -> Array:
    """Predict by a regression, from the parameters of each fit."""
    regression = import_module(implementation)
    p = [regression.predict(own, x) for own, x in zip(parameters, inputs, strict=True)]
    return _with_all_classes(np.stack(p, axis=-1))


def of_estimators(
    implementation: str,
    configuration: Configuration,
    splits: Sequence[Split],
    parameters: Sequence[Array],
    inputs: Sequence[Array],
    *,
    dataset: Dataset,
    seed: int,
) -> Array:
    """Predict by a classifier of scikit-learn, which is fitted again on each split."""
    parts = []
    for split, x in zip(splits, inputs, strict=True):
        own = Encoder.of(dataset, split.train).apply(dataset.x)
        fitted = estimators.fit(implementation, configuration, split, own, dataset.y, seed)
        parts.append(estimators.predict(fitted, x, len(dataset.classes)))
    return np.stack(parts, axis=-1)


def _with_all_classes(p: Array) -> Array:
    """Return predictions of class 1 of two, shape (m, F), in the shape (m, 2, F)."""
    return np.stack([1 - p, p], axis=1) if p.ndim == 2 else p
