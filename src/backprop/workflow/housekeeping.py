"""Before a run, find results that are not what they should be; after it, remove outdated ones."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backprop.errors import printable
from backprop.files import digest
from backprop.workflow.plan import Plan
from backprop.workflow.records import RESULTS, read_records, stale_results

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
    messages = [f"{file}: {reason}" for file, reason in reasons.items()]
    if len(messages) > SHOWN:
        messages[SHOWN:] = [f"and {len(messages) - SHOWN} more files"]
    if messages and any(option.startswith("--report") for option in sys.argv):
        lines = "\n  ".join(["run `snakemake` before the report, to make these again:", *messages])
        sys.exit(f"error: {lines}")
    for message in messages:
        _say(f"warning: {message}; it is made again")
    return set(reasons)


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
        outdated = [name for name in record.outputs if name not in current]
        for name in outdated:
            file = Path(name)
            is_ours = RESULTS in file.parents and ".." not in file.parts and file.is_file()
            if is_ours and file.suffix != ".parquet" and digest(file) == record.outputs[name]:
                file.unlink()
                _say(f"removed {name}: the config no longer asks for it")
        if outdated == list(record.outputs) and not any(map(Path.is_file, map(Path, outdated))):
            record_file.unlink()
