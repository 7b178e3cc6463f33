"""The check of the network by `backprop.network.plain`, in every run.

It trains one sample at a time, and so can take longer for one fit than a stack for fifty. It
trains one fit of each configuration, in the first epochs and in one more after the last. A decision
by time would make results depend on the machine, so the numbers of epochs and rows are fixed.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.families import NETWORK
from backprop.models.networks import train_fits
from backprop.network import plain
from backprop.statistics.parity import BY_PLAIN, COLUMNS, KEYS, base_of, compare_fits
from backprop.study.fits import read_fits
from backprop.study.splits import Split

EPOCHS = 2  # the first: what an optimiser remembers of an epoch counts in the next one
ROWS = 500  # of a training set, and of a test set, at most
PARAMETERS = ("hyperparameters", "parameters", "epochs")


def compare_files(
    files: Iterable[Path], dataset: Dataset, splits: Sequence[Split], *, seed: int
) -> pd.DataFrame:
    """Compare files of fits of the implementations, one shape at a time.

    Parameters
    ----------
    files : iterable of Path
    dataset : Dataset
    splits : sequence of Split
        The outer ones.
    seed : int
        The seed of the study.

    Returns
    -------
    DataFrame
        A row per fit of the network, as `backprop.statistics.parity.compare_fits` returns it.
    """
    shapes: dict[str, list[Path]] = {}
    for file in files:
        shapes.setdefault(file.name, []).append(file)
    tables = []
    for own in shapes.values():
        fits = read_fits(own, columns={*COLUMNS, *PARAMETERS})
        tables.append(compare_fits(fits, train_plain(fits, dataset, splits, seed=seed)))
    return pd.concat(tables, ignore_index=True)


def train_plain(
    fits: pd.DataFrame, dataset: Dataset, splits: Sequence[Split], *, seed: int
) -> pd.DataFrame:
    """Train the network of each configuration by `plain`, on the smallest split, in lockstep.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`, with `parity.COLUMNS` and `PARAMETERS`.
    dataset, splits, seed
        As in `compare_files`.

    Returns
    -------
    DataFrame
        `parity.BY_PLAIN`, a row for each configuration.
    """
    split = min(splits, key=lambda each: each.train.size)
    is_own = (fits["repeat"] == split.repeat + 1) & (fits["fold"] == split.fold + 1)
    own = fits[is_own & (fits["model"] == base_of(fits))]
    # Evenly over the rows, which may be sorted by class.
    train, test = (rows[:: -(-rows.size // ROWS)] for rows in (split.train, split.test))
    part = replace(split, train=train, test=test)
    configurations = [NETWORK.read(json.loads(values)) for values in own["hyperparameters"]]
    updates = [-(-split.train.size // each.shape.batch_size) for each in configurations]
    ends = zip(own["parameters"], own["epochs"] * updates, strict=True)
    in_lockstep = partial(
        train_fits, plain, [(each, part) for each in configurations], dataset, seed=seed,
        is_checked=True, encoders={split.key: Encoder.of(dataset, split.train)},
    )  # fmt: skip
    rows = []
    for row, first, last in zip(
        own.to_dict("records"),
        in_lockstep(epochs=EPOCHS),
        in_lockstep(epochs=1, starts=[*ends]),
        strict=True,
    ):
        # An epoch of fewer rows has another cost.
        is_whole = train.size == split.train.size
        steps = {
            "step_ratio": max(each.step_ratio or 0.0 for each in (first, last)),
            "step_epoch": first.step_epoch or (last.step_epoch and row["epochs"] + 1),
            "start_cost": first.start_cost if is_whole else row["train_cost"][0],
        }
        rows.append({**{key: row[key] for key in KEYS}, **steps})
    return pd.DataFrame(rows, columns=BY_PLAIN)
