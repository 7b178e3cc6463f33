"""What an archive has, and where."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backprop.data.builtin import BUILT_IN
from backprop.workflow import paths
from backprop.workflow.design import Design
from backprop.workflow.outputs import Outputs
from backprop.workflow.plan import Plan

METADATA = "ro-crate-metadata.json"
CONFIG = "config.yaml"  # without the secrets of URLs
REPORT = "results/report.html"
KNOWN_ANSWERS = "known_answers/{dataset}.yaml"

CODE = "code"
CODE_PARTS = ("Snakefile", "workflow", "src", "requirements", "pyproject.toml", "LICENSE")
"""What decides a result. The profiles, which people edit, decide only where jobs run."""


@dataclass
class Findings:
    """What a level of `make verify` did.

    Attributes
    ----------
    done : list of str
        A line for each thing that was checked.
    faults : list of str
        A message for each thing that is not as it should be; it names the file, fit or cell.
    unchecked : list of str
        What could not be checked, and why.
    """

    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


def code_files(root: Path) -> list[str]:
    """List the files of the code in a folder, relative to it."""
    files = []
    for part in CODE_PARTS:
        top = root / part
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            name = file.relative_to(root)
            is_made = any(p.startswith(".") or p == "__pycache__" for p in name.parts)
            if file.is_file() and not is_made and not name.parent.name.endswith(".egg-info"):
                files.append(str(name))
    return files


def data_files(config: Mapping[str, Any]) -> list[str]:
    """List the files with the rows of the data sets."""
    return [paths.DATA.format(dataset=dataset) for dataset in config["datasets"]]


def result_files(config: Mapping[str, Any]) -> list[str]:
    """List the results of a completed config, and the report."""
    return [*Outputs(config, Design(config)).results(), REPORT]


def runnable(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of an archive as it can be used where only the archive is.

    A file that a data set came from is not in the archive, only what was read from it. In its place
    there is a URL that is never fetched: the rule that would is not allowed to run.
    """
    entries = {}
    for name, entry in config["datasets"].items():
        own = dict(entry)
        if has_lost_source(entry):
            own["source"] = f"https://archive.invalid/{name}"
            own.pop("sheet", None)  # which would need what reads workbooks
        if entry.get("known_answers"):
            own["known_answers"] = KNOWN_ANSWERS.format(dataset=name)
        entries[name] = own
    return {**config, "datasets": entries}


def completed_by(plan: Plan, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of an archive with its defaults, from the plan of `runnable`."""
    keys = ("source", "sheet", "known_answers")
    entries = {
        name: {**plan.config["datasets"][name], **{key: entry.get(key) for key in keys}}
        for name, entry in config["datasets"].items()
    }
    return {**plan.config, "datasets": entries}


def has_lost_source(entry: Mapping[str, Any]) -> bool:
    """Return whether a data set came from a file that is not in an archive."""
    return entry["source"] not in BUILT_IN and "://" not in entry["source"]


def some_of(messages: Sequence[str], shown: int = 3) -> list[str]:
    """Return the first messages on a file, and how many more there are."""
    more = len(messages) - shown
    return [*messages[:shown], *([f"  and {more:,} more there"] if more > 0 else [])]


def seconds_since(began: float) -> str:
    """Return the time since a value of `time.monotonic`, in words."""
    return f"{time.monotonic() - began:.1f} seconds"
