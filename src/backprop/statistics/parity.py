"""The comparison of the implementations of the network.

They compute the same numbers, up to rounding. Where training is chaotic, rounding errors grow with
every update, and the ends differ. So the *steps* are compared: from the same parameters, each epoch
of each fit of another implementation must equal the hand-written one, as far as rounding in
float64 explains. `backprop.network.lockstep` does it while the fit is trained.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.models.registry import MODELS, is_network, network_models
from backprop.statistics.tables import Agreement
from backprop.study.fits import read_fits
from backprop.typing import Array, Integers

PARITY = 1e-10  # ends and costs agree if no difference is larger

OTHERS = tuple(model for model in network_models(MODELS) if MODELS[model].is_checked)
"""The implementations that are compared with scratch."""

KEYS = ["configuration", "repeat", "fold"]
COLUMNS = (
    "model", *KEYS, "status", "probabilities", "curve_epochs", "train_cost", "test_cost",
    "step_ratio", "step_epoch", "start_cost",
)  # fmt: skip
"""The columns that these functions need of the files of fits."""


def compare_files(files: Iterable[Path]) -> pd.DataFrame:
    """Compare files of fits of the three implementations, one shape at a time.

    Returns
    -------
    DataFrame
        A row per fit of scratch, as `compare_fits` returns it.
    """
    shapes: dict[str, list[Path]] = {}
    for file in files:
        shapes.setdefault(file.name, []).append(file)
    tables = [compare_fits(read_fits(each, columns=COLUMNS)) for each in shapes.values()]
    return pd.concat(tables, ignore_index=True)


def compare_fits(fits: pd.DataFrame) -> pd.DataFrame:
    """Compare the three implementations of the network: a row per fit of scratch.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`, with `COLUMNS`: the fits of scratch, of tensorflow,
        and of plain for some configurations and splits.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; diverged, whether scratch did; recorded, the last epoch
        of its learning curves; the smaller epochs of `compare_fit_by_fit`; and of tensorflow and
        plain, missing where they have no fit: the difference by the name of the implementation, and
        steps and wrong_from with this name in front.
    """
    scratch = fits[~fits["model"].isin(OTHERS)]
    table = scratch[KEYS].assign(
        diverged=scratch["status"] == "diverged",
        recorded=[epochs[-1] for epochs in scratch["curve_epochs"]],
        epochs=np.inf,
    )
    for model in OTHERS:
        pairs = compare_fit_by_fit(scratch, fits[fits["model"] == model])
        names = {"difference": model, **{n: f"{model}_{n}" for n in ("steps", "wrong_from")}}
        pairs = pairs.rename(columns=names)
        table = table.merge(pairs, how="left", on=KEYS, suffixes=("", "_of_other"))
        table["epochs"] = np.fmin(table["epochs"], table.pop("epochs_of_other"))
    return table


def compare_fit_by_fit(fits: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Compare fits of scratch with the fits in `others` of the same configurations and splits.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; difference, the largest of an out-of-fold probability: missing
        if both fits diverged, 1 if one did; epochs, the last one of the learning curves up to which
        all costs agree to `PARITY`: 0 if there is none, infinity if all agree; steps, the largest
        difference after an epoch from the same parameters, as a share of what rounding explains;
        wrong_from, the first epoch in which it was above 1, or 1 if the fits do not start alike:
        missing if there is none.
    """
    pairs = fits.merge(others, on=KEYS, suffixes=("", "_of_other"))
    difference = _largest_differences(pairs["probabilities"], pairs["probabilities_of_other"])
    diverged = [pairs[name] == "diverged" for name in ("status", "status_of_other")]
    costs = [
        pairs[[f"train_cost{suffix}", f"test_cost{suffix}"]].itertuples(index=False)
        for suffix in ("", "_of_other")
    ]
    epochs = [
        _agreeing_epochs(epochs, np.stack(one), np.stack(other))
        for epochs, one, other in zip(pairs["curve_epochs"], *costs, strict=True)
    ]
    steps = pairs["step_ratio_of_other"].fillna(np.inf).astype(float)
    starts = np.array([costs[0] for costs in pairs["train_cost"]]), pairs["start_cost_of_other"]
    apart = _cost_differences(*(np.asarray(each, dtype=float) for each in starts)) > PARITY
    first = pairs["step_epoch_of_other"].fillna(1).astype(float)
    return pairs[KEYS].assign(
        difference=np.where(diverged[0] != diverged[1], 1.0, difference),
        epochs=np.array(epochs, dtype=float),
        steps=steps,
        wrong_from=np.where(apart, 1, np.where(steps > 1, first, np.nan)),
    )


def compare_implementations(compared: pd.DataFrame) -> pd.DataFrame:
    """Say of each configuration whether its implementations agree, or why not.

    Parameters
    ----------
    compared : DataFrame
        From `compare_fits`.

    Returns
    -------
    DataFrame
        A row per configuration: configuration; state: ``agrees``, ``chaotic`` (each step agrees,
        and an end differs by more than `PARITY`) or ``differs`` (a step differs by more than
        rounding explains, or TensorFlow has no fit); fits, diverged (the number of diverged fits of
        scratch); and of all fits, the largest differences of tensorflow and plain and of their
        steps, the first wrong_from, and the smallest epochs, as far as they are recorded.
    """
    grouped = compared.groupby("configuration", sort=False)
    table = grouped.agg(
        fits=("diverged", "size"),
        diverged=("diverged", "sum"),
        **{model: (model, "max") for model in OTHERS},
        **{f"{model}_steps": (f"{model}_steps", "max") for model in OTHERS},
        **{f"{model}_wrong_from": (f"{model}_wrong_from", "min") for model in OTHERS},
        epochs=("epochs", "min"),
        recorded=("recorded", "max"),
    )
    table["epochs"] = np.minimum(table["epochs"], table.pop("recorded")).astype(int)
    wrong = table[[f"{model}_wrong_from" for model in OTHERS]].notna().any(axis=1)
    wrong |= table["tensorflow_steps"].isna()
    apart = (table[[*OTHERS]] > PARITY).any(axis=1)
    state = np.select([wrong, apart], ["differs", "chaotic"], "agrees")
    table.insert(0, "state", state)
    return table.reset_index()


def in_state(rows: Sequence[Agreement], state: str) -> list[Agreement]:
    """Return the rows of `compare_implementations` that are in a state."""
    return [row for row in rows if row.state == state]


def mark_chaotic(table: pd.DataFrame, implementations: pd.DataFrame, column: str) -> pd.DataFrame:
    """Add a column ``chaotic`` to a table: whether a network trains chaotically.

    Parameters
    ----------
    table : DataFrame
        With a column ``model``.
    implementations : DataFrame
        From `compare_implementations`.
    column : str
        The column of the table with the name of a configuration.
    """
    chaotic = implementations.loc[implementations["state"] == "chaotic", "configuration"]
    networks = table["model"].map(is_network).astype(bool)
    return table.assign(chaotic=networks & table[column].isin(chaotic))


def _agreeing_epochs(epochs: Integers, costs: Array, costs_of_other: Array) -> float:
    """Return `epochs` of `compare_fit_by_fit` for costs of shape (2, points).

    One of the two may have fewer points.
    """
    points = min(costs.shape[1], costs_of_other.shape[1])
    largest = _cost_differences(costs[:, :points], costs_of_other[:, :points]).max(axis=0)
    differs = np.append(largest > PARITY, costs.shape != costs_of_other.shape)
    until = epochs[differs.argmax() - 1] if differs.argmax() else 0
    return float(until) if differs.any() else np.inf


def _cost_differences(costs: Array, others: Array) -> Array:
    """Return the differences of costs, relative above 1; two that are not finite agree."""
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.asarray(np.abs(costs - others) / np.fmax(1.0, np.abs(others)))
    finite = np.isfinite(costs), np.isfinite(others)
    difference[finite[0] != finite[1]] = np.inf
    difference[~finite[0] & ~finite[1]] = 0.0
    return difference


def _largest_differences(ones: Iterable[Array], others: Iterable[Array]) -> Array:
    """Return the largest difference of each pair of arrays; NaN where none is a finite number."""
    ones = list(ones)
    if not ones:
        return np.empty(0)
    difference = np.abs(np.concatenate(ones) - np.concatenate(list(others)))
    difference[~np.isfinite(difference)] = np.nan
    starts = np.cumsum([0, *map(len, ones[:-1])])
    return np.fmax.reduceat(difference, starts)
