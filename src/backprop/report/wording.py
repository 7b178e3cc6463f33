"""How sentences and figures call a configuration and its hyperparameters."""

from typing import Any

from backprop.study.configurations import HYPERPARAMETERS, Configuration, nodes


def heading(hyperparameter: str) -> str:
    """Write the name of a hyperparameter as an axis has it."""
    return HYPERPARAMETERS[hyperparameter].capitalize()


def value(hyperparameter: str, v: Any) -> str:
    """Write a value of a hyperparameter as readers do.

    Examples
    --------
    >>> value("hidden", (10, 10)), value("learning_rate", 1.0), value("cost", "squared_error")
    ('10x10', '1', 'squared error')
    """
    if hyperparameter == "hidden":
        return nodes(v)
    if hyperparameter == "learning_rate":
        return f"{v:g}"
    return {"glorot": "Glorot", "relu": "ReLU"}.get(v, str(v).replace("_", " "))


def told(hyperparameter: str, v: Any) -> str:
    """Write a value so that it is clear what it is the value of."""
    text = value(hyperparameter, v)
    names = {"hidden": f"hidden {text}", "learning_rate": f"learning rate {text}"}
    return names.get(hyperparameter, text)


def changes(configuration: Configuration, reference: Configuration) -> str:
    """Say what a configuration changes in the reference.

    Examples
    --------
    >>> reference = Configuration((10,), "sigmoid", "squared_error", 0.1, "uniform")
    >>> changes(Configuration((5,), "relu", "squared_error", 0.1, "uniform"), reference)
    'hidden 5, ReLU'
    >>> changes(reference, reference)
    'reference'
    """
    found = [
        told(key, getattr(configuration, key))
        for key in HYPERPARAMETERS
        if getattr(configuration, key) != getattr(reference, key)
    ]
    return ", ".join(found) or "reference"
