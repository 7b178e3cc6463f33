"""All that is used of Snakemake, and that its documentation does not promise.

`docs/snakemake.md` lists it. The test of this module names what a new version lacks, and that no
other one uses more than `snakemake.utils`. Only ``workflow/rules/library.smk``, which finds this
library, uses the address of a module.
"""

import copy
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import chdir, redirect_stderr, suppress
from functools import cached_property
from importlib.metadata import version
from io import StringIO
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from snakemake.io import IOFile, flag
from snakemake.settings.types import RerunTrigger

from backprop.files import digest_of_text
from backprop.workflow.warm import warm_python

REPLACES = "BACKPROP_REPLACES_CONFIG"  # an environment variable: see `Session.config_settings`
PYTHON = sys.executable
WORKS = ">=9.19,<9.28"  # the versions of Snakemake that the tests ran with


def quote_python() -> None:
    """Let Snakemake write the path of Python into the commands of jobs so that a shell reads it."""
    if os.path.exists(sys.executable):  # it is not quoted yet, as by another module
        sys.executable = shlex.quote(sys.executable)  # Snakemake writes it as it is


class Session:
    """The run of Snakemake.

    Parameters
    ----------
    workflow : object
        Snakemake's.
    """

    def __init__(self, workflow: Any) -> None:
        self._workflow = workflow

    def _use(self, name: str) -> Any:
        """Return what Snakemake's workflow has by a name, such as ``dag.jobs``.

        If a new version has no such name, the process ends with one message.
        """
        try:
            return attrgetter(name)(self._workflow)
        except AttributeError as error:
            sys.exit(f"error: Snakemake {version('snakemake')}: {error}; use snakemake{WORKS}")

    @property
    def is_main(self) -> bool:
        """Whether this process plans and starts the jobs, and is not a job itself."""
        return bool(self._use("is_main_process"))

    @property
    def is_module(self) -> bool:
        """Whether another Snakefile uses the workflow. It must be read now."""
        return not self._use("modifier.is_main_snakefile")()

    @property
    def has_config(self) -> bool:
        """Whether another Snakefile uses the workflow, and passes a config, which may be empty."""
        return self.is_module and bool(self._use("modifier.skip_configfile"))

    @property
    def is_stored(self) -> bool:
        """Whether results are in a storage: then their paths are of local copies."""
        return self._use("storage_settings.default_storage_provider") is not None

    @property
    def cores_of_job(self) -> int:
        """The most cores that a job may have: of one that is submitted, what a profile says."""
        if self.is_stored:  # the start of a job on another machine does not know the data
            return 1
        is_here = self.is_main and not self._use("nodes")
        return sys.maxsize if is_here else self._use("resource_settings.max_threads") or 1

    def on_disk(self) -> Callable[[str], str]:
        """Return the function from a path in a rule to the file's, see `plan.Plan`.

        A module may have a prefix. The Snakefile must be read now.
        """
        modify = self._use("modifier.modify_path")
        return lambda path: str(modify(path))

    def made(self, path: str) -> str | None:
        """Return a file as the rule calls it that makes it, or None if no rule does.

        All rules must be read.
        """
        is_made = any(rule.is_producer(path) for rule in self._use("rules"))
        return flag(path, "local") if is_made else None  # which no prefix of a module changes

    @property
    def will_run_jobs(self) -> bool:
        """Whether jobs are to run, as neither in a dry run nor for a report."""
        return self._use("executor_plugin") is not None and not self.is_dry

    @property
    def config_settings(self) -> Any:
        """What the command line and the profile say about the config, see `start.read_sources`.

        Snakemake does not pass ``--replace-workflow-config`` on to the jobs that it submits. So an
        environment variable does, which the Snakefile declares.
        """
        settings = copy.copy(self._use("config_settings"))
        kept = "" if self.is_main else os.environ.get(REPLACES, "")
        os.environ[REPLACES] = "1" if settings.replace_workflow_config else kept
        settings.replace_workflow_config = bool(os.environ[REPLACES])
        return settings

    @property
    def jobs_to_run(self) -> list[Any]:
        """The jobs of this run; none if Snakemake failed before it had jobs, or touches files.

        Each has a `rule` with a `name`, `wildcards`, `input`, `output`, `params` and `threads`.
        """
        if not self._use("dag") or self._use("touch"):
            return []
        return list(self._use("dag.needrun_jobs")(exclude_finished=False))

    @property
    def failed_jobs(self) -> list[Any]:
        """The jobs that have failed in a run that keeps going; none if a user has ended it."""
        keeps_going = self._use("scheduler.keepgoing") and not self._use("scheduler._user_kill")
        return list(self._use("scheduler.failed")) if keeps_going else []

    def run_again(self, variables: Mapping[str, str]) -> int:
        """Run the same command again, with more variables; return its exit code.

        This run has ended its jobs, and its locks hold for that one.
        """
        command = [PYTHON, "-m", "snakemake", *sys.argv[1:], "--nolock"]
        place = self._use("workdir_init")  # another one with --directory
        return subprocess.run(
            command, env=os.environ | variables, cwd=place, check=False
        ).returncode

    @property
    def at_once(self) -> int:
        """How many jobs run side by side at most."""
        return int(self._use("nodes") or self._use("cores"))

    @property
    def is_dry(self) -> bool:
        """Whether the run only says what it would do."""
        return bool(self._use("dryrun"))

    @property
    def jobs(self) -> list[Any]:
        """The jobs of this run and those whose results it uses; each also has a `log`."""
        return list(self._use("dag.jobs"))

    def expect_jobs(self) -> None:
        """Let what shows the progress know what is to train, see the plugin of the log.

        Jobs that train have a `benchmark`.
        """
        nodes = self._use("nodes")
        fits = {
            str(job.log[0]): (
                job.wildcards.get("model", job.rule.name),
                job.params.get("fits", 1),
                1 if nodes else job.threads,
            )
            if job.benchmark
            else ("", 1, 1)
            for job in self.jobs_to_run
            if job.log
        }
        for handler in self._use("logger_manager.get_log_handlers")():
            if hasattr(handler, "expect"):
                handler.expect(fits, self.at_once)

    def warm_up(self, folder: str) -> None:
        """Let a warm Python run the scripts in a folder that no `benchmark` measures.

        On a cluster, nobody waits for the few seconds that it saves.
        """
        if self._use("local_exec"):
            rules = [job.rule for job in self.jobs_to_run if not job.benchmark]
            scripts = {Path(folder, Path(rule.script).name) for rule in rules if rule.script}
            ours = filter(Path.exists, sorted(scripts))  # another Snakefile has its own
            sys.executable = warm_python(sys.executable, list(ours))

    def do_without_pandas(self) -> None:
        """Keep Snakemake from importing pandas to see if a parameter is one of its tables.

        None is if nobody has imported it, and that takes a third of a second. It must be planning.
        """
        of_any = self._use("persistence._serialize_param_pandas")
        of_others = self._use("persistence._serialize_param_builtin")
        type(self._use("persistence"))._serialize_param = lambda _, value: (
            of_any if "pandas" in sys.modules else of_others
        )(value)

    def force(self, files: Iterable[str]) -> None:
        """Let the jobs of these files run, whatever Snakemake thinks. It must be planning."""
        self._use("dag.forcefiles").update(files)

    @property
    def writes_report(self) -> bool:
        """Whether Snakemake's own report alone is asked for, not a plugin's."""
        is_own = self._words.report or self._words.reporter == "html"
        return self.asks_for_report and bool(is_own)

    @property
    def asks_for_report(self) -> bool:
        """Whether a report alone is asked for, by any plugin."""
        return bool(self._words.report or self._words.reporter) and not self.reports_after_run

    @property
    def reports_after_run(self) -> bool:
        """Whether a run is asked for, and then a report."""
        return bool(self._words.report_after_run)

    @cached_property
    def _words(self) -> Any:
        """What the command line and the profiles say, as Snakemake reads them."""
        from snakemake.cli import parse_args

        words = SimpleNamespace(report=None, reporter=None, report_after_run=False)
        # It names the profiles again. A program that calls Snakemake has words of its own.
        with chdir(self._use("workdir_init")), redirect_stderr(StringIO()), suppress(SystemExit):
            words = parse_args(sys.argv[1:])[1]
        return words

    def split_report(
        self, page: str, write_split: Callable[[Any, Callable[[], None]], None]
    ) -> None:
        """Let a function write the report if its landing page is a file.

        Parameters
        ----------
        page : str
            The file, of the module that is read now.
        write_split : callable
            ``write_split(reporter, write)``: `write` writes what the reporter of Snakemake has.
        """
        from snakemake.report import html_reporter

        render = html_reporter.Reporter.render

        def write(reporter: Any) -> None:
            shown = self._use("report_text")
            if not shown or shown.get_path_or_uri(secret_free=True) != page:
                render(reporter)
                return
            graph = html_reporter.rulegraph_spec(reporter.dag)  # which takes long if jobs are many
            html_reporter.rulegraph_spec = lambda _: graph
            write_split(reporter, lambda: render(reporter))

        html_reporter.Reporter.render = write

    def planned(self, rule: str, wildcards: Mapping[str, str]) -> tuple[str, set[str]]:
        """Return the parameter ``job`` and the inputs of a job in the plan of this run."""
        (planned_rule,) = (each for each in self._use("rules") if each.name == rule)
        inputs, *_ = planned_rule.expand_input(wildcards)
        job = planned_rule.params.job
        parameters = job(SimpleNamespace(**wildcards)) if callable(job) else job
        return parameters, set(map(str, inputs))

    @property
    def compares_times(self) -> bool:
        """Whether Snakemake makes a result again if one of its inputs is newer."""
        return RerunTrigger.MTIME in self._use("dag_settings.rerun_triggers")

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
        compared = self._use("dag_settings.rerun_triggers")
        if not {RerunTrigger.PARAMS, RerunTrigger.INPUT} <= compared:
            return False
        remembered = self._use("persistence.metadata")
        try:
            memory = remembered(IOFile(file))
            return job in map(digest_of_text, memory.params) and memory.input == sorted(inputs)
        except Exception:  # of any kind: there is none, or it is damaged
            return False
