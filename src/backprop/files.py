"""Writing files that are either whole or not there."""

import os
from pathlib import Path


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
