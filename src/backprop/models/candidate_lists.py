"""The candidates of a study, the configurations of its models: from the config, and as a text.

The text is a file that the jobs share, so its two directions are side by side here.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backprop.files import canonical_json
from backprop.models.registry import family_of, implementations, network_models, the_network
from backprop.study.configurations import Configuration

if TYPE_CHECKING:
    from backprop.config import Config

Candidates = Mapping[str, Sequence[Configuration]]
"""The configurations of each model, its reference first."""


def configurations_of(config: "Config") -> dict[str, list[Configuration]]:
    """List the configurations of each model of a completed config, each once, the reference first.

    Implementations of one model share them.
    """
    every = {
        model: own
        for group in implementations(config.models)
        for own in [family_of(group[0]).configurations(config, group[0])]
        for model in group
    }
    return {model: [*every[model]] for model in config.models}


def varied_by(config: "Config", model: str) -> list[str]:
    """Return the hyperparameters of which a model of a completed config has several values.

    They follow from the config, without listing a large grid.
    """
    reference, vary, also = family_of(model).space(config, model)
    tried = [(key, value) for key, values in vary.items() for value in values]
    tried += [item for changes in also for item in changes.items()]
    differing = {key for key, value in tried if value != reference[key]}
    return [key for key in reference if key in differing]


def choosers_of(config: "Config") -> dict[str, str]:
    """Return the models that nested cross-validation tunes, and whose inner fits choose for each.

    TensorFlow may follow scratch, if both are there: they are one network.
    """
    validation = config.validation
    if validation.inner_folds is None:
        return {}
    tuned = [model for model in config.models if varied_by(config, model)]
    followers = network_models(tuned) if validation.inner_networks != "all" else []
    return {model: the_network(tuned)[0] if model in followers else model for model in tuned}


def network_configurations(candidates: Candidates) -> list[Configuration]:
    """Return the configurations of the networks, the reference first; none without a network."""
    networks = network_models(candidates)
    return [*candidates[networks[0]]] if networks else []


def find_configuration(candidates: Candidates, model: str, name: str | None) -> Configuration:
    """Return the configuration of a model that has a name."""
    return next(each for each in candidates[model] if each.name == name)


def is_tuned(model: str, candidates: Candidates) -> bool:
    """Return whether a model has several configurations."""
    return len(candidates[model]) > 1


def candidates_as_text(candidates: Candidates) -> str:
    """Return candidates as JSON: pairs of a model and the values of its configurations.

    An implementation of a model that is there before has its name in place of the values: a large
    grid is there once. They are pairs, as `canonical_json` sorts the keys of a mapping.
    """
    shared = {model: group[0] for group in implementations(candidates) for model in group[1:]}
    return canonical_json(
        [
            (model, shared.get(model) or [each.values() for each in every])
            for model, every in candidates.items()
        ]
    )


def read_candidates(text: str) -> dict[str, list[Configuration]]:
    """Create the configurations of each model from a text of `candidates_as_text`."""
    candidates: dict[str, list[Configuration]] = {}
    for model, every in json.loads(text):
        candidates[model] = (
            candidates[every] if isinstance(every, str) else list(map(family_of(model).read, every))
        )
    return candidates
