"""Level 1 of `make verify`: every digest, of all files, of the records and of the code."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive.contents import (
    CODE,
    CONFIG,
    KNOWN_ANSWERS,
    METADATA,
    PREDICTIONS,
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
    results = plan.outputs.results() if plan else []
    findings.faults += _misplaced(here, listed, plan) if plan else []
    _check_records(listed.absent | here, results, findings)
    _check_code(here, listed.commit, findings)
    return findings


def _misplaced(here: Collection[str], listed: Listed, plan: Plan) -> list[str]:
    """Return a message for each file that an archive of this config has not, or lacks."""
    entries = plan.config["datasets"]
    may_lack = {*files_with_rows(plan.config)} if not plan.config["archive"]["data"] else set()
    expected = {*plan.outputs.results(), REPORT, CONFIG}
    expected |= {KNOWN_ANSWERS.format(dataset=d) for d in entries if entries[d]["known_answers"]}
    expected |= {PREDICTIONS.format(model=model) for model in plan.config["predictions"]}
    records = {str(f) for f, record in read_records().items() if expected & record.outputs.keys()}
    listed_here, absent = {n for n in here if not n.startswith(f"{CODE}/")}, listed.absent.keys()
    messages = {
        "no file that an archive of this config has": listed_here - expected - records,
        "missing in the archive": expected - listed_here - absent - listed.files.keys(),
        f"{METADATA} says that it is left out, and it is there": listed_here & absent,
        f"{METADATA} says that it is left out, and the config does not leave it out":
            absent - listed_here - may_lack,
    }  # fmt: skip
    return [f"{name}: {fault}" for fault, names in messages.items() for name in sorted(names)]


def _check_records(digests: Mapping[str, str], results: Sequence[str], findings: Findings) -> None:
    """Check that each result has one record, and that the records agree with the files."""
    records = read_records()
    made = Counter(name for record in records.values() for name in record.outputs)
    findings.faults += [
        f"{name}: {made[name]} records of jobs say how it was made, in place of one"
        for name in results
        if made[name] != 1
    ]
    for file, record in records.items():
        for kind, recorded in (("made", record.outputs), ("read", record.inputs)):
            for name in recorded.keys() & digests.keys() & made.keys():
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
