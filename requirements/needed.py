"""Print the locks of what a config needs and `requirements/run.txt` lacks.

A config that cannot be used needs none: Snakemake refuses it, with a message.
"""

import sys
from contextlib import suppress
from pathlib import Path

from backprop.data.tables import names_workbook
from backprop.errors import BackpropError
from backprop.models.registry import MODELS
from backprop.workflow.reading import read_yaml

with suppress(BackpropError, AttributeError, TypeError):
    config = read_yaml(Path(sys.argv[1]))
    models, datasets = config.get("models"), config.get("datasets", {})
    named = [name for name in models if name in MODELS] if isinstance(models, list) else []
    locks = {MODELS[name].package for name in named} - {""}
    entries = [entry for entry in datasets.values() if isinstance(entry, dict)]
    if any(names_workbook(entry.get("source", ""), entry.get("sheet")) for entry in entries):
        locks.add("excel")
    print(*sorted(locks))
