"""The configurations of the models that config.yaml asks for, and the shapes of networks.

A *configuration* is one full set of a model's hyperparameters.
"""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from backprop.typing import Json, Shown

DEFAULT = "default"
"""The name of a configuration all of whose values are the defaults."""


class Hyperparameter(NamedTuple):
    """A hyperparameter that the workflow knows, by its key in config.yaml.

    Attributes
    ----------
    label : str
        Its name for readers.
    default : object
        Its value if config.yaml does not name it; None if config.yaml must. A table has no column
        of a hyperparameter whose value is the default everywhere.
    optimiser : str
        The only optimiser that has it; "" if it is no constant of one.
    """

    label: Shown[str]
    default: Json = None
    optimiser: str = ""


HYPERPARAMETERS = {
    "hidden": Hyperparameter(label="hidden layers"),
    "activation": Hyperparameter(label="activation"),
    "cost": Hyperparameter(label="cost"),
    "learning_rate": Hyperparameter(label="learning rate"),
    "initialisation": Hyperparameter(label="initialisation"),
    "batch_size": Hyperparameter(label="batch size", default=1),
    "l2": Hyperparameter(label="weight decay", default=0.0),
    "optimiser": Hyperparameter(label="optimiser", default="sgd"),
    "momentum": Hyperparameter(label="momentum", default=0.9, optimiser="momentum"),
    "beta_1": Hyperparameter(label="beta_1", default=0.9, optimiser="adam"),
    "beta_2": Hyperparameter(label="beta_2", default=0.999, optimiser="adam"),
    "epsilon": Hyperparameter(label="epsilon", default=1e-8, optimiser="adam"),
}
"""One entry for each hyperparameter of the networks and the regressions."""

CONSTANTS = {key: each.default for key, each in HYPERPARAMETERS.items() if each.optimiser}
"""The constants of optimisers, with their defaults, for Adam by Kingma and Ba (2015)."""


@dataclass(frozen=True)
class Shape:
    """The part of a configuration that decides the array program of a network.

    Attributes
    ----------
    hidden : tuple of int
        The number of nodes of each hidden layer, first to last.
    activation, cost : str
        Entries of `backprop.network.functions.ACTIVATIONS` and `COSTS`.
    batch_size : int, default=1
        The number of samples of an update.
    optimiser : str, default="sgd"
        An entry of `backprop.network.optimisers.OPTIMISERS`.
    """

    hidden: tuple[int, ...]
    activation: str
    cost: str
    batch_size: int = 1
    optimiser: str = "sgd"

    @property
    def name(self) -> str:
        """The shape's name, which is also a file name, such as ``h10x10-sigmoid-squared_error``.

        Batches are at its end, such as ``-b32``, then an optimiser, such as ``-adam``.
        """
        batches = f"-b{self.batch_size}" if self.batch_size > 1 else ""
        optimiser = f"-{self.optimiser}" if self.optimiser != "sgd" else ""
        return f"h{nodes(self.hidden)}-{self.activation}-{self.cost}{batches}{optimiser}"


