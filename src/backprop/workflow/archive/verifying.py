"""Verify a result that someone else archived: `make verify ARCHIVE=...`."""

import argparse
import json
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import chdir, suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from backprop.errors import BackpropError, first_faults, printable
from backprop.files import digest
from backprop.workflow import paths
from backprop.workflow.archive import remaking, sound_fits
from backprop.workflow.archive.agreement import Findings, compare_files
from backprop.workflow.archive.crate import CONFIG, check_digests, check_names, read_metadata
from backprop.workflow.archive.limits import limit_memory
from backprop.workflow.archive.zips import unpack
from backprop.workflow.plan import Plan
from backprop.workflow.reading import read_yaml

DIGESTS = (
    "level 1, digests",
    "nothing was changed after the archive was written, unless its digests were written again, "
    "too; compare the SHA-256 of the archive with the one that its sender named",
)
REMADE = (
    "level 2, made again from the fits",
    "every score, table, sentence and picture follows from the fits, and the probabilities of each "
    "fit from its weights; not that the weights come from the training that the config describes",
)
TRAINED = (
    "level 3, trained again",
    "the drawn fits are what the training of this code makes of these data, in this config",
)
N = TypeVar("N", int, float)
SHARE = "0.05"  # of the fits: who alters 100 of them is found with a chance of 99%
MAX_SEED = 1_000_000
OTHER = "that each bit is the same, as the archive names another environment"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, verify, and say what was proven.

    It ends with code 1 if there is a fault, else with 2 if not all could be checked.
    """
    parser = argparse.ArgumentParser(prog="make verify", allow_abbrev=False)
    parser.add_argument("archive")
    for name in ("share", "seed", "cores"):
        parser.add_argument(f"--{name}", default="")
    options = parser.parse_args(arguments)
    try:
        if not options.archive:
            raise BackpropError("ARCHIVE: missing; use a file that `make archive` wrote")
        share = _number(options.share or SHARE, "SHARE", float, 1)
        seed = _number(options.seed or str(secrets.randbelow(MAX_SEED)), "SEED", int, MAX_SEED)
        archive = Path(options.archive).expanduser().absolute()
        levels = verify(archive, share=share, seed=seed, cores=options.cores or "all")
    except (BackpropError, OSError) as error:
        sys.exit(printable(f"error: {error}"))
    except Exception as error:  # of any kind: the archive may hold anything
        kind = type(error).__name__
        sys.exit(printable(f"error: the archive cannot be verified ({kind}: {error!s:.300})"))
    if number := sum(len(level.faults) for level in levels):
        what = f"{number:,} {'fault' if number == 1 else 'faults'}"
        sys.exit(f"error: {what}, see above; the archive is not what it says it is")
    if any(level.doubtful for level in levels):
        print("verified in part: see what is in doubt, above", file=sys.stderr)
        sys.exit(2)


def _number(text: str, name: str, kind: Callable[[str], N], most: float) -> N:
    with suppress(ValueError):
        if 0 <= (number := kind(text)) <= most:
            return number
    raise BackpropError(f"{name}: found {text!r:.50}; use a number from 0 to {most:,.0f}")


def verify(archive: Path, *, share: float, seed: int, cores: str) -> list[Findings]:
    """Verify an archive, print what each level proves, and return what each found."""
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        unpacked, again = Path(folder) / "archive", Path(folder) / "again"
        for each in (unpacked, again):
            each.mkdir()
        unpack(archive, unpacked)
        _say(f"SHA-256 of the archive: {digest(archive)}")
        with chdir(unpacked), threadpool_limits(1), np.errstate(all="ignore"):
            return _verify(archive, again, share=share, seed=seed, cores=cores)


def _verify(archive: Path, again: Path, *, share: float, seed: int, cores: str) -> list[Findings]:
    content, listed, claims = read_metadata()
    _say(f"made, as it says: {claims.made:.40}")
    first = Findings()
    if not check_digests(content, listed, claims, first):
        _report(*DIGESTS, first)
        _say("levels 2 and 3: left out, as only the code of the archive could make its results")
        return [first]
    config = read_yaml(Path(CONFIG))
    check_names(remaking.completed(config, again), claims, first)
    lost = remaking.without_rows(config)
    first.doubtful += [f"levels 2 and 3, without the rows of {name}" for name in lost]
    _report(*DIGESTS, first)
    if lost:
        return [first]
    second = Findings()
    plan = remaking.plan_of(config, again)
    remaking.bring_data(config, plan, again)
    versions, exact = _environment(plan)
    files = list(sound_fits.fit_files(plan, again))
    sound_fits.check_fits(files, plan, versions, again, second)
    if taken := sound_fits.take_what_tells(files, plan, again):
        failed = remaking.run_workflow(again, cores, [str(each.file) for each, _ in taken])
        sound_fits.compare_trained(taken, plan, again, second, exact=exact, failed=failed)
        sound_fits.keep_times(taken, again)
    if failed := remaking.run_workflow(again, cores):
        second.doubtful.append(f"what could not be made again here ({failed})")
    results = [name for name in plan.outputs.results() if not name.endswith(".parquet")]
    compare_files([*results, paths.REPORT], again, second, exact=exact, absent=claims.absent)
    remaking.unproven(config, second)
    second.doubtful += [] if exact else [OTHER]
    _report(*REMADE, second)
    _say(f"the report and the results that were made here: {remaking.leave(again, archive)}")
    if not share:
        _say("level 3: left out, as SHARE=0")
        return [first, second]
    third = Findings()
    drawn = sound_fits.draw(files, again, share=share, seed=seed)
    of = sum(len(each.configurations) * len(each.splits) for each in files)
    number = sum(len(fits) for _, fits in drawn)
    third.done.append(f"SEED={seed} drew {number:,} of {of:,} fits, each with the same chance")
    failed = remaking.run_workflow(again, cores, [str(f.file) for f, _ in drawn])
    trained = sound_fits.compare_trained(drawn, plan, again, third, exact=exact, failed=failed)
    _report(TRAINED[0], TRAINED[1] if trained else "", third)
    return [first, second, third]


def _environment(plan: Plan) -> tuple[dict[str, str], bool]:
    """Return the versions that the archive's results were made with, and whether they are ours."""
    dataset = next(iter(plan.config.datasets))
    ours = plan.dependencies.environment(*plan.outputs.makers(dataset))
    file = paths.PROVENANCE.format(dataset=dataset)
    try:
        theirs = json.loads(Path(file).read_bytes())
        one, other = ({**each["packages"], **each} for each in (theirs, ours))
        differing = [
            f"{key} {one[key]!s:.60} there, {other[key]} here"
            for key in sorted(other.keys() - {"packages"})
            if one[key] != other[key]
        ]
        versions = {**theirs["packages"], "python": ".".join(theirs["python"].split(".")[:2])}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BackpropError(
            f"{file}: names no environment; use an archive of `make archive`"
        ) from error
    _say(
        f"environment: {'; '.join(differing)}; so numbers may differ by rounding"
        if differing
        else "environment: the same as that of the archive, so every bit must be the same"
    )
    return versions, not differing


def _report(level: str, proves: str, findings: Findings) -> None:
    """Print what a level found, and what that proves, if anything."""
    _say(f"{level}: {time.monotonic() - findings.began:.1f} seconds")
    _say(*(f"  {line}" for line in findings.done))
    _say(*(f"  not checked: {line}" for line in findings.unchecked))
    _say(*(f"  in doubt: {line}" for line in findings.doubtful))
    for fault in first_faults(findings.faults):
        print(printable(f"error: {fault}".replace("\n", " ")), file=sys.stderr, flush=True)
    if proves and not findings.faults:
        but = "; but for what was not checked" if findings.unchecked + findings.doubtful else ""
        _say(f"  proves: {proves}{but}")


def _say(*lines: str) -> None:
    for line in lines:
        print(printable(line.replace("\n", " ")), flush=True)


if __name__ == "__main__":
    limit_memory()
    logging.disable(logging.WARNING)  # the levels say what an archive has
    main()
