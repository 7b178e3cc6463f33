"""Write a finished run as one file that others can verify: `backprop archive`."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from backprop.config import Config
from backprop.data.builtin import BUILT_IN
from backprop.data.canonical_form import as_parquet, read_dataset
from backprop.errors import BackpropError, printable
from backprop.files import digest, digest_of_bytes, write_atomically
from backprop.folders import ROOT
from backprop.report.row_pages import read_ids
from backprop.workflow.archive.form import CLAIMS, CONFIG, INPUTS, Claims, zipped
from backprop.workflow.calling import call_snakemake
from backprop.workflow.plan import paths
from backprop.workflow.plan.design import Design
from backprop.workflow.plan.outputs import Outputs
from backprop.workflow.records.job_records import HERE, RUNS, read_records, read_runs

TABLES = {"source": (paths.DATA, paths.COLUMNS), "test": (paths.NEW_DATA, paths.NEW_COLUMNS)}
AS_STORED: dict[str, object] = {
    "exclude": [],
    "sheet": None,
    "header": None,
    "skip_lines": [],
    "cells": {},
    "rows": None,
}
LOCK = "requirements/dev.txt"  # of all packages
# Results that show rows of the data, or the categories in them.
WITH_ROWS = (
    paths.DATA, paths.COLUMNS, paths.ROWS, paths.ROWS_PAGE, paths.LIVE, paths.MODEL,
    paths.RIVAL, paths.NEW_DATA, paths.NEW_COLUMNS, paths.NEW_PREDICTIONS, paths.USES, paths.REPORT,
    paths.REPORT_OF,
)  # fmt: skip


def write_archive(place: Path, output: Path | None) -> None:
    """Write the archive of the results in a folder, by default into the results."""
    file = output or place / paths.ARCHIVE
    write_report(place)
    number = pack(place, file.absolute())
    print(printable(f"wrote {file}: {number:,} files, {file.stat().st_size:,} bytes"))
    print(f"its SHA-256, to send by another way than the file: {digest(file)}")
    if not (commit := commit_here()) or commit.endswith("-dirty"):
        what = "has changes that are in no commit" if commit else "is no clone, so has no commit"
        print(f"warning: the code here {what}; who verifies may have other code", file=sys.stderr)


def write_report(folder: Path) -> None:
    """Write the report of the last run in a folder.

    Results that are out of date, or were edited, end the process.

    Raises
    ------
    BackpropError
        If there is no record of the run.
    """
    if not (runs := read_runs(folder)):
        raise BackpropError(f"{folder / RUNS}: found no record of a run; `backprop run` makes it")
    configs = [str((folder / name).absolute()) for name in runs[0]["configs"]]
    report = ("--reporter", "backprop", "--report-backprop-path", paths.REPORT)
    options = ("--configfile", *configs, "--replace-workflow-config", *report)
    code, printed = call_snakemake(
        folder, *options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if code:
        sys.exit(printed)


def pack(folder: Path, output: Path) -> int:
    """Write the archive of a folder in which the report was just written; return how many files.

    Raises
    ------
    OSError
        If a result is missing.
    BackpropError
        If the output is another file than an archive.
    """
    if output.exists() and not zipfile.is_zipfile(output):
        raise BackpropError(f"--output: {output} is there, and is no archive; use another file")
    with chdir(folder):
        made = read_provenance()
        configs = {name: each["config"] for name, each in made.items()}
        datasets = {name: own["datasets"][name] for name, own in configs.items()}
        config = Config.model_validate({**next(iter(configs.values())), "datasets": datasets})
        rows = {path.format(dataset=name) for path in WITH_ROWS for name in made}
        several = "without_result" in json.loads(Path(paths.SUMMARY_JSON).read_bytes())
        reports = [paths.REPORT_OF.format(dataset=name) for name in made] if several else []
        outputs = Outputs(config, Design(config), several=several)
        results = [*outputs.results(), paths.REPORT, *reports]
        shown = [name for name in results if config.archive.data or name not in rows]
        contents = {name: Path(name).read_bytes() for name in shown}
        contents |= inputs_of(config, contents)
        if (ROOT / LOCK).exists():  # there is none in a wheel
            contents[LOCK] = (ROOT / LOCK).read_bytes()
        seconds, environment = read_runs()[0].get("seconds"), environment_of(made)
    digests = {name: digest_of_bytes(content) for name, content in contents.items()}
    claims = Claims(seconds=seconds, environment=environment, files=digests)
    packed = {CLAIMS: claims.model_dump_json(indent=1).encode(), **dict(sorted(contents.items()))}
    write_atomically(output, zipped(packed))
    return len(packed)


def inputs_of(config: Config, results: Collection[str]) -> dict[str, bytes]:
    """Return the files that a run by this config needs, of which the config is one.

    The data are as the run has stored them: without what nothing uses. If they are not among the
    results that may be shown, the config has the names of the user's tables.
    """
    read = {name: own.files for own in read_records().values() for name in own.outputs}
    predictions: dict[str, dict[str, str]] = {model: {} for model in config.predictions}
    files, entries = dict[str, bytes](), {}

    def brought(file: str, result: str) -> str:
        """Take a file of a user, whose path is in the record of the job that read it."""
        (path,) = read[result]
        files[file] = Path(path).read_bytes()
        return file

    for name, entry in config.datasets.items():
        own: dict[str, object] = {"sha256": digest(Path(paths.DATA.format(dataset=name)))}
        own |= {"test": None} if config.first_look else {}
        for key, pair in TABLES.items():
            places = [path.format(dataset=name) for path in pair]
            if places[0] in results and getattr(entry, key) not in BUILT_IN:
                data, file = read_dataset(*map(Path, places)), f"{INPUTS}{name}-{key}.parquet"
                rows = Path(paths.ROWS.format(dataset=name))
                ids = {entry.id: read_ids(rows)} if key == "source" and entry.id else {}
                files[file] = as_parquet(data, entry.groups, entry.order, ids)
                own |= {**AS_STORED, "features": [*data.features], key: file}
        if entry.known_answers:
            result = paths.table("known_answers").format(dataset=name)
            own["known_answers"] = brought(f"{INPUTS}{name}.yaml", result)
        for model, own_files in predictions.items():
            result = paths.FITS.format(dataset=name, model=model)
            own_files[name] = brought(f"{INPUTS}{name}-{model}.csv", result)
        entries[name] = entry.changed(**own)
    return {**files, CONFIG: as_yaml(config.changed(datasets=entries, predictions=predictions))}


def as_yaml(config: Config) -> bytes:
    """Return a completed config as a file, without the defaults: some could not be written."""
    content = config.model_dump(by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False).encode()


def read_provenance(folder: Path = HERE) -> dict[str, dict[str, Any]]:
    """Return how the results of each data set in a folder were made."""
    names = json.loads((folder / paths.SUMMARY_JSON).read_bytes())["datasets"]
    files = {name: folder / paths.PROVENANCE.format(dataset=name) for name in names}
    return {name: json.loads(file.read_bytes()) for name, file in files.items()}


def environment_of(made: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return what may have changed a number of results; of this processor, what NumPy uses."""
    used = np.show_config("dicts")["SIMD Extensions"].get("found", ())
    environment = {"commit": commit_here(), "processor": " ".join(used)}
    for each in made.values():
        environment |= {**each["packages"], "python": each["python"], "platform": each["platform"]}
    return environment


def commit_here() -> str:
    """Return the commit of this clone, marked if files differ from it; "" if it is no clone."""
    if not (program := shutil.which("git")) or not (ROOT / ".git").exists():
        return ""
    options = ("describe", "--always", "--abbrev=40", "--dirty", "--exclude=*")
    command = [program, "-C", str(ROOT), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
