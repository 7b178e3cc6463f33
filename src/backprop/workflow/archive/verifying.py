"""Verify a result that someone else archived: `make verify ARCHIVE=...`."""

import argparse
import json
import logging
import math
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from backprop.errors import BackpropError, printable
from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive.comparing import compare
from backprop.workflow.archive.contents import (
    CODE,
    CONFIG,
    METADATA,
    ROOT,
    Findings,
    read_bounded,
)
from backprop.workflow.archive.description import Listed
from backprop.workflow.archive.limits import limit_memory
from backprop.workflow.archive.listing import PROVES, check_digests
from backprop.workflow.archive.remaking import (
    LIMIT,
    bring_data,
    leave,
    plan_of,
    results_of,
    run_workflow,
    unproven,
)
from backprop.workflow.archive.sound_fits import check_fits, fit_files
from backprop.workflow.archive.training import draw_and_train
from backprop.workflow.archive.zips import unpack
from backprop.workflow.plan import Plan, completed_config
from backprop.workflow.reading import read_yaml

MINUTES = "2"
REMADE = (
    "every score, table, sentence and picture follows from the fits, and the probabilities of each "
    "fit from its weights; not that the weights come from the training that the config describes"
)
TRAINED = "these fits are what the training of this code makes of these data, in this config"
OTHER = "that each bit is the same, as the archive names another environment"
BUT = "; but for what was not checked, see above"


