"""Features that are left out together: those that say the same, or that a config names a group."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from backprop.data.dataset import DataError, Dataset
from backprop.errors import shortened
from backprop.typing import Array, Json

ALIKE = 0.9
"""The rank correlation from which features are one group: one then tells most of the other."""

FEWEST = 10  # rows with both values, for a correlation


def without(dataset: Dataset, features: Iterable[str]) -> Dataset:
    """Return a data set without some of its features; it may have none."""
    left_out = {*features}
    places = [p for p, name in enumerate(dataset.features) if name not in left_out]
    names = tuple(dataset.features[place] for place in places)
    categories = {n: own for n, own in dataset.categories.items() if n not in left_out}
    return replace(dataset, features=names, x=dataset.x[:, places], categories=categories)


def check_features(
    features: Sequence[str], asked: Sequence[str] | str, named: Mapping[str, Sequence[str]]
) -> None:
    """Refuse a feature that a config names and a data set has not, or in two groups.

    Parameters
    ----------
    features : sequence of str
        Of the data set.
    asked : sequence of str, or str
        The features to leave out.
    named : mapping of str to sequence of str
        The groups of the config, by name.

    Raises
    ------
    DataError
        If there is one. It names the key.
    """
    lists = [("importance.features", name) for name in asked if not isinstance(asked, str)]
    in_groups = [(f"feature_groups.{key}", name) for key, own in named.items() for name in own]
    for key, name in [*lists, *in_groups]:
        if name not in features:
            known = shortened(", ".join(features))
            raise DataError(f"{key}: found {shortened(name)}, which is no feature; use {known}")
    keys: dict[str, str] = {}
    for key, name in in_groups:
        if (other := keys.setdefault(name, key)) != key:
            raise DataError(f"{key}: found {shortened(name)}, which is in {other}, too; use one")
    for name in named:
        if name in features:
            raise DataError(f"feature_groups: found {shortened(name)}, a feature; use another name")


def groups_of_features(
    dataset: Dataset, named: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the groups of features, by name, in the order of their first features.

    A feature is in a group that the config names; or in one with all features that are at least
    `ALIKE`: each two of a group are (complete linkage), as a chain may join what is not alike. Else
    it is alone. Numbers are alike by Spearman's rank correlation, categories by Cramér's V.

    Parameters
    ----------
    dataset : Dataset
    named : mapping of str to sequence of str
        The groups of the config, by name.

    References
    ----------
    Sneath, P. H. A. and Sokal, R. R. (1973). Numerical taxonomy. Freeman.
    """
    own = {name: group for group, names in named.items() for name in names}
    free = [name for name in dataset.features if name not in own]
    if len(free) > 1:
        from scipy.cluster.hierarchy import fcluster, linkage  # slow
        from scipy.spatial.distance import squareform

        apart = squareform(1 - alikeness(dataset, free), checks=False)
        clusters = fcluster(linkage(apart, "complete"), 1 - ALIKE + 1e-9, "distance")
        for cluster in np.unique(clusters):
            together = [n for n, c in zip(free, clusters, strict=True) if c == cluster]
            own |= dict.fromkeys(together, _named(together))
    groups: dict[str, tuple[str, ...]] = {}
    for name in dataset.features:
        group = own.get(name, name)
        groups[group] = (*groups.get(group, ()), name)
    return groups


def _named(features: Sequence[str]) -> str:
    """Return a name for a group: two features, or the first and how many there are besides."""
    more = f"{len(features) - 1} more"
    return " and ".join(features if len(features) < 3 else [features[0], more])


def alikeness(dataset: Dataset, features: Sequence[str]) -> Array:
    """Return how much alike each two features are, from 0 to 1, shape (features, features)."""
    import pandas as pd
    from scipy.stats.contingency import association

    x = pd.DataFrame(dataset.x, columns=list(dataset.features))
    alike, place = np.eye(len(features)), {name: p for p, name in enumerate(features)}
    numbers = [name for name in features if name not in dataset.categories]
    ranks = x[numbers].corr("spearman", min_periods=FEWEST).abs().fillna(0.0)
    at = [place[name] for name in numbers]
    alike[np.ix_(at, at)] = np.maximum(ranks.to_numpy(), np.eye(len(at)))
    for one, other in itertools.combinations(place.keys() - {*numbers}, 2):
        counts = pd.crosstab(x[one], x[other]).to_numpy()
        value = association(counts) if min(counts.shape, default=0) > 1 else 0.0
        alike[place[one], place[other]] = alike[place[other], place[one]] = value
    return np.minimum(alike, 1.0)


def left_out_of(
    dataset: Dataset, asked: Sequence[str] | str, most: int, named: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[str, ...]], int]:
    """Return the groups that are left out, by name, and how many there are to leave out.

    Parameters
    ----------
    dataset : Dataset
    asked : sequence of str, or str
        Features, whose groups are left out; ``all``; or ``if_short``: all, but none if there are
        more groups than `most`.
    most : int
    named : mapping of str to sequence of str
        As in `groups_of_features`.

    Raises
    ------
    DataError
        See `check_features`.
    """
    check_features(dataset.features, asked, named)
    groups = groups_of_features(dataset, named)
    if not isinstance(asked, str):
        groups = {name: own for name, own in groups.items() if {*own} & {*asked}}
    return ({} if asked == "if_short" and len(groups) > most else groups), len(groups)


def as_parameters(values: Mapping[str, Json]) -> dict[str, Json]:
    """Return what `left_out_of` takes of the parameters of a job."""
    return {key: values[key] for key in ("asked", "most", "named")}
