"""A data set: read it from CSV, check it, and write it in its canonical form.

Messages and files count rows from 1, without the header.
"""

import csv
import difflib
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backprop.errors import BackpropError
from backprop.typing import Array, Integers

Row = tuple[str, list[str]]
"""The place of a row in its file, for messages, and its cells."""


class DataError(BackpropError):
    """A data set cannot be read, or the workflow cannot use it."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set of two classes, checked.

    Attributes
    ----------
    features : tuple of str
        The names of the d features.
    label : str
        The name of the class column.
    x : array, shape (n, d)
        The features: finite, and no column is constant.
    y : int array, shape (n,)
        The classes, 0 or 1. Both occur.
    """

    features: tuple[str, ...]
    label: str
    x: Array
    y: Integers


def read_dataset(path: Path) -> Dataset:
    """Read a CSV file whose last column is the class, such as one in the `canonical` form.

    Raises
    ------
    DataError
        If the file cannot be read or its data cannot be used.
    """
    header, rows = parse_csv(str(path), load(str(path), path))
    return from_table(str(path), header, rows, header[:-1], header[-1])


def canonical(data: Dataset) -> bytes:
    r"""Return a data set as CSV, always in the same form: equal data sets give equal bytes.

    The first line is the header. Each further line is a row: each feature with the fewest digits
    that give the same float64, and the class as 0 or 1. Lines end in ``\n``.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*data.features, data.label])
    for x, y in zip(data.x.tolist(), data.y.tolist(), strict=True):
        writer.writerow([*map(repr, x), y])
    return text.getvalue().encode()


# From bytes to a data set


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
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{source}: {path}: {error.strerror}; allowed is `bundled`, a URL or a file"
        ) from error


def decode(source: str, content: bytes) -> str:
    """Decode UTF-8.

    Raises
    ------
    DataError
        If `content` is not UTF-8, or is blank.
    """
    try:
        text = content.decode("utf-8-sig")  # spreadsheets write a byte order mark first
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{source}: line {line}: found the byte 0x{content[error.start]:02x}, "
            "allowed is text in UTF-8"
        ) from error
    if not text.strip():
        raise DataError(f"{source}: the file is empty")
    return text


def parse_csv(source: str, content: bytes) -> tuple[list[str], list[Row]]:
    """Parse a CSV file into its header and its rows.

    Raises
    ------
    DataError
        If `content` is not CSV in UTF-8, or its header has a name twice.
    """
    reader = csv.reader(io.StringIO(decode(source, content), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(filter(None, reader))]
        rows = number_rows((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise DataError(f"{source}: line {reader.line_num} is not CSV: {error}") from error
    refuse_duplicates(f"{source}: header", header)
    return header, rows


def number_rows(lines: Iterable[tuple[int, list[str]]], suffix: str = "") -> list[Row]:
    """Number the lines that are not empty, from 1.

    Parameters
    ----------
    lines : iterable of (int, list of str)
        The number of each line in its file, and its cells.
    suffix : str
        Follows the line number in messages.
    """
    filled = ((line, cells) for line, cells in lines if cells)
    return [
        (f"row {row} (line {line}{suffix})", cells)
        for row, (line, cells) in enumerate(filled, start=1)
    ]


def from_table(
    source: str, header: Sequence[str], rows: list[Row], features: Sequence[str], label: str
) -> Dataset:
    """Create a data set from the columns of a table.

    Parameters
    ----------
    source : str
        The name of the source in messages.
    header, rows
        The table, from `parse_csv`.
    features, label
        The names of the columns to use. Other columns are ignored.

    Raises
    ------
    DataError
        If a column is missing or the data cannot be used.
    """
    names = [*features, label]
    for name in names:
        if name not in header:
            nearest = difflib.get_close_matches(name, set(header) - set(names), n=1)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            raise DataError(
                f"{source}: found no column {name!r}, only {', '.join(map(repr, header))}{hint}"
            )
    values = parse_numbers(source, header, rows, names)
    return validate(source, features, label, values[:, :-1], values[:, -1], rows)


def parse_numbers(
    source: str, header: Sequence[str], rows: list[Row], names: Sequence[str]
) -> Array:
    """Return the named columns as finite numbers, shape (rows, names).

    Raises
    ------
    DataError
        If a row does not have one cell per name in the header, or a cell is not a finite number.
    """
    columns = [header.index(name) for name in names]
    for place, cells in rows:
        if len(cells) != len(header):
            raise DataError(
                f"{source}: {place}: found {len(cells)} cells, allowed is {len(header)}, "
                f"one for each of {', '.join(map(repr, header))}"
            )
    values = [
        [_number(f"{source}: {place}, column {header[n]!r}", cells[n]) for n in columns]
        for place, cells in rows
    ]
    return np.array(values, dtype=np.float64).reshape(-1, len(names))


def _number(where: str, cell: str) -> float:
    if not cell.strip():
        raise DataError(f"{where}: found no value, allowed is a finite number")
    try:
        value = float(cell.replace("_", "?"))  # refuse 1_0, which Python reads as 10
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DataError(f"{where}: found {cell!r}, allowed is a finite number")
    return value


def validate(
    source: str, features: Sequence[str], label: str, x: Array, y: Array, y_rows: list[Row]
) -> Dataset:
    """Check that there are two classes and that each feature varies; return the data set.

    Parameters
    ----------
    source : str
        The name of the source in messages.
    features, label, x, y
        As in `Dataset`; here y may have any values.
    y_rows : list of Row
        The places of the rows of y.

    Raises
    ------
    DataError
        If the check fails.
    """
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
    """Raise a `DataError` if a name occurs twice."""
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise DataError(f"{where}: found {repeated!r} twice, allowed is each column name once")
