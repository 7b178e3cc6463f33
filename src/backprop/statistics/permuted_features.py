"""What fits lose if the values of a feature are shuffled among the test rows.

References
----------
Fisher, A., Rudin, C. and Dominici, F. (2019). All models are wrong, but many are useful: learning a
variable's importance by studying an entire class of prediction models simultaneously. Journal of
Machine Learning Research 20, 1-81.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.encoding import Encoder
from backprop.models.families import PredictingFits
from backprop.models.registry import Model
from backprop.statistics.criteria import is_unscored
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration
from backprop.study.streams import stream

SHUFFLED = "shuffled"  # the key of the features that are shuffled
MOST_CELLS = 30_000_000  # of the rows that one fit predicts: with more, nothing is shuffled


def shuffling(
    reference: Configuration, groups: Mapping[str, Sequence[str]]
) -> dict[str, Configuration]:
    """Return a configuration for each group of features that is shuffled, by its name."""
    return {
        name: Configuration.of({SHUFFLED: [*features], **reference.values()})
        for name, features in groups.items()
    }


def shuffled_fits(
    results: Results,
    registry: Mapping[str, Model],
    fits: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Return fits with what they predict when features are shuffled among the test rows.

    The values of the features of a group stay together. They go to another test row of the same
    fit, which is drawn by the seed of the study; it is the same for all groups and models.

    Parameters
    ----------
    results : Results
        With the files ``data``, ``folds`` and ``candidates``, and the seed.
    registry : mapping of str to Model
    fits : DataFrame
        Of references, with their parameters; see `backprop.study.fits.read_fits`.
    groups : mapping of str to sequence of str
        The features of each group, by its name.

    Returns
    -------
    DataFrame
        A row for each fit and group. Fits without a score stay as they are. It is empty if the rows
        that a fit predicts would have more than `MOST_CELLS` cells.
    """
    dataset, rows = results.dataset, list[dict[str, Any]]()
    largest = max(len(split.test) for split in results.splits.values())
    few = largest * len(groups) * len(dataset.features) <= MOST_CELLS
    unscored = is_unscored(fits["status"])
    records: list[dict[str, Any]] = fits.to_dict("records") if few else []  # type: ignore[assignment]
    for fit, is_as_it_was in zip(records, unscored, strict=False):
        entry, reference = registry[fit["model"]], results.candidates[fit["model"]][0]
        names = [own.name for own in shuffling(reference, groups).values()]
        if is_as_it_was:
            rows += [{**fit, "configuration": name} for name in names]
            continue
        split = results.splits[fit["repeat"], fit["fold"]]
        order = stream(results.seed, SHUFFLED, split.repeat, split.fold).permutation(split.test)
        parts = []
        for features in groups.values():
            x, places = dataset.x[split.test], [*map(dataset.features.index, features)]
            x[:, places] = dataset.x[order][:, places]
            parts.append(x)
        inputs = Encoder.of(dataset, split.train).apply(np.concatenate(parts))
        own = PredictingFits(
            entry.implementation, reference, [split], [fit["parameters"]], [inputs], dataset,
            results.seed,
        )  # fmt: skip
        predicted = entry.family.predict(own)
        p = np.split(predicted.probabilities[..., 0], len(groups))
        classes = np.split(predicted.classes[:, 0], len(groups))
        for name, each, of_rows in zip(names, p, classes, strict=True):
            rows.append(fit | {
                "configuration": name,
                "probabilities": each[:, 1] if each.shape[1] == 2 else each.ravel(),
                "predicted": None if fit["predicted"] is None else of_rows,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=fits.columns)
