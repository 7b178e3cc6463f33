"""An encoder in a form that JSON can hold: it encodes rows to the same bits without the data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.data.scaling import Scaling
from backprop.typing import Array

Kind = Literal["number", "category", "missing"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of features, as the rows were that an encoder has learned from.

    Attributes
    ----------
    name : str
    categories : tuple of str
        Empty for a column of numbers.
    fill : float
        What replaces a missing value: a number, or the place of a category.
    missing : int
        The number of rows without a value.
    lowest, highest : float
        The range of the numbers, or of the places of the categories.
    """

    name: str
    categories: tuple[str, ...]
    fill: float
    missing: int
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Column":
        """Create a column from values that were read from JSON."""
        categories = tuple(map(_text, values["categories"]))
        numbers = {key: _finite(values[key]) for key in ("fill", "lowest", "highest")}
        if categories and numbers["fill"] not in range(len(categories)):
            raise ValueError(f"the category {numbers['fill']} of {len(categories)}")
        return cls(
            name=_text(values["name"]),
            categories=categories,
            missing=int(values["missing"]),
            **numbers,
        )


@dataclass(frozen=True, kw_only=True)
class Input:
    """An input of a model, before it is standardised.

    Attributes
    ----------
    name : str
    column : int
        The place of the column that it is computed from.
    kind : {"number", "category", "missing"}
        Whether it is the number, 1 where the column has a category, or 1 where a value is missing.
    category : int
        The place of this category; 0 for another kind.
    """

    name: str
    column: int
    kind: Kind
    category: int = 0

    @classmethod
    def of(cls, values: Mapping[str, Any], columns: Sequence[Column]) -> "Input":
        """Create an input from values that were read from JSON."""
        kind, column, category = values["kind"], int(values["column"]), int(values["category"])
        if kind not in ("number", "category", "missing") or not 0 <= column < len(columns):
            raise ValueError(f"an input of the kind {kind!r} of column {column}")
        return cls(name=_text(values["name"]), column=column, kind=kind, category=category)


@dataclass(frozen=True, eq=False)
class StoredEncoder:
    """How columns become inputs, as an `Encoder` has learned it.

    Attributes
    ----------
    columns : tuple of Column
    inputs : tuple of Input
    scaling : Scaling
        How the inputs are standardised.
    """

    columns: tuple[Column, ...]
    inputs: tuple[Input, ...]
    scaling: Scaling

    @classmethod
    def of(cls, dataset: Dataset) -> "StoredEncoder":
        """Learn how to encode columns from all rows of a data set."""
        encoder = Encoder.of(dataset, np.arange(len(dataset.y)))
        fills, parts = _learned(encoder, dataset)
        numbers = zip(encoder.names, parts, strict=True)
        inputs = tuple(
            Input(name=name, column=column, kind=kind, category=category)
            for name, (column, kind, category) in numbers
        )
        columns = tuple(
            Column(
                name=name,
                categories=dataset.categories.get(name, ()),
                fill=float(fill),
                missing=int(np.isnan(values).sum()),
                lowest=float(np.nanmin(values)),
                highest=float(np.nanmax(values)),
            )
            for name, values, fill in zip(dataset.features, dataset.x.T, fills, strict=True)
        )
        return cls(columns, inputs, encoder.scaling)

    def apply(self, x: Array) -> Array:
        """Encode rows, shape (m, columns), as `Encoder.apply` does; return them of shape (m, d)."""
        missing = np.isnan(x)
        filled = np.where(missing, [column.fill for column in self.columns], x)
        inputs = np.empty((len(x), len(self.inputs)))
        for place, own in enumerate(self.inputs):
            if own.kind == "number":
                inputs[:, place] = filled[:, own.column]
            elif own.kind == "category":
                inputs[:, place] = filled[:, own.column] == own.category
            else:
                inputs[:, place] = missing[:, own.column]
        return self.scaling.apply(inputs)

    def as_json(self) -> dict[str, Any]:
        """Return the encoder as values for JSON."""
        return {
            "columns": [asdict(column) for column in self.columns],
            "inputs": [asdict(each) for each in self.inputs],
            "scaling": {key: values.tolist() for key, values in vars(self.scaling).items()},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "StoredEncoder":
        """Create an encoder from values that were read from JSON.

        Raises
        ------
        ValueError, LookupError, TypeError, OverflowError
            If they are not those of `as_json`.
        """
        columns = tuple(map(Column.of, values["columns"]))
        inputs = tuple(Input.of(each, columns) for each in values["inputs"])
        scaling = Scaling(
            **{
                key: _vector(values["scaling"][key], len(inputs), kind)
                for key, kind in _SCALING.items()
            }
        )
        return cls(columns, inputs, scaling)


_SCALING: Mapping[str, type] = {
    "exponent": np.int64,
    "mean": np.float64,
    "scale": np.float64,
    "shift": np.int64,
}


def _learned(encoder: Encoder, dataset: Dataset) -> tuple[list[float], list[tuple[int, Kind, int]]]:
    """Return what replaces a missing value of each column, and what each input is."""
    every = range(len(dataset.features))
    if encoder.transformer is None:  # no row misses a value
        medians = 2 * np.median(dataset.x / 2, axis=0)
        return medians.tolist(), [(place, "number", 0) for place in every]
    fills = [0.0] * len(every)
    parts: list[tuple[int, Kind, int]] = []
    for name, part, places in encoder.transformer.transformers_:
        imputer = part[0] if name == "categories" else part
        if name == "missing":
            parts += [(place, "missing", 0) for place in places]
            continue
        for place, fill in zip(places, imputer.statistics_ if places else (), strict=True):
            fills[place] = fill
        if name == "numbers":
            parts += [(place, "number", 0) for place in places]
        else:
            known = part[1].categories_ if places else ()
            for place, codes in zip(places, known, strict=True):
                parts += [(place, "category", int(code)) for code in codes[1:]]
    return fills, parts


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.50} is not a text")
    return value


def _finite(value: Any) -> float:
    return float(_vector([value], 1)[0])


def _vector(values: Any, size: int, kind: type = np.float64) -> Any:
    """Return numbers that were read from JSON as an array of this size and type."""
    array = np.array(values)
    if array.shape != (size,) or array.dtype.kind not in "if" or not np.isfinite(array).all():
        raise ValueError(f"{values!r:.50} are not {size} finite numbers")
    if kind is np.int64 and array.dtype.kind != "i" and size:
        raise ValueError(f"{values!r:.50} are not whole numbers")
    return array.astype(kind)
