"""Train a stack: the repeat loop of the lecture around a network's epoch, for many fits at once."""

import itertools
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from backprop.data import dataset as data
from backprop.data.dataset import standardise
from backprop.network.functions import COSTS, INITIALISATIONS, Array, Layer, sigmoid
from backprop.study import fits, splits
from backprop.study.configurations import Configuration, Shape
from backprop.study.fits import DEAD, Trained
from backprop.study.splits import Split
from backprop.study.streams import stream

log = logging.getLogger(__name__)

CURVE_POINTS = 100  # a learning curve is recorded at so many epochs at most
STACK_BYTES = 256 * 2**20  # what a stack may take; more fits are trained in stacks in turn


class Network(Protocol):
    """What a network module offers: `backprop.network.stacked` and `backprop.network.autodiff`."""

    def train_epoch(
        self, layers: Sequence[Layer], x: Array, y: Array, eta: Array, activation: str, cost: str
    ) -> Array:
        """Update the layers in place after every sample; return z as each sample found it."""

    def predict(self, layers: Sequence[Layer], x: Array, activation: str) -> Array:
        """Return z of every sample: shape (n, l, F) for x of shape (n, d, F)."""


def starting_layers(
    configuration: Configuration, features: int, seed: int, split: Split
) -> list[Layer]:
    """Draw the starting parameters of one fit: one stream for every network on this split."""
    generator = stream(seed, "weights", split.repeat, split.fold)
    initialise = INITIALISATIONS[configuration.initialisation]
    sizes = (features, *configuration.hidden, 1)
    return [
        initialise(generator.random((inputs, outputs)), generator.random(outputs))
        for inputs, outputs in itertools.pairwise(sizes)
    ]


def unflatten(parameters: Array, features: int, hidden: Sequence[int]) -> list[Layer]:
    """Turn `Trained.parameters`, shape (P, ...), back into layers (with the same trailing axes)."""
    sizes = (features, *hidden, 1)
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        weights, thresholds, parameters = np.split(
            parameters, [inputs * outputs, (inputs + 1) * outputs]
        )
        layers.append((weights.reshape(inputs, outputs, *weights.shape[1:]), thresholds))
    return layers


