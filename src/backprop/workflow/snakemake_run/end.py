"""The end of a run: print what matters, from the results and the logs of the jobs."""

import atexit
import csv
import json
import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop.errors import BackpropError, printable
from backprop.workflow.plan import paths
from backprop.workflow.progress import duration
from backprop.workflow.records.job_records import note_run

if TYPE_CHECKING:  # the command, which imports this module, needs neither
    from backprop.workflow.config_check.checks import ConfigSource
    from backprop.workflow.snakemake_run.snakemake_internals import Session

COUNTS = re.compile(r" \d+ fits: (\d+) kept, \d+ dropped, (\d+) to train$", re.MULTILINE)
"""How `backprop.study.fits.update_fits` logs what it does."""


class End:
    """The last lines of a run, which begins now.

    Parameters
    ----------
    snakemake : Session
    on_disk : callable
        As `backprop.workflow.plan.plan.Plan` takes it.
    """

    def __init__(self, snakemake: "Session", on_disk: Callable[[str], str] = str) -> None:
        self._snakemake, self._on_disk, self._began = snakemake, on_disk, time.monotonic()

    def note_run(self, sources: "Iterable[ConfigSource]", datasets: Iterable[str]) -> None:
        """Note by which config files the run was, and of which data sets it has a model here."""
        made = {file for job in self._snakemake.jobs for file in job.output}
        if studied := [name for name in datasets if paths.MODEL.format(dataset=name) in made]:
            configs = [name for name, _ in sources if name != "--config"]
            note_run(configs, studied, time.monotonic() - self._began)

    def announce(self) -> None:
        """Print the lines when the process ends, if the run made the results of all data sets.

        They are read now: Snakemake then leaves the folder, and prints more.
        """
        from backprop.report.wording.end_of_run import closing_lines  # most starts need no words

        jobs, summary = self._snakemake.jobs, self._on_disk(paths.SUMMARY_JSON)
        if summary not in {file for job in jobs for file in job.output}:
            return
        with suppress(OSError, ValueError):  # it is gone
            results = json.loads(Path(summary).read_text(encoding="utf-8"))
            fits = count_fits(jobs, self._snakemake.jobs_to_run)
            took = duration(time.monotonic() - self._began)
            datasets = list(results["datasets"])
            several = "without_result" in results
            tables = paths.TABLES.format(dataset="*" if several else datasets[0])
            pdf = paths.of_each(paths.PDF).format(dataset="*") if several else paths.PDF
            files = (str(Path.cwd() / self._on_disk(path)) for path in (pdf, tables))
            lines = [*self._notes(datasets), *closing_lines(results, *fits, took, *files)]
            one_line_each = [printable(line).replace("\n", r"\n") for line in lines]
            atexit.register(print, *one_line_each, sep="\n", flush=True)

    def _notes(self, datasets: Iterable[str]) -> list[str]:
        """Return what may be a mistake of the tables, as `sources.provenance` has it."""
        notes = []
        for name in datasets:
            file = Path(self._on_disk(paths.DATA_PROVENANCE.format(dataset=name)))
            with suppress(OSError, ValueError, KeyError):  # it is gone
                own = json.loads(file.read_text(encoding="utf-8"))["notes"]
                notes += [f"note: {name}: {note}" for note in own]
        return notes

    def refuse_differing(self) -> None:
        """End the run with an error if implementations of the network differ; all is made by then.

        Raises
        ------
        BackpropError
            With the data sets and where to read on.
        """
        names = [
            job.wildcards.dataset
            for job in self._snakemake.jobs
            if job.rule.name == "parity" and differs(Path(job.output[0]))
        ]
        if names:
            raise BackpropError(
                "the implementations of the network do not compute the same on "
                f"{', '.join(names)}: see the state in tables/parity.csv. All results were made, "
                "but do not trust the networks; docs/parity.md says what to do"
            )


def differs(parity: Path) -> bool:
    """Return whether a table of parity has a configuration whose implementations differ."""
    with suppress(OSError, ValueError), parity.open(encoding="utf-8", newline="") as file:
        return any(row.get("state") == "differs" for row in csv.DictReader(file))
    return False


def count_fits(jobs: Iterable[Any], ran: Iterable[object]) -> tuple[int, int]:
    """Count the fits that a run trained, and that it kept, by the logs of its training jobs.

    Parameters
    ----------
    jobs : iterable of object
        All jobs, as Snakemake has them. One that did not run has its log of an earlier run.
    ran : iterable of object
        Those that ran.
    """
    trained, kept, ran = 0, 0, set(ran)
    for job in jobs:
        for log in job.log:
            with suppress(OSError, UnicodeDecodeError):  # it was deleted
                for counts in COUNTS.findall(Path(log).read_text(encoding="utf-8")):
                    as_before, new = map(int, counts)
                    trained, kept = trained + new * (job in ran), kept + as_before
                    kept += new * (job not in ran)
    return trained, kept
