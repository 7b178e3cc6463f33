"""What a start of the workflow remembers for the next one, to save time.

Only what follows from a key alone is remembered: a file that is missing or damaged costs time, and
changes nothing.
"""

import dataclasses
import json
import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop.files import digest_of_text, write_atomically

if TYPE_CHECKING:
    from backprop.data.dataset import Dataset

FOLDER = Path(".snakemake/backprop")
ARRAYS = ("x", "y", "groups", "order")  # of a data set


def recall(subject: str) -> dict[str, str]:
    """Return what was remembered of a subject, by its keys; nothing if the file is not whole."""
    file = FOLDER / subject
    with suppress(OSError, ValueError):
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
        if digest == digest_of_text(text):
            return dict(json.loads(text))
    return {}


def remember(subject: str, values: Mapping[str, str]) -> None:
    """Remember these values of a subject, in place of those before, if the disk allows it."""
    text = json.dumps(values)
    with suppress(OSError):
        FOLDER.mkdir(parents=True, exist_ok=True)
        write_atomically(FOLDER / subject, f"{digest_of_text(text)}\n{text}".encode())


def recall_dataset(name: str, key: str) -> "Dataset | None":
    """Return a data set that was remembered with this key; None if there is none, or it is damaged.

    Parameters
    ----------
    name : str
    key : str
        What the data set follows from: the file, the code that reads it, and the config.
    """
    import numpy as np  # only now: the command, which imports this module, needs none

    from backprop.data.dataset import Dataset

    # The sums of the archive are checked when it is read.
    with suppress(OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        with _file_of(name).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            described = json.loads(str(file["description"]))
            if described.pop("key") != key:
                return None
            arrays = {each: file[each] for each in ARRAYS if each in file}
        described["categories"] = {n: tuple(texts) for n, texts in described["categories"].items()}
        ids = {name: np.array(own) for name, own in described.pop("unused_ids").items()}
        texts = {
            each: tuple(described.pop(each)) for each in ("features", "classes", "remarks", "ids")
        }
        values: dict[str, Any] = {**described, **texts, **arrays, "unused_ids": ids}
        return Dataset(**values)
    return None


def remember_dataset(name: str, key: str, data: "Dataset") -> None:
    """Remember a data set with its key, in place of the one before, if the disk allows it."""
    import numpy as np

    values = {field.name: getattr(data, field.name) for field in dataclasses.fields(data)}
    arrays = {each: values.pop(each) for each in ARRAYS}
    values["unused_ids"] = {name: own.tolist() for name, own in data.unused_ids.items()}
    description = json.dumps({**values, "key": key})
    file = _file_of(name)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as to:
                present = {each: array for each, array in arrays.items() if array is not None}
                np.savez(to, description=np.array(description), **present)
            os.replace(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)


def _file_of(name: str) -> Path:
    return FOLDER / "tables" / f"{name}.npz"
