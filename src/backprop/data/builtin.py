"""The data sets that need no file of the user: one entry each.

The workflow reads these entries each time it starts, so scikit-learn is imported only to load one
of its data sets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop.data.file_tables import FileTable


@dataclass(frozen=True, kw_only=True)
class BuiltIn:
    """A data set by name.

    Attributes
    ----------
    label : str
        Its class column; all others are features.
    file : str
        Its file, relative to the Snakefile; "" if it has none.
    load : callable, optional
        ``load(seed)``: its table, if it has no file.
    random : bool
        Whether it depends on the seed.
    """

    label: str
    file: str = ""
    load: Callable[[int], FileTable] | None = None
    random: bool = False


def _xor(seed: int) -> FileTable:
    """Draw four clusters with normal noise, at the corners of a square: opposite ones are a class.

    No line separates the classes. That stopped the perceptron (Minsky and Papert, 1969).
    """
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0x584F52,)))
    corners = np.repeat([[-1, -1], [-1, 1], [1, -1], [1, 1]], 50, axis=0)
    x = corners + generator.normal(scale=0.4, size=corners.shape)
    return _table("xor", ["x_1", "x_2", "differ"], [*x.T], corners[:, 0] != corners[:, 1])


def _of_scikit_learn(name: str) -> Callable[[int], FileTable]:
    """Return how to load a data set of scikit-learn, without the columns that are constant."""

    def load(seed: int) -> FileTable:
        import sklearn.datasets

        bunch = getattr(sklearn.datasets, f"load_{name}")()
        varies = bunch.data.min(axis=0) < bunch.data.max(axis=0)
        names = [str(n) for n, kept in zip(bunch.feature_names, varies, strict=True) if kept]
        classes = bunch.target_names[bunch.target]
        return _table(name, [*names, "class"], [*bunch.data[:, varies].T], classes)

    return load


def _table(
    source: str, header: Sequence[str], columns: Sequence[NDArray[Any]], classes: NDArray[Any]
) -> FileTable:
    as_integers = classes.astype(int) if classes.dtype == bool else classes
    cells = [[*map(repr, column.tolist())] for column in columns]
    return FileTable(source, header, [*cells, [*map(str, as_integers.tolist())]])


BUILT_IN = {
    "bundled": BuiltIn(label="admitted", file="resources/ex4.csv"),
    "xor": BuiltIn(label="differ", load=_xor, random=True),
    **{
        name: BuiltIn(label="class", load=_of_scikit_learn(name))
        for name in ("iris", "wine", "breast_cancer", "digits")
    },
}
"""By the name that `source` in the config gives."""
