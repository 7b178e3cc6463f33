"""Level 1 of `make verify`: every digest, and the code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backprop.files import digest
from backprop.workflow.archive.comparing import first_difference
from backprop.workflow.archive.contents import (
    CODE,
    METADATA,
    ROOT,
    Findings,
    archived_files,
    code_files,
    left_out_files,
)
from backprop.workflow.archive.description import Listed, metadata_of

PROVES = (
    "nothing was changed after the archive was written, unless its digests were written again, "
    "too; compare the SHA-256 of the archive with the one that its sender named"
)


def check_digests(content: bytes, config: Mapping[str, Any] | None) -> Findings:
    """Check the digests of an archive, which is unpacked in the working directory.

    Parameters
    ----------
    content : bytes
        Its metadata. They are made again from its files.
    config : mapping or None
        Its completed config; None if that cannot be used.
    """
    listed = Listed.read(content)
    files = sorted(str(file) for file in Path().rglob("*") if file.is_file())
    here = {name: digest(Path(name)) for name in files if name != METADATA}
    messages = {
        f"missing in the archive, and listed in {METADATA}": listed.files.keys() - here,
        f"in the archive, and not listed in {METADATA}": here.keys() - listed.files,
        f"altered; its digest is not the one in {METADATA}":
            {name for name in here.keys() & listed.files if here[name] != listed.files[name]},
    }  # fmt: skip
    if config is not None:
        left_out = set(left_out_files(config))
        expected = archived_files(config) - left_out
        messages |= {
            "no file that an archive of this config has":
                {name for name in here if not name.startswith(f"{CODE}/")} - expected,
            "missing in the archive": expected - here.keys() - listed.files.keys(),
            f"{METADATA} says that it is left out, and the config does not leave it out":
                listed.absent.keys() - left_out,
            f"the config leaves it out, and {METADATA} does not": left_out - listed.absent.keys(),
        }  # fmt: skip
    faults = [f"{name}: {fault}" for fault, names in messages.items() for name in sorted(names)]
    if config is not None and not faults:
        again = metadata_of(
            {name: (sha256, Path(name).stat().st_size) for name, sha256 in here.items()},
            listed.absent,
            datasets=list(config["datasets"]),
            made=listed.made,
            commit=listed.commit,
        )
        if again != content:
            faults.append(f"{METADATA}: altered; {first_difference(content, again)}")
    findings = Findings([f"{len(here):,} files have the digests that {METADATA} lists"], faults)
    _check_code(here, listed.commit, findings)
    return findings


def _check_code(digests: Mapping[str, str], commit: str | None, findings: Findings) -> None:
    """Compare the code in the archive with that of this clone, which alone is run."""
    ours = {f"{CODE}/{name}": digest(ROOT / name) for name in code_files(ROOT)}
    theirs = {name: sha for name, sha in digests.items() if name.startswith(f"{CODE}/")}
    differing = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
    advice = f"; verify in a clone of {commit:.60}" if commit else ""
    findings.faults += [f"{name}: not as in this clone{advice}" for name in differing]
    if not differing:
        findings.done.append(f"{len(ours):,} files of code are those of this clone, which verifies")
