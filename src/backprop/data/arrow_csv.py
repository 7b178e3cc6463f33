"""Read a large CSV file by Arrow: many times faster than row by row, in a fraction of the memory.

What Arrow may read otherwise than Python's `csv` is left to that: then `read_cells` returns None.
Both read the same numbers, so the version of Arrow decides nothing: it is imported by name, and no
result depends on it.
"""

import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from backprop.typing import Array, Integers

LARGE_BYTES = 5_000_000  # from here on, Arrow's import pays off
LEAST_ROWS = 500  # with fewer, what Arrow does for each column takes longer than it saves
BLOCK_BYTES = 8_000_000
LONGEST_CELL = 131_072  # that `csv` reads
IN_CELL = re.compile(rb"[^,;\t\r\n]\"[^,;\t\r\n]|\"\"")  # a quote that does not begin or end a cell


class Cells(Sequence[str]):
    """The cells of a column, which Arrow holds.

    Parameters
    ----------
    array : pyarrow.ChunkedArray
        Of texts.
    """

    def __init__(self, array: Any) -> None:
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    def __iter__(self) -> Iterator[str]:
        for chunk in self._array.chunks:
            yield from chunk.to_pylist()

    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            start, stop, step = row.indices(len(self))
            return Cells(self._array.slice(start, max(stop - start, 0))[::step])
        return self._array[row].as_py()

    def take(self, rows: Sequence[int]) -> "Cells":
        """Return the cells of some rows."""
        return Cells(self._array.take(np.array(rows, dtype=np.int64)))

    def numbers(self, missing: frozenset[str], *, decimal_comma: bool = False) -> Array | None:
        """Return the cells as numbers, NaN for those in `missing`; None if not all are numbers.

        Arrow refuses some texts that `float` reads, such as +1. It reads no text as another number.
        The array may be kept: do not change it.
        """
        if self._plain is not None and not any(map(_is_number, missing)):
            return self._plain
        pa, pc = import_module("pyarrow"), import_module("pyarrow.compute")

        texts = pc.utf8_trim_whitespace(self._array)
        of_missing = pc.is_in(texts, pa.array(sorted(missing), pa.string()))
        texts = pc.if_else(of_missing, pa.scalar(None, pa.string()), texts)
        if decimal_comma:  # with two of them, a text is no number
            texts = pc.replace_substring(texts, ",", ".")
        return _cast(texts)

    @cached_property
    def _plain(self) -> Array | None:
        """The cells as numbers, if they are numbers as they are."""
        return _cast(self._array)

    def counts(self) -> dict[str, int]:
        """Return how many rows have each text, in the order of the rows."""
        pc = import_module("pyarrow.compute")

        counts: dict[str, int] = {}
        counted = pc.value_counts(pc.utf8_trim_whitespace(self._array))
        texts, numbers = (counted.field(name).to_pylist() for name in ("values", "counts"))
        for text, number in zip(texts, numbers, strict=True):
            counts[text.strip()] = counts.get(text.strip(), 0) + number
        return counts

    def coded(self) -> tuple[list[str], Integers] | None:
        """Return the different texts, in the order of the rows, and the place of each row's.

        None if Python takes more for blanks than Arrow does, around one of them.
        """
        pc = import_module("pyarrow.compute")

        encoded = pc.utf8_trim_whitespace(self._array).combine_chunks().dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        if any(text != text.strip() for text in texts):
            return None
        return texts, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _cast(texts: object) -> Array | None:
    """Return texts as numbers, NaN for null; None if not all are finite numbers."""
    pa, pc = import_module("pyarrow"), import_module("pyarrow.compute")

    try:
        numbers = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        return None
    # Not `to_numpy`, nor a number of NumPy: both import pandas.
    chunks = [chunk.fill_null(float("nan")) for chunk in numbers.chunks]
    parts = [np.frombuffer(c.buffers()[1])[c.offset : c.offset + len(c)] for c in chunks if c]
    values = np.concatenate([np.empty(0), *parts])
    is_finite = np.isfinite(values).sum() == len(values) - numbers.null_count
    return values if is_finite else None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def counted(cells: Sequence[str]) -> Mapping[str, int]:
    """Return how many rows have each text, without blanks around it, in the order of the rows."""
    return cells.counts() if isinstance(cells, Cells) else Counter(map(str.strip, cells))


def taken(cells: Sequence[str], rows: Sequence[int]) -> Sequence[str]:
    """Return the cells of some rows, which are counted from 0."""
    return cells.take(rows) if isinstance(cells, Cells) else [cells[row] for row in rows]


def read_cells(content: bytes, width: int, delimiter: str) -> list[Cells] | None:
    """Read the columns of a large CSV file, without its first line, which is the header.

    Parameters
    ----------
    content : bytes
        In UTF-8, maybe with a byte order mark.
    width : int
        The number of columns, two or more.
    delimiter : str

    Returns
    -------
    list of Cells, or None
        None if it is small, or may be read otherwise by `csv`: that then says what is wrong.
    """
    end = content.find(b"\n") + 1
    is_large = len(content) >= max(LARGE_BYTES, LEAST_ROWS * end)  # rows are as long as the header
    if not is_large or width < 2 or not end or not _is_simple(content, end):
        return None
    pa, pc, csv = map(import_module, ("pyarrow", "pyarrow.compute", "pyarrow.csv"))

    names = [str(place) for place in range(width)]
    rows = io.BytesIO(content)  # shares the memory
    rows.seek(end)
    try:
        table = csv.read_csv(
            rows,
            csv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
            csv.ParseOptions(delimiter=delimiter),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = content.count(b"\n", end) + (not content.endswith(b"\n"))
    if table.num_rows != lines:  # a cell has a line break
        return None
    longest = [pc.max(pc.binary_length(column)).as_py() or 0 for column in table.columns]
    return None if max(longest) > LONGEST_CELL else [*map(Cells, table.columns)]


def _is_simple(content: bytes, end: int) -> bool:
    """Return whether lines end as usual, none is empty, and quotes are around whole cells."""
    if any(rare in content for rare in (b"\0", b"\n\n", b"\n\r\n")):
        return False
    if b"\r" in content and content.count(b"\r") != content.count(b"\r\n"):
        return False
    quotes = content.count(b'"')
    return not quotes or not (quotes % 2 or b'"' in content[:end] or IN_CELL.search(content))
