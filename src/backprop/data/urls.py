"""The URL of a data set, which may have secrets, and the path of one, which names its user."""

from pathlib import PurePath
from urllib.parse import urlsplit, urlunsplit


def is_url(source: str) -> bool:
    """Return whether a source is on a server."""
    return source.lower().startswith(("http://", "https://"))


def without_secrets(source: str) -> str:
    """Return a source as it may be shown: a URL without user, password, query and fragment."""
    if not is_url(source):
        return source
    try:
        parts = urlsplit(source)
        _ = parts.port
    except ValueError:  # not valid, so it cannot be known where in it the secrets are
        return source[: source.find("//") + 2] + "..."
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def without_folder(source: str) -> str:
    """Return the name of a file whose path is absolute or begins at a home; others as they are."""
    return PurePath(source).name if source.startswith(("/", "~")) else source
