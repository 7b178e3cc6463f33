"""Obtain a data set, from wherever it comes, and accept it only when it is sound.

A row is counted from 1, without the header, wherever a number of a row is shown or written.
"""

import csv
import difflib
import hashlib
import io
import logging
import math
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop.errors import BackpropError

TIMEOUT = 10.0  # seconds of silence: a live server answers within one or two
DEADLINE = 120.0  # seconds for all attempts together, since a server that drips is never silent
ATTEMPTS = 4  # with the waits between them enough for a server that restarts
WAIT = 1.0  # seconds before the second attempt, twice as long before each further one
MAX_BYTES = 50_000_000  # to receive or to unpack: far above any table that this workflow is for

logger = logging.getLogger(__name__)

_Row = tuple[str, list[str]]  # where it stands, for messages, and its cells


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


def obtain(
    source: str,
    *,
    features: Sequence[str],
    label: str,
    bundled: Path,
    sha256: str | None = None,
    root: Path = Path("."),
    timeout: float = TIMEOUT,
    deadline: float = DEADLINE,
    attempts: int = ATTEMPTS,
) -> Dataset:
    """Fetch and validate a data set.

    Parameters
    ----------
    source : str
        ``"bundled"``, a URL, or the path of a file. What it leads to is either a CSV file in UTF-8
        with a header, or a zip archive with one file ``*x.dat`` of features and one ``*y.dat`` of
        classes, in columns divided by blanks.
    features : sequence of str
        The feature columns, in order. Other columns of a CSV file are left out; the columns of an
        archive, which have no names, get these.
    label : str
        The class column.
    bundled : Path
        The file that ``"bundled"`` stands for.
    sha256 : str, optional
        The expected digest of `canonical` of the data set, in hexadecimal.
    root : Path
        What a relative `source` is relative to.
    timeout : float
        Seconds that a server may be silent.
    deadline : float
        Seconds that a download may take, all attempts together.
    attempts : int
        How often to try a download, at least 1.

    Returns
    -------
    Dataset
        Its rows in the order of the source.

    Raises
    ------
    DataError
        If the source cannot be read, is not sound, or does not have the expected digest.
    """
    if source.lower().startswith(("http://", "https://")):
        content = _download(source, timeout, deadline, attempts)
    else:
        content = _load(source, bundled if source == "bundled" else root / source)

    names = [*features, label]
    _refuse_duplicates(f"{source}: features and label", names)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the latter: an empty archive
        dataset = _from_archive(source, content, features, label)
    else:
        dataset = _from_table(source, *_table(source, content), features, label)

    found = hashlib.sha256(canonical(dataset)).hexdigest()
    if sha256 is not None and found != sha256.lower():
        raise DataError(
            f"{source}: the data differ from what is expected: found SHA-256 {found}, "
            f"expected {sha256}"
        )
    return dataset


def read(path: Path) -> Dataset:
    """Read a file that holds the `canonical` form: all columns but the last are features.

    Raises
    ------
    DataError
        If the file cannot be read or is not sound.
    """
    header, rows = _table(str(path), _load(str(path), path))
    return _from_table(str(path), header, rows, header[:-1], header[-1])


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


def provenance(dataset: Dataset, source: str) -> dict[str, Any]:
    """Describe a data set in a form fit for JSON, the same for the same data at any time.

    ``duplicated_rows`` lists the groups of rows, counted from 1, that are equal in features and
    class.
    """
    groups: dict[tuple[float, ...], list[int]] = {}
    for row, cells in enumerate(np.column_stack([dataset.x, dataset.y]).tolist(), start=1):
        groups.setdefault(tuple(cells), []).append(row)
    return {
        "source": source,
        "sha256": hashlib.sha256(canonical(dataset)).hexdigest(),
        "rows": len(dataset.y),
        "features": list(dataset.features),
        "label": dataset.label,
        "classes": {str(label): int(np.sum(dataset.y == label)) for label in (0, 1)},
        "duplicated_rows": [rows for rows in groups.values() if len(rows) > 1],
    }


# From bytes to a data set


def _from_archive(source: str, content: bytes, features: Sequence[str], label: str) -> Dataset:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            x_rows = _member(source, archive, "x.dat")
            y_rows = _member(source, archive, "y.dat")
    # All that zipfile lets out; RuntimeError when encrypted or of an unknown compression.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DataError(f"{source}: a damaged or incomplete zip archive: {error}") from error
    x = _numbers(source, features, x_rows, features)
    y = _numbers(source, [label], y_rows, [label])
    if len(x) != len(y):
        raise DataError(
            f"{source}: found {len(x)} rows in *x.dat and {len(y)} rows in *y.dat, "
            "allowed is the same number in both"
        )
    return _validated(source, features, label, x, y[:, 0], y_rows)


def _member(source: str, archive: zipfile.ZipFile, ending: str) -> list[_Row]:
    # Archives made on a Mac hold a hidden `._ex4x.dat` beside each file.
    names = [info for info in archive.infolist() if not Path(info.filename).name.startswith(".")]
    members = [info for info in names if info.filename.lower().endswith(ending)]
    if len(members) != 1:
        raise DataError(
            f"{source}: found {len(members)} files *{ending} in the archive, allowed is one; "
            f"it holds {', '.join(info.filename for info in names) or 'nothing'}"
        )
    (info,) = members
    if info.file_size > MAX_BYTES:  # zipfile never gives more than is announced here
        raise DataError(
            f"{source}: {info.filename} unpacks to {_kb(info.file_size)}, "
            f"allowed is {_kb(MAX_BYTES)}"
        )
    text = _decoded(f"{source}: {info.filename}", archive.read(info))
    lines = ((number, line.split()) for number, line in enumerate(text.splitlines(), start=1))
    return _rows(lines, f" of {info.filename}")


