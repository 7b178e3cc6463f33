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
        yield module


def measured(benchmark, cell):
    """Return the table of the benchmark, for two models."""
    own = benchmark.CELLS[cell]
    every = (benchmark.measure(own, number, ("logistic", "knn")) for number in range(SETS))
    rows = [{"cell": cell, **row} for of_set in every for row in of_set]
    table = benchmark.summarise(pd.DataFrame(rows))
    return table[table["metric"] == "accuracy"].set_index("kind")


FEWEST = stats.binom.ppf(LIKELY, SETS, 0.93) / SETS


@pytest.mark.parametrize("cell", ["b80-20", "g0.8"])
def test_intervals_cover_the_truth_if_classes_are_unequal_or_rows_are_grouped(benchmark, cell):
    table = measured(benchmark, cell)
    assert (table["covered"] >= FEWEST).all()
    assert (table["called"].dropna() <= stats.binom.isf(LIKELY, SETS, 0.05) / SETS).all()
    # An interval that always holds the truth would be easy to make, and useless.
    assert (table["width"] < 1.6).all()
