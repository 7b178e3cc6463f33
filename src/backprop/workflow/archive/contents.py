"""What an archive has, and where; what a level of `make verify` finds."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from backprop.errors import BackpropError
from backprop.models.registry import added_models
from backprop.workflow import paths
from backprop.workflow.checks import read_schema
from backprop.workflow.completion import shortened
from backprop.workflow.datasets import files_of_predictions
from backprop.workflow.design import Design
from backprop.workflow.outputs import Outputs

ROOT = Path(__file__).resolve().parents[4]
METADATA = "ro-crate-metadata.json"
CONFIG = "config.yaml"  # without the secrets of URLs
SCHEMA = f"{paths.SCHEMAS}/config.schema.yaml"
REPORT = paths.REPORT
KNOWN_ANSWERS = "known_answers/{dataset}.yaml"
PREDICTIONS = "predictions/{dataset}/{model}.csv"

MAX_DESCRIPTION = 50_000_000  # bytes

NEW_DATA = "new_data/{dataset}.csv"  # where its verification needs it, see `as_table`

WITH_ROWS = (
    paths.DATA, paths.COLUMNS, paths.LIVE, paths.MODEL, paths.RIVAL, paths.NEW_DATA,
    paths.NEW_COLUMNS, paths.NEW_PREDICTIONS,
)  # fmt: skip
"""Results that show rows of the data, or the categories in them."""

CODE = "code"
CODE_PARTS = ("Snakefile", "workflow", "src", "requirements", "pyproject.toml", "LICENSE")
"""What decides a result. The profiles, which people edit, decide only where jobs run."""

OF_A_JOB = re.compile(rb'"params": "job=[0-9a-f]+"')
"""The digest of what a job depends on, which the report shows of each table and picture."""
DRAWN = re.compile(
    rb'(<script id="(rulegraph|runtimes|timeline|rules)">\n +var \w+ = )([^\n]*)(;\n)'
)
"""What the report has of the rules and the times of jobs."""


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
        What the level never checks, and why.
    doubtful : list of str
        What it should have checked, and could not.
    began : float
        In seconds, by a clock of its own.
    """

    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)


def git(root: Path, *arguments: str) -> str:
    """Return what git prints on a clone; nothing if it fails, or if the folder is no clone."""
    program = shutil.which("git")
    if program is None or not (root / ".git").exists():
        return ""
    command = [program, "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def code_files(root: Path) -> list[str]:
    """List the files of the code in a folder, relative to it: in a clone, those of git."""
    if tracked := git(root, "ls-files", "-z", "--", *CODE_PARTS):
        return sorted(name for name in tracked.split("\0") if name and (root / name).is_file())
    files = []
    for part in CODE_PARTS:
        top = root / part
        for file in [top] if top.is_file() else sorted(top.rglob("*")):
            name = file.relative_to(root)
            is_made = any(p.startswith(".") or p == "__pycache__" for p in name.parts)
            if file.is_file() and not is_made and not name.parent.name.endswith(".egg-info"):
                files.append(str(name))
    return files


def config_file(config: Mapping[str, Any]) -> bytes:
    """Return the config file of an archive, from a completed config that may be shown."""
    short = shortened(config, read_schema(ROOT / SCHEMA, added_models(config)))
    return yaml.safe_dump(short, allow_unicode=True, sort_keys=False, width=100).encode()


def result_files(config: Mapping[str, Any]) -> list[str]:
    """List the results of a completed config, and the report."""
    return [*Outputs(config, Design(config)).results(), REPORT]


def left_out_files(config: Mapping[str, Any]) -> list[str]:
    """List the results that show rows of the data, if the config leaves them out of an archive."""
    if config["archive"]["data"]:
        return []
    return [
        name
        for name in result_files(config)
        if name == REPORT
        or any(name == path.format(dataset=d) for path in WITH_ROWS for d in config["datasets"])
    ]


def archived_files(config: Mapping[str, Any]) -> set[str]:
    """Return all files of an archive of a completed config, but its code and its metadata."""
    entries = config["datasets"]
    answers = {KNOWN_ANSWERS.format(dataset=d) for d in entries if entries[d]["known_answers"]}
    predictions = {
        PREDICTIONS.format(dataset=dataset, model=model)
        for model, files in files_of_predictions(config["predictions"], entries).items()
        for dataset in files
    }
    return {CONFIG, *result_files(config), *answers, *predictions}


def read_bounded(name: str) -> bytes:
    """Read a file of an archive that describes the others.

    Raises
    ------
    BackpropError
        If it is missing or too large.
    """
    if not Path(name).is_file():
        raise BackpropError(f"{name}: missing in the archive; `make archive` writes it")
    if Path(name).stat().st_size > MAX_DESCRIPTION:
        raise BackpropError(f"{name}: larger than {MAX_DESCRIPTION:,} bytes")
    return Path(name).read_bytes()


def without_times(page: bytes) -> bytes:
    """Return a report without the times of its jobs, and without what Snakemake shows of the rules.

    Two reports of the same results are then the same to the byte, wherever they were made.
    """
    page = OF_A_JOB.sub(b'"params": ""', page)
    return DRAWN.sub(lambda part: part[1] + _emptied(part[2], part[3]) + part[4], page)


def _emptied(name: bytes, section: bytes) -> bytes:
    if name == b"rules":
        return b"{}"
    picture = json.loads(section)
    data = picture.get("data", [])
    for each in [data] if isinstance(data, dict) else data:
        if "values" in each:
            each["values"] = []
    return json.dumps(picture).encode()
