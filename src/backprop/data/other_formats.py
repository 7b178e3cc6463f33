"""Tables that other programs write: ARFF, Arrow, OpenDocument, R, SAS, Stata, JSON lines.

OpenDocument is read as the CSV of a sheet. All others but the last are read as the Parquet file
that would have their columns.
"""

import csv
import io
import json
import re
import warnings
import zipfile
from dataclasses import replace
from importlib import import_module
from typing import Any

from backprop.data.dataset import DataError, Reading
from backprop.data.file_columns import is_date
from backprop.data.file_tables import (
    MAX_BYTES,
    FileTable,
    decode,
    kind_of_type,
    read_parquet,
    refusing,
)
from backprop.errors import in_brief, listed, needing

DATA = re.compile(r"(?im)(^[ \t]{0,9}@data.*\n)")  # the line of an ARFF file above its rows
PLAIN = "use an object in each line, of texts, numbers, true, false and null"


def read_format(source: str, content: bytes, kind: str, how: Reading) -> FileTable:
    """Read a file of a kind in `backprop.data.file_tables.STARTS`.

    Raises
    ------
    DataError
        If it is damaged or too large.
    """
    if kind == JSON_LINES:
        return _json_lines(source, content, how)
    if kind in NEEDING:
        _need(source, kind)
    # The readers do not say what they raise.
    with refusing(source, f"a damaged {kind}", Exception):
        table, kinds = READERS[kind](content)
        if len(table) > how.most_rows(table.num_columns):
            raise how.too_large(source, len(table), table.num_columns)
        table.validate(full=True)
        file = io.BytesIO()
        import_module("pyarrow.parquet").write_table(table, file)
        return replace(read_parquet(source, file.getvalue(), how), kinds=kinds)


def _arrow(content: bytes) -> tuple[Any, dict[str, str]]:
    """Return the table of an Arrow file, or of a stream of Arrow, and the kinds of its columns."""
    import pyarrow

    is_file = content.startswith(b"ARROW1")
    reader = (pyarrow.ipc.open_file if is_file else pyarrow.ipc.open_stream)(content)
    batches, size = [], 0
    for batch in map(reader.get_batch, range(reader.num_record_batches)) if is_file else reader:
        size += batch.nbytes
        if size > MAX_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_BYTES // 1_000_000} MB")
        batches.append(batch)
    table = pyarrow.Table.from_batches(batches, reader.schema)
    kinds = {field.name.strip(): kind_of_type(field.type) for field in table.schema}
    for place, field in enumerate(table.schema):
        if kinds[field.name.strip()] not in ("number", "category") and not is_date(field.type):
            table = table.set_column(place, field.name, pyarrow.nulls(len(table)))
    return table, kinds


def _from_frame(frame: Any) -> tuple[Any, dict[str, str]]:
    """Return a data frame as a table of Arrow, and the kinds of its columns.

    A column of which some numbers have a label and others have none has no kind: its cells are
    read as those of a CSV file.
    """
    import pyarrow

    own = dict[str, Any]()
    is_mixed = set[str]()
    for place, name in enumerate(map(str, frame.columns)):
        column = frame.iloc[:, place]
        if str(column.dtype) not in ("category", "object", "str", "string"):
            own[name] = pyarrow.array(column, from_pandas=True)
            continue
        # Each different text is held once, as a file may repeat a long one.
        column = column.astype("category")
        texts = column.cat.categories.tolist()
        is_mixed |= set() if all(isinstance(text, str) for text in texts) else {name.strip()}
        codes = pyarrow.array(column.cat.codes, "int32", mask=(column.cat.codes < 0).to_numpy())
        names = pyarrow.array([*map(str, texts)], "string")
        own[name] = pyarrow.DictionaryArray.from_arrays(codes, names)
    if len(own) < len(frame.columns):
        raise ValueError("two columns have one name")
    table = pyarrow.table(own)
    kinds = {field.name.strip(): kind_of_type(field.type) for field in table.schema}
    return table, {name: kind for name, kind in kinds.items() if name not in is_mixed}


def _stata(content: bytes) -> tuple[Any, dict[str, str]]:
    return _from_frame(import_module("pandas").read_stata(io.BytesIO(content)))


def _sas(content: bytes) -> tuple[Any, dict[str, str]]:
    read_sas = import_module("pandas").read_sas
    return _from_frame(read_sas(io.BytesIO(content), format="sas7bdat", encoding="infer"))


