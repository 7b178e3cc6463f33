"""Standardise features by the training rows of a split; scale what is too large or too small."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop.typing import Array, Integers

FARTHEST = 1e150  # standard deviations from the mean; the square is still a float64


@dataclass(frozen=True, eq=False)
class Scaling:
    """How to scale d columns, as learned from some rows.

    Attributes
    ----------
    exponent : int array, shape (d,)
        The power of 2 that each column is divided by first, so that no sum overflows.
    mean, scale : arrays, shape (d,)
        Of the divided columns; the scale of a constant column is 1.
    shift : int array, shape (d,)
        The power of 2 that each scaled column is multiplied by: 0, if the column varies.
    """

    exponent: NDArray[np.integer]
    mean: Array
    scale: Array
    shift: NDArray[np.integer]

    @classmethod
    def of(cls, rows: Array) -> "Scaling":
        """Learn how to scale columns from rows of finite numbers, shape (n, d)."""
        low, high = rows.min(axis=0), rows.max(axis=0)
        varies = low < high  # `std` may be a rounding error above 0 for a constant column
        # Near 1, no sum overflows and no square underflows. A factor of 2 changes no digit.
        exponent = np.frexp(np.maximum(-low, high))[1]
        rows = np.ldexp(rows, -exponent)
        scale = np.where(varies, rows.std(axis=0), 1.0)
        return cls(exponent, rows.mean(axis=0), scale, np.where(varies, 0, exponent))

    def apply(self, x: Array) -> Array:
        """Scale rows, shape (n, d); they are finite, see `standardise`."""
        with np.errstate(over="ignore"):  # of rows that are far from those learned from
            scaled = (np.ldexp(x, -self.exponent) - self.mean) / self.scale
            scaled = np.ldexp(scaled, self.shift)
        return np.clip(scaled, -FARTHEST, FARTHEST)


def standardise(x: Array, rows: Integers) -> Array:
    """Scale columns to mean 0 and standard deviation 1 (ddof=0) on chosen rows.

    Parameters
    ----------
    x : array, shape (n, d)
        Any finite numbers.
    rows : int array
        The chosen rows, counted from 0, such as the training rows of a split.

    Returns
    -------
    array, shape (n, d)
        All rows, finite: another row counts as at most `FARTHEST` from the mean. A column that is
        constant on `rows` is centred, but not scaled.
    """
    return Scaling.of(x[rows]).apply(x)


def exponents(x: Array, largest: float) -> Integers:
    """Return by which powers of 2 to divide columns that are too large or small to compute with.

    Parameters
    ----------
    x : array, shape (n, d)
        Finite, with a number that is not 0 in each column.
    largest : float
        What is too large. What is below 1 / `largest` is too small.

    Returns
    -------
    int array, shape (d,)
        0 for the other columns. ``np.ldexp(x, -exponents)`` changes no digit, and has columns whose
        largest absolute values are from 1/2 to 1.
    """
    size = np.abs(x).max(axis=0)
    return np.where((size > largest) | (size < 1 / largest), np.frexp(size)[1], 0)
