"""How features act on the predictions of a model: partial dependence, and curves of single rows.

References
----------
Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of
Statistics 29, 1189-1232.

Goldstein, A., Kapelner, A., Bleich, J. and Pitkin, E. (2015). Peeking inside the black box:
visualizing statistical learning with plots of individual conditional expectation. Journal of
Computational and Graphical Statistics 24, 44-65.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models.families import ELSEWHERE, PredictingFits
from backprop.models.registry import BASELINE, Model, is_network
from backprop.statistics.axes_of_rows import clearest_features
from backprop.statistics.criteria import is_unscored
from backprop.statistics.importance import worthiest
from backprop.statistics.recommendation import read_recommendation
from backprop.statistics.results import Results
from backprop.statistics.tables import Worth
from backprop.typing import Array

MOST_FEATURES = 3
MOST_CATEGORIES = 12  # of a feature, the commonest ones
MOST_ROWS = 200  # of the test rows of the first repeat
QUANTILES = np.linspace(0.02, 0.98, 17)  # of a feature, beyond which models see hardly any row


class Dependence(NamedTuple):
    """What a model predicts for rows whose value of one feature is replaced.

    Attributes
    ----------
    feature : int
        Its place in the data set.
    values : array, shape (k,)
        In the units of the data; of categories, their places.
    p : array, shape (rows, k, C)
        The probabilities of the classes, by a fit that was not trained on the row.
    """

    feature: int
    values: Array
    p: Array


def features_to_show(results: Results) -> list[int]:
    """Return the places of the worthiest features, of a group its first.

    Without their worth, they are those by which classes differ most.
    """
    dataset, every = results.dataset, list[Worth](results.rows("importance"))
    known = {row.features: row.first_feature for row in every if row.first_feature is not None}
    if not known:
        return [*clearest_features(dataset)]
    rows = [row for row in every if row.features is not None]
    names = worthiest(rows, results.metric)[:MOST_FEATURES]
    return [dataset.features.index(known[name]) for name in names]


def models_to_show(results: Results, registry: Mapping[str, Model]) -> list[str]:
    """Return the baseline and the recommended model; if they are one, the baseline and a network.

    A model that was trained elsewhere cannot predict other rows.
    """
    usable = [m for m in results.headlines if registry[m].family is not ELSEWHERE]
    networks = [model for model in usable if is_network(model)]
    recommended = read_recommendation(results.recommendation).model
    other = recommended if recommended in usable and recommended != BASELINE else None
    both = [BASELINE, other or next(iter(networks), None)]
    return [model for model in both if model in usable]


def values_to_try(dataset: Dataset, place: int) -> Array:
    """Return the values that replace a feature: quantiles of the data, or common categories."""
    values = dataset.x[:, place]
    values = values[np.isfinite(values)]
    if dataset.features[place] in dataset.categories:
        counts = np.bincount(values.astype(np.int64))
        common = np.argsort(-counts, kind="stable")[:MOST_CATEGORIES]
        return np.sort(common[counts[common] > 0]).astype(float)
    return np.unique(np.quantile(values, QUANTILES, method="closest_observation"))


def dependence_of(
    results: Results, model: str, entry: Model, features: list[int]
) -> list[Dependence]:
    """Return how each feature acts on the predictions of the fits of the first repeat.

    Parameters
    ----------
    results : Results
        With the files ``data``, ``folds``, ``headline_fits`` and ``candidates``.
    model : str
    entry : Model
        Of this model.
    features : list of int
        Their places.
    """
    dataset, fits = results.dataset, results.headlines[model]
    fits = fits[(fits["repeat"] == 1) & ~is_unscored(fits["status"])]
    values = [values_to_try(dataset, place) for place in features]
    parts: list[list[Array]] = [[] for _ in features]
    step = -(-len(dataset.y) // MOST_ROWS)
    for key, parameters in zip(
        zip(fits["repeat"], fits["fold"], strict=True), fits["parameters"], strict=True
    ):
        split = results.splits[key]
        rows = dataset.x[split.test[split.test % step == 0]]
        tried = [_replaced(rows, *pair) for pair in zip(features, values, strict=True)]
        inputs = Encoder.of(dataset, split.train).apply(np.concatenate(tried))
        own = PredictingFits(
            entry.implementation, results.candidates[model][0], [split], [parameters], [inputs],
            dataset, results.seed,
        )  # fmt: skip
        p = entry.family.predict(own).probabilities[..., 0]
        ends = np.cumsum([len(each) for each in tried])[:-1]
        for part, each, grid in zip(parts, np.split(p, ends), values, strict=True):
            part.append(each.reshape(len(rows), len(grid), -1))
    return [
        Dependence(place, grid, np.concatenate(part))
        for place, grid, part in zip(features, values, parts, strict=True)
        if part
    ]


def _replaced(rows: Array, place: int, values: Array) -> Array:
    """Return each row with each value of a feature, shape (rows times values, features)."""
    x = np.repeat(rows, len(values), axis=0)
    x[:, place] = np.tile(values, len(rows))
    return x
