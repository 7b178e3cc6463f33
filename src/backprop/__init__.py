"""Back-propagation networks compared honestly with logistic and softmax regression."""

from importlib import import_module
from typing import Any

__version__ = "0.2.0"

HOMES = {
    "BackpropClassifier": "backprop.models.estimator",
    "TensorFlowClassifier": "backprop.models.estimator",
    "compare": "backprop.report.comparing",
}
"""The modules of what users import from here."""

__all__ = list(HOMES)


def __getattr__(name: str) -> Any:
    """Import it when it is first used: scikit-learn takes a second."""
    if name in HOMES:
        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
