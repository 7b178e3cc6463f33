"""Print the packages that the models in a config need and `requirements/run.txt` lacks.

A config that cannot be used needs none: Snakemake refuses it, with a message.
"""

import sys
from contextlib import suppress
from pathlib import Path

from backprop.errors import BackpropError
from backprop.models.registry import MODELS
from backprop.workflow.reading import read_yaml

with suppress(BackpropError):
    models = read_yaml(Path(sys.argv[1])).get("models")
    named = [name for name in models if name in MODELS] if isinstance(models, list) else []
    print(*sorted({MODELS[name].package for name in named} - {""}))
