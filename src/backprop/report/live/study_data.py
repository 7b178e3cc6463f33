"""What the page knows of a study: its rows, splits and configurations, and the results of its fits.

It has neither starting weights nor sample orders: the page draws them, from the seed.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.data.scaling import FARTHEST
from backprop.network.parameters import output_nodes, parameter_count
from backprop.report.plane import Plane
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.typing import Array, Integers

Exported = dict[str, Any]
"""What JSON can hold."""

FLOAT_BYTES = 4 / 3 * 8  # of a float64 in base64
TEXT_BYTES = 25  # of a number as a text, at most, and what separates it from the next
FIT_BYTES = 60  # of the status and the epochs of a fit


def bytes_of(
    dataset: Dataset, configurations: Sequence[Configuration], repeats: int, folds: int, inputs: int
) -> int:
    """Return about how many bytes `export` takes, without reading a fit.

    Parameters
    ----------
    dataset : Dataset
    configurations : sequence of Configuration
    repeats, folds : int
        The splits that each is trained on.
    inputs : int
        The number d of inputs of a network.
    """
    rows, outputs, splits = len(dataset.y), output_nodes(len(dataset.classes)), repeats * folds
    table = TEXT_BYTES * (rows * (inputs + 3) + 6 * splits * inputs) + 4 * repeats * rows
    parameters = sum(parameter_count(inputs, each.hidden, outputs) for each in configurations)
    of_fits = splits * parameters + len(configurations) * repeats * rows * outputs
    return int(table + FLOAT_BYTES * of_fits + FIT_BYTES * splits * len(configurations))


def export(
    dataset: Dataset,
    splits: Sequence[Split],
    configurations: Sequence[Configuration],
    fits: pd.DataFrame,
    *,
    seed: int,
    training: Mapping[str, Any],
) -> Exported:
    """Return the part of a study that the page trains again and compares.

    Parameters
    ----------
    dataset : Dataset
    splits : sequence of Split
        The outer splits.
    configurations : sequence of Configuration
        The reference first.
    fits : DataFrame
        The fits of a network, of at least these configurations, from
        `backprop.study.fits.read_fits`.
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
    everywhere = Encoder.of(dataset, np.arange(len(dataset.y)))
    names = list(dict.fromkeys(name for e in (everywhere, *encoders) for name in e.names))
    columns = _columns(dataset, names)
    plane = Plane.of(dataset)
    return {
        "seed": str(seed),
        "stop": {"patience": None, "tolerance": 0.0, **training},
        "classes": list(dataset.classes),
        "y": dataset.y.tolist(),
        "columns": [
            {"name": name, "values": _nullable(columns[:, place])}
            for place, name in enumerate(names)
        ],
        "everywhere": _encoding(everywhere, dataset, names, columns),
        "farthest": FARTHEST,
        "points": plane.points.tolist(),
        "shares": None if plane.shares is None else plane.shares.tolist(),
        "splits": [
            {
                "repeat": split.repeat,
                "fold": split.fold,
                "test": split.test.tolist(),
                **_encoding(encoder, dataset, names, columns),
                "plane": _plane(plane, split.train),
            }
            for split, encoder in zip(splits, encoders, strict=True)
        ],
        "configurations": [{"name": each.name, **each.values()} for each in configurations],
        "fits": _fits(fits, splits, configurations),
    }


def _columns(dataset: Dataset, names: Sequence[str]) -> Array:
    """Return the inputs before any scaling, shape (n, d): NaN where the value is missing.

    The input of a category is 1 in its rows, that of missing values where one is missing.
    """
    by_name: dict[str, Array] = {}
    for place, feature in enumerate(dataset.features):
        values, missing = dataset.x[:, place], np.isnan(dataset.x[:, place])
        by_name[f"{feature} missing"] = missing.astype(float)
        for code, text in enumerate(dataset.categories.get(feature, ())):
            by_name[f"{feature}={text}"] = np.where(missing, np.nan, values == code)
    # Last, so that a feature called "b missing" is itself.
    by_name |= {f: dataset.x[:, place] for place, f in enumerate(dataset.features)}
    return np.stack([by_name[name] for name in names], axis=1)


def _encoding(encoder: Encoder, dataset: Dataset, names: Sequence[str], columns: Array) -> Exported:
    """Return how the inputs follow from the columns: (value - mean) / scale, or `missing`.

    Powers of 2 are multiplied out, which changes no digit.
    """
    places = [names.index(name) for name in encoder.names]
    inputs, scaling = encoder.apply(dataset.x), encoder.scaling
    missing = np.isnan(columns[:, places])
    return {
        "columns": places,
        "mean": np.ldexp(scaling.mean, scaling.exponent).tolist(),
        "scale": np.ldexp(scaling.scale, scaling.exponent - scaling.shift).tolist(),
        "missing": [
            float(own[absent][0]) if absent.any() else None
            for own, absent in zip(inputs.T, missing.T, strict=True)
        ],
    }


def _plane(plane: Plane, rows: Integers) -> list[list[float]]:
    """Return the inputs at the origin of the plane, and how they change along each axis."""
    axes = plane.points.shape[1]
    origin, *ends = plane.inputs(np.vstack([np.zeros(axes), np.eye(axes)]), rows)
    return [origin.tolist(), *((end - origin).tolist() for end in ends)]


def _fits(
    fits: pd.DataFrame, splits: Iterable[Split], configurations: Iterable[Configuration]
) -> list[list[Exported]]:
    """Return the fits of each configuration, in the order of the splits.

    The numbers of a fit are all parameters, then the probabilities of the test rows: float64, the
    lowest byte first, in base64.
    """
    by_key: dict[tuple[object, ...], tuple[str, int, list[Array]]] = {
        (configuration, repeat - 1, fold - 1): (status, epochs, numbers)
        for configuration, repeat, fold, status, epochs, *numbers in zip(
            *(fits[name] for name in ("configuration", "repeat", "fold", "status", "epochs")),
            fits["parameters"],
            fits["probabilities"],
            strict=True,
        )
    }

    def exported(configuration: Configuration, split: Split) -> Exported:
        status, epochs, numbers = by_key[configuration.name, *split.key]
        content = np.concatenate(numbers).astype("<f8").tobytes()
        return {
            "status": status,
            "epochs": int(epochs),
            "numbers": base64.b64encode(content).decode(),
        }

    splits = list(splits)
    return [[exported(each, split) for split in splits] for each in configurations]


def _nullable(values: Array) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
