"""Print the locks of what a config, or an archive's config, needs and `requirements/run.txt` lacks.

A config that cannot be used needs none: Snakemake refuses it, with a message.
"""

import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from backprop.data.file_tables import names_workbook
from backprop.errors import BackpropError
from backprop.models.registry import MODELS
from backprop.workflow.archive.form import read_zip
from backprop.workflow.config_check.reading import parse_yaml, read_yaml


def config_in(file: Path) -> Any:
    """Read a config, or the config of an archive."""
    if not zipfile.is_zipfile(file):
        return read_yaml(file)
    return parse_yaml(read_zip(file)["config.yaml"].decode(), str(file))


unusable = (
    BackpropError, AttributeError, TypeError, ValueError, LookupError, OSError, MemoryError,
)  # fmt: skip
with suppress(*unusable):
    config = config_in(Path(sys.argv[1]).expanduser())
    models, datasets = config.get("models"), config.get("datasets", {})
    named = [name for name in models if name in MODELS] if isinstance(models, list) else []
    locks = {MODELS[name].package for name in named} - {""}
    entries = [entry for entry in datasets.values() if isinstance(entry, dict)]
    if any(names_workbook(entry.get("source", ""), entry.get("sheet")) for entry in entries):
        locks.add("excel")
    print(*sorted(locks))
