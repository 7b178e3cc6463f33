"""A small part of the coverage benchmark: the cells in which intervals were too narrow."""

import pandas as pd
import pytest
from benchmark_modules import imported
from scipy import stats

SETS = 40
LIKELY = 0.001  # that a test fails although the coverage is right


@pytest.fixture(scope="module")
def benchmark():
    with imported("coverage") as module:
        module.FRESH, module.REPEATS = 500, 2
        yield module


CELLS = {
    "unequal": {"shares": (0.8, 0.2), "rows": 80},
    "grouped": {
        "shares": (0.5, 0.5), "rows": 24, "distance": 0.8, "dependence": 0.8, "sizes": "10 rows"
    },
}  # fmt: skip


FEWEST = stats.binom.ppf(LIKELY, SETS, 0.93) / SETS


@pytest.mark.parametrize("name", CELLS)
def test_intervals_cover_the_truth_if_classes_are_unequal_or_rows_are_grouped(benchmark, name):
    cell = benchmark.Cell(**CELLS[name])
    models = "logistic", "knn"
    every = (benchmark.measure(cell, number, models, ["accuracy"]) for number in range(SETS))
    rows = pd.DataFrame([row for of_set in every for row in of_set])
    table = benchmark.summarise(rows[rows["method"] == "report"].assign(cell=name))
    own = table.set_index("kind")
    assert (own["covered"] >= FEWEST).all()
    assert (own["called"].dropna() <= stats.binom.isf(LIKELY, SETS, 0.05) / SETS).all()
    # An interval that always holds the truth would be easy to make, and useless.
    assert (own.loc["score", "width"] < 1.6).all()
