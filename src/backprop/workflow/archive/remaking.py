"""Level 2 of `make verify`: every score, table, sentence and picture, made again from the fits."""

import json
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import yaml

from backprop.data.builtin import BUILT_IN
from backprop.data.dataset import canonical, columns_of
from backprop.data.sources import obtain, provenance
from backprop.files import digest, digest_of_bytes, digest_of_value
from backprop.report.contents import PROVENANCE
from backprop.report.pages import table_page
from backprop.report.provenance import as_table, config_of
from backprop.workflow import paths
from backprop.workflow.archive.contents import (
    CONFIG,
    REPORT,
    ROOT,
    Findings,
    completed_by,
    has_lost_source,
    runnable,
)
from backprop.workflow.archive.report import report_faults
from backprop.workflow.archive.texts import (
    TEXTS,
    differing_cells,
    differing_texts,
    first_difference,
    parts_of,
)
from backprop.workflow.plan import Plan

NEVER_RUN = ("fetch", "train")
"""How the rules begin that are not run, but for the one that fits the chosen model to all rows."""
CHOSEN = "train_chosen"

ENVIRONMENT = ("python", "platform", "packages")
KEPT = ("error_rates",)
"""The statistics that are made by training other networks, and that level 2 uses as they are."""

LIMIT = 3600.0  # seconds for all that is made again; the default run takes about two minutes
WITHOUT_CHECK = """
from backprop.workflow import housekeeping
from snakemake.cli import main
housekeeping.Watch.before_report = lambda self: None
main()
"""
"""Snakemake without the check for stale results: fits that were copied have no record here."""


