"""The rows that every model gets wrong: one that always says the same class does not count."""

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.statistics.grouping import Judgement
from backprop.statistics.hard_rows import (
    always_wrong,
    count_wrong,
    often_wrong,
    parts_of_rows,
    shares_wrong,
)
from backprop.statistics.tables import COMPARISON
from backprop.study.configurations import Configuration
from backprop.study.metrics import METRICS

Y = np.array([0, 0, 0, 0, 1, 1])
# Two repeats of two folds, row by row: P(y = 1) of two models, and of one that always says 0.
KNOWING = [[0.1, 0.2, 0.9, 0.1, 0.8, 0.3], [0.1, 0.7, 0.8, 0.1, 0.9, 0.2]]
OTHER = [[0.1, 0.2, 0.6, 0.7, 0.8, 0.1], [0.2, 0.2, 0.7, 0.1, 0.9, 0.4]]
ALWAYS = [[0.3] * 6] * 2
FOLDS = [np.array([0, 2, 4]), np.array([1, 3, 5])]


def counted(**models):
    """Count the wrong predictions of models by their probabilities, and by hand."""
    fits = pd.DataFrame(
        [
            {"model": model, "configuration": "default", "repeat": repeat, "fold": fold,
             "rows": rows + 1, "probabilities": np.array(p)[rows],
             **dict.fromkeys(METRICS, 0.5)}
            for model, repeats in models.items()
            for repeat, p in enumerate(repeats, 1)
            for fold, rows in enumerate(FOLDS, 1)
        ]
    )  # fmt: skip
    candidates = {model: [Configuration()] for model in models}
    return count_wrong(Judgement(fits, fits, Y, candidates, metric="accuracy", rope=0.01))


def test_no_row_is_wrong_for_every_model_if_all_always_say_the_same():
    table = counted(logistic=ALWAYS, always=ALWAYS)
    assert set(table["predictions"]) == {0}
    assert set(table["one_class"]) == {"logistic always"}


def compared(scores):
    """Return the comparison of models with these scores."""
    table = pd.DataFrame({"model": [*scores], "accuracy": [*scores.values()]})
    return COMPARISON.rows(table, "accuracy")


def test_what_all_models_always_get_wrong_is_counted_among_models_with_a_score():
    table = counted(logistic=KNOWING, softmax=OTHER, always=ALWAYS)
    table["wrong"] = [0, 4, 4, 1, 0, 4]
    scores = {"logistic": 0.8, "softmax": np.nan, "always": 0.5}
    assert always_wrong(table, compared(scores)) == (3, ["logistic"], ["always"], False)
    nothing = counted(logistic=ALWAYS, always=ALWAYS)
    assert always_wrong(nothing, compared({"logistic": 0.5, "always": 0.5})).rows == 0


def test_a_row_is_hard_if_any_model_gets_it_wrong_in_half_of_the_repeats():
    p = np.array([[[1, 0], [1, 0], [np.nan] * 2], [[1, 0], [0, 1], [1, 0]]])
    shares = shares_wrong(p, np.array([1, 1, 0]))
    np.testing.assert_array_equal(shares, [1.0, 0.5, 0.0])
    other = np.array([0.0, 0.9, 0.49])
    np.testing.assert_array_equal(often_wrong(np.array([shares, other])), [1, 0])
    np.testing.assert_array_equal(often_wrong(np.array([other])), [1])
    assert np.isnan(shares_wrong(p[:1], np.array([1, 1, 0]))[2])


def test_rows_are_in_parts_by_their_class_and_by_the_features_that_tell_most():
    n = 60
    places = np.arange(n)
    site = np.repeat([0, 1, 2, 3, 4, np.nan], [20, 15, 10, 5, 5, 5])
    x = np.column_stack([places % 7, places, site, np.where(places % 7 == 3, np.nan, places % 2)])
    dataset = Dataset(
        features=("week", "age", "site", "sex"), label="y", x=x, y=places % 2,
        categories={"site": ("a", "b", "c", "d", "e")},
    )  # fmt: skip
    shares = np.where(places >= 40, 1.0, 0.0)
    shares[[0, 59]] = np.nan  # which are never tested
    parts = parts_of_rows(dataset, shares)
    assert [(part.feature, part.low, part.high, len(part.rows)) for part in parts[:5]] == [
        (None, 0, 0, 30), (None, 1, 1, 30),
        (1, -np.inf, 19, 20), (1, 19, 39, 20), (1, 39, np.inf, 20),
    ]  # fmt: skip
    of_site = [part for part in parts if part.feature == 2]
    assert [(part.low, len(part.rows)) for part in of_site] == [
        (0, 20), (1, 15), (2, 10), (3, 5), (-1, 5),
    ]  # fmt: skip
    assert [part.is_last for part in parts[2:5]] == [False, False, True]
    assert len({part.feature for part in parts}) == 4  # a class, and three features
