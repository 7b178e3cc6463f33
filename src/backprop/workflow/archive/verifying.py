"""Verify a result that someone else archived: `make verify ARCHIVE=...`."""

import argparse
import json
import logging
import math
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from backprop.errors import BackpropError, printable
from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive.contents import CONFIG, METADATA, Findings, runnable, seconds_since
from backprop.workflow.archive.description import Listed
from backprop.workflow.archive.listing import PROVES, check_digests
from backprop.workflow.archive.remaking import ENVIRONMENT, bring_data, compare, make_again
from backprop.workflow.archive.training import chance, choose, train_again
from backprop.workflow.archive.unpacking import unpack
from backprop.workflow.archive.weights import check_fits, fit_files
from backprop.workflow.plan import Plan
from backprop.workflow.reading import read_yaml

ROOT = Path(__file__).resolve().parents[4]
MINUTES = "2"
REMADE = (
    "every score, table, sentence and picture follows from the fits, and the probabilities of each "
    "fit from its weights; not that the weights come from the training that the config describes"
)
TRAINED = "these fits are what the training of this code makes of these data, in this config"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, verify, and say what was proven. What was not ends it with code 1."""
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
        number = verify(archive, minutes=minutes, seed=seed, cores=options.cores or "all")
    except (BackpropError, OSError) as error:
        sys.exit(printable(f"error: {error}"))
    except Exception as error:  # of any kind: the archive may hold anything
        kind = type(error).__name__
        sys.exit(printable(f"error: the archive cannot be verified ({kind}: {error!s:.300})"))
    if number:
        sys.exit(f"error: {number:,} faults, see above; the archive is not what it says it is")


def _number(text: str, name: str, kind: Callable[[str], Any]) -> Any:
    try:
        if math.isfinite(number := kind(text)) and number >= 0:
            return number
    except ValueError:
        pass
    raise BackpropError(f"{name}: found {text!r:.50}; use a number, 0 or more")


def verify(archive: Path, *, minutes: float, seed: int, cores: str) -> int:
    """Verify an archive at three levels, and print what each proves.

    Returns
    -------
    int
        The number of faults.
    """
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        unpacked, again = Path(folder) / "archive", Path(folder) / "again"
        for each in (unpacked, again):
            each.mkdir()
        unpack(archive, unpacked)
        with chdir(unpacked), threadpool_limits(1):  # as in a job of the workflow
            return _verify(digest(archive), again, minutes=minutes, seed=seed, cores=cores)


def _verify(sha256: str, again: Path, *, minutes: float, seed: int, cores: str) -> int:
    logging.getLogger("backprop").setLevel(logging.ERROR)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no remarks of TensorFlow on the machine
    listed = Listed(_content(METADATA))
    _say(f"SHA-256 of the archive: {sha256}", f"made: {listed.made:.40}")
    began = time.monotonic()
    first = check_digests(listed, ROOT)
    number = _report(1, "digests", first, PROVES, began)
    if any(fault.startswith("code/") for fault in first.faults):
        _say(
            "levels 2 and 3: left out, because only the code of the archive could make its results"
        )
        return number
    config = _config()
    plan = Plan(runnable(config), ROOT)
    if lost := bring_data(plan, listed.absent):
        _say(f"levels 2 and 3: left out, because the rows of {', '.join(lost)} are not in it")
        return number
    environment, exact = _environment(plan)
    began = time.monotonic()
    files = list(fit_files(plan))
    second = check_fits(files, plan, environment)
    printed = make_again(plan, config, again, ROOT, cores)
    remade = compare(plan, config, again, exact=exact)
    if printed:
        reason = [line for line in printed.splitlines() if line.strip()][-1:]
        remade.faults.insert(0, f"not all can be made again: {''.join(reason):.200}")
    for kind in ("done", "faults", "unchecked"):
        getattr(second, kind).extend(getattr(remade, kind))
    number += _report(2, "made again from the fits", second, REMADE, began)
    began = time.monotonic()
    chosen = choose(files, seed, minutes * 60)
    third, trained = train_again(chosen, plan, exact=exact, seconds=minutes * 60)
    third.done += [
        *chance(files, trained).lines,
        f"SEED={seed} chose them, with MINUTES={minutes:g}",
    ]
    return number + _report(3, "trained again", third, TRAINED, began)


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BackpropError(f"{name}: missing in the archive; `make archive` writes it") from error


def _config() -> dict[str, Any]:
    """Return the completed config of the archive, which agrees with each provenance."""
    config = read_yaml(Path(CONFIG))
    if not isinstance(config.get("datasets"), dict):
        raise BackpropError(f"{CONFIG}: found no data sets; use an archive of `make archive`")
    return config


def _environment(plan: Plan) -> tuple[dict[str, str], bool]:
    """Return the versions that the archive's results were made with, and whether they are ours."""
    scripts = plan.outputs.makers(next(iter(plan.config["datasets"])))
    ours = plan.dependencies.environment(*scripts)
    name = paths.PROVENANCE.format(dataset=next(iter(plan.config["datasets"])))
    try:
        record: Mapping[str, Any] = json.loads(_content(name))
        theirs = {key: record[key] for key in ENVIRONMENT}
        versions = {**theirs["packages"], "python": ".".join(theirs["python"].split(".")[:2])}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackpropError(
            f"{name}: names no environment; use an archive of `make archive`"
        ) from error
    differing = [
        f"{package} {theirs['packages'].get(package)} there, {version} here"
        for package, version in ours["packages"].items()
        if theirs["packages"].get(package, version) != version
    ]
    differing += [
        f"{key} {theirs[key]} there, {ours[key]} here"
        for key in ("python", "platform")
        if theirs[key] != ours[key]
    ]
    if differing:
        _say(f"environment: {'; '.join(differing)}; so numbers may differ by rounding")
    else:
        _say("environment: the same as that of the archive, so every bit must be the same")
    return versions, not differing


def _report(level: int, name: str, findings: Findings, proves: str, began: float) -> int:
    """Print the findings of a level; return the number of faults."""
    _say(f"level {level}, {name}: {seconds_since(began)}")
    _say(*(f"  {line}" for line in findings.done))
    _say(*(f"  not checked: {line}" for line in findings.unchecked))
    for fault in findings.faults:
        print(printable(f"error: {fault}".replace("\n", " ")), file=sys.stderr, flush=True)
    if not findings.faults:
        _say(f"  proves: {proves}")
    return len(findings.faults)


def _say(*lines: str) -> None:
    for line in lines:
        print(printable(line.replace("\n", " ")), flush=True)


if __name__ == "__main__":
    main()
