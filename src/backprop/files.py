"""Writing files that are either whole or not there."""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that no reader, and no killed job, ever sees half of it.

    Parameters
    ----------
    path : Path
        The file to make or replace; its directory must exist.
    content : bytes
        All of what the file is to hold.

    Raises
    ------
    OSError
        If the file cannot be written. What stood at `path` before is then still there.
    """
    # Not from `tempfile`: its files are readable by their owner only, and would stay so.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_table(path: Path, table: "pandas.DataFrame") -> None:
    """Write a data frame as CSV, numbers in the shortest decimals that give the same float64."""
    write_atomically(path, table.to_csv(index=False, lineterminator="\n").encode())
