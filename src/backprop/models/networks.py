"""Train fits of networks: from configurations and splits to stacks of arrays, and back.

The loop itself is in `backprop.network.training`.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.network import stacked
from backprop.network.functions import probabilities
from backprop.network.lockstep import Lockstep
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import (
    Layer,
    draw_layers,
    output_nodes,
    parameter_count,
    stack_layers,
    unflatten,
)
from backprop.network.samples import BLOCK_FLOATS, SampleSets
from backprop.network.training import Network, Result, StopCondition, train
from backprop.study.configurations import Configuration, Shape
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.study.trained import Trained
from backprop.typing import Array, Integers

log = logging.getLogger(__name__)

Encoders = Mapping[tuple[int, ...], Encoder]
"""The encoder of each split, by `Split.key`."""

Start = tuple[Array, int]
"""The parameters that a fit begins with, shape (P,), and the number of updates before."""

STACK_BYTES = 256 * 2**20  # the memory that one stack may take
FASTEST = 1000  # in larger stacks, a fit takes no less time
SMALL = 100
FLOAT_BYTES = 8 * 8
"""The memory for each float of a stack. It has 8 bytes. The measured peak is 2 to 3 times these
with NumPy, 4 to 8 times with TensorFlow."""


def train_fits(
    network: Network, fits: Sequence[tuple[Configuration, Split]], dataset: Dataset, **how: Any
) -> list[Trained]:
    """Train fits as `train_stacks` does, and return them in their order."""
    trained = dict(train_stacks(network, fits, dataset, **how))
    return [trained[place] for place in range(len(fits))]


def train_stacks(
    network: Network,
    fits: Sequence[tuple[Configuration, Split]],
    dataset: Dataset,
    *,
    seed: int,
    epochs: int,
    patience: int | None = None,
    tolerance: float = 0.0,
    is_checked: bool = False,
    encoders: Encoders | None = None,
    starts: Sequence[Start] | None = None,
) -> Iterator[tuple[int, Trained]]:
    """Train fits of any shapes: each shape as one stack, or several if one would be too large.

    Parameters
    ----------
    network : module
        A `backprop.network.training.Network`, such as `backprop.network.stacked`.
    fits : sequence of (Configuration, Split)
    dataset : Dataset
        Each fit encodes it by the training rows of its split.
    seed : int
        At least 0. The random numbers of a fit depend on it and the key of the split only.
    epochs, patience, tolerance
        The stop condition; see `backprop.network.training.StopCondition`.
    is_checked : bool, default=False
        Whether each epoch is compared with an epoch of `backprop.network.stacked` from the same
        parameters; see `backprop.network.lockstep`.
    encoders : mapping of tuple to Encoder, optional
        How each split encodes the data set, if not by its training rows.
    starts : sequence of (array, int), optional
        For each fit the parameters to begin with, flat, and the number of updates before. By
        default they are drawn.

    Yields
    ------
    place, trained : int, Trained
        The place among `fits` and the fit, as soon as its stack is trained. Each is bit-identical,
        regardless of the other fits.
    """
    splits = {split.key: split for _, split in fits}
    if encoders is None:
        encoders = {key: Encoder.of(dataset, split.train) for key, split in splits.items()}
    stacks = list(_stacks(fits, dataset, encoders))
    done = 0.0
    for number, places in enumerate(stacks, 1):
        stack = [fits[place] for place in places]
        share = len(stack) / len(fits)
        log.info("stack %d of %d", number, len(stacks), extra={"done": done, "share": share})
        started = time.perf_counter()
        own_starts = starts and [starts[place] for place in places]
        # A stack needs two networks, see `backprop.network.stacked`.
        padded = stack * 2 if len(stack) == 1 else stack
        stop = StopCondition(len(padded), epochs=epochs, patience=patience, tolerance=tolerance)
        shape = stack[0][0].shape
        check = Lockstep(network, len(padded), shape.activation, shape.cost) if is_checked else None
        result = _train_stack(network, padded, dataset, encoders, seed, stop, check, own_starts)
        took = time.perf_counter() - started - (check.seconds if check else 0.0)
        for f, (place, (_, split)) in enumerate(zip(places, stack, strict=True)):
            fit = _extract_fit(result, f, split, took / len(stack))
            yield place, replace(fit, **check.findings(f)) if check else fit
        done += share


def starting_layers(
    configuration: Configuration, features: int, seed: int, split: Split, outputs: int = 1
) -> list[Layer]:
    """Draw the starting parameters of one fit.

    On a split, all configurations draw from the same stream of random numbers. So those with the
    same hidden layers start from the same draws.

    Parameters
    ----------
    configuration : Configuration
    features : int
        The number d of features.
    seed : int
        As in `train_stacks`.
    split : Split
    outputs : int, default=1
        The number l of outputs, see `backprop.network.parameters.output_nodes`.

    Returns
    -------
    list of (weights, thresholds)
        Of shapes (inputs, outputs) and (outputs,), first hidden layer to output layer.
    """
    generator = stream(seed, "weights", *split.key)
    hidden, initialisation = configuration.hidden, configuration.initialisation
    return draw_layers(generator, features, hidden, initialisation, outputs)


def predict(configuration: Configuration, parameters: Array, x: Array) -> Array:
    """Return the probabilities from networks of one configuration, trained by any implementation.

    Parameters
    ----------
    configuration : Configuration
    parameters : array, shape (P, F)
        `Trained.parameters` of F fits.
    x : array, shape (n, d, F)
        The rows for each fit, encoded by the training rows of its split.

    Returns
    -------
    array, shape (n, F) or (n, C, F)
        P(y = 1) if there are two classes, else the probability of each of the C classes.
    """
    layers = unflatten(parameters, x.shape[1], configuration.hidden)
    with np.errstate(over="ignore"):  # far from the data, a probability is 0 or 1
        z = stacked.predict(layers, x, configuration.activation)
        p = probabilities(z, configuration.cost)
    return p[:, 0] if p.shape[1] == 1 else p


def fits_at_once(shape: Shape, rows: int, inputs: int, outputs: int = 1) -> int:
    """Return how many fits of a shape a stack of `STACK_BYTES` can hold, at least 2.

    If it holds the rows for less than `FASTEST` fits, they share one block of rows instead.

    Parameters
    ----------
    shape : Shape
    rows : int
        The size of the data set.
    inputs, outputs : int
        Of the network.
    """
    with_rows = STACK_BYTES // _bytes_in_stack(shape, rows, inputs, outputs)
    free = STACK_BYTES - FLOAT_BYTES * BLOCK_FLOATS
    batch = min(rows, shape.batch_size)
    with_block = min(FASTEST, free // _bytes_in_stack(shape, batch, inputs, outputs))
    return max(2, with_rows, with_block)


def bytes_of_job(
    shape: Shape, inputs: int, fits: int, outputs: int = 1, inner_fits: int = 0
) -> int:
    """Return about how much memory a job needs to train fits of a shape and write their file.

    It hardly grows with the rows, of which large tables have a block at a time.

    Parameters
    ----------
    shape, inputs, outputs
        As in `fits_at_once`.
    fits, inner_fits : int
        Of outer splits, and of inner ones, whose parameters are not written.
    """
    at_once = min(max(2, fits + inner_fits), fits_at_once(shape, 0, inputs, outputs))
    stack = at_once * _bytes_in_stack(shape, 0, inputs, outputs)
    # The measured peak is 6 to 10 times the parameters, while their file is written.
    written = 8 * parameter_count(inputs, shape.hidden, outputs) * (8 * fits + inner_fits)
    return stack + written


def seconds_of_job(
    shape: Shape, fits: int, epochs: int, rows: int = SMALL, inputs: int = 2, outputs: int = 1
) -> tuple[float, float]:
    """Return about how long a job trains fits of a shape: the seconds of calls, and of arithmetic.

    The constants are of NumPy, measured on one processor: an update is some calls for each layer,
    and arithmetic for each weight.
    """
    weights = parameter_count(inputs, shape.hidden, outputs)
    updates = epochs * -(-rows // shape.batch_size)
    samples = min(rows, shape.batch_size)
    return 2e-5 * updates * (len(shape.hidden) + 1), 2e-9 * updates * weights * samples * fits


def _bytes_in_stack(shape: Shape, samples: int, inputs: int, outputs: int) -> int:
    """Return the memory for a fit in a stack, with some of its samples."""
    # x, y, z and learning rate of every sample, the nodes for every sample of a batch.
    floats = samples * (inputs + 2 * outputs + 1)
    if shape.batch_size > 1:
        floats += min(samples, shape.batch_size) * (sum(shape.hidden) + outputs)
    remembered = 1 + len(OPTIMISERS[shape.optimiser].slots)
    return FLOAT_BYTES * (floats + remembered * parameter_count(inputs, shape.hidden, outputs))


def _stacks(
    fits: Sequence[tuple[Configuration, Split]], dataset: Dataset, encoders: Encoders
) -> Iterator[list[int]]:
    """Group fits into stacks of one shape and one number of inputs; yield their places.

    No stack is larger than `fits_at_once`.
    """
    alike: dict[tuple[Shape, int], list[int]] = {}
    for place, (configuration, split) in enumerate(fits):
        inputs = len(encoders[split.key].names)
        alike.setdefault((configuration.shape, inputs), []).append(place)
    for (shape, inputs), places in alike.items():
        most = fits_at_once(shape, len(dataset.y), inputs, output_nodes(len(dataset.classes)))
        yield from (places[start : start + most] for start in range(0, len(places), most))


def _train_stack(
    network: Network,
    stack: Sequence[tuple[Configuration, Split]],
    dataset: Dataset,
    encoders: Encoders,
    seed: int,
    stop: StopCondition,
    check: Lockstep | None,
    starts: Sequence[Start] | None,
) -> Result:
    """Train fits of one shape and one number of inputs as one stack."""
    shape, outputs = stack[0][0].shape, output_nodes(len(dataset.classes))
    splits = {split.key: split for _, split in stack}
    places = {key: place for place, key in enumerate(splits)}
    own = [encoders[key] for key in splits]
    inputs = len(own[0].names)

    def samples(rows: Sequence[Integers]) -> SampleSets:
        sets = [(chosen, encoder.apply) for chosen, encoder in zip(rows, own, strict=True)]
        return SampleSets(dataset.x, dataset.y, sets, outputs)

    if starts is None:
        layers = stack_layers([starting_layers(c, inputs, seed, s, outputs) for c, s in stack])
    else:
        parameters = np.resize([flat for flat, _ in starts], (len(stack), starts[0][0].size))
        layers = unflatten(parameters.T.copy(), inputs, shape.hidden)
    constants = [np.array([c.constants[key] for c, _ in stack]) for key in Constants._fields]
    memory = Memory.of(shape.optimiser, layers, Constants(*constants))
    if memory and starts:
        memory.updates[:] = np.resize([updates for _, updates in starts], len(stack))
    l2 = np.array([configuration.l2 for configuration, _ in stack])
    return train(
        network,
        layers,
        samples([split.train for split in splits.values()]),
        samples([split.test for split in splits.values()]),
        np.array([places[split.key] for _, split in stack]),
        rates=np.array([configuration.learning_rate for configuration, _ in stack]),
        generators=[stream(seed, "order", *key) for key in splits],
        method=Method(shape.activation, shape.cost, shape.batch_size, l2, memory),
        stop=stop,
        check=check,
    )


def _extract_fit(result: Result, f: int, split: Split, seconds: float) -> Trained:
    """Return the result of network f of a stack, without padding and epochs after its last."""
    curves, last_epoch = result.curves, int(result.last_epoch[f])
    points = curves.epochs <= last_epoch
    p = result.probabilities[: split.test.size, :, f]
    kept = {
        "curve_epochs": curves.epochs[points],
        "train_cost": curves.train_cost[points, f],
        "test_cost": curves.test_cost[points, f],
        "parameters": result.parameters[:, f],
    }
    return Trained(
        status=str(result.status[f]),
        epochs=last_epoch,
        probabilities=p[:, 0] if p.shape[1] == 1 else p,
        seconds=seconds,
        **(kept if split.inner is None else {}),
    )
