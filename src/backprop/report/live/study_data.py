"""What the page knows of a study: its rows, splits and configurations, and the results of its fits.

It has neither starting weights nor sample orders: the page draws them, from the seed.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder, Input
from backprop.data.scaling import FARTHEST
from backprop.network.parameters import output_nodes, parameter_count
from backprop.statistics.axes_of_rows import clearest_inputs, spread_categories
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.typing import Array, Json

Exported = dict[str, Json]
"""What JSON can hold."""


def bytes_of_numbers(
    configurations: Iterable[Configuration], splits: Sequence[Exported], classes: int
) -> int:
    """Return how many bytes the numbers of fits take, without reading a fit.

    Parameters
    ----------
    configurations : iterable of Configuration
    splits : sequence of dict
        As `export_study` returns them.
    classes : int
    """
    outputs = output_nodes(classes)
    # Three bytes are four letters of base64; the last group is filled up.
    return sum(
        4 * -(-8 * (parameter_count(inputs, each.hidden, outputs) + rows * outputs) // 3)
        for each in configurations
        for inputs, rows in ((len(split["columns"]), len(split["test"])) for split in splits)
    )


def export_study(
    dataset: Dataset, splits: Sequence[Split], *, seed: int, training: Mapping[str, object]
) -> Exported:
    """Return what the page trains fits from.

    Parameters
    ----------
    dataset : Dataset
    splits : sequence of Split
        The outer splits.
    seed : int
        The seed of the study.
    training : mapping
        The stop condition: ``epochs``, ``patience`` and perhaps ``tolerance``.

    Returns
    -------
    dict
        JSON can hold it. A seed is a text, because JavaScript reads a number as a float64.
    """
    encoders = [Encoder.of(dataset, split.train) for split in splits]
    everywhere = Encoder.of(dataset, np.arange(len(dataset.y)), gaps=True)  # the fills are typical
    inputs = dict.fromkeys(each for own in (everywhere, *encoders) for each in own.inputs)
    columns = {each: _column(dataset.x, each) for each in inputs}
    return {
        "seed": str(seed),
        "stop": {"patience": None, "tolerance": 0.0, **training},
        "classes": list(dataset.classes),
        "y": dataset.y.tolist(),
        "columns": [
            {"name": each.name, "values": _nullable(values)} for each, values in columns.items()
        ],
        "everywhere": _encoding(everywhere, dataset, columns),
        "farthest": FARTHEST,
        **_plane(dataset, everywhere, columns),
        "splits": [
            {
                "repeat": split.repeat,
                "fold": split.fold,
                "test": split.test.tolist(),
                **_training_rows(split, len(dataset.y)),
                **_encoding(encoder, dataset, columns),
            }
            for split, encoder in zip(splits, encoders, strict=True)
        ],
    }


def _training_rows(split: Split, rows: int) -> Exported:
    """Return the training rows of a split, if they are not all others."""
    is_all_others = len(split.train) + len(split.test) == rows
    return {} if is_all_others else {"train": split.train.tolist()}


def _column(x: Array, own: Input) -> Array:
    """Return an input of rows before any scaling, shape (n,): NaN where the value is missing.

    The input of a category is 1 in its rows, the input of missing values where one is missing.
    """
    values = x[:, own.column]
    missing = np.isnan(values)
    if own.kind == "missing":
        return missing.astype(float)
    return values if own.kind == "number" else np.where(missing, np.nan, values == own.category)


def _encoding(encoder: Encoder, dataset: Dataset, columns: Mapping[Input, Array]) -> Exported:
    """Return how the inputs follow from the columns: (value - mean) / scale, or `missing`.

    Powers of 2 are multiplied out, which changes no digit.
    """
    inputs, scaling = encoder.apply(dataset.x), encoder.scaling
    places = {each: place for place, each in enumerate(columns)}
    missing = np.isnan([columns[each] for each in encoder.inputs])
    return {
        "columns": [places[each] for each in encoder.inputs],
        "mean": np.ldexp(scaling.mean, scaling.exponent).tolist(),
        "scale": np.ldexp(scaling.scale, scaling.exponent - scaling.shift).tolist(),
        "missing": [
            float(own[absent][0]) if absent.any() else None
            for own, absent in zip(inputs.T, missing, strict=True)
        ],
    }


def _plane(dataset: Dataset, everywhere: Encoder, columns: Mapping[Input, Array]) -> Exported:
    """Return the places of rows by the two inputs, or the one, by which the classes differ most.

    An input that is no axis is the median, or the most frequent category, elsewhere than in a row.
    """
    clearest = clearest_inputs(dataset, everywhere)
    axes = [
        everywhere.inputs[place] for place in (clearest[:2] if clearest[2:] else sorted(clearest))
    ]
    fills = everywhere.fills[np.newaxis]
    typical = {each: float(_column(fills, each)[0]) for each in columns}
    points = np.array(
        [np.where(np.isnan(columns[each]), typical[each], columns[each]) for each in axes]
    ).T
    return {
        "axes": [[*columns].index(each) for each in axes],
        "elsewhere": [*typical.values()],
        "points": spread_categories(points, [each.kind != "number" for each in axes]).tolist(),
    }


OF_FITS = ("configuration", "repeat", "fold", "status", "epochs", "parameters", "probabilities")
BEGINNINGS = ("configuration", "repeat", "fold", "curve_epochs", "train_cost")


def export_fits(
    fits: pd.DataFrame, splits: Sequence[Split], configurations: Sequence[Configuration]
) -> Exported:
    """Return configurations, and their fits in the order of the splits.

    The numbers of a fit are all parameters, then the probabilities of the test rows: float64, the
    lowest byte first, in base64.

    Parameters
    ----------
    fits : DataFrame
        The fits of a network, of at least these configurations, from
        `backprop.study.fits.read_fits`: the columns `OF_FITS`.
    splits : sequence of Split
    configurations : sequence of Configuration
        The reference first.
    """
    by_key = _by_key(fits)

    def exported(configuration: Configuration, split: Split) -> Exported:
        fit = by_key[configuration.name, *split.key]
        numbers = [np.asarray(fit[name], "<f8").tobytes() for name in OF_FITS[-2:]]
        return {
            "status": fit["status"],
            "epochs": int(fit["epochs"]),
            "numbers": base64.b64encode(b"".join(numbers)).decode(),
        }

    return {
        "configurations": [{"name": each.name, **each.values()} for each in configurations],
        "fits": [[exported(each, split) for split in splits] for each in configurations],
    }


def _by_key(fits: pd.DataFrame) -> dict[tuple[object, ...], dict[object, Any]]:
    """Return fits by the name of their configuration, and the key of their split."""
    return {
        (row["configuration"], row["repeat"] - 1, row["fold"] - 1): row
        for row in fits.to_dict("records")
    }


def export_beginnings(fits: pd.DataFrame, splits: Sequence[Split], until: int) -> Exported:
    """Return a training cost of each fit of a chaotic configuration, before rounding errors decide.

    Parameters
    ----------
    fits : DataFrame
        Those of the configuration, with the columns `BEGINNINGS`.
    splits : sequence of Split
    until : int
        The epoch up to which implementations agree. As errors grow by a factor in each epoch, they
        are still near rounding in the first half.

    Returns
    -------
    dict
        until; epoch, the last recorded one of the first half, 0 if there is none; costs, after this
        epoch, in the order of the splits: None where there is none.
    """
    curves: dict[tuple[object, ...], dict[Any, object]] = {
        key[1:]: dict(zip(fit["curve_epochs"], fit["train_cost"], strict=True))
        for key, fit in _by_key(fits).items()
    }
    recorded = {epoch for curve in curves.values() for epoch in curve}
    epoch = max((each for each in recorded if 2 * each <= until), default=0)
    costs = np.array([curves[split.key].get(epoch, np.nan) for split in splits])
    return {"until": int(until), "epoch": int(epoch), "costs": _nullable(costs)}


def _nullable(values: Array) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
