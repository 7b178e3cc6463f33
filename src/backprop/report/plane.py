"""The plane in which the live page draws the rows of a data set."""

from dataclasses import dataclass

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.typing import Array, Integers


@dataclass(frozen=True, eq=False)
class Plane:
    """Where rows are drawn, and which inputs a model has at each place.

    If the data set has one or two features, all of them numbers, they are the axes. Otherwise the
    axes are the first two principal components of the inputs, encoded and standardised by all rows.

    Attributes
    ----------
    dataset : Dataset
    points : array, shape (n, k)
        The place of each row on the k axes, 1 or 2.
    components : array, shape (k, d), optional
        The directions of the axes in the space of the inputs; None if the axes are features.
    centre : array, shape (d,), optional
        The inputs at the place 0; None if the axes are features.
    shares : array, shape (k,), optional
        The share of the variance of the inputs that each axis has; None if the axes are features.
    """

    dataset: Dataset
    points: Array
    components: Array | None = None
    centre: Array | None = None
    shares: Array | None = None

    @classmethod
    def of(cls, dataset: Dataset) -> "Plane":
        """Return the plane of a data set."""
        x = dataset.x
        if x.shape[1] <= 2 and not dataset.categories and np.isfinite(x).all():
            return cls(dataset, x)
        inputs = _everywhere(dataset).apply(x)
        centre = inputs.mean(axis=0)
        _, lengths, directions = np.linalg.svd(inputs - centre, full_matrices=False)
        largest = np.abs(directions).argmax(axis=1)[:, np.newaxis]
        directions *= np.sign(np.take_along_axis(directions, largest, axis=1))  # else either one
        components, shares = directions[:2], lengths**2 / np.sum(lengths**2)
        return cls(dataset, (inputs - centre) @ components.T, components, centre, shares[:2])

    def inputs(self, places: Array, rows: Integers) -> Array:
        """Return the inputs, at some places, of a model that was trained on some rows.

        A place has an input of all rows, in their scaling. It is scaled as the encoder of the rows
        scales the same input. An input that these rows do not have, as of a category that is in
        none of them, is left out: the model knows nothing of it.

        Parameters
        ----------
        places : array, shape (m, k)
            On the axes.
        rows : int array
            The rows that the model was trained on, counted from 0.

        Returns
        -------
        array, shape (m, inputs of these rows)
        """
        encoder = Encoder.of(self.dataset, rows)
        if self.components is None or self.centre is None:
            return encoder.apply(places)
        everywhere = _everywhere(self.dataset)
        places_of_inputs = {each: place for place, each in enumerate(everywhere.inputs)}
        columns = [places_of_inputs[each] for each in encoder.inputs]
        # Each scaled input is a straight line of the same input in the scaling of all rows, which
        # two rows show. What is missing hides a value, so the first half has nothing missing.
        shown = np.vstack([_filled(self.dataset.x), self.dataset.x])
        before, after = everywhere.apply(shown)[:, columns], encoder.apply(shown)
        half = len(shown) // 2
        varies = np.ptp(before[:half], axis=0) > 0
        before = np.where(varies, before[:half], before[half:])
        after = np.where(varies, after[:half], after[half:])
        ends = [end(before, axis=0)[np.newaxis] for end in (np.argmin, np.argmax)]
        low, high = (np.take_along_axis(before, end, axis=0) for end in ends)
        to_low, to_high = (np.take_along_axis(after, end, axis=0) for end in ends)
        inputs = (self.centre + places @ self.components)[:, columns]
        position = (inputs - low) / (high - low)
        return np.asarray(to_low + position * (to_high - to_low))


def _everywhere(dataset: Dataset) -> Encoder:
    """Return the encoder of all rows."""
    return Encoder.of(dataset, np.arange(len(dataset.y)))


def _filled(x: Array) -> Array:
    """Return x with a value of its column in the place of each one that is missing."""
    first = np.isfinite(x).argmax(axis=0)  # the first row that has a value
    return np.where(np.isfinite(x), x, x[first, np.arange(x.shape[1])])
