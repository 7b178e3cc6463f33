"""Twins of the hand-written network, whose starting weights differ from its own in the last bit.

A threshold that starts as 0 stays 0: the floats next to it do not round to it, and would switch
on a node of ReLU, whose derivative at 0 is 0.

If training is chaotic, a rounding error grows with every update. By how much, a twin shows: nothing
but rounding separates it from the network that it is a twin of.
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.models.networks import starting_layers, train_fits
from backprop.network import stacked
from backprop.network.parameters import Layer
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.typing import Array

CURVES = ("curve_epochs", "train_cost", "test_cost")


def train_twins(
    fits: pd.DataFrame,
    splits: Sequence[Split],
    dataset: Dataset,
    *,
    number: int,
    seed: int,
    **stop: Any,
) -> pd.DataFrame:
    """Train a twin of each of some fits.

    Parameters
    ----------
    fits : DataFrame
        Of scratch, from `backprop.study.fits.read_fits`: their configurations and splits count.
    splits : sequence of Split
        All splits of the study.
    number : int
        Which twin: a fit has any number of them.
    dataset, seed, **stop
        As `backprop.models.networks.train_fits` takes them.

    Returns
    -------
    DataFrame
        A row per twin, with these columns of the fits: configuration, repeat, fold, status,
        probabilities, curve_epochs, train_cost, test_cost.
    """
    numbered = {(split.repeat + 1, split.fold + 1): split for split in splits}
    pairs = [
        (Configuration.of(json.loads(values)), numbered[repeat, fold])
        for values, repeat, fold in zip(
            fits["hyperparameters"], fits["repeat"], fits["fold"], strict=True
        )
    ]
    start = partial(neighbouring_layers, number=number)
    trained = train_fits(stacked, pairs, dataset, seed=seed, start=start, **stop)
    columns: dict[str, list[Any]] = {
        **{name: fits[name].tolist() for name in ("configuration", "repeat", "fold")},
        **{name: [getattr(fit, name) for fit in trained] for name in ("status", *CURVES)},
        "probabilities": [fit.probabilities.ravel() for fit in trained],
    }
    return pd.DataFrame(columns)


def neighbouring_layers(
    configuration: Configuration,
    features: int,
    seed: int,
    split: Split,
    outputs: int = 1,
    *,
    number: int = 0,
) -> list[Layer]:
    """Return the starting parameters of a twin: the next float above or below, at random, of each.

    A parameter that is 0 stays 0.

    Other parameters than `number` are those of `backprop.models.networks.starting_layers`.
    """
    generator = stream(seed, "twin", split.repeat, split.fold, number)

    def neighbour(values: Array) -> Array:
        moved = np.nextafter(values, generator.choice([-np.inf, np.inf], values.shape))
        return np.where(values == 0, values, moved)

    layers = starting_layers(configuration, features, seed, split, outputs)
    return [(neighbour(weights), neighbour(thresholds)) for weights, thresholds in layers]
