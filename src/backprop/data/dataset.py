"""A data set: read it from CSV, check it, and write it in its canonical form.

Messages and files count rows from 1, without the header.
"""

import contextlib
import csv
import dataclasses
import difflib
import errno
import io
import itertools
import json
import math
import reprlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import numpy as np

from backprop.errors import BackpropError
from backprop.escaping import for_spreadsheet, from_spreadsheet
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
    """

    features: tuple[str, ...]
    label: str
    x: Array
    y: Integers
    classes: tuple[str, ...] = ("0", "1")
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Integers | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """The cells of a file.

    Attributes
    ----------
    source : str
        The name of the file in messages.
    header : list of str
        The names of the columns.
    rows : list of list of str
        The cells of each row. Empty lines are no rows.
    lines : list of int
        The number of each row's line in the file.
    member : str
        The name of the file in its archive, if it is in one.
    """

    source: str
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    member: str | None = None

    def place(self, row: int) -> str:
        """Return what messages call a row, counted from 0."""
        member = f" of {self.member}" if self.member else ""
        return f"{self.source}: row {row + 1} (line {self.lines[row]}{member})"


def read_dataset(path: Path, columns: Path | None = None) -> Dataset:
    """Read a data set from a CSV file in the `canonical` form.

    Parameters
    ----------
    path : Path
        Its last column is the class.
    columns : Path, optional
        The file of `columns_of` the data set. By default, every feature is a number, and the
        classes are 0 and 1.

    Raises
    ------
    DataError
        If a file cannot be read or its data cannot be used.
    """
    table = parse_csv(str(path), load(str(path), path))
    names = [from_spreadsheet(name) for name in table.header]
    table = dataclasses.replace(table, header=names)
    if columns is None:
        return from_table(table, names[:-1], names[-1])
    try:
        return _described(table, json.loads(load(str(columns), columns)))
    except (ValueError, LookupError, TypeError) as error:
        raise DataError(f"{path} and {columns.name} are not of one data set: {error!r}") from error


def _described(table: Table, columns: Mapping[str, Any]) -> Dataset:
    """Return the data set of a canonical table and its description, from `columns_of`."""
    cells = list(zip(*table.rows, strict=True))
    categories = {name: tuple(names) for name, names in columns["categories"].items()}
    x = np.empty((len(table.rows), len(table.header) - 1))
    for place, name in enumerate(table.header[:-1]):
        if name in categories:
            codes = {for_spreadsheet(text): code for code, text in enumerate(categories[name])}
            x[:, place] = [codes[cell] if cell else math.nan for cell in cells[place]]
        else:
            x[:, place] = [float(cell or math.nan) for cell in cells[place]]
    classes = tuple(columns["classes"])
    places = {for_spreadsheet(text): y for y, text in enumerate(classes)}
    y = np.array([places[cell] for cell in cells[-1]], dtype=np.int64)
    groups = None if columns["groups"] is None else np.array(columns["groups"], dtype=np.int64)
    return Dataset(tuple(table.header[:-1]), table.header[-1], x, y, classes, categories, groups)


def canonical(data: Dataset) -> bytes:
    r"""Return a data set as CSV, always in the same form: equal data sets give equal bytes.

    The first line is the header. Each further line is a row: each number with the fewest digits
    that give the same float64, each category and class by its name, nothing for a missing value.
    All texts are safe to open in a spreadsheet. Lines end in ``\n``.
    """
    cells = [_cells(data, place) for place in range(len(data.features))]
    names = [for_spreadsheet(name) for name in data.classes]
    cells.append([names[y] for y in data.y.tolist()])
    texts = [data.label, *data.features, *data.classes, *itertools.chain(*data.categories.values())]
    # Before Python 3.13, `csv` does not quote \r, although it ends a line for readers.
    every = any("\r" in text for text in texts)
    file = io.StringIO()
    writer = csv.writer(
        file, lineterminator="\n", quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    )
    writer.writerow(for_spreadsheet(name) for name in (*data.features, data.label))
    writer.writerows(zip(*cells, strict=True))
    return file.getvalue().encode()


def _cells(data: Dataset, place: int) -> list[str]:
    """Return the cells of a feature in the canonical form."""
    column, categories = data.x[:, place].tolist(), data.categories.get(data.features[place])
    if categories is None:
        return ["" if math.isnan(value) else repr(value) for value in column]
    texts = [for_spreadsheet(name) for name in categories]
    return ["" if math.isnan(code) else texts[int(code)] for code in column]


def columns_of(data: Dataset) -> dict[str, Any]:
    """Return what the `canonical` form of a data set does not say, for a JSON file."""
    return {
        "classes": list(data.classes),
        "categories": {name: list(texts) for name, texts in data.categories.items()},
        "groups": None if data.groups is None else data.groups.tolist(),
    }


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
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(errno.EINVAL, "Not a file, but a device or a pipe, which may never end")
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


def parse_csv(source: str, content: bytes) -> Table:
    """Parse a CSV file.

    Raises
    ------
    DataError
        If `content` is not CSV in UTF-8, or its header has a name twice.
    """
    reader = csv.reader(io.StringIO(decode(source, content), newline=""), strict=True)
    try:
        table = Table(source, [name.strip() for name in next(filter(None, reader))])
        for cells in filter(None, reader):
            table.rows.append(cells)
            table.lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{source}: line {reader.line_num} is not CSV: {error}") from error
    refuse_duplicates(f"{source}: header", table.header)
    return table


def from_table(table: Table, features: Sequence[str], label: str) -> Dataset:
    """Create a data set from the named columns of a table; other columns are ignored.

    Raises
    ------
    DataError
        If a column is missing or the data cannot be used.
    """
    names = [*features, label]
    present = set(table.header)
    for name in names:
        if name not in present:
            nearest = difflib.get_close_matches(name, present.difference(names), n=1)
            hint = f"; did you mean {in_brief.repr(nearest[0])}?" if nearest else ""
            raise DataError(
                f"{table.source}: found no column {in_brief.repr(name)}, "
                f"only {listed(table.header)}{hint}"
            )
    x = parse_numbers(table, features)
    return validate(table.source, features, label, x, parse_classes(table, label))


def parse_numbers(table: Table, names: Sequence[str]) -> Array:
    """Return the named columns as finite numbers, shape (rows, names).

    Raises
    ------
    DataError
        If a row does not have one cell per name in the header, or a cell is not a finite number.
    """
    for row, cells in enumerate(table.rows):
        if len(cells) != len(table.header):
            raise DataError(
                f"{table.place(row)}: found {len(cells)} cells, allowed is {len(table.header)}, "
                f"one for each of {listed(table.header)}"
            )
    places = {name: place for place, name in enumerate(table.header)}
    columns = [places[name] for name in names]
    chosen = [cells[column] for cells in table.rows for column in columns]
    values = _numbers(chosen)
    finite = np.isfinite(values)
    if not finite.all():
        wrong = int(np.argmin(finite))  # the first
        row, column = divmod(wrong, len(names))
        shown = in_brief.repr(chosen[wrong]) if chosen[wrong].strip() else "no value"
        raise DataError(
            f"{table.place(row)}, column {in_brief.repr(names[column])}: found {shown}, "
            "allowed is a finite number"
        )
    return values.reshape(-1, len(names))


def _numbers(cells: list[str]) -> Array:
    """Return the float64 of each cell; NaN if it is not a number."""
    every_cell = "".join(cells)
    if every_cell.isascii() and "_" not in every_cell:
        with contextlib.suppress(ValueError):  # fast, for a million cells
            return np.fromiter(map(float, cells), np.float64, len(cells))
    return np.array([_number(cell) for cell in cells])


def _number(cell: str) -> float:
    """Return the float64 of a cell; NaN for 1_0 and digits of other scripts, which Python reads."""
    plain = cell.strip().isascii() and "_" not in cell
    try:
        return float(cell) if plain else math.nan
    except ValueError:
        return math.nan


def parse_classes(table: Table, label: str) -> Integers:
    """Return the named column as classes, 0 or 1, shape (rows,).

    Raises
    ------
    DataError
        If a cell is not exactly 0 or 1, in any form of a number. What is only rounded to 0 or 1,
        such as 0.99999999999999999, is not meant as a class.
    """
    numbers = parse_numbers(table, [label])[:, 0]
    column = table.header.index(label)
    texts = [cells[column].strip() for cells in table.rows]
    lenient = Context(traps=[])  # reads an exponent of 20 digits as NaN
    classes = {text for text in set(texts) if Decimal(text, lenient) in (0, 1)}
    for row, text in enumerate(texts):
        if text not in classes:
            raise DataError(
                f"{table.place(row)}, column {in_brief.repr(label)}: "
                f"found {in_brief.repr(text)[1:-1]}, "
                "allowed is 0 or 1 (more than two classes are not supported yet)"
            )
    return numbers.astype(np.int64)


def validate(source: str, features: Sequence[str], label: str, x: Array, y: Integers) -> Dataset:
    """Check that there are two classes and that each feature varies; return the data set.

    Parameters
    ----------
    source : str
        The name of the source in messages.
    features, label, x, y
        As in `Dataset`.

    Raises
    ------
    DataError
        If the check fails.
    """
    if not len(y):
        raise DataError(f"{source}: found no data rows, allowed is one or more of each class")
    if np.all(y == y[0]):
        raise DataError(
            f"{source}: column {in_brief.repr(label)}: "
            f"found only class {y[0]} in rows 1 to {len(y)}, allowed is both 0 and 1"
        )
    constant = np.all(x == x[0], axis=0)
    if constant.any():
        column = int(np.argmax(constant))
        raise DataError(
            f"{source}: column {in_brief.repr(features[column])}: "
            f"found {x[0, column]:g} in all rows 1 to {len(y)}, allowed is a feature that varies"
        )
    return Dataset(tuple(features), label, x, y)


def refuse_duplicates(where: str, names: Sequence[str]) -> None:
    """Raise a `DataError` if a name occurs twice."""
    repeated = next((name for name, count in Counter(names).items() if count > 1), None)
    if repeated is not None:
        raise DataError(
            f"{where}: found {in_brief.repr(repeated)} twice, allowed is each column name once"
        )


def listed(names: Sequence[str]) -> str:
    """Return the names of columns for a message; of many, the first and their number."""
    listed = in_brief.repr(list(names))[1:-1]
    return listed if len(names) <= in_brief.maxlist else f"{listed} ({len(names)} columns)"
