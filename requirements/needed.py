"""Print the locks of what a command line of `backprop` needs and `requirements/run.txt` lacks.

They follow from the configs, tables and archives that it names, or from the config of this folder,
or of the workflow. A config that cannot be used needs none: Snakemake refuses it, with a message.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from backprop.data.file_tables import names_workbook, needs_formats
from backprop.errors import BackpropError
from backprop.folders import ROOT
from backprop.models.registry import MODELS
from backprop.workflow.archive.form import CONFIG, read_zip
from backprop.workflow.config_check.reading import parse_yaml, read_yaml

UNUSABLE = (
    BackpropError, AttributeError, TypeError, ValueError, LookupError, OSError, MemoryError,
)  # fmt: skip
OF_COMMANDS = {"live": "config/live.yaml", "history": "config/history.yaml"}


def locks_of(config: Any) -> Iterator[str]:
    """Yield the locks that a config needs."""
    models, datasets = config.get("models"), config.get("datasets", {})
    named = [name for name in models if name in MODELS] if isinstance(models, list) else []
    yield from (MODELS[name].package for name in named if MODELS[name].package)
    entries = [entry for entry in datasets.values() if isinstance(entry, dict)]
    if any(names_workbook(entry.get("source", ""), entry.get("sheet")) for entry in entries):
        yield "excel"
    if any(needs_formats(entry.get("source", "")) for entry in entries):
        yield "formats"


def locks_of_file(file: Path) -> Iterator[str]:
    """Yield the locks that a config, a table or an archive needs."""
    if names_workbook(file.name, None):
        yield "excel"
    elif needs_formats(file.name):
        yield "formats"
    elif file.suffix == ".zip":
        yield from locks_of(parse_yaml(read_zip(file)[CONFIG].decode(), str(file)))
    elif file.suffix in (".yaml", ".yml", ".json"):
        yield from locks_of(read_yaml(file))


def main(words: list[str]) -> None:
    """Print the locks of a command line."""
    values = [Path(word.rpartition("=")[2]).expanduser() for word in words[1:]]
    # Path.is_file raises an error if a label is too long for a path.
    files = [value for value in values if os.path.isfile(value)]
    if words[0] in ("run", "folds") and not files:
        folders = [value for value in values if os.path.isdir(value)]
        here = [folder / CONFIG for folder in (*folders, Path())]
        files = [next((file for file in here if file.exists()), ROOT / CONFIG)]
    files += [ROOT / OF_COMMANDS[words[0]]] if words[0] in OF_COMMANDS else []
    locks = set[str]()
    for file in files:
        with suppress(*UNUSABLE):
            locks.update(locks_of_file(file))
    print(*sorted(locks))


main(sys.argv[1:])
