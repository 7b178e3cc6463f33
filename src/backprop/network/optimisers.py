"""The optimisers: how a step follows from gradients. To add one, add one entry to `OPTIMISERS`.

The lecture's update is gradient descent: a parameter p moves against its gradient g, by a learning
rate eta. The others remember earlier gradients, with numbers u, m and s that start at 0::

    sgd         p -= eta g

    momentum    u = mu u + g
                p -= eta u

    adam        m = beta_1 m + (1 - beta_1) g
                s = beta_2 s + (1 - beta_2) g^2
                p -= eta sqrt(1 - beta_2^t) / (1 - beta_1^t)  m / (sqrt(s) + epsilon)

t counts the updates from 1. g is the mean gradient of a batch, with the weight decay of a weight.
Adam is in the form at the end of section 2 of its paper, as in Keras and scikit-learn.

References
----------
Polyak, B. T. (1964). Some methods of speeding up the convergence of iteration methods. USSR
Computational Mathematics and Mathematical Physics 4(5), 1-17.

Kingma, D. P. and Ba, J. (2015). Adam: a method for stochastic optimization. International
Conference on Learning Representations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from backprop.network.parameters import Layer, map_layers
from backprop.typing import Array, Integers, Shown, Tensor


class Constants(NamedTuple):
    """The constants of the optimisers: numbers, or arrays of shape (F,) for a stack.

    Attributes
    ----------
    momentum : float
        mu, in [0, 1).
    beta_1, beta_2 : float
        In [0, 1).
    epsilon : float
        Above 0.
    """

    momentum: Tensor
    beta_1: Tensor
    beta_2: Tensor
    epsilon: Tensor


Slots = Sequence[Tensor]
"""What an optimiser remembers of a parameter: arrays of its shape."""


@dataclass(frozen=True, kw_only=True)
class Optimiser:
    """An optimiser.

    Attributes
    ----------
    slots : tuple of str
        The symbols of the numbers that it remembers of each parameter.
    step : callable
        ``step(np, g, slots, t, constants)`` returns the direction of the step, which is then taken
        times -eta, and the new slots. np is NumPy, or a module with its functions. Slots that are
        arrays of NumPy are changed in place: to get new ones takes a third of the time.
    formulas : tuple of (str, str)
        What each number that it remembers becomes, then the parameter, for readers. In braces are
        ``p``, the parameter, ``g``, its gradient, ``eta``, the learning rate, and the constants.
    label : str
        Its name for readers.
    """

    slots: tuple[str, ...]
    step: Callable[[ModuleType, Tensor, Slots, Tensor, Constants], tuple[Tensor, Slots]]
    formulas: Shown[tuple[tuple[str, str], ...]]
    label: Shown[str]


def _momentum(
    np: ModuleType, g: Tensor, slots: Slots, t: Tensor, c: Constants
) -> tuple[Tensor, Slots]:
    (u,) = slots
    u *= c.momentum
    u += g
    return u, [u]


def _adam(np: ModuleType, g: Tensor, slots: Slots, t: Tensor, c: Constants) -> tuple[Tensor, Slots]:
    m, s = slots
    m *= c.beta_1
    m += (1.0 - c.beta_1) * g
    s *= c.beta_2
    s += (1.0 - c.beta_2) * (g * g)
    size = np.sqrt(s)
    size += c.epsilon
    direction = m / size
    direction *= adam_correction(np, t, c)
    return direction, [m, s]


def adam_correction(np: ModuleType, t: Tensor, c: Constants) -> Tensor:
    """Return the factor of the learning rate in update t, as m and s start at 0."""
    return np.sqrt(1.0 - c.beta_2**t) / (1.0 - c.beta_1**t)


DESCENT = "sgd"
"""Gradient descent, the lecture's."""

OPTIMISERS = {
    DESCENT: Optimiser(
        slots=(),
        step=lambda np, g, slots, t, c: (g, slots),
        formulas=(("{p}", "{p} - {eta} {g}"),),
        label="gradient descent",
    ),
    "momentum": Optimiser(
        slots=("u",),
        step=_momentum,
        formulas=(("u({p})", "{momentum} u({p}) + {g}"), ("{p}", "{p} - {eta} new u({p})")),
        label="momentum",
    ),
    # Its learning rate is corrected, see `adam_correction`.
    "adam": Optimiser(
        slots=("m", "s"),
        step=_adam,
        formulas=(
            ("m({p})", "{beta_1} m({p}) + (1 - {beta_1}) {g}"),
            ("s({p})", "{beta_2} s({p}) + (1 - {beta_2}) {g}^2"),
            ("{p}", "{p} - {eta} new m({p}) / (sqrt(new s({p})) + {epsilon})"),
        ),
        label="Adam",
    ),
}
"""By their names in config.yaml."""


