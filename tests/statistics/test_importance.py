"""What features are worth, from made fits whose right rows are known."""

import numpy as np
import pytest
from made_fits import REPEATS, ROWS, judged, study_with

from backprop.models.without_features import leaving_out
from backprop.statistics.importance import compare_without, worthiest
from backprop.statistics.tables import IMPORTANCE
from backprop.study.configurations import Configuration

GENERATOR = np.random.default_rng(5)
GROUPS = {"useful": ["a"], "useless": ["b"]}
REFERENCE = Configuration()
WITHOUT = leaving_out(REFERENCE, GROUPS)
WHOLE = GENERATOR.random((REPEATS, ROWS)) < 0.9
WORSE = WHOLE & (GENERATOR.random((REPEATS, ROWS)) < 0.7)
RIGHT = {REFERENCE: WHOLE, WITHOUT["useful"]: WORSE, WITHOUT["useless"]: WHOLE}
CANDIDATES = {"logistic": [*RIGHT]}


@pytest.fixture(scope="module")
def judgement():
    return judged(study_with({"logistic": RIGHT}), CANDIDATES)


def test_the_worth_of_a_feature_is_the_share_of_rows_that_are_wrong_without_it(judgement):
    rows = IMPORTANCE.rows(compare_without(judgement, GROUPS, 2, 2), "accuracy")
    assert [row.features for row in rows] == ["useful", "useless"]
    useful, useless = rows
    assert useful.difference.value == pytest.approx(WHOLE.mean() - WORSE.mean(), abs=1e-3)
    assert useful.score.value == pytest.approx(WORSE.mean(), abs=1e-3)
    assert (useful.outcome, useless.outcome) == ("better", "practically equal")
    assert useless.difference.value == 0
    assert worthiest(rows[::-1], "accuracy") == ["useful", "useless"]


def test_where_nothing_is_left_out_the_one_row_says_how_long_it_would_take(judgement):
    (row,) = IMPORTANCE.rows(compare_without(judgement, {}, 30, 4), "accuracy")
    assert (row.features, row.difference, row.groups, row.groups_of_study) == (None, None, 30, 4)
