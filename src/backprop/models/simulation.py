"""Train a model on many drawn data sets of one form, and score it on rows that it never saw."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np
from sklearn import config_context

from backprop.data.encoding import Encoder
from backprop.models import baselines, estimators, networks
from backprop.models.predictions import predict
from backprop.models.registry import MODELS
from backprop.network import stacked
from backprop.study.configurations import Candidate, Configuration
from backprop.study.fits import class_probabilities
from backprop.study.gaussians import Gaussians
from backprop.study.metrics import accuracy
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.study.trained import Trained
from backprop.typing import Array

log = logging.getLogger(__name__)

TRAINED_TOGETHER = networks.FASTEST  # fits of a network
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
        An entry of the registry. All networks are trained by the hand-written stack: they are one
        model.
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
) -> Iterator[Sequence[Trained]]:
    """Yield the fits of each of some data sets on all splits."""
    model, configuration = MODELS[learner.model], learner.configuration
    if not isinstance(configuration, Configuration):
        pairs = [(configuration, split) for split in splits]
        for x in drawn:
            dataset = source.dataset(x)
            if model.family == "baseline":
                with config_context(assume_finite=True, skip_parameter_validation=True):
                    fits = baselines.train_fits(import_module(model.module), pairs, dataset)
                yield fits
            else:
                name = model.classifier
                yield estimators.train_fits(name, pairs, dataset, seed=learner.seed)
        return
    # One table, one below the other: then all networks are one stack. Each data set has repeats of
    # its own, which decide the random numbers.
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
        yield fits[start : start + len(splits)]


def _score(
    learner: Learner,
    source: Gaussians,
    x: Array,
    fresh: Array,
    splits: Sequence[Split],
    fits: Sequence[Trained],
) -> Scored:
    """Score the fits of one data set on their test rows and on fresh rows."""
    dataset, y = source.dataset(x), source.y
    scores, truth = np.full((2, len(splits)), np.nan)
    stored = [fit.probabilities.ravel() for fit in fits]
    for place, (split, values) in enumerate(zip(splits, stored, strict=True)):
        if np.isfinite(values).all():
            p = class_probabilities(values, len(split.test))
            scores[place] = accuracy(y[split.test], p[..., np.newaxis])[0]
    if np.isfinite(scores).all():
        p = predict(
            learner.model,
            learner.configuration,
            splits,
            [fit.parameters for fit in fits],
            [Encoder.of(dataset, split.train).apply(fresh) for split in splits],
            dataset=dataset,
            seed=learner.seed,
        )
        truth = accuracy(np.tile(y, len(fresh) // len(y)), p)
    return Scored(scores, truth, stored)
