"""What a config compares: models, their configurations, and the splits that they are trained on."""

import itertools
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from backprop.config import Config
from backprop.data.dataset import Dataset
from backprop.data.encoding import most_inputs
from backprop.data.groups import groups_of
from backprop.errors import BackpropError, command_for
from backprop.models.candidate_lists import configurations_of, network_configurations, references_of
from backprop.models.families import ELSEWHERE
from backprop.models.networks import bytes_of_job
from backprop.models.registry import (
    BASELINE,
    Model,
    added_models,
    choosers,
    compares_networks,
    network_models,
    the_network,
    with_estimators,
)
from backprop.network.parameters import output_nodes
from backprop.study.configurations import Configuration
from backprop.study.splits import (
    DEFAULT_INNER_FOLDS,
    INNER,
    Split,
    check_folds,
    inner_splits,
    smallest_training_classes,
    splits_of,
)
from backprop.study.subsets import shares_below_one, training_subsets
from backprop.typing import Integers, Json

MANY_GROUPS = 1_000  # folds of as many are not drawn at each start, but only by their job
JOB_ATTEMPTS = 3  # of a cluster job, each with twice the memory of the one before; see profiles/


class Splits(NamedTuple):
    """The splits of a data set: the outer ones, and the inner ones of nested cross-validation.

    `on` returns the outer ones with a share of their training rows.
    """

    outer: list[Split]
    inner: list[Split]
    on: Callable[[float], list[Split]]


