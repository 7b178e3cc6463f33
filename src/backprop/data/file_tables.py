"""From the bytes of a file to a table of texts: CSV, Parquet, Excel and others, and archives.

The parser is of Python's standard library, not of pandas: it keeps the line of each row,
reads each number as Python does, and refuses a row of another length instead of filling it up.
The workflow starts without importing pandas.
"""

import bz2
import csv
import gzip
import io
import itertools
import lzma
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from backprop.data.dataset import DataError, Reading
from backprop.data.file_columns import (
    Cells,
    ParquetColumns,
    is_date,
    large_columns,
    taken,
)
from backprop.data.table_in_file import LOOKED_AT, from_windows, likely_header
from backprop.data.urls import without_secrets
from backprop.errors import command_for, in_brief, listed

MAX_BYTES = 300_000_000  # largest download or unpacked file
MAX_ALIKE = 3  # equal faults that are listed row by row, if most rows have them
DELIMITERS = ",;\t"
OF_SHEETS = "backprop.data.workbooks"  # imported by name: only a workbook needs openpyxl

OF_FORMATS = "backprop.data.other_formats"  # imported by name: few tables need it

EXTRA = "rds|rda|rdata|ods"
OTHERS = f"arff|arrow|feather|dta|sas7bdat|xpt|jsonl|ndjson|{EXTRA}"
ENDINGS = re.compile(rf"(?i)(\.(csv|tsv|tab|txt|dat|parquet|xls[xm]|{OTHERS}|gz|bz2|xz|zip))+$")
"""Of the names of tables."""
OTHER_NAME = re.compile(rf"(?i)\.({OTHERS})(\.(gz|bz2|xz|zip))?$")
EXTRA_NAME = re.compile(rf"(?i)\.({EXTRA})(\.(gz|bz2|xz|zip))?$")
"""Of those that need the packages of the extra `formats`."""
WORKBOOK_NAME = re.compile(r"(?i)\.xls[xm](\.(gz|bz2|xz))?$")
ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06")  # the first bytes; the latter: an empty one
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"  # from byte 30 on
STARTS = {
    re.compile(rb"ARROW1|(?s:\xff{4}.{3}\0)"): "file of Arrow",
    re.compile(rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\0"): "file of Stata",
    re.compile(rb"\0{12}\xc2\xea\x81\x60"): "file of SAS",
    re.compile(rb"HEADER RECORD\*{7}"): "transport file of SAS",
    re.compile(rb"(?i)(\xef\xbb\xbf)?(\s*%[^\n]*\n)*\s*@relation\s"): "file of ARFF",
    re.compile(rb"(\xef\xbb\xbf)?\s*\{\s*[\"}]"): "file of JSON lines",
    re.compile(rb"\$FL[23]"): "file of SPSS",
    re.compile(rb"RD[AX][23]\n|X\n\0{3}|A\n[23]\n"): "file of R",
    re.compile(rb"FEA1"): "Feather file of version 1",
}
"""Kinds of files, by how they begin."""
REFUSED = ("file of SPSS", "Feather file of version 1")
# pyreadstat, which reads SPSS, crashes Python on damaged files.
ANY_READING = Reading(label="")
NO_HEADER = "leave `header` out"
SAVE = "save it as CSV (UTF-8)"
NO_SHEETS = "found no Excel workbook; leave `sheet` out"

# What pandas reads as no value, too.
MISSING = frozenset({
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class FileTable:
    """The cells of a file.

    Attributes
    ----------
    source : str
        The name of the file in messages.
    header : sequence of str
        The names of the columns.
    columns : sequence of sequence of str
        The cells of each column. Empty lines, and rows with a fault, are left out.
    lines : sequence of int, optional
        The number of each row's line in the file, if it has lines.
    member : str
        The name of the file in its archive, if it is in one.
    decimal_comma : bool
        Whether a comma in a number may be a decimal comma.
    missing : frozenset of str
        The cells that have no value.
    missing_numbers : frozenset of float
        The numbers that count as no value, however they are written.
    kinds : mapping of str to str
        By name, the columns whose type the file says: "number", "category" (texts and booleans,
        too), or the name of another type, which can at most give an order.
    wrong_widths : mapping of int to (int, int)
        By line, the rows that are left out, as they have another number of cells than the header:
        the number of the row, and of its cells.
    units : mapping of str to str
        By name, the unit of the numbers of a column, if it is known.
    rows : sequence of int, optional
        The number of each row, from 0, if some are left out.
    likely_header : int, optional
        The line that looks like the header, if it is another one than that which was read.
    remarks : tuple of str
        What was done to read the file, for the user.
    """

    source: str
    header: Sequence[str]
    columns: Sequence[Sequence[str]]
    lines: Sequence[int] | None = None
    member: str = ""
    decimal_comma: bool = False
    missing: frozenset[str] = MISSING
    missing_numbers: frozenset[float] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)
    wrong_widths: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[int] | None = None
    likely_header: int | None = None
    remarks: tuple[str, ...] = ()

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each column, by its name."""
        return {name: place for place, name in enumerate(self.header)}

    @property
    def faults(self) -> list[str]:
        """What is wrong with the rows that are left out; in one line, if it is with most rows."""
        wrong = self.wrong_widths
        every = len(self) + len(wrong)
        alike = len({cells for _, cells in wrong.values()}) == 1
        alike = alike and len(wrong) > max(MAX_ALIKE, every / 2)
        more = f" (and in {len(wrong) - 1:,} more rows)" if alike else ""
        return [
            f"{_place(row, line, self.member)}: found {cells} cells{more}; use "
            f"{len(self.header)}, one for each of {listed(self.header)}"
            for line, (row, cells) in [*wrong.items()][: 1 if alike else None]
        ]

    def cells(self, name: str) -> Sequence[str]:
        """Return the cells of a column."""
        return self.columns[self.places[name]]

    def texts(self, name: str) -> list[str]:
        """Return the cells of a column without blanks around them."""
        return [*map(str.strip, self.cells(name))]

    def place(self, row: int) -> str:
        """Return what messages call a row, counted from 0."""
        number = (row if self.rows is None else self.rows[row]) + 1
        return _place(number, None if self.lines is None else self.lines[row], self.member)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def without(self, left_out: Collection[int]) -> "FileTable":
        """Return the table without some rows, which are counted from 0."""
        return self.taking([row for row in range(len(self)) if row not in left_out])

    def taking(self, kept: Sequence[int]) -> "FileTable":
        """Return the table with only some rows, which are counted from 0, in ascending order."""
        rows, lines = self.rows or range(len(self)), self.lines
        return replace(
            self,
            columns=taken(self.columns, kept),
            lines=None if lines is None else [lines[row] for row in kept],
            rows=[rows[row] for row in kept],
        )


def _place(number: int, line: int | None, member: str) -> str:
    of_member = f" of {member}" if member else ""
    return f"row {number}" if line is None else f"row {number} (line {line}{of_member})"


def read_table(source: str, content: bytes, how: Reading) -> list[FileTable]:
    """Read a table from a file of any format that is understood.

    Parameters
    ----------
    source : str
        The name of the file in messages.
    content : bytes
    how : Reading
        Of it, the sheet and the header count, and the label and the features for an archive of two
        tables without names.

    Returns
    -------
    list of FileTable
        The table; or two, if the classes are in a table of their own: it is the second.

    Raises
    ------
    DataError
        If the content is not a table.
    """
    content = unpack(source, content)
    if _is_workbook(content):
        if not reads_workbooks():
            raise DataError(f"{source}: found an Excel workbook, which {needs_openpyxl()}")
        return [import_module(OF_SHEETS).read_workbook(source, content, how.sheet, how.header)]
    if content.startswith(OLD_WORKBOOK):
        raise DataError(
            f"{source}: found an Excel workbook that is old (.xls) or has a password; save it as "
            ".xlsx without a password, or a sheet as CSV (UTF-8)"
        )
    if content[30:].startswith(OPEN_DOCUMENT):
        csv_of_sheet = import_module(OF_FORMATS).read_open_document(source, content, how.sheet)
        return [parse_csv(source, csv_of_sheet, how)]
    if how.sheet is not None:
        raise DataError(f"{source}: {NO_SHEETS}")
    if content.startswith(ARCHIVE):
        return _from_archive(source, content, how)
    return [_from_bytes(source, content, how)]


def _is_workbook(content: bytes) -> bool:
    """Return whether a file is an Excel workbook: a zip archive with a folder ``xl``."""
    if not content.startswith(ARCHIVE):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except Exception:  # the archive is damaged, which is found when it is read
        return False


def names_workbook(source: str, sheet: str | None) -> bool:
    """Return whether a source is meant as an Excel workbook: by its name, or as a sheet is named.

    Examples
    --------
    >>> [names_workbook(name, None) for name in ("a.xlsx", "https://b/a.XLSX.gz?v=1", "a.csv")]
    [True, True, False]
    """
    name = without_secrets(source)
    return bool(WORKBOOK_NAME.search(name)) or (sheet is not None and not needs_formats(source))


def needs_formats(source: str) -> bool:
    """Return whether a source is meant as a file that only packages of `formats` can read.

    Examples
    --------
    >>> [needs_formats(name) for name in ("a.rds", "https://b/a.ODS?v=1", "a.dta")]
    [True, True, False]
    """
    return bool(EXTRA_NAME.search(without_secrets(source)))


def needs_openpyxl() -> str:
    """Return what to do if workbooks cannot be read."""
    return (
        "needs the package openpyxl, and it is not installed; save the sheet as CSV (UTF-8), or "
        f"install it by this line:\n{command_for('excel')}"
    )


def reads_workbooks() -> bool:
    """Return whether the package is installed that Excel workbooks need."""
    return find_spec("openpyxl") is not None


def modules_for(source: str, sheet: str | None) -> list[str]:
    """Return the modules that `read_table` imports by their names, for a source as it is meant."""
    if OTHER_NAME.search(without_secrets(source)):
        return [OF_FORMATS]
    return [OF_SHEETS] if names_workbook(source, sheet) and reads_workbooks() else []


def _from_bytes(source: str, content: bytes, how: Reading, member: str = "") -> FileTable:
    if content.startswith(b"PAR1"):
        if how.header is not None:
            raise DataError(f"{source}: found a Parquet file, which has no lines; {NO_HEADER}")
        return read_parquet(source, content, how)
    kind = next((kind for start, kind in STARTS.items() if start.match(content)), "")
    if kind in REFUSED:
        raise DataError(f"{source}: found a {kind}; {SAVE}")
    if kind and how.header is not None:
        raise DataError(f"{source}: found a {kind}, which has no header; {NO_HEADER}")
    if kind:
        return import_module(OF_FORMATS).read_format(source, content, kind, how)
    return parse_csv(source, content, how, member)


@contextmanager
def refusing(source: str, kind: str, *errors: type[Exception]) -> Iterator[None]:
    """Refuse a file of some kind if one of some errors is raised, with a `DataError`."""
    try:
        yield
    except DataError:
        raise
    except errors as error:
        reason = in_brief.repr(str(error))[1:-1]
        raise DataError(f"{source}: {kind}: {reason}") from error


# Compressed files and archives

OPENERS: dict[bytes, Callable[[IO[bytes]], io.BufferedIOBase]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
"""By the first bytes of a compressed file."""


def unpack(source: str, content: bytes) -> bytes:
    """Return the content of a file, unpacked if it is compressed by gzip, bzip2 or xz.

    Raises
    ------
    DataError
        If it is damaged, or larger than `MAX_BYTES`.
    """
    kind = "a damaged or incomplete compressed file"
    errors = (EOFError, OSError, zlib.error, lzma.LZMAError)
    for start, opener in OPENERS.items():
        if content.startswith(start):
            with refusing(source, kind, *errors), opener(io.BytesIO(content)) as file:
                unpacked = file.read(MAX_BYTES + 1)
            if len(unpacked) > MAX_BYTES:
                raise DataError(
                    f"{source}: unpacks to more than {_mb(MAX_BYTES)}, the largest size allowed"
                )
            return unpacked
    return content


def _from_archive(source: str, content: bytes, how: Reading) -> list[FileTable]:
    """Read a zip archive: one table, or a table of features ``*x.dat`` and one of classes."""
    # zipfile and its decompressors do not say what they raise.
    with (
        refusing(source, "a damaged or incomplete zip archive", Exception),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        # macOS adds a hidden `._ex4x.dat` for each file.
        files = (info for info in archive.infolist() if not info.is_dir())
        infos = [info for info in files if not Path(info.filename).name.startswith(".")]
        if len(infos) == 1:
            of_member = _member(source, archive, infos[0])
            return [_from_bytes(source, of_member, how, _name(infos[0]))]
        if how.header is not None:
            raise DataError(f"{source}: found {len(infos)} files in the archive; {NO_HEADER}")
        if how.features is None:
            raise DataError(
                f"{source}: found {len(infos)} files in the archive, {_names(infos)}; use "
                "one table; or one file *x.dat and one *y.dat, with `features` in the "
                "config, as they have no header"
            )
        x = _matrix(source, archive, infos, "x.dat", how.features)
        y = _matrix(source, archive, infos, "y.dat", [how.label])
    if len(x) != len(y) and not x.faults and not y.faults:
        raise DataError(
            f"{source}: found {len(x)} rows in *x.dat and {len(y)} rows in *y.dat; "
            "use the same number in both"
        )
    return [x, y]


def _matrix(
    source: str,
    archive: zipfile.ZipFile,
    infos: Sequence[zipfile.ZipInfo],
    ending: str,
    names: Sequence[str],
) -> FileTable:
    """Read the only file of an archive whose name has this ending: columns between blanks."""
    members = [info for info in infos if info.filename.lower().endswith(ending)]
    if len(members) != 1:
        raise DataError(
            f"{source}: found {len(members)} files *{ending} in the archive; use one, or "
            f"only one table; it holds {_names(infos) or 'nothing'}"
        )
    name = _name(members[0])
    text = decode(f"{source}: {name}", _member(source, archive, members[0]))
    rows = [(line.split(), n) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    return table_of(source, names, [cells for cells, _ in rows], [n for _, n in rows], member=name)


def _member(source: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > MAX_BYTES:  # zipfile never reads more than this size
        raise DataError(
            f"{source}: {_name(info)} unpacks to {_mb(info.file_size)}; "
            f"use at most {_mb(MAX_BYTES)}"
        )
    return archive.read(info)


def _names(infos: Sequence[zipfile.ZipInfo]) -> str:
    return listed([info.filename for info in infos])


def _name(info: zipfile.ZipInfo) -> str:
    return in_brief.repr(info.filename)[1:-1]


def _mb(size: int) -> str:
    return f"{math.ceil(size / 1e6)} MB"


# CSV


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
        line = error.object.count(b"\n", 0, error.start) + 1  # without a byte order mark
        raise DataError(
            f"{source}: line {line}: found the byte 0x{error.object[error.start]:02x}; "
            "use text in UTF-8: save the file as CSV in UTF-8"
        ) from error
    if not text or text.isspace():
        raise DataError(f"{source}: the file is empty")
    return text


def parse_csv(
    source: str, content: bytes, how: Reading = ANY_READING, member: str = ""
) -> FileTable:
    """Parse a CSV file, whose cells are between commas, semicolons or tabs.

    Parameters
    ----------
    source : str
        The name of the file in messages.
    content : bytes
    how : Reading, optional
        Of it, the header and the size that is allowed count.
    member : str
        The name of the file in its archive, if it is in one.

    Raises
    ------
    DataError
        If `content` is not CSV in UTF-8, or in Windows-1252 that can be nothing else; or too large.
    """
    content, remarks = _in_utf8(source, content)
    header, first = how.header, how.header or 1
    delimiter = _delimiter(content, first)
    reader = _reader(content, delimiter)
    names = [name.strip() for name in _next_row(reader, first)]
    options: dict[str, Any] = {"member": member, "decimal_comma": delimiter != ","}
    if header is not None and (not names or reader.line_num != header):
        raise DataError(f"{source}: header: found no row at line {header}; use another line")
    likely = None if header else _likely_header(content)
    options |= {"likely_header": likely, "remarks": remarks}
    line, width = reader.line_num, len(names)
    most_rows = how.most_rows(width)
    if columns := large_columns(content, line, width, delimiter, MISSING):
        if len(columns) > most_rows:
            raise how.too_large(source, len(columns), width)
        cells_of = [Cells(columns, place) for place in range(width)]
        lines = range(line + 1, line + 1 + len(columns))
        return FileTable(source, names, cells_of, lines, **options)
    rows, lines_of_rows, more = list[list[str]](), list[int](), 0
    try:
        for cells in filter(None, reader):
            more += max(len(cells) - width, 0)
            if len(rows) >= most_rows or more > how.most_cells:
                raise how.too_large(source, len(rows) + 1, width)
            rows.append(cells)
            lines_of_rows.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{source}: line {reader.line_num} is not CSV: {error}") from error
    return table_of(source, names, rows, lines_of_rows, **options)


def _in_utf8(source: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return text in UTF-8, and what is said if it was not."""
    try:
        decode(source, content)
    except DataError as error:
        is_utf8 = not isinstance(error.__cause__, UnicodeDecodeError)
        if is_utf8 or (text := from_windows(content)) is None:
            raise
        return text.encode(), ("read as Windows-1252, as it is not UTF-8; look at its letters",)
    return content, ()


def _likely_header(content: bytes) -> int | None:
    """Return the line that looks like the header, with the delimiter that makes most cells."""
    most, likely = 0, None
    for delimiter in DELIMITERS:
        reader, rows = _reader(content, delimiter), []
        with suppress(csv.Error):
            rows = [(reader.line_num, row) for row in itertools.islice(reader, LOOKED_AT) if row]
        cells = sum(len(row) for _, row in rows)
        if cells > most:
            most, likely = cells, likely_header(rows)
    return likely


def _reader(content: bytes, delimiter: str) -> Any:
    # Decoded line by line: a StringIO of the whole text would take four bytes a character.
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    return csv.reader(lines, strict=True, delimiter=delimiter)


def _delimiter(content: bytes, line: int) -> str:
    """Return the delimiter that makes most cells of the first row at a line, or after it."""
    return max(DELIMITERS, key=lambda sign: len(_next_row(_reader(content, sign), line)))


def _next_row(reader: Any, line: int) -> list[str]:
    """Return the first row that is not empty and does not end before a line, else []."""
    with suppress(csv.Error):  # which is said when all rows are read
        return next((row for row in reader if row and reader.line_num >= line), [])
    return []


def table_of(
    source: str, header: Sequence[str], rows: list[list[str]], lines: list[int], **options: Any
) -> FileTable:
    """Return the table of rows of texts. A row of another length than the header is a fault."""
    sound = [row for row, cells in enumerate(rows) if len(cells) == len(header)]
    columns = list(zip(*(rows[row] for row in sound), strict=True)) or [()] * len(header)
    if len(sound) == len(rows):
        return FileTable(source, header, columns, lines, **options)
    wrong = {
        lines[row]: (row + 1, len(cells))
        for row, cells in enumerate(rows)
        if len(cells) != len(header)
    }
    lines = [lines[row] for row in sound]
    return FileTable(source, header, columns, lines, wrong_widths=wrong, rows=sound, **options)


# Parquet


def read_parquet(source: str, content: bytes, how: Reading) -> FileTable:
    """Read a Parquet file. Its columns say whether they have numbers or texts.

    Raises
    ------
    DataError
        If it is damaged, too large, or has a column of another type.
    """
    import pyarrow.lib
    import pyarrow.parquet

    errors = (pyarrow.lib.ArrowException, OSError, ValueError)
    refusing_damage = partial(refusing, source, "a damaged Parquet file", *errors)
    with refusing_damage():
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        rows, names = file.metadata.num_rows, file.schema_arrow.names
        if rows > how.most_rows(len(names)):
            raise how.too_large(source, rows, len(names))
        # Each different text is held once: a small file can repeat a long one a million times.
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        kinds = {field.name: kind_of_type(field.type) for field in file.schema_arrow}
        # A list in a cell may be of any length, so columns of other types are not read.
        usable = {
            field.name
            for field in file.schema_arrow
            if kinds[field.name] in ("number", "category") or is_date(field.type)
        }
        reader = pyarrow.parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
    columns = ParquetColumns(reader, names, refusing_damage)
    return FileTable(
        source,
        [name.strip() for name in names],
        [
            Cells(columns, place) if name in usable else [""] * rows
            for place, name in enumerate(names)
        ],
        missing=frozenset([""]),
        kinds={name.strip(): kind for name, kind in kinds.items()},
    )


def kind_of_type(of_column: Any) -> str:
    """Return the kind of a column of a type of Arrow, as in `FileTable.kinds`."""
    from pyarrow import types

    if types.is_dictionary(of_column):
        values = of_column.value_type
        return "category" if kind_of_type(values) in ("number", "category") else str(of_column)
    if types.is_integer(of_column) or types.is_floating(of_column) or types.is_decimal(of_column):
        return "number"
    if str(of_column) in ("null", "bool") or _is_text(of_column):
        return "category"
    return str(of_column)


def _is_text(of_column: object) -> bool:
    return str(of_column) in ("string", "large_string", "string_view")
