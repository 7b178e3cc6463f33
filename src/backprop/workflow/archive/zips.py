"""The one form of a zip that an archive has: it is written by `zipped`, and read in no other form.

A header and a file in turns, from the first byte; then the directory, then its end. No other bytes,
no extra fields. So each program that unpacks it finds the same files in it, whoever made it.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from backprop.errors import BackpropError

MAX_FILES = 65_535
MAX_BYTES = 4_000_000_000  # packed or unpacked: the default run has 20 million
MAX_NAME = 500  # characters of a path
CHUNK = 1_000_000

# Fields of APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. Both headers of a file have the version
# needed, flags, method, time, date, CRC-32, sizes, and the lengths of the name and of extra fields.
LOCAL = struct.Struct("<4sHHHHHLLLHH")
LISTED = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END = struct.Struct("<4sHHHHLLH")
MADE_BY, VERSION, DEFLATED = 0x0314, 20, 8  # Unix
TIME, DATE, MODE = 0, 0x21, 0o100644 << 16  # equal runs have equal archives: 1980; a plain file
UTF8 = 0x800  # the flag of a name that is not ASCII


class Entry(NamedTuple):
    """A file in a zip: its name, its CRC-32, and its sizes as it is packed and unpacked."""

    name: str
    crc: int
    packed: int
    size: int

    @property
    def flags(self) -> int:
        """How its name is written."""
        return 0 if self.name.isascii() else UTF8

    @property
    def header(self) -> bytes:
        """What is before it."""
        name = self.name.encode()
        numbers = (TIME, DATE, self.crc, self.packed, self.size, len(name), 0)
        return LOCAL.pack(b"PK\3\4", VERSION, self.flags, DEFLATED, *numbers) + name

    def listed(self, offset: int) -> bytes:
        """Return its entry in the directory."""
        name = self.name.encode()
        numbers = (TIME, DATE, self.crc, self.packed, self.size, len(name), 0, 0, 0, 0)
        fixed = (b"PK\1\2", MADE_BY, VERSION, self.flags, DEFLATED)
        return LISTED.pack(*fixed, *numbers, MODE, offset) + name


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip of files, if `unpack` reads as many and as large ones."""
    _check_size(len(contents), sum(map(len, contents.values())))
    parts, entries = [], []
    for name, content in contents.items():
        stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = stream.compress(content) + stream.flush()
        entries.append(Entry(name, zlib.crc32(content), len(packed), len(content)))
        parts += [entries[-1].header, packed]
    return b"".join([*parts, _directory(entries)])


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive, which anyone may have made, into a new, empty folder.

    Raises
    ------
    BackpropError
        If the archive cannot be read, is damaged, too large, in another form, or has a name twice
        or one that leads elsewhere. It may be unpacked in part.
    """
    if not archive.is_file():
        raise BackpropError(f"{archive}: no such file; use one that `make archive` wrote")
    try:
        _check_size(1, archive.stat().st_size)
        with zipfile.ZipFile(archive) as opened:
            infos = opened.infolist()
        entries = [Entry(i.filename, i.CRC, i.compress_size, i.file_size) for i in infos]
        _check_size(len(entries), sum(entry.size for entry in entries))
        with archive.open("rb") as file:
            _unpack(file, entries, folder)
    except _RefusedError as error:
        raise BackpropError(f"{archive}: {error}; use one that `make archive` wrote") from error
    except (zipfile.BadZipFile, struct.error, zlib.error, ValueError, LookupError, OSError,
            NotImplementedError) as error:  # fmt: skip
        raise BackpropError(
            f"{archive}: cannot be unpacked ({type(error).__name__}: {error!s:.200})"
        ) from error


class _RefusedError(BackpropError):
    """Something is not as `make archive` writes it."""


def _directory(entries: Sequence[Entry]) -> bytes:
    """Return the directory of a zip, and its end."""
    place, listed = 0, []
    for entry in entries:
        listed.append(entry.listed(place))
        place += len(entry.header) + entry.packed
    directory = b"".join(listed)
    number = len(entries)
    return directory + END.pack(b"PK\5\6", 0, 0, number, number, len(directory), place, 0)


def _check_size(files: int, size: int) -> None:
    if files > MAX_FILES or size > MAX_BYTES:
        raise _RefusedError(
            f"found {files:,} files of {size:,} bytes; at most {MAX_FILES:,} files and "
            f"{MAX_BYTES:,} bytes can be in an archive"
        )


def _unpack(opened: IO[bytes], entries: Sequence[Entry], folder: Path) -> None:
    names = set[str]()
    for entry in entries:
        if fault := _fault(entry.name, names):
            raise _RefusedError(f"{entry.name!a:.200}: {fault}")
        names.add(entry.name.casefold())
        if opened.read(len(entry.header)) != entry.header:
            raise _RefusedError(f"{entry.name!a:.200}: its header has another form or place")
        file = folder / entry.name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as target:  # no entry replaces a file
            _inflate(opened, entry, target)
    expected = _directory(entries)
    if opened.read(len(expected) + 1) != expected:
        raise _RefusedError("its directory has another form, or there are more bytes than files")


def _fault(name: str, names: set[str]) -> str | None:
    """Return what is wrong with the name of an entry."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name or ":" in name or not parts:
        return "its path leads out of the archive"
    if any(part.startswith(".") for part in parts):
        return "its path is hidden"
    if not name.isprintable() or len(name) > MAX_NAME or str(PurePosixPath(name)) != name:
        return "its path is not plain"
    return "it is there twice" if name.casefold() in names else None


def _inflate(opened: IO[bytes], entry: Entry, target: IO[bytes]) -> None:
    """Write an entry. Its bytes are one stream, of the size and the CRC-32 that it announces."""
    stream, packed, size, crc = zlib.decompressobj(-zlib.MAX_WBITS), entry.packed, 0, 0
    while packed and not stream.eof and (part := opened.read(min(CHUNK, packed))):
        packed -= len(part)
        content = b""
        while (part or len(content) == CHUNK) and not stream.eof and size <= entry.size:
            content = stream.decompress(part, CHUNK)
            part = stream.unconsumed_tail
            size, crc = size + len(content), zlib.crc32(content, crc)
            if size <= entry.size:
                target.write(content)
    is_whole = stream.eof and not stream.unused_data and not packed
    if not is_whole or (size, crc) != (entry.size, entry.crc):
        raise _RefusedError(f"{entry.name!a:.200}: it is damaged, or of another size")
