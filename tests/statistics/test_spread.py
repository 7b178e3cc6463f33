import pandas as pd
import pytest

from backprop.report.figures.spread import deviations


def test_deviations_within_and_between_repeats_are_in_the_unit_of_the_scale():
    # The folds of both repeats differ by 0.2, and their means, 0.7 and 0.8, by 0.1.
    scores = pd.DataFrame({"repeat": [1, 1, 2, 2], "accuracy": [0.6, 0.8, 0.7, 0.9]})
    within, between = deviations(scores, "accuracy", 100)
    assert within == pytest.approx(20 / 2**0.5)
    assert between == pytest.approx(10 / 2**0.5)
