"""The comparison of the implementations of the network.

They compute the same numbers, up to rounding. Where training is chaotic, rounding errors grow with
every update, and no fixed bar tells chaos from a mistake. A *twin* does, see
`backprop.models.twins`: it differs from the hand-written network by rounding only.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from backprop.errors import BackpropError
from backprop.models.registry import is_network
from backprop.statistics.tables import Agreement
from backprop.study.fits import read_fits
from backprop.typing import Array, Integers

PARITY = 1e-10  # differences of probabilities up to this are rounding, in any configuration

ALLOWANCE = 1000
"""Chaos explains a difference up to this times the largest difference of a twin. Differences grow
exponentially, so they are compared by their orders of magnitude. In the grid of 420 configurations
of config.yaml, 129 are chaotic. TensorFlow's largest difference is within a factor of 3 of the
twin's in 108 of them, within 100 in 128, and in one the twin's is 9,000 times as large."""

KEYS = ["configuration", "repeat", "fold"]
COLUMNS = (
    "model", *KEYS, "hyperparameters", "status", "probabilities", "curve_epochs", "train_cost",
    "test_cost",
)  # fmt: skip
"""The columns that these functions need of the files of fits."""

TWINS = 5
"""The largest number of twins of a fit: the next is trained only if those before do not explain the
difference. Of 2,760 fits of that grid, each judged alone, one twin leaves 16, and five leave 3."""

MARKED = {
    "configurations": "configuration",
    "comparison": "configuration",
    "effects": "configuration",
    "tuning": "best",
    "nested": "chosen",
}
"""The tables that say which configurations of networks are chaotic, and their column with them."""

NAMED = 5  # configurations that a message names


def compare_files(files: Iterable[Path]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare files of fits of the three implementations, one shape at a time.

    Returns
    -------
    compared : DataFrame
        As `compare_fits` returns it.
    differing : DataFrame
        The fits of scratch from which another implementation differs by more than `PARITY`, at
        the end or in a cost.
    """
    shapes: dict[str, list[Path]] = {}
    for file in files:
        shapes.setdefault(file.name, []).append(file)
    tables = []
    for of_shape in shapes.values():
        fits = read_fits(of_shape, columns=COLUMNS)
        compared = compare_fits(fits)
        at_the_end = (compared[["tensorflow", "plain"]] > PARITY).any(axis=1)
        differ = at_the_end | (compared["epochs"] < compared["recorded"])
        scratch = fits[fits["model"] == "scratch"]
        tables.append((compared, scratch.merge(compared.loc[differ, KEYS], on=KEYS)))
    every, differing = zip(*tables, strict=True)
    return pd.concat(every, ignore_index=True), pd.concat(differing, ignore_index=True)


def compare_fits(fits: pd.DataFrame) -> pd.DataFrame:
    """Compare the three implementations of the network: a row per fit of scratch.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`, with `COLUMNS`: those of scratch, of tensorflow, and
        of plain for some configurations and splits.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; diverged, whether that of scratch did; recorded, the last epoch
        of its learning curves; and, as in `compare_fit_by_fit`: tensorflow and plain, the
        differences, missing where they have no fit; the smaller epochs; the larger costs.
    """
    scratch = fits[fits["model"] == "scratch"]
    table = scratch[KEYS].assign(
        diverged=scratch["status"] == "diverged",
        recorded=[epochs[-1] for epochs in scratch["curve_epochs"]],
        epochs=np.inf,
        costs=_column([np.empty(0)] * len(scratch), scratch.index),
    )
    for model in ("tensorflow", "plain"):
        pairs = compare_fit_by_fit(scratch, fits[fits["model"] == model])
        pairs = pairs.rename(columns={"difference": model})
        table = table.merge(pairs, how="left", on=KEYS, suffixes=("", "_of_other"))
        table["epochs"] = np.fmin(table["epochs"], table.pop("epochs_of_other"))
        both = zip(table["costs"], table.pop("costs_of_other"), strict=True)
        largest = [_envelope(each for each in pair if np.ndim(each)) for pair in both]
        table["costs"] = _column(largest, table.index)
    return table


