"""The configurations that config.yaml asks for, and their shapes."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from backprop.typing import Shown


class Hyperparameter(NamedTuple):
    """The name of a hyperparameter for readers."""

    label: Shown[str]


HYPERPARAMETERS = {
    "hidden": Hyperparameter(label="hidden layers"),
    "activation": Hyperparameter(label="activation"),
    "cost": Hyperparameter(label="cost"),
    "learning_rate": Hyperparameter(label="learning rate"),
    "initialisation": Hyperparameter(label="initialisation"),
}
"""One entry for each hyperparameter, by its key in config.yaml."""


@dataclass(frozen=True)
class Shape:
    """The part of a configuration that decides the array program of a network.

    Attributes
    ----------
    hidden : tuple of int
        The number of nodes of each hidden layer, first to last.
    activation, cost : str
        Entries of `backprop.network.functions.ACTIVATIONS` and `COSTS`.
    """

    hidden: tuple[int, ...]
    activation: str
    cost: str

    @property
    def name(self) -> str:
        """The shape's name, which is also a file name, such as ``h10x10-sigmoid-squared_error``."""
        return f"h{nodes(self.hidden)}-{self.activation}-{self.cost}"


@dataclass(frozen=True)
class Configuration:
    """One full set of hyperparameters of a network.

    Attributes
    ----------
    hidden, activation, cost
        As in `Shape`.
    learning_rate : float
        Above 0.
    initialisation : str
        An entry of `backprop.network.functions.INITIALISATIONS`.
    """

    hidden: tuple[int, ...]
    activation: str
    cost: str
    learning_rate: float
    initialisation: str

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Configuration":
        """Create a configuration from values that were read from YAML or JSON."""
        return cls(
            tuple(map(int, values["hidden"])),
            values["activation"],
            values["cost"],
            float(values["learning_rate"]),
            values["initialisation"],
        )

    @property
    def shape(self) -> Shape:
        """The shape of the network."""
        return Shape(self.hidden, self.activation, self.cost)

    @property
    def name(self) -> str:
        """The configuration's name, such as ``h10-sigmoid-squared_error-lr0.1-uniform``."""
        return f"{self.shape.name}-lr{self.learning_rate!r}-{self.initialisation}"

    def differing(self, other: "Configuration") -> list[str]:
        """Return the hyperparameters in which two configurations differ."""
        return [key for key in HYPERPARAMETERS if getattr(self, key) != getattr(other, key)]


def nodes(hidden: Iterable[int]) -> str:
    """Return the name of a list of hidden layers, such as ``10x10``."""
    return "x".join(map(str, hidden))


def enumerate_configurations(config: Mapping[str, Any]) -> list[Configuration]:
    """List the configurations that a checked config asks for: the reference first, each once."""
    reference = config["reference"]
    values = {key: [reference[key], *config["vary"].get(key, [])] for key in HYPERPARAMETERS}
    if config["search"] == "grid":
        rows = [dict(zip(values, row, strict=True)) for row in itertools.product(*values.values())]
    else:
        rows = [{**reference, key: value} for key in values for value in values[key]]
    return list(dict.fromkeys(map(Configuration.of, rows)))
