"""How a job obtains a data set from its source."""

import os
from pathlib import Path
from typing import Any

from backprop.data.dataset import Dataset
from backprop.data.sources import obtain, options_of


def source_of(snakemake: Any) -> str:
    """Return the source of the data set of a job, which may have secrets, from its environment."""
    return os.environ[snakemake.config["datasets"][snakemake.wildcards.dataset]["source"]]


def obtain_for(snakemake: Any, files: list[str]) -> Dataset:
    """Return the data set of a job from its source: the first file, if there is any.

    Raises
    ------
    backprop.data.dataset.DataError
        As `backprop.data.sources.obtain`.
    """
    entry, source = snakemake.config["datasets"][snakemake.wildcards.dataset], source_of(snakemake)
    options = options_of({**entry, "source": source}, snakemake.config["seed"])
    return obtain(source, file=next(map(Path, files), None), **options)