def _table(source: str, content: bytes) -> tuple[list[str], list[_Row]]:
    reader = csv.reader(io.StringIO(_decoded(source, content), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(filter(None, reader))]
        rows = _rows((reader.line_num, cells) for cells in reader)
    except csv.Error as error:
        raise DataError(f"{source}: line {reader.line_num} is not CSV: {error}") from error
    _refuse_duplicates(f"{source}: header", header)
    return header, rows


def _from_table(
    source: str, header: Sequence[str], rows: list[_Row], features: Sequence[str], label: str
) -> Dataset:
    wanted = [*features, label]
    for name in wanted:
        if name not in header:
            nearest = difflib.get_close_matches(name, set(header) - set(wanted), n=1)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            raise DataError(
                f"{source}: found no column {name!r}, only {', '.join(map(repr, header))}{hint}"
            )
    values = _numbers(source, header, rows, wanted)
    return _validated(source, features, label, values[:, :-1], values[:, -1], rows)


def _decoded(source: str, content: bytes) -> str:
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


def _rows(numbered: Iterable[tuple[int, list[str]]], of: str = "") -> list[_Row]:
    filled = ((line, cells) for line, cells in numbered if cells)
    return [(f"row {row} (line {line}{of})", c) for row, (line, c) in enumerate(filled, start=1)]


def _numbers(
    source: str, header: Sequence[str], rows: list[_Row], wanted: Sequence[str]
) -> NDArray[np.float64]:
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


def _validated(
    source: str,
    features: Sequence[str],
    label: str,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    y_rows: list[_Row],
) -> Dataset:
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


def _refuse_duplicates(where: str, names: Sequence[str]) -> None:
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise DataError(f"{where}: found {repeated!r} twice, allowed is each column name once")


# From a source to bytes


def _load(source: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{source}: {path}: {error.strerror}; allowed is `bundled`, a URL or a file"
        ) from error


class _Unusable(Exception):
    """An answer that cannot be used."""


class _Interrupted(_Unusable):
    """An answer that may be better the next time."""


def _download(url: str, timeout: float, deadline: float, attempts: int) -> bytes:
    import requests
    import tenacity

    ends = time.monotonic() + deadline
    passing = (
        _Interrupted,
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    )
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(passing),
        stop=tenacity.stop_after_attempt(attempts) | tenacity.stop_before_delay(deadline),
        wait=tenacity.wait_exponential(multiplier=WAIT),
        before=lambda state: logger.info("%s: attempt %d", url, state.attempt_number),
        reraise=True,
    )
    try:
        return retrying(lambda: _within(ends - time.monotonic(), lambda: _receive(url, timeout)))
    except (_Unusable, requests.RequestException) as error:
        cause: BaseException = error
        while cause.__context__:  # requests wraps "Connection refused" three times
            cause = cause.__context__
        count = retrying.statistics["attempt_number"]
        raise DataError(
            f"{url}: the download failed: {cause} "
            f"(attempt {count} of {attempts}, {timeout:g} s of silence and {deadline:g} s in all "
            "allowed); to do without the network, set `source: bundled`"
        ) from error


def _within(seconds: float, function: Callable[[], bytes]) -> bytes:
    # A read timeout begins anew with each byte, so only another thread can tell when a dripping
    # server has had its time. A daemon, so that it does not keep the process from ending.
    result: Future[bytes] = Future()

    def run() -> None:
        try:
            result.set_result(function())
        except Exception as error:  # noqa: BLE001 - the caller gets it
            result.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise _Unusable("not complete when the time was up")
    return result.result()


def _receive(url: str, timeout: float) -> bytes:
    import requests

    # No compression on the way: the announced length is then that of the content.
    headers = {"Accept-Encoding": "identity"}
    with requests.get(url, stream=True, timeout=timeout, headers=headers) as response:
        if response.status_code != 200:
            kind = _Interrupted if response.status_code >= 500 else _Unusable
            raise kind(f"the server answered {response.status_code} {response.reason}")
        response.raw.enforce_content_length = False  # checked below, in all versions of urllib3
        total = response.raw.length_remaining  # None when the server does not announce it
        content = bytearray()
        told = -math.inf
        for chunk in response.iter_content(16_384):
            content += chunk
            if max(len(content), total or 0) > MAX_BYTES:
                raise _Unusable(f"larger than {_kb(MAX_BYTES)}, the most that is allowed")
            if len(content) == total or time.monotonic() > told + 1:
                told = time.monotonic()
                of = "" if total is None else f" of {_kb(total)}"
                logger.info("%s: received %s%s", url, _kb(len(content)), of)
        if response.raw.length_remaining:
            raise _Interrupted(f"received only {len(content)} of {total} bytes")
        return bytes(content)


def _kb(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB"


def standardise(x: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Scale the columns of x, shape (n, d), to mean 0 and standard deviation 1 on the given rows.

    A column that is constant on those rows is only centred.
    """
    scale = x[rows].std(axis=0)
    return (x - x[rows].mean(axis=0)) / np.where(scale > 0, scale, 1.0)
