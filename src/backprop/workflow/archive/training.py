"""Level 3 of `make verify`: whole files of fits, chosen by a seed, trained again and compared."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from backprop.files import canonical_json
from backprop.models.registry import MODELS
from backprop.models.twins import train_twins
from backprop.statistics.parity import PARITY, compare_fits, compare_implementations, explain
from backprop.study.fits import read_fits
from backprop.study.trained import Trained
from backprop.workflow.archive.contents import Findings, seconds_since, some_of
from backprop.workflow.archive.weights import FitFile, dataset_of
from backprop.workflow.plan import Plan

COMPARED = [each.name for each in fields(Trained) if each.name != "seconds"]
KEYS = ["configuration", "repeat", "fold"]
START = 5.0  # seconds to load a model's packages, about


class Chance(NamedTuple):
    """How much was trained again: a lottery of all fits and configurations.

    An alteration that was made without knowledge of the seed, and hits any of them alike, would
    have been noticed with the probability that its fit, or its configuration, was drawn.
    """

    fits: int
    of_fits: int
    configurations: int
    of_configurations: int

    @property
    def lines(self) -> list[str]:
        """The chances, in words."""
        return [
            f"the chance that one altered {what} would have been found: {part:,} of {whole:,}, "
            f"{part / max(whole, 1):.0%}"
            for what, part, whole in (
                ("fit", self.fits, self.of_fits),
                ("configuration", self.configurations, self.of_configurations),
            )
        ]


def choose(files: Sequence[FitFile], seed: int, seconds: float) -> list[FitFile]:
    """Choose files of fits that were trained, by what they say, within a time in seconds.

    They are drawn one after another, in an order that only the seed decides. One that does not fit
    into the time that is left is passed over.
    """
    chosen, left = [], seconds
    for place in np.random.default_rng(seed).permutation(len(files)).tolist():
        needed = START + _recorded_seconds(files[place])
        if needed <= left:
            chosen.append(files[place])
            left -= needed
    return chosen


def _recorded_seconds(each: FitFile) -> float:
    try:
        seconds = pq.read_table(each.file, columns=["seconds"])["seconds"].to_numpy()
        return float(np.clip(np.nan_to_num(seconds, nan=1e9), 0, 1e9).sum())
    except Exception:  # of any kind: the file may hold anything
        return 0.0  # level 2 names it; nothing is lost by another look


def train_again(
    chosen: Sequence[FitFile], plan: Plan, *, exact: bool, seconds: float
) -> tuple[Findings, list[FitFile]]:
    """Train all fits of some files, as the workflow does, and compare them.

    Returns
    -------
    findings : Findings
    trained : list of FitFile
        Those that were trained before the time was over.
    """
    findings, trained, began = Findings(), list[FitFile](), time.monotonic()
    for each in chosen:
        if trained and time.monotonic() - began > seconds:
            break
        start = time.monotonic()
        try:
            faults, difference = _compare(each, plan, exact=exact)
        except Exception as error:  # of any kind: the file may hold anything
            faults, difference = [f"{each.file}: cannot be trained again ({error})"], np.nan
        trained.append(each)
        findings.faults += some_of(faults)
        number = len(each.configurations) * len(each.splits)
        agree = "the same to the last bit" if difference == 0 else f"to within {difference:.1e}"
        findings.done.append(
            f"{each.file}: {number:,} fits in {seconds_since(start)}, "
            f"{f'{len(faults):,} differ' if faults else agree}"
        )
    return findings, trained


def chance(files: Sequence[FitFile], trained: Sequence[FitFile]) -> Chance:
    """Return how much of all was trained again."""

    def count(some_files: Sequence[FitFile]) -> tuple[int, int]:
        fits = sum(len(each.configurations) * len(each.splits) for each in some_files)
        return fits, sum(len(each.configurations) for each in some_files)

    (fits, configurations), (of_fits, of_configurations) = count(trained), count(files)
    return Chance(fits, of_fits, configurations, of_configurations)


def _compare(each: FitFile, plan: Plan, *, exact: bool) -> tuple[list[str], float]:
    """Train the fits of a file; return what is wrong, and the largest difference of the others."""
    model, dataset = MODELS[each.model], dataset_of(each.dataset)
    pairs = [(c, s) for c in each.configurations for s in each.splits]
    fits = model.family.train(model.implementation, pairs, dataset, **plan.design.needs(each.model))
    stored = _by_key(each)
    faults, largest, others = [], 0.0, []
    for (configuration, split), fit in zip(pairs, fits, strict=True):
        name = each.name_of(configuration.name, split)
        own = stored.get((configuration.name, *split.key))
        if own is None:
            faults.append(f"{name}: missing")
            continue
        other = [key for key in COMPARED if not _same(own[key], getattr(fit, key))]
        difference = _largest(own["probabilities"], fit.probabilities.ravel())
        if other and (exact or not difference <= PARITY):
            others.append(_row(configuration, split, fit))
            faults.append(
                f"{name}: trained again, it has other {', '.join(other)}; a probability differs "
                f"by {difference:.2g}"
            )
        else:
            largest = max(largest, difference)
    if faults and not exact and model.family.is_one_model:
        return _unexplained(each, plan, others), largest
    return faults, largest


def _by_key(each: FitFile) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    """Return the fits of a file by their configurations and the keys of their splits."""
    rows: dict[tuple[Any, ...], Mapping[str, Any]] = {}
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
    """Return the largest difference of two arrays; 1 if only one has a number in some place."""
    if np.shape(one) != np.shape(other) or (np.isfinite(one) != np.isfinite(other)).any():
        return 1.0
    return float(np.nanmax(abs(one - other), initial=0.0)) if np.isfinite(one).any() else 0.0


def _row(configuration: Any, split: Any, fit: Trained) -> dict[str, Any]:
    return {
        "configuration": configuration.name,
        "hyperparameters": canonical_json(configuration.values()),
        "repeat": split.repeat + 1,
        "fold": split.fold + 1,
        "inner": split.inner,
        **vars(fit),
        "probabilities": fit.probabilities.ravel(),
    }


def _unexplained(each: FitFile, plan: Plan, others: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the configurations of networks whose differences neither rounding nor chaos explains.

    The rule is that of the table of parity: what is stored takes the place of the other
    implementation, and twins of what was trained again show how far a rounding error grows.
    """
    again = pd.DataFrame([row for row in others if row["inner"] is None])
    if again.empty:  # inner fits have no curves, which the rule needs
        return [f"{each.file}: inner fits differ when they are trained again"]
    again = again.assign(model="scratch")
    stored = read_fits([each.file]).assign(model="tensorflow").merge(again[KEYS], on=KEYS)
    compared = compare_fits(pd.concat([again, stored], ignore_index=True))
    train = partial(
        train_twins,
        splits=[split for split in each.splits if split.inner is None],
        dataset=dataset_of(each.dataset),
        seed=plan.config["seed"],
        **plan.design.training,
    )
    table = compare_implementations(compared, explain(compared, again, train))
    return [
        f"{each.file}: {row.configuration}: trained again, a probability differs by "
        f"{row.tensorflow:.2g}; rounding explains {row.bar:.2g}"
        for row in table[table["state"] == "unexplained"].itertuples()
    ]
