"""Coordinates in which a regression is well-conditioned, or has fewer parameters.

The probabilities of a regression without a penalty depend only on the space that its columns span.
Newton's method takes the same steps in any coordinates of it, but for rounding: nearly equal
columns, or one cell that is far from all others, can cost all digits. With a penalty, the weights
are in the space that the rows span.
"""

from dataclasses import dataclass

import numpy as np

from backprop.typing import Array


@dataclass(frozen=True, eq=False)
class Coordinates:
    """The columns of n rows, and the intercept, in other coordinates: r directions.

    Attributes
    ----------
    rows : array, shape (n, r)
        The rows, each divided by its `size`. Its columns are orthogonal, with a mean square of 1.
    size : array, shape (n, 1)
        The length of each row, in columns that are scaled by their medians.
    back : array, shape (d + 1, r)
        ``back @ theta`` are the intercept and the weights for parameters theta, shape (r,). Of all
        that predict the same for these rows they are the shortest, in the scaled columns.
    """

    rows: Array
    size: Array
    back: Array

    @property
    def design(self) -> Array:
        """The rows, shape (n, r): ``design @ theta`` are the sums that enter the output."""
        return self.rows * self.size

    @classmethod
    def of(cls, x: Array) -> "Coordinates":
        """Find the directions of x, shape (n, d), without those that only rounding makes."""
        centre = np.median(x, axis=0)
        scale = np.median(abs(x - centre), axis=0)  # one far cell does not change it
        scale = np.where(scale > 0, scale, abs(x - centre).max(axis=0))
        scale[scale == 0] = 1.0  # a constant column
        scaled = np.column_stack([np.ones(len(x)), (x - centre) / scale])
        size = np.linalg.norm(scaled, axis=1, keepdims=True)
        left, singular, right = np.linalg.svd(scaled / size, full_matrices=False)
        # As in `numpy.linalg.matrix_rank`.
        kept = singular > singular[0] * max(scaled.shape) * np.finfo(float).eps
        root = np.sqrt(len(x))
        back = right[kept].T / singular[kept] * root
        back[1:] /= scale[:, np.newaxis]
        back[0] -= centre @ back[1:]
        return cls(left[:, kept] * root, size, back)


def row_space(x: Array) -> tuple[Array, Array]:
    """Return rows in coordinates of the space that they span, and the way back to their columns.

    With a penalty, the weights of a fit are in this space: a part that is orthogonal to all rows
    costs something, and changes no probability of them (Hastie & Tibshirani, 2004, *Efficient
    quadratic regularization for expression arrays*). So it has no more weights than rows. The
    directions are orthonormal: the penalty is the same.

    Parameters
    ----------
    x : array, shape (..., n, d)
        At least as many columns as rows.

    Returns
    -------
    rows : array, shape (..., n, n)
    back : array, shape (..., d + 1, n + 1)
        ``back @ theta`` are the intercept and the weights for parameters theta, shape (n + 1,).
    """
    directions, triangle = np.linalg.qr(x.swapaxes(-2, -1))
    back = np.zeros((*x.shape[:-2], x.shape[-1] + 1, x.shape[-2] + 1))
    back[..., 0, 0] = 1.0
    back[..., 1:, 1:] = directions
    return triangle.swapaxes(-2, -1), back
