"""Which two features figures draw rows by."""

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.feature_selection import f_classif

from backprop.data.dataset import Dataset
from backprop.statistics.axes_of_rows import clearest_features

WINE = load_wine()
NAMES = tuple(map(str, WINE.feature_names))


def wine(columns, **changes):
    names = tuple(NAMES[column] for column in columns)
    return Dataset(names, "kind", WINE.data[:, columns], WINE.target, ("a", "b", "c"), **changes)


@pytest.mark.parametrize("columns", [list(range(13)), list(range(12, -1, -1)), [0, 1, 2, 3]])
def test_they_have_the_largest_f_of_scikit_learn(columns):
    statistics, _ = f_classif(WINE.data[:, columns], WINE.target)
    assert clearest_features(wine(columns)) == tuple(np.argsort(-statistics)[:2])


def test_one_or_two_features_stay_in_their_order():
    assert clearest_features(wine([1, 6])) == (0, 1)
    assert clearest_features(wine([6])) == (0,)


def test_a_category_counts_by_its_best_input():
    # Its second category is in all rows of class 1 and in no other: no number separates so well.
    kind = np.where(WINE.target == 1, 1, np.arange(len(WINE.target)) % 2 * 2)
    dataset = Dataset(
        ("noise", "alcohol", "kind"), "class",
        np.column_stack([np.arange(len(kind)) % 7, WINE.data[:, 0], kind]), WINE.target,
        ("a", "b", "c"), {"kind": ("x", "y", "z")},
    )  # fmt: skip
    assert set(clearest_features(dataset)) == {1, 2}
