"""Level 1 of `make verify`: every digest, of all files, of the records and of the code."""

from collections.abc import Mapping
from pathlib import Path

from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive.contents import (
    CODE,
    CONFIG,
    KNOWN_ANSWERS,
    METADATA,
    REPORT,
    ROOT,
    Findings,
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
        findings.faults += _misplaced(here, listed, plan)
    _check_records(listed.absent | here, findings)
    _check_code(here, listed.commit, findings)
    return findings


def _misplaced(here: Mapping[str, str], listed: Listed, plan: Plan) -> list[str]:
    """Return a message for each file that an archive of this config has not, or lacks."""
    results = {*plan.outputs.results(), REPORT}
    records = {str(f) for f, record in read_records().items() if results & record.outputs.keys()}
    entries = plan.config["datasets"]
    answers = {KNOWN_ANSWERS.format(dataset=d) for d in entries if entries[d]["known_answers"]}
    may_lack = {*files_with_rows(plan.config)} if not plan.config["archive"]["data"] else set()
    messages = {
        "no file that an archive of this config has": {
            name for name in here.keys() - results - records - answers - {CONFIG}
            if not name.startswith(f"{CODE}/")
        },
        "missing in the archive":
            (results | answers | {CONFIG})
            - here.keys() - listed.absent.keys() - listed.files.keys(),
        f"{METADATA} says that it is left out, and it is there": here.keys() & listed.absent.keys(),
        f"{METADATA} says that it is left out, and the config does not leave it out":
            listed.absent.keys() - here.keys() - may_lack,
    }  # fmt: skip
    return [f"{name}: {fault}" for fault, names in messages.items() for name in sorted(names)]


def _check_records(digests: Mapping[str, str], findings: Findings) -> None:
    """Check that the records of the jobs agree with each other and with the files."""
    records = read_records()
    made = {name for record in records.values() for name in record.outputs}
    for file, record in records.items():
        for kind, recorded in (("made", record.outputs), ("read", record.inputs)):
            for name in recorded.keys() & digests.keys() & made:
                if recorded[name] != digests[name] and name.startswith(paths.RESULTS):
                    findings.faults.append(
                        f"{name}: not the file that the job {record.rule} {kind}, by {file}"
                    )
    findings.done.append(f"{len(records):,} records of jobs agree with what the jobs read and made")


def _check_code(digests: Mapping[str, str], commit: str | None, findings: Findings) -> None:
    """Compare the code in the archive with that of this clone, which alone is run."""
    ours = {f"{CODE}/{name}": digest(ROOT / name) for name in code_files(ROOT)}
    theirs = {name: sha for name, sha in digests.items() if name.startswith(f"{CODE}/")}
    differing = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
    advice = f"; verify in a clone of {commit:.60}" if commit else ""
    findings.faults += [f"{name}: not as in this clone{advice}" for name in differing]
    if not differing:
        findings.done.append(f"{len(ours):,} files of code are those of this clone, which verifies")
