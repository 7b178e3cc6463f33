"""Before and after a run, find results that are not what they should be; remove outdated ones."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from backprop.errors import BackpropError, one_message, printable
from backprop.files import digest
from backprop.workflow.plan import paths
from backprop.workflow.plan.plan import Plan
from backprop.workflow.records.job_records import (
    Record,
    digest_of_job,
    read_records,
    record_file,
    remove,
    remove_output,
)
from backprop.workflow.records.lock import hold
from backprop.workflow.snakemake_run.snakemake_internals import Session
from backprop.workflow.snakemake_run.split_report import write_split
from backprop.workflow.snakemake_run.stale import OTHER_JOB, stale_results
from backprop.workflow.snakemake_run.start import name_doubts

SHOWN = 5  # messages about single files; more would hide what Snakemake says


WATCHES: "list[Watch]" = []
"""The plans of this process, for the plugin that writes the report: one for each module."""


class Watch:
    """Finds the results that are not what they should be, and names them with the reasons.

    A dry run changes nothing on disk.

    Parameters
    ----------
    plan : Plan
    snakemake : Session

    Attributes
    ----------
    style : Path
        The stylesheet of the report.
    is_shown : callable
        ``is_shown(file)``: whether a file that may be an item of the report is one.
    """

    def __init__(self, plan: Plan, snakemake: Session) -> None:
        self._plan, self._snakemake = plan, snakemake
        self._stale: set[str] | None = None  # None: not known yet
        self.style, self.is_shown = plan.style, plan.items.is_shown
        WATCHES.append(self)
        if plan.outputs.several:
            page = str(Path.cwd() / plan.outputs.on_disk(paths.SUMMARY))
            snakemake.split_report(page, lambda reporter, write: write_split(reporter, plan, write))

    def while_planning(self) -> None:
        """Make Snakemake, which plans its jobs, run the jobs of stale results, and no other run."""
        if self._stale is None:
            if self._snakemake.will_run_jobs and not self._plan.goes_on:  # else it is held
                with one_message(OSError):
                    hold(self._plan.folder)
            self._stale = set()  # the search plans jobs, too, and comes here again
            _check_tables(self._plan)
            if self._snakemake.writes_report:
                self.refuse_stale()
                return
            if self._snakemake.is_stored:
                is_new = not self._plan.goes_on  # else the run before has just made them
                self._stale = set(self._plan.outputs.files()) if is_new else set()
            else:
                _name_other_folders(self._plan)
                reasons = self._stale_results()
                _name_stale(reasons)
                self._stale = set(reasons)
        if self._stale:
            self._snakemake.force(self._stale)

    def refuse_stale(self) -> None:
        """End the process with a message if a report would show stale results."""
        if self._snakemake.is_stored:
            if not self._snakemake.reports_after_run:
                sys.exit(
                    "error: nothing says how results in a storage were made; for a report of "
                    "them, add --report-after-run to a run"
                )
            return
        self._stale = set()  # the search plans jobs, too
        reasons = self._stale_results(all_stale=True)
        if reasons:
            lines = ["run `snakemake` before the report, because", *_messages(reasons)]
            sys.exit(printable("error: " + "\n  ".join(lines)))

    def refuse_others(self) -> None:
        """Refuse results that another run or an edit has changed since their jobs ended.

        Raises
        ------
        BackpropError
            If a record of a result is not of the job that this run planned, or not of the file.
        """
        runs = self._snakemake.jobs_to_run and not self._snakemake.is_stored  # not to touch files
        jobs = self._snakemake.jobs if runs else []
        others = [job.output[0] for job in jobs if job.output and not _is_of(job)]
        if others:
            more = f" and those of {len(others) - 1} more jobs" if len(others) > 1 else ""
            raise BackpropError(
                f"the results are of another config: {others[0]}{more} changed during this run, by "
                "another run or an edit; run the same command again"
            )

    def _stale_results(self, *, all_stale: bool = False) -> dict[str, str]:
        files, folder = self._plan.outputs.files(), self._plan.folder
        datasets = self._plan.datasets
        made = {file for name in self._plan.config.datasets if (file := datasets.made(name))}
        return stale_results(files, folder, self._snakemake, all_stale=all_stale, sources=made)


def _check_tables(plan: Plan) -> None:
    """Check the tables of a module: only now it is known which of them other rules make."""
    if plan.is_checked:
        return
    with one_message():
        plan.check()
    name_doubts(plan)


def _name_stale(reasons: dict[str, str]) -> None:
    """Warn of stale results, but only note results of another config, as after an edit of it.

    Snakemake itself gives the reason for these, unless it does not remember how they were made: its
    memory was deleted, or is in another place, as with ``--persistence-backend db``.
    """
    for message in _messages({f: reason for f, reason in reasons.items() if reason != OTHER_JOB}):
        _say(f"warning: {message}")
    others = [file for file, reason in reasons.items() if reason == OTHER_JOB]
    if others:
        more = f" and {len(others) - 1} more files" if len(others) > 1 else ""
        _say(
            f"note: {others[0]}{more} must be made again: another config or version of this "
            f"workflow made {'them' if more else 'it'}"
        )


def _is_of(job: Any) -> bool:
    """Return whether the outputs of a job, and their record, are as this job has left them."""
    record = Record.read(record_file(job.log[0]))
    with suppress(OSError):  # one is gone
        outputs = {file: digest(Path(file)) for file in map(str, job.output)}
        return (
            record is not None
            and record.outputs == outputs
            and record.job == (digest_of_job(job.params.job))
        )
    return False


def _messages(reasons: dict[str, str]) -> list[str]:
    messages = [f"{file} must be made again: {reason}" for file, reason in reasons.items()]
    if len(messages) > SHOWN:
        messages[SHOWN:] = [f"and {len(messages) - SHOWN} more files must be made again"]
    return messages


def _name_other_folders(plan: Plan) -> None:
    for folder in sorted(plan.folder.glob("*/records")):
        dataset = folder.parent.name  # whatever a module calls the folder of the results
        if dataset not in plan.config.datasets | plan.left_out:
            _say(
                f"note: {folder.parent} has the results of {dataset}, which is not a data set of "
                "the config now; delete the folder if you do not need it"
            )


def _say(message: str) -> None:
    print(printable(message), file=sys.stderr)


def remove_outdated(plan: Plan) -> None:
    """Remove results that the config no longer asks for, with a message.

    Only a file that a job of ours made, and that is still as the job left it, is removed. Fits
    stay: the config may ask for them again.
    """
    current = set(plan.outputs.results())
    for file, record in read_records().items():
        if record.wildcards.get("dataset", "") not in {"", *plan.config.datasets}:
            continue
        outdated = {n: sha256 for n, sha256 in record.made.items() if n not in current}
        for name, sha256 in outdated.items():
            if not name.endswith(".parquet") and remove_output(name, sha256):
                _say(f"removed {name}: the config no longer asks for it")
        if outdated == record.made and not any(map(os.path.isfile, outdated)):
            remove(file)
