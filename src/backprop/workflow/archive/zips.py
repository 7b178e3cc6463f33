"""The one form of a zip that an archive has: it is written by `zipped`, and read in no other.

Its files are not compressed, so that nothing grows when it is unpacked. An archive is read only if
`zipped` makes the same bytes of the files in it. So each program that unpacks it finds these.
"""

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
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
        with zipfile.ZipFile(archive) as opened, NamedTemporaryFile() as again:
            entries = opened.infolist()
            _check_size(entry.file_size for entry in entries)
            names = set[str]()
            for entry in entries:
                _unpack(opened, entry, folder, names)
            _write(((e.filename, (folder / e.filename).read_bytes()) for e in entries), again)
            again.flush()
            if digest(archive) != digest(Path(again.name)):
                raise _RefusedError("it has other bytes than its files, in the form of an archive")
    except _RefusedError as error:
        raise BackpropError(f"{archive}: {error}; {USE}") from error
    except (zipfile.BadZipFile, ValueError, LookupError, OSError, EOFError, RuntimeError) as error:
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


def _unpack(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, names: set[str]) -> None:
    fault = _fault(entry.filename)
    if entry.compress_type != zipfile.ZIP_STORED:
        fault = fault or "it is compressed"
    if entry.filename.casefold() in names:
        fault = "it is there twice"
    if fault:
        raise _RefusedError(f"{entry.filename!a:.200}: {fault}")
    names.add(entry.filename.casefold())
    file = folder / entry.filename
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(opened.read(entry))


def _fault(name: str) -> str | None:
    """Return what is wrong with the name of an entry."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or not parts:
        return "its path leads out of the archive"
    if any(part.startswith(".") for part in parts):
        return "its path is hidden"
    is_short = len(name) <= MAX_NAME and str(PurePosixPath(name)) == name
    is_plain = is_short and name.isprintable() and unicodedata.is_normalized("NFC", name)
    return None if is_plain else "its path is not plain"
