"""Train a model on many drawn data sets of one form, and score it on rows that it never saw."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.models import logistic, networks
from backprop.models.families import PredictingFits
from backprop.models.many_logistic import fit_all
from backprop.models.registry import MODELS
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import class_probabilities
from backprop.study.gaussians import Gaussians
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, splits_of
from backprop.study.streams import stream
from backprop.typing import Array, Integers, Json

log = logging.getLogger(__name__)

TRAINED_TOGETHER = networks.FASTEST  # fits of a network
FITTED_FLOATS = 2**22  # of the samples of regressions that are fitted together
FRESH_ROWS = 1000  # or more: that a fit is judged by, with the class shares of the data


Fits = Sequence[tuple[Array, Array]]
"""The predictions and the parameters of all fits on a data set."""


class SimulatedDesign(NamedTuple):
    """The cross-validation of a simulated study, and how it is judged.

    Attributes
    ----------
    folds, repeats : int
        As the study has them.
    metric : str
        The metric of the study.
    rope : float
        Differences of it up to this are of no practical interest.
    """

    folds: int
    repeats: int
    metric: str
    rope: float


class Number(NamedTuple):
    """What decides the random numbers of a drawn data set, besides the seed.

    Attributes
    ----------
    rows : int
        Of the rows, the starting weights and the order of samples.
    classes : int
        Of the classes. Data sets with the same classes have the same splits, and are compared.
    """

    rows: int
    classes: int


@dataclass(frozen=True, eq=False)
class Drawn:
    """A drawn data set.

    Attributes
    ----------
    number : Number
    dataset : Dataset
        Of n rows.
    splits : sequence of Split
    fresh : array, shape (m, d)
        Fresh rows, of the classes `fresh_y`, which have the shares of the population.
    fresh_y : int array, shape (m,)
    """

    number: Number
    dataset: Dataset
    splits: Sequence[Split]
    fresh: Array
    fresh_y: Integers


@dataclass(frozen=True, eq=False)
class Scored:
    """How a model did on one drawn data set.

    Attributes
    ----------
    drawn : Drawn
    values : array, shape (splits,)
        The score on the test rows of each split; NaN if a fit has no predictions.
    truth : array, shape (splits,)
        The score of the same fits on fresh rows; NaN if a fit has no predictions.
    probabilities : sequence of arrays
        The predictions of each split, as a file of fits has them.
    """

    drawn: Drawn
    values: Array
    truth: Array
    probabilities: Sequence[Array]


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A model in one configuration, and how it is trained.

    Attributes
    ----------
    model : str
        An entry of the registry: logistic regression or a network. All networks are trained by the
        hand-written stack: they are one model.
    configuration : Configuration
    seed : int
        The seed of the study.
    training : mapping
        The stop condition of a network, see `backprop.models.networks.train_fits`.
    """

    model: str
    configuration: Configuration
    seed: int
    training: Mapping[str, Json]


