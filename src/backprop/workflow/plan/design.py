"""What a config compares: models and their configurations."""

import itertools
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec

from backprop.config import Config
from backprop.data.dataset import Dataset
from backprop.data.encoding import most_inputs
from backprop.errors import BackpropError, command_for, shortened
from backprop.models.candidate_lists import choosers_of, configurations_of, network_configurations
from backprop.models.families import ELSEWHERE, REGRESSION
from backprop.models.networks import bytes_of_job, seconds_of_job
from backprop.models.registry import (
    BASELINE,
    Model,
    added_models,
    compares_networks,
    models_of,
    network_models,
    the_network,
)
from backprop.network.parameters import output_nodes
from backprop.study.configurations import Configuration
from backprop.typing import Json
from backprop.workflow.plan.folds_and_shares import Division

CHUNK_SECONDS, CHUNK_SHAPES = 60, 6
"""A training job of networks ends where it has about this time on a small table, or these shapes:
more would leave processors idle on a large one."""

CELL_SECONDS = {"regression": 2e-7, "estimator": 1.5e-5}
"""The time of a fit for each cell of the table: by Newton's method, and of a random forest."""

FAST_GROUPS = 20
"""Without so many groups of features, regressions are trained again in seconds."""

JOB_ATTEMPTS = 3  # of a cluster job, each with twice the memory of the one before; see profiles/


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
    chunks : dict of str to list of str
        The shapes that one job trains, by the name of its rule.
    choosers : dict of str to str
        See `backprop.models.candidate_lists.choosers_of`.
    division : Division

    Raises
    ------
    BackpropError
        If a package that only one of the models needs is not installed.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.registry = models_of(config)
        self.models = config.models
        _check_packages({model: self.registry[model] for model in self.models})
        self.networks = network_models(self.models)
        self.candidates = configurations_of(config)
        self.configurations = network_configurations(self.candidates)
        self.reference = next(iter(self.configurations), None)
        self.shapes: dict[str, list[Configuration]] = {}
        for configuration in self.configurations:
            self.shapes.setdefault(configuration.shape.name, []).append(configuration)
        self.choosers = choosers_of(config)
        self.division = Division(config, is_nested=bool(self.choosers))
        self.chunks = {f"train_networks_{n}": own for n, own in enumerate(self._chunks(), 1)}

    # Models and configurations

    @property
    def compares_implementations(self) -> bool:
        """Whether the report compares the implementations of the network."""
        return compares_networks(self.models)

    @property
    def estimators(self) -> list[tuple[str, dict[str, str]]]:
        """The models that the config adds, with their classes: their order decides colours."""
        return [*added_models(self._config).items()]

    def _chunks(self) -> list[list[str]]:
        """Divide the shapes among jobs. It does not depend on the data: jobs must agree on it."""
        chunks, seconds = list[list[str]](), 0.0
        for name, own in self.shapes.items():
            splits = sum(self._numbers_of_splits(self.networks[0], None))
            fits = splits * len(own)
            more = sum(seconds_of_job(own[0].shape, fits, self._config.training.epochs))
            seconds += more
            if not chunks or seconds > CHUNK_SECONDS or len(chunks[-1]) == CHUNK_SHAPES:
                chunks, seconds = [*chunks, []], more
            chunks[-1].append(name)
        return chunks

    def trained(self, model: str, shapes: Sequence[str] = ()) -> list[Sequence[Configuration]]:
        """Return the configurations that a job trains, of each of its files.

        A network has a file for each shape, any other model one.
        """
        return [self.shapes[shape] for shape in shapes] or [self.candidates[model]]

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
        return {m: self.candidates[m][:1] for m in (BASELINE, *the_network(self.models))}

    @property
    def training(self) -> dict[str, object]:
        """The stop condition of the networks, without a tolerance that has no effect."""
        training = self._config.training.as_json()
        if training["patience"] is None:
            del training["tolerance"]
        return training

    @property
    def trained_on_shares(self) -> list[str]:
        """The models that are trained on shares of training sets: all networks are one model."""
        network = the_network(self.models)
        return [
            model
            for model in self.models
            if (model not in self.networks or model in network)
            and self.registry[model].family is not ELSEWHERE
        ]

    @cached_property
    def weighing(self) -> dict[str, Json]:
        """Which features are left out, and how many groups take no longer than the study."""
        asked, models = self._config.importance.features, self.trained_on_shares
        fits = sum(sum(self._numbers_of_splits(m, None)) * len(self.candidates[m]) for m in models)
        few = fits // (self.division.number_of_outer_splits * len(models))
        are_fast = all(self.registry[model].family is REGRESSION for model in models)
        return {"asked": asked, "most": max(few, FAST_GROUPS if are_fast else 0)}

    def number_of_fits(self, data: Dataset | None, model: str, shapes: Sequence[str] = ()) -> int:
        """Return how many fits the files of a training job have when it is done.

        It may be fewer if a data set that has groups or an order, or is not here yet, allows fewer
        inner folds.
        """
        configurations = sum(map(len, self.trained(model, shapes)))
        return sum(self._numbers_of_splits(model, data)) * configurations

    def useful_cores(self, data: Dataset | None, model: str, shapes: Sequence[str] = ()) -> int:
        """Return how many cores a training job can use: one, if it takes no longer than a chunk.

        Parameters
        ----------
        data : Dataset or None
            None if it is not here yet. Then it counts as a small one.
        model : str
        shapes : sequence of str, optional
            Of a network, those that the job trains.
        """
        if data is None or self.registry[model].is_checked:  # TensorFlow has threads of its own
            return 1
        at_once = self.number_of_fits(data, model, shapes)
        of_cell = CELL_SECONDS.get(self.registry[model].family.name, 0.0)
        seconds = at_once * len(data.y) * _inputs(data) * of_cell
        if shapes:
            calls, arithmetic = self._seconds_of_calls_and_arithmetic(data, model, shapes)
            seconds = calls + arithmetic
            if calls > arithmetic:  # of which a smaller stack has as many
                at_once = len(shapes)
        return at_once if seconds > CHUNK_SECONDS else 1

    def seconds(self, data: Dataset | None, model: str, shapes: Sequence[str]) -> float:
        """Return about how long a job trains a network in some shapes, see `seconds_of_job`.

        Without the data, the table counts as a small one.
        """
        return sum(self._seconds_of_calls_and_arithmetic(data, model, shapes))

    def _seconds_of_calls_and_arithmetic(
        self, data: Dataset | None, model: str, shapes: Sequence[str]
    ) -> tuple[float, float]:
        size = (len(data.y), _inputs(data), output_nodes(len(data.classes))) if data else ()
        splits, epochs = sum(self._numbers_of_splits(model, data)), self._config.training.epochs
        each = [
            seconds_of_job(own[0].shape, splits * len(own), epochs, *size)
            for own in self.trained(model, shapes)
        ]
        calls, arithmetic = zip(*each, strict=True)
        return sum(calls), sum(arithmetic)

    def _numbers_of_splits(self, model: str, data: Dataset | None) -> tuple[int, int]:
        """Return how many outer splits a model is trained on, and about how many inner ones."""
        outer = self.division.number_of_outer_splits
        is_chosen = self.choosers.get(model) == model
        return outer, self.division.number_of_inner_splits(data) if is_chosen else 0

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
            splits = self._numbers_of_splits(model, data)
            for configurations in self.shapes.values():
                shape = configurations[0].shape
                fits = [each * len(configurations) for each in splits]
                # The rows do not matter: a table of allowed size has few, compared with the limit.
                needed = bytes_of_job(shape, features, fits[0], outputs, fits[1]) // 2**20
                if needed > limit:
                    hidden = list(shape.hidden)
                    key = "reference" if hidden == self._config.reference.hidden else "vary"
                    raise BackpropError(
                        f"{key}.hidden: found {shortened(hidden)}, {sum(fits)} fits of {model} "
                        f"that need about {needed:,} MB together; use at most {limit:,} MB, the "
                        "memory of this machine, or of the last attempt of a cluster job if that "
                        "is more"
                    )


def _check_packages(models: Mapping[str, Model]) -> None:
    """Refuse a model whose own package is not installed."""
    for model, entry in models.items():
        package = entry.package
        if package and find_spec(package) is None:
            raise BackpropError(
                f"models: found {model}, which needs the package {package}, and it is not "
                f"installed; take {model} off the list, or install it by this line:\n"
                f"{command_for(package)}"
            )


def _inputs(data: Dataset) -> int:
    """Return about how many inputs a model has, fast: without those that say what is missing."""
    return len(data.features) + sum(map(len, data.categories.values()))
