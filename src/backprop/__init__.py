"""Back-propagation networks compared honestly with logistic and softmax regression."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backprop.models.estimator import BackpropClassifier, TensorFlowClassifier

__version__ = "0.3.0"

__all__ = ["BackpropClassifier", "TensorFlowClassifier"]


def __getattr__(name: str) -> Any:
    """Import an estimator when it is first used: scikit-learn takes a second."""
    if name in __all__:
        from backprop.models import estimator

        return getattr(estimator, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return what users import."""
    return [*__all__, "__version__"]
