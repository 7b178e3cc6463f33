"""The start of a run: what the Snakefile does before it defines the rules."""

import os
import shlex
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from backprop.errors import BackpropError
from backprop.workflow.checks import read_yaml
from backprop.workflow.jobs import SNAKEMAKE
from backprop.workflow.plan import Plan


def check_files(files: Iterable[str]) -> None:
    """End the process with one message if a config file is not YAML with keys at its top."""
    try:
        for file in files:
            read_yaml(Path(file))
    except BackpropError as error:
        sys.exit(f"error: {error}")


def check_folder(folder: str, *, on_cluster: bool = False) -> None:
    """End the process with one message if jobs cannot run in the folder of the Snakefile.

    Parameters
    ----------
    folder : str
    on_cluster : bool
        Whether Snakemake submits jobs. Then it puts the path into double quotes, as it is.
    """
    forbidden = sorted(set(folder) & ({os.pathsep} | (set("'\"$`\\\n") if on_cluster else set())))
    if forbidden:
        sys.exit(
            f"error: the path of the folder {folder!a} has {' '.join(map(ascii, forbidden))}, and "
            f"Snakemake cannot run jobs {'on a cluster ' if on_cluster else ''}there; rename it"
        )


def make_plan(config: Mapping[str, Any], root: str) -> Plan:
    """Make the plan of a run, and prepare the environment of its jobs.

    A config that cannot be used ends the process with one message.

    Parameters
    ----------
    config : mapping
    root : str
        The directory of the Snakefile; its scripts import the library there.
    """
    python_path = [f"{root}/src", *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(python_path)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ[SNAKEMAKE] = str(os.getpid())
    # Snakemake writes it into the shell commands of jobs as it is; a space would end it.
    sys.executable = shlex.quote(sys.executable)
    try:
        return Plan(config, Path(root))
    except BackpropError as error:
        sys.exit(f"error: {error}")