def _sas_transport(content: bytes) -> tuple[Any, dict[str, str]]:
    options = {"format": "xport", "encoding": "cp1252", "iterator": True}
    with import_module("pandas").read_sas(io.BytesIO(content), **options) as reader:
        # Where the last lines have empty texts, pandas takes too many of them for padding.
        size = len(content.rstrip(b" ")) - reader.record_start
        reader.nobs = -(-size // reader.record_length)
        return _from_frame(reader.read())


def _arff(content: bytes) -> tuple[Any, dict[str, str]]:
    """Return the table of an ARFF file, as of Weka and OpenML."""
    import pandas
    from scipy.io import arff

    head, data, body = DATA.split(content.decode("utf-8-sig"), maxsplit=1)
    _, attributes = arff.loadarff(io.StringIO(head + data))
    # SciPy looks for quotes in the first row alone, so there is one more, with quotes.
    values = [attributes[name][1] for name in attributes.names()]
    quoted = ",".join("?" if own is None else f"'{own[0]}'" for own in values)
    rows, _ = arff.loadarff(io.StringIO(f"{head}{data}{quoted}\n{body}"))
    columns = {name: pandas.Series(rows[name][1:]) for name in attributes.names()}
    for name, kind in zip(attributes.names(), attributes.types(), strict=True):
        if kind != "numeric":
            texts = columns[name].str.decode("utf-8")
            columns[name] = texts.where(texts != "?").astype("category")
    return _from_frame(pandas.DataFrame(columns))


def _r(content: bytes) -> tuple[Any, dict[str, str]]:
    """Return the only data frame of a file of R, of which nothing is run."""
    import pandas

    rdata = import_module("rdata")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes that it reads as what they hold
        saved = rdata.conversion.convert(rdata.parser.parse_data(content))
    every = [*saved.values()] if isinstance(saved, dict) else [saved]
    frames = [each for each in every if isinstance(each, pandas.DataFrame)]
    if len(frames) != 1:
        raise ValueError(f"it has {len(frames)} data frames; save one by saveRDS")
    return _from_frame(frames[0])


def read_open_document(source: str, content: bytes, sheet: str | None) -> bytes:
    """Return the CSV of a sheet of an OpenDocument spreadsheet: by default, of its only one.

    Raises
    ------
    DataError
        If it is damaged, too large, or has no such sheet.
    """
    kind = "OpenDocument spreadsheet"
    _need(source, kind)
    with (
        refusing(source, f"a damaged {kind}", Exception),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_BYTES // 1_000_000} MB")
        book = import_module("python_calamine").CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if sheet not in names and (sheet or len(names) != 1):
            raise DataError(
                f"{source}: found the sheets {listed(names)}; name the one to use: `sheet` in the "
                "config, --sheet of a command"
            )
        rows = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
        file = io.StringIO()
        texts = ([_cell(cell) for cell in row] for row in rows)
        csv.writer(file).writerows(row if any(row) else [] for row in texts)
    return file.getvalue().encode()


def _cell(value: Any) -> str:
    """Return a cell as CSV has it, in one line."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return " ".join(str(value).split())


def _need(source: str, kind: str) -> None:
    """Refuse a file whose package is not installed."""
    try:
        with needing("formats"):
            import_module(NEEDING[kind])
    except ModuleNotFoundError as error:
        raise DataError(f"{source}: found a {kind}: {error}") from error


NEEDING = {
    "file of R": "rdata",
    "OpenDocument spreadsheet": "python_calamine",
}
"""The package that reads a kind of file, of the extra `formats`."""
JSON_LINES = "file of JSON lines"
READERS = {
    "file of ARFF": _arff,
    "file of Arrow": _arrow,
    "file of Stata": _stata,
    "file of R": _r,
    "file of SAS": _sas,
    "transport file of SAS": _sas_transport,
}


# JSON lines


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _json_lines(source: str, content: bytes, how: Reading) -> FileTable:
    """Read an object from each line; a key that it has not is no value."""
    rows, lines = list[dict[str, Any]](), list[int]()
    names = dict[str, set[type]]()
    for number, line in enumerate(decode(source, content).split("\n"), 1):
        if not line.strip():
            continue
        with refusing(f"{source}: line {number}", "not JSON", ValueError, RecursionError):
            row = json.loads(
                line, parse_int=_Number, parse_float=_Number, parse_constant=_Number,
                object_pairs_hook=_without_repeats,
            )  # fmt: skip
            json.dumps(row, ensure_ascii=False).encode()  # half of a character is none
        if not isinstance(row, dict):
            raise DataError(f"{source}: line {number}: found no object; {PLAIN}")
        for name, value in row.items():
            if not isinstance(value, str | bool | None):
                what = f"{in_brief.repr(name)} is not plain"
                raise DataError(f"{source}: line {number}: {what}; {PLAIN}")
            kinds = names.setdefault(name, set())
            if value is not None:
                kinds.add(type(value))
        rows.append(row)
        lines.append(number)
        most = max(how.most_cells, len(content))  # objects may have no key in common
        if len(rows) > how.most_rows(len(names)) or len(rows) * len(names) > most:
            raise how.too_large(source, len(rows), len(names))
    columns = [[_text(row.get(name)) for row in rows] for name in names]
    return FileTable(
        source,
        [name.strip() for name in names],
        columns,
        lines,
        missing=frozenset(["", "NaN"]),
        kinds={
            name.strip(): "number" if _Number in own else "category"
            for name, own in names.items()
            if own == {_Number} or _Number not in own
        },
    )


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a key is there twice")
    return row


def _text(value: str | bool | None) -> str:
    return "" if value is None else str(value)
