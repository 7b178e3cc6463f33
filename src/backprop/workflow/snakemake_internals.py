"""All that is used of Snakemake and its plugins, and that their documentation does not promise.

The test of this module names what a new version of Snakemake lacks, and that nothing else in the
library, the scripts and the rules uses more than `snakemake.utils`, which is documented. Only
``workflow/rules/library.smk``, which finds this library, uses the address of a module. The same
test covers what is not in Python: the profiles, which replace the function that reads config files,
and the style of the report, which names parts of it.
"""

import copy
import errno
import json
import os
import shlex
import signal
import sys
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import wraps
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from snakemake.common import configfile
from snakemake.exceptions import WorkflowError
from snakemake.io import IOFile, is_flagged
from snakemake.settings.types import RerunTrigger
from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

from backprop.files import digest_of_text
from backprop.workflow import cluster

STORED = "storage_object"  # the flag of a path whose file is in storage
DOWNLOADS = 16  # at once
METADATA = {"More": "<p>In the menu: the eye opens an item, the <em>i</em> explains it.</p>"}
"""A heading of the first page of a report, and the HTML below it."""

REPLACES = "replace_workflow_config=true"  # a value of --config: see `Session.config_settings`


class Session:
    """The run of Snakemake.

    Parameters
    ----------
    workflow : object
        Snakemake's.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow
        self._checked: Any = None
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
        """Whether the Snakefile that uses the workflow passes a config, which may be empty."""
        return bool(self._workflow.modifier.skip_configfile)

    @property
    def reads_configs(self) -> bool:
        """Whether Snakemake reads config files. The profiles of the workflow replace what does."""
        return str(configfile._load_configfile.__module__) == configfile.__name__

    def on_disk(self) -> Callable[[str], str]:
        """Return the function from a path in a rule to that of the file, see `plan.Plan`.

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

        Snakemake does not pass ``--replace-workflow-config`` on to the jobs that it submits. So a
        value of ``--config`` does, which is taken out here.
        """
        settings = self._workflow.config_settings
        if REPLACES in settings.config_args:
            settings.config_args = [each for each in settings.config_args if each != REPLACES]
            settings.replace_workflow_config = True
        return settings

    def pass_config_on(self) -> None:
        """Let jobs elsewhere use the config files that this process uses. They are read."""
        settings = self._workflow.config_settings
        if settings.replace_workflow_config:
            settings.config_args = [*settings.config_args, REPLACES]

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

    def improve_reports(
        self, check: Callable[[], None], style: str, is_shown: Callable[[str], bool]
    ) -> None:
        """Let Snakemake write better reports, whoever asks for them, with any profile or none.

        Parameters
        ----------
        check : callable
            What to call before a report is written.
        style : str
            The stylesheet of a report for which none is named.
        is_shown : callable
            ``is_shown(file)``: whether a file that may be an item of the report is one.
        """
        create = self._workflow.create_report

        def create_improved(*, report_plugin: Any, report_settings: Any, **options: Any) -> Any:
            check()
            if getattr(report_settings, "stylesheet_path", style) is None:
                report_settings.stylesheet_path = style
            plugin = replace(report_plugin, reporter=_selecting(report_plugin.reporter, is_shown))
            try:
                return create(report_plugin=plugin, report_settings=report_settings, **options)
            except OSError as error:  # such as of a folder that cannot be changed
                raise FileError(_in_short(error)) from None

        self._workflow.create_report = create_improved

    def forget_damage(self) -> None:
        """Let Snakemake take damaged parts of its memory for missing ones, and name a full disk."""
        persistence = self._workflow.persistence
        if persistence is self._checked:  # done, or None: it does not plan
            return
        self._checked = persistence
        read = persistence._read_record

        def read_sound(key: str) -> Any:
            with suppress(ValueError):  # it is not UTF-8, not JSON or not a record
                return read(key)

        persistence._read_record = read_sound
        finish = persistence.finished

        async def finish_or_say(job: Any) -> None:
            try:
                await finish(job)
            except OSError as error:  # Snakemake would ask for write permissions
                raise FileError(_in_short(error)) from None

        persistence.finished = finish_or_say

    def shorten_errors(self) -> None:
        """Let Snakemake say what is wrong with a file, such as a full disk, without a traceback."""
        execute = self._workflow.execute

        def execute_shortly(*arguments: Any, **options: Any) -> Any:
            try:
                return execute(*arguments, **options)
            except OSError as error:
                raise FileError(_in_short(error)) from None

        self._workflow.execute = execute_shortly

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
            From the place of a log in storage to that of the record of its job.
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


class FileError(WorkflowError):  # type: ignore[misc]
    """An error of which Snakemake shows the message, and no line of our code."""

    @property
    def __traceback__(self) -> None:
        """Nothing: Snakemake lists it below its message."""


def _in_short(error: OSError) -> str:
    """Return what is wrong with a file; of a full disk, what is left: bytes, or files."""
    text = f"{error.strerror or error}: {error.filename}"
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return text
    space = os.statvfs(".")
    return (
        f"{text}\nThe disk has {space.f_bavail * space.f_frsize:,} bytes and room for "
        f"{space.f_favail:,} files left. Free some, and run the same command again"
    )


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


def _selecting(reporter: Any, is_shown: Callable[[str], bool]) -> Any:
    """Return a reporter, as plugins have it, that gets only the results that are shown.

    Its first page has metadata: a page without any has the graph of the rules in their place.
    """

    def report(rules: Any, results: Any, *others: Any, **options: Any) -> Any:
        selected = {
            category: {
                part: [record for record in records if is_shown(str(record.path))]
                for part, records in parts.items()
            }
            for category, parts in results.items()
        }
        metadata = options.pop("metadata", None) or METADATA
        return reporter(rules, selected, *others, metadata=metadata, **options)

    return report


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


# The plugins for clusters


def improve_executors() -> None:
    """Replace the executors of the plugins for clusters that are installed by improved ones."""
    plugins = ExecutorPluginRegistry().plugins
    for name, improved in {"slurm": slurm_executor, "cluster-generic": generic_executor}.items():
        if name in plugins:
            plugins[name].executor = improved(plugins[name].executor)


def generic_executor(base: Any) -> Any:
    """Return a class like the executor of ``cluster-generic`` that leaves no job in the queue."""

    class Executor(base):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            run = os.environ[cluster.RUN] = cluster.new_run()
            cancel = self.workflow.executor_settings.cancel_cmd or "true"
            runs_jobs = Session(self.workflow).runs_jobs
            cluster.cancel_what_is_left(run, f"{cluster.RUN}={run} {cancel}", runs_jobs)

    return Executor


def slurm_executor(base: Any) -> Any:
    """Return a class like the executor of ``slurm`` that leaves no job, and loses none."""

    class Executor(base):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            # Ctrl-C does not end sbatch half way: a child inherits which signals are blocked.
            block = (signal.SIG_BLOCK, {signal.SIGINT})
            self._job_submission_executor = ThreadPoolExecutor(2, "", signal.pthread_sigmask, block)
            cancel = f"scancel --name={self.run_uuid}"
            # First those that wait, or they would start when the others end.
            command = f"{cancel} --state=PENDING; {cancel}"
            runs_jobs = Session(self.workflow).runs_jobs
            cluster.cancel_what_is_left(cluster.new_run(), command, runs_jobs)

        def cancel(self) -> None:
            self._job_submission_executor.shutdown(cancel_futures=True)  # submit no more
            super().cancel()

        # Without these resources, sbatch itself knows what to do, from its variables or defaults.
        def get_account_arg(self, job: Any) -> Any:
            account = job.resources.get("slurm_account")
            return super().get_account_arg(job) if account else iter([""])

        def get_partition_arg(self, job: Any) -> str:
            return super().get_partition_arg(job) if job.resources.get("slurm_partition") else ""

        async def check_active_jobs(self, active_jobs: Sequence[Any]) -> AsyncIterator[Any]:
            self.next_seconds_between_status_checks = cluster.SECONDS
            states = cluster.ask_queue(self.run_uuid) if active_jobs else {}
            for job in active_jobs:
                state = None if states is None else states.get(job.external_jobid, "FORGOTTEN")
                if state == "COMPLETED":
                    self.report_job_success(job)
                elif state == "FORGOTTEN" or state in cluster.ENDED_BADLY:
                    message = f"The state of job {job.external_jobid} in the queue: {state}. "
                    log = str(job.aux["slurm_logfile"])
                    self.report_job_error(job, msg=message, aux_logs=[log])
                else:  # it waits or runs, or the queue did not answer
                    yield job

    return Executor