def score_on_drawn(
    learner: Learner,
    source: Gaussians,
    numbers: Sequence[Number],
    design: SimulatedDesign,
    *,
    first_split: bool = False,
) -> Iterator[Scored]:
    """Train a model on every split of some drawn data sets, and score it.

    Parameters
    ----------
    learner : Learner
    source : Gaussians
        What the data sets are drawn from.
    numbers : sequence of Number
    design : SimulatedDesign
    first_split : bool, default=False
        Whether to train on the first split alone.

    Yields
    ------
    Scored
        For each data set. It does not depend on the other data sets.
    """
    splits_of_data = design.folds * design.repeats
    together = max(1, TRAINED_TOGETHER // (1 if first_split else splits_of_data))
    for start in range(0, len(numbers), together):
        chosen = numbers[start : start + together]
        share = len(chosen) / len(numbers)
        log.info(
            "data set %d of %d",
            start + 1,
            len(numbers),
            extra={"done": start / len(numbers), "share": share},
        )
        every = [_draw(learner, source, number, design, first_split) for number in chosen]
        trained: Iterable[Fits] = (_fit_logistic(learner.configuration, drawn) for drawn in every)
        if learner.configuration.is_network:
            trained = _train_networks(learner, source, every)
        for drawn, fits in zip(every, trained, strict=True):
            yield _score(learner, drawn, fits, design.metric)


def _draw(
    learner: Learner, source: Gaussians, number: Number, design: SimulatedDesign, first_split: bool
) -> Drawn:
    classes = stream(learner.seed, "simulated classes", number.classes)
    y = source.draw_classes(classes, design.folds)
    folds = draw_folds(y, folds=design.folds, repeats=design.repeats, seed=learner.seed)
    generator = stream(learner.seed, "simulation", number.rows)
    fresh_y = np.tile(source.y, -(-FRESH_ROWS // len(source.y)))
    return Drawn(
        number=number,
        dataset=source.dataset(source.draw(generator, y), y),
        splits=splits_of(folds)[: 1 if first_split else None],
        fresh=source.draw(generator, fresh_y),
        fresh_y=fresh_y,
    )


def _train_networks(learner: Learner, source: Gaussians, every: Sequence[Drawn]) -> Iterator[Fits]:
    """Train the networks of some data sets as one stack; yield the fits of each."""
    # One table, one below the other. Each data set has repeats of its own, which decide the random
    # numbers.
    n, splits = len(source.y), len(every[0].splits)
    repeats = max(split.repeat for split in every[0].splits) + 1
    configuration = learner.configuration
    configuration = configuration.changed(batch_size=min(configuration.batch_size, n))
    stack = []
    for place, drawn in enumerate(every):
        first_repeat, first_row = drawn.number.rows * repeats, place * n
        for s in drawn.splits:
            train, test = first_row + s.train, first_row + s.test
            stack.append((configuration, Split(first_repeat + s.repeat, s.fold, train, test)))
    x = np.concatenate([drawn.dataset.x for drawn in every])
    together = source.dataset(x, np.concatenate([drawn.dataset.y for drawn in every]))
    fits = networks.train_fits(stacked, stack, together, seed=learner.seed, **learner.training)
    for start in range(0, len(fits), splits):
        yield [(f.probabilities, f.parameters) for f in fits[start : start + splits]]


def _fit_logistic(settings: Configuration, drawn: Drawn) -> Fits:
    """Fit logistic regression on all splits of a data set.

    Splits with as many training rows are fitted together, as many as `FITTED_FLOATS` allows.
    """
    dataset, fits = drawn.dataset, {}
    for size in {len(split.train) for split in drawn.splits}:
        alike = [split for split in drawn.splits if len(split.train) == size]
        most = max(1, FITTED_FLOATS // (size * (dataset.x.shape[1] + 1)))
        for together in (alike[start : start + most] for start in range(0, len(alike), most)):
            x = [Encoder.of(dataset, split.train).apply(dataset.x) for split in together]
            every = fit_all(
                np.stack([own[split.train] for own, split in zip(x, together, strict=True)]),
                drawn.dataset.y[[split.train for split in together]],
                l2=settings.values().get("l2", 0.0),
            )
            for split, own, parameters in zip(together, x, every, strict=True):
                fits[split.key] = logistic.predict(parameters, own[split.test]), parameters
    return [fits[split.key] for split in drawn.splits]


def _score(learner: Learner, drawn: Drawn, fits: Fits, metric: str) -> Scored:
    """Score the fits of one data set on their test rows and on fresh rows."""
    dataset, score = drawn.dataset, METRICS[metric].score
    model = MODELS[learner.model]
    values, truth = np.full((2, len(drawn.splits)), np.nan)
    stored = [probabilities.ravel() for probabilities, _ in fits]
    for place, (split, own) in enumerate(zip(drawn.splits, stored, strict=True)):
        if np.isfinite(own).all():
            p = class_probabilities(own, len(split.test))
            values[place] = score(drawn.dataset.y[split.test], p[..., np.newaxis])[0]
    if np.isfinite(values).all():
        inputs = [Encoder.of(dataset, split.train).apply(drawn.fresh) for split in drawn.splits]
        predicting = PredictingFits(
            model.implementation, learner.configuration, drawn.splits, [own for _, own in fits],
            inputs, dataset, learner.seed,
        )  # fmt: skip
        truth = score(drawn.fresh_y, model.family.predict(predicting).probabilities)
    return Scored(drawn, values, truth, stored)
