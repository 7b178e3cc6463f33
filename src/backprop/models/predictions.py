"""What the fits of any model predict for other inputs than their test rows."""

from collections.abc import Sequence
from importlib import import_module

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models import estimators
from backprop.models.networks import predict as predict_network
from backprop.models.registry import MODELS
from backprop.study.configurations import Candidate, Configuration
from backprop.study.splits import Split
from backprop.typing import Array


def predict(
    model: str,
    configuration: Candidate,
    splits: Sequence[Split],
    parameters: Sequence[Array],
    inputs: Sequence[Array],
    *,
    dataset: Dataset,
    seed: int,
) -> Array:
    """Return the probabilities of all classes for some inputs, by fits of one configuration.

    Parameters
    ----------
    model : str
    configuration : Configuration or Settings
    splits : sequence of Split
        Of the F fits, none of which diverged or failed.
    parameters : sequence of array
        The parameters of each fit. An estimator has none: it is fitted again, which gives the same.
    inputs : sequence of array, each of shape (m, d)
        For each fit the inputs, encoded by the training rows of its split.
    dataset : Dataset
    seed : int
        The seed of the study.

    Returns
    -------
    array, shape (m, C, F)
    """
    if isinstance(configuration, Configuration):
        return _of_networks(configuration, parameters, inputs, len(dataset.classes))
    if MODELS[model].family == "baseline":
        baseline = import_module(MODELS[model].module)
        p = [baseline.predict(own, x) for own, x in zip(parameters, inputs, strict=True)]
        return _with_all_classes(np.stack(p, axis=-1))
    parts = []
    for split, x in zip(splits, inputs, strict=True):
        own = Encoder.of(dataset, split.train).apply(dataset.x)
        classifier = MODELS[model].classifier
        fitted = estimators.fit(classifier, configuration, split, own, dataset.y, seed)
        parts.append(estimators.predict(fitted, x, len(dataset.classes)))
    return np.stack(parts, axis=-1)


def _of_networks(
    configuration: Configuration,
    parameters: Sequence[Array],
    inputs: Sequence[Array],
    classes: int,
) -> Array:
    """Predict by networks: by those with as many inputs together, as one array program."""
    p = np.empty((len(inputs[0]), classes, len(inputs)))
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


def _with_all_classes(p: Array) -> Array:
    """Return predictions of shape (m, F), those of class 1 of two, in the shape (m, 2, F)."""
    return np.stack([1 - p, p], axis=1) if p.ndim == 2 else p
