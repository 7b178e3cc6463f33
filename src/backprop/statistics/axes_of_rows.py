"""Which two features to draw the rows of a data set by."""

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder


def clearest_features(dataset: Dataset) -> tuple[int, ...]:
    """Return the places of the two features by which the classes differ most, the clearest first.

    They are those with the largest F statistic of a one-way analysis of variance between the
    classes. A feature with several inputs, such as a column of categories, counts by its best
    input. One or two features are returned as they are.

    Parameters
    ----------
    dataset : Dataset

    References
    ----------
    Fisher, R. A. (1925). Statistical methods for research workers. Oliver and Boyd.
    """
    if len(dataset.features) <= 2:
        return tuple(range(len(dataset.features)))
    encoder = Encoder.of(dataset, np.arange(len(dataset.y)))
    inputs = encoder.apply(dataset.x)
    means = np.array([inputs[dataset.y == c].mean(axis=0) for c in range(len(dataset.classes))])
    # Inputs have mean 0 and variance 1, so this is the share of the variance that is between
    # classes. F rises with it, and it is finite.
    shares = np.bincount(dataset.y) / len(dataset.y) @ means**2
    best = np.zeros(len(dataset.features))
    np.maximum.at(best, [each.column for each in encoder.inputs], shares)
    first, second, *_ = np.argsort(-best, kind="stable").tolist()
    return first, second
