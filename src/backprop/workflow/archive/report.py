"""What `make verify` compares of the report, which is one page with all items in it."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backprop.workflow.archive.contents import REPORT, Findings
from backprop.workflow.archive.texts import differing_texts, first_difference

SECTIONS = (
    "workflow_desc", "results", "categories", "rulegraph_spec", "runtimes_spec", "timeline_spec",
    "rules", "packages", "metadata", "logo_uri",
)  # fmt: skip
"""The values that the program of the page shows: each is JSON, in one line."""
LEFT_OUT = ("runtimes_spec", "timeline_spec", "rules", "rulegraph_spec")
"""The sections with times, and with what Snakemake remembers only where the jobs ran."""

ITEM = ("name", "filename", "labels", "caption", "mime_type")
"""What is compared of an item, besides its content."""


def report_faults(again: Path | None, *, exact: bool) -> Findings:
    """Compare the report with the files in the archive, and with the one that was made again.

    Parameters
    ----------
    again : Path or None
        The folder with the one that was made again, if it could be.
    exact : bool
        Whether the environment is the same.
    """
    findings = Findings()
    try:
        program, sections = _read(Path(REPORT))
        items = sections["results"]
        contents = {name: _content(item["data_uri"]) for name, item in items.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        fault = f"{REPORT}: its tables and pictures cannot be read ({error!s:.90})"
        return Findings(faults=[fault])
    findings.done.append(f"{len(contents):,} tables and pictures in {REPORT} are those files")
    findings.faults += [
        f"{REPORT}: altered; its {name} is not that file"
        for name, content in contents.items()
        if not Path(name).resolve().is_relative_to(Path.cwd())
        or not Path(name).is_file()
        or Path(name).read_bytes() != content
    ]
    findings.unchecked.append(f"{REPORT}: its times, and what it shows of the rules")
    if again is None:
        findings.unchecked.append(f"{REPORT}: its landing page, captions, labels and program")
        return findings
    made_program, made = _read(again / REPORT)
    findings.faults += [f"{REPORT}: altered; {fault}" for fault in _faults(sections, made, exact)]
    if sections.get("packages") != made["packages"]:
        findings.unchecked.append(f"{REPORT}: its program, which is of other versions of packages")
    elif program != made_program:
        difference = first_difference(program.encode(), made_program.encode())
        findings.faults.append(f"{REPORT}: altered; its program: {difference}")
    return findings


def _faults(ours: Mapping[str, Any], theirs: Mapping[str, Any], exact: bool) -> list[str]:
    """Return what differs of the sections of two reports."""
    faults = [f"it has no {name}" for name in theirs if name not in ours]
    faults += [f"it has its own {name}" for name in ours if name not in theirs]
    for name in ours.keys() & theirs.keys() - {*LEFT_OUT, "results", "packages"}:
        if fault := _difference(ours[name], theirs[name], exact):
            faults.append(f"its {name.replace('_desc', '')}: {fault}")
    one, other = ours["results"], theirs["results"]
    faults += [f"it has no {name}" for name in other if name not in one]
    for name, item in one.items():
        if name not in other:
            faults.append(f"it shows {name}")
            continue
        for key in ITEM:
            if fault := _difference(item.get(key), other[name].get(key), exact):
                faults.append(f"the {key} of its {name}: {fault}")
    return faults


def _difference(one: Any, other: Any, exact: bool) -> str:
    if one == other:
        return ""
    ours, theirs = (json.dumps(value, indent=1).encode() for value in (one, other))
    return first_difference(ours, theirs) if exact else differing_texts(ours, theirs, None)


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    """Return the program of a report, without its sections, and these by their names.

    Raises
    ------
    ValueError
        If a section is there twice, is no JSON, or could end its script.
    """
    program, sections = [""], dict[str, Any]()
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.strip().removeprefix("var ").partition(" = ")
        if name not in SECTIONS or not program[-1].strip().startswith("<script id="):
            program.append(line)
            continue
        if name in sections or "</script" in value.lower():
            raise ValueError(f"the section {name}")
        sections[name] = json.loads(value.removesuffix(";"))
        program.append(name)
    return "\n".join(program), sections


def _content(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        raise ValueError(head)
    return base64.b64decode(body, validate=True)
