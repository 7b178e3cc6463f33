"""Level 3 of `make verify`: whole files of fits, chosen by a seed, trained again and compared."""

import logging
import multiprocessing
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from backprop.models.registry import Model
from backprop.statistics.parity import PARITY
from backprop.study.fits import read_fits
from backprop.study.trained import Trained
from backprop.typing import Array
from backprop.workflow.archive.contents import Findings
from backprop.workflow.archive.weights import FitFile, dataset_of
from backprop.workflow.estimate import seconds_of, size_of
from backprop.workflow.plan import Plan

COMPARED = [each.name for each in fields(Trained) if each.name != "seconds"]
ENDS = ("status", "epochs", "curve_epochs")  # the same in any environment, unless it is chaotic
COSTS = ("train_cost", "test_cost")
START = 5.0  # seconds to load a model's packages, about
DRAWS = 1000  # of other seeds, to say how often a file is drawn


class Job(NamedTuple):
    """What it takes to train a file of fits again, in another process."""

    file: FitFile
    model: Model
    needs: Mapping[str, Any]


class Done(NamedTuple):
    """What came of it.

    Attributes
    ----------
    faults : list of str
    largest : float
        The largest difference of a probability, of the fits that agree.
    chaotic : int
        How many fits of networks end otherwise in this other environment.
    seconds : float
    """

    faults: list[str]
    largest: float
    chaotic: int
    seconds: float


def needed_seconds(files: Sequence[FitFile], plan: Plan) -> list[float]:
    """Return about how long each file takes, by the estimate of the workflow, not by the archive.

    Who made an archive could say there that the training of a file takes too long to be repeated.
    """
    size = cache(lambda dataset: size_of(plan, dataset_of(dataset)))
    epochs = plan.config["training"]["epochs"]
    return [
        START
        + seconds_of(
            plan.design.registry[each.model],
            each.configurations[0],
            fits=each.fits,
            epochs=epochs,
            size=size(each.dataset),
        )
        for each in files
    ]


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


def chances(needed: Sequence[float], seconds: float) -> Array:
    """Return how often `choose` draws each file, of many seeds."""
    drawn = np.zeros(len(needed))
    for seed in range(DRAWS):
        drawn[choose(needed, seed, seconds)] += 1 / DRAWS
    return drawn


def describe(
    files: Sequence[FitFile],
    trained: Sequence[FitFile],
    needed: Sequence[float],
    seconds: float,
    findings: Findings,
) -> None:
    """Add to the findings how much was trained again, and what could not be drawn."""

    def count(group: Sequence[FitFile]) -> tuple[int, int]:
        return sum(each.fits for each in group), sum(len(each.configurations) for each in group)

    for what, part, whole in zip(
        ("fits", "configurations"), count(trained), count(files), strict=True
    ):
        findings.done.append(f"{part:,} of {whole:,} {what} were trained again")
    for each, own in zip(files, needed, strict=True):
        if own > seconds:
            findings.unchecked.append(f"{each.file}: takes about {own:.0f} seconds: never drawn")
    drawn = chances(needed, seconds)
    findings.done += [
        f"a file is drawn, by another seed, with a chance of {drawn[place]:.0%} or more: "
        f"{files[place].file} has the smallest"
        for place in [int(drawn.argmin())]
    ]


def train_again(
    chosen: Sequence[FitFile], plan: Plan, *, exact: bool, seconds: float
) -> tuple[Findings, list[FitFile]]:
    """Train all fits of some files, as the workflow does, and compare them.

    It is done by another process, which is killed when the time is over.

    Returns
    -------
    findings : Findings
    trained : list of FitFile
        Those that were trained before the time was over.
    """
    findings, trained, deadline = Findings(), list[FitFile](), time.monotonic() + seconds
    jobs = [Job(f, plan.design.registry[f.model], plan.design.needs(f.model)) for f in chosen]
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_train_all, args=(theirs, jobs, exact), daemon=True)
    with ours:
        if jobs:
            child.start()
        theirs.close()
        for each in chosen:
            try:
                if not ours.poll(max(0.0, deadline - time.monotonic())):
                    break
                done: Done = ours.recv()
            except EOFError:  # it ended, such as for lack of memory
                break
            trained.append(each)
            _report(each, done, findings)
        if jobs:
            child.kill()
            child.join()
            child.close()
    findings.unchecked += [f"{f.file}: was not finished in time" for f in chosen[len(trained) :]]
    return findings, trained