class Verdict(NamedTuple):
    """What came of a verification.

    Attributes
    ----------
    faults : int
    partly : str
        What was verified, if not all could be.
    """

    faults: int
    partly: str = ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, verify, and say what was proven.

    It ends with code 1 if there is a fault, else with 2 if not all levels could be checked.
    """
    parser = argparse.ArgumentParser(prog="make verify", allow_abbrev=False)
    parser.add_argument("archive")
    for name in ("minutes", "seed", "cores"):
        parser.add_argument(f"--{name}", default="")
    options = parser.parse_args(arguments)
    try:
        if not options.archive:
            raise BackpropError("ARCHIVE: missing; use a file that `make archive` wrote")
        minutes = _number(options.minutes or MINUTES, "MINUTES", float)
        seed = _number(options.seed or str(secrets.randbelow(1_000_000)), "SEED", int)
        archive = Path(options.archive).expanduser().absolute()
        verdict = verify(archive, minutes=minutes, seed=seed, cores=options.cores or "all")
    except (BackpropError, OSError) as error:
        sys.exit(printable(f"error: {error}"))
    except Exception as error:  # of any kind: the archive may hold anything
        kind = type(error).__name__
        sys.exit(printable(f"error: the archive cannot be verified ({kind}: {error!s:.300})"))
    if number := verdict.faults:
        what = f"{number:,} {'fault' if number == 1 else 'faults'}"
        sys.exit(f"error: {what}, see above; the archive is not what it says it is")
    if verdict.partly:
        print(f"verified: {verdict.partly}", file=sys.stderr)
        sys.exit(2)


def _number(text: str, name: str, kind: Callable[[str], Any]) -> Any:
    try:
        if math.isfinite(number := kind(text)) and number >= 0:
            return number
    except ValueError:
        pass
    raise BackpropError(f"{name}: found {text!r:.50}; use a number, 0 or more")


def verify(archive: Path, *, minutes: float, seed: int, cores: str) -> Verdict:
    """Verify an archive at three levels, and print what each proves."""
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        unpacked, again = Path(folder) / "archive", Path(folder) / "again"
        for each in (unpacked, again):
            each.mkdir()
        unpack(archive, unpacked)
        with chdir(unpacked), threadpool_limits(1):  # as in a job of the workflow
            return _verify(archive, again, minutes=minutes, seed=seed, cores=cores)


def _verify(archive: Path, again: Path, *, minutes: float, seed: int, cores: str) -> Verdict:
    logging.getLogger("backprop").setLevel(logging.ERROR)
    content = read_bounded(Path(METADATA))
    _say(f"SHA-256 of the archive: {digest(archive)}")
    _say(f"made, as it says: {Listed.read(content).made:.40}")
    began, completed, refusal = time.monotonic(), None, None
    try:
        config = read_yaml(Path(CONFIG))
        completed = completed_config(config, ROOT)
    except BackpropError as error:
        refusal = error
    first = check_digests(content, completed)
    number = _report(1, "digests", first, PROVES, began)
    if any(fault.startswith(f"{CODE}/") for fault in first.faults):
        _say("levels 2 and 3: left out, as only the code of the archive could make its results")
        return Verdict(number)
    if refusal:
        raise refusal
    plan = plan_of(config, again)
    lost = bring_data(config, plan, again)
    if lost:
        _say(f"levels 2 and 3: without {', '.join(lost)}, whose rows are not in it")
    datasets = [name for name in plan.config["datasets"] if name not in lost]
    partly = [f"level 1 only of {', '.join(lost)}"] if lost else []
    if not datasets:
        return Verdict(number, *partly)
    versions, exact = _environment(plan)
    began = time.monotonic()
    files = list(fit_files(plan, datasets, again))
    second = check_fits(files, plan, versions, again)
    targets = results_of(plan, lost)
    trouble = run_workflow(config, again, cores, LIMIT, targets if lost else [], report=not lost)
    absent = Listed.read(content).absent
    second.extend(compare([CONFIG, *targets], again, exact=exact, absent=absent))
    second.unchecked += [f"what could not be made again here ({trouble})"] if trouble else []
    second.unchecked += [f"what is made from the rows of {', '.join(lost)}"] if lost else []
    for dataset in datasets:
        second.extend(unproven(dataset, config["datasets"][dataset]))
    second.unchecked += [] if exact else [OTHER]
    number += _report(2, "made again from the fits", second, REMADE, began)
    if (again / paths.RESULTS).is_dir():
        _say(f"the report and the results that were made here: {leave(again, archive)}")
    began = time.monotonic()
    third, trained = draw_and_train(
        files, plan, config, again, exact=exact, minutes=minutes, seed=seed, cores=cores
    )
    third.unchecked += [] if exact else [OTHER]
    number += _report(3, "trained again", third, TRAINED if trained else "", began)
    partly += ["not what could not be made again here"] if trouble else []
    return Verdict(number, "; ".join(partly + second.partly + third.partly))


def _environment(plan: Plan) -> tuple[dict[str, str], bool]:
    """Return the versions that the archive's results were made with, and whether they are ours."""
    dataset = next(iter(plan.config["datasets"]))
    ours = plan.dependencies.environment(*plan.outputs.makers(dataset))
    file = Path(paths.PROVENANCE.format(dataset=dataset))
    try:
        theirs = json.loads(read_bounded(file))
        one, other = ({**each["packages"], **each} for each in (theirs, ours))
        differing = [
            f"{key} {one[key]!s:.60} there, {other[key]} here"
            for key in sorted(other.keys() - {"packages"})
            if one[key] != other[key]
        ]
        versions = {**theirs["packages"], "python": ".".join(theirs["python"].split(".")[:2])}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackpropError(
            f"{file}: names no environment; use an archive of `make archive`"
        ) from error
    _say(
        f"environment: {'; '.join(differing)}; so numbers may differ by rounding"
        if differing
        else "environment: the same as that of the archive, so every bit must be the same"
    )
    return versions, not differing


def _report(level: int, name: str, findings: Findings, proves: str, began: float) -> int:
    """Print the findings of a level; return the number of faults."""
    _say(f"level {level}, {name}: {time.monotonic() - began:.1f} seconds")
    _say(*(f"  {line}" for line in findings.done))
    _say(*(f"  not checked: {line}" for line in findings.unchecked))
    for fault in findings.faults:
        print(printable(f"error: {fault}".replace("\n", " ")), file=sys.stderr, flush=True)
    if proves and not findings.faults:
        _say(f"  proves: {proves}{BUT if findings.unchecked else ''}")
    return len(findings.faults)


def _say(*lines: str) -> None:
    for line in lines:
        print(printable(line.replace("\n", " ")), flush=True)


if __name__ == "__main__":
    limit_memory()
    main()
