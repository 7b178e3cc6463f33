"""Standardise features by the training rows of a split."""

import numpy as np

from backprop.typing import Array, Integers


def standardise(x: Array, rows: Integers) -> Array:
    """Scale columns to mean 0 and standard deviation 1 (ddof=0) on some of the rows.

    Parameters
    ----------
    x : array, shape (n, d)
    rows : array of int
        The rows, counted from 0, whose mean and standard deviation are used.

    Returns
    -------
    array, shape (n, d)
        A column that is constant on `rows` is centred, but not scaled.
    """
    shown = x[rows]
    # `ptp` is exactly 0 for a constant column, but `std` may be a rounding error above 0.
    scale = np.where(np.ptp(shown, axis=0) > 0, shown.std(axis=0), 1.0)
    return (x - shown.mean(axis=0)) / scale
