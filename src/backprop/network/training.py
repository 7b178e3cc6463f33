"""The training loop around a network: epochs, stop condition, learning curves, status.

This is the lecture's "repeat ... until reach stop condition". It trains a stack of F networks at
once, with any module that is a `Network`. To change the stop condition, change `StopCondition`.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from backprop.network.functions import cost_of, probabilities
from backprop.network.optimisers import Method
from backprop.network.parameters import Layer, flatten
from backprop.network.samples import Samples, SampleSets
from backprop.typing import Array, Booleans, Integers

if TYPE_CHECKING:
    from backprop.network.lockstep import Lockstep

log = logging.getLogger(__name__)

CURVE_POINTS = 100  # the largest number of epochs that a learning curve records
LOG_SECONDS = 10  # between two progress messages
LARGEST = float(1 / np.finfo(float).eps)
"""A network with a larger parameter, 4.5e15, has diverged: to add 1 to it changes nothing."""


class Network(Protocol):
    """The interface of a network: `backprop.network.plain`, `stacked` and `autodiff` have it."""

    def train_epoch(
        self, layers: Sequence[Layer], x: Array, y: Array, eta: Array, method: Method
    ) -> Array:
        """Train for one epoch, in place; return z = beta + theta before the update of each sample.

        See `backprop.network.stacked.train_epoch`.
        """

    def predict(self, layers: Sequence[Layer], x: Array, activation: str) -> Array:
        """Return z = beta + theta of every sample; see `backprop.network.stacked.predict`."""


class StopCondition:
    """Decides when the training of each network of a stack ends.

    Training ends after `epochs` epochs. It ends earlier after `patience` epochs in a row in which
    the training cost has not fallen by more than `tolerance` below its lowest value so far. The
    other networks of the stack continue.

    Parameters
    ----------
    networks : int
        The number F of networks in the stack.
    epochs : int
        The largest number of epochs, at least 1.
    patience : int, optional
        At least 1; by default training never ends early.
    tolerance : float, default=0
        At least 0, in units of the cost.

    Attributes
    ----------
    active : bool array, shape (F,)
        Which networks are still in training.
    last_epoch : int array, shape (F,)
        The last epoch of each network; `epochs` while it is still in training.
    """

    def __init__(
        self, networks: int, *, epochs: int, patience: int | None = None, tolerance: float = 0.0
    ) -> None:
        self.epochs, self.patience, self.tolerance = epochs, patience, tolerance
        self.active = np.ones(networks, dtype=bool)
        self.last_epoch = np.full(networks, epochs)
        self._lowest_cost = np.full(networks, np.inf)
        self._lowest_epoch = np.zeros(networks, dtype=int)

    def update(self, epoch: int, train_cost: Array) -> None:
        """Decide which networks end after an epoch.

        Parameters
        ----------
        epoch : int
            Counted from 1.
        train_cost : array, shape (F,)
            The training cost of that epoch; NaN is not progress.
        """
        progress = train_cost < self._lowest_cost - self.tolerance
        self._lowest_cost[progress] = train_cost[progress]
        self._lowest_epoch[progress] = epoch
        ends = np.full(self.active.shape, epoch >= self.epochs)
        if self.patience is not None:
            ends |= epoch - self._lowest_epoch >= self.patience
        self.last_epoch[self.active & ends] = epoch
        self.active &= ~ends


class LearningCurves:
    """The costs of the networks of a stack after up to `CURVE_POINTS` epochs, early ones densely.

    Parameters
    ----------
    networks : int
        The number F of networks in the stack.
    max_epochs : int
        The largest number of epochs, at least 1.

    Attributes
    ----------
    epochs : int array, shape (points,)
        The epochs that are recorded, counted from 1; the first and the last are among them.
    train_cost, test_cost : arrays, shape (points, F)
        The mean cost of a sample: of a training sample just before its update in that epoch, of a
        test sample after the epoch. NaN after the last epoch of a network.
    """

    def __init__(self, networks: int, max_epochs: int) -> None:
        count = min(max_epochs, CURVE_POINTS)
        point = np.arange(count)
        skipped = (max_epochs - count) * point**2 // max(count - 1, 1) ** 2
        self.epochs: Integers = 1 + point + skipped
        self.train_cost = np.full((len(self.epochs), networks), np.nan)
        self.test_cost = np.full((len(self.epochs), networks), np.nan)

    def record(self, epoch: int, active: Booleans, train_cost: Array, test_cost: Array) -> None:
        """Record the costs of the active networks, shape (F,), at one of the `epochs`."""
        point = np.searchsorted(self.epochs, epoch)
        self.train_cost[point, active] = train_cost[active]
        self.test_cost[point, active] = test_cost[active]

    def are_finite(self, last_epoch: Integers) -> Booleans:
        """Return whether the costs of each network are finite up to its last epoch, shape (F,)."""
        finite = np.isfinite(self.train_cost) & np.isfinite(self.test_cost)
        return (finite | (self.epochs[:, np.newaxis] > last_epoch)).all(axis=0)


@dataclass(frozen=True)
class Result:
    """The result of training the F networks of a stack.

    Attributes
    ----------
    status : str array, shape (F,)
        ``diverged`` (a parameter, or a cost of the learning curves, is not a finite number, or a
        parameter is beyond `LARGEST`), else ``unlearned`` (the trained network predicts one class
        for every training sample), else ``no_progress`` or ``epochs``: the stop condition that was
        met.
    last_epoch : int array, shape (F,)
        The last epoch of each network, counted from 1.
    probabilities : array, shape (n, l, F)
        Of the n test samples, padding included: P(y = 1) if there is one output, else P of each
        class; NaN for networks that diverged.
    curves : LearningCurves
    parameters : array, shape (P, F)
        The final weights and thresholds; see `backprop.network.parameters.flatten`.
    """

    status: NDArray[np.str_]
    last_epoch: Integers
    probabilities: Array
    curves: LearningCurves
    parameters: Array


class MeanCost:
    """The mean cost of the real samples of each network, over blocks that are added in order.

    Parameters
    ----------
    cost : str
        An entry of `backprop.network.functions.COSTS`.
    """

    def __init__(self, cost: str) -> None:
        self._cost, self._total, self._count = cost, np.array(0.0), np.array(0)

    def add(self, z: Array, samples: Samples) -> None:
        """Add a block of samples and their z, shape (n, l, F)."""
        value = cost_of(self._cost, z.shape[1]).value(np, z, samples.y)
        costs = np.where(samples.real, value.sum(axis=1), 0.0)
        costs[0] += self._total  # sample after sample, as NumPy sums: so blocks change no bit
        self._total, self._count = costs.sum(axis=0), self._count + samples.real.sum(axis=0)

    def value(self) -> Array:
        """Return the mean cost of each network, shape (F,)."""
        return np.asarray(self._total / self._count)


def divide_rates(rates: Array, real: Booleans, batch_size: int) -> Array:
    """Divide the rates, shape (F,), by the number of real samples of each batch.

    Return the rate of each sample, shape (n, F), from `real`, shape (n, F).
    """
    if batch_size == 1:
        return np.broadcast_to(rates, real.shape)
    starts = np.arange(0, len(real), batch_size)
    sizes = np.add.reduceat(real, starts, axis=0, dtype=np.int64).repeat(batch_size, axis=0)
    return rates / np.maximum(sizes[: len(real)], 1)


def predicts_one_class(blocks: Iterable[tuple[Array, Booleans]]) -> Booleans:
    """Return whether the predicted class is the same for all real samples, shape (F,).

    A block has the probabilities, shape (n, l, F), and which samples are real, shape (n, F). No
    more blocks are predicted once every network has predicted two classes.
    """
    highest, lowest = [], []
    for p, real in blocks:
        # Of two classes with equal probabilities the second is predicted, of more the first.
        classes = p[:, 0] > 0.5 if p.shape[1] == 1 else p.argmax(axis=1)
        highest.append(np.where(real, classes, -1).max(axis=0))
        lowest.append(np.where(real, classes, p.shape[1] + 1).min(axis=0))
        is_one = np.max(highest, axis=0) <= np.min(lowest, axis=0)
        if not is_one.any():
            break
    return np.asarray(is_one)


def train(
    network: Network,
    layers: Sequence[Layer],
    train_sets: SampleSets,
    test_sets: SampleSets,
    set_numbers: Integers,
    *,
    rates: Array,
    generators: Sequence[np.random.Generator],
    method: Method,
    stop: StopCondition,
    check: "Lockstep | None" = None,
) -> Result:
    """Train a stack of F networks until each has met the stop condition.

    Parameters
    ----------
    network : module
        A `Network`, such as `backprop.network.stacked`.
    layers : sequence of (weights, thresholds)
        The starting parameters, of shapes (inputs, outputs, F) and (outputs, F), where F >= 2;
        changed in place.
    train_sets, test_sets : SampleSets
        S sets of training samples, and the S sets of test samples that belong to them.
    set_numbers : int array, shape (F,)
        Which of the S sets each network is trained and tested on.
    rates : array, shape (F,)
        The learning rate of each network.
    generators : sequence of numpy.random.Generator
        One for each of the S sets: it draws the order of the training samples of each epoch.
    method : Method
        Of the stack. Its memory, before the first update, is changed in place. The last batch of
        an epoch may have fewer samples. The costs do not include the weight decay.
    stop : StopCondition
        New, for F networks; this call changes it.
    check : backprop.network.lockstep.Lockstep, optional
        What compares each epoch of the network with another implementation; it changes no bit.

    Returns
    -------
    Result
        For each network it is bit-identical, regardless of the others in the stack.
    """
    curves = LearningCurves(len(rates), stop.epochs)
    l2 = method.l2 if np.any(method.l2) else None  # saves time, and changes no bit
    batch_size = min(method.batch_size, train_sets.rows)  # the same in every stack of a table
    method = method._replace(batch_size=batch_size, l2=l2)
    reported, epoch, orders = time.perf_counter(), 0, train_sets.orders(generators)
    with np.errstate(over="ignore", invalid="ignore"):  # divergence is a status, not a warning
        while stop.active.any():
            epoch += 1
            train_cost = MeanCost(method.cost)
            for samples in train_sets.blocks(set_numbers, next(orders), batch_size):
                eta = divide_rates(rates, samples.real, batch_size)
                eta = np.where(samples.real & stop.active, eta, 0.0)
                if check:
                    z = check.train_epoch(epoch, layers, samples, eta, method)
                else:
                    z = network.train_epoch(layers, samples.x, samples.y, eta, method)
                train_cost.add(z, samples)
            if epoch in curves.epochs:
                test_cost = MeanCost(method.cost)
                for block in test_sets.blocks(set_numbers):
                    test_cost.add(network.predict(layers, block.x, method.activation), block)
                curves.record(epoch, stop.active, train_cost.value(), test_cost.value())
            stop.update(epoch, train_cost.value())
            if (now := time.perf_counter()) - reported > LOG_SECONDS:
                reported = now
                _report_progress(epoch, stop)

        def predict(blocks: Iterable[Samples]) -> Iterator[tuple[Array, Booleans]]:
            for block in blocks:
                z = network.predict(layers, block.x, method.activation)
                yield probabilities(z, method.cost), block.real

        unlearned = predicts_one_class(predict(train_sets.blocks(set_numbers)))
        test_p = np.concatenate([p for p, _ in predict(test_sets.blocks(set_numbers))])
        if check:
            for block in test_sets.blocks(set_numbers):
                check.compare_predictions(layers, block.x, stop.last_epoch)
    parameters = flatten(layers)
    bounded = (abs(parameters) <= LARGEST).all(axis=0)  # False for NaN
    diverged = ~(bounded & curves.are_finite(stop.last_epoch))
    test_p[..., diverged] = np.nan
    status = np.select(
        [diverged, unlearned, stop.last_epoch < stop.epochs],
        ["diverged", "unlearned", "no_progress"],
        "epochs",
    )
    return Result(status, stop.last_epoch, test_p, curves, parameters)


def _report_progress(epoch: int, stop: StopCondition) -> None:
    log.info(  # all in the call: what a message says trains nothing again
        "epoch %s of %s, %d of %d networks still training",
        f"{epoch:,}",
        f"{stop.epochs:,}",
        stop.active.sum(),
        len(stop.active),
        extra={"done": epoch / stop.epochs, "patience": stop.patience},
    )
