"""What each result was made from: every finished job leaves a record beside the results.

Snakemake decides what to run by its own memory, in the folder .snakemake, and by the times of
files. They do not show that a result was edited and got an old time, or that it came without this
memory. A record shows it: it has the digests of the job's parameters, its inputs and its outputs.
"""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from backprop.errors import printable
from backprop.files import digest, digest_of_text, write_atomically

RESULTS = Path("results")
MEMORY = Path(".snakemake/metadata")  # Snakemake's own, a JSON file for each result


@dataclass(frozen=True)
class Record:
    """What a job made, and from what.

    Attributes
    ----------
    file : str
        The file of this record. A copy of it elsewhere, as in a backup, is no record.
    rule : str
        The rule of the job.
    wildcards : dict of str to str
    job : str
        The digest of its parameter ``job``, see `digest_of_job`.
    inputs, outputs : dict of str to str
        The SHA-256 of each file, by its path.
    outdated : dict of str to str
        The same, for files that the job made for an earlier config, and that are still there.
    """

    file: str
    rule: str
    wildcards: dict[str, str]
    job: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    outdated: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> "Record | None":
        """Read a record from a JSON file; return None if the file has none."""
        try:
            record = cls(**json.loads(file.read_bytes()))
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        parts = (record.wildcards, record.inputs, record.outputs, record.outdated)
        is_sound = record.file == str(file) and all(
            isinstance(part, dict) and all(isinstance(value, str) for value in part.values())
            for part in parts
        )
        return record if is_sound else None

    @property
    def made(self) -> dict[str, str]:
        """The SHA-256 of each file that the job made for this config or an earlier one."""
        return {**self.outdated, **self.outputs}


class JobParameters(str):
    """The parameters of a job, of which Snakemake's report shows only a digest.

    The report formats the parameters of a job. All else, such as the comparison with the job
    before, takes their value.
    """

    def __format__(self, form: str) -> str:
        """Return the beginning of their `digest_of_job`, which is in the record of the job."""
        return digest_of_job(self)[:16]

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Reach the job as the text alone, so that it can be read without this class."""
        return str, (str(self),)


def digest_of_job(parameters: str) -> str:
    """Return the SHA-256 of a job's parameters, in the form in which Snakemake remembers them."""
    return digest_of_text(repr(parameters))


