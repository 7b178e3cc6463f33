"""Models against the baseline over several data sets."""

import numpy as np
import pandas as pd
import pytest
from made_comparisons import across, compared, data_set

from backprop.inference.tests import holm

DIFFERENCES = [0.05, 0.03, 0.08, -0.002, 0.06, 0.04, 0.005]
P_VALUES = [0.001, 0.02, 0.004, 0.9, 0.01, 0.5, 0.03]


def studies(differences=DIFFERENCES, p_values=P_VALUES, model="scratch", **more):
    return {
        f"set {n}": data_set(compared(model, d, p), rows_of_data=100 + n, **more)
        for n, (d, p) in enumerate(zip(differences, p_values, strict=True))
    }


def test_wins_ties_and_losses_are_counted_by_the_rope():
    row = across(studies()).models.iloc[0]
    assert (row["wins"], row["ties"], row["losses"]) == (5, 2, 0)
    assert row["datasets"] == len(DIFFERENCES)


def test_p_values_on_data_sets_are_adjusted_for_their_number():
    tables = across(studies())
    assert tables.data_sets["p_adjusted"].to_list() == holm(P_VALUES).tolist()
    # 0.001, 0.004, and 0.01 by Holm are 0.007, 0.024, 0.05.
    assert tables.models["shown_better"].to_list() == [2]
    assert tables.models["shown_worse"].to_list() == [0]


def test_a_clear_gain_is_better_and_none_is_not():
    assert across(studies()).models["outcome"].to_list() == ["better"]
    nothing = studies([0.03, -0.03, 0.02, -0.02], [0.1] * 4)
    assert across(nothing).models["outcome"].to_list() == ["undecided"]


def test_of_an_error_a_low_difference_is_better():
    low = studies([-d for d in DIFFERENCES], metric="log_loss")
    row = across(low, "log_loss").models.iloc[0]
    assert row["outcome"] == "better"
    assert row["wins"] == 5
    assert row["better"] > row["worse"]


@pytest.mark.parametrize(
    ("metric", "reach"), [("accuracy", 1.0), ("brier_score", 2.0), ("log_loss", np.inf)]
)
def test_no_end_is_beyond_the_largest_difference_that_can_be(metric, reach):
    far = studies([0.9, -0.8, 0.1], [0.5] * 3, metric=metric)
    row = across(far, metric).models.iloc[0]
    assert row["next_upper"] == reach or (reach == np.inf and row["next_upper"] > 2)
    assert -reach <= row["next_lower"] <= row["difference_lower"] < row["difference_upper"]


def test_another_model_changes_no_number_of_a_model():
    alone = across(studies())
    both = {
        name: data_set(
            compared("bayes", -d, 0.001), compared("scratch", d, p), rows_of_data=100 + n
        )
        for n, (name, d, p) in enumerate(
            zip([f"set {n}" for n in range(7)], DIFFERENCES, P_VALUES, strict=True)
        )
    }
    other = across(both)
    for one, table in zip(alone, other, strict=True):
        own = table[table["model"] == "scratch"].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, one, check_dtype=False)


def test_a_model_that_is_another_on_a_data_set_is_not_compared_there():
    data_sets = studies()
    same = compared("scratch", 0.0, basis="identical", same_as="logistic")
    data_sets["same"] = data_set({**same, "standard_error": 0.0})
    tables = across(data_sets)
    assert tables.models["datasets"].to_list() == [len(DIFFERENCES)]
    row = tables.data_sets.set_index("dataset").loc["same"]
    assert np.isnan(row["difference"])


def test_two_data_sets_say_nothing():
    tables = across(studies([0.05, 0.06], [0.01, 0.02]))
    assert all(table.empty for table in tables)


def test_ten_data_sets_say_what_goes_with_the_difference():
    data_sets = studies(np.linspace(0, 0.09, 10), [0.5] * 10)
    traits = across(data_sets).traits.set_index("trait")
    assert traits.loc["rows", "correlation"] == pytest.approx(1)
    assert "classes" not in traits.index  # all have two
    assert across(studies()).traits.empty
