"""Obtain a data set, from wherever it comes, and accept it only when it is sound.

A row is counted from 1, without the header, wherever a number of a row is shown or written.
"""

import csv
import difflib
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backprop.errors import BackpropError

Row = tuple[str, list[str]]  # where it stands, for messages, and its cells


class DataError(BackpropError):
    """A data set that cannot be had, or cannot be used as it is."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A sound data set of two classes.

    Attributes
    ----------
    features : tuple of str
        Names of the d features.
    label : str
        Name of the class column.
    x : array of shape (n, d)
        The features, finite, no column constant.
    y : array of shape (n,)
        The classes, 0 or 1, both present.
    """

    features: tuple[str, ...]
    label: str
    x: NDArray[np.float64]
    y: NDArray[np.int64]


def read(path: Path) -> Dataset:
    """Read a file that holds the `canonical` form: all columns but the last are features.

    Raises
    ------
    DataError
        If the file cannot be read or is not sound.
    """
    header, rows = table_of(str(path), load(str(path), path))
    return from_table(str(path), header, rows, header[:-1], header[-1])


def canonical(dataset: Dataset) -> bytes:
    r"""Return the one CSV file that stands for a data set, whatever form it came in.

    A header, then a line per row: features in the shortest decimals that give the same float64,
    the class as 0 or 1; lines end in ``\n``.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*dataset.features, dataset.label])
    for x, y in zip(dataset.x.tolist(), dataset.y.tolist(), strict=True):
        writer.writerow([*map(repr, x), y])
    return text.getvalue().encode()


def standardise(x: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scale the columns of x, shape (n, d), to mean 0 and standard deviation 1 on the given rows.

    A column that is constant on those rows is only centred.
    """
    shown = x[rows]
    # Not where the standard deviation is 0: that of a constant such as 0.1 is a rounding error.
    scale = np.where(np.ptp(shown, axis=0) > 0, shown.std(axis=0), 1.0)
    return (x - shown.mean(axis=0)) / scale


# From bytes to a data set


def table_of(source: str, content: bytes) -> tuple[list[str], list[Row]]:
    """Parse a CSV file into its header and its rows."""
    reader = csv.reader(io.StringIO(decoded(source, content), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(filter(None, reader))]
        rows = rows_of((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise DataError(f"{source}: line {reader.line_num} is not CSV: {error}") from error
    refuse_duplicates(f"{source}: header", header)
    return header, rows


def from_table(
    source: str, header: Sequence[str], rows: list[Row], features: Sequence[str], label: str
) -> Dataset:
    """Make a data set of a table with named columns; see `table_of`."""
    wanted = [*features, label]
    for name in wanted:
        if name not in header:
            nearest = difflib.get_close_matches(name, set(header) - set(wanted), n=1)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            raise DataError(
                f"{source}: found no column {name!r}, only {', '.join(map(repr, header))}{hint}"
            )
    values = numbers(source, header, rows, wanted)
    return validated(source, features, label, values[:, :-1], values[:, -1], rows)


def decoded(source: str, content: bytes) -> str:
    """Return text in UTF-8 that is not empty."""
    try:
        text = content.decode("utf-8-sig")  # spreadsheets put a byte order mark first
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{source}: line {line}: found the byte 0x{content[error.start]:02x}, "
            "allowed is text in UTF-8"
        ) from error
    if not text.strip():
        raise DataError(f"{source}: the file is empty")
    return text


def rows_of(numbered: Iterable[tuple[int, list[str]]], of: str = "") -> list[Row]:
    """Number the rows that are not empty from 1, with their lines in the file for messages."""
    filled = ((line, cells) for line, cells in numbered if cells)
    return [(f"row {row} (line {line}{of})", c) for row, (line, c) in enumerate(filled, start=1)]


def numbers(
    source: str, header: Sequence[str], rows: list[Row], wanted: Sequence[str]
) -> NDArray[np.float64]:
    """Return the wanted columns as an array of shape (rows, wanted), all finite."""
    positions = [header.index(name) for name in wanted]
    for place, cells in rows:
        if len(cells) != len(header):
            raise DataError(
                f"{source}: {place}: found {len(cells)} cells, allowed is {len(header)}, "
                f"one for each of {', '.join(map(repr, header))}"
            )
    values = [
        [_number(f"{source}: {place}, column {header[p]!r}", cells[p]) for p in positions]
        for place, cells in rows
    ]
    return np.array(values, dtype=np.float64).reshape(-1, len(wanted))


def _number(where: str, cell: str) -> float:
    if not cell.strip():
        raise DataError(f"{where}: found no value, allowed is a finite number")
    try:
        value = float(cell.replace("_", "?"))  # Python reads 1_0 as 10; no data file means that
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DataError(f"{where}: found {cell!r}, allowed is a finite number")
    return value


def validated(
    source: str,
    features: Sequence[str],
    label: str,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    y_rows: list[Row],
) -> Dataset:
    """Return the data set, if it is one of two classes and of features that vary."""
    if not len(y):
        raise DataError(f"{source}: found no data rows, allowed is one or more of each class")
    for value, (place, _) in zip(y, y_rows, strict=True):
        if value not in (0, 1):
            raise DataError(
                f"{source}: {place}, column {label!r}: found {value:g}, allowed is 0 or 1 "
                "(more than two classes are not supported yet)"
            )
    if np.all(y == y[0]):
        raise DataError(
            f"{source}: column {label!r}: found only class {y[0]:g} in rows 1 to {len(y)}, "
            "allowed is both 0 and 1"
        )
    for name, column in zip(features, x.T, strict=True):
        if np.all(column == column[0]):
            raise DataError(
                f"{source}: column {name!r}: found {column[0]:g} in all rows 1 to {len(y)}, "
                "allowed is a feature that varies"
            )
    return Dataset(tuple(features), label, x, y.astype(np.int64))


def refuse_duplicates(where: str, names: Sequence[str]) -> None:
    """Refuse names of which one occurs twice."""
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise DataError(f"{where}: found {repeated!r} twice, allowed is each column name once")


def load(source: str, path: Path) -> bytes:
    """Read a file; `source` is what the user calls it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{source}: {path}: {error.strerror}; allowed is `bundled`, a URL or a file"
        ) from error
