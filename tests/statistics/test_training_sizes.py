"""Curves by the number of training rows, from made fits whose right rows are known."""

import itertools

import numpy as np
import pandas as pd
import pytest
from made_advice import BETTER
from made_fits import FOLDS, REFERENCE, REPEATS, ROWS, judged, study_with

from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.tests import minimum_detectable_difference
from backprop.statistics.comparison import compare_judged
from backprop.statistics.recommendation import Contender, Open, Recommendation, rows_to_settle
from backprop.statistics.tables import COMPARISON, ROWS_NEEDED, TRAINING_SIZES
from backprop.statistics.training_sizes import (
    Size,
    compare_by_size,
    count_rows_needed,
    rough_rows_needed,
    sizes_of_interest,
)
from backprop.study.configurations import Configuration

GENERATOR = np.random.default_rng(3)
CANDIDATES = {
    "logistic": [Configuration()], "softmax": [Configuration()], "scratch": [REFERENCE],
    "tensorflow": [REFERENCE],
}  # fmt: skip


def right(share):
    return GENERATOR.random((REPEATS, ROWS)) < share


def size_of(share, models, rope=0.01):
    """Return models that have these rows right, on a share of the training rows."""
    study = study_with({model: {CANDIDATES[model][0]: own} for model, own in models.items()})
    models = judged(study, CANDIDATES, rope=rope, share=share).headlines
    return Size(share, share * ROWS * (1 - 1 / FOLDS), models)


BASE, MORE = right(0.8), right(0.82)
HALF, WHOLE = {"logistic": right(0.75), "scratch": right(0.6)}, {"logistic": BASE, "scratch": MORE}
SIZES = [size_of(0.5, HALF), size_of(1.0, WHOLE)]


def test_the_rows_of_a_study_are_needed_for_what_it_just_detects():
    pair = SIZES[-1].models["scratch"], SIZES[-1].models["logistic"]
    difference = compare_judged(*pair)
    size = minimum_detectable_difference(
        difference.standard_error, difference.degrees_of_freedom, significance=SIGNIFICANCE
    )
    sizes = [size_of(0.5, HALF, size), size_of(1.0, WHOLE, size)]
    table = count_rows_needed(sizes, seed=1)
    rows = ROWS_NEEDED.rows(table, "accuracy")
    assert [row.size for row in rows] == sorted([round(size, 12), 0.02, 0.05])
    (own,) = (row for row in rows if row.size == round(size, 12))
    assert own.rows.value == pytest.approx(ROWS, rel=1e-3)
    assert own.power == pytest.approx(0.8, rel=1e-6)
    assert own.rows_here == ROWS
    for smaller, larger in itertools.pairwise(rows):
        assert smaller.rows.lower > larger.rows.lower
        assert smaller.power < larger.power
    again = count_rows_needed(sizes, seed=1)
    pd.testing.assert_frame_equal(table, again)


def test_implementations_of_one_network_and_models_without_a_score_need_no_rows():
    whole = size_of(1.0, {"logistic": BASE, "scratch": MORE, "tensorflow": MORE})
    table = count_rows_needed([whole], seed=1)
    assert {*table["model"]} == {"scratch"}
    for models in ({"logistic": BASE, "scratch": None}, {"logistic": None, "scratch": MORE}):
        without = [size_of(share, models) for share in (0.5, 1.0)]
        assert count_rows_needed(without, seed=1).empty
        rows = TRAINING_SIZES.rows(compare_by_size(without, "accuracy"), "accuracy")
        assert not any(row.difference for row in rows)
        assert {row.unscored for row in rows if row.score is None} == {FOLDS * REPEATS}


def test_a_model_that_diverged_on_a_part_is_judged_by_the_others():
    part = size_of(0.25, {"logistic": BASE, "scratch": None})
    with_part = count_rows_needed([part, *SIZES], seed=1)
    without = count_rows_needed(SIZES, seed=1)
    pd.testing.assert_frame_equal(with_part, without)


def test_differences_of_interest_are_the_rope_and_two_and_five_points():
    assert sizes_of_interest("accuracy", 0.01) == [0.01, 0.02, 0.05]
    assert sizes_of_interest("accuracy", 0.02) == [0.02, 0.05]
    assert sizes_of_interest("accuracy", 0.0) == [0.02, 0.05]
    assert sizes_of_interest("brier_score", 0.005) == [0.005, 0.01, 0.025]


def test_what_is_open_is_settled_by_the_largest_difference_that_may_be_missed():
    table = pd.DataFrame(
        {
            "model": ["scratch"] * 3 + ["knn"],
            "size": [0.01, 0.02, 0.05, 0.05],
            "rows": [9000.0, 2000, 300, 800],
            "rows_lower": [7000.0, 1500, 200, 600],
            "rows_upper": [12000.0, 2500, 380, 1100],
            "power": [0.1, 0.3, 0.85, 0.5],
            "rows_here": 402,
        }
    )
    rows = ROWS_NEEDED.rows(table, "accuracy")
    baseline = Contender(model="logistic", outcome=None, trouble={}, solution="found")

    def decision_on(model, size):
        return Recommendation(
            kind="baseline", model="logistic", baseline=baseline, others=[],
            left_open=Open(model, size) if model else None,
        )  # fmt: skip

    def settled(model, size):
        row = rows_to_settle(decision_on(model, size), rows)
        return row and (row.model, row.size)

    assert settled("scratch", 0.06) == ("scratch", 0.02)  # 402 rows are enough for 5 points
    assert settled("knn", 0.06) == ("knn", 0.05)
    assert settled("scratch", 0.015) == settled("tensorflow", 0.015) == ("scratch", 0.01)
    assert settled("knn", 0.03) is None
    assert settled("other", 0.06) is None
    assert settled(None, 0.0) is None
    # Without a curve: a third of what is detectable with 80 rows takes nine times as many.
    table = pd.DataFrame([{**BETTER, "rows": 80, "detectable": 0.06}])
    rough = rough_rows_needed(COMPARISON.rows(table, "accuracy"), "accuracy", 0.01)
    assert [(row.size, round(row.rows.value, 6)) for row in rough] == [
        (0.01, 2880.0), (0.02, 720.0), (0.05, 115.2),
    ]  # fmt: skip
    assert rows_to_settle(decision_on("scratch", 0.042), rough) == rough[1]
