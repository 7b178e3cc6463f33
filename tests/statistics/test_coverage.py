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


def measured(benchmark, monkeypatch, cell):
    """Return the table of the benchmark, for two models and one design."""
    monkeypatch.setattr(benchmark, "LEARNERS", ("logistic", "knn"))
    monkeypatch.setattr(benchmark, "DESIGNS", (3,))
    monkeypatch.setattr(benchmark, "MOST", 3)
    monkeypatch.setattr(benchmark, "bates", lambda *_: (0.0, 1.0))
    every = (benchmark.measure(benchmark.CELLS[cell], number) for number in range(SETS))
    rows = [{"cell": cell, **row} for of_set in every for row in of_set]
    table = benchmark.summarise(pd.DataFrame(rows))
    return table[table["metric"] == "accuracy"].set_index(["method", "learner"])


FEWEST = stats.binom.ppf(LIKELY, SETS, 0.93) / SETS


@pytest.mark.parametrize("cell", ["b80-20", "g0.8"])
def test_intervals_cover_the_truth_if_classes_are_unequal_or_rows_are_grouped(
    benchmark, monkeypatch, cell
):
    table = measured(benchmark, monkeypatch, cell)
    own = table.loc["this report"]
    assert (own["covered"] >= FEWEST).all()
    assert (own["difference_covered"] >= FEWEST).all()
    assert (own["called"] <= stats.binom.isf(LIKELY, SETS, 0.05) / SETS).all()
    if cell == "b80-20":  # the spread between stratified splits misses a part of the variance
        assert table.loc["corrected t", "knn"]["covered"] < FEWEST
