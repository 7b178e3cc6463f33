"""What a start of the workflow remembers for the next one, to save time.

Only what follows from a key alone is remembered: a file that is missing or damaged costs time, and
changes nothing.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from backprop.files import digest_of_text, write_atomically

FOLDER = Path(".snakemake/backprop")


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
