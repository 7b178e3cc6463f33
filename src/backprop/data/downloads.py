"""Download a file: with limits of size, silence and attempts, and no secret in a message or a log.

pooch, which is made for downloads, would not do: it does not limit the size of a download, and
quotes whole URLs, with their secrets, in its log and its errors.
"""

import http.client
import logging
import math
import re
import time

import requests
import tenacity

from backprop.data.dataset import DataError
from backprop.data.file_tables import MAX_BYTES
from backprop.data.urls import without_secrets

TIMEOUT = 10.0  # seconds that a server may be silent; one that works answers within one or two
ATTEMPTS = 4  # with the waits between them, long enough for a server to restart
WAIT = 1.0  # seconds before the second attempt; each further wait is twice as long
TEMPORARY = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
"""The errors after which the next attempt may succeed."""

logger = logging.getLogger(__name__)
# Its warnings quote whole URLs, with their secrets.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


def download(url: str) -> bytes:
    """Download a file, in several attempts if an error may be temporary.

    Raises
    ------
    DataError
        If no attempt succeeds.
    """
    name = without_secrets(url)
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(TEMPORARY),
        stop=tenacity.stop_after_attempt(ATTEMPTS),
        wait=tenacity.wait_exponential(multiplier=WAIT),
        before=lambda state: logger.info("%s: attempt %d", name, state.attempt_number),
        reraise=True,
    )
    try:
        return retrying(_receive, url, name)
    # Not all errors of requests are its own: a server can also cause errors of other libraries.
    except Exception as error:
        count = retrying.statistics["attempt_number"]
        raise DataError(
            f"{name}: the download failed: {_describe(error)} (attempt {count} of {ATTEMPTS}, "
            f"{TIMEOUT:g} s of silence allowed); to do without the network, set `source: bundled`"
        ) from error


def _receive(url: str, name: str) -> bytes:
    """Download a file in one attempt, and log the progress each second."""
    # Without compression, so that the announced length is the length of the content.
    plain = {"Accept-Encoding": "identity"}
    # Of a redirect, requests would read the content, and leave the socket open.
    hooks = {"response": lambda own, **_: own.close() if own.is_redirect else None}
    with requests.get(url, stream=True, timeout=TIMEOUT, headers=plain, hooks=hooks) as response:
        if response.status_code != 200:
            reason = http.client.responses.get(response.status_code, "")
            kind = requests.ConnectionError if response.status_code >= 500 else OSError
            raise kind(f"the server answered {response.status_code} {reason}".rstrip())
        response.raw.enforce_content_length = True  # the default, but of old versions of urllib3
        total = response.raw.length_remaining  # None if the server does not announce it
        if total is None and not response.raw.chunked:
            logger.info("%s: without a length; only `sha256` can show that it is complete", name)
        content, logged = bytearray(), -math.inf
        for chunk in response.iter_content(16_384):
            content += chunk
            if len(content) > MAX_BYTES:
                raise OSError(f"larger than {_kb(MAX_BYTES)}, the largest size allowed")
            if len(content) == total or time.monotonic() > logged + 1:
                logged = time.monotonic()
                of_total = "" if total is None else f" of {_kb(total)}"
                logger.info("%s: received %s%s", name, _kb(len(content)), of_total)
    return bytes(content)


def _describe(error: Exception) -> str:
    """Return what a failed download failed by, short and without the secrets of any URL."""
    if isinstance(error, ValueError):  # of all libraries; it may quote any part of the URL
        return "the URL, or one to which the server redirects, is not valid"
    cause: BaseException = error
    while deeper := cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__):
        cause = deeper  # requests wraps "Connection refused" three times
    # Of each word, neither a user and a password, nor a query and a fragment.
    message = re.sub(r"(?<!\S)\S*@|[?#]\S*", "", str(cause) or type(cause).__name__)
    return repr(message)[1:-1][:300]


def _kb(size: int) -> str:
    return f"{math.ceil(size / 1000)} kB"
