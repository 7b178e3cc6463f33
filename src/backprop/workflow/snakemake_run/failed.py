"""A run in which jobs of some data sets fail: the others end, and so does what shows them all."""

import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop.errors import listed
from backprop.workflow.plan import paths
from backprop.workflow.records import between_starts

if TYPE_CHECKING:  # the command, which imports this module, needs neither
    from backprop.workflow.plan.plan import Plan
    from backprop.workflow.snakemake_run.snakemake_internals import Session

VARIABLE = "BACKPROP_GOES_ON"  # an environment variable of the run that goes on
SUBJECT = "failed"  # of what a start remembers


def failed_before(session: "Session") -> dict[str, str]:
    """Return the data sets that a run goes on without, or that a report is without."""
    reasons = recall_failed()
    return reasons if reasons and (VARIABLE in os.environ or session.asks_for_report) else {}


def recall_failed() -> dict[str, str]:
    """Return the data sets that failed in the last run, with the reasons."""
    return between_starts.recall(SUBJECT)


def forget_failed() -> None:
    """Forget them, as a run begins that tries them again."""
    if VARIABLE not in os.environ and recall_failed():
        between_starts.remember(SUBJECT, {})


def go_on(session: "Session", plan: "Plan") -> None:
    """Go on without the data sets whose jobs have failed, and say which these are.

    Another run of the same command makes what all data sets have together. Nothing is done if the
    run was not to keep going, or has no such data set, or no other one.
    """
    jobs = {name: j for j in session.failed_jobs if (name := j.wildcards.get("dataset"))}
    reasons = {name: _reason(jobs[name]) for name in plan.config.datasets if name in jobs}
    is_whole = plan.outputs.on_disk(paths.SUMMARY) in {f for j in session.jobs for f in j.output}
    has_others = 0 < len(reasons) < len(plan.config.datasets)
    if not (is_whole and has_others) or VARIABLE in os.environ:
        return
    between_starts.remember(SUBJECT, reasons)
    if session.run_again({VARIABLE: "1"}):
        between_starts.remember(SUBJECT, {})
        return
    print(f"error: {sentence(reasons)}", file=sys.stderr)


def sentence(reasons: Mapping[str, str]) -> str:
    """Say which data sets have failed, and that the others have not."""
    number = f"{len(reasons):,} data set{'s' if len(reasons) > 1 else ''}"
    return (
        f"{number} failed ({listed([*reasons])}); all others have results, and the report says why"
    )


def _reason(job: Any) -> str:
    """Return the message in the log of a job, or the last line of a traceback there."""
    lines: list[str] = []
    with suppress(OSError):
        text = Path(job.log[0]).read_text(encoding="utf-8", errors="replace")
        message = re.search(r"(?ms)^error: (.*)", text)
        lines = [" ".join(message[1].split())] if message else text.split("\n")
    said = next(filter(None, map(str.strip, reversed(lines))), "its log says nothing")
    return f"{job.rule.name} failed: {said}"
