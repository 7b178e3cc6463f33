"""The start of a run: what the Snakefile does before it defines the rules."""

import os
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
    expanded = "'\"$`\\\n" if on_cluster else ""
    not_unicode = map(chr, range(0xDC80, 0xDD00))  # bytes that are not UTF-8
    forbidden = sorted(set(folder) & {os.pathsep, *expanded, *not_unicode})
    if forbidden:
        sys.exit(
            f"error: the path of the folder {folder!a} has {', '.join(map(ascii, forbidden))}, and "
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
    try:
        return Plan(config, Path(root))
    except BackpropError as error:
        sys.exit(f"error: {error}")
