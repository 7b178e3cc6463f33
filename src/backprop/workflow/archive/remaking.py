"""Let the workflow of this clone make the results of an archive again, in another folder."""

import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from contextlib import chdir, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import yaml

from backprop.data.builtin import BUILT_IN
from backprop.data.canonical_form import read_dataset
from backprop.data.new_data import as_table
from backprop.data.sources import contents_of, obtain
from backprop.errors import BackpropError
from backprop.files import digest, digest_of_bytes
from backprop.workflow import paths
from backprop.workflow.archive import running
from backprop.workflow.archive.contents import (
    CONFIG,
    KNOWN_ANSWERS,
    NEW_DATA,
    PREDICTIONS,
    REPORT,
    ROOT,
    Findings,
    without_times,
)
from backprop.workflow.plan import Plan, completed_config, shown
from backprop.workflow.records import Record, digest_of_job, digests, record_file

LIMIT = 3600.0  # seconds for all that is made again; the default run takes about two minutes
RUNNABLE, SHOWN = "runnable.yaml", "shown.json"


DATA_FILES = {"table": paths.DATA, "columns": paths.COLUMNS, "provenance": paths.DATA_PROVENANCE}
"""Where the parts of `contents_of` a data set are stored."""


def runnable(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of an archive as it can be used where only the archive is.

    Where its data came from is not in the archive. In its place there is a URL of a server that
    cannot exist: the data are there, so nothing is fetched.
    """
    entries = {}
    for name, entry in config["datasets"].items():
        own = dict(entry)
        if entry["source"] not in BUILT_IN:
            own["source"] = f"https://archive.invalid/{name}"
            own.pop("sheet", None)  # which would need what reads workbooks
        if entry.get("known_answers"):
            own["known_answers"] = KNOWN_ANSWERS.format(dataset=name)
        if entry.get("test"):
            own["test"] = NEW_DATA.format(dataset=name)
            own.pop("header", None)  # of the files that there were
        entries[name] = own
    files = {
        model: {name: PREDICTIONS.format(dataset=name, model=model) for name in entries}
        for model in config.get("predictions", {})
    }
    return {**config, "datasets": entries, **({"predictions": files} if files else {})}


def plan_of(config: Mapping[str, Any], folder: Path) -> Plan:
    """Return the plan of the archive in the working directory, made in an empty folder.

    Its config has passed `completed_config`.

    A plan looks for files in the working directory first. So it is made where nothing of the
    archive is but the known answers and the predictions that its config names.
    """
    for files in (Path(KNOWN_ANSWERS).parent, Path(PREDICTIONS).parents[1]):
        if files.is_dir():
            shutil.copytree(files, folder / files)
    for name in filter(lambda name: _uses_new_data(config, name), config["datasets"]):
        _bring_new_data(config, name, folder)
    with chdir(folder):
        return Plan(runnable(config), ROOT)


def _uses_new_data(config: Mapping[str, Any], dataset: str) -> bool:
    return bool(config["datasets"][dataset].get("test")) and not config.get("first_look")


def _bring_new_data(config: Mapping[str, Any], dataset: str, folder: Path) -> None:
    """Write new data to where the config names them; they were used as the archive says."""
    table, columns, uses = (
        Path(path.format(dataset=dataset))
        for path in (paths.NEW_DATA, paths.NEW_COLUMNS, paths.USES)
    )
    groups = config["datasets"][dataset].get("groups")
    contents = {
        Path(NEW_DATA.format(dataset=dataset)): as_table(read_dataset(table, columns), groups),
        uses: uses.read_bytes(),
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def without_rows(config: Mapping[str, Any]) -> list[str]:
    """Return the data sets that have no name, and whose rows are not in the archive.

    A data set with a name is among them, too, if the rows of its new data are not there.
    """
    lost = []
    for name, entry in config["datasets"].items():
        needed = [paths.DATA] * (entry["source"] not in BUILT_IN)
        needed += [paths.NEW_DATA] * _uses_new_data(config, name)
        if not all(Path(path.format(dataset=name)).exists() for path in needed):
            lost.append(name)
    return lost


def bring_data(config: Mapping[str, Any], plan: Plan, folder: Path) -> None:
    """Write the data sets into a folder as the job does that fetches them, with its record.

    They are the data that have a name, else those of the archive, read and written again.

    Raises
    ------
    BackpropError
        If a data set cannot be read, or is another one than its config names.
    """
    for name, entry in config["datasets"].items():
        files = {part: path.format(dataset=name) for part, path in DATA_FILES.items()}
        source = plan.datasets.source(name)
        if entry["source"] in BUILT_IN:
            options = plan.datasets.options(name)
            data = obtain(entry["source"], file=next(iter(source), None), **options)
        else:
            data = read_dataset(Path(files["table"]), Path(files["columns"]))
        described = contents_of(data, entry["source"])
        expected = entry.get("sha256")
        if expected and digest_of_bytes(described["table"]) != str(expected).lower():
            raise BackpropError(f"{files['table']}: its SHA-256 is not that in {CONFIG}")
        for part, file in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(described[part])
        with chdir(folder):
            own = record_file(paths.log("fetch").format(dataset=name))
            record = Record(
                str(own), "fetch", {"dataset": name}, digest_of_job(plan.datasets.fetching(name)),
                inputs=digests(map(str, source)), outputs=digests(files.values()),
            )  # fmt: skip
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_text(json.dumps(asdict(record)), encoding="utf-8")


def run_workflow(
    config: Mapping[str, Any], folder: Path, cores: str, targets: Collection[str] = ()
) -> str:
    """Run the workflow of this clone in a folder, with the config of an archive.

    The folder has the data. No connection is opened, as nothing is fetched.

    Parameters
    ----------
    config : mapping
    folder : Path
    cores : str
    targets : collection of str, optional
        By default all results, and the report.

    Returns
    -------
    str
        Why it failed, else nothing.
    """
    (folder / RUNNABLE).write_text(yaml.safe_dump(runnable(config)), encoding="utf-8")
    completed = shown(completed_config(config, ROOT))
    (folder / SHOWN).write_text(json.dumps(completed), encoding="utf-8")
    options = ("--cores", cores, "--keep-going", "--quiet", "reason", "host")
    failed = _snakemake(folder, *options, "--", *targets)
    if not targets and not failed:
        how = ("--reporter", "backprop", "--report-backprop-path", str(folder / REPORT))
        failed = _snakemake(folder, *how)
        with suppress(FileNotFoundError):
            page = (folder / REPORT).read_bytes()
            (folder / REPORT).write_bytes(without_times(page))
    return failed


def _snakemake(folder: Path, *options: str) -> str:
    """Run Snakemake; return why it failed, else nothing."""
    command = [
        sys.executable, "-m", running.__name__, str(folder / SHOWN),
        "--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder),
        "--configfile", str(folder / RUNNABLE), "--replace-workflow-config", *options,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=ROOT, text=True, check=False, timeout=LIMIT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it took more than {LIMIT:,.0f} seconds"
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return "".join(lines[-1:] or ["Snakemake failed"])[:200] if done.returncode else ""


def unproven(config: Mapping[str, Any], findings: Findings) -> None:
    """Add what can never be proven; compare known answers with those of this clone."""
    for dataset, entry in config["datasets"].items():
        if entry["source"] not in BUILT_IN:
            findings.unchecked.append(
                f"{dataset}: where the data come from, and whether they are true"
            )
        if answers := entry.get("known_answers"):
            ours, theirs = (ROOT / answers).resolve(), Path(KNOWN_ANSWERS.format(dataset=dataset))
            if not ours.is_relative_to(ROOT) or not ours.is_file():
                findings.unchecked.append(f"{theirs}: used as it is; this clone has no {answers}")
            elif not theirs.is_file() or digest(ours) != digest(theirs):
                findings.faults.append(f"{theirs}: not {answers} of this clone")
        if _uses_new_data(config, dataset):
            findings.unchecked.append(f"{dataset}: how often the new data were used, and for what")
    for model in config.get("predictions", {}):
        findings.unchecked.append(f"{model}: how it was trained elsewhere")


def leave(folder: Path, archive: Path) -> Path:
    """Leave the results that were made in a folder, and no file of the archive, in a new one.

    Returns
    -------
    Path
        The folder: beside the archive or, if nothing can be written there, a temporary one.
    """
    hidden = shutil.ignore_patterns("records", "logs", "benchmarks", "fits")
    endings = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (f"{archive.stem}-verified{ending}" for ending in endings)
    target = next(each for each in map(archive.with_name, names) if not each.exists())
    try:
        target.mkdir()
    except OSError:
        target = Path(mkdtemp(prefix=f"{archive.stem}-verified-"))
    shutil.copytree(folder / paths.RESULTS, target, ignore=hidden, dirs_exist_ok=True)
    return target
