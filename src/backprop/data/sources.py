"""Obtain a data set from wherever it comes: the bundled copy, a file, or a server."""

import hashlib
import io
import logging
import math
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import requests
import tenacity

from backprop.data.dataset import (
    DataError,
    Dataset,
    Row,
    canonical,
    decoded,
    from_table,
    load,
    numbers,
    refuse_duplicates,
    rows_of,
    table_of,
    validated,
)

TIMEOUT = 10.0  # seconds of silence: a live server answers within one or two
DEADLINE = 120.0  # seconds for all attempts together, since a server that drips is never silent
ATTEMPTS = 4  # with the waits between them enough for a server that restarts
WAIT = 1.0  # seconds before the second attempt, twice as long before each further one
MAX_BYTES = 50_000_000  # to receive or to unpack: far above any table that this workflow is for

logger = logging.getLogger(__name__)


def is_url(source: str) -> bool:
    """Tell whether a source is on a server."""
    return source.lower().startswith(("http://", "https://"))


def obtain(
    source: str,
    *,
    features: Sequence[str],
    label: str,
    file: Path | None = None,
    sha256: str | None = None,
    timeout: float = TIMEOUT,
    deadline: float = DEADLINE,
    attempts: int = ATTEMPTS,
) -> Dataset:
    """Fetch and validate a data set.

    Parameters
    ----------
    source : str
        A URL, or a name for `file` in messages. What it leads to is either a CSV file in UTF-8
        with a header, or a zip archive with one file ``*x.dat`` of features and one ``*y.dat`` of
        classes, in columns divided by blanks.
    features : sequence of str
        The feature columns, in order. Other columns of a CSV file are left out; the columns of an
        archive, which have no names, get these.
    label : str
        The class column.
    file : Path, optional
        The file that the data set is in, unless it is on a server.
    sha256 : str, optional
        The expected digest of `canonical` of the data set, in hexadecimal.
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
    content = _download(source, timeout, deadline, attempts) if file is None else load(source, file)

    names = [*features, label]
    refuse_duplicates(f"{source}: features and label", names)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the latter: an empty archive
        dataset = _from_archive(source, content, features, label)
    else:
        dataset = from_table(source, *table_of(source, content), features, label)

    found = hashlib.sha256(canonical(dataset)).hexdigest()
    if sha256 is not None and found != sha256.lower():
        raise DataError(
            f"{source}: the data differ from what is expected: found SHA-256 {found}, "
            f"expected {sha256}"
        )
    return dataset


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


def _from_archive(source: str, content: bytes, features: Sequence[str], label: str) -> Dataset:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            x_rows = _member(source, archive, "x.dat")
            y_rows = _member(source, archive, "y.dat")
    # All that zipfile lets out; RuntimeError when encrypted or of an unknown compression.
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise DataError(f"{source}: a damaged or incomplete zip archive: {error}") from error
    x = numbers(source, features, x_rows, features)
    y = numbers(source, [label], y_rows, [label])
    if len(x) != len(y):
        raise DataError(
            f"{source}: found {len(x)} rows in *x.dat and {len(y)} rows in *y.dat, "
            "allowed is the same number in both"
        )
    return validated(source, features, label, x, y[:, 0], y_rows)


def _member(source: str, archive: zipfile.ZipFile, ending: str) -> list[Row]:
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
    text = decoded(f"{source}: {info.filename}", archive.read(info))
    lines = ((number, line.split()) for number, line in enumerate(text.splitlines(), start=1))
    return rows_of(lines, f" of {info.filename}")


# From a source to bytes


class _UnusableError(Exception):
    """An answer that cannot be used."""


class _InterruptedError(_UnusableError):
    """An answer that may be better the next time."""


def _download(url: str, timeout: float, deadline: float, attempts: int) -> bytes:
    ends = time.monotonic() + deadline
    passing = (
        _InterruptedError,
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
    except (_UnusableError, requests.RequestException) as error:
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
        except Exception as error:
            result.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise _UnusableError("not complete when the time was up")
    return result.result()


def _receive(url: str, timeout: float) -> bytes:
    # No compression on the way: the announced length is then that of the content.
    headers = {"Accept-Encoding": "identity"}
    with requests.get(url, stream=True, timeout=timeout, headers=headers) as response:
        if response.status_code != 200:
            kind = _InterruptedError if response.status_code >= 500 else _UnusableError
            raise kind(f"the server answered {response.status_code} {response.reason}")
        response.raw.enforce_content_length = False  # checked below, in all versions of urllib3
        total = response.raw.length_remaining  # None when the server does not announce it
        content = bytearray()
        told = -math.inf
        for chunk in response.iter_content(16_384):
            content += chunk
            if max(len(content), total or 0) > MAX_BYTES:
                raise _UnusableError(f"larger than {_kb(MAX_BYTES)}, the most that is allowed")
            if len(content) == total or time.monotonic() > told + 1:
                told = time.monotonic()
                of = "" if total is None else f" of {_kb(total)}"
                logger.info("%s: received %s%s", url, _kb(len(content)), of)
        if response.raw.length_remaining:
            raise _InterruptedError(f"received only {len(content)} of {total} bytes")
        return bytes(content)


def _kb(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB"
