"""Back-propagation networks compared honestly with logistic and softmax regression."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop.models.estimator import BackpropClassifier
    from backprop.report.comparing import compare, compare_across

__version__ = "0.4.0.dev0"

__all__ = ["BackpropClassifier", "compare", "compare_across"]

HOMES = {
    "BackpropClassifier": "backprop.models.estimator",
    "compare": "backprop.report.comparing",
    "compare_across": "backprop.report.comparing",
}
"""The modules of what users import from here."""


def __getattr__(name: str) -> object:
    """Import it when it is first used: scikit-learn takes a second."""
    if name in HOMES:
        from backprop.errors import needing

        with needing():
            return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return what users import."""
    return [*__all__, "__version__"]