def bring_data(plan: Plan, absent: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Write the data sets that are not in the archive, and can be had, and check those that can.

    Returns
    -------
    lost : list of str
        The data sets without rows.
    faults : list of str
    """
    lost, faults = [], []
    for name, entry in plan.config["datasets"].items():
        if entry["source"] in BUILT_IN:
            for file, content in _described(name, plan).items():
                if not file.exists() and str(file) in absent:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(content)
                    if digest_of_bytes(content) != absent[str(file)]:
                        faults.append(f"{file}: the archive's is not that of {entry['source']}")
                elif file.exists() and file.read_bytes() != content:
                    faults.append(
                        f"{file}: {first_difference(content, file.read_bytes())}; the first is of "
                        f"{entry['source']}, the second in the archive"
                    )
        elif not Path(paths.DATA.format(dataset=name)).exists():
            lost.append(name)
    return lost, faults


def _described(name: str, plan: Plan) -> dict[Path, bytes]:
    """Return the files of a data set that has a name, as the job that fetches it writes them."""
    source = plan.config["datasets"][name]["source"]
    file = next(iter(plan.datasets.source(name)), None)
    data = obtain(source, file=file, **plan.datasets.options(name))
    described = {paths.COLUMNS: columns_of(data), paths.DATA_PROVENANCE: provenance(data, source)}
    contents = {
        key: f"{json.dumps(value, indent=2)}\n".encode() for key, value in described.items()
    }
    contents[paths.DATA] = canonical(data)
    return {Path(key.format(dataset=name)): content for key, content in contents.items()}


def make_again(
    plan: Plan, config: Mapping[str, Any], folder: Path, cores: str, lost: Collection[str] = ()
) -> str:
    """Make all results but the fits again in a new folder, by the rules of this clone.

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
    datasets = [name for name in plan.config["datasets"] if name not in lost]
    kept = [path for path in _results(plan, datasets) if path.endswith(".parquet")]
    for dataset in datasets:
        used = (paths.DATA, paths.COLUMNS, paths.DATA_PROVENANCE, *map(paths.statistics, KEPT))
        kept += [path.format(dataset=dataset) for path in used]
    for name in kept:
        if Path(name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, folder / name)
    (folder / CONFIG).write_text(yaml.safe_dump(runnable(config)), encoding="utf-8")
    options = (
        "--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder),
        "--configfile", str(folder / CONFIG), "--replace-workflow-config",
    )  # fmt: skip
    every = _run("-m", "snakemake", *options, "--list-rules").stdout.splitlines()
    rules = [each for each in every if each == CHOSEN or not each.startswith(NEVER_RUN)]
    rules = list(filter(str.isidentifier, rules))  # not what else it prints
    targets = [each for each in _results(plan, datasets) if each not in kept] if lost else []
    made = _run(
        "-m", "snakemake", *options, "--cores", cores, "--keep-going", "--quiet", "reason", "host",
        "--allowed-rules", *rules, "--", *targets,
    )  # fmt: skip
    if not made.returncode and not lost and Path(REPORT).exists():
        made = _run(
            "-c", WITHOUT_CHECK, *options, "--report", str(folder / REPORT),
            "--allowed-rules", *rules,
        )  # fmt: skip
    lines = [line for line in made.stdout.splitlines() if line.strip()]
    return "".join(lines[-1:] or ["Snakemake failed"])[:200] if made.returncode else ""


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run this Python in the folder of this clone; return what it printed, errors included."""
    try:
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, text=True, check=False, timeout=LIMIT,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        return subprocess.CompletedProcess(error.cmd, 1, f"it took more than {LIMIT:.0f} seconds")


def _results(plan: Plan, datasets: Collection[str]) -> list[str]:
    """Return the results of some data sets; those of all, if these are all."""
    if len(datasets) == len(plan.config["datasets"]):
        return plan.outputs.results()
    folders = tuple(f"{paths.DATASET.format(dataset=dataset)}/" for dataset in datasets)
    return [name for name in plan.outputs.results() if name.startswith(folders)]


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
    findings, same = Findings(), 0
    datasets = [name for name in config["datasets"] if name not in lost]
    skipped = {paths.PROVENANCE_PAGE, paths.PROVENANCE, paths.DATA, paths.COLUMNS}
    skipped |= {paths.DATA_PROVENANCE, *map(paths.statistics, KEPT)}
    own = {path.format(dataset=dataset) for path in skipped for dataset in datasets}
    if lost:
        findings.unchecked.append(f"what is made from the rows of {', '.join(lost)}")
    if trouble:
        findings.unchecked.append(f"what could not be made again here ({trouble})")
    for name in _results(plan, datasets):
        if name in own or name.endswith(".parquet"):
            continue
        here, there = Path(name), again / name
        if not there.is_file():
            findings.unchecked.append(f"{name}: could not be made again here")
        elif not here.is_file() and name not in (absent or {}):
            findings.faults.append(f"{name}: missing in the archive")
        elif not here.is_file():
            same += digest(there) == (absent or {})[name]
            if digest(there) != (absent or {})[name]:
                text = f"{name}: not the file that was left out"
                (findings.faults if exact else findings.unchecked).append(text)
        elif here.read_bytes() == there.read_bytes():
            same += 1
        else:
            _compare(name, here.read_bytes(), there.read_bytes(), findings, exact=exact)
    findings.done.append(f"{same:,} scores, tables, pages and pictures were made again, the same")
    for dataset in datasets:
        if (again / paths.PROVENANCE.format(dataset=dataset)).is_file():
            findings.faults += _provenance_faults(dataset, plan, config, again, exact=exact)
        findings.extend(_used(dataset, config))
    if Path(REPORT).is_file():
        findings.extend(report_faults(again if (again / REPORT).is_file() else None, exact=exact))
    elif REPORT not in (absent or {}):
        findings.faults.append(f"{REPORT}: missing in the archive")
    return findings


def _compare(name: str, here: bytes, there: bytes, findings: Findings, *, exact: bool) -> None:
    """Compare a file of the archive with another one that was made again."""
    suffix = Path(name).suffix
    if suffix == ".csv":
        faults = differing_cells(here, there, exact=exact)
        findings.faults += [f"{name}: {fault}" for fault in faults]
    elif exact:
        findings.faults.append(f"{name}: altered; {first_difference(here, there)}")
    elif suffix not in TEXTS:
        findings.unchecked.append(f"{name}: differs, as it may with other versions of packages")
    elif (
        name.endswith(f"/{Path(paths.MODEL).name}") and parts_of(here)[::2] == parts_of(there)[::2]
    ):
        findings.unchecked.append(f"{name}: numbers differ, as they may if training is chaotic")
    elif fault := differing_texts(here, there, TEXTS[suffix]):
        findings.faults.append(f"{name}: altered; {fault}")


def _used(dataset: str, config: Mapping[str, Any]) -> Findings:
    """Say what was used as it is; compare known answers with those of this clone."""
    findings, entry = Findings(), config["datasets"][dataset]
    for path in map(paths.statistics, KEPT):
        if (file := Path(path.format(dataset=dataset))).exists():
            findings.unchecked.append(f"{file}: made by training other networks, used as it is")
    if entry["source"] not in BUILT_IN:
        origin = paths.DATA_PROVENANCE.format(dataset=dataset)
        findings.unchecked.append(f"{origin}: where the data come from, and whether they are true")
    if answers := entry.get("known_answers"):
        ours = ROOT / answers
        theirs = Path(runnable(config)["datasets"][dataset]["known_answers"])
        if not ours.is_file():
            findings.unchecked.append(f"{theirs}: used as it is; this clone has no {answers}")
        elif not theirs.is_file() or digest(ours) != digest(theirs):
            findings.faults.append(f"{theirs}: not {answers} of this clone")
    return findings


def without_kernel(platform: str) -> tuple[str, str, str]:
    """Return the system, the machine and the libc of a `platform.platform()`."""
    head, _, libc = platform.partition("-with-")
    return head.split("-")[0], head.split("-")[-1], libc


def _provenance_faults(
    dataset: str, plan: Plan, config: Mapping[str, Any], again: Path, *, exact: bool
) -> list[str]:
    """Check the record of the provenance of a data set, and its page."""
    names = [path.format(dataset=dataset) for path in (paths.PROVENANCE, paths.PROVENANCE_PAGE)]
    file, page = map(Path, names)
    try:
        here = json.loads(file.read_text(encoding="utf-8"))
        there = json.loads((again / file).read_text(encoding="utf-8"))
        text = table_page(
            as_table(here),
            listing=config_of(here),
            **PROVENANCE.look("provenance", plan.config["comparison"]["metric"]),
        )
    except Exception as error:  # of any kind: the file may hold anything
        return [f"{file}: cannot be read, or made again ({type(error).__name__})"]
    entry = config["datasets"][dataset]
    full = completed_by(plan, config)
    there["config"] = {**full, "datasets": {dataset: full["datasets"][dataset]}}
    there["config_sha256"] = digest_of_value(there["config"])
    if without_kernel(str(here.get("platform"))) == without_kernel(there["platform"]):
        there["platform"] = here["platform"]
    # The digests of the tables were compared before: numbers may differ by rounding.
    free = () if exact else (*ENVIRONMENT, "tables_sha256")
    if has_lost_source(entry):  # what reads another source is other code, too
        free = (*free, "code_sha256", "code_files", "packages")
    faults = [
        f"{file}: {key}: altered"
        for key in sorted(here.keys() | there.keys())
        if key not in free and here.get(key) != there.get(key)
    ]
    if not page.is_file() or page.read_bytes() != text.encode():
        faults.append(f"{page}: altered; it does not say what {file.name} says")
    return faults
