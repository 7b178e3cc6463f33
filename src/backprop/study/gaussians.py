"""Data sets like a given one, whose truth is known: the rows of each class are Gaussian."""

from dataclasses import dataclass

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.typing import Array, Integers

TRIES = 1_000  # of drawing classes, for data with many small classes


@dataclass(frozen=True, eq=False)
class Gaussians:
    """A Gaussian for each class of a data set, and the shares of the classes.

    Attributes
    ----------
    y : int array, shape (n,)
        The classes of the data set, from 0 to C - 1, with the shares of the population.
    means : array, shape (C, d)
        The mean of each class.
    factors : tuple of arrays, each of shape (rank, d)
        For each class, ``factor.T @ factor`` is the covariance. It may be singular.
    """

    y: Integers
    means: Array
    factors: tuple[Array, ...]

    @classmethod
    def of(cls, dataset: Dataset) -> "Gaussians":
        """Fit the mean and the covariance of each class (ddof=1) to the encoded rows.

        All rows decide how the columns are encoded, see `backprop.data.encoding.Encoder`.
        """
        x = Encoder.of(dataset, np.arange(len(dataset.y))).apply(dataset.x)
        own = [x[dataset.y == c] for c in range(len(dataset.classes))]
        means = np.array([rows.mean(axis=0) for rows in own])
        pairs = zip(own, means, strict=True)
        return cls(dataset.y, means, tuple(_factor(rows - mean) for rows, mean in pairs))

    def closer(self, share: float) -> "Gaussians":
        """Return the Gaussians whose means are at this share of their distance from the centre.

        The centre is the mean of all rows. At 0, all classes have the same mean.
        """
        centre = self.means[self.y].mean(axis=0)
        return Gaussians(self.y, centre + share * (self.means - centre), self.factors)

    def draw_classes(self, generator: np.random.Generator, least: int) -> Integers:
        """Draw the class of each of n rows, as a sample of the population has them.

        Parameters
        ----------
        generator : numpy.random.Generator
        least : int
            The fewest rows of a class, such as the number of folds: data with fewer are refused,
            and drawn again here. After `TRIES` of them, the classes of the data are taken.

        Returns
        -------
        int array, shape (n,)
        """
        shares = np.bincount(self.y) / len(self.y)
        for _ in range(TRIES):
            y = generator.choice(len(shares), len(self.y), p=shares)
            if np.bincount(y, minlength=len(shares)).min() >= least:
                return np.asarray(y, dtype=np.int64)
        return generator.permutation(self.y)

    def draw(self, generator: np.random.Generator, y: Integers) -> Array:
        """Draw rows of the given classes.

        Parameters
        ----------
        generator : numpy.random.Generator
            It draws the same numbers, whatever the means are.
        y : int array, shape (m,)

        Returns
        -------
        array, shape (m, d)
        """
        x = self.means[y]
        for c, factor in enumerate(self.factors):
            rows = np.flatnonzero(y == c)
            x[rows] += generator.standard_normal((rows.size, len(factor))) @ factor
        return x

    def dataset(self, x: Array, y: Integers) -> Dataset:
        """Return rows from `draw` as a data set."""
        names = tuple(f"input_{place + 1}" for place in range(x.shape[1]))
        return Dataset(names, "class", x, y, tuple(str(c) for c in range(len(self.means))))


def _factor(centred: Array) -> Array:
    """Return a factor of the covariance of centred rows, shape (n, d), with min(n, d) rows."""
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    factor = lengths[:, np.newaxis] * directions / np.sqrt(max(1, len(centred) - 1))
    factor[:, ~centred.any(axis=0)] = 0.0  # a constant column stays one: no rounding error varies
    return np.asarray(factor)
