"""What counts as the same, in doubt, chaotic and unlearned: each rule at its border."""

import math

import numpy as np
import pandas as pd
import pytest

from backprop.statistics import criteria
from backprop.statistics.criteria import best_of
from backprop.statistics.equal_models import agreement
from backprop.statistics.tables import COMPARISON, CONFIGURATIONS

CALM = {"unlearned": 0, "diverged": 0, "failed": 0}


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        (CALM, False),
        ({**CALM, "chaotic": False}, False),
        ({**CALM, "failed": 3}, False),  # there is no mean to be in doubt
        ({**CALM, "unlearned": 1}, True),
        ({**CALM, "diverged": 1}, True),
        ({**CALM, "chaotic": True}, True),
        ({**CALM, "chaotic": math.nan}, False),
    ],
)
def test_a_mean_is_in_doubt_if_fits_are_unlearned_diverged_or_chaotic(row, doubt):
    for declared in (COMPARISON, CONFIGURATIONS):
        (typed,) = declared.rows(pd.DataFrame([row]), "accuracy")
        assert criteria.in_doubt(typed) is doubt


def test_fits_are_counted_by_their_trouble():
    status = pd.Series(["epochs", "diverged", "unlearned", "unlearned", "separated"])
    assert criteria.count_troubled(status) == {"unlearned": 2, "diverged": 1}
    assert criteria.is_unlearned(status).tolist() == [False, False, True, True, False]
    assert criteria.is_unscored(status).tolist() == [False, True, False, False, False]
    assert criteria.is_unscored(pd.Series(["failed"], dtype="category")).tolist() == [True]


@pytest.mark.parametrize(
    ("within", "expected"),
    [(0.0, "identical"), (1e-15, "equal"), (1e-6, "equal"), (1.1e-6, "different"),
     (math.nan, "unknown")],
)  # fmt: skip
def test_models_agree_if_no_probability_differs_by_more_than_a_millionth(within, expected):
    assert agreement(within) == expected


def test_metrics_are_the_same_if_they_differ_by_rounding():
    ones = np.array([0.5, np.nan])
    assert criteria.same_metric(ones, ones + 1e-10)
    assert not criteria.same_metric(ones, ones + 1e-8)


@pytest.mark.parametrize(("metric", "best"), [("accuracy", "b"), ("log_loss", "a")])
def test_the_best_configuration_is_the_first_of_the_best_means(metric, best):
    table = pd.DataFrame({metric: [0.1, 0.3, np.nan, 0.3], "configuration": list("abcd")})
    rows = {row.configuration: row for row in CONFIGURATIONS.rows(table, metric)}
    assert best_of(rows, metric) == best
