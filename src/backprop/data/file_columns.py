"""The columns of a large file: read by arrays, as numbers or codes of texts, when they are needed.

Of delimited files, `plain_lines` says which can be read so. All others are left to Python's `csv`
in `backprop.data.file_tables`, which has the messages on faults. Both read the same.
"""

import csv
import io
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any, Protocol, Self

import numpy as np

from backprop.typing import Array, Integers

LARGE_BYTES = 5_000_000  # from here on, a delimited file is read by arrays if it is plain
FIRST_ROWS = 1000
BLOCK_BYTES = 8_000_000
ROWS_OF_A_BLOCK = 2000  # or more: each column of a block takes its time
LONGEST_CELL = 131_072  # that `csv` reads
NUMBER = re.compile(r"[-+]?(\d++(\.\d*+)?|\.\d++)([eE][-+]?\d++)?", re.ASCII)


class FileColumns(Protocol):
    """The columns of a file, counted from 0, in some of its rows."""

    rows: Integers | None

    def __len__(self) -> int:
        """Return the number of rows."""

    def taking(self, rows: Integers) -> Self:
        """Return the same columns in some of these rows, in ascending order."""

    def first(self, place: int) -> Sequence[str]:
        """Return the texts of a column in the first `FIRST_ROWS` rows."""

    def last(self, place: int) -> str:
        """Return the text of a column in the last row."""

    def numbers(self, place: int) -> Array | None:
        """Return the float64 of each row, NaN without a value; None if a cell is something else.

        Do not change it.
        """

    def coded(self, place: int) -> tuple[list[str], Integers]:
        """Return the different texts, in the order of the rows, and the place of each row's."""


class Cells(Sequence[str]):
    """The cells of a column of a file, as texts without blanks around them."""

    def __init__(self, file: FileColumns, place: int) -> None:
        self.file, self._place = file, place

    @property
    def numbers(self) -> Array | None:
        """The cells as `FileColumns.numbers` returns them."""
        return self.file.numbers(self._place)

    @property
    def coded(self) -> tuple[list[str], Integers]:
        """The cells as `FileColumns.coded` returns them."""
        return self.file.coded(self._place)

    def __len__(self) -> int:
        return len(self.file)

    def __iter__(self) -> Iterator[str]:
        first = self.file.first(self._place)
        yield from first
        if len(first) < len(self):
            texts, codes = self.coded
            yield from map(texts.__getitem__, codes[len(first) :].tolist())

    def __getitem__(self, item: Any) -> Any:
        first = self.file.first(self._place)
        if isinstance(item, slice):
            end = item.indices(len(self))[1]
            return (first if end <= len(first) else [*self])[item]
        if 0 <= item < len(first):
            return first[item]
        if item == -1:
            return self.file.last(self._place)
        texts, codes = self.coded
        return texts[codes[item]]


def taken(columns: Iterable[Sequence[str]], kept: Sequence[int]) -> list[Sequence[str]]:
    """Return columns in some rows, counted from 0, in ascending order."""
    files, rows = dict[int, FileColumns](), np.array(kept, dtype=np.int64)
    chosen = list[Sequence[str]]()
    for cells in columns:
        if isinstance(cells, Cells):
            file = files.get(id(cells.file)) or cells.file.taking(rows)
            files[id(cells.file)] = file
            chosen.append(Cells(file, cells._place))
        else:
            chosen.append([cells[row] for row in kept])
    return chosen


def _chosen(rows: Integers | None, start: int, end: int) -> Any:
    """Return which of the rows from a start to an end are chosen, counted from the start."""
    if rows is None:
        return slice(None)
    return rows[slice(*np.searchsorted(rows, [start, end]))] - start


def _joined(parts: Iterable[tuple[Sequence[str], Integers]]) -> tuple[list[str], Integers]:
    """Return coded parts of a column as one, its texts in the order of the rows, and stripped."""
    places = defaultdict[str, int]()
    places.default_factory = places.__len__
    joined = [np.empty(0, dtype=np.int64)]
    for texts, codes in parts:
        new = np.zeros(len(texts), dtype=np.int64)
        present, rows = np.unique(codes, return_index=True)
        for code in present[np.argsort(rows)].tolist():
            new[code] = places[texts[code].strip()]
        joined.append(new[codes])
    return [*places], np.concatenate(joined)


