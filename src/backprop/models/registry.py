"""The models: one entry each.

The workflow reads this table each time it starts, so nothing heavy is imported here.
`Model.implementation` names the code of a model, and only a job that trains or uses the model
imports it.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop.models.families import ELSEWHERE, ESTIMATOR, NETWORK, REGRESSION, Family
from backprop.study.configurations import Configuration
from backprop.typing import NoEffect, Shown

if TYPE_CHECKING:
    from backprop.config import Config


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model.

    Attributes
    ----------
    family : Family
        How it is configured, trained and used.
    implementation : str
        The module with its code. A network has ``train_epoch`` and ``predict``, see
        `backprop.network.training.Network`; a regression ``fit`` and ``predict``, see
        `backprop.models.baselines.Baseline`. Of a classifier of scikit-learn, the name of its
        class, such as ``sklearn.svm.SVC``; of a model that was trained elsewhere, "".
    is_checked : bool
        Whether it is an implementation of the network each of whose epochs is compared with the
        hand-written one, see `backprop.network.lockstep`.
    name, label : str
        Its name in a sentence and in a figure.
    colour, marker, line
        How figures draw it, as Matplotlib takes them; no two models share a colour or a marker. By
        default its line is solid.
    megabytes, minutes : int
        The memory and the time that the first attempt of a training job requests from a cluster.
    package : str
        The package that only this model needs, if any. ``requirements/{package}.txt`` locks it.
    """

    family: Family
    implementation: str
    is_checked: bool = False
    name: Shown[str]
    label: Shown[str]
    colour: Shown[str]
    marker: Shown[str]
    line: Shown[object] = "-"
    megabytes: NoEffect[int] = 1500
    minutes: NoEffect[int] = 20
    package: NoEffect[str] = ""

    @property
    def trained_by(self) -> tuple[str, ...]:
        """The modules of this library whose code decides a fit."""
        return self.family.trained_by(self.implementation)

    @property
    def predicted_by(self) -> tuple[str, ...]:
        """The modules of this library whose code decides a prediction."""
        return self.family.predicted_by(self.implementation)


# The models that are no classifiers of scikit-learn of a config. Dark colours that people with any
# kind of colour blindness tell apart, see `report.palette`.
MODELS: dict[str, Model] = {
    "logistic": Model(
        family=REGRESSION,
        implementation="backprop.models.logistic",
        name="logistic regression",
        label="Logistic",
        colour="#000000",
        marker="D",
        minutes=10,
    ),
    "softmax": Model(
        family=REGRESSION,
        implementation="backprop.models.softmax",
        name="softmax regression",
        label="Softmax",
        colour="#882255",
        marker="s",
        line=(0, (2, 2)),
        minutes=10,
    ),
    "scratch": Model(
        family=NETWORK,
        implementation="backprop.network.stacked",
        name="the hand-written network",
        label="Network",
        colour="#0072B2",
        marker="o",
    ),
    "tensorflow": Model(
        family=NETWORK,
        implementation="backprop.network.autodiff",
        is_checked=True,
        name="the TensorFlow network",
        label="Network (TensorFlow)",
        colour="#D55E00",
        marker="^",
        line=(0, (4, 3)),
        megabytes=3000,
        package="tensorflow",
    ),
}

BASELINE = "logistic"
"""The opponent: the model that all others are compared with."""

# Dark enough for thin lines, and apart from the colours above and in `report.palette`.
ESTIMATOR_COLOURS = (
    "#F230D2", "#171773", "#BF7060", "#58A632", "#8C1C8C", "#12591E", "#592D2D", "#F23091",
    "#798DF2", "#9130F2",
)  # fmt: skip
ESTIMATOR_MARKERS = ("P", "<", "p", ">", "X", "h", "d", "8", "H", "*")


