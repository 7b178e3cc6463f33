"""Level 2 of `make verify`: every score, table, sentence and picture, made again from the fits."""

import base64
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from backprop.data.builtin import BUILT_IN
from backprop.data.dataset import canonical
from backprop.data.sources import obtain
from backprop.errors import BackpropError
from backprop.files import digest, digest_of_value
from backprop.report.contents import FIGURES, PROVENANCE
from backprop.report.pages import table_page
from backprop.report.provenance import as_table, config_of
from backprop.statistics.parity import PARITY
from backprop.workflow import paths
from backprop.workflow.archive.contents import (
    CONFIG,
    REPORT,
    Findings,
    completed_by,
    has_lost_source,
    runnable,
    some_of,
)
from backprop.workflow.plan import Plan

RULES = ("all", "split", "split_inner", "candidates", "score", "compare", "review", "parity",
         "one_step", "check_known_answers", "train_chosen", "provenance", "summarise")  # fmt: skip
"""Those that are run, besides those of tables and figures. No other rule is: none that fetches."""

ENVIRONMENT = ("python", "platform", "packages")
KEPT = ("twins", "error_rates")
"""The statistics that are made by training other networks, and that level 2 uses as they are."""

ITEMS = '<script id="results">\n    var results = '
"""What comes before the items of a report, in one line of JSON."""


def bring_data(plan: Plan, absent: Mapping[str, str]) -> list[str]:
    """Write the data sets that are not in the archive, and can be had; return which are lost.

    Raises
    ------
    BackpropError
        If a data set that can be had is not the one of the archive.
    """
    lost = []
    for name, entry in plan.config["datasets"].items():
        file = Path(paths.DATA.format(dataset=name))
        if entry["source"] in BUILT_IN:
            source = next(iter(plan.datasets.source(name)), None)
            content = canonical(obtain(entry["source"], file=source, **plan.datasets.options(name)))
            if not file.exists() and str(file) in absent:
                file.write_bytes(content)
                if digest(file) != absent[str(file)]:
                    raise BackpropError(f"{file}: the archive's is not {entry['source']}")
            elif file.exists() and file.read_bytes() != content:
                raise BackpropError(
                    f"{file}: {first_difference(content, file.read_bytes())}; the first is in "
                    f"{entry['source']}, the second in the archive"
                )
        elif not file.exists():
            lost.append(name)
    return lost


def make_again(plan: Plan, config: Mapping[str, Any], folder: Path, root: Path, cores: str) -> str:
    """Make all results but the fits again in a new folder, by the rules of this clone.

    Returns
    -------
    str
        What Snakemake printed if a job failed, else nothing.
    """
    kept = [path for path in plan.outputs.results() if path.endswith(".parquet")]
    for dataset in plan.config["datasets"]:
        every = (paths.DATA, paths.COLUMNS, paths.DATA_PROVENANCE, *map(paths.statistics, KEPT))
        kept += [path.format(dataset=dataset) for path in every]
        if plan.config["datasets"][dataset]["known_answers"]:
            kept.append(plan.config["datasets"][dataset]["known_answers"])
    for name in kept:
        if Path(name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, folder / name)
    (folder / CONFIG).write_text(yaml.safe_dump(runnable(config)), encoding="utf-8")
    rules = [*RULES, *plan.outputs.written_together(), *(f"plot_{figure}" for figure in FIGURES)]
    command = [
        sys.executable, "-m", "snakemake", "--snakefile", str(root / "Snakefile"),
        "--directory", str(folder), "--configfile", str(folder / CONFIG),
        "--replace-workflow-config", "--cores", cores, "--keep-going", "--quiet", "reason", "host",
        "--allowed-rules", *rules,
    ]  # fmt: skip
    process = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, env={**os.environ}
    )
    printed = f"{process.stdout}{process.stderr}"
    return (printed or "Snakemake failed") if process.returncode else ""


