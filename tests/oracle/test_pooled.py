"""The numbers over several data sets are computed again, by the formulas alone."""

import numpy as np
import pytest
from made_comparisons import across, compared, data_set
from oracle import pooled

STUDIES = {
    "three": ([0.02, 0.05, -0.01], [0.01, 0.02, 0.03]),
    "apart": ([0.2, -0.15, 0.3, 0.02, 0.1], [0.01, 0.02, 0.03, 0.02, 0.01]),
    "beyond 1": ([0.4, -0.3, 0.1], [0.01, 0.02, 0.03]),
    "together": (np.full(12, 0.01), np.linspace(0.01, 0.03, 12)),
}


@pytest.mark.parametrize("name", STUDIES)
def test_each_number_over_data_sets_is_that_of_the_formulas(name):
    d, s = STUDIES[name]
    sets = {
        f"set {n}": data_set(compared("scratch", one, 0.1, standard_error=error))
        for n, (one, error) in enumerate(zip(d, s, strict=True))
    }
    row = across(sets).models.iloc[0]
    for column, value in pooled(d, s, 0.01).items():
        assert row[column] == pytest.approx(value, rel=1e-5, abs=1e-6), column