class Design:
    """The design of a study.

    Parameters
    ----------
    config : Config

    Attributes
    ----------
    registry : dict of str to Model
        Every model that there is for this config.
    models, networks : list of str
        The models to compare, and the networks among them.
    candidates : dict of str to list
        The configurations of each model, its reference first.
    configurations : list of Configuration
        The configurations of the networks, the reference first; empty without a network.
    reference : Configuration or None
        The first of them; None without a network.
    shapes : dict of str to list of Configuration
        The configurations by the name of their shape.

    Raises
    ------
    BackpropError
        If a package that only one of the models needs is not installed.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._validation = config.validation
        self.registry = with_estimators(added_models(config))
        self.models = config.models
        _check_packages({model: self.registry[model] for model in self.models})
        self.networks = network_models(self.models)
        self.candidates = configurations_of(config)
        self.configurations = network_configurations(self.candidates)
        self.reference = next(iter(self.configurations), None)
        self.shapes: dict[str, list[Configuration]] = {}
        for configuration in self.configurations:
            self.shapes.setdefault(configuration.shape.name, []).append(configuration)

    # Models and configurations

    @property
    def compares_implementations(self) -> bool:
        """Whether the report compares the implementations of the network."""
        return compares_networks(self.models)

    @property
    def estimators(self) -> list[tuple[str, dict[str, str]]]:
        """The models that the config adds, with their classes: their order decides colours."""
        return [*added_models(self._config).items()]

    def trained(self, model: str, shape: str | None = None) -> Sequence[Configuration]:
        """Return the configurations that a job trains: all of a model, or all of one shape."""
        if not shape:
            return self.candidates[model]
        return self.shapes[shape] if self.registry[model].compared else self.configurations[:1]

    def needs(self, model: str) -> dict[str, object]:
        """Return the values of the config that the family of a model needs to train it."""
        values = {"seed": self._config.seed, "training": self.training}
        needs = {key: values[key] for key in self.registry[model].family.needs}
        return needs | ({"is_checked": True} if self.registry[model].is_checked else {})

    def predicted_by(self, models: Iterable[str]) -> list[str]:
        """Return the modules of this library that compute the predictions of models, each once."""
        modules = itertools.chain(*(self.registry[model].predicted_by for model in models))
        return list(dict.fromkeys(modules))

    @property
    def simulated(self) -> dict[str, Sequence[Configuration]]:
        """The references that are trained on simulated data: all networks are one model."""
        references = references_of(self.candidates)
        return {model: references[model] for model in (BASELINE, *the_network(self.models))}

    @property
    def training(self) -> dict[str, Json]:
        """The stop condition of the networks, without a tolerance that has no effect."""
        training = self._config.training.as_json()
        if training["patience"] is None:
            del training["tolerance"]
        return training

    # Parts of the training sets

    @property
    def shares(self) -> list[float]:
        """The shares of each training set that models are trained on besides all of it."""
        return shares_below_one(self._config.learning.shares)

    @property
    def trained_on_shares(self) -> list[str]:
        """The models that are trained on them: all networks are one model."""
        network = the_network(self.models)
        return [
            model
            for model in self.models
            if (model not in self.networks or model in network)
            and self.registry[model].family is not ELSEWHERE
        ]

    # Splits and fits

    @property
    def outer(self) -> dict[str, Json]:
        """How the outer folds are drawn."""
        return {"folds": self._validation.folds, "repeats": self._validation.repeats}

    @property
    def number_of_outer_splits(self) -> int:
        """The number of splits that each model is tested on."""
        return self._validation.folds * self._validation.repeats

    @property
    def nested_splits(self) -> int:
        """The number of splits with inner folds: the first ones; 0 without nested validation."""
        if self._validation.inner_folds is None:
            return 0
        repeats = min(self._validation.inner_repeats, self._validation.repeats)
        return self._validation.folds * repeats

    @property
    def inner_folds(self) -> int | None:
        """The number of inner folds, as `draw_inner_folds` takes it: None if the data decide."""
        number = self._validation.inner_folds
        return number if isinstance(number, int) else None  # not `by_data`

    @property
    def choosers(self) -> dict[str, str]:
        """The models with several configurations, and whose inner fits choose among them."""
        tuned = [model for model, every in self.candidates.items() if len(every) > 1]
        return choosers(tuned, self._validation.inner_networks) if self.nested_splits else {}

    def number_of_fits(self, data: Dataset | None, model: str, shape: str | None = None) -> int:
        """Return how many fits a file has when its training job is done.

        It may be fewer if a data set that has groups or an order, or is not here yet, allows fewer
        inner folds.
        """
        splits = self._splits(model) + self._inner_splits(model, data)
        return splits * len(self.trained(model, shape))

    def _splits(self, model: str) -> int:
        return self.number_of_outer_splits if self.registry[model].compared else 1

    def _inner_splits(self, model: str, data: Dataset | None) -> int:
        """Return about how many inner splits a model is trained on."""
        if self.choosers.get(model) != model:
            return 0
        return self.nested_splits * (self.inner_folds or self._most_inner_folds(data))

    def _most_inner_folds(self, data: Dataset | None) -> int:
        if data is None:
            return DEFAULT_INNER_FOLDS
        smallest = int(smallest_training_classes(data.y, self._validation.folds).min())
        return min(DEFAULT_INNER_FOLDS, smallest) if smallest > 1 else 0

    # Checks

    def check_folds(self, data: Dataset, duplicates: str) -> None:
        """Refuse a data set with a class that is too small for the folds.

        Parameters
        ----------
        data : Dataset
        duplicates : {"keep", "together"}
            Whether equal rows are in one fold.

        Raises
        ------
        BackpropError
            If there is one.
        """
        groups = groups_of(data, duplicates)
        folds, inner_folds = self._validation.folds, self._checked_inner_folds
        check_folds(data.y, folds, groups=groups, classes=data.classes)
        if data.order is not None or (groups is not None and len(np.unique(groups)) < MANY_GROUPS):
            self._try_folds(data, groups)
        elif inner_folds is not None and groups is None:
            counts = smallest_training_classes(data.y, folds)
            y = np.repeat(np.arange(len(counts)), counts)
            where = f"{INNER}, in a training set"
            check_folds(y, inner_folds, classes=data.classes, where=where)

    def outer_splits(self, data: Dataset, duplicates: str) -> list[Split]:
        """Return the outer splits, as their job draws them; the arguments as of `check_folds`."""
        return self._outer_splits(data, self._drawn_by(data, groups_of(data, duplicates)))

    def splits(self, data: Dataset, duplicates: str) -> Splits:
        """Return all splits of a run, as their jobs draw them; the files of folds may be old."""
        from backprop.study.cross_validation import draw_inner_folds  # slow

        how = self._drawn_by(data, groups_of(data, duplicates))
        outer = self._outer_splits(data, how)
        nested = outer[: self.nested_splits] if self.choosers else []
        inner_folds = draw_inner_folds(nested, data.y, folds=self.inner_folds, **how)
        how_subsets = {key: value for key, value in how.items() if key != "order"}
        on = partial(training_subsets, outer, data.y, **how_subsets)
        return Splits(outer, inner_splits(nested, inner_folds), on)

    def _outer_splits(self, data: Dataset, how: Mapping[str, Any]) -> list[Split]:
        from backprop.study.cross_validation import draw_folds  # slow

        return splits_of(draw_folds(data.y, **self.outer, **how))

    def _drawn_by(self, data: Dataset, groups: Integers | None) -> dict[str, Any]:
        """Return what decides how rows are divided, and what messages call the classes."""
        return {
            "seed": self._config.seed,
            "groups": groups,
            "order": data.order,
            "classes": data.classes,
        }

    def check_shares(self, data: Dataset, duplicates: str) -> None:
        """Refuse a share of training sets that has too few rows of a class; see `check_folds`."""
        if not self.shares:
            return
        groups = groups_of(data, duplicates)
        if groups is None and data.order is None:
            counts = smallest_training_classes(data.y, self._validation.folds)
            y, rows = np.repeat(np.arange(len(counts)), counts), np.arange(counts.sum())
            splits = [Split(0, 0, rows, rows[:0])]
        elif groups is not None and len(np.unique(groups)) >= MANY_GROUPS:
            return
        else:
            y, splits = data.y, self.outer_splits(data, duplicates)
        seed, classes = self._config.seed, data.classes
        training_subsets(splits, y, self.shares[0], seed=seed, groups=groups, classes=classes)

    @property
    def _checked_inner_folds(self) -> int | None:
        return self.inner_folds if self.choosers else None

    def _try_folds(self, data: Dataset, groups: Integers | None) -> None:
        """Draw the folds, as groups cannot be divided, and blocks may lack a class."""
        from backprop.study.cross_validation import draw_inner_folds  # slow

        how = self._drawn_by(data, groups)
        splits = self._outer_splits(data, how)[: self.nested_splits]
        if self._checked_inner_folds is not None:
            draw_inner_folds(splits, data.y, folds=self._checked_inner_folds, **how)

    def check_memory(self, data: Dataset | None) -> None:
        """Refuse a network that can be trained neither on this machine nor by a cluster job.

        Parameters
        ----------
        data : Dataset or None
            None if it is not here yet. Then it counts as a small one.

        Raises
        ------
        BackpropError
            If there is one.
        """
        features = most_inputs(data) if data else 1
        outputs = output_nodes(len(data.classes)) if data else 1
        here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
        for model in self.networks:
            limit = max(here, self.registry[model].megabytes * 2 ** (JOB_ATTEMPTS - 1))
            splits = self._splits(model), self._inner_splits(model, data)
            for configurations in self.shapes.values():
                shape = configurations[0].shape
                fits = [each * len(configurations) for each in splits]
                # The rows do not matter: a table of allowed size has few, compared with the limit.
                needed = bytes_of_job(shape, 0, features, fits[0], outputs, fits[1]) // 2**20
                if needed > limit:
                    hidden = list(shape.hidden)
                    key = "reference" if hidden == self._config.reference.hidden else "vary"
                    raise BackpropError(
                        f"{key}.hidden: found {hidden}, {sum(fits)} fits of {model} that need "
                        f"about {needed:,} MB together; use at most {limit:,} MB, the memory "
                        "of this machine, or of the last attempt of a cluster job if that is more"
                    )


def _check_packages(models: Mapping[str, Model]) -> None:
    """Refuse a model whose own package is not installed."""
    for model, entry in models.items():
        package = entry.package
        if package and find_spec(package) is None:
            raise BackpropError(
                f"models: found {model}, which needs the package {package}, and it is not "
                f"installed; install it with `{command_for(package)}`, or take {model} off the list"
            )
