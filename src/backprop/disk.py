"""A disk that is full: how that is said, with what is left and what to do."""

import errno
import os
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)
NEEDED_BYTES, NEEDED_FILES = 1_000_000, 100
"""Free on the disk; of a run, only the first jobs need so few."""


def in_short(error: OSError) -> str:
    """Return what is wrong with which file; of a full disk, also what is left and what to do."""
    text = f"{error.strerror}: {error.filename}" if error.filename else error.strerror or str(error)
    if error.errno not in FULL:
        return text
    space = os.statvfs(_existing(error.filename or "."))
    files = f" and room for {space.f_favail:,} files" if space.f_files else ""
    return (
        f"{text}; this disk has {space.f_bavail * space.f_frsize:,} bytes{files} left. "
        "Free some, and run the same command again"
    )


def lacking(file: str = ".") -> str:
    """Return what a run needs and the disk of a file lacks; "" if it lacks nothing."""
    space = os.statvfs(_existing(file))
    # A file system that does not count has 0 in all.
    if space.f_blocks and space.f_bavail * space.f_frsize < NEEDED_BYTES:
        return f"{NEEDED_BYTES:,} bytes"
    return (
        f"room for {NEEDED_FILES} files"
        if space.f_files > 0 and space.f_favail < NEEDED_FILES
        else ""
    )


def _existing(file: str) -> Path:
    """Return a file, or the first folder above it that is there."""
    path = Path(os.path.abspath(file))
    return next((each for each in (path, *path.parents) if os.path.exists(each)), Path("/"))
