"""Read and write files. A file is written atomically: it is complete or does not exist."""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is never incomplete, even if the job is killed.

    Parameters
    ----------
    path : Path
        The file to create or replace. Its directory must exist.
    content : bytes
        The whole content of the file.

    Raises
    ------
    OSError
        If the file cannot be written. A file that is already at `path` is then unchanged.
    """
    # Not from `tempfile`, whose files only their owner can read, even after they are renamed.
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """Return a value as JSON, always in the same form: the order of keys does not matter.

    Raises
    ------
    ValueError
        If it has a number that is not finite.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=asdict)


def write_table(path: Path, table: "pandas.DataFrame") -> None:
    """Write a data frame as CSV, each number with the fewest digits that give the same float64."""
    write_atomically(path, table.to_csv(index=False, lineterminator="\n").encode())


def read_table(path: Path) -> "pandas.DataFrame":
    """Read a CSV file from `write_table`: each number is the same float64 as before."""
    import pandas as pd  # only now: the workflow imports this module each time it starts

    return pd.read_csv(path)
