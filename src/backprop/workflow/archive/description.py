"""The metadata of an archive: a Workflow Run RO-Crate, which names each file and its digest."""

import json
from collections.abc import Mapping
from urllib.parse import unquote

from backprop.errors import BackpropError
from backprop.workflow import paths
from backprop.workflow.archive.contents import CODE, CONFIG, METADATA, REPORT

TERMS = "https://w3id.org/ro/terms/workflow-run/context"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
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
    """Return the metadata of an archive, as its file has them.

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
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.name = f"Neural networks and regressions, compared on {', '.join(datasets)}"
    crate.description = "The report of a run, with its tables, fits, data, config and code"
    crate.license, crate.datePublished = LICENCE, made
    crate.metadata.extra_contexts.append(TERMS)
    profiles = [
        crate.add(ContextEntity(crate, url, {"@type": "CreativeWork", "name": name, "version": v}))
        for url, name in PROFILES.items()
        for v in [url.rsplit("/", 1)[1]]
    ]
    crate.root_dataset["conformsTo"] = profiles
    entities = {}
    for path, (sha256, size) in files.items():
        own = {"name": path, "sha256": sha256, "contentSize": str(size)}
        if kind := TYPES.get(f".{path.rsplit('.', 1)[-1]}"):
            own["encodingFormat"] = kind
        if path == f"{CODE}/Snakefile":
            own |= {"name": "backprop", **({"version": commit} if commit else {})}
            entities[path] = crate.add_workflow(
                dest_path=path, main=True, lang="snakemake", properties=own
            )
        else:
            entities[path] = crate.add_file(dest_path=path, properties=own)
    for path, sha256 in absent.items():
        entities[path] = crate.add(ContextEntity(crate, f"#{path}", {
            "@type": "CreativeWork", "name": path, "sha256": sha256,
            "description": "It has rows of the data, and is not in this archive",
        }))  # fmt: skip
    inputs = [
        path
        for path in entities
        if path == CONFIG or path.startswith(("known_answers/", "predictions/"))
    ]
    inputs += [path for path in entities if path.endswith("/data/dataset.csv")]
    crate.add(ContextEntity(crate, "#run", {
        "@type": "CreateAction", "name": "The run of the workflow", "endTime": made,
        "instrument": {"@id": f"{CODE}/Snakefile"},
        "object": [{"@id": entities[path].id} for path in inputs],
        "result": [{"@id": entities[path].id} for path in entities
                   if path.startswith(paths.RESULTS) and path not in inputs],
    }))  # fmt: skip
    crate.root_dataset["mentions"] = {"@id": "#run"}
    crate.root_dataset["about"] = {"@id": entities[REPORT].id}
    return f"{json.dumps(crate.metadata.generate(), indent=1)}\n".encode()


class Listed:
    """What the metadata of an archive say. They are data that anyone may have written.

    Attributes
    ----------
    files : dict of str to (str, str)
        The SHA-256 and the size in bytes of each file, by its path.
    absent : dict of str to str
        The SHA-256 of the files with rows of the data that were left out.
    commit : str or None
    made : str

    Raises
    ------
    BackpropError
        If they are no metadata of an archive of this workflow, or describe something twice.
    """

    def __init__(self, content: bytes) -> None:
        try:
            graph = json.loads(content)["@graph"]
            by_id = {unquote(entity["@id"]): entity for entity in graph}
            main = by_id[f"{CODE}/Snakefile"]
            self.made = str(by_id["#run"]["endTime"])
            self.files, self.absent = dict[str, tuple[str, str]](), dict[str, str]()
            for name, entity in by_id.items():
                if name.startswith("#") and "sha256" in entity:
                    self.absent[name.removeprefix("#")] = str(entity["sha256"])
                elif "sha256" in entity:
                    self.files[name] = str(entity["sha256"]), str(entity.get("contentSize"))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BackpropError(
                f"{METADATA}: not the metadata of an archive that `make archive` wrote"
            ) from error
        if len(by_id) < len(graph):
            raise BackpropError(f"{METADATA}: it describes something twice")
        self.commit = str(main["version"]) if "version" in main else None
