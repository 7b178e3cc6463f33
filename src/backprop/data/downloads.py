"""Download a file: with limits of time, size and attempts, and no secret in a message or a log.

pooch, which is made for downloads, would not do: it limits neither the size of a download nor its
whole time (a server that sends byte by byte keeps it for ever), lets requests unpack what a server
compressed, to any size, and quotes whole URLs, with their secrets, in its log and its errors.
"""

import gzip
import http.client
import io
import logging
import math
import re
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import Future

import requests
import tenacity

from backprop.data.dataset import DataError
from backprop.data.file_tables import MAX_BYTES
from backprop.data.urls import shown, without_secrets

TIMEOUT = 10.0  # seconds that a server may be silent; one that works answers within one or two
DEADLINE = 120.0  # seconds for all attempts: a server that sends byte by byte is never silent
ATTEMPTS = 4  # with the waits between them, long enough for a server to restart
WAIT = 1.0  # seconds before the second attempt; each further wait is twice as long

logger = logging.getLogger(__name__)
# Its warnings quote whole URLs, with their secrets.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class _UnusableError(Exception):
    """An answer that cannot be used, now or later."""


class _InterruptedError(_UnusableError):
    """An answer that cannot be used, but the next attempt may succeed."""


def download(url: str) -> bytes:
    """Download a file, in several attempts if an error may be temporary.

    Raises
    ------
    DataError
        If no attempt succeeds.
    """
    name = without_secrets(url)
    end = time.monotonic() + DEADLINE
    temporary = (
        _InterruptedError,
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    )
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(temporary),
        stop=tenacity.stop_after_attempt(ATTEMPTS) | tenacity.stop_before_delay(DEADLINE),
        wait=tenacity.wait_exponential(multiplier=WAIT),
        before=lambda state: logger.info("%s: attempt %d", name, state.attempt_number),
        reraise=True,
    )
    try:
        return retrying(lambda: _within(end - time.monotonic(), lambda: _receive(url)))
    # Not all errors of requests are its own: a server can also cause errors of other libraries.
    except Exception as error:
        count = retrying.statistics["attempt_number"]
        raise DataError(
            f"{name}: the download failed: {_describe(error)} "
            f"(attempt {count} of {ATTEMPTS}, {TIMEOUT:g} s of silence and {DEADLINE:g} s in all "
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


def _receive(url: str) -> bytes:
    """Download a file in one attempt."""
    # Without compression, so that the announced length is the length of the content.
    headers = {"Accept-Encoding": "identity"}
    with requests.get(
        url, stream=True, timeout=TIMEOUT, headers=headers, hooks={"response": _log_redirect}
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
        raise _UnusableError(f"the content has the encoding {encoding!r}; use gzip or none")
    return content


def _log_redirect(response: requests.Response, **_: object) -> None:
    if response.is_redirect:
        target = repr(shown(response.headers["Location"]))[1:-1]
        logger.info("%s: redirected to %s", shown(response.url), target)
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
    message = re.sub(r"\S+", _without_secrets, str(cause) or type(cause).__name__)
    return repr(message)[1:-1][:300]


def _without_secrets(word: re.Match[str]) -> str:
    """Return a word of a message without a user, a password, a query and a fragment."""
    return re.split("[?#]", word[0].rpartition("@")[2], maxsplit=1)[0]


def _kb(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB"
