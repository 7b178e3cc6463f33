"""Encode the columns of a data set as the inputs of a model, by the training rows of a split."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprop.data.dataset import DataError, Dataset, listed
from backprop.data.scaling import Scaling
from backprop.typing import Array, Integers

LEAST = 10
"""Rows in which a value is missing, and in which it is there, for an input that says so.

It is the rule of thumb of ten events for each coefficient of a regression (Peduzzi et al., 1996, *A
simulation study of the number of events per variable in logistic regression analysis*). An input
that is 1 in fewer rows is easily 1 in rows of one class only, and then its coefficient has no
finite value. With two classes, equally common, this happens by chance to 10 rows in 2 of 1,000
tables, to 5 rows in 6 of 100, and to one row always.
"""


@dataclass(frozen=True, eq=False)
class Encoder:
    """How columns become inputs, as learned from some rows of a data set.

    A number is an input. A column of categories is an input for each category but the first, which
    is 1 in the rows of that category: with one for each, a regression without penalty would have
    no single solution. A category that is in no row learned from counts as the first one. A missing
    value becomes the median, or the most frequent category. If it is missing in `LEAST` of the
    rows learned from, and there in as many, a column also has an input that is 1 where it is
    missing. All inputs are then standardised.

    Attributes
    ----------
    names : tuple of str
        The names of the d inputs.
    scaling : Scaling
        How the inputs are standardised.
    transformer : ColumnTransformer or None
        What makes numbers of the columns; None if they are numbers without missing values.
    medians : array, shape (columns,)
        What replaces a missing value if `transformer` is None; empty if no row has one.
    """

    names: tuple[str, ...]
    scaling: Scaling
    transformer: Any
    medians: Array

    @classmethod
    def of(cls, dataset: Dataset, rows: Integers) -> "Encoder":
        """Learn how to encode columns.

        Parameters
        ----------
        dataset : Dataset
        rows : int array
            The rows to learn from, counted from 0, such as the training rows of a split. No other
            row has an effect.

        Raises
        ------
        DataError
            If the rows learned from are all of one category in each column.
        """
        x = dataset.x[rows]
        if not dataset.categories and not np.isnan(x).any():
            # If no row misses a value, there is none to replace: to sort the columns takes long.
            columns = x.T if np.isnan(dataset.x).any() else np.empty((0, 0))
            return cls(dataset.features, Scaling.of(x), None, np.array([*map(_median, columns)]))
        transformer = _transformer(dataset, x).fit(x)
        names = _names(dataset, transformer)
        if not names:
            raise DataError(
                f"the features {listed(dataset.features)} have one category each in the training "
                "rows of a split; use a feature that varies there"
            )
        return cls(names, Scaling.of(transformer.transform(x)), transformer, np.empty(0))

    def apply(self, x: Array) -> Array:
        """Encode rows, of a shape as `Dataset.x` has it; return finite numbers, shape (n, d).

        A row is encoded to the same bits, whatever the other rows are.
        """
        if self.transformer is not None:
            with warnings.catch_warnings():
                # A category that only these rows have counts as the first one, see above.
                warnings.filterwarnings("ignore", "Found unknown categories")
                x = self.transformer.transform(x)
        elif np.isnan(x).any():
            x = np.where(np.isnan(x), self.medians, x)
        return self.scaling.apply(x)


def _median(values: Array) -> float:
    """Return the median of finite numbers, 0 if there is none; halved, no sum overflows."""
    return float(2 * np.median(values / 2)) if len(values) else 0.0


def _transformer(dataset: Dataset, x: Array) -> Any:
    """Return what encodes the columns of a data set, before it has learned from the rows x."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import MissingIndicator, SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    places = range(len(dataset.features))
    categories = [p for p in places if dataset.features[p] in dataset.categories]
    numbers = [place for place in places if place not in categories]
    # Columns that miss values in the same rows share an input: two would be equal.
    missing = np.isnan(x)
    counts = missing.sum(axis=0)
    enough = np.flatnonzero((counts >= LEAST) & (counts <= len(x) - LEAST)).tolist()
    with_missing = sorted({missing[:, place].tobytes(): place for place in enough[::-1]}.values())
    one_hot = make_pipeline(
        SimpleImputer(strategy="most_frequent", keep_empty_features=True),
        OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False),
    )
    return ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy=_median, keep_empty_features=True), numbers),
            ("categories", one_hot, categories),
            ("missing", MissingIndicator(error_on_new=False), with_missing),
        ],
        sparse_threshold=0,
    )


def _names(dataset: Dataset, transformer: Any) -> tuple[str, ...]:
    """Return the names of the inputs: ``length``, ``island=Dream``, ``length missing``."""
    features = dataset.features
    parts = {name: (part, columns) for name, part, columns in transformer.transformers_}
    _, numbers = parts["numbers"]
    one_hot, columns = parts["categories"]
    _, with_missing = parts["missing"]
    names = [features[place] for place in numbers]
    codes: Sequence[Array] = one_hot[-1].categories_ if columns else []
    for place, of_column in zip(columns, codes, strict=True):
        texts = dataset.categories[features[place]]
        names += [f"{features[place]}={texts[int(code)]}" for code in of_column[1:]]
    names += [f"{features[place]} missing" for place in with_missing]
    return tuple(names)


def most_inputs(dataset: Dataset) -> int:
    """Return the largest number of inputs that any split can have."""
    of_categories = sum(len(texts) - 1 for texts in dataset.categories.values())
    numbers = len(dataset.features) - len(dataset.categories)
    return numbers + of_categories + int((np.isnan(dataset.x).sum(axis=0) >= LEAST).sum())
