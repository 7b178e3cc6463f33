"""Which two features, or inputs, to draw the rows of a data set by, and where rows are."""

from collections.abc import Sequence

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.typing import Array

SPREAD = 0.6  # of the rows of a category, of the distance to the next one


def clearest_inputs(dataset: Dataset, encoder: Encoder) -> list[int]:
    """Return the places of the inputs, that by which the classes differ most first.

    They are sorted by the F statistic of a one-way analysis of variance between the classes.

    Parameters
    ----------
    dataset : Dataset
    encoder : Encoder
        By all rows.

    References
    ----------
    Fisher, R. A. (1925). Statistical methods for research workers. Oliver and Boyd.
    """
    inputs = encoder.apply(dataset.x)
    means = np.array([inputs[dataset.y == c].mean(axis=0) for c in range(len(dataset.classes))])
    # Inputs have mean 0 and variance 1, so this is the share of the variance that is between
    # classes. F rises with it, and it is finite.
    shares = np.bincount(dataset.y) / len(dataset.y) @ means**2
    return [*map(int, np.argsort(-shares, kind="stable"))]


def clearest_features(dataset: Dataset) -> tuple[int, ...]:
    """Return the places of the two features by which the classes differ most, the clearest first.

    A feature with several inputs, such as a column of categories, counts by its best input, see
    `clearest_inputs`. One or two features are returned as they are.

    Parameters
    ----------
    dataset : Dataset
    """
    if len(dataset.features) <= 2:
        return tuple(range(len(dataset.features)))
    encoder = Encoder.of(dataset, np.arange(len(dataset.y)))
    columns = [encoder.inputs[place].column for place in clearest_inputs(dataset, encoder)]
    first, second, *_ = dict.fromkeys(columns)
    return first, second


def spread_categories(points: Array, is_category: Sequence[bool]) -> Array:
    """Return the places of rows with the rows of a category spread around it.

    Parameters
    ----------
    points : array, shape (n, axes)
    is_category : sequence of bool
        Of each axis: a category is a whole number there.
    """
    spread = np.random.default_rng(0).uniform(-0.5, 0.5, points.shape) * SPREAD
    return np.asarray(points + np.where(is_category, spread, 0))
