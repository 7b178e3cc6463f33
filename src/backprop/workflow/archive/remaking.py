"""Level 2 of `make verify`: the run of the workflow, made again from the fits of an archive."""

import csv
import itertools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import yaml

from backprop.data.builtin import BUILT_IN
from backprop.data.dataset import Dataset, canonical, columns_of
from backprop.data.sources import obtain, provenance
from backprop.files import digest, digest_of_bytes
from backprop.report.contents import PROVENANCE
from backprop.report.pages import table_page
from backprop.report.provenance import as_table, config_of, describe
from backprop.workflow import paths
from backprop.workflow.archive.contents import (
    CONFIG,
    KNOWN_ANSWERS,
    REPORT,
    ROOT,
    Findings,
    completed_by,
    runnable,
    without_kernel,
)
from backprop.workflow.archive.report import without_times
from backprop.workflow.archive.texts import are_close, differing_cells, first_difference
from backprop.workflow.archive.weights import dataset_of
from backprop.workflow.outputs import Outputs
from backprop.workflow.plan import Plan
from backprop.workflow.records import JobParameters

NEVER_RUN = ("fetch",)
"""How the rules begin that are not run: the data are those of the archive, or have a name."""
LIMIT = 3600.0  # seconds for all that is made again; the default run takes about two minutes
OF_NETWORKS = ("error_rates", "parity")
"""The tables for which networks are trained, so that chaos may move their numbers elsewhere."""
BY_CHAOS = ("configurations", "warnings")
"""The tables that say which training is chaotic."""
FREE = ("python", "platform", "packages", "tables_sha256", "code_sha256", "code_files")
"""What the provenance may say otherwise in another environment."""

SNAKEMAKE = """
from backprop.workflow.archive.limits import without_limit
from snakemake.cli import main
without_limit()
main()
"""
"""Snakemake, which reads only what was checked and written here."""

WITHOUT_CHECK = f"""
from backprop.workflow import housekeeping
housekeeping.Watch.before_report = lambda self: None
{SNAKEMAKE}"""
"""The same without the check for stale results: data that were brought have no record here."""


def bring_data(
    config: Mapping[str, Any], plan: Plan, absent: Mapping[str, str], again: Path
) -> tuple[list[str], list[str]]:
    """Write the data sets into a folder, and compare them with those of the archive.

    What is written is what a job of this workflow writes: of the data that have a name, else of the
    rows in the archive. What the archive may leave out is written here, too.

    Returns
    -------
    lost : list of str
        The data sets without rows.
    faults : list of str
    """
    lost, faults = [], []
    for name, entry in config["datasets"].items():
        has_name = entry["source"] in BUILT_IN
        if not has_name and not Path(paths.DATA.format(dataset=name)).exists():
            lost.append(name)
            continue
        data = _named(name, plan) if has_name else dataset_of(name)
        origin = f"that of {entry['source']}" if has_name else "as a job writes these data"
        for file, content in _described(name, data, entry["source"]).items():
            if file.exists():
                if (archived := file.read_bytes()) != content:
                    place = first_difference(archived, content)
                    faults.append(f"{file}: altered, not {origin}: {place}")
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
                if absent.get(str(file)) != digest_of_bytes(content):
                    faults.append(f"{file}: the archive's is not {origin}")
            (again / file).parent.mkdir(parents=True, exist_ok=True)
            (again / file).write_bytes(content)
    return lost, faults


def bring_answers(folder: Path) -> None:
    """Copy the files of known answers of the archive into a folder, where its config names them."""
    if Path(KNOWN_ANSWERS).parent.is_dir():
        shutil.copytree(
            Path(KNOWN_ANSWERS).parent, folder / Path(KNOWN_ANSWERS).parent, dirs_exist_ok=True
        )


def _named(name: str, plan: Plan) -> Dataset:
    file = next(iter(plan.datasets.source(name)), None)
    return obtain(plan.config["datasets"][name]["source"], file=file, **plan.datasets.options(name))