def compare(plan: Plan, config: Mapping[str, Any], again: Path, *, exact: bool) -> Findings:
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
    """
    findings, same = Findings(), 0
    skipped = {paths.PROVENANCE_PAGE, paths.PROVENANCE, paths.DATA, paths.COLUMNS}
    skipped |= {paths.DATA_PROVENANCE, *map(paths.statistics, KEPT)}
    own = {path.format(dataset=dataset) for path in skipped for dataset in config["datasets"]}
    for name in plan.outputs.results():
        if name in own or name.endswith(".parquet"):
            continue
        here, there = Path(name), again / name
        if not here.is_file() or not there.is_file():
            what = "missing in the archive" if there.is_file() else "cannot be made again"
            findings.faults.append(f"{name}: {what}")
        elif here.read_bytes() == there.read_bytes():
            same += 1
        elif name.endswith(".csv"):
            faults = differing_cells(here.read_bytes(), there.read_bytes(), exact=exact)
            findings.faults += some_of([f"{name}: {fault}" for fault in faults])
        elif exact:
            difference = first_difference(here.read_bytes(), there.read_bytes())
            findings.faults.append(f"{name}: altered; {difference}")
        else:
            findings.unchecked.append(f"{name}: differs, as it may with other versions of packages")
    findings.done.append(f"{same:,} scores, tables, pages and pictures were made again, the same")
    for dataset in config["datasets"]:
        findings.faults += _provenance_faults(dataset, plan, config, again, exact=exact)
    findings.faults += report_faults(Path(REPORT), findings)
    return findings


def differing_cells(here: bytes, there: bytes, *, exact: bool) -> list[str]:
    """Return a message for each cell in which a CSV file differs from the one made again.

    Unless `exact`, numbers may differ by `PARITY`, relative to those above 1.
    """
    try:
        ours, theirs = (
            list(csv.reader(io.StringIO(content.decode(), newline=""))) for content in (here, there)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        return [f"altered; it is no CSV ({error})"]
    if not ours or ours[0] != theirs[0]:
        return ["altered; its columns are not those that are made again"]
    if len(ours) != len(theirs):
        return [f"altered; it has {len(ours) - 1:,} rows, and {len(theirs) - 1:,} when made again"]
    faults = []
    for row, (one, other) in enumerate(zip(ours[1:], theirs[1:], strict=True), 1):
        if len(one) != len(other):
            faults.append(f"row {row}: altered; it has {len(one)} cells in place of {len(other)}")
        for column, a, b in zip(ours[0], one, other, strict=False):
            if a != b and (exact or not _are_close(a, b)):
                faults.append(
                    f"row {row}, {column}: altered; found {a!r:.90}, made again {b!r:.90}"
                )
    return faults or (["altered; it is written otherwise"] if exact else [])


def _are_close(a: str, b: str) -> bool:
    try:
        one, other = float(a), float(b)
    except ValueError:
        return False
    return abs(one - other) <= PARITY * max(1.0, abs(one), abs(other))


def first_difference(one: bytes, other: bytes) -> str:
    """Return the first line in which two files differ, with both, in short."""
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    for line, (a, b) in enumerate(pairs, 1):
        if a != b:
            place = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
            cuts = [
                part[max(0, place - 20) : place + 40].decode(errors="replace") for part in (a, b)
            ]
            return f"line {line}: {cuts[0]!r} in place of {cuts[1]!r}"
    return "one is longer than the other"


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


def report_faults(report: Path, findings: Findings) -> list[str]:
    """Check that each item of the report is the file in the archive, byte by byte."""
    try:
        _, items, *others = report.read_text(encoding="utf-8").split(ITEMS)
        items = {} if others else json.loads(items.partition("\n")[0].removesuffix(";"))
        contents = {name: _content(item["data_uri"]) for name, item in items.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        contents = {}
    if not contents:
        return [f"{report}: its tables and pictures cannot be read"]
    findings.done.append(f"{len(contents):,} tables and pictures in {report} are those files")
    findings.unchecked.append(f"the program of the page {report} itself, which Snakemake writes")
    return [
        f"{report}: altered; its {name} is not that file"
        for name, content in contents.items()
        if not Path(name).resolve().is_relative_to(Path.cwd())
        or not Path(name).is_file()
        or Path(name).read_bytes() != content
    ]


def _content(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        raise ValueError(head)
    return base64.b64decode(body, validate=True)
