"""Before a run, find results that are not what they should be; after it, remove outdated ones."""

import os
import sys
from collections.abc import Iterable
from typing import Any

from backprop.errors import printable
from backprop.workflow.plan import Plan
from backprop.workflow.records import RESULTS, read_records, remove_output, stale_results

SHOWN = 5  # messages about single files; more would hide what Snakemake says


def find_stale(plan: Plan, rules: Iterable[Any]) -> set[str]:
    """Find the results that are not what they should be, and name them with the reasons.

    Nothing on disk changes, so this is right for a dry run, too. A report of such results would be
    wrong: the process then ends with a message.

    Parameters
    ----------
    plan : Plan
    rules : iterable of object
        Snakemake's rules, all of them.
    """
    _name_other_folders(plan)
    reasons = stale_results(plan.results(), {rule.name: rule for rule in rules})
    messages = [f"{file} must be made again: {reason}" for file, reason in reasons.items()]
    if len(messages) > SHOWN:
        messages[SHOWN:] = [f"and {len(messages) - SHOWN} more files must be made again"]
    if messages and _is_only_report(sys.argv):
        lines = "\n  ".join(["run `snakemake` before the report, because", *messages])
        sys.exit(f"error: {lines}")
    for message in messages:
        _say(f"warning: {message}")
    return set(reasons)


def _is_only_report(options: Iterable[str]) -> bool:
    """Return whether a report is asked for, and not after a run (``--report-after-run``)."""
    reports = [option for option in options if option.startswith("--report")]
    return bool(reports) and not any(option.startswith("--report-a") for option in reports)


def _name_other_folders(plan: Plan) -> None:
    for folder in sorted(RESULTS.glob("*/records")):
        dataset = folder.parent.name
        if dataset not in plan.config["datasets"]:
            _say(
                f"note: {folder.parent} has the results of {dataset}, which is no data set of the "
                "config now; delete the folder if you do not need it"
            )


def _say(message: str) -> None:
    print(printable(message), file=sys.stderr)


def remove_outdated(plan: Plan) -> None:
    """Remove results that the config no longer asks for, with a message.

    Only a file that a job of ours made, and that is still as the job left it, is removed. Fits
    stay: the config may ask for them again.
    """
    current = set(plan.results())
    for record_file, record in read_records().items():
        if record.wildcards.get("dataset", "") not in {"", *plan.config["datasets"]}:
            continue
        outdated = {n: sha256 for n, sha256 in record.made.items() if n not in current}
        for name, sha256 in outdated.items():
            if not name.endswith(".parquet") and remove_output(name, sha256):
                _say(f"removed {name}: the config no longer asks for it")
        if outdated == record.made and not any(map(os.path.isfile, outdated)):
            record_file.unlink()
