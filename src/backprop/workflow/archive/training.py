"""Level 3 of `make verify`: files of fits, drawn by a seed, trained again and compared."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from backprop.workflow.archive.comparing import compare_trained
from backprop.workflow.archive.contents import Findings
from backprop.workflow.archive.remaking import bring_data, run_workflow
from backprop.workflow.archive.sound_fits import FitFile, dataset_of
from backprop.workflow.estimate import seconds_of, size_of
from backprop.workflow.plan import Plan

START = 5.0  # seconds to load a model's packages, about
DRAWS = 1000  # of other seeds, to say how often a file is drawn


def needed_seconds(files: Sequence[FitFile], plan: Plan, folder: Path) -> list[float]:
    """Return about how long each file takes, by the estimate of the workflow.

    Who made an archive could say there that the training of a file takes too long to be repeated.
    """
    size = cache(lambda dataset: size_of(plan, dataset_of(dataset, folder)))
    registry, epochs = plan.design.registry, plan.config["training"]["epochs"]
    return [
        START
        + seconds_of(
            registry[file.model], file.configurations[0],
            fits=file.fits, epochs=epochs, size=size(file.dataset),
        )
        for file in files
    ]  # fmt: skip


def choose(needed: Sequence[float], seed: int, seconds: float) -> list[int]:
    """Choose files of fits that can be trained within a time; return their places.

    They are drawn one after another, in an order that only the seed decides. One that does not fit
    into the time that is left is passed over.
    """
    chosen, left = [], seconds
    for place in np.random.default_rng(seed).permutation(len(needed)).tolist():
        if needed[place] <= left:
            chosen.append(place)
            left -= needed[place]
    return chosen


def describe(
    files: Sequence[FitFile],
    trained: Sequence[FitFile],
    needed: Sequence[float],
    seconds: float,
    findings: Findings,
) -> None:
    """Add to the findings how much was trained again, and what could not be drawn."""
    for what, part, whole in (
        ("fits", *(sum(file.fits for file in group) for group in (trained, files))),
        (
            "configurations",
            *(sum(len(file.configurations) for file in group) for group in (trained, files)),
        ),
    ):
        findings.done.append(f"{part:,} of {whole:,} {what} were trained again")
    for file, own in zip(files, needed, strict=True):
        if own > seconds:
            findings.unchecked.append(f"{file.file}: takes about {own:.0f} seconds: never drawn")
    drawn = [place for seed in range(DRAWS) for place in choose(needed, seed, seconds)]
    chances = np.bincount(drawn, minlength=len(files)) / DRAWS
    findings.done.append(
        f"a file is drawn, by another seed, with a chance of {chances.min():.0%} or more: "
        f"{files[int(chances.argmin())].file} has the smallest"
    )


def draw_and_train(
    files: Sequence[FitFile],
    plan: Plan,
    config: Mapping[str, Any],
    again: Path,
    *,
    exact: bool,
    minutes: float,
    seed: int,
    cores: str,
) -> tuple[Findings, list[FitFile]]:
    """Let the workflow train all fits of drawn files in an empty folder, and compare them.

    Parameters
    ----------
    files : sequence of FitFile
    plan : Plan
    config : mapping
        The config of the archive.
    again : Path
        The folder with its sound fits, and with the results that follow from them.
    exact : bool
        Whether the environment is the same, so that each bit must be.
    minutes : float
        When the time is over, training is stopped.
    seed : int
        What draws the files.
    cores : str

    Returns
    -------
    findings : Findings
    trained : list of FitFile
        The files that were trained before the time was over.
    """
    findings, trained, failed = Findings(), list[FitFile](), ""
    needed, seconds = needed_seconds(files, plan, again), minutes * 60
    chosen = [files[place] for place in choose(needed, seed, seconds)]
    with TemporaryDirectory(prefix="verify-") as name:
        folder = Path(name)
        if chosen:
            bring_data(config, plan, folder)
            targets = [str(each.file) for each in chosen]
            failed = run_workflow(config, folder, cores, seconds, targets)
        for each in chosen:
            if (folder / each.file).is_file():
                trained.append(each)
                model = plan.design.registry[each.model]
                compare_trained(each.file, model, folder, again, findings, exact=exact)
            else:
                findings.unchecked.append(f"{each.file}: was not trained ({failed})")
    describe(files, trained, needed, seconds, findings)
    findings.done.append(f"SEED={seed} chose them, with MINUTES={minutes:g}")
    return findings, trained
