"""One run at a time in a folder of results, wherever its users come from.

Two clones may share the folder by a link, and two machines by a network file system, but Snakemake
locks the working directory. This lock is of a file in the folder, and of the process: it ends with
it, even if that is killed.
"""

import fcntl
import os
import platform
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

from backprop.errors import BackpropError, printable

LOCK = ".lock"
MAX_CHARACTERS = 500  # of the holder, which is as long as the path of its folder
HELD: list[TextIO] = []  # open until the process ends: to close one would end its lock


def hold(folder: Path) -> None:
    """Hold the lock of a folder of results until this process ends.

    Raises
    ------
    BackpropError
        If another process holds it.
    OSError
        If the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / LOCK).open("a+", encoding="utf-8", errors="replace")
    HELD.append(file)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        file.seek(0)
        holder = file.read(MAX_CHARACTERS) or "just begun"
        raise BackpropError(
            f"{folder.resolve()} is in use by a run ({holder}); wait until it ends, or use another "
            "folder of results (`--folder`, or `--directory` of Snakemake). If no such process is "
            f"left, remove {folder / LOCK}"
        ) from None
    except OSError as error:
        print(
            f"warning: {folder} is on a file system without locks ({error.strerror}); start no "
            "second run there while this one goes on",
            file=sys.stderr,
        )
    began = datetime.now().astimezone().isoformat(" ", "seconds")
    with suppress(OSError):  # the disk is full
        file.truncate(0)
        file.write(
            printable(f"process {os.getpid()} on {platform.node()}, in {Path.cwd()}, since {began}")
        )
        file.flush()
