"""Level 3 of `make verify`: a share of the fits, drawn by a seed, trained again and compared."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from backprop.workflow.archive.comparing import (
    begin_alike,
    chaotic,
    differing_fit,
    largest_difference,
)
from backprop.workflow.archive.contents import Findings
from backprop.workflow.archive.remaking import run_workflow
from backprop.workflow.archive.sound_fits import FitFile
from backprop.workflow.plan import Plan

Fit = Mapping[str, Any]
"""A row of a file of fits."""


def draw(
    files: Sequence[FitFile], folder: Path, *, share: float, seed: int
) -> list[tuple[FitFile, list[Fit]]]:
    """Take a share of all fits out of their files, but one at least; each has the same chance.

    Returns
    -------
    list of (FitFile, list of mapping)
        The fits that were taken out. A run in the folder trains them, and keeps the others.
    """
    tables = [pq.read_table(folder / each.file) for each in files]
    owner = np.repeat(np.arange(len(files)), [len(table) for table in tables])
    order = np.random.default_rng(seed).permutation(len(owner))
    is_drawn = np.zeros(len(owner), dtype=bool)
    is_drawn[order[: max(1, math.ceil(share * len(owner)))]] = True
    drawn = []
    for place, (each, table) in enumerate(zip(files, tables, strict=True)):
        own = is_drawn[owner == place]
        if own.any():
            drawn.append((each, table.filter(own).to_pylist()))
            pq.write_table(table.filter(~own), folder / each.file)
    return drawn


def train_again(
    drawn: Sequence[tuple[FitFile, Sequence[Fit]]],
    plan: Plan,
    config: Mapping[str, Any],
    folder: Path,
    findings: Findings,
    *,
    exact: bool,
    cores: str,
) -> int:
    """Let the workflow train drawn fits again, and compare them with those of the archive.

    Parameters
    ----------
    drawn : sequence of (FitFile, sequence of mapping)
        From `draw`.
    plan : Plan
    config : mapping
        The config of the archive.
    folder : Path
        That of the other fits, and of the results that follow from all.
    findings : Findings
        What is found is added to them.
    exact : bool
        Whether the environment is the same, so that each bit must be.
    cores : str

    Returns
    -------
    int
        How many were trained.
    """
    number = 0
    failed = run_workflow(config, folder, cores, [str(each.file) for each, _ in drawn])
    for each, fits in drawn:
        rows = pq.read_table(folder / each.file).to_pylist()
        trained = {row["fingerprint"]: row for row in rows}
        pairs = [(f, trained[key]) for f in fits if (key := f["fingerprint"]) in trained]
        if missing := len(fits) - len(pairs):
            findings.doubtful.append(f"{each.file}: {missing:,} fits were not trained ({failed})")
        _compare(each, pairs, plan, folder, findings, exact=exact)
        number += len(pairs)
    return number


def _compare(
    each: FitFile,
    pairs: Sequence[tuple[Fit, Fit]],
    plan: Plan,
    folder: Path,
    findings: Findings,
    *,
    exact: bool,
) -> None:
    """Compare fits of a file of the archive with the same fits, trained again."""
    model, unstable = plan.design.registry[each.model], chaotic(folder, each.dataset)
    faults, doubtful, largest = list[str](), 0, 0.0
    for one, other in pairs:
        differing = differing_fit(one, other, model, exact=exact)
        difference = largest_difference(one["probabilities"], other["probabilities"])
        # The epoch up to which all costs agree, if the training may be chaotic.
        epoch = 0 if unstable is None else unstable.get(one["configuration"])
        if not differing:
            largest = max(largest, difference)
        elif exact or not model.family.is_one_model or epoch is None:
            text = f"other {', '.join(differing)}; a probability differs by {difference:.2g}"
            faults.append(f"{_named(one)}: trained again, it has {text}")
        elif begin_alike(one, other, epoch):
            doubtful += 1
        else:
            faults.append(f"{_named(one)}: its costs differ before rounding decides")
    agree = "the same to the last bit" if largest == 0 else f"to within {largest:.1e}"
    findings.done.append(f"{each.file}: {len(pairs):,} fits, {len(faults) or agree}")
    findings.faults += [f"{each.file}: {fault}" for fault in faults]
    if doubtful:
        why = (
            "chaotic; with one implementation, nothing shows it" if unstable is None else "chaotic"
        )
        findings.doubtful.append(
            f"{each.file}: {doubtful:,} fits that differ, as their training may be {why}"
        )


def _named(row: Fit) -> str:
    """Return what messages call a fit."""
    inner = "" if row["inner"] is None else f", inner fold {row['inner']}"
    return f"{row['configuration']}, repeat {row['repeat']}, fold {row['fold']}{inner}"
