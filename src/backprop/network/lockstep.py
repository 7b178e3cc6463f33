"""Is a network the same as the stack? Each epoch is compared, from the same parameters.

Two sound implementations of one network differ by rounding errors. Where training is chaotic, these
grow with every update, until the networks are different ones: their ends prove nothing then. So the
*steps* are compared. Before each epoch of the network that is checked, `backprop.network.stacked`
takes its parameters, and trains the same epoch. What rounding explains follows from float64:

- after an epoch, a rounding for each operation on the longest way through an update, for each
  update, as if no error grew;
- where a network differs by more, errors grow within the epoch. It is then trained two updates at
  a time, each time from the same parameters, and must keep to the bound of
  `CheckedUpdate.propagate`. The whole epoch must keep to this bound, too, as it grows from update
  to update.

`CheckedUpdate.propagate` is a running error analysis (Wilkinson 1963; Higham, *Accuracy and
Stability of Numerical Algorithms*, 2002, sections 3.1 and 3.3): beside each number of an update it
computes how far rounding can have moved it. Nothing in it is tuned to networks or data.
"""

import time
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from backprop.network import stacked
from backprop.network.functions import ACTIVATIONS, OUTPUTS, cost_of
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import Layer, copy_layers, map_layers
from backprop.network.samples import BLOCK_FLOATS, Samples
from backprop.network.stacked import einsum, weighted_sums
from backprop.network.training import LARGEST, MeanCost, Network
from backprop.typing import Array, Booleans, Integers

UNIT = float(np.finfo(float).eps) / 2
"""The largest relative error of one rounding in float64, 2^-53."""

ELEMENTARY = 8
"""Roundings of an exponential or a hyperbolic tangent with the few operations around it. Libraries
compute the function itself to within 2 (C99 allows more, but none of those used here needs it)."""

TINY = 1e-290
"""Smaller differences do not count: TensorFlow takes numbers below 2.2e-308 for 0."""

CASES = 1024  # epochs of networks that are followed update by update at once
SIZES = (16, 128, CASES)
WINDOW = 2  # updates: with one, a mistake in what an update takes over from the last is not seen
NEVER = np.iinfo(np.int64).max


class Case(NamedTuple):
    """Epochs of K networks that are followed update by update.

    Attributes
    ----------
    places, epochs : int arrays, shape (K,)
        Which networks of the stack they are of, and which epochs.
    before, after : list of (weights, thresholds)
        The parameters of the network that is checked, before and after the samples; after them,
        then each slot of the optimiser.
    x, y, eta, z : arrays, shapes (n, d, K), (n, l, K), (n, K) and (n, l, K)
        As `backprop.network.training.Network.train_epoch` takes and returns them.
    memory : Memory or None
        What the optimiser remembers before the samples.
    """

    places: Integers
    epochs: Integers
    before: list[Layer]
    after: list[Layer]
    x: Array
    y: Array
    eta: Array
    z: Array
    memory: Memory | None


