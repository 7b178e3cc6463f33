"""The models: one entry each.

The workflow reads this table each time it starts, so nothing heavy is imported here. `Model.module`
names the code of a model, and only the job that trains the model imports it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backprop.study.configurations import (
    HYPERPARAMETERS,
    Candidate,
    Configuration,
    Settings,
    enumerate_configurations,
    enumerate_values,
)
from backprop.typing import NoEffect, Shown


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model.

    Attributes
    ----------
    family : {"network", "baseline"}
        How it is trained: by `backprop.models.networks` (it has hyperparameters) or by
        `backprop.models.baselines` (it has none).
    module : str
        The module with its code. That of a network has ``train_epoch`` and ``predict``, see
        `backprop.network.training.Network`; that of a baseline ``fit`` and ``predict``, see
        `backprop.models.baselines.Baseline`.
    compared : bool
        Whether the config may name it and the report compares it. A model that is not compared is
        trained in the reference configuration on the first split, as a check of the others.
    name, label : str
        Its name in a sentence and in a figure.
    colour, marker, line
        How figures draw it, as Matplotlib takes them; no two models share a colour or a marker.
    megabytes, minutes : int
        The memory and the time that the first attempt of a training job requests from a cluster.
    seconds : tuple of floats
        Measured times, for `backprop.workflow.estimate`: of a job before it trains; then, for a
        network, of an epoch of a stack, of a layer of a stack for each update, and of a parameter
        of each of its networks for each sample, without and with batches; for a baseline, of a fit,
        of a row, and of each pair of parameters for each row. ``benchmarks/estimate.py`` compares
        them with this machine.
    package : str
        The package that only this model needs, if any. ``requirements/{package}.txt`` locks it.
    """

    family: Literal["network", "baseline"]
    module: str
    compared: bool = True
    name: Shown[str]
    label: Shown[str]
    colour: Shown[str]
    marker: Shown[str]
    line: Shown[Any]
    megabytes: NoEffect[int] = 1500
    minutes: NoEffect[int] = 20
    seconds: NoEffect[tuple[float, ...]] = (1.0, 1e-3, 1e-5, 3e-9)
    package: NoEffect[str] = ""


# The colours of Okabe & Ito, which people with any kind of colour blindness can distinguish.
MODELS: dict[str, Model] = {
    "logistic": Model(
        family="baseline",
        module="backprop.models.logistic",
        name="logistic regression",
        label="Logistic",
        colour="#000000",
        marker="D",
        line="-",
        minutes=10,
        seconds=(1.0, 1e-3, 0.3e-6, 0.6e-9),
    ),
    "softmax": Model(
        family="baseline",
        module="backprop.models.softmax",
        name="softmax regression",
        label="Softmax",
        colour="#CC79A7",
        marker="s",
        line=(0, (2, 2)),
        minutes=10,
        seconds=(1.0, 1e-3, 2.5e-6, 20e-9),
    ),
    "scratch": Model(
        family="network",
        module="backprop.network.stacked",
        name="the hand-written network",
        label="Scratch",
        colour="#0072B2",
        marker="o",
        line="-",
        seconds=(1.0, 0.36e-3, 7.5e-6, 1.6e-9, 1.4e-9),
    ),
    "tensorflow": Model(
        family="network",
        module="backprop.network.autodiff",
        name="the TensorFlow network",
        label="TensorFlow",
        colour="#D55E00",
        marker="^",
        line=(0, (4, 3)),
        megabytes=3000,
        seconds=(5.0, 1.2e-3, 0.9e-6, 2.6e-9, 4e-9),
        package="tensorflow",
    ),
    "plain": Model(
        family="network",
        module="backprop.network.plain",
        compared=False,
        name="the plain network",
        label="Plain",
        colour="#666666",
        marker="v",
        line="-",
        seconds=(1.0, 0.0, 18e-6, 1.2e-9, 1.2e-9),
    ),
}

BASELINE = "logistic"
"""The model that all others are compared with."""


def is_network(model: str) -> bool:
    """Return whether a model has hyperparameters, and so configurations."""
    return MODELS[model].family == "network"


def network_models(models: Iterable[str]) -> list[str]:
    """Return those models that are networks, in their order."""
    return [model for model in models if is_network(model)]


def configurations_of(config: Mapping[str, Any]) -> dict[str, list[Candidate]]:
    """List the configurations of each model of a checked config: the reference first, each once."""
    return {model: _configurations(config, model) for model in config["models"]}


def _configurations(config: Mapping[str, Any], model: str) -> list[Candidate]:
    if is_network(model):
        return [*enumerate_configurations(config)]
    own = config.get("baselines", {}).get(model, {})
    reference = {"l2": HYPERPARAMETERS["l2"].default, **own.get("reference", {})}
    rows = enumerate_values(reference, own.get("vary", {}), config["search"])
    return list(dict.fromkeys(map(Settings.of, rows)))


def network_configurations(config: Mapping[str, Any]) -> list[Configuration]:
    """List the configurations of the networks of a checked config; none if it names no network."""
    return enumerate_configurations(config) if network_models(config["models"]) else []


def read_configuration(model: str, values: Mapping[str, Any]) -> Candidate:
    """Create a configuration of a model from values that were read from JSON."""
    return Configuration.of(values) if is_network(model) else Settings.of(values)


def headline(model: str, configurations: Sequence[Configuration]) -> str | None:
    """Return the name of the configuration that represents a model in comparisons, its *headline*.

    For a network it is the reference, the first of the configurations. A baseline has no
    configuration, and its headline is None.
    """
    return configurations[0].name if is_network(model) else None
