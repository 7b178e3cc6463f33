"""A table of new data, which is read as the table of its data set, and used for its test alone."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from backprop.data.dataset import DataError, Dataset, Reading, load
from backprop.data.file_tables import read_table
from backprop.data.groups import groups_of, observations_of
from backprop.data.validity import from_tables
from backprop.errors import in_brief

LEAST = 2  # rows, or groups, of each class: a score of one says nothing about others


def read_new_data(
    name: str, file: Path, dataset: Dataset, *, duplicates: str = "keep", **options: Any
) -> Dataset:
    """Read a table of new rows with their classes, and check it as the table of a data set.

    Parameters
    ----------
    name : str
        What messages call the file.
    file : Path
        In any format that `backprop.data.sources.obtain` reads. Its columns may be in any order,
        and others are ignored.
    dataset : Dataset
        What the new rows are like: a feature that has numbers there must have numbers, and each
        class must be one of its classes.
    duplicates : {"keep", "together"}
        As `backprop.data.groups.groups_of` takes it.
    **options
        What a `backprop.data.dataset.Reading` has besides the label and the features.

    Returns
    -------
    Dataset
        With the features and classes of `dataset`. Categories that it does not have are the last.

    Raises
    ------
    DataError
        If the file cannot be read, its cells cannot be used, or a class has fewer than `LEAST` rows
        or groups.
    """
    how = Reading(label=dataset.label, features=dataset.features, **options)
    new = from_tables(read_table(name, load(name, file), how), how, like=dataset)
    own = groups_of(new, duplicates)
    observations = observations_of(len(new.y), own)
    for place, called in enumerate(new.classes):
        number = len(np.unique(observations[new.y == place]))
        if number < LEAST:
            noun = ("row" if own is None else "group") + ("s" if number != 1 else "")
            raise DataError(
                f"{name}: found {number} {noun} of the class {in_brief.repr(called)}; use {LEAST} "
                "or more of each class, as a test must say how well each is predicted"
            )
    return dataclasses.replace(new, remarks=())
