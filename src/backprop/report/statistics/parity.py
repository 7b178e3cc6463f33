"""The comparison of the implementations of the network."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from backprop.typing import Array

PARITY = 1e-10  # rounding explains differences up to this between implementations of a network


def compare_implementations(fits: pd.DataFrame) -> pd.DataFrame:
    """Compare the three implementations of the network: a row per configuration.

    Parameters
    ----------
    fits : DataFrame
        From `backprop.study.fits.read_fits`: those of scratch, of tensorflow, and of plain for some
        configurations and splits.

    Returns
    -------
    DataFrame
        configuration, fits, diverged (the number of diverged fits of scratch), tensorflow and plain
        (the largest difference of their out-of-fold probabilities from those of scratch; missing
        where they have no fits), bar (the largest difference that rounding explains), agrees. They
        agree only if the same fits diverge in all of them; a diverged fit has no difference.
    """
    keys = ["configuration", "repeat", "fold"]
    columns = [*keys, "probabilities", "diverged"]
    fits = fits.assign(diverged=fits["status"] == "diverged")
    scratch = fits.loc[fits["model"] == "scratch", columns]
    by_configuration = scratch.groupby("configuration", sort=False)["diverged"]
    table = by_configuration.agg(fits="size", diverged="sum")
    agrees = pd.Series(True, index=table.index)
    for model in ("tensorflow", "plain"):
        other = fits.loc[fits["model"] == model, columns]
        pairs = scratch.merge(other, on=keys, suffixes=("", "_of_other"))
        pairs["difference"] = _largest_differences(
            pairs["probabilities"], pairs["probabilities_of_other"]
        )
        pairs["same_state"] = pairs["diverged"] == pairs["diverged_of_other"]
        grouped = pairs.groupby("configuration")
        table[model] = grouped["difference"].max()
        # Only plain may lack a configuration.
        same_states = grouped["same_state"].all().reindex(table.index, fill_value=model == "plain")
        agrees &= same_states & ~(table[model] > PARITY)
    return table.assign(bar=PARITY, agrees=agrees).reset_index()


def _largest_differences(ones: Iterable[Array], others: Iterable[Array]) -> Array:
    """Return the largest difference of each pair of arrays; NaN where none is a finite number."""
    ones = list(ones)
    if not ones:
        return np.empty(0)
    difference = np.abs(np.concatenate(ones) - np.concatenate(list(others)))
    difference[~np.isfinite(difference)] = np.nan
    starts = np.cumsum([0, *map(len, ones[:-1])])
    return np.fmax.reduceat(difference, starts)