def digests(files: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each file, by its path."""
    return {file: digest(Path(file)) for file in files}


def write_record(snakemake: Any, inputs: Mapping[str, str]) -> None:
    """Write the record of a job that has just made its outputs.

    Parameters
    ----------
    snakemake : object
        The object of that name in a script.
    inputs : mapping of str to str
        The digests of the inputs when the job began.
    """
    file = record_file(snakemake.log[0])
    before = Record.read(file)
    made = before.made.items() if before else ()
    outputs = digests(snakemake.output)
    record = Record(
        file=str(file),
        rule=snakemake.rule,
        wildcards=dict(snakemake.wildcards.items()),
        job=digest_of_job(snakemake.params.job),
        inputs=dict(inputs),
        outputs=outputs,
        outdated={name: d for name, d in made if name not in outputs and os.path.isfile(name)},
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, f"{json.dumps(asdict(record), indent=2)}\n".encode())


def read_records() -> dict[Path, Record]:
    """Read all records, by their files, the latest last. A file that is no record is left out."""
    times = {}
    for folder in (RESULTS / "records", *RESULTS.glob("*/records")):
        for file in folder.rglob("*.json"):
            with suppress(OSError):
                times[file] = file.stat().st_mtime_ns
    files = sorted(times, key=lambda file: (times[file], file))
    return {file: record for file in files if (record := Record.read(file))}


def remove_output(name: str, sha256: str) -> bool:
    """Remove a result if it still has this SHA-256; return whether it was removed."""
    file = Path(name)
    # Path.is_file raises an error if the path is too long.
    is_result = RESULTS in file.parents and ".." not in file.parts and os.path.isfile(name)
    with suppress(OSError):  # it may be in a folder that cannot be changed
        if is_result and digest(file) == sha256:
            file.unlink()
            return True
    return False


def remove_all() -> None:
    """Remove all that finished jobs made, with their logs, and say which files stay."""
    for record_file, record in read_records().items():
        for name, sha256 in record.made.items():
            remove_output(name, sha256)
        for folder, ending in (("logs", ".log"), ("benchmarks", ".tsv")):
            other = Path(str(record_file).replace("/records/", f"/{folder}/", 1))
            other.with_suffix(ending).unlink(missing_ok=True)
        record_file.unlink()
    for path in sorted(RESULTS.rglob("*"), reverse=True):  # folders after what is in them
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path.name != ".gitkeep":
            print(printable(f"kept {path}: it is not as a finished job left it"))


def stale_results(results: Collection[str], rules: Mapping[str, Any]) -> dict[str, str]:
    """Find the results that must be made again, which Snakemake may not notice.

    Parameters
    ----------
    results : collection of str
        All files that a run makes.
    rules : mapping of str to object
        Snakemake's rules by their names.

    Returns
    -------
    dict of str to str
        The reason for each of these files.
    """
    # Of two records of a file, the later one counts: a rule may have another name now.
    record_of = {file: record for record in read_records().values() for file in record.outputs}
    digest_of = cache(lambda file: digest(Path(file)))
    reasons: dict[str, str] = {}
    for file in filter(os.path.exists, results):
        record = record_of.get(file)
        try:
            if not os.path.isfile(file):
                reasons[file] = "it is not a file"
            elif record is None:
                reasons[file] = "there is no record of how it was made"
            elif digest_of(file) != record.outputs[file]:
                reasons[file] = "it is not what a finished job left there"
            elif changed := _unnoticed_inputs(file, record, digest_of, record_of):
                reasons[file] = f"it was made from another {changed[0]}"
            elif not _is_remembered(file, record) and not _agrees(record, rules):
                reasons[file] = "it was made by another config or version of this workflow"
        except OSError as error:  # such as in a dry run, while a job of a run replaces the file
            reasons[file] = f"it cannot be read ({error.strerror})"
    return reasons


def record_file(log: str) -> Path:
    """Return the record of a job, from its log."""
    return Path(log.replace("/logs/", "/records/", 1)).with_suffix(".json")


def _unnoticed_inputs(
    file: str, record: Record, digest_of: Callable[[str], str], record_of: Mapping[str, Record]
) -> list[str]:
    """Return the results that a result was made from, and that are others now.

    If one is newer, or is made again itself, Snakemake notices that.
    """
    time = os.stat(file).st_mtime
    return [
        name
        for name, expected in record.inputs.items()
        if name in record_of
        and os.path.isfile(name)
        and os.stat(name).st_mtime <= time
        and expected != digest_of(name) == record_of[name].outputs[name]
    ]


def _is_remembered(file: str, record: Record) -> bool:
    """Return whether Snakemake remembers the job of a record. It then compares it with the plan."""
    try:
        memory = json.loads((MEMORY / urlsafe_b64encode(file.encode()).decode()).read_bytes())
        jobs = map(digest_of_text, memory["params"])
        return record.job in jobs and memory["input"] == sorted(record.inputs)
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _agrees(record: Record, rules: Mapping[str, Any]) -> bool:
    """Return whether a record is of the job that the plan has for its outputs now."""
    try:
        rule = rules[record.rule]
        inputs, *_ = rule.expand_input(record.wildcards)
        job = rule.params.job
        parameters = job(SimpleNamespace(**record.wildcards)) if callable(job) else job
    except Exception:  # of any kind: the record is of a rule that is not as it was then
        return False
    return record.job == digest_of_job(parameters) and set(map(str, inputs)) == set(record.inputs)