def compare_fit_by_fit(fits: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Compare fits with those of the same configurations and splits that `others` has.

    Returns
    -------
    DataFrame
        configuration, repeat, fold; difference, the largest of an out-of-fold probability: missing
        if both fits diverged, 1 if one did; epochs, the last one of the learning curves up to which
        all costs agree to `PARITY`: 0 if there is none, infinity if all agree; costs, the largest
        difference of a cost at each of these epochs: an array. That of a cost above 1 is relative
        to it, and none is above 1.
    """
    pairs = fits.merge(others, on=KEYS, suffixes=("", "_of_other"))
    difference = _largest_differences(pairs["probabilities"], pairs["probabilities_of_other"])
    diverged = [pairs[name] == "diverged" for name in ("status", "status_of_other")]
    costs = [
        pairs[[f"train_cost{suffix}", f"test_cost{suffix}"]].itertuples(index=False)
        for suffix in ("", "_of_other")
    ]
    of_curves = [
        _compare_curves(epochs, np.stack(one), np.stack(other))
        for epochs, one, other in zip(pairs["curve_epochs"], *costs, strict=True)
    ]
    return pairs[KEYS].assign(
        difference=np.where(diverged[0] != diverged[1], 1.0, difference),
        epochs=np.array([epochs for epochs, _ in of_curves]),
        costs=_column([costs for _, costs in of_curves], pairs.index),
    )


def explain(
    compared: pd.DataFrame, differing: pd.DataFrame, train: Callable[..., pd.DataFrame]
) -> pd.DataFrame:
    """Train twins until they explain each difference, or `TWINS` of each fit.

    Parameters
    ----------
    compared, differing : DataFrame
        From `compare_files`.
    train : callable
        ``train(fits, number=number)`` returns the fits of twins, see `backprop.models.twins`.

    Returns
    -------
    DataFrame
        A row per twin: the columns of `compare_fit_by_fit`, with the costs as a text of numbers,
        and the number of the twin, from 1.
    """
    twins = _written(compare_fit_by_fit(differing[:0], differing[:0]), 0)
    for number in range(1, TWINS + 1):
        table = compare_implementations(compared, twins)
        unexplained = table.loc[table["state"] == "unexplained", "configuration"]
        fits = differing[differing["configuration"].isin(unexplained)]
        if fits.empty:
            break
        more = _written(compare_fit_by_fit(fits, train(fits, number=number)), number)
        twins = more if twins.empty else pd.concat([twins, more], ignore_index=True)
    return twins


def compare_implementations(compared: pd.DataFrame, twins: pd.DataFrame) -> pd.DataFrame:
    """Say of each configuration whether its implementations agree, or why not.

    Parameters
    ----------
    compared : DataFrame
        From `compare_fits`.
    twins : DataFrame
        From `explain`.

    Returns
    -------
    DataFrame
        A row per configuration: configuration, fits, diverged (the number of diverged fits of
        scratch); tensorflow, plain and twin, the largest differences; bar, the largest one that is
        explained; epochs, up to which all costs of all fits agree, as far as they are recorded;
        state: ``agrees``, ``chaotic`` (the twin differs as much, see `ALLOWANCE`) or
        ``unexplained``. It is so, too, if a cost of a recorded epoch differs by more than `PARITY`,
        and no twin has differed as much up to that epoch.
    """
    grouped = compared.groupby("configuration", sort=False)
    table = grouped.agg(
        fits=("diverged", "size"),
        diverged=("diverged", "sum"),
        tensorflow=("tensorflow", "max"),
        plain=("plain", "max"),
    )
    of_twins = twins.groupby("configuration")["difference"].max().reindex(table.index)
    table["twin"] = of_twins
    table["bar"] = (ALLOWANCE * of_twins).fillna(PARITY).clip(lower=PARITY, upper=1)
    epochs, recorded = grouped["epochs"].min(), grouped["recorded"].max()
    table["epochs"] = np.minimum(epochs, recorded).astype(int)
    largest = table[["tensorflow", "plain"]].max(axis=1)
    compared_at_all = table["tensorflow"].notna() | (table["diverged"] == table["fits"])
    agrees, explained = compared_at_all & ~(largest > PARITY), largest <= table["bar"]
    state = np.select([agrees, explained], ["agrees", "chaotic"], "unexplained")
    state[~_costs_explained(compared, twins)] = "unexplained"
    table.insert(0, "state", state)
    return table.reset_index()


def _costs_explained(compared: pd.DataFrame, twins: pd.DataFrame) -> pd.Series:
    """Return of each configuration whether its twins explain the differences of all costs.

    At each recorded epoch, the largest difference of a twin so far counts.
    """
    grouped = twins.groupby("configuration")["costs"]
    of_twins = {name: _envelope(map(_read, texts)) for name, texts in grouped}
    explained = {}
    for name, costs in compared.groupby("configuration", sort=False)["costs"]:
        largest = _envelope(costs)
        of_twin = _envelope([np.zeros(len(largest)), of_twins.get(name, np.empty(0))])
        bar = np.maximum(ALLOWANCE * np.maximum.accumulate(of_twin), PARITY)
        explained[name] = bool((largest <= bar[: len(largest)]).all())
    return pd.Series(explained)


class Summary(NamedTuple):
    """What the rows of `compare_implementations` show together.

    Attributes
    ----------
    configurations, agreeing, chaotic : int
        How many there are in all, and in each state.
    largest : float
        The largest difference of those that agree; NaN if every fit diverged.
    early : int
        The chaotic ones in which costs differ within the first epoch.
    until : int
        The epoch up to which all costs of all chaotic ones agree; 0 if there are none.
    """

    configurations: int
    agreeing: int
    chaotic: int
    largest: float
    early: int
    until: int


def summarise(rows: Sequence[Agreement]) -> Summary:
    """Return what rows of `compare_implementations` show together; none is unexplained."""
    agreeing = [row for row in rows if row.state == "agrees"]
    epochs = [row.epochs for row in rows if row.state == "chaotic"]
    differences = [each for row in agreeing for each in (row.tensorflow, row.plain)]
    return Summary(
        configurations=len(rows),
        agreeing=len(agreeing),
        chaotic=len(epochs),
        largest=max((each for each in differences if each is not None), default=math.nan),
        early=epochs.count(0),
        until=min(epochs, default=0),
    )


def refuse_unexplained(table: pd.DataFrame) -> None:
    """Refuse a table of `compare_implementations` with a difference that nothing explains.

    Raises
    ------
    BackpropError
        With a line for each such configuration: the differences, and that of its twin.
    """
    unexplained = table[table["state"] == "unexplained"]
    if unexplained.empty:
        return
    lines = [
        f"  {row.configuration}: tensorflow {row.tensorflow:.2g}, plain {row.plain:.2g}, "
        f"a twin of scratch {row.twin:.2g}; costs agree up to epoch {row.epochs}"
        for row in unexplained[:NAMED].itertuples()
    ]
    if len(unexplained) > NAMED:
        lines.append(f"  and {len(unexplained) - NAMED} more")
    raise BackpropError(
        "the implementations of the network do not compute the same, and rounding does not explain "
        "it; the largest differences of a probability from scratch:\n" + "\n".join(lines)
    )


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


def _compare_curves(epochs: Integers, costs: Array, costs_of_other: Array) -> tuple[float, Array]:
    """Return `epochs` and `costs` of `compare_fit_by_fit` for costs of shape (2, points).

    Costs that are not finite are equal. One of the two may have fewer points.
    """
    points = min(costs.shape[1], costs_of_other.shape[1])
    one, other = costs[:, :points], costs_of_other[:, :points]
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.abs(one - other) / np.fmax(1.0, np.abs(other))
    finite = np.isfinite(one), np.isfinite(other)
    difference[finite[0] != finite[1]] = np.inf
    difference[~finite[0] & ~finite[1]] = 0.0
    largest = difference.max(axis=0)
    differs = np.append(largest > PARITY, costs.shape != costs_of_other.shape)
    until = epochs[differs.argmax() - 1] if differs.argmax() else 0
    return float(until) if differs.any() else np.inf, np.minimum(largest, 1.0)


def _envelope(curves: Iterable[Array]) -> Array:
    """Return the largest of some curves at each point; one that has ended counts as 0."""
    curves = list(curves)
    largest = np.zeros(max(map(len, curves), default=0))
    for curve in curves:
        largest[: len(curve)] = np.maximum(largest[: len(curve)], curve)
    return largest


def _column(cells: Sequence[Any], index: pd.Index) -> pd.Series:
    """Return a column of arrays or texts; it may be empty."""
    return pd.Series(cells, dtype=object, index=index)


def _written(twins: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return a table of `compare_fit_by_fit` as `explain` has it: orders of magnitude matter."""
    texts = [" ".join(f"{cost:.3g}" for cost in costs) for costs in twins["costs"]]
    return twins.assign(costs=_column(texts, twins.index), twin=number)


def _read(costs: str | float) -> Array:
    """Return the costs of a row of `explain`; a text of one number is read from a file as one."""
    return np.array(str(costs).split(), dtype=float)


def _largest_differences(ones: Iterable[Array], others: Iterable[Array]) -> Array:
    """Return the largest difference of each pair of arrays; NaN where none is a finite number."""
    ones = list(ones)
    if not ones:
        return np.empty(0)
    difference = np.abs(np.concatenate(ones) - np.concatenate(list(others)))
    difference[~np.isfinite(difference)] = np.nan
    starts = np.cumsum([0, *map(len, ones[:-1])])
    return np.fmax.reduceat(difference, starts)
