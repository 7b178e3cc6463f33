"""What an archive has, and where."""

import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backprop.data.builtin import BUILT_IN
from backprop.workflow import paths
from backprop.workflow.design import Design
from backprop.workflow.outputs import Outputs
from backprop.workflow.plan import Plan
from backprop.workflow.records import read_records

ROOT = Path(__file__).resolve().parents[4]
METADATA = "ro-crate-metadata.json"
CONFIG = "config.yaml"  # without the secrets of URLs
REPORT = paths.REPORT
KNOWN_ANSWERS = "known_answers/{dataset}.yaml"

WITH_ROWS = (paths.DATA, paths.COLUMNS, paths.LIVE, paths.MODEL)  # or the categories in them

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
    partly : list of str
        What of it leaves a doubt about what the level proves.
    """

    done: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)

    def extend(self, other: "Findings") -> None:
        """Add what another part of the level did."""
        self.done += other.done
        self.faults += other.faults
        self.unchecked += other.unchecked
        self.partly += other.partly


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


def result_files(config: Mapping[str, Any]) -> list[str]:
    """List the results of a completed config, and the report."""
    return [*Outputs(config, Design(config)).results(), REPORT]


def files_with_rows(config: Mapping[str, Any]) -> list[str]:
    """List the results that show rows of the data, and are left out with `archive.data: false`."""
    return [
        name
        for name in result_files(config)
        if name == REPORT
        or any(name == path.format(dataset=d) for path in WITH_ROWS for d in config["datasets"])
    ]


def allowed_files(plan: Plan) -> set[str]:
    """Return the files that an archive of a config may have, besides its code.

    The records of the jobs are those in the working directory.
    """
    results = {*plan.outputs.results(), REPORT}
    records = {str(f) for f, record in read_records().items() if results & record.outputs.keys()}
    answers = [entry["known_answers"] for entry in plan.config["datasets"].values()]
    return results | records | {CONFIG, METADATA, *filter(None, answers)}


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


def without_kernel(platform: str) -> tuple[str, str, str]:
    """Return the system, the machine and the libc of a `platform.platform()`."""
    head, _, libc = platform.partition("-with-")
    return head.split("-")[0], head.split("-")[-1], libc


def has_lost_source(entry: Mapping[str, Any]) -> bool:
    """Return whether a data set came from a file that is not in an archive."""
    return entry["source"] not in BUILT_IN and "://" not in entry["source"]


def seconds_since(began: float) -> str:
    """Return the time since a value of `time.monotonic`, in words."""
    return f"{time.monotonic() - began:.1f} seconds"
