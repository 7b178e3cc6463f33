"""The one form of a zip that an archive has: it is written by `zipped`, and read in no other.

Its files are not compressed, so that nothing grows when it is unpacked. An archive is read only if
`zipped` makes the same bytes of the files in it. So each program that unpacks it finds these.
"""

import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO

from backprop.errors import BackpropError
from backprop.files import digest

MAX_FILES = 65_535
MAX_BYTES = 2_000_000_000  # the default run has 30 million; larger ones have other headers
MAX_NAME = 500  # characters of a path
UNIX, PLAIN_FILE = 3, 0o100644 << 16
USE = "use one that `make archive` wrote"


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip of files, if `unpack` reads as many and as large ones."""
    _check_size(map(len, contents.values()))
    target = io.BytesIO()
    _write(contents.items(), target)
    return target.getvalue()


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive, which anyone may have made, into a new, empty folder.

    Raises
    ------
    BackpropError
        If the archive cannot be read, is damaged, too large, in another form, or has a name twice
        or one that leads elsewhere. It may be unpacked in part.
    """
    if not archive.is_file():
        raise BackpropError(f"{archive}: no such file; {USE}")
    try:
        _check_size([archive.stat().st_size])
        with (
            zipfile.ZipFile(archive) as opened,
            NamedTemporaryFile() as again,
            warnings.catch_warnings(action="error"),  # Python 3.13 warns of entries that overlap
        ):
            entries = {entry.filename: entry for entry in opened.infolist()}
            _check_size(entry.file_size for entry in opened.infolist())
            _check_names([entry.filename for entry in opened.infolist()])
            for name, entry in entries.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(opened.read(entry))
            _write(((name, (folder / name).read_bytes()) for name in entries), again)
            again.flush()
            if digest(archive) != digest(Path(again.name)):
                raise _RefusedError("it has other bytes than its files, in the form of an archive")
    except _RefusedError as error:
        raise BackpropError(f"{archive}: {error}; {USE}") from error
    except (
        zipfile.BadZipFile, ValueError, LookupError, OSError, EOFError, RuntimeError, UserWarning,
    ) as error:  # fmt: skip
        raise BackpropError(
            f"{archive}: cannot be unpacked ({type(error).__name__}: {error!s:.200}); {USE}"
        ) from error


class _RefusedError(BackpropError):
    """Something is not as `make archive` writes it."""


def _write(contents: Iterable[tuple[str, bytes]], target: IO[bytes]) -> None:
    with zipfile.ZipFile(target, "w") as opened:
        for name, content in contents:
            entry = zipfile.ZipInfo(name)  # of 1980: equal runs have equal archives
            entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
            opened.writestr(entry, content)


def _check_size(sizes: Iterable[int]) -> None:
    files, size = len(listed := list(sizes)), sum(listed)
    if files > MAX_FILES or size > MAX_BYTES:
        raise _RefusedError(
            f"found {files:,} files of {size:,} bytes; at most {MAX_FILES:,} files and "
            f"{MAX_BYTES:,} bytes can be in an archive"
        )


def _check_names(names: Sequence[str]) -> None:
    """Refuse a name that leads elsewhere, is hidden, looks like another one, or is there twice."""
    for name in names:
        path = PurePosixPath(name)
        is_plain = name.isprintable() and unicodedata.is_normalized("NFC", name)
        is_odd = str(path) != name or len(name) > MAX_NAME or "\\" in name or ":" in name
        if is_odd or not is_plain or any(part.startswith((".", "/")) for part in path.parts):
            raise _RefusedError(f"{name!a:.200}: its path is not plain")
    if len({name.casefold() for name in names}) < len(names):
        raise _RefusedError("a name is there twice")
