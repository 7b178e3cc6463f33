"""What the fits of any model predict for other inputs than their test rows.

There is a function for each family, which `backprop.models.families.Family.predict` calls.
"""

from importlib import import_module

import numpy as np

from backprop.data.encoding import Encoder
from backprop.models import estimators
from backprop.models.families import Predicted, PredictingFits
from backprop.models.networks import predict as predict_network
from backprop.study.metrics import predicted_classes
from backprop.typing import Array


def of_networks(fits: PredictingFits) -> Predicted:
    """Predict by networks: by those with as many inputs together, as one array program.

    The parameters of all implementations mean the same, so the hand-written one predicts for all.
    """
    p = np.empty((len(fits.inputs[0]), len(fits.dataset.classes), len(fits.inputs)))
    widths = np.array([x.shape[1] for x in fits.inputs])
    for width in np.unique(widths):
        chosen = np.flatnonzero(widths == width)
        parameters, inputs = (
            np.stack([every[k] for k in chosen.tolist()], axis=-1)
            for every in (fits.parameters, fits.inputs)
        )
        p[..., chosen] = _with_all_classes(predict_network(fits.configuration, parameters, inputs))
    return _most_probable(p)


def of_regressions(fits: PredictingFits) -> Predicted:
    """Predict by a regression, from the parameters of each fit."""
    regression = import_module(fits.implementation)
    p = [regression.predict(own, x) for own, x in zip(fits.parameters, fits.inputs, strict=True)]
    return _most_probable(_with_all_classes(np.stack(p, axis=-1)))


def of_estimators(fits: PredictingFits) -> Predicted:
    """Predict by a classifier of scikit-learn, which is fitted again on each split."""
    parts, dataset, how = [], fits.dataset, (fits.implementation, fits.configuration)
    for split, x in zip(fits.splits, fits.inputs, strict=True):
        own = Encoder.of(dataset, split.train).apply(dataset.x)
        fitted = estimators.fit(*how, split, own, dataset.y, fits.seed)
        parts.append(estimators.predict(fitted, x, len(dataset.classes)))
    return Predicted(*(np.stack(each, axis=-1) for each in zip(*parts, strict=True)))


def _most_probable(p: Array) -> Predicted:
    return Predicted(p, predicted_classes(p, axis=1))


def _with_all_classes(p: Array) -> Array:
    """Return predictions of class 1 of two, shape (m, F), in the shape (m, 2, F)."""
    return np.stack([1 - p, p], axis=1) if p.ndim == 2 else p
