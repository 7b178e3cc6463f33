"""What the report calls things."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Sized
from typing import Any

from backprop.models.registry import MODELS, are_one_model, is_network
from backprop.network.functions import ACTIVATIONS, COSTS, INITIALISATIONS
from backprop.network.optimisers import OPTIMISERS
from backprop.study.configurations import HYPERPARAMETERS, Configuration
from backprop.study.metrics import METRICS

NETWORK = MODELS["scratch"].label
"""What tables and figures call the network, whatever computes it."""

IRREGULAR = {
    "person": "people", "man": "men", "woman": "women", "child": "children", "mouse": "mice",
    "species": "species", "series": "series", "sheep": "sheep", "fish": "fish",
    "analysis": "analyses", "diagnosis": "diagnoses",
}  # fmt: skip
"""Plurals that follow no rule."""

PEOPLE = ("Brier", "Cohen", "Gini", "Matthews", "Youden")
"""Whose names labels begin with."""

ENTRIES: dict[str, Mapping[str, Any]] = {
    "activation": ACTIVATIONS,
    "cost": COSTS,
    "initialisation": INITIALISATIONS,
    "optimiser": OPTIMISERS,
}
"""The tables with the values of the hyperparameters that are not numbers."""


def sentence_case(text: str, models: Collection[str] = ()) -> str:
    """Return a text with its first letter in upper case, unless it begins with a name of a user.

    Such names are among the `models` of the study.
    """
    first = re.split("[ :,]", text)[0]
    return text if first in models and first not in MODELS else text[0].upper() + text[1:]


def model_label(model: str) -> str:
    """Return what tables and figures call a model; a user names a classifier of scikit-learn."""
    return MODELS[model].label if model in MODELS else model


def model_name(model: str, among: Iterable[str] = ()) -> str:
    """Return what sentences call a model: implementations of the network have one name.

    They have names of their own if several of them are `among` the models that a text compares.
    """
    apart = any(other != model and are_one_model(other, model) for other in among)
    if is_network(model) and not apart:
        return "the network"
    return MODELS[model].name if model in MODELS else model


def plural(noun: str) -> str:
    """Return the plural of a noun, by the rules of English spelling and `IRREGULAR`.

    Examples
    --------
    >>> plural("student"), plural("blood sample"), plural("boy"), plural("city"), plural("box")
    ('students', 'blood samples', 'boys', 'cities', 'boxes')
    >>> plural("sales person"), plural("plant species")
    ('sales people', 'plant species')
    """
    *before, last = re.split("([ -])", noun)
    if last.lower() in IRREGULAR:
        last = IRREGULAR[last.lower()]
    elif re.search("[^aeiou]y$", last):
        last = f"{last[:-1]}ies"
    else:
        last += "es" if re.search("(s|x|z|ch|sh)$", last) else "s"
    return "".join([*before, last])


def label(hyperparameter: str) -> str:
    """Return the name of a hyperparameter, or of a parameter of scikit-learn, in a sentence."""
    known = HYPERPARAMETERS.get(hyperparameter)
    return known.label if known else hyperparameter


def heading(hyperparameter: str) -> str:
    """Return the name of a hyperparameter for an axis."""
    known = HYPERPARAMETERS.get(hyperparameter)
    return known.label.capitalize() if known else hyperparameter


def within_sentence(text: str) -> str:
    """Return a label as it is within a sentence: in small letters, unless it begins with a name.

    Examples
    --------
    >>> within_sentence("Balanced accuracy"), within_sentence("ROC AUC")
    ('balanced accuracy', 'ROC AUC')
    >>> within_sentence("Brier score")
    'Brier score'
    """
    is_name = text.startswith(PEOPLE) or not text[1:].islower()
    return text if is_name else text.lower()


def guess_by(metric: str) -> str:
    """Return what a model must be better than by a metric."""
    return f"always predicting {guessed_by(metric)}"


def guessed_by(metric: str) -> str:
    """Return what a guess predicts for every row, as far as it matters to a metric."""
    entry = METRICS[metric]
    if entry.of_classes:
        return "the commonest class"
    # For the ROC AUC, only the order of rows counts.
    return "the same probabilities" if entry.share_of else "the shares of the classes"


def value(hyperparameter: str, setting: object) -> str:
    """Return a value of a hyperparameter in words.

    It may be any value that JSON can hold: a classifier of scikit-learn has parameters of its own,
    some with the name of a hyperparameter of the networks.

    Examples
    --------
    >>> value("hidden", (10, 10)), value("learning_rate", 1.0), value("cost", "squared_error")
    ('10x10', '1', 'squared error')
    >>> value("n_neighbors", 45), value("C", 0.5), value("max_depth", None), value("p", True)
    ('45', '0.5', 'null', 'true')
    """
    if isinstance(setting, tuple | list):
        separator = "x" if all(isinstance(item, int) for item in setting) else ", "
        return separator.join(value("", item) for item in setting)
    if isinstance(setting, str):
        entry = ENTRIES.get(hyperparameter, {}).get(setting)
        return str(entry.label) if entry else setting
    if setting is None or isinstance(setting, bool):
        return json.dumps(setting)  # as in config.yaml
    return f"{setting:g}" if isinstance(setting, float) else str(setting)


def named_value(hyperparameter: str, setting: object) -> str:
    """Return a value in words, with the name of its hyperparameter where it needs one.

    Examples
    --------
    >>> named_value("hidden", (5,)), named_value("hidden", (10, 10))
    ('5 hidden nodes', 'hidden layers 10x10')
    >>> named_value("activation", "relu")
    'ReLU'
    >>> named_value("n_neighbors", 45), named_value("batch_size", 32)
    ('n_neighbors 45', 'batch size 32')
    """
    text = value(hyperparameter, setting)
    if setting in ENTRIES.get(hyperparameter, ()):
        return text
    if hyperparameter == "hidden" and isinstance(setting, tuple | list) and len(setting) == 1:
        return f"{text} hidden node{'s' if setting[0] != 1 else ''}"
    return f"{label(hyperparameter)} {text}"


def changes(configuration: Configuration, reference: Configuration) -> str:
    """Return the values in which a configuration differs from the reference.

    Examples
    --------
    >>> from backprop.study.configurations import Configuration
    >>> reference = Configuration.of_network((10,), "sigmoid", "squared_error", 0.1, "uniform")
    >>> changes(Configuration.of_network((5,), "relu", "squared_error", 0.1, "uniform"), reference)
    '5 hidden nodes, ReLU'
    >>> changes(reference, reference)
    'reference'
    """
    values = configuration.values()
    differing = [named_value(key, values[key]) for key in configuration.differing(reference)]
    return ", ".join(differing) or "reference"


def be(subjects: Sized) -> str:
    """Return the verb *be* for one subject or several."""
    return "is" if len(subjects) == 1 else "are"


def listed_models(models: Iterable[str]) -> str:
    """Return the names of models as a list in prose, each name once."""
    return listed([*dict.fromkeys(map(model_name, models))])


def listed_first(items: Sequence[str], most: int) -> str:
    """Return items as a list in prose; of more than `most` the first ones and their number."""
    more = [f"{len(items) - most:,} more"] if len(items) > most else []
    return listed([*items[:most], *more])


def listed(items: Sequence[str], last: str = "and") -> str:
    """Return items as a list in prose, such as ``a, b and c``; `last` is before the last one."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
