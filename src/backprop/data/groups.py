"""Rows that belong together: those of a group, and those that are equal."""

import numpy as np

from backprop.data.dataset import Dataset
from backprop.typing import Integers


def equal_rows(dataset: Dataset) -> Integers:
    """Return a number for each row: rows with equal features and classes have the same one.

    Missing values are equal to each other. Returns an int array, shape (n,).
    """
    cells = np.column_stack([dataset.x, dataset.y]) + 0.0  # -0.0 becomes 0.0
    cells[np.isnan(cells)] = np.nan  # of all its bit patterns, one
    as_bytes = np.ascontiguousarray(cells).view(f"V{cells.itemsize * cells.shape[1]}")[:, 0]
    return np.unique(as_bytes, return_inverse=True)[1].astype(np.int64)


def groups_of(dataset: Dataset, duplicates: str) -> Integers | None:
    """Return the group of each row for the cross-validation.

    Parameters
    ----------
    dataset : Dataset
    duplicates : {"keep", "together"}
        Whether equal rows are a group, or join the groups that they are in.

    Returns
    -------
    int array, shape (n,), or None
        None if every row may be in any fold.
    """
    if duplicates != "together":
        return dataset.groups
    equal = equal_rows(dataset)
    if dataset.groups is None:
        return equal if equal.max() + 1 < len(equal) else None
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    # An edge from each row's group to its equal rows: what is connected stays together.
    first = int(dataset.groups.max()) + 1
    nodes = first + int(equal.max()) + 1
    edges = coo_array((np.ones(len(equal)), (dataset.groups, first + equal)), (nodes, nodes))
    component = connected_components(edges, directed=False)[1]
    return component[dataset.groups].astype(np.int64)
