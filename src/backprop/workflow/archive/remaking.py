"""Let the workflow of this clone make the results of an archive again, in another folder.

As a program, this is Snakemake for `make verify`. Its first argument is a JSON file with the config
of an archive, which its results show: the config that they are made by has no source of data in it.
"""

import itertools
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from contextlib import chdir, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import mkdtemp

import yaml

from backprop.config import Config
from backprop.data.builtin import BUILT_IN
from backprop.data.canonical_form import read_dataset
from backprop.data.new_data import as_table
from backprop.data.sources import contents_of, obtain
from backprop.errors import BackpropError
from backprop.files import digest, digest_of_bytes
from backprop.typing import Json
from backprop.workflow import paths, plan
from backprop.workflow.archive.agreement import Findings
from backprop.workflow.archive.crate import CONFIG, KNOWN_ANSWERS, PREDICTIONS, without_times
from backprop.workflow.archive.limits import limit_memory
from backprop.workflow.plan import ROOT, Plan
from backprop.workflow.records import USES_OF_NEW_DATA, Record, digest_of_job, digests, record_file

LIMIT = 3600.0  # seconds for all that is made again; the default run takes about two minutes
RUNNABLE, SHOWN = "runnable.yaml", "shown.json"
NEW_DATA = "new_data/{dataset}.csv"  # where its verification needs it, see `as_table`
ArchivedConfig = Mapping[str, Json]
"""The config of an archive, as its file has it."""
DATA_FILES = {"table": paths.DATA, "columns": paths.COLUMNS, "provenance": paths.DATA_PROVENANCE}
"""Where the parts of `contents_of` a data set are stored."""


def runnable(config: ArchivedConfig) -> dict[str, object]:
    """Return the config of an archive as it can be used where only the archive is.

    Where its data came from is not in the archive. In its place there is a URL of a server that
    cannot exist: the data are there, so nothing is fetched.
    """
    entries = {}
    for name, entry in config["datasets"].items():
        # Of the files that there were, and a sheet would need what reads workbooks.
        own = {key: value for key, value in entry.items() if key not in ("sheet", "header")}
        if entry["source"] not in BUILT_IN:
            own["source"] = f"https://archive.invalid/{name}"
        for key, path in (("known_answers", KNOWN_ANSWERS), ("test", NEW_DATA)):
            own |= {key: path.format(dataset=name)} if entry.get(key) else {}
        entries[name] = own
    files = {
        model: {name: PREDICTIONS.format(dataset=name, model=model) for name in entries}
        for model in config.get("predictions", {})
    }
    return {**config, "datasets": entries, "predictions": files}


def completed(config: ArchivedConfig, folder: Path) -> Config:
    """Return the completed config of an archive, from a folder where it may note what it tried."""
    with chdir(folder):
        return plan.shown(plan.completed_config(config, ROOT))


def plan_of(config: ArchivedConfig, folder: Path) -> Plan:
    """Return the plan of the archive in the working directory, made in an empty folder.

    Its config has passed `completed`.

    A plan looks for files in the working directory first. So it is made where nothing of the
    archive is but the known answers, the predictions and the new data that its config names.
    """
    for files in (Path(KNOWN_ANSWERS).parent, Path(PREDICTIONS).parents[1]):
        if files.is_dir():
            shutil.copytree(files, folder / files)
    for name in filter(lambda name: _uses_new_data(config, name), config["datasets"]):
        places = (paths.NEW_DATA, paths.NEW_COLUMNS, paths.USES)
        table, columns, uses = (Path(place.format(dataset=name)) for place in places)
        content = as_table(read_dataset(table, columns), config["datasets"][name].get("groups"))
        _write(folder / NEW_DATA.format(dataset=name), content)
        _write(folder / uses, uses.read_bytes())  # they were used as the archive says
    _write(folder / RUNNABLE, yaml.safe_dump(runnable(config)).encode())
    _write(folder / SHOWN, json.dumps(completed(config, folder).as_json()).encode())
    with chdir(folder):
        return Plan(runnable(config), ROOT)