def fits_at_once(shape: Shape, rows: int, features: int) -> int:
    """Return how many fits of a shape `STACK_BYTES` allow in one stack, for data of that size."""
    sizes = (features, *shape.hidden, 1)
    parameters = sum((inputs + 1) * outputs for inputs, outputs in itertools.pairwise(sizes))
    shown = rows * (features + 3)  # x, y, the learning rate and z, of every sample
    # Measured: the peak is 2 to 3 times the size of these with NumPy, 4 to 8 times with TensorFlow.
    return max(2, STACK_BYTES // (8 * 8 * (shown + parameters)))


def train(
    network: Network,
    shape: Shape,
    fits: Sequence[tuple[Configuration, Split]],
    x: Array,
    y: NDArray[np.int64],
    *,
    seed: int,
    epochs: int,
    patience: int | None = None,
    tolerance: float = 0.0,
) -> list[Trained]:
    """Train all fits of one shape as one stack.

    Parameters
    ----------
    network : module
        What computes an epoch and a prediction.
    shape : Shape
        The shape of every configuration in `fits`.
    fits : sequence of (Configuration, Split)
    x, y : arrays, shapes (n, d) and (n,)
        The whole data set; each fit sees it standardised by the training rows of its split.
    seed : int
        Starting weights and sample orders derive from it, the repeat and the fold, nothing else.
    epochs, patience, tolerance
        Each fit ends after `epochs`, or after `patience` epochs in which its training cost has
        not fallen by `tolerance` below its lowest.

    Returns
    -------
    list of Trained
        In the order of `fits`; each the same to the bit whatever else is in the stack.
    """
    started = time.perf_counter()
    if len(fits) == 1:  # see backprop.network.stacked: no stack of one
        one, _ = train(
            network, shape, [*fits, *fits], x, y,
            seed=seed, epochs=epochs, patience=patience, tolerance=tolerance,
        )  # fmt: skip
        return [replace(one, seconds=2 * one.seconds)]
    splits = list({(s.repeat, s.fold): s for _, s in fits}.values())
    at = {(s.repeat, s.fold): place for place, s in enumerate(splits)}
    of = np.array([at[s.repeat, s.fold] for _, s in fits])  # the split of each fit

    def by_fit(array: NDArray[Any]) -> NDArray[Any]:
        # Fits side by side in memory, as `array[..., of]` would not have them: twice as fast.
        return array.take(of, axis=-1)

    scaled = [standardise(x, s.train) for s in splits]
    x_train, y_train, valid = _padded(
        [(z, y, s.train) for z, s in zip(scaled, splits, strict=True)]
    )
    x_test, y_test, valid_test = _padded(
        [(z, y, s.test) for z, s in zip(scaled, splits, strict=True)]
    )
    x_test, y_test, valid_test = by_fit(x_test), by_fit(y_test), by_fit(valid_test)
    starts = [starting_layers(c, x.shape[1], seed, s) for c, s in fits]
    layers = [
        (np.stack([w for w, _ in layer], -1), np.stack([b for _, b in layer], -1))
        for layer in zip(*starts, strict=True)
    ]
    orders = [stream(seed, "order", s.repeat, s.fold) for s in splits]
    real = by_fit(valid)  # in any order of samples, since that keeps the padding last
    rates = np.array([c.learning_rate for c, _ in fits])
    cost = COSTS[shape.cost].value

    def mean_cost(z: Array, targets: Array, shown: NDArray[np.bool_]) -> Array:
        costs = np.where(shown, cost(np, z, targets).sum(axis=1), 0.0)
        return costs.sum(axis=0) / shown.sum(axis=0)

    points = np.unique(np.linspace(1, epochs, min(epochs, CURVE_POINTS)).round().astype(int))
    curves = np.full((2, len(points), len(fits)), np.nan)
    best = np.full(len(fits), np.inf)
    best_epoch = np.zeros(len(fits), dtype=int)
    last = np.full(len(fits), epochs)
    active = np.ones(len(fits), dtype=bool)
    reported = started
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is a status, not a warning
        for epoch in range(1, epochs + 1):
            order = np.stack(
                [_order(g, s.train.size, len(valid)) for g, s in zip(orders, splits, strict=True)],
                -1,
            )
            x_epoch = by_fit(np.take_along_axis(x_train, order[:, np.newaxis], axis=0))
            y_epoch = by_fit(np.take_along_axis(y_train, order[:, np.newaxis], axis=0))
            eta = np.where(real & active, rates, 0.0)
            z = network.train_epoch(layers, x_epoch, y_epoch, eta, shape.activation, shape.cost)
            train_cost = mean_cost(z, y_epoch, real)
            if epoch in points:
                test_cost = mean_cost(
                    network.predict(layers, x_test, shape.activation), y_test, valid_test
                )
                curves[:, points == epoch] = np.where(active, [train_cost, test_cost], np.nan)[
                    :, np.newaxis
                ]
            if patience is not None:
                progress = train_cost < best - tolerance
                best = np.where(progress, train_cost, best)
                best_epoch[progress] = epoch
                ends = active & (epoch - best_epoch >= patience)
                last[ends] = epoch
                active &= ~ends
                if not active.any():
                    break
            if (now := time.perf_counter()) - reported > 10:
                reported = now
                log.info(
                    "epoch %d of %d, %d of %d fits still training",
                    epoch,
                    epochs,
                    active.sum(),
                    len(fits),
                )
        answers = sigmoid(np, network.predict(layers, by_fit(x_train), shape.activation)[:, 0])
        probabilities = sigmoid(np, network.predict(layers, x_test, shape.activation)[:, 0])
    parameters = np.concatenate([p.reshape(-1, len(fits)) for layer in layers for p in layer])
    diverged = ~(
        np.isfinite(parameters).all(axis=0)
        & (np.isfinite(curves) | (points[:, np.newaxis] > last)).all(axis=(0, 1))
    )
    probabilities[:, diverged] = np.nan
    spread = np.where(real, answers, -np.inf).max(0) - np.where(real, answers, np.inf).min(0)
    status = np.select(
        [diverged, spread < DEAD, last < epochs], ["diverged", "dead", "no_progress"], "epochs"
    )
    seconds = (time.perf_counter() - started) / len(fits)
    trained = []
    for f, (_, split) in enumerate(fits):
        kept = points <= last[f]
        trained.append(
            Trained(
                str(status[f]),
                int(last[f]),
                probabilities[: split.test.size, f],
                points[kept],
                curves[0, kept, f],
                curves[1, kept, f],
                parameters[:, f],
                seconds,
            )
        )
    return trained


def update_fits(
    path: Path,
    model: str,
    network: Network,
    wanted: Mapping[str, Any],
    *,
    data_file: Path,
    folds_file: Path,
    basis: str,
) -> None:
    """Bring a file of fits to hold the wanted configurations, each shape trained as one stack.

    A shape with more fits than `fits_at_once` is trained in several stacks, one after the other.

    Parameters
    ----------
    path, model, basis
        As in `backprop.study.fits.update`.
    network : module
        As in `train`.
    wanted : mapping
        `configurations`, in plain values, `seed` and `training`, as config.yaml has them, and, if
        not all splits are wanted, the number of `splits`.
    data_file, folds_file : Path
        The data set and its folds.
    """
    dataset = data.read(data_file)
    configurations = [Configuration.of(values) for values in wanted["configurations"]]
    options = {"seed": wanted["seed"], **wanted["training"]}

    def train_missing(missing: list[fits.Wanted]) -> list[Trained]:
        trained: dict[int, Trained] = {}
        for shape in {configuration.shape for configuration, _ in missing if configuration}:
            some = {
                place: (configuration, split)
                for place, (configuration, split) in enumerate(missing)
                if configuration and configuration.shape == shape
            }
            most = fits_at_once(shape, *dataset.x.shape)
            for places in (list(some)[n : n + most] for n in range(0, len(some), most)):
                stack = [some[place] for place in places]
                found = train(network, shape, stack, dataset.x, dataset.y, **options)
                trained.update(zip(places, found, strict=True))
        return [trained[place] for place in range(len(missing))]

    all_splits = splits.splits_of(splits.read(folds_file))[: wanted.get("splits")]
    fits.update(path, model, configurations, all_splits, basis, train_missing)


def _order(generator: np.random.Generator, real: int, padded: int) -> NDArray[np.int64]:
    """Draw the order of one epoch: the real samples shuffled, then the padding."""
    return np.concatenate([generator.permutation(real), np.arange(real, padded)])


def _padded(
    parts: Sequence[tuple[Array, NDArray[np.int64], NDArray[np.int64]]],
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """Stack rows of (x, y) on the last axis, shorter ones filled up with zeros.

    Returns x of shape (rows, d, S), y of shape (rows, 1, S), and which rows are real, (rows, S).
    """
    longest = max(rows.size for _, _, rows in parts)
    x = np.zeros((longest, parts[0][0].shape[1], len(parts)))
    y = np.zeros((longest, 1, len(parts)))
    real = np.zeros((longest, len(parts)), dtype=bool)
    for s, (features, label, rows) in enumerate(parts):
        x[: rows.size, :, s] = features[rows]
        y[: rows.size, 0, s] = label[rows]
        real[: rows.size, s] = True
    return x, y, real
