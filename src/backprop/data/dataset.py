"""A data set in its checked form in memory."""

import errno
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backprop.errors import BackpropError
from backprop.typing import Array, Integers, Json

MOST_CELLS = 30_000_000  # of a table: a small file can hold many, each of which takes memory


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
    unused_ids : mapping of str to int array, shape (n,)
        Without groups and an order: the columns that are not used, and seem to name what rows
        belong to, with the number of each row's value.
    cells : mapping of str to mapping
        What cells became, as `backprop.data.cell_meaning.account` returns it.
    ids : tuple of str
        What each row is called; empty if the rows have no names. No number depends on it.
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
    unused_ids: Mapping[str, Integers] = field(default_factory=dict)
    cells: Mapping[str, Json] = field(default_factory=dict)
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a table is read as a data set: the keys of a data set in the config, but its source.

    Attributes
    ----------
    label : str
        The class column.
    features : sequence of str, optional
        The feature columns, in order, by default all but the columns of the classes, the groups and
        the order. The columns of an archive of two files have no names, and get these.
    exclude : sequence of str
        Columns that are no features, if `features` does not say which are.
    positive : str, number or bool, optional
        Of two classes, the one whose probability is predicted: it becomes class 1; by default the
        last in order.
    missing : {"refuse", "impute"}
        What to do if features have no value in some rows.
    missing_values : sequence of str and numbers
        What counts as no value in a cell, besides what always does: a text that is the whole cell,
        but for blanks around it, or a number in any form, such as -999 for -999.0.
    groups : str or sequence of str, optional
        The column whose equal cells mark the rows of one group: they belong together. Of several
        columns, the cells of all of them, such as of an id that restarts in each centre.
    id : str, optional
        The column that names each row. It may be one of the groups.
    order : str, optional
        The column with numbers or dates that rows are in the order of. It may be a feature,
        too.
    sheet : str, optional
        The sheet of an Excel workbook; by default the only one that is not hidden.
    header : int, optional
        The line of a CSV file, or the row of a sheet, with the names of the columns; by default the
        first that is not blank.
    skip_lines : collection of int
        Lines, or rows of a sheet, that are left out, such as one of totals.
    without_class : {"refuse", "drop"}
        What to do with rows without a class.
    cells : mapping of str to mapping, optional
        By column: how its cells are read, as `backprop.data.cell_meaning` takes it.
    rows : int, optional
        How many rows to draw by the seed, at most, with the shares of the classes and with whole
        groups; by default all.
    seed : int
        Of the draw.
    most_cells : int
        The largest number of cells in the columns that are used.
    join_spellings : bool
        Whether spellings of a class that differ in case or blanks are one class, by the commonest.
    """

    label: str
    features: Sequence[str] | None = None
    exclude: Sequence[str] = ()
    positive: str | float | bool | None = None
    missing: str = "refuse"
    missing_values: Sequence[str | float] = ()
    groups: str | Sequence[str] | None = None
    id: str | None = None
    order: str | None = None
    sheet: str | None = None
    header: int | None = None
    skip_lines: Collection[int] = ()
    without_class: str = "refuse"
    join_spellings: bool = False
    cells: Mapping[str, Mapping[str, Json]] | None = None
    rows: int | None = None
    seed: int = 0
    most_cells: int = MOST_CELLS

    def most_rows(self, columns: int) -> float:
        """Return how many rows a table with this number of columns may have."""
        most = self.most_cells // self._used_of(columns)
        return math.inf if self.rows is not None and self.rows <= most else most

    def _used_of(self, columns: int) -> int:
        """Return how many columns of a table are used, if each name is one of them."""
        roles = {self.label, *self.group_columns, *names_of(self.order)}
        named = None if self.features is None else len({*self.features} | roles)
        return max(1, columns - len(self.exclude) if named is None else named)

    def too_large(self, source: str, rows: int, columns: int) -> DataError:
        """Return the error on a table with this number of rows, or more: it says how to go on."""
        used = self._used_of(columns)
        most, cells = self.most_cells // used, rows * used
        draw = f"draw {most:,} rows, by `rows: {most}`, " if most > 1 else ""
        return DataError(
            f"{source}: found {rows:,} rows or more of {used:,} columns that are used; use at most "
            f"{self.most_cells:,} cells: name fewer columns in `features`, {draw}or allow more by "
            f"`most_cells: {cells}`, if each job may take {24 * cells / 1e9:.1f} GB"
        )

    @property
    def group_columns(self) -> tuple[str, ...]:
        """The columns that say together which group a row is of; none without groups."""
        return names_of(self.groups)


def names_of(columns: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the names in a key that has a column, several or none."""
    return (columns,) if isinstance(columns, str) else tuple(columns or ())


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
        names = dict.fromkeys([source, str(path)])  # the path may be the name
        raise DataError(": ".join([*names, error.strerror or str(error)])) from error
