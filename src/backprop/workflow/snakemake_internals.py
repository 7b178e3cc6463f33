"""All that is used of Snakemake, and that its documentation does not promise.

The test of this module names what a new version of Snakemake lacks, and that nothing else in the
library, the scripts and the rules uses more than `snakemake.utils`, which is documented. Only
``workflow/rules/library.smk``, which finds this library, uses the address of a module. The same
test covers what is not in Python: the style of the report, which names parts of it.
"""

import copy
import errno
import json
import logging
import os
import re
import shlex
import sys
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import wraps
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from snakemake.exceptions import WorkflowError
from snakemake.io import IOFile, flag, is_flagged
from snakemake.logging import logger
from snakemake.settings.types import RerunTrigger

from backprop.files import digest_of_text

MEMORY = Path(".snakemake/metadata")
FULL = (errno.ENOSPC, errno.EDQUOT)
OS_ERRORS = {"OSError", *(each.__name__ for each in OSError.__subclasses__())}
STORED = "storage_object"  # the flag of a path whose file is in storage
DOWNLOADS = 16  # at once
REPLACES = "BACKPROP_REPLACES_CONFIG"  # an environment variable: see `Session.config_settings`


class Fallback(str):
    """The name of a rule that is the default target only if no other rule is.

    It counts as no name where Snakemake looks whether there is a default target already, so the
    next rule of another Snakefile takes its place.

    Attributes
    ----------
    results : list of str
        All that is made if it is the default target: a Snakefile may use the workflow several
        times.
    """

    results: list[str]

    def __bool__(self) -> bool:
        """Return False."""
        return False


