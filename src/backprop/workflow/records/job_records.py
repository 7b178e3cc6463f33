"""What each result was made from: every finished job leaves a record beside the results.

Snakemake decides what to run by its own memory, in the folder .snakemake, and by the times of
files. They do not show that a result was edited and got an old time, or that it came without this
memory. A record shows it: it has the digests of the job's parameters, its inputs and its outputs.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from backprop.errors import one_message, printable
from backprop.escaping import for_parameters
from backprop.files import canonical_json, digest, digest_of_text, write_atomically
from backprop.workflow.records.lock import LOCK, hold

RESULTS = Path("results")  # not from `paths`, which needs packages: `backprop clean` needs none
HERE = Path()
USES_OF_NEW_DATA = "uses_of_new_data.json"
"""The record of how often new data were used, which nothing removes."""
RUNS = RESULTS / "records/runs.json"
SHORT = 24  # characters of a parameter that is shown as it is


@dataclass(frozen=True)
class Record:
    """What a job made, and from what.

    Attributes
    ----------
    file : str
        The file of this record. A copy of it elsewhere, as in a backup, does not count.
    rule : str
        The rule of the job.
    wildcards : dict of str to str
    job : str
        The digest of its parameter ``job``, see `digest_of_job`.
    inputs, outputs : dict of str to str
        The SHA-256 of each file, by its path.
    outdated : dict of str to str
        The same, for files that the job made for an earlier config, and that are still there.
    files : dict of str to str
        The same, for files that the job read besides its inputs: those of users and the workflow.
    """

    file: str
    rule: str
    wildcards: dict[str, str]
    job: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    outdated: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path, root: Path = HERE) -> "Record | None":
        """Read a record from a JSON file; return None if the file has none."""
        try:
            record = cls(**json.loads((root / file).read_bytes()))
        except (OSError, ValueError, TypeError, RecursionError):
            return None
        parts = (record.wildcards, record.inputs, record.outputs, record.outdated, record.files)
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
    """The parameters of a job, one canonical JSON string, of which Snakemake shows a summary.

    Snakemake remembers, compares and shows their `repr`, and its report formats them. All else,
    such as the script of the job, takes their value.
    """

    @classmethod
    def of(cls, code: Mapping[str, object], **values: object) -> "JobParameters":
        """Create them from code and versions, see `Dependencies.of_job`, and from other values.

        These may be any that `canonical_json` takes.
        """
        return cls._escaped(canonical_json({**code, **values}))

    @classmethod
    @cache
    def _escaped(cls, text: str) -> "JobParameters":
        return cls(for_parameters(text))  # data sets share most: each is escaped and kept once

    def __repr__(self) -> str:
        """Return all keys but ``files``, each with its value or, if that is long, a digest of it.

        Where a file is decides nothing: its content is another key.
        """
        values = {key: canonical_json(value) for key, value in json.loads(self).items()}
        values.pop("files", None)
        return ", ".join(f"{key}={_shown(value)}" for key, value in values.items())

    def __format__(self, form: str) -> str:
        """Return the beginning of their `digest_of_job`, which is in the record of the job."""
        return digest_of_job(self)[:16]

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Reach the job as the text alone, so that it can be read without this class."""
        return str, (str(self),)


def _shown(value: str) -> str:
    return for_parameters(value) if len(value) <= SHORT else digest_of_text(value)[:16]


def digest_of_job(parameters: str) -> str:
    """Return the SHA-256 of a job's parameters, in the form in which Snakemake remembers them."""
    return digest_of_text(repr(JobParameters(parameters)))


def digests(files: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each file, by its path."""
    return {file: digest(Path(file)) for file in files}


def write_record(snakemake: Any, inputs: Mapping[str, str], files: Mapping[str, str]) -> None:
    """Write the record of a job that has just made its outputs.

    Parameters
    ----------
    snakemake : object
        The object of that name in a script.
    inputs, files : mapping of str to str
        The digests of the inputs, and of the other files that it read, when the job began.
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
        files=dict(files),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, f"{json.dumps(asdict(record), indent=2)}\n".encode())


def record_files(results: Path = RESULTS) -> Iterator[Path]:
    """Return the files in a folder of results that may be records."""
    for folder in (results / "records", *results.glob("*/records")):
        yield from folder.rglob("*.json")


