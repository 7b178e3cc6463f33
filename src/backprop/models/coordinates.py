"""Coordinates in which a regression without a penalty is well-conditioned.

The probabilities of such a regression depend only on the space that its columns span. Newton's
method takes the same steps in any coordinates of it, but for rounding: nearly equal columns, or one
cell that is far from all others, can cost all digits.
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
