"""Encode the columns of a data set as the inputs of a model, by the training rows of a split."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from backprop.data.dataset import DataError, Dataset
from backprop.data.scaling import Scaling
from backprop.errors import listed
from backprop.typing import Array, Booleans, Integers, Json

Kind = Literal["number", "category", "missing"]

LEAST = 10
"""Rows in which a value is missing, and in which it is there, for an input that says so.

It is the rule of thumb of ten events for each coefficient of a regression (Peduzzi et al., 1996, *A
simulation study of the number of events per variable in logistic regression analysis*). An input
that is 1 in fewer rows is easily 1 in rows of one class only, and then its coefficient has no
finite value. With two classes, equally common, this happens by chance to 10 rows in 2 of 1,000
tables, to 5 rows in 6 of 100, and to one row always.
"""


@dataclass(frozen=True, kw_only=True)
class FeatureColumn:
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
    def all_of(cls, dataset: Dataset, fills: Array) -> "tuple[FeatureColumn, ...]":
        """Describe the columns of a data set, with what replaces a missing value of each."""
        return tuple(
            cls(
                name=name,
                categories=dataset.categories.get(name, ()),
                fill=float(fill),
                missing=int(np.isnan(values).sum()),
                lowest=float(np.nanmin(values)),
                highest=float(np.nanmax(values)),
            )
            for name, values, fill in zip(dataset.features, dataset.x.T, fills, strict=True)
        )

    @classmethod
    def of(cls, values: Mapping[str, Json]) -> "FeatureColumn":
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
    def of(cls, values: Mapping[str, Json], columns: Sequence[FeatureColumn]) -> "Input":
        """Create an input from values that were read from JSON."""
        kind, column, category = values["kind"], int(values["column"]), int(values["category"])
        if kind not in ("number", "category", "missing") or not 0 <= column < len(columns):
            raise ValueError(f"an input of the kind {kind!r} of column {column}")
        return cls(name=_text(values["name"]), column=column, kind=kind, category=category)


@dataclass(frozen=True, eq=False)
class Encoder:
    """How columns become inputs, as learned from some rows of a data set.

    A number is an input. A column of categories is an input for each category but the first, which
    is 1 in the rows of that category: with one for each, a regression without penalty would have
    no single solution. A category that is in no row learned from counts as the first one. A missing
    value becomes the median, or the most frequent category. If it is missing in `LEAST` of the
    rows learned from, and there in as many, a column also has an input that is 1 where it is
    missing. Columns that miss values in the same rows share it: two would be equal. All inputs are
    then standardised.

    Attributes
    ----------
    inputs : tuple of Input
        First the numbers, then the categories, then the missing values.
    fills : array, shape (columns,)
        What replaces a missing value: a number, or the place of a category. NaN if no row that is
        encoded may miss one.
    scaling : Scaling
        How the inputs are standardised.
    """

    inputs: tuple[Input, ...]
    fills: Array
    scaling: Scaling

    @classmethod
    def of(cls, dataset: Dataset, rows: Integers, *, gaps: bool | None = None) -> "Encoder":
        """Learn how to encode columns.

        Parameters
        ----------
        dataset : Dataset
        rows : int array
            The rows to learn from, counted from 0, such as the training rows of a split. No other
            row has an effect.
        gaps : bool, optional
            Whether rows to encode may miss a value; by default, whether rows of the data set do.
            The medians of large tables take long.

        Raises
        ------
        DataError
            If the rows learned from are all of one category in each column.
        """
        x = dataset.x[rows]
        missing = np.isnan(x)
        gaps = bool(np.isnan(dataset.x).any()) if gaps is None else gaps
        fills = np.full(x.shape[1], np.nan)
        for place, name in enumerate(dataset.features if gaps else ()):
            known = x[~missing[:, place], place]
            fills[place] = _commonest(known) if name in dataset.categories else _median(known)
        filled = _filled(x, missing, fills)
        inputs = _inputs(dataset, filled, missing)
        if not inputs:
            raise DataError(
                f"the features {listed(dataset.features)} have one category each in the training "
                "rows of a split; use a feature that varies there"
            )
        return cls(inputs, fills, Scaling.of(_unscaled(inputs, filled, missing)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the d inputs: ``length``, ``island=Dream``, ``length missing``."""
        return tuple(each.name for each in self.inputs)

    def apply(self, x: Array) -> Array:
        """Encode rows, of a shape as `Dataset.x` has it; return finite numbers, shape (n, d).

        A row is encoded to the same bits, whatever the other rows are.
        """
        missing = np.isnan(x)
        filled = _filled(x, missing, self.fills)
        return self.scaling.apply(_unscaled(self.inputs, filled, missing))

    def as_json(self) -> dict[str, object]:
        """Return the inputs and their scaling as values for JSON; columns have the fills."""
        return {
            "inputs": [asdict(each) for each in self.inputs],
            "scaling": {key: values.tolist() for key, values in vars(self.scaling).items()},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Json], columns: Sequence[FeatureColumn]) -> "Encoder":
        """Create an encoder from values that were read from JSON.

        Raises
        ------
        ValueError, LookupError, TypeError, OverflowError
            If they are not from `as_json`.
        """
        inputs = tuple(Input.of(each, columns) for each in values["inputs"])
        kinds = {"exponent": np.int64, "mean": np.float64, "scale": np.float64, "shift": np.int64}
        scaling = Scaling(
            **{
                key: _vector(values["scaling"][key], len(inputs), kind)
                for key, kind in kinds.items()
            }
        )
        return cls(inputs, np.array([column.fill for column in columns]), scaling)