@dataclass(frozen=True)
class Configuration:
    """One full set of hyperparameters of a model.

    Attributes
    ----------
    items : tuple of (str, object)
        The hyperparameters and their values, which JSON can hold; lists are tuples.
    is_network : bool, default=False
        Whether the model is a network. Then it has all hyperparameters of `HYPERPARAMETERS`, which
        can be read as attributes.
    """

    items: tuple[tuple[str, object], ...] = ()
    is_network: bool = False

    def __getattr__(self, key: str) -> Json:
        """Return the value of a hyperparameter of a network."""
        if self.is_network and key in HYPERPARAMETERS:
            return self.values()[key]
        raise AttributeError(key)

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "Configuration":
        """Create a configuration from values that were read from YAML or JSON."""
        return cls(tuple((key, _hashable(value)) for key, value in values.items()))

    @classmethod
    def of_network(
        cls,
        hidden: Iterable[int],
        activation: str,
        cost: str,
        learning_rate: float,
        initialisation: str,
        batch_size: int = 1,
        l2: float = 0.0,
        optimiser: str = "sgd",
        **constants: float,
    ) -> "Configuration":
        """Create a configuration of a network.

        Parameters
        ----------
        hidden, activation, cost, batch_size, optimiser
            As in `Shape`.
        learning_rate : float
            Above 0.
        initialisation : str
            An entry of `backprop.network.functions.INITIALISATIONS`.
        l2 : float, default=0
            The weight decay, at least 0.
        **constants : float
            Of `backprop.network.optimisers.Constants`. One that the optimiser has not is the
            default.
        """
        values = {
            "hidden": tuple(map(int, hidden)),
            "activation": activation,
            "cost": cost,
            "learning_rate": float(learning_rate),
            "initialisation": initialisation,
            "batch_size": int(batch_size),
            "l2": float(l2),
            "optimiser": optimiser,
            **CONSTANTS,
        }
        own = [key for key in constants if HYPERPARAMETERS[key].optimiser == optimiser]
        values |= {key: float(constants[key]) for key in own}
        return cls(tuple(values.items()), is_network=True)

    def changed(self, **values: object) -> "Configuration":
        """Return the configuration with other values of some hyperparameters."""
        return replace(self, items=tuple({**self.values(), **values}.items()))

    @property
    def shape(self) -> Shape:
        """The shape of the network."""
        return Shape(self.hidden, self.activation, self.cost, self.batch_size, self.optimiser)

    @property
    def constants(self) -> dict[str, float]:
        """The constants of all optimisers, see `backprop.network.optimisers.Constants`."""
        values = self.values()
        return {key: values[key] for key in CONSTANTS}

    @property
    def name(self) -> str:
        """The name, such as ``n_neighbors=15``, or `DEFAULT`.

        A network's is such as ``h10-sigmoid-squared_error-lr0.1-uniform``. Weight decay is at
        its end, such as ``-l20.01``, then constants of the optimiser that are not the defaults,
        such as ``-momentum0.5``.
        """
        if self.is_network:
            start = f"{self.shape.name}-lr{self.learning_rate!r}-{self.initialisation}"
            ends = {"l2": self.l2, **self.constants}
            others = [f"-{k}{value!r}" for k, value in ends.items() if not _is_default(k, value)]
            return "".join([start, *others])
        others = [
            f"{key}={value if isinstance(value, str) else json.dumps(value)}"
            for key, value in self.items
            if not _is_default(key, value)
        ]
        return " ".join(others) or DEFAULT

    def values(self) -> dict[str, Json]:
        """Return the values of the hyperparameters, by their keys."""
        return dict(self.items)

    def differing(self, other: "Configuration") -> list[str]:
        """Return the hyperparameters in which two configurations differ."""
        own, theirs = self.values(), other.values()
        return [key for key in {**own, **theirs} if own.get(key) != theirs.get(key)]


def nodes(hidden: Iterable[int]) -> str:
    """Return the name of a list of hidden layers, such as ``10x10``."""
    return "x".join(map(str, hidden))


def enumerate_values(
    reference: Mapping[str, object], vary: Mapping[str, Sequence[object]], search: str
) -> list[dict[str, object]]:
    """List the sets of values that a checked config asks for: the reference first.

    Parameters
    ----------
    reference : mapping
        A value for each hyperparameter.
    vary : mapping
        Other values of some of them.
    search : {"one_at_a_time", "grid"}
        Whether to change one value of the reference, or to combine all values.
    """
    values = {key: [value, *vary.get(key, [])] for key, value in reference.items()}
    if search == "grid":
        return [dict(zip(values, row, strict=True)) for row in itertools.product(*values.values())]
    return [{**reference, key: value} for key in values for value in values[key]] or [{}]


def named_columns(values: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the hyperparameters that a table of configurations has a column of.

    Parameters
    ----------
    values : iterable of mapping
        The values of each configuration.

    Returns
    -------
    list of str
        Those with a value that is not the default: the ones in `HYPERPARAMETERS` first, in its
        order.
    """
    keys = dict.fromkeys(
        key for each in values for key, value in each.items() if not _is_default(key, value)
    )
    order = [*HYPERPARAMETERS, *keys]
    return sorted(keys, key=order.index)


def _is_default(key: str, value: object) -> bool:
    default = HYPERPARAMETERS[key].default if key in HYPERPARAMETERS else None
    return default is not None and bool(value == default)


def _hashable(value: object) -> object:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