# Delimited files


class DelimitedColumns:
    """The columns of the lines that `plain_lines` found.

    Parameters
    ----------
    content : bytes
    blocks : sequence of (int, int, int)
        Where each block of lines begins and ends, and how many there are before it.
    width : int
        The number of columns.
    delimiter : str
    missing : collection of str
        The cells that have no value.
    rows : array, optional
        The rows to read, ascending; by default all.
    """

    def __init__(
        self,
        content: bytes,
        blocks: Sequence[tuple[int, int, int]],
        width: int,
        delimiter: str,
        missing: Collection[str],
        rows: Integers | None = None,
    ) -> None:
        self._content, self._blocks, self._width = content, blocks, width
        self._delimiter, self._missing, self.rows = delimiter, missing, rows
        self._coded = dict[int, tuple[list[str], Integers]]()

    def __len__(self) -> int:
        return self._blocks[-1][2] if self.rows is None else len(self.rows)

    def taking(self, rows: Integers) -> "DelimitedColumns":
        """Return the same columns in some of these rows."""
        rows = rows if self.rows is None else self.rows[rows]
        same = (self._blocks, self._width, self._delimiter, self._missing)
        return DelimitedColumns(self._content, *same, rows)

    def _plain(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the lines of each block, without quotes, and the rows at its start and its end."""
        for (start, end, row), (*_, last) in itertools.pairwise(self._blocks):
            lines = self._content[start:end]
            yield lines.replace(b'"', b"").replace(b"\r", b""), row, last

    def first(self, place: int) -> Sequence[str]:
        """Return the texts of a column in the first rows."""
        return self._first[place]

    @cached_property
    def _first(self) -> Sequence[Sequence[str]]:
        chosen = range(len(self))[:FIRST_ROWS] if self.rows is None else self.rows[:FIRST_ROWS]
        numbers = {*map(int, chosen)}
        lines = (line for plain, *_ in self._plain() for line in plain.splitlines())
        numbered = itertools.islice(enumerate(lines), max(numbers, default=-1) + 1)
        texts = [line.decode() for row, line in numbered if row in numbers]
        reader = csv.reader(texts, delimiter=self._delimiter, quoting=csv.QUOTE_NONE)
        columns = [[*map(str.strip, cells)] for cells in zip(*reader, strict=True)]
        return columns or [()] * self._width

    def last(self, place: int) -> str:
        """Return the text of a column in the last row."""
        return self._last[place]

    @cached_property
    def _last(self) -> Sequence[str]:
        if self.rows is not None:
            return [texts[codes[-1]] for texts, codes in map(self.coded, range(self._width))]
        *_, (lines, *_) = self._plain()
        line = lines.splitlines()[-1].decode()
        return [cell.strip() for cell in line.split(self._delimiter)]

    def _frame(self, lines: bytes, places: Sequence[int], **options: Any) -> Any:
        # Only now, as it takes long, and by its name: no version of it decides what a fit learns
        # from, as it reads each number as Python does.
        read_csv = import_module("pandas").read_csv
        options |= {"sep": self._delimiter, "usecols": places, "header": None}
        options |= {
            "quoting": csv.QUOTE_NONE,
            "keep_default_na": False,
            "skip_blank_lines": False,
        }
        return read_csv(io.BytesIO(lines), **options)

    def numbers(self, place: int) -> Array | None:
        """Return a column as numbers, if it has no other cells."""
        return self._numbers.get(place)

    @cached_property
    def _numbers(self) -> dict[int, Array]:
        """The columns of numbers, by their places."""
        places = [p for p in range(self._width) if not _others(self._first[p], self._missing)]
        values = np.empty((len(places), len(self)))
        kept, done = dict(zip(places, values, strict=True)), 0
        for lines, start, end in self._plain():
            own = _chosen(self.rows, start, end)
            count = len(range(end - start)[own]) if self.rows is None else len(own)
            block = self._block_of_numbers(lines, [*kept])
            kept = {place: kept[place] for place in block}
            for place, numbers in block.items():
                kept[place][done : done + count] = numbers[own]
            done += count
        return {place: own for place, own in kept.items() if not np.isinf(own).any()}

    def _block_of_numbers(self, lines: bytes, places: list[int]) -> dict[int, Array]:
        """Return the numbers of a block, of the columns that have only numbers in it."""
        if not places:
            return {}
        try:
            options: dict[str, Any] = {"dtype": np.float64, "na_values": [*self._missing]}
            frame = self._frame(lines, places, **options)
        except (ValueError, OverflowError):
            texts = self._frame(lines, places, dtype=str, na_filter=False)
            rest = [p for p in places if not _others(texts[p], self._missing)]
            return self._block_of_numbers(lines, rest if len(rest) < len(places) else [])
        return {place: frame[place].to_numpy() for place in places}

    def coded(self, place: int) -> tuple[list[str], Integers]:
        """Return the different texts of a column, and the place of each row's."""
        if place not in self._coded:
            is_text = place not in self._numbers
            texts = [p for p in range(self._width) if p not in self._numbers] if is_text else []
            self._read_codes(texts or [place])
        return self._coded[place]

    def _read_codes(self, places: Sequence[int]) -> None:
        parts = defaultdict[int, list[tuple[Sequence[str], Integers]]](list)
        for lines, start, end in self._plain():
            frame = self._frame(lines, places, dtype=str, na_filter=False)
            for place in places:
                codes, texts = frame[place].factorize()
                parts[place].append((texts.tolist(), codes[_chosen(self.rows, start, end)]))
        self._coded |= {place: _joined(own) for place, own in parts.items()}


def _others(texts: Iterable[str], missing: Collection[str]) -> bool:
    """Return whether some texts are neither numbers nor missing."""
    return not all(text in missing or NUMBER.fullmatch(text.strip(" ")) for text in texts)


def large_columns(
    content: bytes, line: int, width: int, delimiter: str, missing: Collection[str]
) -> DelimitedColumns | None:
    """Return the columns of a large delimited file, below a line; None if it is not a plain one."""
    if len(content) < LARGE_BYTES:
        return None
    begin = 0
    for _ in range(line):
        begin = content.find(b"\n", begin) + 1
    blocks = plain_lines(content, begin, width, delimiter)
    return DelimitedColumns(content, blocks, width, delimiter, missing) if blocks else None


def plain_lines(
    content: bytes, begin: int, width: int, delimiter: str
) -> list[tuple[int, int, int]] | None:
    """Return the blocks of the lines of a delimited file, as `DelimitedColumns` takes them.

    Parameters
    ----------
    content : bytes
        In UTF-8.
    begin : int
        Where the first line of cells begins.
    width : int
        The number of cells that each line must have.
    delimiter : str

    Returns
    -------
    list of (int, int, int), or None
        The last is the end. None if `csv` may read it otherwise than line by line: if a cell has a
        delimiter, a line break or a quote in it, or a line another number of cells.
    """
    if width < 2 or b"\0" in content or content.find(b"\xef\xbb\xbf", 3) >= 0:
        return None
    end = len(content)
    while content[end - 1 : end] in (b"\n", b"\r"):
        end -= 1
    blocks, row = list[tuple[int, int, int]](), 0
    size = max(BLOCK_BYTES, ROWS_OF_A_BLOCK * (content.find(b"\n", begin) - begin))
    while begin < end:
        stop = content.rfind(b"\n", begin, begin + size) + 1 or content.find(b"\n", begin) + 1
        stop = min(stop or end, end)
        rows = _rows_of(content[begin:stop], width, delimiter.encode())
        if not rows:
            return None
        blocks.append((begin, stop, row))
        begin, row = stop, row + rows
    return [*blocks, (end, end, row)] if blocks else None


def _rows_of(lines: bytes, width: int, delimiter: bytes) -> int:
    """Return the number of lines; 0 if one has not this number of plain cells."""
    lines += b"" if lines.endswith(b"\n") else b"\n"
    if b"\r" in lines and lines.count(b"\r") != lines.count(b"\r\n"):
        return 0
    signs = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero((signs == ord(delimiter)) | (signs == ord("\n")))
    if len(ends) % width or np.diff(ends, prepend=-1).max() > LONGEST_CELL:
        return 0
    is_last = signs[ends].reshape(-1, width) == ord("\n")
    if not is_last[:, -1].all() or is_last[:, :-1].any() or not _quotes_are_around(signs, ends):
        return 0
    return len(is_last)


def _quotes_are_around(signs: Any, ends: Integers) -> bool:
    """Return whether quotes are only around whole cells, which end at these places."""
    quotes = np.flatnonzero(signs == ord('"'))
    if not len(quotes):
        return True
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    cell = np.searchsorted(ends, opening)
    starts = np.concatenate([[0], ends[:-1] + 1])[cell]
    stops = ends[cell] - (signs[ends[cell] - 1] == ord("\r"))
    return bool((opening == starts).all() and (closing == stops - 1).all())


# Parquet


class ParquetColumns:
    """The columns of a Parquet file that can be features, classes, groups or an order.

    Parameters
    ----------
    reader : pyarrow.parquet.ParquetFile
        Which reads texts as dictionaries: a small file can repeat a long one a million times.
    names : sequence of str
        The columns, by their places.
    refusing : callable
        Returns a context in which a file that is damaged is refused.
    rows : array, optional
        The rows to read, ascending; by default all.
    """

    def __init__(
        self,
        reader: Any,
        names: Sequence[str],
        refusing: Callable[[], Any],
        rows: Integers | None = None,
    ) -> None:
        self._reader, self._names, self._refusing, self.rows = reader, names, refusing, rows

    def __len__(self) -> int:
        return self._reader.metadata.num_rows if self.rows is None else len(self.rows)

    def taking(self, rows: Integers) -> "ParquetColumns":
        """Return the same columns in some of these rows."""
        rows = rows if self.rows is None else self.rows[rows]
        return ParquetColumns(self._reader, self._names, self._refusing, rows)

    def _parts(self, place: int) -> Iterator[Any]:
        """Yield a column row group by row group."""
        start, name = 0, self._names[place]
        for group in range(self._reader.num_row_groups):
            table = self._reader.read_row_group(group, columns=[name])
            column = table.column(table.column_names.index(name))
            own = _chosen(self.rows, start, start + len(table))
            yield column if self.rows is None else column.take(own)
            start += len(table)

    def first(self, place: int) -> Sequence[str]:
        """Return the texts of a column in the first rows."""
        texts = list[str]()
        with self._refusing():
            for part in self._parts(place):
                own, codes = _coded(part.slice(0, FIRST_ROWS - len(texts)))
                texts += [own[code].strip() for code in codes.tolist()]
                if len(texts) == FIRST_ROWS:
                    break
        return texts

    def last(self, place: int) -> str:
        """Return the text of a column in the last row."""
        texts, codes = self.coded(place)
        return texts[codes[-1]]

    def numbers(self, place: int) -> Array | None:
        """Return a column as numbers, if it has no other cells."""
        from pyarrow import types

        values = [np.empty(0)]
        with self._refusing():
            for part in self._parts(place):
                if not (types.is_integer(part.type) or types.is_floating(part.type)):
                    return None
                values.append(part.cast("float64", safe=False).to_numpy())
        numbers = np.concatenate(values)
        return None if np.isinf(numbers).any() else numbers

    def coded(self, place: int) -> tuple[list[str], Integers]:
        """Return the different texts of a column, and the place of each row's."""
        with self._refusing():
            return _joined(map(_coded, self._parts(place)))


def _coded(column: Any) -> tuple[list[str], Integers]:
    """Return the different texts of a column of Arrow, none for a missing value, and the codes."""
    from pyarrow import types

    if not types.is_dictionary(column.type):
        column = column.dictionary_encode()
    column = column.unify_dictionaries().combine_chunks()
    values = column.dictionary
    if is_date(values.type):  # a Python date ends with the year 9999
        values = values.cast("string")
    texts = ["" if v is None or v != v else str(v) for v in values.to_pylist()]
    codes = column.indices.fill_null(len(texts)).to_numpy().astype(np.int64)
    return [*texts, ""], codes


def is_date(of_column: object) -> bool:
    """Return whether a type of Arrow is of dates."""
    return str(of_column).startswith(("date", "timestamp"))