def _median(values: Array) -> float:
    """Return the median of finite numbers, 0 if there is none; halved, no sum overflows."""
    return float(2 * np.median(values / 2)) if len(values) else 0.0


def _commonest(places: Array) -> float:
    """Return the place of the most frequent category, the first of several; 0 if there is none."""
    return float(np.bincount(places.astype(np.int64)).argmax()) if len(places) else 0.0


def _inputs(dataset: Dataset, filled: Array, missing: Booleans) -> tuple[Input, ...]:
    """Return the inputs that some rows give, which are filled where they missed a value."""
    categories = {p: dataset.categories.get(name) for p, name in enumerate(dataset.features)}
    counts = missing.sum(axis=0)
    enough = np.flatnonzero((counts >= LEAST) & (counts <= len(missing) - LEAST)).tolist()
    distinct = {missing[:, place].tobytes(): place for place in enough[::-1]}
    return (
        *(
            Input(name=name, column=place, kind="number")
            for place, name in enumerate(dataset.features)
            if categories[place] is None
        ),
        *(
            Input(
                name=f"{dataset.features[place]}={texts[code]}",
                column=place,
                kind="category",
                category=code,
            )
            for place, texts in categories.items()
            if texts is not None
            for code in np.unique(filled[:, place]).astype(np.int64).tolist()[1:]
        ),
        *(
            Input(name=f"{dataset.features[place]} missing", column=place, kind="missing")
            for place in sorted(distinct.values())
        ),
    )


def _filled(x: Array, missing: Booleans, fills: Array) -> Array:
    """Return rows with a value in the place of each missing one; no copy if none is missing."""
    return np.where(missing, fills, x) if missing.any() else x


def _unscaled(inputs: Sequence[Input], filled: Array, missing: Booleans) -> Array:
    """Return the inputs of rows before they are standardised, shape (n, d)."""
    if len(inputs) == filled.shape[1] and all(each.kind == "number" for each in inputs):
        return filled
    encoded = np.empty((len(filled), len(inputs)))
    for place, own in enumerate(inputs):
        if own.kind == "number":
            encoded[:, place] = filled[:, own.column]
        elif own.kind == "category":
            encoded[:, place] = filled[:, own.column] == own.category
        else:
            encoded[:, place] = missing[:, own.column]
    return encoded


def most_inputs(dataset: Dataset) -> int:
    """Return the largest number of inputs that any split can have."""
    of_categories = sum(len(texts) - 1 for texts in dataset.categories.values())
    numbers = len(dataset.features) - len(dataset.categories)
    return numbers + of_categories + int((np.isnan(dataset.x).sum(axis=0) >= LEAST).sum())


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.50} is not a text")
    return value


def _finite(value: object) -> float:
    return float(_vector([value], 1)[0])


def _vector(values: object, size: int, kind: type = np.float64) -> Any:
    """Return numbers that were read from JSON as an array of this size and type."""
    array = np.array(values)
    if array.shape != (size,) or array.dtype.kind not in "if" or not np.isfinite(array).all():
        raise ValueError(f"{values!r:.50} are not {size} finite numbers")
    if kind is np.int64 and array.dtype.kind != "i" and size:
        raise ValueError(f"{values!r:.50} are not whole numbers")
    return array.astype(kind)