@dataclass
class Memory:
    """What the optimiser of a network, or of a stack of F networks, remembers. Updates change it.

    Attributes
    ----------
    optimiser : str
        An entry of `OPTIMISERS`.
    constants : Constants
        Arrays of shape () or (F,).
    slots : list of lists of (weights, thresholds)
        For each slot, the layers of the network.
    updates : int array, shape () or (F,)
        t: how many updates there were.
    """

    optimiser: str
    constants: Constants
    slots: list[list[Layer]]
    updates: Integers

    @classmethod
    def of(cls, optimiser: str, layers: Sequence[Layer], constants: Constants) -> "Memory | None":
        """Return the memory before the first update; None for gradient descent.

        It needs none, and has an update of its own. Another optimiser may remember nothing, and
        then has a memory without slots.
        """
        if optimiser == DESCENT:
            return None
        zeros = [map_layers(np.zeros_like, layers) for _ in OPTIMISERS[optimiser].slots]
        stack = layers[0][1].shape[1:]
        own = Constants(*(np.full(stack, each, dtype=np.float64) for each in constants))
        return cls(optimiser, own, zeros, np.zeros(stack, dtype=np.int64))

    def mapped(self, function: Callable[..., Any], *others: "Memory") -> "Memory":
        """Return what a function makes of the same arrays of one memory or more."""
        every = (self, *others)
        slots = [map_layers(function, *own) for own in zip(*(m.slots for m in every), strict=True)]
        constants = map(function, *(memory.constants for memory in every))
        updates = function(*(memory.updates for memory in every))
        return Memory(self.optimiser, Constants(*constants), slots, updates)

    def copy(self) -> "Memory":
        """Return a copy that updates do not change."""
        return self.mapped(np.ndarray.copy)

    def of_network(self, place: int) -> "Memory":
        """Return the memory of one network of a stack, whose arrays it shares."""
        return self.mapped(lambda array: array[..., place])

    def arrays(self) -> list[Array]:
        """Return all slots of all parameters."""
        return [array for layers in self.slots for layer in layers for array in layer]

    def step(self, layers: Sequence[Layer], gradients: Sequence[Layer], rate: Array) -> None:
        """Move the parameters, in place, by one step. A network whose rate is 0 stays as it is.

        Parameters
        ----------
        layers, gradients : sequence of (weights, thresholds)
        rate : array, shape () or (F,)
            eta.
        """
        moves = rate > 0
        if not np.any(moves):
            return
        self.updates += moves
        resting = None if np.all(moves) else ~moves
        # Arrays, for one network too: NumPy raises a single number to a power with other digits.
        t = np.atleast_1d(np.maximum(self.updates, 1))
        constants = Constants(*map(np.atleast_1d, self.constants))
        every = (chain(*each) for each in (layers, gradients, *self.slots))
        for parameter, g, *slots in zip(*every, strict=True):
            kept = [] if resting is None else [slot[..., resting] for slot in slots]
            direction, _ = OPTIMISERS[self.optimiser].step(np, g, slots, t, constants)
            parameter -= rate * direction
            for slot, array in zip(slots, kept, strict=False):
                slot[..., resting] = array


class Method(NamedTuple):
    """How a network, or a stack of F networks, is trained.

    Attributes
    ----------
    activation, cost : str
        Entries of `backprop.network.functions.ACTIVATIONS` and `COSTS`.
    batch_size : int, default=1
        The number m of samples of a batch, at least 1. The last batch may have fewer.
    l2 : float, or array of shape (F,), optional
        The weight decay, at least 0; by default 0.
    memory : Memory, optional
        What the optimiser remembers; changed in place. By default it is gradient descent.
    """

    activation: str
    cost: str
    batch_size: int = 1
    l2: Tensor = None
    memory: Memory | None = None