def _described(name: str, data: Dataset, source: str) -> dict[Path, bytes]:
    """Return the files of a data set, as the job that fetches it writes them."""
    described = {paths.COLUMNS: columns_of(data), paths.DATA_PROVENANCE: provenance(data, source)}
    contents = {
        key: f"{json.dumps(value, indent=2)}\n".encode() for key, value in described.items()
    }
    contents[paths.DATA] = canonical(data)
    return {Path(key.format(dataset=name)): content for key, content in contents.items()}


def make_again(
    plan: Plan, config: Mapping[str, Any], folder: Path, cores: str, lost: Collection[str] = ()
) -> str:
    """Let the workflow make all results in a folder, which has the data and the fits.

    Parameters
    ----------
    plan : Plan
    config : mapping
        The config of the archive.
    folder : Path
    cores : str
    lost : collection of str
        The data sets without rows.

    Returns
    -------
    str
        Why not all could be made, else nothing.
    """
    results = [each for each in results_of(plan, config, lost) if not _is_brought(each)]
    failed = run_workflow(config, folder, cores, LIMIT, results if lost else [])
    for name in config["datasets"]:
        if (folder / paths.PROVENANCE.format(dataset=name)).is_file():
            _describe(name, plan, config, folder)
    if not failed and not lost:
        options = ("--report", str(folder / REPORT), *_options(folder))
        failed = _failure(_run(LIMIT, WITHOUT_CHECK, *options))
    if (folder / REPORT).is_file():
        report = without_times((folder / REPORT).read_bytes())
        (folder / REPORT).write_bytes(report)
    return failed


def run_workflow(
    config: Mapping[str, Any], folder: Path, cores: str, seconds: float, targets: Collection[str]
) -> str:
    """Run the workflow of this clone in a folder, with the config of an archive.

    No connection is opened, as the rule that fetches data does not run. Return why it failed.
    """
    bring_answers(folder)
    (folder / CONFIG).write_text(yaml.safe_dump(runnable(config)), encoding="utf-8")
    options = _options(folder)
    listed = _run(seconds, SNAKEMAKE, *options, "--list-rules")
    if listed.returncode:
        return _failure(listed)
    every = listed.stdout.splitlines()
    rules = [each for each in every if each.isidentifier() and not each.startswith(NEVER_RUN)]
    return _failure(_run(
        seconds, SNAKEMAKE, *options, "--cores", cores, "--keep-going", "--quiet", "reason",
        "host", "--allowed-rules", *rules, "--", *targets,
    ))  # fmt: skip


def _options(folder: Path) -> tuple[str, ...]:
    return (
        "--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder),
        "--configfile", str(folder / CONFIG), "--replace-workflow-config",
    )  # fmt: skip


