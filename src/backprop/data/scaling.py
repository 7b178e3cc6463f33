"""Standardise features by the training rows of a split."""

import numpy as np

from backprop.typing import Array, Integers


def standardise(x: Array, rows: Integers) -> Array:
    """Scale columns to mean 0 and standard deviation 1 (ddof=0) on chosen rows.

    Parameters
    ----------
    x : array, shape (n, d)
    rows : int array
        The chosen rows, counted from 0, such as the training rows of a split.

    Returns
    -------
    array, shape (n, d)
        All rows. A column that is constant on `rows` is centred, but not scaled.
    """
    chosen = x[rows]
    # `ptp` is exactly 0 for a constant column, but `std` may be a rounding error above 0.
    scale = np.where(np.ptp(chosen, axis=0) > 0, chosen.std(axis=0), 1.0)
    return (x - chosen.mean(axis=0)) / scale
