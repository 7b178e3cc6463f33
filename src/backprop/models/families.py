"""The families of models: how the models of each are configured, trained and used.

The workflow reads these entries each time it starts, so nothing heavy is imported here. The code of
a family is imported by its name, where a model is trained or predicts.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from backprop.study.configurations import HYPERPARAMETERS, Configuration, enumerate_values
from backprop.typing import Json, Shown

if TYPE_CHECKING:
    from backprop.config import Config
    from backprop.data.dataset import Dataset
    from backprop.study.splits import Split
    from backprop.study.trained import Trained
    from backprop.typing import Array, Integers

    Fit = tuple[Configuration, Split]

log = logging.getLogger(__name__)


class Space(NamedTuple):
    """What a model tries: its reference, and other values of it.

    Attributes
    ----------
    reference : mapping
        A value for each hyperparameter.
    vary : mapping
        Other values of some of them.
    also : sequence of mapping
        Whole configurations, by the values in which each differs from the reference.
    """

    reference: Mapping[str, object] = MappingProxyType({})
    vary: Mapping[str, Sequence[object]] = MappingProxyType({})
    also: Sequence[Mapping[str, object]] = ()


PREDICTIONS = "backprop.models.predictions"
"""The module that has the `Family.predictor` of each family."""


class PredictingFits(NamedTuple):
    """F fits of one configuration, and their inputs: what `Family.predict` takes.

    Attributes
    ----------
    implementation : str
    configuration : Configuration
    splits : sequence of Split
        Of the fits, none of which diverged or failed.
    parameters : sequence of array
        The parameters of each fit. An estimator has none: it is fitted again, which gives the same.
    inputs : sequence of array, each of shape (m, d)
        For each fit the inputs, encoded by the training rows of its split.
    dataset : Dataset
    seed : int
        The seed of the study.
    """

    implementation: str
    configuration: Configuration
    splits: "Sequence[Split]"
    parameters: "Sequence[Array]"
    inputs: "Sequence[Array]"
    dataset: "Dataset"
    seed: int


class Predicted(NamedTuple):
    """What F fits predict for m rows: what `Family.predict` returns.

    Attributes
    ----------
    probabilities : array, shape (m, C, F)
    classes : int array, shape (m, F)
        The most probable ones, the first of several; of a classifier of scikit-learn, what its own
        ``predict`` returns.
    """

    probabilities: "Array"
    classes: "Integers"


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family of models, which are configured, trained and used in one way.

    Its models differ in their *implementation*: the name of a module of this library, or of a class
    of scikit-learn.

    Attributes
    ----------
    name : str
        Its name among the parameters of a job, see `FAMILIES`.
    trainer : str
        The module whose ``train_fits(implementation, fits, dataset, ...)`` trains its models; of
        networks, ``train_stacks``.
    predictor : str
        The function of `backprop.models.predictions` for its models.
    read : callable
        ``read(values)``: a configuration from values that were read from YAML or JSON.
    space : callable
        ``space(config, model)``: the `Space` of a model in the completed config.
    needs : tuple of str
        The values of the config that its fits depend on, besides configuration and split: of
        ``seed`` and ``training``, the stop condition of networks.
    is_module : bool
        Whether an implementation is a module of this library.
    is_one_model : bool
        Whether its models are implementations of one model. They share their configurations, and
        one implementation predicts for all.
    trouble : str
        The status of a fit without a score.
    """

    name: str
    trainer: str
    predictor: str
    read: Callable[[Mapping[str, Json]], Configuration]
    space: "Callable[[Config, str], Space]"
    needs: tuple[str, ...] = ()
    is_module: bool = True
    is_one_model: bool = False
    trouble: Shown[str] = "diverged"

    def configurations(self, config: "Config", model: str) -> list[Configuration]:
        """List the configurations of a model of a completed config: reference first, each once."""
        reference, vary, also = self.space(config, model)
        rows = enumerate_values(reference, vary, config.search)
        rows += [{**reference, **changes} for changes in also]
        return list(dict.fromkeys(map(self.read, rows)))

    def trained_by(self, implementation: str) -> tuple[str, ...]:
        """Return the modules of this library whose code decides a fit."""
        return (self.trainer, implementation) if self.is_module else (self.trainer,)

    def predicted_by(self, implementation: str) -> tuple[str, ...]:
        """Return the modules of this library whose code decides what `predict` returns."""
        own = self.is_module and not self.is_one_model
        return (PREDICTIONS, implementation) if own else (PREDICTIONS,)

    def train(
        self,
        implementation: str,
        fits: "Sequence[tuple[Configuration, Split]]",
        dataset: "Dataset",
        **needs: Any,
    ) -> "list[Trained]":
        """Train a model in some configurations, each on a split.

        Parameters
        ----------
        implementation : str
        fits : sequence of (Configuration, Split)
        dataset : Dataset
            Each fit encodes it by the training rows of its split.
        **needs
            The seed of the study and ``training``, the stop condition, if the family needs them,
            see `backprop.models.networks.train_fits`; and of a network, ``is_checked``: whether
            each epoch is compared with the hand-written network.

        Returns
        -------
        list of Trained
            In the order of `fits`.
        """
        trained = dict(self._train_in_turn(implementation, fits, dataset, **needs))
        return [trained[place] for place in range(len(fits))]

    def _train_in_turn(
        self,
        implementation: str,
        fits: "Sequence[Fit]",
        dataset: "Dataset",
        seed: int | None = None,
        training: Mapping[str, object] = MappingProxyType({}),
        is_checked: bool = False,
    ) -> "Iterable[tuple[int, Trained]]":
        seeded = {"seed": seed} if "seed" in self.needs else {}
        stop = training if "training" in self.needs else {}
        check = {"is_checked": True} if is_checked else {}
        own = import_module(implementation) if self.is_module else implementation
        trainer, options = import_module(self.trainer), {**seeded, **stop, **check}
        if self.is_one_model:
            trained: Iterable[tuple[int, Trained]] = trainer.train_stacks(
                own, fits, dataset, **options
            )
            return trained
        return enumerate(trainer.train_fits(own, fits, dataset, **options))

    def train_each(
        self, implementation: str, fits: "Sequence[Fit]", *, processes: int = 1, **needs: Any
    ) -> "Iterator[tuple[int, Trained]]":
        """Train fits as `train` does, in one or several processes, each on one core.

        Yields
        ------
        place, trained : int, Trained
            The place of a fit among `fits`, and the fit, as soon as it is trained.
        """
        if processes == 1:
            yield from self._train_in_turn(implementation, fits, **needs)
            return
        # By its name: who does not train has nothing of it. It decides no fit.
        side_by_side = import_module("backprop.study.workers").side_by_side
        # Here, where the processes share them.
        import_module(self.trainer)
        import_module(implementation if self.is_module else implementation.rpartition(".")[0])
        tasks = self._tasks(fits, processes)

        def work(places: Sequence[int]) -> "Iterable[tuple[int, Trained]]":
            own = [fits[place] for place in places]
            trained = self._train_in_turn(implementation, own, **needs)
            return ((places[n], fit) for n, fit in trained)

        trained = side_by_side(tasks, work, processes)
        for number in range(len(fits)):
            if len(tasks) > processes:  # else one of them says how far it is
                log.info("fit %d of %d", number + 1, len(fits), extra={"done": number / len(fits)})
            yield next(trained)[1]

    def _tasks(self, fits: "Sequence[Fit]", processes: int) -> list[list[int]]:
        """Divide the places of fits: networks into stacks of a size, others by their split."""
        tasks: dict[object, list[int]] = {}
        for place, (_, split) in enumerate(fits):
            key = place * processes // len(fits) if self.is_one_model else split.key
            tasks.setdefault(key, []).append(place)
        return [*tasks.values()]

    def predict(self, fits: PredictingFits) -> Predicted:
        """Return the probabilities of all classes for the inputs of each fit, and the classes."""
        return getattr(import_module(PREDICTIONS), self.predictor)(fits)


