"""The training of a model without some features, on the same splits.

What a feature is worth is what the model loses without it (Lei et al. 2018, *Distribution-free
predictive inference for regression*, JASA 113, 1094-1111; Williamson et al. 2021, *Nonparametric
variable importance assessment using machine learning techniques*, Biometrics 77, 9-22).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from backprop.data.dataset import DataError, Dataset
from backprop.data.encoding import Encoder
from backprop.data.feature_groups import without
from backprop.models.families import Family
from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.trained import Trained

WITHOUT = "without"  # the key of the features that a configuration leaves out


def leaving_out(
    reference: Configuration, groups: Mapping[str, Sequence[str]]
) -> dict[str, Configuration]:
    """Return the configurations without each group of features, by the names of the groups.

    The features are among their values, so that fits with and without them differ in their names.
    """
    return {
        name: Configuration.of({WITHOUT: [*features], **reference.values()})
        for name, features in groups.items()
    }


def train_without(
    family: Family,
    implementation: str,
    reference: Configuration,
    fits: Sequence[tuple[Configuration, Split]],
    dataset: Dataset,
    **options: Any,
) -> Iterator[tuple[int, Trained]]:
    """Train fits of a model without features, as `Family.train_each` does.

    Parameters
    ----------
    family, implementation
        Of the model.
    reference : Configuration
        The configuration that is trained.
    fits : sequence of (Configuration, Split)
        Each configuration is one of `leaving_out`.
    dataset : Dataset
        With all features.
    **options
        As `Family.train_each` takes them.

    Yields
    ------
    place, trained : int, Trained
        If no feature varies in the training rows of a split, the model predicts the shares of the
        classes in them.
    """
    places: dict[Configuration, list[int]] = {}
    for place, (configuration, _) in enumerate(fits):
        places.setdefault(configuration, []).append(place)
    for configuration, own in places.items():
        rest = without(dataset, configuration.values()[WITHOUT])
        constant = [place for place in own if not _varies(rest, fits[place][1])]
        yield from ((place, _shares(rest, fits[place][1])) for place in constant)
        varying = [place for place in own if place not in constant]
        pairs = [(reference, fits[place][1]) for place in varying]
        trained: Iterable[tuple[int, Trained]] = ()
        if pairs:
            trained = family.train_each(implementation, pairs, dataset=rest, **options)
        yield from ((varying[n], fit) for n, fit in trained)


def _varies(dataset: Dataset, split: Split) -> bool:
    """Return whether the training rows of a split give a model any input."""
    if len(dataset.categories) < len(dataset.features):  # a number is always an input
        return True
    try:
        return bool(dataset.features) and bool(Encoder.of(dataset, split.train).inputs)
    except DataError:
        return False


def _shares(dataset: Dataset, split: Split) -> Trained:
    counts = np.bincount(dataset.y[split.train], minlength=len(dataset.classes))
    shares = np.tile(counts / counts.sum(), (len(split.test), 1))
    return Trained(
        status="converged",
        epochs=0,
        probabilities=shares[:, 1] if len(dataset.classes) == 2 else shares,
    )
