"""Level 3 of `make verify`: files of fits, chosen by a seed, trained again and compared."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from backprop.models.registry import Model
from backprop.statistics.parity import PARITY
from backprop.study.fits import read_fits
from backprop.study.trained import Trained
from backprop.typing import Array
from backprop.workflow import paths
from backprop.workflow.archive.contents import Findings
from backprop.workflow.archive.remaking import bring_data, chaotic, run_workflow
from backprop.workflow.archive.weights import FitFile, dataset_of
from backprop.workflow.estimate import seconds_of, size_of
from backprop.workflow.plan import Plan

COMPARED = [each.name for each in fields(Trained) if each.name != "seconds"]
ENDS = ("status", "epochs", "curve_epochs")  # the same in any environment, unless it is chaotic
COSTS = ("train_cost", "test_cost")
START = 5.0  # seconds to load a model's packages, about
DRAWS = 1000  # of other seeds, to say how often a file is drawn


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
    chosen: Sequence[FitFile],
    plan: Plan,
    config: Mapping[str, Any],
    again: Path,
    *,
    exact: bool,
    seconds: float,
    cores: str,
) -> tuple[Findings, list[FitFile]]:
    """Let the workflow train all fits of some files in an empty folder, and compare them.

    Parameters
    ----------
    chosen : sequence of FitFile
    plan : Plan
    config : mapping
        The config of the archive.
    again : Path
        The folder with the results that were made again: they say which training is chaotic.
    exact : bool
        Whether the environment is the same, so that each bit must be.
    seconds : float
        When the time is over, training is stopped.
    cores : str

    Returns
    -------
    findings : Findings
    trained : list of FitFile
        The files that were trained before the time was over.
    """
    findings, trained, failed = Findings(), list[FitFile](), ""
    with TemporaryDirectory(prefix="verify-") as folder:
        if chosen:
            bring_data(config, plan, {}, Path(folder))
            failed = run_workflow(
                config, Path(folder), cores, seconds, [str(each.file) for each in chosen]
            )
        for each in chosen:
            if (Path(folder) / each.file).is_file():
                trained.append(each)
                model = plan.design.registry[each.model]
                _compare(each, model, Path(folder), again, findings, exact=exact)
            else:
                findings.unchecked.append(f"{each.file}: was not trained ({failed})")
    return findings, trained


def _compare(
    each: FitFile, model: Model, folder: Path, again: Path, findings: Findings, *, exact: bool
) -> None:
    """Compare a file of fits with the one that was trained; see `train_again`."""
    stored, ours = _by_key(each.file), _by_key(folder / each.file)
    parity = again / paths.statistics("parity").format(dataset=each.dataset)
    unstable = chaotic(parity) if model.family.is_one_model else {}
    faults, ends, unexplained, largest = list[str](), 0, 0, 0.0
    for configuration in each.configurations:
        for split in each.splits:
            key = (configuration.name, *split.key)
            name = each.name_of(configuration.name, split)
            if key not in stored:
                faults.append(f"{name}: missing")
                continue
            one, other = stored[key], ours[key]
            differing = _differing(one, other, model, exact=exact)
            difference = _largest(one["probabilities"], other["probabilities"])
            if not differing:
                largest = max(largest, difference)
            elif not exact and configuration.name in unstable:
                ends += 1
                if not _begin_alike(one, other, unstable[configuration.name]):
                    faults.append(
                        f"{name}: trained again, its costs differ before rounding decides"
                    )
            elif not exact and model.family.is_one_model and not parity.is_file():
                unexplained += 1
            else:
                faults.append(
                    f"{name}: trained again, it has other {', '.join(differing)}; a probability "
                    f"differs by {difference:.2g}"
                )
    agree = "the same to the last bit" if largest == 0 else f"to within {largest:.1e}"
    result = f"{len(faults):,} faults" if faults else agree
    findings.faults += faults
    findings.done.append(f"{each.file}: {each.fits:,} fits, {result}")
    if ends:
        findings.unchecked.append(
            f"{each.file}: the ends of {ends:,} fits, which train chaotically"
        )
    if unexplained:
        findings.unchecked.append(
            f"{each.file}: {unexplained:,} fits that differ; with one implementation of the "
            "network, nothing shows whether their training is chaotic"
        )
        findings.partly.append(f"not {unexplained:,} fits that differ, and may be chaotic")


def _differing(
    one: Mapping[Any, Any], other: Mapping[Any, Any], model: Model, *, exact: bool
) -> list[str]:
    """Return the columns in which two fits differ by more than they may."""
    if exact:
        return [key for key in COMPARED if not _same(one[key], other[key])]
    ends = ENDS if model.family.is_one_model else ("status",)  # steps are of rounding, too
    numbers = ("probabilities", *COSTS)
    return [key for key in ends if not _same(one[key], other[key])] + [
        key for key in numbers if not _largest(one[key], other[key]) <= PARITY
    ]


def _begin_alike(one: Mapping[Any, Any], other: Mapping[Any, Any], epoch: int) -> bool:
    """Return whether two learning curves agree up to an epoch."""
    points = int((np.asarray(other["curve_epochs"]) < epoch).sum())
    return all(_largest(one[key][:points], other[key][:points]) <= PARITY for key in COSTS)


def _by_key(file: Path) -> dict[tuple[Any, ...], Mapping[Any, Any]]:
    """Return the fits of a file by their configurations and the keys of their splits."""
    rows: dict[tuple[Any, ...], Mapping[Any, Any]] = {}
    for inner in (False, True):
        for row in read_fits([file], inner=inner).to_dict("records"):
            name = row["configuration"] if isinstance(row["configuration"], str) else None
            at = [row[part] - 1 for part in ("repeat", "fold", *(["inner"] if inner else []))]
            rows[name, *map(int, at)] = row  # as `Split.key` has it
    return rows


def _same(one: Any, other: Any) -> bool:
    """Return whether two values of a fit are the same to the last bit."""
    if isinstance(other, np.ndarray):
        flat = np.ascontiguousarray(other).ravel()
        return np.asarray(one, dtype=flat.dtype).tobytes() == flat.tobytes()
    return bool(one == other) or (_is_missing(one) and _is_missing(other))


def _is_missing(value: Any) -> bool:
    return value is None or value != value


def _largest(one: Any, other: Any) -> float:
    """Return the largest difference of two arrays, that of a number above 1 relative to it.

    It is 1 if they are of other shapes, or only one has a finite number in some place.
    """
    if np.shape(one) != np.shape(other) or (np.isfinite(one) != np.isfinite(other)).any():
        return 1.0
    finite = np.isfinite(one)
    one, other = np.asarray(one)[finite], np.asarray(other)[finite]
    return float((abs(one - other) / np.fmax(1.0, abs(other))).max(initial=0.0))
