"""What an archive has, its metadata, a Workflow Run RO-Crate, and level 1 of `make verify`."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import yaml

from backprop.config import Config
from backprop.errors import BackpropError
from backprop.files import digest
from backprop.models.registry import added_models
from backprop.workflow import paths
from backprop.workflow.archive.agreement import Findings, first_difference
from backprop.workflow.checks import read_schema
from backprop.workflow.completion import shortened
from backprop.workflow.datasets import files_of_predictions
from backprop.workflow.design import Design
from backprop.workflow.outputs import Outputs
from backprop.workflow.plan import ROOT

METADATA = "ro-crate-metadata.json"
CRATE = ROOT / paths.SCHEMAS / "crate.json"
"""What the metadata of all archives say."""
CONFIG = "config.yaml"  # without the secrets of URLs
KNOWN_ANSWERS = "known_answers/{dataset}.yaml"
PREDICTIONS = "predictions/{dataset}/{model}.csv"
INPUTS = (CONFIG, "known_answers/", "predictions/")
WITH_ROWS = (
    paths.DATA, paths.COLUMNS, paths.LIVE, paths.MODEL, paths.RIVAL, paths.NEW_DATA,
    paths.NEW_COLUMNS, paths.NEW_PREDICTIONS, paths.USES, paths.REPORT,
)  # fmt: skip
"""Results that show rows of the data, or the categories in them."""
CODE = "code"
CODE_PARTS = ("Snakefile", "workflow", "src", "requirements", "pyproject.toml", "LICENSE")
"""What decides a result. The profiles, which people edit, decide only where jobs run."""
MAIN, RUN = f"{CODE}/Snakefile", "#run"
MAX_DESCRIPTION = 50_000_000  # bytes

OF_A_JOB = re.compile(rb'"params": "job=[0-9a-f]+"')
"""The digest of what a job depends on, which the report shows of each table and picture."""
DRAWN = re.compile(
    rb'(<script id="(rulegraph|runtimes|timeline|rules)">\n +var \w+ = )([^\n]*)(;\n)'
)
"""What the report has of the rules and the times of jobs."""

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


def git(root: Path, *arguments: str) -> str:
    """Return what git prints on a clone; nothing if it fails, or if the folder is no clone."""
    program = shutil.which("git")
    if program is None or not (root / ".git").exists():
        return ""
    command = [program, "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def code_files(root: Path) -> list[str]:
    """List the files of the code in a folder, relative to it: in a clone, what git tracks."""
    if tracked := git(root, "ls-files", "-z", "--", *CODE_PARTS):
        return sorted(name for name in tracked.split("\0") if name and (root / name).is_file())
    files = (file for part in CODE_PARTS for file in [root / part, *(root / part).rglob("*")])
    names = (str(file.relative_to(root)) for file in files if file.is_file())
    return sorted(name for name in names if not re.search(r"(^|/)(\.|__pycache__/)|egg-info", name))


def config_file(config: Config) -> bytes:
    """Return the config file of an archive, from a completed config that may be shown."""
    schema = read_schema(ROOT / paths.SCHEMAS / "config.schema.yaml", added_models(config))
    short = shortened(config.as_json(), schema)
    return yaml.safe_dump(short, allow_unicode=True, sort_keys=False, width=100).encode()


def result_files(config: Config) -> list[str]:
    """List the results of a completed config, and the report."""
    return [*Outputs(config, Design(config)).results(), paths.REPORT]


def left_out_files(config: Config) -> set[str]:
    """Return the results that show rows of the data, if the config leaves them out."""
    rows = {path.format(dataset=name) for path in WITH_ROWS for name in config.datasets}
    return set() if config.archive.data else rows & {*result_files(config)}


def archived_files(config: Config) -> set[str]:
    """Return all files of an archive of a completed config, but its code and its metadata.

    Before the name of a file that is left out is a ``#``, as in the metadata.
    """
    left_out = left_out_files(config)
    results = {*result_files(config)} - left_out
    return {CONFIG, *results, *brought_files(config), *(f"#{name}" for name in left_out)}


def brought_files(config: Config) -> dict[str, str]:
    """Return the paths in an archive of what users brought, with a result of the job that read it.

    The data are not among them: their canonical form is a result.
    """
    known_answers = {
        KNOWN_ANSWERS.format(dataset=name): paths.table("known_answers").format(dataset=name)
        for name, entry in config.datasets.items()
        if entry.known_answers
    }
    return known_answers | {
        PREDICTIONS.format(dataset=name, model=model): paths.FITS.format(dataset=name, model=model)
        for model, files in files_of_predictions(config).items()
        for name in files
    }


def without_times(page: bytes) -> bytes:
    """Return a report without the times of its jobs, and without what Snakemake shows of the rules.

    Two reports of the same results are then the same to the byte, wherever they were made.
    """
    page = OF_A_JOB.sub(b'"params": ""', page)
    return DRAWN.sub(lambda part: part[1] + _emptied(part[2], part[3]) + part[4], page)


def _emptied(name: bytes, section: bytes) -> bytes:
    if name == b"rules":
        return b"{}"
    picture = json.loads(section)
    data = picture.get("data", [])
    for each in [data] if isinstance(data, dict) else data:
        if "values" in each:
            each["values"] = []
    return json.dumps(picture).encode()


def metadata_of(files: Described, claims: Claims) -> bytes:
    """Return the metadata of an archive, as its file has them; equal arguments give equal bytes."""
    common = json.loads(CRATE.read_bytes())
    entities: dict[str, dict[str, object]] = {each["@id"]: each for each in common["@graph"]}
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
    return f"{json.dumps({**common, '@graph': [*entities.values()]}, indent=1)}\n".encode()


def _id(name: str) -> str:
    return quote(name, safe="/#")


def _references(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": _id(name)} for name in names]


def read_metadata() -> tuple[bytes, Described, Claims]:
    """Return the metadata of the archive in the working directory.

    They are its bytes, what they say of the files, and all else that they claim.

    Raises
    ------
    BackpropError
        If they are missing, too large, or no metadata of an archive of this workflow.
    """
    try:
        if (file := Path(METADATA)).stat().st_size > MAX_DESCRIPTION:
            raise BackpropError(f"{METADATA}: larger than {MAX_DESCRIPTION:,} bytes")
        content = file.read_bytes()
        by_id = {unquote(each["@id"]): each for each in json.loads(content)["@graph"]}
        listed = {n: each for n, each in by_id.items() if "sha256" in each}
        absent = {n[1:]: str(listed.pop(n)["sha256"]) for n in [*listed] if n.startswith("#")}
        files = {n: (str(e["sha256"]), int(e["contentSize"])) for n, e in listed.items()}
        commit = by_id[MAIN].get("version")
        claims = Claims(str(by_id[RUN]["endTime"]), None if commit is None else str(commit), absent)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BackpropError(
            f"{METADATA}: missing, or not the metadata of an archive that `make archive` wrote"
        ) from error
    return content, files, claims


def check_digests(content: bytes, listed: Described, claims: Claims, findings: Findings) -> bool:
    """Compare an archive, which is unpacked in the working directory, with its metadata.

    They are made again from its files. Its code is compared with the code of this clone, which
    alone is run.

    Parameters
    ----------
    content : bytes
    listed : mapping
    claims : Claims
        From `read_metadata`.
    findings : Findings
        What is found is added to them.

    Returns
    -------
    bool
        Whether the code is the same. If not, nothing else of the archive can be checked.
    """
    files = sorted(file for file in Path().rglob("*") if file.is_file())
    here = {str(f): (digest(f), f.stat().st_size) for f in files if str(f) != METADATA}
    for name in sorted({name for name, _ in here.items() ^ listed.items()}):
        what = "missing" if name not in here else "altered" if name in listed else "added"
        findings.faults.append(f"{name}: {what}; not as {METADATA} lists it")
    if not findings.faults and content != (again := metadata_of(here, claims)):
        findings.faults.append(f"{METADATA}: altered; {first_difference(content, again)}")
    ours = {f"{CODE}/{name}": digest(ROOT / name) for name in code_files(ROOT)}
    theirs = {name: sha for name, (sha, _) in here.items() if name.startswith(f"{CODE}/")}
    other = sorted({name for name, _ in ours.items() ^ theirs.items()})
    advice = f"; verify in a clone of {claims.commit:.60}" if claims.commit else ""
    findings.faults += [f"{name}: not as in this clone{advice}" for name in other]
    if not findings.faults:
        findings.done = [
            f"{len(here):,} files have the digests that {METADATA} lists",
            f"{len(ours):,} files of code are as in this clone, which verifies",
        ]
    return not other


def check_names(config: Config, claims: Claims, findings: Findings) -> None:
    """Find each file that is not there as a completed config has it, and another form of it."""
    files = {str(f) for f in Path().rglob("*") if f.is_file() and f.parts[0] != CODE}
    here, expected = {*files, *(f"#{name}" for name in claims.absent)}, archived_files(config)
    findings.faults += [
        f"{name}: {'missing in' if name in expected else 'no file of'} an archive of this config"
        for name in sorted(here ^ expected ^ {METADATA})
    ]
    if (content := Path(CONFIG).read_bytes()) != (again := config_file(config)):
        findings.faults.append(f"{CONFIG}: altered; {first_difference(content, again)}")