def read_records(results: Path = RESULTS, root: Path = HERE) -> dict[Path, Record]:
    """Read all records in a folder of results, by their files, the latest last.

    Other files are left out. `root` is the folder that all paths begin in.
    """
    times = {}
    for file in record_files(root / results):
        with suppress(OSError):
            name = file if root == HERE else file.relative_to(root)  # it may be absolute
            times[name] = file.stat().st_mtime_ns
    files = sorted(times, key=lambda file: (times[file], file))
    return {file: record for file in files if (record := Record.read(file, root))}


def note_run(configs: Iterable[str], datasets: Iterable[str], seconds: float = 0) -> None:
    """Note by which config files a run has fitted the models that it recommends for data sets.

    Of its time, in seconds, the longest counts of all runs by these files: others kept fits.
    """
    run = {"configs": [*configs], "datasets": [*datasets], "seconds": seconds}
    others = []
    for each in read_runs():
        if each["configs"] == run["configs"]:
            run["seconds"] = max(seconds, each.get("seconds", 0))
        else:
            others.append(each)
    RUNS.parent.mkdir(exist_ok=True)
    write_atomically(RUNS, f"{json.dumps([run, *others], indent=2)}\n".encode())


def read_runs(folder: Path = HERE) -> list[dict[str, Any]]:
    """Return ``configs``, ``datasets`` and ``seconds`` of the runs in a folder, the last run first.

    The paths of configs begin in this folder. Of runs by the same files, only the last one counts.
    """
    try:
        return list(json.loads((folder / RUNS).read_bytes()))
    except (OSError, ValueError):  # such as in results of an earlier version
        return []


def remove_output(name: str, sha256: str) -> bool:
    """Remove a result if it still has this SHA-256; return whether it was removed."""
    file = Path(name)
    if file.name == USES_OF_NEW_DATA:
        return False
    with suppress(OSError):  # it may be in a folder that cannot be changed
        # Path.is_file raises an error if the path is too long.
        return os.path.isfile(name) and digest(file) == sha256 and remove(file)
    return False


def remove(file: Path) -> bool:
    """Remove a file of the results; return whether it was removed.

    It stays if it is elsewhere, or if a folder on the way to it is a symbolic link. The folder of
    the results itself may be one.
    """
    with suppress(OSError):  # it is gone, or in a folder that cannot be changed
        if RESULTS in file.parents and ".." not in file.parts and not _is_linked(file.parent):
            file.unlink()
            return True
    return False


def remove_all() -> None:
    """Remove all that finished jobs made, with their logs, and say which files stay.

    While a run goes on, end the process with a message.
    """
    with one_message(OSError):
        hold(RESULTS)
    files = [RESULTS / LOCK, RUNS]
    for record_file, record in read_records().items():
        files += [Path(name) for name, sha256 in record.made.items() if remove_output(name, sha256)]
        for folder, ending in (("logs", ".log"), ("benchmarks", ".tsv")):
            other = Path(str(record_file).replace("/records/", f"/{folder}/", 1))
            files.append(other.with_suffix(ending))
            remove(files[-1])
        files.append(record_file)
        remove(record_file)
    for file in (RUNS, RESULTS / LOCK):
        remove(file)
    for parts in [*RESULTS.rglob("*.parts")]:  # of fits, from a training that was killed
        if not _is_linked(parts):
            shutil.rmtree(parts)
            files.append(parts)
    _remove_empty(files)
    for path in sorted(RESULTS.rglob("*")):
        if path.is_file() and path.name != ".gitkeep":
            reason = "it is not as a finished job left it"
            if path.name == USES_OF_NEW_DATA:
                reason = "it says how often new data were used"
            print(printable(f"kept {path}: {reason}"))


def _remove_empty(files: Iterable[Path]) -> None:
    """Remove the folders in which these files were, if nothing is in them now."""
    folders = {folder for file in files for folder in file.parents if RESULTS in folder.parents}
    for folder in sorted(folders, reverse=True):  # a folder after those in it
        with suppress(OSError):  # it is gone, or something is in it
            if not _is_linked(folder):
                folder.rmdir()


def _is_linked(folder: Path) -> bool:
    """Return whether a folder in the results, or one that it is in, is a symbolic link."""
    within = (path for path in (folder, *folder.parents) if RESULTS in path.parents)
    return any(path.is_symlink() for path in within)


def record_file(log: str) -> Path:
    """Return the record of a job, from its log."""
    folder, _, job = log.rpartition("/logs/")  # the last: a module may have any prefix
    return Path(f"{folder}/records/{job.removesuffix('.log')}.json")
