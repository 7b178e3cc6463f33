"""Obtain a data set from its source: the bundled copy, a file, or a server."""

import gzip
import hashlib
import http.client
import io
import logging
import math
import re
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import requests
import tenacity

from backprop.data.dataset import (
    DataError,
    Dataset,
    Table,
    canonical,
    decode,
    from_table,
    in_brief,
    listed,
    load,
    parse_classes,
    parse_csv,
    parse_numbers,
    refuse_duplicates,
    validate,
)

TIMEOUT = 10.0  # seconds that a server may be silent; one that works answers within one or two
DEADLINE = 120.0  # seconds for all attempts: a server that sends byte by byte is never silent
ATTEMPTS = 4  # with the waits between them, long enough for a server to restart
WAIT = 1.0  # seconds before the second attempt; each further wait is twice as long
MAX_BYTES = 50_000_000  # largest download or unpacked file; tables for this workflow are smaller

logger = logging.getLogger(__name__)
# Its warnings quote whole URLs, with their secrets.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


def is_url(source: str) -> bool:
    """Return whether a source is on a server."""
    return source.lower().startswith(("http://", "https://"))


def without_secrets(source: str) -> str:
    """Return a source as it may be shown: a URL without user, password, query and fragment."""
    return _shown(source) if is_url(source) else source