class DefaultTarget:
    """What Snakemake makes if no target is named: the results, unless an importer has a rule.

    Parameters
    ----------
    workflow : object
        Snakemake's, which has not read a rule of this workflow yet.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow, self._before = workflow, workflow.default_target

    def offer(self, rule: str, results: Iterable[str]) -> None:
        """Let a rule be the default target if no rule of another Snakefile is.

        Parameters
        ----------
        rule : str
            Its name in this workflow. It must be read now.
        results : iterable of str
            What it makes.
        """
        workflow = self._workflow
        name = workflow.modifier.avail_rulename(rule)  # None: the importer does not use the rule
        if self._before or name is None:
            workflow.default_target = self._before
            return
        own = (_unchanged(workflow.modifier.modify_path(file)) for file in results)
        workflow.default_target = Fallback(name)
        workflow.default_target.results = [*getattr(self._before, "results", []), *own]

    def others(self, wildcards: Any) -> list[str]:
        """Return what that rule also needs: as default target, the results of other modules."""
        default, settings = self._workflow.default_target, self._workflow.dag_settings
        is_named = settings.targets or settings.target_jobs
        is_default = isinstance(default, Fallback) and not is_named
        return getattr(self._before, "results", []) if is_default else []


class Session:
    """The run of Snakemake.

    Parameters
    ----------
    workflow : object
        Snakemake's.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow
        self._has_looked = False
        self._stored: dict[str, Any] = {}  # results in storage, by their local copies

    @property
    def is_main(self) -> bool:
        """Whether this process plans and starts the jobs, and is not a job itself."""
        return bool(self._workflow.is_main_process)

    @property
    def is_module(self) -> bool:
        """Whether another Snakefile uses the workflow. It must be read now."""
        return not self._workflow.modifier.is_main_snakefile()

    @property
    def has_config(self) -> bool:
        """Whether another Snakefile uses the workflow, and passes a config, which may be empty."""
        return self.is_module and bool(self._workflow.modifier.skip_configfile)

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

    def made(self, path: str) -> str | None:
        """Return a file as the rule calls it that makes it, or None if no rule does.

        All rules must be read. With results in storage, all that rules make is there.
        """
        file = self._workflow.modifier.path_modifier.apply_default_storage(path)
        is_made = any(rule.is_producer(str(file)) for rule in self._workflow.rules)
        return _unchanged(file) if is_made else None

    @property
    def is_dry_run(self) -> bool:
        """Whether Snakemake only shows what it would run."""
        return bool(self._workflow.dryrun)

    @property
    def submits_jobs(self) -> bool:
        """Whether jobs run elsewhere, as on a cluster."""
        return bool(self._workflow.non_local_exec)

    def runs_jobs(self) -> bool:
        """Return whether a job was started and has not ended."""
        scheduler = self._workflow.scheduler
        return scheduler is not None and bool(scheduler.running)

    @property
    def config_settings(self) -> Any:
        """What the command line and the profile say about the config, see `start.read_sources`.

        Snakemake does not pass ``--replace-workflow-config`` on to the jobs that it submits. So an
        environment variable does, which the Snakefile declares.
        """
        settings = self._workflow.config_settings
        replaces = settings.replace_workflow_config
        os.environ[REPLACES] = os.environ.get(REPLACES, "") if not self.is_main else "1" * replaces
        return SimpleNamespace(
            configfiles=settings.configfiles,
            config=settings.config,
            config_args=settings.config_args,
            replace_workflow_config=replaces or bool(os.environ.get(REPLACES)),
        )

    @property
    def jobs_to_run(self) -> list[Any]:
        """The jobs of this run; none if Snakemake failed before it had jobs, or touches files.

        Each has a `rule` with a `name`, `wildcards`, `input`, `output` and `params`.
        """
        if not self._workflow.dag or self._workflow.touch:
            return []
        return list(self._workflow.dag.needrun_jobs(exclude_finished=False))

    @property
    def jobs(self) -> list[Any]:
        """The jobs of this run and those whose results it uses; each also has a `log`."""
        return list(self._workflow.dag.jobs)

    @property
    def jobs_at_once(self) -> int:
        """The largest number of jobs that run side by side."""
        return int(self._workflow.nodes or self._workflow.cores)

    def expect(self, seconds: Mapping[str, float], at_once: int, *, at_most: bool) -> None:
        """Let what shows the progress know how long the jobs take, see the plugin of the log."""
        for handler in self._workflow.logger_manager.get_log_handlers():
            if hasattr(handler, "expect"):
                handler.expect(seconds, at_once, at_most=at_most)

    def force(self, files: Iterable[str]) -> None:
        """Let the jobs of these files run, whatever Snakemake thinks. It must be planning."""
        self._workflow.dag.forcefiles.update(files)

    @property
    def writes_report(self) -> bool:
        """Whether the command line asks for Snakemake's own report, not for a plugin's."""
        return any(word.split("=")[0] == "--report" for word in sys.argv)

    def forget_damage(self) -> None:
        """Remove damaged parts of Snakemake's memory, which it could not read. It must plan."""
        if self._has_looked or not MEMORY.is_dir():
            return
        self._has_looked = True
        for file in MEMORY.rglob("*"):
            with suppress(OSError):  # it is gone, as another run has removed it
                if file.is_file() and not _is_readable(file.read_bytes()):
                    file.unlink()

    def shorten_errors(self) -> None:
        """Let Snakemake say what is wrong with a file, such as a full disk, without a traceback."""
        logger.addFilter(_shorten)

    def planned(self, rule: str, wildcards: Mapping[str, str]) -> tuple[str, set[str]]:
        """Return the parameter ``job`` and the inputs of a job in the plan of this run."""
        (planned_rule,) = (each for each in self._workflow.rules if each.name == rule)
        inputs, *_ = planned_rule.expand_input(wildcards)
        job = planned_rule.params.job
        parameters = job(SimpleNamespace(**wildcards)) if callable(job) else job
        return parameters, set(map(str, inputs))

    @property
    def compares_times(self) -> bool:
        """Whether Snakemake makes a result again if one of its inputs is newer."""
        return RerunTrigger.MTIME in self._workflow.dag_settings.rerun_triggers

    def remembers(self, file: str, job: str, inputs: Collection[str]) -> bool:
        """Return whether Snakemake remembers a job, and compares it with the plan. It must plan.

        Parameters
        ----------
        file : str
            An output of the job.
        job : str
            The SHA-256 of what Snakemake remembers of its parameter ``job``.
        inputs : collection of str
        """
        if (
            not {RerunTrigger.PARAMS, RerunTrigger.INPUT}
            <= self._workflow.dag_settings.rerun_triggers
        ):
            return False
        try:
            memory = self._workflow.persistence.metadata(IOFile(self._stored.get(file, file)))
            read = sorted(map(self._query_of, inputs))
            return job in map(digest_of_text, memory.params) and memory.input == read
        except Exception:  # of any kind: there is none, or it is damaged
            return False

    # Storage

    def use_storage(self, place_of_record: Callable[[str], str]) -> None:
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

        if self.is_main:
            self._check_storage()
        provider = self._workflow.storage_registry.default_storage_provider
        for rule in self._workflow.rules:
            is_ours = hasattr(rule.params, "job") and is_flagged(rule.log[0], STORED)
            if is_ours and len(rule.log) == 1:  # and not yet done, as for another module
                record = place_of_record(rule.log[0].storage_object.query)
                # Snakemake uploads each log.
                rule.set_log(flag_with_storage_object(record, provider.object(record)))
        if not hasattr(Job.prepare, "__wrapped__"):  # another module may have done it
            Job.prepare = _with_files_of_storage(Job.prepare)

    def _check_storage(self) -> None:
        """End the process with one message if results would be where no job finds them."""
        settings = self._workflow.storage_settings
        place = settings.default_storage_prefix
        here, elsewhere = settings.local_storage_prefix, settings.remote_job_local_storage_prefix
        reason = None
        if not place:
            reason = "--default-storage-prefix: missing; name the place of the results"
        elif self.submits_jobs and settings.default_storage_provider == "fs" and place[0] != "/":
            reason = (
                f"--default-storage-prefix: found {place}; use an absolute path, of a folder that "
                "each machine has"
            )
        elif here != elsewhere or Path(here).is_absolute():
            reason = (
                f"--local-storage-prefix, --remote-job-local-storage-prefix: found {here} and "
                f"{elsewhere}; leave them out, as the records of results have one path for both"
            )
        if reason:
            sys.exit(f"error: {reason}")

    def place_of(self, file: str) -> str:
        """Return what messages call a result: the place in storage, if it is there."""
        return self._stored[file].flags[STORED].print_query if file in self._stored else file

    def _query_of(self, file: str) -> str:
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

    def _records(self, files: Iterable[str]) -> dict[str, Any]:
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
        logs = [job.log[0] for job in self.jobs if self._stored and not job.is_local]
        with suppress(WorkflowError):  # the run has ended well all the same
            for log in logs:
                _download(log.storage_object, Path(log))