class Lockstep:
    """Compares each epoch of a stack of networks with `backprop.network.stacked`.

    Parameters
    ----------
    network : module
        The `backprop.network.training.Network` that is checked.
    networks : int
        The number F of networks in the stack.
    activation, cost : str
        As in `backprop.network.optimisers.Method`.

    Attributes
    ----------
    ratio : array, shape (F,)
        The largest difference of each network, as a share of what rounding explains. Above 1 the
        implementations compute different things.
    seconds : float
        The time that the comparison took.
    """

    def __init__(self, network: Network, networks: int, activation: str, cost: str) -> None:
        self._network, self._method = network, Method(activation, cost)
        self.ratio = np.zeros(networks)
        self._first = np.full(networks, NEVER)
        self.seconds = 0.0
        self._start_cost = MeanCost(cost)
        self._cases: list[Case] = []

    def train_epoch(
        self, epoch: int, layers: Sequence[Layer], samples: Samples, eta: Array, method: Method
    ) -> Array:
        """Train the network for the samples of an epoch, or some, in place; compare it.

        Parameters
        ----------
        epoch : int
            Counted from 1.
        layers, eta, method
            As `backprop.network.training.Network.train_epoch` takes them.
        samples : Samples

        Returns
        -------
        array, shape (n, l, F)
            The z of the network, as `train_epoch` returns them.
        """
        memory, self._method = method.memory, method  # which is the same in each epoch
        before, remembered = copy_layers(layers), memory and memory.copy()
        z = self._network.train_epoch(layers, samples.x, samples.y, eta, method)
        began = time.perf_counter()
        expected, expected_memory = copy_layers(before), remembered and remembered.copy()
        of_stack = method._replace(memory=expected_memory)
        expected_z = stacked.train_epoch(expected, samples.x, samples.y, eta, of_stack)
        if epoch == 1:
            self._start_cost.add(expected_z, samples)
        updates = -(-len(samples.x) // method.batch_size)
        bar = updates * _roundings(layers, method.batch_size) * UNIT
        own, other = _every(layers, memory), _every(expected, expected_memory)
        ratio = _difference([*_arrays(own), z], [*_arrays(other), expected_z]) / bar
        ratio[~_bounded(before)] = 0.0
        calm = np.flatnonzero(ratio <= 1)
        self._note(calm, ratio[calm], np.full(calm.size, epoch))
        # Of a network that is known to differ, nothing else is of interest.
        places = np.flatnonzero((ratio > 1) & (self._first == NEVER))
        if places.size:
            case = Case(
                places=np.arange(ratio.size),
                epochs=np.full(ratio.size, epoch),
                before=before,
                after=own,
                x=samples.x,
                y=samples.y,
                eta=eta,
                z=z,
                memory=remembered,
            )
            if self._cases and len(case.x) != len(self._cases[0].x):
                self._follow()
            self._cases.append(_take(case, places))
            if sum(each.places.size for each in self._cases) >= CASES:
                self._follow()
        self.seconds += time.perf_counter() - began
        return z

    def compare_predictions(self, layers: Sequence[Layer], x: Array, epochs: Integers) -> None:
        """Compare the z of trained networks with the z of the stack, for some rows.

        Parameters
        ----------
        layers, x
            As `backprop.network.training.Network.predict` takes them.
        epochs : int array, shape (F,)
            The last epoch of each network.
        """
        began = time.perf_counter()
        self._follow()
        activation, cost, *_ = self._method
        z, expected = (n.predict(layers, x, activation) for n in (self._network, stacked))
        bound = _forward(layers, _certain(layers), x, activation, cost).moved_sums[-1]
        ratio = np.where(_bounded(layers), _ratio([z], [expected], [bound]), 0.0)
        self._note(np.arange(ratio.size), ratio, epochs)
        self.seconds += time.perf_counter() - began

    def findings(self, f: int) -> dict[str, Any]:
        """Return what is kept of network f: columns of `backprop.study.fits.SCHEMA`.

        They are its ratio, the first epoch in which this was above 1, counted from 1, or 0 if there
        is none, and the training cost of the stack in epoch 1, from the start of the network that
        is checked.
        """
        first = self._first[f]
        return {
            "step_ratio": float(self.ratio[f]),
            "step_epoch": 0 if first == NEVER else int(first),
            "start_cost": float(self._start_cost.value()[f]),
        }

    def _note(self, places: Integers, ratio: Array, epochs: Integers) -> None:
        """Keep the largest ratio of each network, and the first epoch in which it was above 1."""
        np.maximum.at(self.ratio, places, ratio)
        above = ratio > 1
        np.minimum.at(self._first, places[above], epochs[above])

    def _follow(self) -> None:
        """Follow the cases that were kept, update by update."""
        if not self._cases:
            return
        # Side by side: they have equally many samples.
        every = _mapped(lambda *arrays: np.concatenate(arrays, axis=-1), *self._cases)
        self._cases = []
        floats = every.x[..., 0].size + sum(a[..., 0].size for a in _arrays(every.before))
        at_once = max(1, min(CASES, BLOCK_FLOATS // floats))
        for start in range(0, every.places.size, at_once):
            part = np.arange(start, min(start + at_once, every.places.size))
            # Of few sizes: TensorFlow compiles a program for each.
            size = min([each for each in SIZES if each >= part.size], default=part.size)
            ratio = self._follow_updates(_take(every, np.resize(part, size)))[: part.size]
            self._note(every.places[part], ratio, every.epochs[part])

    def _follow_updates(self, case: Case) -> Array:
        """Return the largest ratio of each network of a case, of each window and of them all."""
        layers, memory = copy_layers(case.before), case.memory and case.memory.copy()
        of_all = _certain(_every(layers, memory))
        largest, comparable = np.zeros(case.places.size), np.ones(case.places.size, dtype=bool)
        size, l2 = self._method.batch_size, np.zeros(case.places.size)
        if self._method.l2 is not None:
            l2 = self._method.l2[case.places]
        method = self._method._replace(l2=l2 if l2.any() else None, memory=memory)
        for start in range(0, len(case.x), WINDOW * size):
            window = slice(start, start + WINDOW * size)
            other, other_memory, z = copy_layers(layers), memory and memory.copy(), []
            own = _certain(_every(layers, memory))
            x, y, eta = case.x[window], case.y[window], case.eta[window]
            of_other = method._replace(memory=other_memory)
            other_z = self._network.train_epoch(other, x, y, eta, of_other)
            comparable &= _bounded(layers)
            bounds_of_z: list[tuple[Array, Array]] = []
            for begin in range(0, len(x), size):
                batch = slice(begin, begin + size)
                samples = x[batch], y[batch], eta[batch]
                one_step = method._replace(l2=l2)
                starts = (CheckedUpdate(layers, each, *samples, one_step) for each in (own, of_all))
                (own, own_z), (of_all, all_z) = (update.propagate() for update in starts)
                z.append(stacked.train_epoch(layers, *samples, method))
                bounds_of_z.append((own_z, all_z))
            of_z = [np.concatenate(each) for each in zip(*bounds_of_z, strict=True)]
            expected = np.concatenate(z)
            ratios = (
                _ratio(
                    [*_arrays(_every(other, other_memory)), other_z],
                    [*_arrays(_every(layers, memory)), expected],
                    [*_arrays(own), of_z[0]],
                ),
                _ratio([case.z[window]], [expected], [of_z[1]]),
            )
            largest = np.where(comparable, np.maximum(largest, np.maximum(*ratios)), largest)
        comparable &= _bounded(layers)
        ratio = _ratio(*map(_arrays, (case.after, _every(layers, memory), of_all)))
        return np.where(comparable, np.maximum(largest, ratio), largest)


class Forward(NamedTuple):
    """The numbers of a forward pass, and how far rounding can have moved each sum and output."""

    sums: Sequence[Array]
    outputs: list[Array]
    moved_sums: list[Array]
    moved_outputs: list[Array]


class Gradient(NamedTuple):
    """The gradients of a layer, the sums of their parts' sizes, and how far they can have moved."""

    value: Layer
    size: Layer
    moved: Layer


class CheckedUpdate(NamedTuple):
    """An update of a stack, and how far rounding can have moved what it begins with.

    Attributes
    ----------
    layers : sequence of (weights, thresholds)
        Of shapes (inputs, outputs, F) and (outputs, F), before the update.
    deviations : sequence of (weights, thresholds)
        How far they can have been moved before it, in the same shapes, then each slot of the
        optimiser.
    x, y : arrays, shapes (m, d, F) and (m, l, F)
        The samples of the update and their targets.
    eta : array, shape (m, F)
        The learning rate for each sample, divided by their number.
    method : Method
        With the weight decay of each network, and the memory before the update.
    """

    layers: Sequence[Layer]
    deviations: Sequence[Layer]
    x: Array
    y: Array
    eta: Array
    method: Method

    def propagate(self) -> tuple[list[Layer], Array]:
        """Return how far rounding can move numbers in the update, to first order.

        They are the parameters after it, then each slot of the optimiser, and z = beta + theta
        before it, shape (m, l, F).
        """
        activation, cost, *_, memory = self.method
        rate = self.eta.sum(axis=0)
        shares = self.eta if memory is None else self.eta / np.where(rate > 0, rate, 1.0)
        of_layers = self.deviations[: len(self.layers)]
        forward = _forward(self.layers, of_layers, self.x, activation, cost)
        gradients = self._gradients(forward, shares)
        if memory is None:
            bounds = self._descended(gradients, rate)
        else:
            bounds = self._remembered(gradients, rate, memory)
        return bounds, forward.moved_sums[-1]

    @property
    def _relative(self) -> float:
        """How far rounding can move a step, as a share: it may be subtracted sample by sample."""
        return (len(self.x) + 4) * UNIT

    def _gradients(self, forward: Forward, shares: Array) -> list[Gradient]:
        """Return the sums of the samples' gradients, each times its share; without weight decay."""
        chosen = cost_of(self.method.cost, self.y.shape[1])
        sigma_prime = ACTIVATIONS[self.method.activation].derivative
        yhat, d_yhat = forward.outputs[-1], forward.moved_outputs[-1]
        error = chosen.error(yhat, self.y)
        moved = [chosen.error(yhat + sign * d_yhat, self.y) for sign in (1, -1)]
        d_error = _farthest(error, moved) + ELEMENTARY * UNIT * np.abs(error)
        every: list[Gradient] = []
        for place in reversed(range(len(self.layers))):
            weights, d_weights = self.layers[place][0], self.deviations[place][0]
            below, d_below = forward.outputs[place], forward.moved_outputs[place]
            size, of = np.abs(error), shares[:, np.newaxis]
            d_step = _outer(np.abs(below), of * d_error) + _outer(d_below, of * (size + d_error))
            gradient = Gradient(
                (_outer(below, of * error), (of * error).sum(axis=0)),
                (_outer(np.abs(below), of * size), (of * size).sum(axis=0)),
                (d_step, (of * d_error).sum(axis=0)),
            )
            every.insert(0, gradient)
            if place:
                total = _back(size, np.abs(weights))
                d_total = _back(d_error, np.abs(weights) + d_weights) + _back(size, d_weights)
                d_total += (weights.shape[1] + 1) * UNIT * total
                a, d_a = forward.sums[place - 1], forward.moved_sums[place - 1]
                slope = sigma_prime(a, below)
                moved = [sigma_prime(a + sign * d_a, below + sign * d_below) for sign in (1, -1)]
                d_slope = _farthest(slope, moved) + ELEMENTARY * UNIT * np.abs(slope)
                error = _back(error, weights) * slope
                d_error = d_total * (np.abs(slope) + d_slope) + total * d_slope
        return every

    def _descended(self, gradients: Sequence[Gradient], rate: Array) -> list[Layer]:
        """Return how far the parameters can have moved after a step of gradient descent."""
        l2, roundings = self.method.l2, self._relative
        remaining = np.abs(1.0 - l2 * rate)
        return [
            (
                d_weights * remaining + moved[0]
                + roundings * (size[0] + (1 + l2 * rate) * np.abs(weights)),
                d_thresholds + moved[1] + roundings * (size[1] + np.abs(thresholds)),
            )
            for (weights, thresholds), (d_weights, d_thresholds), (_, size, moved)
            in zip(self.layers, self.deviations, gradients, strict=True)
        ]  # fmt: skip

    def _remembered(
        self, gradients: Sequence[Gradient], rate: Array, memory: Memory
    ) -> list[Layer]:
        """Return the same after a step of an optimiser that remembers gradients, then its slots."""
        moves, number = rate > 0, 2 * len(self.layers)
        t = np.maximum(memory.updates + moves, 1)
        values, sizes, moved = map(_arrays, zip(*gradients, strict=True))
        every, every_moved = _arrays(_every(self.layers, memory)), _arrays(self.deviations)
        bounds = [*every_moved]
        for k in range(number):  # a parameter; weights are before thresholds
            decay = 0.0 if k % 2 else self.method.l2
            (parameter, *slots), (d_parameter, *d_slots) = every[k::number], every_moved[k::number]
            g = values[k] + decay * parameter
            d_g = moved[k] + decay * d_parameter
            d_g = d_g + self._relative * (sizes[k] + decay * np.abs(parameter))
            direction, d_direction, d_after = _moved_step(memory, t, [g, *slots], [d_g, *d_slots])
            step = d_direction * rate + 4 * UNIT * (np.abs(direction) * rate + np.abs(parameter))
            after = [d_parameter + step, *d_after]
            bounds[k::number] = [
                np.where(moves, new, old)
                for new, old in zip(after, every_moved[k::number], strict=True)
            ]
        return list(zip(bounds[::2], bounds[1::2], strict=True))


def _moved_step(
    memory: Memory, t: Array, inputs: Sequence[Array], deviations: Sequence[Array]
) -> tuple[Array, Array, list[Array]]:
    """Return the direction of a step, and how far it and the new slots can have been moved.

    Each input, the gradient and the slots, is moved to both sides, and so are the constants: this
    shows what an optimiser makes of errors, whatever its formula is.
    """
    take, wide = OPTIMISERS[memory.optimiser].step, ELEMENTARY * UNIT

    def outputs(own: Sequence[Array], constants: Constants) -> list[Array]:
        direction, slots = take(np, own[0], [slot.copy() for slot in own[1:]], t, constants)
        return [direction, *slots]

    expected = outputs(inputs, memory.constants)
    ends = []
    for place, (value, deviation) in enumerate(zip(inputs, deviations, strict=True)):
        far = deviation + wide * np.abs(value)
        changed = [[*inputs[:place], value + sign * far, *inputs[place + 1 :]] for sign in (1, -1)]
        ends.append([outputs(each, memory.constants) for each in changed])
    for_constants = (
        Constants(*(np.asarray(c) * (1 + sign * wide) for c in memory.constants))
        for sign in (1, -1)
    )
    ends.append([outputs(inputs, constants) for constants in for_constants])
    moved = [
        wide * np.abs(value) + sum(_farthest(value, [end[place] for end in both]) for both in ends)
        for place, value in enumerate(expected)
    ]
    return expected[0], moved[0], moved[1:]


def _forward(
    layers: Sequence[Layer], deviations: Sequence[Layer], x: Array, activation: str, cost: str
) -> Forward:
    """Return the numbers of a forward pass, and how far rounding can have moved them."""
    name, sigma = cost_of(cost, layers[-1][1].shape[0]).output, ACTIVATIONS[activation].value
    output = OUTPUTS[name].value
    sums, outputs = stacked.forward(layers, x, activation, output=name)
    below, d_below = [], [np.zeros_like(x)]
    for place, ((weights, thresholds), (d_weights, d_thresholds)) in enumerate(
        zip(layers, deviations, strict=True)
    ):
        last, d_last, a, b = outputs[place], d_below[-1], sums[place], outputs[place + 1]
        magnitude = weighted_sums(np.abs(last), np.abs(weights)) + np.abs(thresholds)
        d_a = weighted_sums(np.abs(last), d_weights) + weighted_sums(
            d_last, np.abs(weights) + d_weights
        )
        d_a += d_thresholds + (len(weights) + 1) * UNIT * magnitude
        below.append(d_a)
        if place < len(layers) - 1:
            d_b = _farthest(b, [sigma(np, a + sign * d_a) for sign in (1, -1)])
        else:
            d_b = np.zeros_like(a)
            for node in range(a.shape[1]):  # a softmax depends on the sums of all nodes
                shift = np.zeros_like(a)
                shift[:, node] = d_a[:, node]
                d_b += _farthest(b, [output(np, a + shift), output(np, a - shift)])
            d_b += a.shape[1] * UNIT * np.abs(b)
        d_below.append(d_b + ELEMENTARY * UNIT * np.abs(b))
    return Forward(sums, outputs, below, d_below)


def _roundings(layers: Sequence[Layer], batch_size: int) -> int:
    """Return how many roundings an update makes on its longest way, from inputs to weights."""
    ways = [sum(weights.shape[:2]) + 2 * ELEMENTARY for weights, _ in layers]
    return sum(ways) + batch_size


def _mapped(function: Callable[..., Array], *cases: Case) -> Case:
    """Return what a function makes of the same arrays of one case or more."""

    def of_part(*parts: Any) -> Any:
        if isinstance(parts[0], np.ndarray):
            return function(*parts)
        if isinstance(parts[0], list):
            return map_layers(function, *parts)
        return parts[0] and parts[0].mapped(function, *parts[1:])

    return Case(*map(of_part, *cases))


def _take(case: Case, networks: Integers) -> Case:
    """Return some networks of a case; they may repeat."""
    return _mapped(lambda array: array[..., networks], case)


def _back(error: Array, weights: Array) -> Array:
    return np.asarray(einsum("mjf,ijf->mif", error, weights))


def _outer(below: Array, error: Array) -> Array:
    return np.asarray(einsum("mif,mjf->ijf", below, error))


def _farthest(value: Array, moved: Sequence[Array]) -> Array:
    return np.maximum(*(np.abs(other - value) for other in moved))


def _ratio(ones: Sequence[Array], others: Sequence[Array], bounds: Sequence[Array]) -> Array:
    """Return the largest ratio of a difference to its bound, for each network on the last axis.

    Two implementations differ by at most twice the bound of one. A bound that is not finite says
    nothing.
    """
    return _largest(ones, others, [2 * bound + TINY for bound in bounds])


def _difference(ones: Sequence[Array], others: Sequence[Array]) -> Array:
    """Return the largest difference for each network; it is relative to a number above 1."""
    sizes = (np.where(np.isfinite(other), np.abs(other), 1.0) for other in others)
    return _largest(ones, others, [np.maximum(1.0, size) for size in sizes])


def _largest(ones: Sequence[Array], others: Sequence[Array], units: Sequence[Array]) -> Array:
    """Return the largest difference for each network, in units; without those not finite."""
    largest = np.zeros(ones[0].shape[-1])
    for one, other, unit in zip(ones, others, units, strict=True):
        difference = np.abs(one - other) / unit
        difference[np.isfinite(one) != np.isfinite(other)] = np.inf
        difference[~np.isfinite(one) & ~np.isfinite(other) | ~np.isfinite(unit)] = 0.0
        of_networks = difference.reshape(-1, difference.shape[-1])
        largest = np.maximum(largest, of_networks.max(axis=0, initial=0.0))
    return largest


def _bounded(layers: Sequence[Layer]) -> Booleans:
    """Return which networks have not diverged: no parameter is beyond `LARGEST`, or is NaN."""
    bounded = [(np.abs(a) <= LARGEST).reshape(-1, a.shape[-1]).all(axis=0) for a in _arrays(layers)]
    return np.logical_and.reduce(bounded)


def _every(layers: Sequence[Layer], memory: Memory | None) -> list[Layer]:
    """Return the layers, then the layers of each slot of an optimiser."""
    return [*layers, *chain.from_iterable(memory.slots if memory else [])]


def _arrays(layers: Sequence[Layer]) -> list[Array]:
    return [array for layer in layers for array in layer]


def _certain(layers: Sequence[Layer]) -> list[Layer]:
    """Return deviations of 0."""
    return map_layers(np.zeros_like, layers)
