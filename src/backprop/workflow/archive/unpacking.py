"""Unpack an archive, which anyone may have made, into a folder, and nothing outside it.

An archive is read only if it is written as `make archive` writes one: headers and their files, one
after another from the first byte, then the directory, then its end. There are no other bytes. So
each program that unpacks it finds the same files in it.
"""

import struct
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from backprop.errors import BackpropError

MAX_FILES = 100_000
MAX_BYTES = 4_000_000_000  # unpacked: the default run has 20 million
MAX_DIRECTORY = 100_000_000
MAX_NAME = 500  # characters of a path
CHUNK = 1_000_000

# Fields of APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. Both headers of a file have the version
# needed, flags, method, time, date, CRC-32, sizes, and the lengths of the name and of extra fields.
LOCAL = struct.Struct("<4sHHHHHLLLHH")
ENTRY = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END = struct.Struct("<4sHHHHLLH")
MADE_BY, VERSION, DEFLATED = 0x0314, 20, 8  # Unix
TIME, DATE, MODE = 0, 0x21, 0o100644 << 16  # 1980-01-01; a plain file
UTF8 = 0x800  # the flag of a name that is not ASCII


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into a new, empty folder.

    Raises
    ------
    BackpropError
        If the archive cannot be read, is damaged, too large when unpacked, not written as `make
        archive` writes one, or has a name twice or one that leads elsewhere. It may be unpacked in
        part.
    """
    if not archive.is_file():
        raise BackpropError(f"{archive}: no such file; use one that `make archive` wrote")
    try:
        with archive.open("rb") as opened:
            _unpack(opened, archive.stat().st_size, folder)
    except _RefusedError as error:
        raise BackpropError(f"{archive}: {error}; use one that `make archive` wrote") from error
    except (struct.error, zlib.error, UnicodeDecodeError, OSError) as error:
        raise BackpropError(
            f"{archive}: cannot be unpacked ({type(error).__name__}: {error!s:.200})"
        ) from error


class _RefusedError(Exception):
    """Something is not as `make archive` writes it."""


def _unpack(opened: IO[bytes], size: int, folder: Path) -> None:
    entries, start = _directory(opened, size)
    total = sum(entry["size"] for entry in entries)
    if len(entries) > MAX_FILES or total > MAX_BYTES:
        raise _RefusedError(
            f"found {len(entries):,} files of {total:,} bytes; at most {MAX_FILES:,} files and "
            f"{MAX_BYTES:,} bytes are read"
        )
    opened.seek(0)
    for entry in entries:
        if opened.tell() != entry["offset"]:
            raise _RefusedError(f"{entry['name']!a:.200}: it is not where the one before it ends")
        _check_local(opened, entry)
        file = folder / entry["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as target:  # no entry replaces a file
            _inflate(opened, entry, target)
    if opened.tell() != start:
        raise _RefusedError("it has bytes between its files and its directory")


def _directory(opened: IO[bytes], size: int) -> tuple[list[dict[str, Any]], int]:
    """Return the entries of the directory, and where it begins. It must end the file."""
    opened.seek(max(0, size - END.size))
    signature, disk, first, here, number, length, start, comment = END.unpack(opened.read())
    if signature != b"PK\5\6" or disk or first or here != number or comment:
        raise _RefusedError("it is no zip, is in parts, or has a comment or more after its end")
    if start + length + END.size != size or length > MAX_DIRECTORY:
        raise _RefusedError("it has bytes before, between or after its files, or is too large")
    opened.seek(start)
    content, entries, names, place = opened.read(length), list[dict[str, Any]](), set[str](), 0
    for _ in range(number):
        (
            signature, made_by, version, flags, method, time, date, crc, packed, unpacked,
            name_length, extra, comment, disk, internal, mode, offset,
        ) = ENTRY.unpack_from(content, place)  # fmt: skip
        place += ENTRY.size
        raw = content[place : place + name_length]
        place += name_length
        name = raw.decode("utf-8" if flags & UTF8 else "ascii")
        fixed = (signature, made_by, version, method, time, date, internal, mode, disk)
        if fault := _fault(name, names):
            raise _RefusedError(f"{name!a:.200}: {fault}")
        if (
            fixed != (b"PK\1\2", MADE_BY, VERSION, DEFLATED, TIME, DATE, 0, MODE, 0)
            or (extra, comment) != (0, 0)
            or flags != (0 if name.isascii() else UTF8)
        ):
            raise _RefusedError(f"{name!a:.200}: its entry has another form or has more fields")
        names.add(name.casefold())
        entries.append({
            "name": name, "raw": raw, "flags": flags, "crc": crc, "packed": packed,
            "size": unpacked, "offset": offset,
        })  # fmt: skip
    if place != length:
        raise _RefusedError("its directory has more bytes than entries")
    return entries, start


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


def _check_local(opened: IO[bytes], entry: dict[str, Any]) -> None:
    """Read the header before a file, which must say what the directory says."""
    expected = LOCAL.pack(
        b"PK\3\4", VERSION, entry["flags"], DEFLATED, TIME, DATE,
        entry["crc"], entry["packed"], entry["size"], len(entry["raw"]), 0,
    )  # fmt: skip
    if opened.read(LOCAL.size + len(entry["raw"])) != expected + entry["raw"]:
        raise _RefusedError(f"{entry['name']!a:.200}: it has two headers that differ")


def _inflate(opened: IO[bytes], entry: dict[str, Any], target: IO[bytes]) -> None:
    """Write an entry. Its bytes are one stream, of the size and the CRC-32 that it announces."""
    stream, packed, size, crc = zlib.decompressobj(-zlib.MAX_WBITS), entry["packed"], 0, 0
    while packed and not stream.eof:
        part = opened.read(min(CHUNK, packed))
        packed -= len(part)
        if not part:
            break
        content = b""
        while (part or len(content) == CHUNK) and not stream.eof and size <= entry["size"]:
            content = stream.decompress(part, CHUNK)
            part = stream.unconsumed_tail
            size, crc = size + len(content), zlib.crc32(content, crc)
            if size <= entry["size"]:
                target.write(content)
    is_whole = stream.eof and not stream.unused_data and not packed
    if not is_whole or (size, crc) != (entry["size"], entry["crc"]):
        raise _RefusedError(f"{entry['name']!a:.200}: it is damaged, or of another size")
