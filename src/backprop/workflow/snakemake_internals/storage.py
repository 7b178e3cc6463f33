"""Where results are: in the working directory, below the prefix of a module, or in storage."""

import copy
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from snakemake.exceptions import WorkflowError
from snakemake.io import flag, is_flagged

STORED = "storage_object"  # the flag of a path whose file is in storage
DOWNLOADS = 16  # at once


class Storage:
    """The files of a run, which may be elsewhere.

    Parameters
    ----------
    workflow : object
        Snakemake's.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow
        self._stored: dict[str, Any] = {}  # results in storage, by their local copies

    def on_disk(self) -> Callable[[str], str]:
        """Return the function from a path in a rule to the file's, see `plan.Plan`.

        A module may have a prefix, and a result in storage has a local copy. The Snakefile must be
        read now.
        """
        modify = self._workflow.modifier.modify_path

        def on_disk(path: str) -> str:
            file = modify(path)
            if is_flagged(file, STORED):
                self._stored[str(file)] = file
            return str(file)

        return on_disk

    def use(self, place_of_record: Callable[[str], str]) -> None:
        """Let all that a job needs and makes travel, if results are in storage. The rules are read.

        Snakemake leaves three things behind: the records, as no rule declares them; the file that a
        job updates, as it was; and, if local copies are kept, the inputs of a rule that runs
        nothing.

        Parameters
        ----------
        place_of_record : callable
            From the place of a log in storage to the place of the record of its job.
        """
        if self._workflow.storage_settings.default_storage_provider is None:
            return
        # Only now: without Snakemake's own order, these modules import each other in a circle.
        from snakemake.jobs import Job
        from snakemake.storage import flag_with_storage_object

        if self._workflow.is_main_process:
            self._check()
        provider = self._workflow.storage_registry.default_storage_provider
        for rule in self._workflow.rules:
            is_ours = hasattr(rule.params, "job") and is_flagged(rule.log[0], STORED)
            if is_ours and len(rule.log) == 1:  # and not yet done, as for another module
                record = place_of_record(rule.log[0].storage_object.query)
                # Snakemake uploads each log.
                rule.set_log(flag_with_storage_object(record, provider.object(record)))
        if not hasattr(Job.prepare, "__wrapped__"):  # another module may have done it
            Job.prepare = _with_files_of_storage(Job.prepare)

    def _check(self) -> None:
        """End the process with one message if results would be where no job finds them."""
        settings = self._workflow.storage_settings
        place = settings.default_storage_prefix
        here, elsewhere = settings.local_storage_prefix, settings.remote_job_local_storage_prefix
        if not place:
            sys.exit("error: --default-storage-prefix: missing; name the place of the results")
        is_shared = self._workflow.non_local_exec and settings.default_storage_provider == "fs"
        if is_shared and place[0] != "/":
            sys.exit(
                f"error: --default-storage-prefix: found {place}; use an absolute path, of a "
                "folder that each machine has"
            )
        if here != elsewhere or Path(here).is_absolute():
            sys.exit(
                f"error: --local-storage-prefix, --remote-job-local-storage-prefix: found {here} "
                f"and {elsewhere}; leave them out, as the records of results have one path for both"
            )

    def place_of(self, file: str) -> str:
        """Return what messages call a result: the place in storage, if it is there."""
        return self._stored[file].flags[STORED].print_query if file in self._stored else file

    def marked(self, file: str) -> str:
        """Return the path of a file as Snakemake has it: it says whether it is in storage."""
        return self._stored.get(file, file)

    def query_of(self, file: str) -> str:
        """Return a file as Snakemake remembers it among the inputs of a job."""
        return self._stored[file].flags[STORED].query if file in self._stored else file

    @contextmanager
    def current(self, files: Iterable[str]) -> Iterator[Path]:
        """Give the folder in which results are as they are now, with their records.

        That is the working directory or, if they are in storage, a folder with new copies: a local
        copy may be older, and a job that runs may be about to upload it.
        """
        if not self._stored:
            yield Path()
            return
        stored = {file: self._stored[file].flags[STORED] for file in files}
        stored |= self._records(stored)
        with TemporaryDirectory(dir=".snakemake") as folder:  # which is on a disk, and has room
            copies = [Path(folder, file) for file in stored]
            with ThreadPoolExecutor(DOWNLOADS) as pool:
                list(pool.map(_download, stored.values(), copies))  # an error in one is raised
            yield Path(folder)

    def _records(self, files: Iterable[str]) -> dict[str, object]:
        """Return the records of results, in storage, by their local copies."""
        records = {}
        for file in files:
            for rule in self._workflow.rules:  # an importer may use a part of them
                if rule.is_producer(file):
                    record = rule.expand_log(rule.get_wildcards(file))[-1]
                    records[str(record)] = record.storage_object
        return records

    def fetch_logs(self) -> None:
        """Copy the logs of the jobs that run elsewhere from storage, if results are in storage."""
        logs = [job.log[0] for job in self._workflow.dag.jobs if self._stored and not job.is_local]
        with suppress(WorkflowError):  # the run has ended well all the same
            for log in logs:
                _download(log.storage_object, Path(log))


def unchanged(file: str) -> str:
    """Return a path that no prefix of a module changes."""
    return file if is_flagged(file, STORED) else flag(file, "local")


def _download(stored: Any, to: Path) -> None:
    """Copy a file from storage, with its time, if it is there."""
    stored = copy.copy(stored)
    stored.set_local_path(to)
    if stored.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        stored.retrieve_object()
        os.utime(to, (stored.mtime(), stored.mtime()))


def _with_files_of_storage(prepare: Callable[..., Any]) -> Callable[..., object]:
    """Return the method that prepares a job, which first fetches what Snakemake does not."""

    @wraps(prepare)
    async def prepare_with_files(job: Any) -> None:
        files = [file for file in job.output if is_flagged(file, "update")]
        if job.is_norun and job.rule.workflow.keep_storage_local_at_runtime:
            files += job.input
        for file in files:
            if file.is_storage and await file.exists_in_storage():
                await file.retrieve_from_storage()
        await prepare(job)

    return prepare_with_files
