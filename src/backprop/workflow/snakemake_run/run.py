"""A run of the workflow, as the Snakefile sees it: its plan, and what its start and end bring."""

import atexit
from collections.abc import Iterable, Mapping
from typing import Any

from backprop.errors import one_message
from backprop.workflow.config_check.checks import ConfigSource
from backprop.workflow.snakemake_run.end import End
from backprop.workflow.snakemake_run.failed import failed_before, forget_failed, go_on
from backprop.workflow.snakemake_run.housekeeping import Watch, remove_outdated
from backprop.workflow.snakemake_run.snakemake_internals import Session, quote_python
from backprop.workflow.snakemake_run.start import (
    OF_MODULE,
    check_folder,
    check_space,
    make_plan,
    name_doubts,
    name_grid,
    name_left_out,
    name_sources,
    read_sources,
    with_hidden_sources,
)


class Run:
    """The run that the process plans, or that it is a job of.

    What cannot be used ends the process with one message.

    Parameters
    ----------
    workflow : object
        Snakemake's.
    config : mapping
        Snakemake's, which counts if another Snakefile passes it on; see `read_sources`.
    root : str
        The folder of the workflow.
    added : iterable of str
        The folders with packages that this Python does not have, for the jobs.

    Attributes
    ----------
    session : Session
    plan : Plan
    config : dict
        What jobs get in place of `config`.
    """

    def __init__(
        self, workflow: Any, config: Mapping[str, object], root: str, added: Iterable[str]
    ) -> None:
        quote_python()
        self.session = session = Session(workflow)
        # The run of another Snakefile has other jobs, too.
        self._is_whole = session.is_main and not session.is_module
        check_folder(root)
        check_space()
        settings = session.config_settings  # in any case: it sets what jobs are passed
        self._sources: list[ConfigSource] = (
            [(OF_MODULE, config)]
            if session.has_config
            else read_sources(settings, root, is_module=session.is_module)
        )
        self.plan = make_plan(
            self._sources,
            root,
            session.on_disk(),
            is_job=not session.is_main,
            failed=failed_before(session) if self._is_whole else None,
            made=session.made if session.is_module else None,
            added=added,
        )
        self.config = with_hidden_sources(self.plan)
        self._watch = Watch(self.plan, session) if session.is_main else None
        self._end = End(session, self.plan.outputs.on_disk)

    def say_what_is_used(self) -> None:
        """Name config files, data sets and what may be a mistake. All rules must be read."""
        if self._is_whole:
            name_sources(self._sources, self.plan)
            name_left_out(self.plan)
            name_doubts(self.plan)
            atexit.register(self._end_dry_run)

    def begin(self) -> None:
        """Let the progress know what is to train, and say it of a grid."""
        self.session.expect_jobs()
        if self._is_whole:
            forget_failed()
            self._name_grid()

    def _end_dry_run(self) -> None:
        if self.session.is_dry:  # only now it is known; and the plan of a grid is long
            self._name_grid()

    def _name_grid(self) -> None:
        name_grid(self.plan, self.session.jobs_to_run, self.session.at_once)

    def while_planning(self) -> None:
        """Let jobs run whose results are stale without Snakemake knowing it."""
        self.session.do_without_pandas()
        if self._watch:
            self._watch.while_planning()

    def fail(self) -> None:
        """Let all be shown but the data sets whose jobs have failed."""
        if self._is_whole:
            go_on(self.session, self.plan)

    def succeed(self) -> None:
        """Check and note the run when all jobs have succeeded, and print its last lines."""
        with one_message():
            if self._watch:
                self._watch.refuse_others()
            remove_outdated(self.plan)
            self._end.note_run(self._sources, self.plan.config.datasets)
            self._end.announce()
            self._end.refuse_differing()
