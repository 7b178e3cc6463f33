"""Level 1 of `make verify`: every digest, of all files, of the records and of the code."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive.contents import (
    CODE,
    CONFIG,
    METADATA,
    REPORT,
    ROOT,
    Findings,
    allowed_files,
    code_files,
    files_with_rows,
)
from backprop.workflow.archive.description import Listed
from backprop.workflow.plan import Plan
from backprop.workflow.records import read_records

PROVES = (
    "nothing was changed after the archive was written, unless its digests were written again, "
    "too; compare the SHA-256 of the archive with the one that its sender named"
)


def check_digests(listed: Listed, plan: Plan | None) -> Findings:
    """Check the digests of an archive, which is unpacked in the working directory.

    Parameters
    ----------
    listed : Listed
    plan : Plan or None
        That of its config; None if the config cannot be used.
    """
    here = {str(file): digest(file) for file in sorted(Path().rglob("*")) if file.is_file()}
    here.pop(METADATA)
    findings = Findings([f"{len(here):,} files have the digests that {METADATA} lists"])
    for name in sorted(here.keys() | listed.files.keys()):
        if name not in here:
            findings.faults.append(f"{name}: missing in the archive, and listed in {METADATA}")
        elif name not in listed.files:
            findings.faults.append(f"{name}: in the archive, and not listed in {METADATA}")
        elif here[name] != listed.files[name][0]:
            findings.faults.append(f"{name}: altered; its digest is not the one in {METADATA}")
        elif str(Path(name).stat().st_size) != listed.files[name][1]:
            findings.faults.append(f"{name}: {METADATA} lists another size")
    if plan:
        findings.faults += _unexpected(here, listed, plan)
    _check_records(listed.absent | here, findings)
    _check_code(here, ROOT, listed.commit, findings)
    return findings


def _unexpected(here: Mapping[str, str], listed: Listed, plan: Plan) -> list[str]:
    """Return a message for each file that an archive of this config has not, or lacks."""
    allowed, is_complete = allowed_files(plan), plan.config["archive"]["data"]
    faults = [
        f"{name}: no file that an archive of this config has"
        for name in here
        if name not in allowed and not name.startswith(f"{CODE}/")
    ]
    may_lack = set() if is_complete else set(files_with_rows(plan.config))
    faults += [
        f"{name}: missing in the archive"
        for name in (*plan.outputs.results(), REPORT)
        if name not in here.keys() | listed.absent.keys() | listed.files.keys()
    ]
    return faults + [
        f"{name}: {METADATA} says that it is left out, and "
        f"{'it is there' if name in here else 'the config does not leave it out'}"
        for name in listed.absent
        if name in here or name not in may_lack
    ]


def _check_records(digests: Mapping[str, str], findings: Findings) -> None:
    """Check that the records of the jobs agree with each other and with the files."""
    records = read_records()
    made = {name: sha for record in records.values() for name, sha in record.outputs.items()}
    of_results = {name: sha for name, sha in digests.items() if name.startswith(paths.RESULTS)}
    for file, record in records.items():
        for kind, recorded in (("made", record.outputs), ("read", record.inputs)):
            for name, sha256 in recorded.items():
                actual = of_results.get(name)
                if actual is not None and actual != sha256 and (kind == "made" or name in made):
                    findings.faults.append(
                        f"{name}: not the file that the job {record.rule} {kind}, by {file}"
                    )
    findings.done.append(f"{len(records):,} records of jobs agree with what the jobs read and made")
    for name in set(of_results) & set(map(str, Path().glob(paths.PROVENANCE.format(dataset="*")))):
        _check_provenance(Path(name), digests, findings)


def _check_provenance(file: Path, digests: Mapping[str, str], findings: Findings) -> None:
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        dataset = paths.wildcards(paths.PROVENANCE, file)["dataset"]
        named = {paths.DATA.format(dataset=dataset): record["data_sha256"]}
        folder = paths.TABLES.format(dataset=dataset)
        named |= {f"{folder}/{name}": sha for name, sha in record["tables_sha256"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        findings.faults.append(f"{file}: not the provenance of a data set")
        return
    for name, sha256 in named.items():
        if digests.get(name) != sha256:
            findings.faults.append(f"{name}: not the file that {file} names")


def _check_code(
    digests: Mapping[str, str], root: Path, commit: str | None, findings: Findings
) -> None:
    """Compare the code in the archive with that of this clone, which alone is run."""
    ours = {f"{CODE}/{name}": digest(root / name) for name in code_files(root)}
    theirs = {name: sha for name, sha in digests.items() if name.startswith(f"{CODE}/")}
    differing = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
    advice = f"; verify in a clone of {commit:.60}" if commit else ""
    findings.faults += [f"{name}: not as in this clone{advice}" for name in differing]
    if not differing:
        findings.done.append(f"{len(ours):,} files of code are those of this clone, which verifies")
    if CONFIG not in digests:
        findings.faults.append(f"{CONFIG}: missing")
