"""The metadata of an archive: a Workflow Run RO-Crate, which names each file and its digest."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from backprop.errors import BackpropError
from backprop.workflow import paths
from backprop.workflow.archive.contents import CODE, CONFIG, METADATA, REPORT

MAIN, RUN = f"{CODE}/Snakefile", "#run"
CRATE = "https://w3id.org/ro/crate/1.1"
CONTEXT = [f"{CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
WORKFLOW_PROFILE = "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    WORKFLOW_PROFILE: "Workflow RO-Crate",
}
LICENCE = f"The code: see {CODE}/LICENSE. The data and the results: ask who sent them."
TYPES = {
    ".csv": "text/csv", ".html": "text/html", ".json": "application/json",
    ".pdf": "application/pdf",
    ".parquet": "application/vnd.apache.parquet", ".svg": "image/svg+xml", ".yaml": "text/yaml",
}  # fmt: skip


def metadata_of(
    files: Mapping[str, tuple[str, int]],
    absent: Mapping[str, str],
    *,
    datasets: list[str],
    made: str,
    commit: str | None,
) -> bytes:
    """Return the metadata of an archive, as its file has them; equal arguments give equal bytes.

    Parameters
    ----------
    files : mapping of str to (str, int)
        The SHA-256 and the size in bytes of each file, by its path in the archive.
    absent : mapping of str to str
        The SHA-256 of the files with rows of the data, which were left out.
    datasets : list of str
        Their names.
    made : str
        When the report was written, as ISO 8601 has it.
    commit : str or None
        That of the code, if it is known.
    """
    inputs = [name for name in files if name.startswith((CONFIG, "known_answers/", "predictions/"))]
    inputs += [n for n in files if n.endswith(("/data/dataset.csv", "/data/new_data.csv"))]
    left_out = [f"#{name}" for name in absent]
    results = [name for name in files if name.startswith(paths.RESULTS) and name not in inputs]
    graph = [
        {
            "@id": "./", "@type": "Dataset", "datePublished": made, "license": LICENCE,
            "name": f"Neural networks and regressions, compared on {', '.join(datasets)}",
            "description": "The report of a run, with its tables, fits, data, config and code",
            "conformsTo": _references(PROFILES), "hasPart": _references(files),
            "mainEntity": _reference(MAIN), "mentions": _reference(RUN),
            "about": _reference(f"#{REPORT}" if REPORT in absent else REPORT),
        },
        {
            "@id": METADATA, "@type": "CreativeWork", "about": _reference("./"),
            "conformsTo": _references([CRATE, WORKFLOW_PROFILE]),
        },
        *(
            {"@id": url, "@type": "CreativeWork", "name": name, "version": url.rsplit("/", 1)[1]}
            for url, name in PROFILES.items()
        ),
        {
            "@id": SNAKEMAKE, "@type": "ComputerLanguage", "name": "Snakemake",
            "identifier": _reference("https://doi.org/10.1093/bioinformatics/bts480"),
            "url": _reference("https://snakemake.readthedocs.io"),
        },
        *(_described(name, *each, commit) for name, each in files.items()),
        *(
            {
                **_reference(f"#{name}"), "@type": "CreativeWork", "name": name, "sha256": sha256,
                "description": "It has rows of the data, and is not in this archive",
            }
            for name, sha256 in absent.items()
        ),
        {
            "@id": RUN, "@type": "CreateAction", "name": "The run of the workflow", "endTime": made,
            "instrument": _reference(MAIN), "object": _references(inputs),
            "result": _references([*results, *left_out]),
        },
    ]  # fmt: skip
    return f"{json.dumps({'@context': CONTEXT, '@graph': graph}, indent=1)}\n".encode()


def _described(name: str, sha256: str, size: int, commit: str | None) -> dict[str, Any]:
    own = {"name": name, "sha256": sha256, "contentSize": str(size)}
    if kind := TYPES.get(f".{name.rsplit('.', 1)[-1]}"):
        own["encodingFormat"] = kind
    if name != MAIN:
        return {**_reference(name), "@type": "File", **own}
    return {
        **_reference(name), "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        **own, "name": "backprop", "programmingLanguage": _reference(SNAKEMAKE),
        **({"version": commit} if commit else {}),
    }  # fmt: skip


def _reference(name: str) -> dict[str, str]:
    return {"@id": name if "://" in name else quote(name, safe="/#")}


def _references(names: Iterable[str]) -> list[dict[str, str]]:
    return [_reference(name) for name in names]


class Listed(NamedTuple):
    """What the metadata of an archive say. They are data that anyone may have written.

    Attributes
    ----------
    files : dict of str to str
        The SHA-256 of each file, by its path.
    absent : dict of str to str
        That of the files with rows of the data that were left out.
    commit : str or None
    made : str
    """

    files: dict[str, str]
    absent: dict[str, str]
    commit: str | None
    made: str

    @classmethod
    def read(cls, content: bytes) -> "Listed":
        """Read the metadata of an archive.

        Raises
        ------
        BackpropError
            If they are no metadata of an archive of this workflow.
        """
        try:
            by_id = {unquote(each["@id"]): each for each in json.loads(content)["@graph"]}
            digests = {n: str(each["sha256"]) for n, each in by_id.items() if "sha256" in each}
            commit, made = by_id[MAIN].get("version"), str(by_id[RUN]["endTime"])
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BackpropError(
                f"{METADATA}: not the metadata of an archive that `make archive` wrote"
            ) from error
        absent = {name[1:]: digests.pop(name) for name in [*digests] if name.startswith("#")}
        return cls(digests, absent, None if commit is None else str(commit), made)
