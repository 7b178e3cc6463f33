"""Back-propagation networks compared honestly with logistic and softmax regression."""

from typing import Any

__version__ = "0.2.0"

__all__ = ["BackpropClassifier", "TensorFlowClassifier"]


def __getattr__(name: str) -> Any:
    """Import an estimator when it is first used: scikit-learn takes a second."""
    if name in __all__:
        from backprop.models import estimator

        return getattr(estimator, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
