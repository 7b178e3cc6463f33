"""What the check of old results uses of Snakemake, and its documentation does not promise."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from snakemake.exceptions import WorkflowError
from snakemake.io import IOFile
from snakemake.settings.types import RerunTrigger

from backprop.files import digest_of_text


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

    def force(self, files: Iterable[str]) -> None:
        """Let the jobs of these files run, whatever Snakemake thinks. It must be planning."""
        self._workflow.dag.forcefiles.update(files)

    def before_report(self, check: Callable[[], None]) -> None:
        """Call a function whenever Snakemake is about to write a report, whoever asks for it."""
        create = self._workflow.create_report

        def create_checked(*arguments: Any, **options: Any) -> Any:
            check()
            return create(*arguments, **options)

        self._workflow.create_report = create_checked

    def forget_damage(self) -> None:
        """Let Snakemake, when it plans, take damaged parts of its memory for missing ones."""
        persistence = self._workflow.persistence
        if persistence is self._checked:  # done, or None: it does not plan
            return
        self._checked = persistence
        read = persistence._read_record

        def read_sound(key: str) -> Any:
            with suppress(ValueError):  # it is not UTF-8, not JSON or not a record
                return read(key)

        persistence._read_record = read_sound

    def shorten_errors(self) -> None:
        """Let Snakemake say what is wrong with a file, such as a full disk, without a traceback."""
        execute = self._workflow.execute

        def execute_shortly(*arguments: Any, **options: Any) -> Any:
            try:
                return execute(*arguments, **options)
            except OSError as error:
                raise WorkflowError(f"{error.strerror or error}: {error.filename}") from None

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
            memory = self._workflow.persistence.metadata(IOFile(file))
            return job in map(digest_of_text, memory.params) and memory.input == sorted(inputs)
        except Exception:  # of any kind: there is none, or it is damaged
            return False