def _report(each: FitFile, done: Done, findings: Findings) -> None:
    agree = "the same to the last bit" if done.largest == 0 else f"to within {done.largest:.1e}"
    findings.faults += done.faults
    findings.done.append(
        f"{each.file}: {each.fits:,} fits in {done.seconds:.1f} seconds, "
        f"{f'{len(done.faults):,} faults' if done.faults else agree}"
    )
    if done.chaotic:
        findings.unchecked.append(
            f"{each.file}: the ends of {done.chaotic:,} fits whose training is chaotic"
        )


def _train_all(connection: Connection, jobs: Sequence[Job], exact: bool) -> None:
    """Train files of fits in a process of its own, and send what came of each."""
    logging.getLogger("backprop").setLevel(logging.ERROR)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what TensorFlow remarks on the machine
    with connection, threadpool_limits(1):  # as in a job of the workflow
        for job in jobs:
            began = time.monotonic()
            try:
                done = _compare(job, exact=exact)
            except Exception as error:  # of any kind: the file may hold anything
                done = [f"{job.file.file}: cannot be trained again ({error})"], np.nan, 0
            connection.send(Done(*done, time.monotonic() - began))


def _compare(job: Job, *, exact: bool) -> tuple[list[str], float, int]:
    """Train the fits of a file, and compare them; see `Done`."""
    each, model = job.file, job.model
    pairs = [(c, s) for c in each.configurations for s in each.splits]
    fits = model.family.train(model.implementation, pairs, dataset_of(each.dataset), **job.needs)
    stored = _by_key(each)
    faults, largest, chaotic = [], 0.0, 0
    for (configuration, split), fit in zip(pairs, fits, strict=True):
        name = each.name_of(configuration.name, split)
        own = stored.get((configuration.name, *split.key))
        if own is None:
            faults.append(f"{name}: missing")
            continue
        other = [key for key in COMPARED if not _same(own[key], getattr(fit, key))]
        difference = _largest(own["probabilities"], fit.probabilities.ravel())
        if not exact:
            costs = max(_largest(own[key], getattr(fit, key)) for key in COSTS)
            if model.family.is_one_model and not max(difference, costs) <= PARITY:
                chaotic += 1
                continue
            ends = ENDS if model.family.is_one_model else ("status",)  # steps are of rounding, too
            other = [key for key in other if key in ends]
            other += [] if difference <= PARITY else ["probabilities"]
        if other:
            faults.append(
                f"{name}: trained again, it has other {', '.join(other)}; a probability differs "
                f"by {difference:.2g}"
            )
        else:
            largest = max(largest, difference)
    return faults, largest, chaotic


def _by_key(each: FitFile) -> dict[tuple[Any, ...], Mapping[Any, Any]]:
    """Return the fits of a file by their configurations and the keys of their splits."""
    rows: dict[tuple[Any, ...], Mapping[Any, Any]] = {}
    for inner in (False, True):
        for row in read_fits([each.file], inner=inner).to_dict("records"):
            name = row["configuration"] if isinstance(row["configuration"], str) else None
            at = [row[part] - 1 for part in ("repeat", "fold", *(["inner"] if inner else []))]
            rows[name, *map(int, at)] = row  # as `Split.key` has it
    return rows


def _same(one: Any, other: Any) -> bool:
    """Return whether two values of a fit are the same to the last bit."""
    if isinstance(other, np.ndarray):
        flat = np.ascontiguousarray(other).ravel()
        return np.asarray(one, dtype=flat.dtype).tobytes() == flat.tobytes()
    return one == other or (other is None and not isinstance(one, str))


def _largest(one: Any, other: Any) -> float:
    """Return the largest difference of two arrays, that of a number above 1 relative to it.

    It is 1 if they are of other shapes, or only one has a finite number in some place.
    """
    if np.shape(one) != np.shape(other) or (np.isfinite(one) != np.isfinite(other)).any():
        return 1.0
    finite = np.isfinite(one)
    one, other = np.asarray(one)[finite], np.asarray(other)[finite]
    return float((abs(one - other) / np.fmax(1.0, abs(other))).max(initial=0.0))
