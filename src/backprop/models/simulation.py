"""Train a model on many drawn data sets of one form, and score it on rows that it never saw."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backprop.data.encoding import Encoder
from backprop.models import estimators, logistic, networks
from backprop.models.many_logistic import fit_all
from backprop.models.predictions import predict
from backprop.models.registry import BASELINE, MODELS
from backprop.network import stacked
from backprop.study.configurations import Candidate, Configuration, Settings
from backprop.study.fits import class_probabilities
from backprop.study.gaussians import Gaussians
from backprop.study.metrics import accuracy
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.typing import Array

log = logging.getLogger(__name__)

TRAINED_TOGETHER = networks.FASTEST  # fits of a network
FITTED_FLOATS = 2**22  # of the samples of regressions that are fitted together
FRESH_ROWS = 1000  # or more: that a fit is judged by, with the class shares of the data


@dataclass(frozen=True, eq=False)
class Scored:
    """How a model did on one drawn data set.

    Attributes
    ----------
    accuracy : array, shape (splits,)
        On the test rows of each split; NaN if a fit has no predictions.
    truth : array, shape (splits,)
        The accuracy of the same fits on fresh rows; NaN if a fit has no predictions.
    probabilities : sequence of arrays
        The predictions of each split, as a file of fits has them.
    """

    accuracy: Array
    truth: Array
    probabilities: Sequence[Array]


@dataclass(frozen=True, kw_only=True)
class Learner:
    """A model in one configuration, and how it is trained.

    Attributes
    ----------
    model : str
        An entry of the registry: logistic regression, a network, or a classifier of scikit-learn.
        All networks are trained by the hand-written stack: they are one model.
    configuration : Configuration or Settings
    seed : int
        The seed of the study.
    training : mapping
        The stop condition of a network, see `backprop.models.networks.train_fits`.
    """

    model: str
    configuration: Candidate
    seed: int
    training: Mapping[str, Any]


def score_on_drawn(
    learner: Learner,
    source: Gaussians,
    numbers: Sequence[int],
    splits: Sequence[Split],
) -> Iterator[Scored]:
    """Train a model on every split of some drawn data sets, and score it.

    Parameters
    ----------
    learner : Learner
    source : Gaussians
        What the data sets are drawn from. All have the same classes in the same order, so one
        cross-validation serves all.
    numbers : sequence of int
        The numbers of the data sets, from 0. They and the seed decide the random numbers: of the
        rows, the starting weights, and the order of samples.
    splits : sequence of Split
        Of the cross-validation.

    Yields
    ------
    Scored
        For each data set. That of a data set does not depend on the others.
    """
    copies = -(-FRESH_ROWS // len(source.y))
    together = max(1, TRAINED_TOGETHER // len(splits))
    for start in range(0, len(numbers), together):
        chosen = numbers[start : start + together]
        share = len(chosen) / len(numbers)
        log.info(
            "data set %d of %d",
            start + 1,
            len(numbers),
            extra={"done": start / len(numbers), "share": share},
        )
        drawn = []
        for number in chosen:
            generator = stream(learner.seed, "simulation", number)
            drawn.append((source.draw(generator), source.draw(generator, copies)))
        every_fit = _train(learner, source, [x for x, _ in drawn], chosen, splits)
        for (x, fresh), fits in zip(drawn, every_fit, strict=True):
            yield _score(learner, source, x, fresh, splits, fits)


def _train(
    learner: Learner,
    source: Gaussians,
    drawn: Sequence[Array],
    numbers: Sequence[int],
    splits: Sequence[Split],
) -> Iterator[list[tuple[Array, Array]]]:
    """Yield, for each of some data sets, the predictions and the parameters of all its fits."""
    configuration = learner.configuration
    if isinstance(configuration, Configuration):
        yield from _train_networks(learner, configuration, source, drawn, numbers, splits)
    elif learner.model == BASELINE:
        for x in drawn:
            yield _fit_logistic(configuration, source, x, splits)
    else:
        name, pairs = MODELS[learner.model].classifier, [(configuration, s) for s in splits]
        for x in drawn:
            fits = estimators.train_fits(name, pairs, source.dataset(x), seed=learner.seed)
            yield [(fit.probabilities, fit.parameters) for fit in fits]


def _train_networks(
    learner: Learner,
    configuration: Configuration,
    source: Gaussians,
    drawn: Sequence[Array],
    numbers: Sequence[int],
    splits: Sequence[Split],
) -> Iterator[list[tuple[Array, Array]]]:
    """Train the networks of some data sets as one stack; see `_train`."""
    # One table, one below the other. Each data set has repeats of its own, which decide the random
    # numbers.
    n, repeats = len(source.y), max(split.repeat for split in splits) + 1
    configuration = replace(configuration, batch_size=min(configuration.batch_size, n))
    stack = [
        (configuration, Split(number * repeats + s.repeat, s.fold, k * n + s.train, k * n + s.test))
        for k, number in enumerate(numbers)
        for s in splits
    ]
    together = source.dataset(np.concatenate(drawn))
    fits = networks.train_fits(stacked, stack, together, seed=learner.seed, **learner.training)
    for start in range(0, len(fits), len(splits)):
        yield [(f.probabilities, f.parameters) for f in fits[start : start + len(splits)]]


def _fit_logistic(
    settings: Settings, source: Gaussians, drawn: Array, splits: Sequence[Split]
) -> list[tuple[Array, Array]]:
    """Fit logistic regression on all splits of a data set; see `_train`.

    Splits with as many training rows are fitted together, as many as `FITTED_FLOATS` allows.
    """
    dataset, fits = source.dataset(drawn), {}
    for size in {len(split.train) for split in splits}:
        alike = [split for split in splits if len(split.train) == size]
        most = max(1, FITTED_FLOATS // (size * (drawn.shape[1] + 1)))
        for together in (alike[start : start + most] for start in range(0, len(alike), most)):
            x = [Encoder.of(dataset, split.train).apply(drawn) for split in together]
            every = fit_all(
                np.stack([own[split.train] for own, split in zip(x, together, strict=True)]),
                source.y[[split.train for split in together]],
                l2=settings.values().get("l2", 0.0),
            )
            for split, own, parameters in zip(together, x, every, strict=True):
                fits[split.key] = logistic.predict(parameters, own[split.test]), parameters
    return [fits[split.key] for split in splits]


def _score(
    learner: Learner,
    source: Gaussians,
    x: Array,
    fresh: Array,
    splits: Sequence[Split],
    fits: Sequence[tuple[Array, Array]],
) -> Scored:
    """Score the fits of one data set on their test rows and on fresh rows."""
    dataset, y = source.dataset(x), source.y
    scores, truth = np.full((2, len(splits)), np.nan)
    stored = [probabilities.ravel() for probabilities, _ in fits]
    for place, (split, values) in enumerate(zip(splits, stored, strict=True)):
        if np.isfinite(values).all():
            p = class_probabilities(values, len(split.test))
            scores[place] = accuracy(y[split.test], p[..., np.newaxis])[0]
    if np.isfinite(scores).all():
        p = predict(
            learner.model,
            learner.configuration,
            splits,
            [parameters for _, parameters in fits],
            [Encoder.of(dataset, split.train).apply(fresh) for split in splits],
            dataset=dataset,
            seed=learner.seed,
        )
        truth = accuracy(np.tile(y, len(fresh) // len(y)), p)
    return Scored(scores, truth, stored)
