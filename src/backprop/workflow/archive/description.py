"""The metadata of an archive, a Workflow Run RO-Crate, and level 1 of `make verify`."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from backprop.errors import BackpropError
from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive.comparing import first_difference
from backprop.workflow.archive.contents import (
    CODE,
    CONFIG,
    METADATA,
    ROOT,
    Findings,
    archived_files,
    code_files,
    config_file,
    left_out_files,
)

CRATE = ROOT / paths.SCHEMAS / "crate.json"
"""What the metadata of all archives say."""
MAIN, RUN = f"{CODE}/Snakefile", "#run"
INPUTS = (CONFIG, "known_answers/", "predictions/")

Described = Mapping[str, tuple[str, int]]
"""The SHA-256 and the size in bytes of each file, by its path in the archive."""


class Claims(NamedTuple):
    """What the metadata of an archive say that does not follow from its files.

    They are data that anyone may have written.

    Attributes
    ----------
    made : str
        When the report was written, as ISO 8601 has it.
    commit : str or None
        That of the code, if it is known.
    absent : dict of str to str
        The SHA-256 of the files with rows of the data that were left out.
    """

    made: str
    commit: str | None
    absent: dict[str, str]


def metadata_of(files: Described, claims: Claims) -> bytes:
    """Return the metadata of an archive, as its file has them; equal arguments give equal bytes."""
    crate = json.loads(CRATE.read_bytes())
    entities: dict[str, dict[str, Any]] = {each["@id"]: each for each in crate["@graph"]}
    for name, (sha256, size) in files.items():
        own = entities.setdefault(_id(name), {"@id": _id(name), "@type": "File", "name": name})
        own |= {"sha256": sha256, "contentSize": str(size)}
    for name, sha256 in claims.absent.items():
        entities[f"#{name}"] = {
            "@id": f"#{_id(name)}", "@type": "CreativeWork", "name": name, "sha256": sha256,
            "description": "It has rows of the data, and is not in this archive",
        }  # fmt: skip
    tables = ("/data/dataset.csv", "/data/new_data.csv")
    inputs = [n for n in files if n.startswith(INPUTS) or n.endswith(tables)]
    results = [n for n in files if n.startswith(paths.RESULTS) and n not in inputs]
    entities["./"] |= {"datePublished": claims.made, "hasPart": _references(files)}
    entities[MAIN] |= {"version": claims.commit} if claims.commit else {}
    entities[RUN] |= {
        "endTime": claims.made,
        "object": _references(inputs),
        "result": _references([*results, *(f"#{name}" for name in claims.absent)]),
    }
    return f"{json.dumps({**crate, '@graph': [*entities.values()]}, indent=1)}\n".encode()


def _id(name: str) -> str:
    return quote(name, safe="/#")


def _references(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": _id(name)} for name in names]


def read_metadata(content: bytes) -> tuple[Described, Claims]:
    """Return what the metadata of an archive say of its files, and all else that they claim.

    Raises
    ------
    BackpropError
        If they are no metadata of an archive of this workflow.
    """
    try:
        by_id = {unquote(each["@id"]): each for each in json.loads(content)["@graph"]}
        listed = {n: each for n, each in by_id.items() if "sha256" in each}
        absent = {n[1:]: str(listed.pop(n)["sha256"]) for n in [*listed] if n.startswith("#")}
        files = {n: (str(e["sha256"]), int(e["contentSize"])) for n, e in listed.items()}
        commit = by_id[MAIN].get("version")
        claims = Claims(str(by_id[RUN]["endTime"]), None if commit is None else str(commit), absent)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackpropError(
            f"{METADATA}: not the metadata of an archive that `make archive` wrote"
        ) from error
    return files, claims


def check_digests(content: bytes, findings: Findings) -> bool:
    """Compare an archive, which is unpacked in the working directory, with its metadata.

    They are made again from its files. Its code is compared with the code of this clone, which
    alone is run.

    Returns
    -------
    bool
        Whether the code is the same. If not, nothing else of the archive can be checked.
    """
    listed, claims = read_metadata(content)
    names = sorted(str(file) for file in Path().rglob("*") if file.is_file())
    here = {n: (digest(Path(n)), Path(n).stat().st_size) for n in names if n != METADATA}
    for name in sorted(n for n in here.keys() | listed.keys() if here.get(n) != listed.get(n)):
        if name not in here:
            fault = f"missing in the archive, and listed in {METADATA}"
        elif name not in listed:
            fault = f"in the archive, and not listed in {METADATA}"
        else:
            fault = f"altered; its digest or its size is not that in {METADATA}"
        findings.faults.append(f"{name}: {fault}")
    if not findings.faults and content != (again := metadata_of(here, claims)):
        findings.faults.append(f"{METADATA}: altered; {first_difference(content, again)}")
    ours = {f"{CODE}/{name}": digest(ROOT / name) for name in code_files(ROOT)}
    theirs = {name: sha for name, (sha, _) in here.items() if name.startswith(f"{CODE}/")}
    other = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
    advice = f"; verify in a clone of {claims.commit:.60}" if claims.commit else ""
    findings.faults += [f"{name}: not as in this clone{advice}" for name in other]
    if not findings.faults:
        findings.done = [
            f"{len(here):,} files have the digests that {METADATA} lists",
            f"{len(ours):,} files of code are those of this clone, which verifies",
        ]
    return not other


def check_names(config: Mapping[str, Any], claims: Claims) -> list[str]:
    """Return a message for each file that is not there as a completed config has it.

    Before the name of a file that is left out is a ``#``, as in the metadata.
    """
    left_out = set(left_out_files(config))
    expected = (archived_files(config) - left_out) | {f"#{name}" for name in left_out}
    files = {str(f) for f in Path().rglob("*") if f.is_file() and f.parts[0] != CODE}
    here = (files - {METADATA}) | {f"#{name}" for name in claims.absent}
    faults = [
        f"{name}: {'missing in' if name in expected else 'no file of'} an archive of this config"
        for name in sorted(here ^ expected)
    ]
    if (content := Path(CONFIG).read_bytes()) != (again := config_file(config)):
        faults.append(f"{CONFIG}: altered; {first_difference(content, again)}")
    return faults