def _shown(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # not valid, so it cannot be known where in it the secrets are
        return url[: url.find("//") + 2] + "..."
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


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
    """Obtain a data set and check it.

    Parameters
    ----------
    source : str
        A URL, or the name of `file` in messages. The data are either a CSV file in UTF-8 with a
        header, or a zip archive with one file ``*x.dat`` (the features) and one file ``*y.dat``
        (the classes), whose columns are separated by blanks.
    features : sequence of str
        The feature columns, in order. Other columns of a CSV file are ignored. The columns of an
        archive have no names, and get these.
    label : str
        The class column.
    file : Path, optional
        The file of the data set; by default `source` is downloaded.
    sha256 : str, optional
        The expected SHA-256 of the data set in its `canonical` form, in hexadecimal.
    timeout : float
        The longest silence of a server, in seconds.
    deadline : float
        The longest time for all attempts to download together, in seconds.
    attempts : int
        The largest number of attempts to download, at least 1.

    Returns
    -------
    Dataset
        Its rows in the order of the source.

    Raises
    ------
    DataError
        If the source cannot be read, its data cannot be used, or their digest is not `sha256`.
    """
    content = _download(source, timeout, deadline, attempts) if file is None else load(source, file)

    source = without_secrets(source)  # from here on it is only the name in messages
    names = [*features, label]
    refuse_duplicates(f"{source}: features and label", names)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # the latter: an empty archive
        dataset = _from_archive(source, content, features, label)
    else:
        dataset = from_table(parse_csv(source, content), features, label)

    if sha256 is not None:
        digest = hashlib.sha256(canonical(dataset)).hexdigest()
        if digest != sha256.lower():
            raise DataError(
                f"{source}: the data are not the expected ones: found SHA-256 {digest}, "
                f"expected {sha256}"
            )
    return dataset


def provenance(dataset: Dataset, source: str) -> dict[str, Any]:
    """Describe a data set for a JSON file. Equal data sets from one source have equal descriptions.

    ``duplicated_rows`` lists groups of rows, counted from 1, with the same features and class.
    """
    groups: dict[tuple[float, ...], list[int]] = {}
    for row, cells in enumerate(np.column_stack([dataset.x, dataset.y]).tolist(), start=1):
        groups.setdefault(tuple(cells), []).append(row)
    return {
        "source": without_secrets(source),
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
            x_table = _member(source, archive, "x.dat", features)
            y_table = _member(source, archive, "y.dat", [label])
    except DataError:
        raise
    except Exception as error:  # zipfile and its decompressors do not say what they raise
        reason = in_brief.repr(str(error))[1:-1]
        raise DataError(f"{source}: a damaged or incomplete zip archive: {reason}") from error
    x, y = parse_numbers(x_table, features), parse_classes(y_table, label)
    if len(x) != len(y):
        raise DataError(
            f"{source}: found {len(x)} rows in *x.dat and {len(y)} rows in *y.dat, "
            "allowed is the same number in both"
        )
    return validate(source, features, label, x, y)


def _member(source: str, archive: zipfile.ZipFile, ending: str, names: Sequence[str]) -> Table:
    """Read the only file of an archive whose name has this ending, with these columns."""
    # macOS adds a hidden `._ex4x.dat` for each file.
    files = [info for info in archive.infolist() if not Path(info.filename).name.startswith(".")]
    members = [info for info in files if info.filename.lower().endswith(ending)]
    if len(members) != 1:
        names_found = listed([info.filename for info in files]) or "nothing"
        raise DataError(
            f"{source}: found {len(members)} files *{ending} in the archive, allowed is one; "
            f"it holds {names_found}"
        )
    (info,) = members
    name = in_brief.repr(info.filename)[1:-1]
    if info.file_size > MAX_BYTES:  # zipfile never reads more than this size
        raise DataError(
            f"{source}: {name} unpacks to {_kb(info.file_size)}, allowed is {_kb(MAX_BYTES)}"
        )
    text = decode(f"{source}: {name}", archive.read(info))
    table = Table(source, list(names), member=name)
    for number, line in enumerate(text.splitlines(), start=1):
        if cells := line.split():
            table.rows.append(cells)
            table.lines.append(number)
    return table


# From a source to bytes


class _UnusableError(Exception):
    """An answer that cannot be used, now or later."""


class _InterruptedError(_UnusableError):
    """An answer that cannot be used, but the next attempt may succeed."""


def _download(url: str, timeout: float, deadline: float, attempts: int) -> bytes:
    """Download a file, in several attempts if an error may be temporary."""
    name = without_secrets(url)
    end = time.monotonic() + deadline
    temporary = (
        _InterruptedError,
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    )
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(temporary),
        stop=tenacity.stop_after_attempt(attempts) | tenacity.stop_before_delay(deadline),
        wait=tenacity.wait_exponential(multiplier=WAIT),
        before=lambda state: logger.info("%s: attempt %d", name, state.attempt_number),
        reraise=True,
    )
    try:
        return retrying(lambda: _within(end - time.monotonic(), lambda: _receive(url, timeout)))
    # Not all errors of requests are its own: a server can also cause those of other libraries.
    except Exception as error:
        count = retrying.statistics["attempt_number"]
        raise DataError(
            f"{name}: the download failed: {_describe(error)} "
            f"(attempt {count} of {attempts}, {timeout:g} s of silence and {deadline:g} s in all "
            "allowed); to do without the network, set `source: bundled`"
        ) from error


def _within(seconds: float, function: Callable[[], bytes]) -> bytes:
    """Return the result of a function, or raise `_UnusableError` if it takes longer.

    The timeout of `requests` starts again with each byte, so it does not limit the whole download.
    The function therefore runs in a thread, which is abandoned when the time is up. The thread is
    a daemon, so the process can end while it runs.
    """
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
    """Download a file in one attempt."""
    # Without compression, so that the announced length is that of the content.
    headers = {"Accept-Encoding": "identity"}
    with requests.get(
        url, stream=True, timeout=timeout, headers=headers, hooks={"response": _log_redirect}
    ) as response:
        if response.status_code != 200:
            kind = _InterruptedError if response.status_code >= 500 else _UnusableError
            reason = http.client.responses.get(response.status_code, "")
            raise kind(f"the server answered {response.status_code} {reason}".rstrip())
        # Without this header, requests does not unpack the content. It would take one that is cut
        # off for complete, and unpack it to any size.
        encoding = response.raw.headers.pop("Content-Encoding", "identity").lower()
        content = _content(response, without_secrets(url))
    if encoding in ("gzip", "x-gzip"):
        return _unpack(content)
    if encoding != "identity":
        raise _UnusableError(f"the content has the encoding {encoding!r}, allowed is gzip or none")
    return content


def _log_redirect(response: requests.Response, **_: object) -> None:
    if response.is_redirect:
        target = repr(_shown(response.headers["Location"]))[1:-1]
        logger.info("%s: redirected to %s", _shown(response.url), target)
        response.close()  # requests would read its content, which may never end


def _content(response: requests.Response, name: str) -> bytes:
    """Receive the content of an answer, and log the progress each second."""
    response.raw.enforce_content_length = False  # checked below, for all versions of urllib3
    total = response.raw.length_remaining  # None if the server does not announce it
    if total is None and not response.raw.chunked:
        logger.info("%s: without a length; only `sha256` can show that it is complete", name)
    content = bytearray()
    logged = -math.inf
    for chunk in response.iter_content(16_384):
        content += chunk
        _check_size(max(len(content), total or 0))
        if len(content) == total or time.monotonic() > logged + 1:
            logged = time.monotonic()
            of_total = "" if total is None else f" of {_kb(total)}"
            logger.info("%s: received %s%s", name, _kb(len(content)), of_total)
    if response.raw.length_remaining:
        raise _InterruptedError(f"received only {len(content)} of {total} bytes")
    return bytes(content)


def _unpack(content: bytes) -> bytes:
    """Unpack gzip."""
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(MAX_BYTES + 1)
    except EOFError as error:
        raise _InterruptedError("received only a part of the compressed content") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _UnusableError(f"the compressed content is damaged: {error}") from error
    _check_size(len(unpacked))
    return unpacked


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise _UnusableError(f"larger than {_kb(MAX_BYTES)}, the largest size allowed")


def _describe(error: Exception) -> str:
    """Return what a failed download failed by, short and without the secrets of any URL."""
    if isinstance(error, ValueError):  # of all libraries; it may quote any part of the URL
        return "the URL, or one to which the server redirects, is not valid"
    cause: BaseException = error
    while deeper := cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__):
        cause = deeper  # requests wraps "Connection refused" three times
    message = re.sub(r"\S*@|[?#]\S*", "", str(cause) or type(cause).__name__)
    return repr(message)[1:-1][:300]


def _kb(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB"
