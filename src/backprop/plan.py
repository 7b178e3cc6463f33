"""What the workflow has to do for a config: configurations, files, and what each job depends on.

A job's parameters are one canonical JSON string, because Snakemake compares parameters as a set:
two values that change places would go unnoticed. The modules that a job runs are its inputs, and
the versions of the packages that these import are in its parameters, both from the import graph,
because Snakemake tracks neither.
"""

import ast
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import grimp

from backprop import data
from backprop.configurations import (
    HYPERPARAMETERS,
    Configuration,
    canonical,
    check,
    enumerate_configurations,
)

SCRIPTS = "workflow/scripts"
NETWORKS = ("scratch", "tensorflow")


class Plan:
    """The plan of a run.

    Parameters
    ----------
    config : mapping
        What config.yaml holds.
    root : Path
        The directory of the Snakefile.

    Raises
    ------
    BackpropError
        If the config, or a data set that is already on this machine, cannot be used.
    """

    def __init__(self, config: Mapping[str, Any], root: Path) -> None:
        check(config, root / "workflow/schemas/config.schema.yaml")
        self.config = config
        self.root = root
        self.datasets: dict[str, Mapping[str, Any]] = config["datasets"]
        self.models: list[str] = config["models"]
        self.networks = [model for model in self.models if model in NETWORKS]
        self.configurations = enumerate_configurations(config) if self.networks else []
        self.shapes: dict[str, list[Configuration]] = {}
        for configuration in self.configurations:
            self.shapes.setdefault(configuration.shape.name, []).append(configuration)
        for name in self.datasets:
            if not data.is_url(self.source(name)):
                y = data.obtain(**self.data_options(name)).y
                folds.check(y, config["validation"]["folds"])

    def job(self, *parts: str, **values: Any) -> str:
        """Return the parameters of a job as one string.

        Parameters
        ----------
        *parts : str
            The script and the modules that it runs, as for `modules`.
        **values
            What else the job depends on.
        """
        return canonical({"versions": self.versions(*parts), **values})
