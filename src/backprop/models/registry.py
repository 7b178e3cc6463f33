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
    family : {"network", "baseline", "estimator"}
        How it is trained: by `backprop.models.networks`, `backprop.models.baselines` or, a
        classifier of scikit-learn that config.yaml names, by `backprop.models.estimators`.
    module : str
        The module with its code. That of a network has ``train_epoch`` and ``predict``, see
        `backprop.network.training.Network`; that of a baseline ``fit`` and ``predict``, see
        `backprop.models.baselines.Baseline`.
    classifier : str
        Of an estimator, the name of its class, such as ``sklearn.svm.SVC``.
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
        of each of its networks for each sample, without and with batches; for another model, of a
        fit, of a row, and of each pair of parameters for each row. ``benchmarks/estimate.py``
        compares them with this machine. Those of an estimator are a guess, the same for all.
    package : str
        The package that only this model needs, if any. ``requirements/{package}.txt`` locks it.
    """

    family: Literal["network", "baseline", "estimator"]
    module: str
    classifier: str = ""
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

BUILT_IN = frozenset(MODELS)

# Dark enough for thin lines, and apart from the colours above and from those of the classes.
ESTIMATOR_COLOURS = (
    "#882255", "#44AA99", "#999933", "#332288", "#AA3377", "#117733", "#8C510A", "#6699CC",
    "#B2182B", "#7B6FD0",
)  # fmt: skip
ESTIMATOR_MARKERS = ("P", "<", "p", ">", "X", "h", "d", "8", "H", "*")


def add_estimators(estimators: Mapping[str, Mapping[str, Any]]) -> None:
    """Add the classifiers of scikit-learn that a config names, in place of those added before.

    Parameters
    ----------
    estimators : mapping
        The section ``estimators`` of the config. Of each entry only ``class`` is read.
    """
    for name in set(MODELS) - BUILT_IN:
        del MODELS[name]
    for number, (name, entry) in enumerate(estimators.items()):
        turn, place = divmod(number, len(ESTIMATOR_COLOURS))
        MODELS[name] = Model(
            family="estimator",
            module="backprop.models.estimators",
            classifier=entry["class"],
            name=name,
            label=name,
            colour=ESTIMATOR_COLOURS[place],
            marker=ESTIMATOR_MARKERS[(place + turn) % len(ESTIMATOR_MARKERS)],
            line="-",
            seconds=(2.0, 0.05, 20e-6, 20e-9),
        )


def is_network(model: str) -> bool:
    """Return whether a model is a network."""
    return MODELS[model].family == "network"


def network_models(models: Iterable[str]) -> list[str]:
    """Return those models that are networks, in their order."""
    return [model for model in models if is_network(model)]


def configurations_of(config: Mapping[str, Any]) -> dict[str, list[Candidate]]:
    """List the configurations of each model of a checked config: the reference first, each once.

    The networks share one list.
    """
    networks = network_configurations(config)
    return {
        model: [*networks] if is_network(model) else [*_settings(config, model)]
        for model in config["models"]
    }


def _settings(config: Mapping[str, Any], model: str) -> list[Settings]:
    section = "estimators" if MODELS[model].family == "estimator" else "baselines"
    own = config.get(section, {}).get(model, {})
    penalty = {} if section == "estimators" else {"l2": HYPERPARAMETERS["l2"].default}
    reference = {**penalty, **own.get("reference", {})}
    rows = enumerate_values(reference, own.get("vary", {}), config["search"])
    return list(dict.fromkeys(map(Settings.of, rows)))


def network_configurations(config: Mapping[str, Any]) -> list[Configuration]:
    """List the configurations of the networks of a checked config; none if it names no network."""
    return enumerate_configurations(config) if network_models(config["models"]) else []


def read_configuration(model: str, values: Mapping[str, Any]) -> Candidate:
    """Create a configuration of a model from values that were read from JSON."""
    return Configuration.of(values) if is_network(model) else Settings.of(values)


def read_candidates(plain_values: Iterable[tuple[str, Any]]) -> dict[str, list[Candidate]]:
    """Create the configurations of each model from values that were read from JSON.

    Parameters
    ----------
    plain_values : iterable of pairs
        A model, and the values of its configurations or an earlier model that has the same. Not a
        mapping: JSON as the workflow writes it sorts the keys.
    """
    candidates: dict[str, list[Candidate]] = {}
    for model, every in dict(plain_values).items():
        candidates[model] = (
            candidates[every]
            if isinstance(every, str)
            else [read_configuration(model, values) for values in every]
        )
    return candidates


def headline(model: str, candidates: Mapping[str, Sequence[Candidate]]) -> str | None:
    """Return the name of the configuration that represents a model in comparisons, its *headline*.

    It is the reference, the first of the model's configurations.
    """
    return candidates[model][0].name


def choosers(tuned: Sequence[str], inner_networks: str = "scratch") -> dict[str, str]:
    """Return whose inner fits choose the configuration of each tuned model.

    Parameters
    ----------
    tuned : sequence of str
        The models with several configurations.
    inner_networks : {"scratch", "all"}
        Whether TensorFlow follows scratch, if both are there: they are one network.
    """
    follows = inner_networks == "scratch" and "scratch" in tuned
    return {model: "scratch" if follows and is_network(model) else model for model in tuned}


def families(
    candidates: Mapping[str, Sequence[Candidate]],
) -> dict[tuple[str, ...], list[Candidate]]:
    """Group models that share their configurations: the networks together, each other alone.

    Returns
    -------
    dict of tuple of str to list of Configuration or Settings
        By the models of a group; only groups with several configurations, networks first.
    """
    networks = tuple(network_models(candidates))
    groups = [networks, *((model,) for model in candidates if model not in networks)]
    return {
        group: list(candidates[group[0]])
        for group in groups
        if group and len(candidates[group[0]]) > 1
    }
