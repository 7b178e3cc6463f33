"""The comparison of the implementations of the network.

They compute the same numbers, up to rounding. Where training is chaotic, rounding errors grow with
every update, and the ends differ. So the *steps* are compared: from the same parameters, each epoch
of each fit of another implementation must equal the hand-written one, as far as rounding in
float64 explains. `backprop.network.lockstep` does it while the fit is trained. TensorFlow trains
all fits, if the config names it, and `plain` a few epochs of some, see
`backprop.statistics.by_plain`.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from backprop.models.registry import is_network, the_network
from backprop.statistics.tables import Agreement
from backprop.typing import Array, Integers

PARITY = 1e-10  # ends and costs agree if no difference is larger

OTHERS = ("tensorflow", "plain")
"""The implementations that are compared with the stack."""

KEYS = ["configuration", "repeat", "fold"]
STEPS = ("step_ratio", "step_epoch", "start_cost")
COLUMNS = (
    "model", *KEYS, "status", "probabilities", "curve_epochs", "train_cost", "test_cost", *STEPS,
)  # fmt: skip
"""The columns that these functions need of the files of fits."""

BY_PLAIN = (*KEYS, *STEPS)
"""The columns that they need of the fits of plain."""


def base_of(fits: pd.DataFrame) -> str:
    """Return the implementation whose fits the report shows: scratch, if it is among them."""
    return the_network(fits["model"].unique())[0]


def compare_fits(fits: pd.DataFrame, by_plain: pd.DataFrame) -> pd.DataFrame:
    """Compare the implementations of the network: a row per fit of the one that the report shows.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`, with `COLUMNS`: the fits of scratch, of tensorflow,
        or of both.
    by_plain : DataFrame
        From `backprop.statistics.by_plain.train_plain`, with `BY_PLAIN`: some of the fits.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; diverged, whether the fit did; recorded, the last epoch of its
        learning curves; steps and wrong_from of `compare_steps`, with the name of the other
        implementation in front; and if both scratch and tensorflow have fits, tensorflow and
        epochs, the difference and the epochs of `compare_ends`. What is not compared is missing.
    """
    base = base_of(fits)
    own, tensorflow = (fits[fits["model"] == model] for model in (base, "tensorflow"))
    table = own[KEYS].assign(
        diverged=own["status"] == "diverged",
        recorded=[epochs[-1] for epochs in own["curve_epochs"]],
    )
    ends = compare_ends(own, tensorflow if base != "tensorflow" else tensorflow[:0])
    pairs = [ends.rename(columns={"difference": "tensorflow"})]
    for model, others in zip(OTHERS, (tensorflow, by_plain), strict=True):
        steps = compare_steps(own, others)
        pairs.append(steps.rename(columns={n: f"{model}_{n}" for n in ("steps", "wrong_from")}))
    for each in pairs:
        table = table.merge(each, how="left", on=KEYS)
    return table


def compare_steps(fits: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Say of each fit in `others` whether it began as a fit in `fits`, and each step agreed.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; steps, the largest difference after an epoch from the same
        parameters, as a share of what rounding explains; wrong_from, the first epoch in which it
        was above 1, or 1 if the fits do not start alike: missing if there is none.
    """
    pairs = fits[[*KEYS, "train_cost"]].merge(others[[*BY_PLAIN]], on=KEYS)
    steps = pairs["step_ratio"].fillna(np.inf).astype(float)
    starts = [costs[0] for costs in pairs["train_cost"]], pairs["start_cost"]
    apart = _cost_differences(*(np.asarray(each, dtype=float) for each in starts)) > PARITY
    first = pairs["step_epoch"].fillna(1).astype(float)
    wrong_from = np.where(apart, 1, np.where(steps > 1, first, np.nan))
    return pairs[KEYS].assign(steps=steps, wrong_from=wrong_from)


def compare_ends(fits: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Compare how fits end with the fits in `others` of the same configurations and splits.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; difference, the largest of an out-of-fold probability: missing
        if both fits diverged, 1 if one did; epochs, the last one of the learning curves up to which
        all costs agree to `PARITY`: 0 if there is none, infinity if all agree.
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
    return pairs[KEYS].assign(
        difference=np.where(diverged[0] != diverged[1], 1.0, difference),
        epochs=np.array(epochs, dtype=float),
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
        rounding explains, or an implementation that has fits has none of this configuration); fits,
        diverged (the number of fits that diverged); and of all fits, the largest difference of
        tensorflow, the largest steps and the first wrong_from of each implementation, and the
        smallest epochs, as far as they are recorded. What is not compared is missing.
    """
    grouped = compared.groupby("configuration", sort=False)
    table = grouped.agg(
        fits=("diverged", "size"),
        diverged=("diverged", "sum"),
        tensorflow=("tensorflow", "max"),
        **{f"{model}_steps": (f"{model}_steps", "max") for model in OTHERS},
        **{f"{model}_wrong_from": (f"{model}_wrong_from", "min") for model in OTHERS},
        epochs=("epochs", "min"),
        recorded=("recorded", "max"),
    )
    recorded = table.pop("recorded").where(table["epochs"].notna())
    table["epochs"] = np.fmin(table["epochs"], recorded).astype("Int64")
    wrong = table[[f"{model}_wrong_from" for model in OTHERS]].notna().any(axis=1)
    without = table[[f"{model}_steps" for model in OTHERS]].isna()
    wrong |= without.loc[:, ~without.all()].any(axis=1)
    state = np.select([wrong, table["tensorflow"] > PARITY], ["differs", "chaotic"], "agrees")
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
