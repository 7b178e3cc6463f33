"""Measure how often intervals hold the truth if rows follow each other in time.

    python benchmarks/in_time.py [--sets 100] [--write]

Inputs and noise are autoregressions of the first order, so neighbouring rows are alike in inputs
and in errors. Fits are trained on earlier rows, as with `order`. The truth is what they score on
all rows of the population. ``--write`` puts the table into docs/error-rates.md.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy

import numpy as np
import pandas as pd
from coverage import FEATURES, FOLDS, FRESH, NAMES, fit, put
from new_data import intervals, judge, widths, write_cells
from scipy.signal import lfilter

from backprop.data.groups import BLOCKS, blocks_of
from backprop.study.cross_validation import draw_folds
from backprop.study.metrics import METRICS
from backprop.study.splits import splits_of
from backprop.typing import Array, Integers

LEARNERS = ("logistic", "bayes", "knn")
CELLS = ((200, 0.0), (200, 0.5), (200, 0.8), (400, 0.9))
"""Rows, and the correlation of neighbours."""

BEFORE = 200  # rows that are left out, until the first one no longer matters
IN_BLOCKS, AS_ROWS = "the report", "rows taken as independent"


def draw_series(rows: int, correlation: float, generator: np.random.Generator) -> Array:
    """Draw autoregressions with the variance 1: the inputs, then the noise of the class."""
    shocks = generator.standard_normal((BEFORE + rows, FEATURES + 1))
    shocks *= np.sqrt(1 - correlation**2)
    return np.asarray(lfilter([1.0], [1.0, -correlation], shocks, axis=0)[BEFORE:])


def classes_of(series: Array) -> Integers:
    """Return the classes, whose boundary is curved in the last input."""
    x, noise = series[:, :FEATURES], series[:, FEATURES]
    return (1.5 * x[:, 0] - x[:, 1] + np.abs(x[:, 2]) - 0.8 + 1.2 * noise > 0).astype(np.int64)


def draw(rows: int, correlation: float, generator: np.random.Generator) -> tuple[Array, Integers]:
    """Draw inputs and classes, so that each block has each class."""
    blocks = blocks_of(np.arange(rows), FOLDS + 1)
    while True:
        series = draw_series(rows, correlation, generator)
        y = classes_of(series)
        if all(len(set(y[blocks == block])) == 2 for block in range(FOLDS + 1)):
            return series[:, :FEATURES], y


def measure(rows: int, correlation: float, number: int) -> Iterator[dict[str, Any]]:
    """Draw a data set, train on earlier rows, and yield intervals with the truth of the fits."""
    generator = np.random.default_rng([number, rows, int(100 * correlation)])
    fresh = generator.standard_normal((FRESH, FEATURES + 1))
    fresh_y, order = classes_of(fresh), np.arange(rows)
    x, y = draw(rows, correlation, generator)
    splits = splits_of(draw_folds(y, folds=FOLDS, repeats=1, seed=number, order=order))
    predictions, truths = {}, {}
    for learner in LEARNERS:
        tested, new = fit(learner, x, y, splits, fresh[:, :FEATURES], number)
        predictions[learner] = np.full((rows, 2), np.nan)
        for split, p in zip(splits, tested, strict=True):
            predictions[learner][split.test] = p
        truths[learner] = {m: float(each.score(fresh_y, new).mean()) for m, each in METRICS.items()}
    judged = judge(y, predictions, [split.test for split in splits], order=order)
    alone = {m: replace(each, observations=np.arange(len(each.y))) for m, each in judged.items()}
    for method, models in ((IN_BLOCKS, judged), (AS_ROWS, alone)):
        for row in intervals(models, truths):
            yield {"cell": f"{rows} rows, {correlation}", "method": method, **row}


def main() -> None:
    """Measure all populations, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=100, help="data sets of each population")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    table = pd.DataFrame(
        row for cell in CELLS for n in range(arguments.sets) for row in measure(*cell, n)
    )
    names = ", ".join(NAMES[learner] for learner in LEARNERS)
    text = (
        f"How often the 95% interval holds the truth, in percent of {arguments.sets} data sets: "
        f"the lowest of three models\n({names}), or of their pairs. In brackets: if rows count as "
        f"independent,\nand not {BLOCKS} blocks of them.\n\n"
        + write_cells(table, "rows, correlation of neighbours")
    )
    print(text, widths(table).to_string(float_format="{:.3f}".format), sep="\n\n")
    if arguments.write:
        put("in_time", text)


if __name__ == "__main__":
    main()
