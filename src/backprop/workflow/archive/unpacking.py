"""Unpack an archive, which anyone may have made, into a folder, and nothing outside it."""

import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from backprop.errors import BackpropError

MAX_FILES = 100_000
MAX_BYTES = 4_000_000_000  # unpacked: the default run has 20 million
MAX_NAME = 500  # characters of a path


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into a new, empty folder.

    Raises
    ------
    BackpropError
        If the archive cannot be read, is damaged, too large when unpacked, or has an entry that is
        no plain file, has a name twice or one that leads elsewhere. It may be unpacked in part.
    """
    if not archive.is_file():
        raise BackpropError(f"{archive}: no such file; use one that `make archive` wrote")
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            _check(archive, entries)
            for entry in entries:
                if entry.is_dir():  # the paths of the files say which folders there are
                    continue
                file = folder / entry.filename
                file.parent.mkdir(parents=True, exist_ok=True)
                # "x": no entry replaces a file. It is read up to the size that it announces.
                with opened.open(entry) as source, file.open("xb") as target:
                    shutil.copyfileobj(source, target)
    # zlib.error, EOFError and others are no OSError; a broken header gives any of them.
    except BackpropError:
        raise
    except MemoryError:
        raise
    except Exception as error:
        raise BackpropError(
            f"{archive}: cannot be unpacked ({type(error).__name__}: {error!s:.200})"
        ) from error


def _check(archive: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse entries before any is unpacked."""
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or size > MAX_BYTES:
        raise BackpropError(
            f"{archive}: found {len(entries):,} files of {size:,} bytes; use an archive of at most "
            f"{MAX_FILES:,} files and {MAX_BYTES:,} bytes"
        )
    names = set[str]()
    for entry in entries:
        if fault := _fault(entry, names):
            raise BackpropError(f"{archive}: {entry.filename!a:.200}: {fault}")
        names.add(entry.filename.rstrip("/").casefold())


def _fault(entry: zipfile.ZipInfo, names: set[str]) -> str | None:
    """Return what is wrong with an entry, by its header alone."""
    name, mode = entry.filename, entry.external_attr >> 16
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or not parts:
        return "its path leads out of the archive"
    if any(part.startswith(".") for part in parts):
        return "its path is hidden"
    if entry.is_dir():
        name = name.removesuffix("/")
    if not name.isprintable() or len(name) > MAX_NAME or str(PurePosixPath(name)) != name:
        return "its path is not plain"
    if stat.S_IFMT(mode) not in (0, stat.S_IFDIR if entry.is_dir() else stat.S_IFREG):
        return "it is a link or a device, no file"
    if entry.flag_bits & 0x1:
        return "it is encrypted"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "its compression is unknown"
    return "it is there twice" if name.casefold() in names else None