def _space_of_networks(config: "Config", model: str) -> Space:
    defaults = {key: each.default for key, each in HYPERPARAMETERS.items()}
    return Space({**defaults, **vars(config.reference)}, vars(config.vary), config.also)


def _space_of_regression(config: "Config", model: str) -> Space:
    own = vars(config.baselines).get(model)
    if own is None:  # the schema gives it no hyperparameters
        return Space({"l2": HYPERPARAMETERS["l2"].default})
    return Space(vars(own.reference), vars(own.vary))


def _space_of_estimator(config: "Config", model: str) -> Space:
    own = config.estimators.get(model)  # predictions of a file have no hyperparameters
    return Space(own.reference, own.vary) if own else Space()


NETWORK = Family(
    name="network",
    trainer="backprop.models.networks",
    predictor="of_networks",
    read=lambda values: Configuration.of_network(**values),
    space=_space_of_networks,
    needs=("seed", "training"),
    is_one_model=True,
)
"""Back-propagation networks. An implementation is a `backprop.network.training.Network`."""

REGRESSION = Family(
    name="regression",
    trainer="backprop.models.baselines",
    predictor="of_regressions",
    read=Configuration.of,
    space=_space_of_regression,
)
"""Logistic and softmax regression. An implementation is a `backprop.models.baselines.Baseline`."""

ESTIMATOR = Family(
    name="estimator",
    trainer="backprop.models.estimators",
    predictor="of_estimators",
    read=Configuration.of,
    space=_space_of_estimator,
    needs=("seed",),
    is_module=False,
    trouble="failed",
)
"""Classifiers of scikit-learn that config.yaml names, such as ``sklearn.svm.SVC``."""

ELSEWHERE = Family(
    name="elsewhere",
    trainer="backprop.models.predictions_file",
    predictor="",
    read=Configuration.of,
    space=_space_of_estimator,
    is_module=False,
    trouble="failed",
)
"""Models that were trained elsewhere: a file has their predictions, and nothing more is known."""

FAMILIES = {family.name: family for family in (NETWORK, REGRESSION, ESTIMATOR, ELSEWHERE)}
