"""Encode the columns of a data set as the inputs of a model, by the training rows of a split."""

from dataclasses import dataclass

from backprop.data.dataset import Dataset
from backprop.data.scaling import Scaling
from backprop.typing import Array, Integers


@dataclass(frozen=True, eq=False)
class Encoder:
    """How columns become inputs, as learned from some rows of a data set.

    Attributes
    ----------
    names : tuple of str
        The names of the d inputs.
    scaling : Scaling
        How the inputs are standardised.
    """

    names: tuple[str, ...]
    scaling: Scaling

    @classmethod
    def of(cls, dataset: Dataset, rows: Integers) -> "Encoder":
        """Learn how to encode columns.

        Parameters
        ----------
        dataset : Dataset
        rows : int array
            The rows to learn from, counted from 0, such as the training rows of a split. No other
            row has an effect.
        """
        return cls(dataset.features, Scaling.of(dataset.x[rows]))

    def apply(self, x: Array) -> Array:
        """Encode rows, of a shape as `Dataset.x` has it; return finite numbers, shape (n, d)."""
        return self.scaling.apply(x)