def _uses_new_data(config: ArchivedConfig, dataset: str) -> bool:
    return bool(config["datasets"][dataset].get("test")) and not config.get("first_look")


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def without_rows(config: ArchivedConfig) -> list[str]:
    """Return the data sets that have no name, and whose rows are not in the archive.

    A data set with a name is among them, too, if the rows of its new data are not there.
    """
    lost = []
    for name, entry in config["datasets"].items():
        needed = [paths.DATA] * (entry["source"] not in BUILT_IN)
        needed += [paths.NEW_DATA] * _uses_new_data(config, name)
        lost += [name] * (not all(Path(path.format(dataset=name)).exists() for path in needed))
    return lost


def bring_data(config: ArchivedConfig, planned: Plan, folder: Path) -> None:
    """Write the data sets into a folder as the job does that fetches them, with its record.

    They are the data that have a name, else those of the archive, read and written again.

    Raises
    ------
    BackpropError
        If a data set cannot be read, or is another one than its config names.
    """
    for name, entry in config["datasets"].items():
        files = {part: path.format(dataset=name) for part, path in DATA_FILES.items()}
        source = planned.datasets.source(name)
        if entry["source"] in BUILT_IN:
            options = planned.datasets.options(name)
            data = obtain(entry["source"], file=next(iter(source), None), **options)
        else:
            data = read_dataset(Path(files["table"]), Path(files["columns"]))
        described = contents_of(data, entry["source"])
        expected = entry.get("sha256")
        if expected and digest_of_bytes(described["table"]) != str(expected).lower():
            raise BackpropError(f"{files['table']}: its SHA-256 is not that in {CONFIG}")
        for part, file in files.items():
            _write(folder / file, described[part])
        with chdir(folder):
            own = record_file(paths.log("fetch").format(dataset=name))
            job = digest_of_job(planned.datasets.fetching(name))
            both = digests(map(str, source)), digests(files.values())
            record = Record(str(own), "fetch", {"dataset": name}, job, *both)
            _write(own, json.dumps(asdict(record)).encode())


def run_workflow(folder: Path, cores: str, targets: Collection[str] = ()) -> str:
    """Run the workflow of this clone in a folder, with the config of an archive.

    No connection is opened, as nothing is fetched.

    Parameters
    ----------
    folder : Path
        From `plan_of`, with the data.
    cores : str
    targets : collection of str, optional
        By default all results, and the report.

    Returns
    -------
    str
        Why it failed, else nothing.
    """
    options = ("--cores", cores, "--keep-going", "--quiet", "reason", "host")
    failed = _snakemake(folder, *options, "--", *targets)
    if not targets and not failed:
        report = folder / paths.REPORT
        failed = _snakemake(folder, "--reporter", "backprop", "--report-backprop-path", str(report))
        with suppress(FileNotFoundError):
            report.write_bytes(without_times(report.read_bytes()))
    return failed


def _snakemake(folder: Path, *options: str) -> str:
    """Run Snakemake; return why it failed, else nothing."""
    command = [
        sys.executable, "-m", __name__, str(folder / SHOWN),
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


def unproven(config: ArchivedConfig, findings: Findings) -> None:
    """Add what can never be proven; compare known answers with those of this clone."""
    for dataset, entry in config["datasets"].items():
        if entry["source"] not in BUILT_IN:
            origin = "where the data come from, and whether they are true"
            findings.unchecked.append(f"{dataset}: {origin}")
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
    """Leave the results that were made in a folder, and nothing of the archive, in a new one.

    Returns
    -------
    Path
        The folder: beside the archive or, if nothing can be written there, a temporary one.
    """
    brought = ("fits", "learning", USES_OF_NEW_DATA)  # from the archive
    hidden = shutil.ignore_patterns("records", "logs", "benchmarks", *brought)
    name, numbers = f"{archive.stem}-verified", itertools.count(2)
    target = archive.with_name(name)
    while target.exists():
        target = archive.with_name(f"{name}-{next(numbers)}")
    try:
        target.mkdir()
    except OSError:
        target = Path(mkdtemp(prefix=f"{name}-"))
    shutil.copytree(folder / paths.RESULTS, target, ignore=hidden, dirs_exist_ok=True)
    return target


if __name__ == "__main__":
    limit_memory(-1)  # what is read here has been checked, and written again
    config = Config.of(json.loads(Path(sys.argv.pop(1)).read_bytes()))
    vars(plan)["shown"] = lambda _: config
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