def with_estimators(estimators: Mapping[str, Mapping[str, str]]) -> dict[str, Model]:
    """Return the models that are built in, and those that a config adds.

    Parameters
    ----------
    estimators : mapping
        The models of `added_models`.
    """
    models, looks = {**MODELS}, looks_of(estimators)
    for name, entry in estimators.items():
        models[name] = Model(
            family=ESTIMATOR if "class" in entry else ELSEWHERE,
            implementation=entry.get("class", ""),
            name=name,
            label=name,
            colour=looks[name][0],
            marker=looks[name][1],
        )
    return models


def looks_of(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the colour and the marker of each added model, which belong to its name.

    They follow from the CRC-32 of the name, and not from its place in a list; if another one has
    them, they are the next that are free. After all colours, they come again with other markers.
    """
    every = [
        (colour, ESTIMATOR_MARKERS[(place + turn) % len(ESTIMATOR_MARKERS)])
        for turn in range(len(ESTIMATOR_MARKERS))
        for place, colour in enumerate(ESTIMATOR_COLOURS)
    ]
    count, looks = len(ESTIMATOR_COLOURS), dict[str, tuple[str, str]]()
    for number, name in enumerate(sorted(names)):
        start, first = number // count * count % len(every), zlib.crc32(name.encode()) % count
        own = every[start : start + count]
        turned = [*own[first:], *own[:first]]
        looks[name] = next((each for each in turned if each not in looks.values()), turned[0])
    return looks


def models_of(config: "Config") -> dict[str, Model]:
    """Return the models that are built in, and those that a config adds."""
    return with_estimators(added_models(config))


def added_models(config: "Config") -> dict[str, dict[str, str]]:
    """Return the models that a config adds, each with its class.

    They are in the order of ``models``: JSON keeps it, and sorts the keys of sections.
    """
    added = {name: {"class": entry.class_} for name, entry in config.estimators.items()}
    added |= {name: {} for name in config.predictions}  # they have none
    named = dict.fromkeys([*config.models, *added])
    return {name: added[name] for name in named if name in added}


def family_of(model: str) -> Family:
    """Return the family of a model, whose configurations all models have that a config adds."""
    return MODELS[model].family if model in MODELS else ESTIMATOR


def is_network(model: str) -> bool:
    """Return whether a model is a network."""
    return family_of(model) is NETWORK


def network_models(models: Iterable[str]) -> list[str]:
    """Return those models that are networks, in their order."""
    return [model for model in models if is_network(model)]


def implementations(models: Iterable[str]) -> list[tuple[str, ...]]:
    """Group models that are implementations of one model; each other model is a group alone.

    A group has the place of its first model.
    """
    groups: dict[object, list[str]] = {}
    for model in models:
        family = family_of(model)
        groups.setdefault(family.name if family.is_one_model else (model,), []).append(model)
    return list(map(tuple, groups.values()))


def are_one_model(model: str, other: str) -> bool:
    """Return whether two models are implementations of one model."""
    return len(implementations([model, other])) == 1


def the_network(models: Iterable[str]) -> list[str]:
    """Return the implementation that counts as the network, in a list; none without a network.

    It is the hand-written one if it is among the models.
    """
    return sorted(network_models(models), key=lambda model: MODELS[model].is_checked)[:1]


def compares_networks(models: Iterable[str]) -> bool:
    """Return whether the network is among some models in several implementations."""
    return len(network_models(models)) > 1


def headline(model: str, candidates: Mapping[str, Sequence[Configuration]]) -> str:
    """Return the name of the configuration that represents a model in comparisons, its *headline*.

    It is the reference, the first of the model's configurations.
    """
    return candidates[model][0].name


def tuned_groups(
    candidates: Mapping[str, Sequence[Configuration]],
) -> dict[tuple[str, ...], list[Configuration]]:
    """Group models that share their configurations, see `implementations`.

    Returns
    -------
    dict of tuple of str to list of Configuration
        By the models of a group; only groups with several configurations, networks first.
    """
    groups = implementations(sorted(candidates, key=is_network, reverse=True))
    return {g: list(candidates[g[0]]) for g in groups if len(candidates[g[0]]) > 1}
