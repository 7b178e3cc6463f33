"""How what a model predicts changes with a feature: partial dependence, and a curve for each row.

The curve of a row is by the fit that has not seen it.

References
----------
Friedman, J. H. (2001). Greedy function approximation: a gradient boosting machine. Annals of
Statistics 29, 1189-1232.

Goldstein, A., Kapelner, A., Bleich, J. and Pitkin, E. (2015). Peeking inside the black box:
visualizing statistical learning with plots of individual conditional expectation. Journal of
Computational and Graphical Statistics 24, 44-65.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.data.feature_groups import groups_of_features
from backprop.models.families import ELSEWHERE
from backprop.models.registry import BASELINE, Model
from backprop.statistics.criteria import is_unscored
from backprop.statistics.evaluated_fits import predict_by
from backprop.statistics.importance import worthiest
from backprop.statistics.left_out_items import FEWEST_FEATURES
from backprop.statistics.recommendation import read_recommendation
from backprop.statistics.results import Results
from backprop.study.splits import Split
from backprop.typing import Array

MOST_FEATURES = 3
POINTS = 20  # of a curve
MOST_ROWS = 500  # that have a curve


class Varied(NamedTuple):
    """A feature that is varied, and with it the others of its group.

    Attributes
    ----------
    columns : tuple of int
        The places of the features of the group, the one on the axis first.
    values : array, shape (points, columns)
        What the features have at each point: the first is ascending.
    is_category : bool
        Whether the first is one of categories.
    """

    columns: tuple[int, ...]
    values: Array
    is_category: bool


def varied_features(results: Results) -> list[Varied]:
    """Return the worthiest features; none if there are few, or it is not known what they are worth.

    Of few, the picture of the data shows how they act.
    """
    dataset, groups = results.dataset, groups_of_features(results.dataset, results.feature_groups)
    rows = [row for row in results.rows("importance") if row.features is not None]
    names = [name for name in worthiest(rows, results.metric) if name in groups]
    chosen = names[:MOST_FEATURES] if len(names) > FEWEST_FEATURES else []
    return [vary(dataset, groups[name]) for name in chosen]


def vary(dataset: Dataset, features: Sequence[str]) -> Varied:
    """Return the points of a group of features, none of them outside of what rows have.

    The rows are divided by the first feature: by its values, if these are few or categories, the
    `POINTS` commonest; else into as many parts of equal size. A point has the median of each part,
    of categories the most frequent one. So the others of the group change as they do in the data.
    """
    x = pd.DataFrame(dataset.x[:, [dataset.features.index(name) for name in features]])
    x.columns = pd.Index(features)
    first = x.iloc[:, 0].dropna().sort_values(kind="stable")
    counts, is_category = first.value_counts(), features[0] in dataset.categories
    if is_category or len(counts) <= POINTS:
        values = np.sort(counts.index[:POINTS])
        parts = [first.index[first == value] for value in values]
    else:
        parts = np.array_split(first.index, POINTS)
    typical = [
        [
            x.loc[rows, name].mode().min() if name in dataset.categories
            else 2 * (x.loc[rows, name] / 2).median()
            for name in features
        ]
        for rows in parts
    ]  # fmt: skip
    points = np.array(typical)
    _, distinct = np.unique(points[:, 0], return_index=True)
    return Varied(tuple(map(dataset.features.index, features)), points[distinct], is_category)


def models_of(results: Results, registry: Mapping[str, Model]) -> list[str]:
    """Return the recommended model and the baseline, as far as their fits can predict."""
    recommended = read_recommendation(results.recommendation_file).model
    first = results.same_as.get(recommended or BASELINE, recommended or BASELINE)
    every = [model for model in dict.fromkeys([first, BASELINE]) if model in results.headlines]
    return [model for model in every if registry[model].family is not ELSEWHERE]


def curves_of(
    results: Results, entry: Model, fits: pd.DataFrame, varied: Sequence[Varied]
) -> list[Array]:
    """Return what fits of the first repeat predict for their test rows with other values.

    Parameters
    ----------
    results : Results
    entry : Model
    fits : DataFrame
        Of the reference of the model.
    varied : sequence of Varied

    Returns
    -------
    list of array, each of shape (rows, points, C)
        Of each feature the probabilities; no rows if each fit diverged or failed. Of more than
        `MOST_ROWS` rows, it is some, spread over all.
    """
    dataset, usable = results.dataset, ~is_unscored(fits["status"]) & (fits["repeat"] == 1)
    own = fits[usable]
    if not len(own):
        return [np.empty((0, len(each.values), len(dataset.classes))) for each in varied]
    tested = np.sort(np.concatenate([*own["rows"]])) - 1
    count = min(len(tested), MOST_ROWS)
    chosen = tested[np.linspace(0, len(tested) - 1, count).round().astype(int)]
    splits = [results.splits[1, fold] for fold in own["fold"]]
    rows = {split.fold: np.intersect1d(split.test, chosen) for split in splits}
    most = max(map(len, rows.values()))

    def inputs(split: Split) -> Array:
        x = dataset.x[np.resize(rows[split.fold], most)]  # as many for each fit
        blocks = []
        for each in varied:
            block = np.tile(x, (len(each.values), 1, 1))
            block[..., each.columns] = each.values[:, np.newaxis]
            blocks.append(block.reshape(-1, x.shape[1]))
        return Encoder.of(dataset, split.train).apply(np.concatenate(blocks))

    p = predict_by(results, entry, own, inputs).probabilities
    ends = np.cumsum([len(each.values) * most for each in varied])[:-1]
    shaped = [part.reshape(-1, most, *part.shape[1:]) for part in np.split(p, ends)]
    counts = [*enumerate(len(rows[split.fold]) for split in splits)]
    return [
        np.concatenate([part[:, :count, :, k].swapaxes(0, 1) for k, count in counts])
        for part in shaped
    ]


def class_that_moves(curves: Sequence[Array]) -> int:
    """Return the class whose mean probability changes most with the features; of two, the second.

    Parameters
    ----------
    curves : sequence of array, each of shape (rows, points, C)
    """
    if curves[0].shape[2] == 2:
        return 1
    return int(np.sum([np.ptp(each.mean(axis=0), axis=0) for each in curves], axis=0).argmax())
