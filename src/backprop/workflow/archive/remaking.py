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
    config_file,
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
            held = Path(paths.NEW_DATA.format(dataset=name)).is_file()
            own["test"] = NEW_DATA.format(dataset=name) if held else None
            own["header"] = None  # of the file that it was
        entries[name] = {key: value for key, value in own.items() if value is not None}
    files = {name: PREDICTIONS.format(model=name) for name in config.get("predictions", {})}
    return {**config, "datasets": entries, **({"predictions": files} if files else {})}


def plan_of(config: Mapping[str, Any], folder: Path) -> Plan:
    """Return the plan of the archive in the working directory, made in an empty folder.

    Its config has passed `completed_config`.

    A plan looks for files in the working directory first. So it is made where nothing of the
    archive is but the known answers and the predictions that its config names.
    """
    _bring_files(config, folder)
    own = runnable(config)
    with chdir(folder):
        return Plan(own, ROOT)


def _bring_files(config: Mapping[str, Any], folder: Path) -> None:
    """Write the files of users that the archive has to where its config names them."""
    for files in (Path(KNOWN_ANSWERS).parent, Path(PREDICTIONS).parent):
        if files.is_dir():
            shutil.copytree(files, folder / files, dirs_exist_ok=True)
    for name, entry in config["datasets"].items():
        table, columns, uses = (
            Path(path.format(dataset=name))
            for path in (paths.NEW_DATA, paths.NEW_COLUMNS, paths.USES)
        )
        if entry.get("test") and table.is_file():
            file = folder / NEW_DATA.format(dataset=name)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(as_table(read_dataset(table, columns), entry.get("groups")))
            if uses.is_file():  # how often they were used is as the archive says
                (folder / uses).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(uses, folder / uses)


def bring_data(config: Mapping[str, Any], plan: Plan, folder: Path) -> list[str]:
    """Write the data sets into a folder as the job does that fetches them, with its record.

    They are the data that have a name, else those of the archive, read and written again. The
    known answers are brought, too.

    Returns
    -------
    list of str
        The data sets without rows.

    Raises
    ------
    BackpropError
        If a data set cannot be read, or is another one than its config names.
    """
    _bring_files(config, folder)
    lost = []
    for name, entry in config["datasets"].items():
        files = [path.format(dataset=name) for path in (paths.DATA, paths.COLUMNS)]
        source = plan.datasets.source(name)
        uses_new_data = entry.get("test") and not config.get("first_look")
        if uses_new_data and not Path(paths.NEW_DATA.format(dataset=name)).is_file():
            lost.append(name)
            continue
        if entry["source"] in BUILT_IN:
            options = plan.datasets.options(name)
            data = obtain(entry["source"], file=next(iter(source), None), **options)
        elif Path(files[0]).exists():
            data = read_dataset(*map(Path, files))
        else:
            lost.append(name)
            continue
        described = contents_of(data, entry["source"])
        contents = {path.format(dataset=name): described[part] for part, path in DATA_FILES.items()}
        expected = entry.get("sha256")
        if expected and digest_of_bytes(contents[files[0]]) != str(expected).lower():
            raise BackpropError(f"{files[0]}: its SHA-256 is not that in {CONFIG}")
        for file, content in contents.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
        with chdir(folder):
            own = record_file(paths.log("fetch").format(dataset=name))
            record = Record(
                str(own), "fetch", {"dataset": name}, digest_of_job(plan.datasets.fetching(name)),
                inputs=digests(map(str, source)), outputs=digests(contents),
            )  # fmt: skip
            own.parent.mkdir(parents=True, exist_ok=True)
            own.write_text(json.dumps(asdict(record)), encoding="utf-8")
    return lost


def run_workflow(
    config: Mapping[str, Any],
    folder: Path,
    cores: str,
    seconds: float,
    targets: Collection[str] = (),
    *,
    report: bool = False,
) -> str:
    """Run the workflow of this clone in a folder, with the config of an archive.

    The folder has the data. No connection is opened, as nothing is fetched.

    Parameters
    ----------
    config : mapping
    folder : Path
    cores : str
    seconds : float
        After this time, each process is ended.
    targets : collection of str, optional
        By default all results.
    report : bool
        Whether to write the report, too, which needs all results.

    Returns
    -------
    str
        Why it failed, else nothing.
    """
    (folder / RUNNABLE).write_text(yaml.safe_dump(runnable(config)), encoding="utf-8")
    completed = shown(completed_config(config, ROOT))
    (folder / SHOWN).write_text(json.dumps(completed), encoding="utf-8")
    options = ("--cores", cores, "--keep-going", "--quiet", "reason", "host")
    failed = _snakemake(folder, seconds, *options, "--", *targets)
    if report and not failed:
        how = ("--reporter", "backprop", "--report-backprop-path", str(folder / REPORT))
        failed = _snakemake(folder, seconds, *how)
        with suppress(FileNotFoundError):
            page = (folder / REPORT).read_bytes()
            (folder / REPORT).write_bytes(without_times(page))
    (folder / CONFIG).write_bytes(config_file(completed))  # to compare; a run would check it
    return failed


def _snakemake(folder: Path, seconds: float, *options: str) -> str:
    """Run Snakemake; return why it failed, else nothing."""
    command = [
        sys.executable, "-m", running.__name__, str(folder / SHOWN),
        "--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder),
        "--configfile", str(folder / RUNNABLE), "--replace-workflow-config", *options,
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=ROOT, text=True, check=False, timeout=seconds,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"it took more than {seconds:.0f} seconds"
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return "".join(lines[-1:] or ["Snakemake failed"])[:200] if done.returncode else ""


def results_of(plan: Plan, lost: Collection[str]) -> list[str]:
    """Return the results of the data sets with rows; those of all and the report, if all have."""
    if not lost:
        return [*plan.outputs.results(), REPORT]
    names = [name for name in plan.config["datasets"] if name not in lost]
    folders = tuple(f"{paths.DATASET.format(dataset=name)}/" for name in names)
    return [name for name in plan.outputs.results() if name.startswith(folders)]


def unproven(dataset: str, entry: Mapping[str, Any]) -> Findings:
    """Say what cannot be proven of a data set; compare known answers with those of this clone."""
    findings = Findings()
    if entry["source"] not in BUILT_IN:
        findings.unchecked.append(f"{dataset}: where the data come from, and whether they are true")
    if answers := entry.get("known_answers"):
        ours, theirs = (ROOT / answers).resolve(), Path(KNOWN_ANSWERS.format(dataset=dataset))
        if not ours.is_relative_to(ROOT) or not ours.is_file():
            findings.unchecked.append(f"{theirs}: used as it is; this clone has no {answers}")
        elif not theirs.is_file() or digest(ours) != digest(theirs):
            findings.faults.append(f"{theirs}: not {answers} of this clone")
    if entry.get("test"):
        findings.unchecked.append(f"{dataset}: how often the new data were used, and for what")
    return findings


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