def _unchanged(file: str) -> str:
    """Return a path that no prefix of a module changes."""
    return file if is_flagged(file, STORED) else flag(file, "local")


class FileError(WorkflowError):  # type: ignore[misc]
    """An error of which Snakemake shows the message, and no line of our code."""

    @property
    def __traceback__(self) -> None:
        """Nothing: Snakemake lists it below its message."""


def in_short(error: OSError) -> str:
    """Return what is wrong with a file; of a full disk, what is left: bytes, or files."""
    text = f"{error.strerror or error}: {error.filename}"
    return f"{text}{_room_left()}" if error.errno in FULL else text


def _room_left() -> str:
    space = os.statvfs(".")
    return (
        f"\nThe disk has {space.f_bavail * space.f_frsize:,} bytes and room for "
        f"{space.f_favail:,} files left. Free some, and run the same command again"
    )


def _shorten(record: logging.LogRecord) -> bool:
    """Shorten an error about a file, before Snakemake prints it: its last line says what is wrong.

    Of a full disk, Snakemake may ask for permissions, and the room that is left is added.
    """
    if record.levelno >= logging.ERROR:
        text = record.getMessage()
        of_file = getattr(record, "exception", None) in OS_ERRORS
        if is_full := any(f"[Errno {code}]" in text for code in FULL):
            text = re.sub(r"Please ensure write permissions.*", "", text, flags=re.DOTALL)
        if of_file or is_full:
            last = text.strip().splitlines()[-1] if of_file else text.strip()
            what = re.sub(r"^\w+: (\[Errno \d+\] )?", "", last) if of_file else last
            record.msg, record.args = f"{what}{_room_left() if is_full else ''}", ()
    return True


def _is_readable(content: bytes) -> bool:
    """Return whether Snakemake can read a part of its memory, or ignores it, as one cut off."""
    from snakemake.persistence import MetadataRecord  # only now: commands do without

    try:
        MetadataRecord.model_validate(json.loads(content.decode()))
    except json.JSONDecodeError:
        return True  # a run may be writing it
    except ValueError:  # it is not UTF-8, or not a record
        return False
    return True


def _download(stored: Any, to: Path) -> None:
    """Copy a file from storage, with its time, if it is there."""
    stored = copy.copy(stored)
    stored.set_local_path(to)
    if stored.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        stored.retrieve_object()
        os.utime(to, (stored.mtime(), stored.mtime()))


def _with_files_of_storage(prepare: Callable[..., Any]) -> Callable[..., Any]:
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


def quote_python() -> None:
    """Let Snakemake write the path of Python into the commands of jobs so that a shell reads it."""
    if os.path.exists(sys.executable):  # it is not quoted yet, as by another module
        sys.executable = shlex.quote(sys.executable)  # Snakemake writes it as it is


def report_link(path: str, category: str, title: str) -> str:
    """Return a link that opens an item of the report, in HTML.

    Parameters
    ----------
    path, category, title : str
        The file of the item, its category in the report, and what readers see.
    """
    item, part = json.dumps(path), json.dumps(category)
    view = (
        f"app.setView({{navbarMode:'subcategory',category:{part},"
        f"subcategory:Object.keys(categories[{part}])[0],resultPath:{item},"
        f"content:results[{item}].mime_type=='text/html'?'html':'img',"
        f"contentPath:results[{item}].data_uri}})"
    )
    return f'<a href="javascript:{escape(quote(view))}">{escape(title)}</a>'
