"""The one or two features by which figures draw the rows of a data set."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.statistics.axes_of_rows import spread_categories
from backprop.typing import Array, Integers


@dataclass(frozen=True, eq=False)
class FeaturePlane:
    """Where rows are drawn, and which inputs a model has at each place.

    Attributes
    ----------
    dataset : Dataset
    features : tuple of int
        The places of the features that are the axes, one or two.
    """

    dataset: Dataset
    features: tuple[int, ...]

    @cached_property
    def categories(self) -> tuple[tuple[str, ...], ...]:
        """The categories along each axis; none along an axis of numbers."""
        names = [self.dataset.features[place] for place in self.features]
        return tuple(self.dataset.categories.get(name, ()) for name in names)

    @cached_property
    def _typical(self) -> Array:
        """What a model has in the place of a missing value: a median, or the commonest category."""
        return Encoder.of(self.dataset, np.arange(len(self.dataset.y)), gaps=True).fills

    @cached_property
    def points(self) -> Array:
        """The place of each row, shape (n, axes); rows of a category are spread around it."""
        x = self.dataset.x
        points = np.where(np.isfinite(x), x, self._typical)[:, self.features]
        return spread_categories(points, [len(own) > 0 for own in self.categories])

    def ranges(self) -> tuple[Array, Array]:
        """Return the lowest and the highest place that is drawn along each axis."""
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        margin = 0.06 * (high - low)
        counts = np.array([len(own) for own in self.categories])
        return np.where(counts, -0.5, low - margin), np.where(counts, counts - 0.5, high + margin)

    def inputs(self, places: Array, rows: Integers) -> Array:
        """Return the inputs, at some places, of a model that was trained on some rows.

        The features that are no axis are typical: numbers are the median, categories the most
        frequent one.

        Parameters
        ----------
        places : array, shape (m, axes)
        rows : int array
            The rows that the model was trained on, counted from 0.

        Returns
        -------
        array, shape (m, inputs of these rows)
        """
        x = np.tile(self._typical, (len(places), 1))
        is_category = [len(own) > 0 for own in self.categories]
        x[:, self.features] = np.where(is_category, np.round(places), places)
        return Encoder.of(self.dataset, rows).apply(x)
