"""A data set in its checked form in memory."""

import errno
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backprop.errors import BackpropError
from backprop.typing import Array, Integers

in_brief = reprlib.Repr()  # of names and cells in messages: a file may have any number, of any size
in_brief.maxstring, in_brief.maxlist = 80, 20


class DataError(BackpropError):
    """A data set cannot be read, or the workflow cannot use it."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set of C >= 2 classes, checked.

    Attributes
    ----------
    features : tuple of str
        The names of the columns with the features.
    label : str
        The name of the class column.
    x : array, shape (n, columns)
        The features, none of them constant. A cell is a finite number, or the place of a category
        in `categories`, or NaN if the value is missing.
    y : int array, shape (n,)
        The classes, from 0 to C - 1. All occur.
    classes : tuple of str
        What the classes are called in the source, class 0 first. With two classes, models predict
        the probability of class 1.
    categories : mapping of str to tuple of str
        By the names of the features that are not numbers: their categories.
    groups : int array, shape (n,), optional
        The group of each row; rows of one group stay in one fold.
    order : int array, shape (n,), optional
        The place of each row, from 0, in the order in which folds are blocks; equal values have
        one place.
    remarks : tuple of str
        What was done to use the table, and what may be a mistake of it, in words.
    """

    features: tuple[str, ...]
    label: str
    x: Array
    y: Integers
    classes: tuple[str, ...] = ("0", "1")
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Integers | None = None
    order: Integers | None = None
    remarks: tuple[str, ...] = ()


def load(source: str, path: Path) -> bytes:
    """Read a file.

    Parameters
    ----------
    source : str
        The name of the file in messages: its name in the config.
    path : Path

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(errno.EINVAL, "Not a file, but a device or a pipe, which may never end")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{source}: {path}: {error.strerror}") from error


def listed(names: Sequence[str]) -> str:
    """Return names for a message; of many, the first and their number."""
    listed = in_brief.repr(list(names))[1:-1]
    return listed if len(names) <= in_brief.maxlist else f"{listed} ({len(names)} in all)"