def _run(seconds: float, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run this Python in the folder of this clone; return what it printed, errors included."""
    try:
        return subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=ROOT, text=True, check=False,
            timeout=seconds, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(error.cmd, 1, f"it took more than {seconds:.0f} seconds")


def _failure(done: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return "".join(lines[-1:] or ["Snakemake failed"])[:200] if done.returncode else ""


def results_of(plan: Plan, config: Mapping[str, Any], lost: Collection[str]) -> list[str]:
    """Return the results of the data sets with rows; those of all, if all have."""
    if not lost:
        return plan.outputs.results()
    names = [name for name in config["datasets"] if name not in lost]
    folders = tuple(f"{paths.DATASET.format(dataset=name)}/" for name in names)
    return [name for name in plan.outputs.results() if name.startswith(folders)]


def _is_brought(file: str) -> bool:
    brought = (paths.DATA, paths.COLUMNS, paths.DATA_PROVENANCE)
    return any(paths.wildcards(path, Path(file)) for path in brought)


def _describe(dataset: str, plan: Plan, config: Mapping[str, Any], folder: Path) -> None:
    """Write the provenance of a data set again, with the source in the config of the archive.

    The run had another one, see `runnable`. Of the platform, the kernel is that of the archive.
    """
    provenance_file, page_file, data_file = (
        folder / path.format(dataset=dataset)
        for path in (paths.PROVENANCE, paths.PROVENANCE_PAGE, paths.DATA)
    )
    full = completed_by(plan, config)
    full = {**full, "datasets": {dataset: full["datasets"][dataset]}}
    makers = Outputs(full, plan.design).makers(dataset)
    environment = plan.dependencies.environment(*makers)
    theirs = platform_of(Path(paths.PROVENANCE.format(dataset=dataset)))
    if without_kernel(theirs) == without_kernel(environment["platform"]):
        environment["platform"] = theirs
    code = {**plan.dependencies.code(*makers, words=True), **plan.dependencies.rules()}
    parameters = JobParameters.of(
        {}, dataset=dataset, config=full, environment=environment, makers=code
    )
    record = describe(
        json.loads(parameters),
        data=data_file,
        tables=[folder / each for each in plan.outputs.tables(dataset)],
    )
    look = PROVENANCE.look("provenance", plan.config["comparison"]["metric"])
    page = table_page(as_table(record), listing=config_of(record), **look)
    text = f"{json.dumps(record, indent=2, ensure_ascii=False)}\n"
    provenance_file.write_text(text, encoding="utf-8")
    page_file.write_text(page, encoding="utf-8")


def platform_of(provenance_file: Path) -> str:
    """Return the platform that a provenance names, if it is a plain one; else nothing."""
    try:
        platform = json.loads(provenance_file.read_text(encoding="utf-8"))["platform"]
        return platform if re.fullmatch(r"[\w.+~-]{1,200}", platform) else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def compare(
    plan: Plan,
    config: Mapping[str, Any],
    again: Path,
    *,
    exact: bool,
    absent: Mapping[str, str] | None = None,
    lost: Collection[str] = (),
    trouble: str = "",
) -> Findings:
    """Compare the results in the working directory with those that were made again.

    Parameters
    ----------
    plan : Plan
    config : mapping
        The config of the archive.
    again : Path
        The folder with the results that were made again.
    exact : bool
        Whether the environment is the same, so that each file must be, too.
    absent : mapping of str to str, optional
        The SHA-256 of files that were left out of the archive.
    lost : collection of str
        The data sets without rows.
    trouble : str
        Why not all could be made again, if so.
    """
    findings, same, left_out = Findings(), 0, absent or {}
    if lost:
        findings.unchecked.append(f"what is made from the rows of {', '.join(lost)}")
    if trouble:
        findings.unchecked.append(f"what could not be made again here ({trouble})")
    for name in [*results_of(plan, config, lost), *([] if lost else [REPORT])]:
        if name.endswith(".parquet") or _is_brought(name):
            continue  # compared before
        here, there = Path(name), again / name
        if not there.is_file():
            findings.unchecked.append(f"{name}: could not be made again here")
        elif not here.is_file() and name not in left_out:
            findings.faults.append(f"{name}: missing in the archive")
        elif (digest(here) if here.is_file() else left_out[name]) == digest(there):
            same += 1
        elif not here.is_file():
            text = f"{name}: not the file that was left out"
            (findings.faults if exact else findings.unchecked).append(text)
        else:
            _compare(name, again, findings, exact=exact)
    findings.done.append(
        f"{same:,} tables, pages, pictures and the report were made again, the same"
    )
    for dataset, entry in config["datasets"].items():
        if dataset not in lost:
            findings.extend(_unproven(dataset, entry, config))
    return findings


def _compare(name: str, again: Path, findings: Findings, *, exact: bool) -> None:
    """Compare a file of the archive with the one that was made again, which differs."""
    here, there = Path(name).read_bytes(), (again / name).read_bytes()
    place, faults = first_difference(here, there), list[str]()
    if Path(name).suffix == ".csv":
        faults = [f"{name}: {fault}" for fault in differing_cells(here, there, exact=exact)]
    elif exact:
        faults = [f"{name}: altered; {place}"]
    elif paths.wildcards(paths.PROVENANCE, Path(name)):
        faults = _differing_keys(name, here, there)
    elif paths.wildcards(paths.MODEL, Path(name)) or paths.wildcards(paths.CANDIDATES, Path(name)):
        is_same = are_close(here.decode(errors="replace"), there.decode(errors="replace"))
        faults = [] if is_same else [f"{name}: altered; {place}"]
    else:
        findings.unchecked.append(f"{name}: differs, as it may in another environment; use yours")
    # What is trained here, besides the fits, may be chaotic.
    if faults and not exact and (Path(name).stem in OF_NETWORKS or _is_chaotic(name, again)):
        findings.unchecked.append(f"{name}: numbers differ, as they may if training is chaotic")
    elif faults and not exact and Path(name).stem in BY_CHAOS and _is_other_chaos(name, again):
        findings.unchecked.append(f"{name}: differs; here, other training is chaotic")
        findings.partly.append(f"not {name}, which says what training is chaotic")
    else:
        findings.faults += faults


def _is_other_chaos(name: str, again: Path) -> bool:
    """Return whether other configurations are chaotic here than the archive says."""
    parity = Path(name).parents[1] / "statistics/parity.csv"
    return chaotic(again / parity).keys() != chaotic(parity).keys()


def _is_chaotic(name: str, again: Path) -> bool:
    """Return whether a file has a model whose training is chaotic, by what was made here."""
    dataset = paths.wildcards(paths.MODEL, Path(name)).get("dataset")
    if dataset is None:
        return False
    recommended = json.loads((again / name).read_text(encoding="utf-8"))["recommendation"]
    parity = again / paths.statistics("parity").format(dataset=dataset)
    return recommended["configuration"] in chaotic(parity)


def chaotic(table: Path) -> dict[str, int]:
    """Return the configurations that train chaotically, by a table of parity, which may be damaged.

    Each has the epoch up to which all its costs agree; 0 if the table has none.
    """
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("state") == "chaotic"]
    epochs = [row.get("epochs") or "" for row in rows]
    return {
        str(row.get("configuration")): int(epoch) if epoch.isdecimal() else 0
        for row, epoch in zip(rows, epochs, strict=True)
    }


def _differing_keys(name: str, here: bytes, there: bytes) -> list[str]:
    """Return a message for each key of two provenances that must be the same in any environment."""
    try:
        ours, theirs = json.loads(here), json.loads(there)
        keys = sorted((ours.keys() | theirs.keys()) - {*FREE})
        return [f"{name}: {key}: altered" for key in keys if ours.get(key) != theirs.get(key)]
    except (ValueError, AttributeError):
        return [f"{name}: altered; it is no provenance"]


def _unproven(dataset: str, entry: Mapping[str, Any], config: Mapping[str, Any]) -> Findings:
    """Say what cannot be proven; compare known answers with those of this clone."""
    findings = Findings()
    if entry["source"] not in BUILT_IN:
        findings.unchecked.append(f"{dataset}: where the data come from, and whether they are true")
    if answers := entry.get("known_answers"):
        ours = ROOT / answers
        theirs = Path(runnable(config)["datasets"][dataset]["known_answers"])
        if not ours.is_file():
            findings.unchecked.append(f"{theirs}: used as it is; this clone has no {answers}")
        elif not theirs.is_file() or digest(ours) != digest(theirs):
            findings.faults.append(f"{theirs}: not {answers} of this clone")
    return findings


def leave(again: Path, archive: Path) -> Path:
    """Leave the results that were made again, and no file of the archive, in a new folder.

    Returns
    -------
    Path
        The folder: beside the archive or, if nothing can be written there, a temporary one.
    """
    hidden = shutil.ignore_patterns("records", "logs", "benchmarks", "fits")
    endings = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    names = (f"{archive.stem}-verified{ending}" for ending in endings)
    folder = next(each for each in map(archive.with_name, names) if not each.exists())
    try:
        folder.mkdir()
    except OSError:
        folder = Path(mkdtemp(prefix=f"{archive.stem}-verified-"))
    shutil.copytree(again / paths.RESULTS, folder, ignore=hidden, dirs_exist_ok=True)
    return folder
