"""Read and write files. A file is written atomically: it is complete or does not exist."""

import csv
import hashlib
import io
import json
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop.escaping import for_spreadsheet, from_spreadsheet

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
    except OSError as error:
        if error.errno:  # of a full disk, it lacks the name
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def is_endless(file: Path | str) -> bool:
    """Return whether a file is a pipe or a device, which could be read for ever."""
    with suppress(OSError, ValueError):  # it is gone, or can be no path
        mode = os.stat(file).st_mode
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))
    return False


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_bytes(content: bytes) -> str:
    """Return the SHA-256 of the content of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return digest_of_bytes(text.encode())


def canonical_json(value: object) -> str:
    """Return a value as JSON, always in the same form: the order of keys does not matter.

    Raises
    ------
    ValueError
        If it has a number that is not finite.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=asdict)


def digest_of_value(value: object) -> str:
    """Return the SHA-256 of a value in its `canonical_json`, in hexadecimal."""
    return digest_of_text(canonical_json(value))


def as_csv(lines: Iterable[Iterable[object]], *, quote_all: bool = False) -> bytes:
    r"""Return lines of cells as CSV in UTF-8; lines end in ``\n``."""
    file = io.StringIO()
    writer = csv.writer(
        file, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerows(lines)
    return file.getvalue().encode()


def write_table(path: Path, table: "pandas.DataFrame") -> None:
    """Write a data frame as CSV, each number with the fewest digits that give the same float64.

    Its texts and the names of its columns are safe to open in a spreadsheet.
    """
    safe = _change_texts(table, for_spreadsheet)
    content = safe.to_csv(index=False, lineterminator="\n")
    if "\r" in content:  # which pandas does not quote, although it ends a line for readers
        content = safe.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    write_atomically(path, content.encode())


def read_table(path: Path, **options: Any) -> "pandas.DataFrame":
    """Read a CSV file from `write_table`: each number is the same float64 as before, each text too.

    Parameters
    ----------
    path : Path
    **options
        Of `pandas.read_csv`.
    """
    import pandas as pd  # only now: the workflow imports this module each time it starts

    # Only an empty cell is a missing value: "NA" is a text.
    table = pd.read_csv(path, keep_default_na=False, na_values=[""], **options)
    return _change_texts(table, from_spreadsheet)


def _change_texts(table: "pandas.DataFrame", change: Callable[[str], str]) -> "pandas.DataFrame":
    """Return a table with each text, and the names of the columns, changed by a function."""
    changed = table.copy(deep=False)
    for name in table.select_dtypes(exclude=["number", "bool"]):
        texts = {text: change(text) for text in table[name].unique() if isinstance(text, str)}
        if any(before != after for before, after in texts.items()):
            changed[name] = table[name].map(lambda value, texts=texts: texts.get(value, value))
    return changed.rename(columns=change)
