"""Measure the tests of logistic regression against a guess on small tables: errors and power.

    python benchmarks/small_tables.py [--sets 200] [--shuffles 999] [--write]

Tables are drawn from populations with a known truth. The t-test, which a report makes on large
tables, is compared with the permutation test, which trains again on each shuffle. ``--write`` puts
the table into docs/error-rates.md.
"""

import argparse
import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy

import numpy as np
from coverage import FEATURES, Cell, draw, fit, put
from verdicts import CANDIDATES as EVERY
from verdicts import judge

from backprop.data.dataset import Dataset
from backprop.models.registry import BASELINE
from backprop.statistics import permutations
from backprop.statistics.guessing import compare_with_guess
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

FOLDS, REPEATS = 5, 4
CANDIDATES = {BASELINE: EVERY[BASELINE]}
METRICS = ("accuracy", "balanced_accuracy", "roc_auc", "log_loss")
CELLS = {
    "nothing": [
        Cell((0.5, 0.5), 20, 0.0),
        Cell((0.7, 0.3), 30, 0.0),
        Cell((0.4, 0.3, 0.3), 27, 0.0),
        Cell((0.8, 0.2), 60, 0.0),
    ],
    "little: a guess is as accurate": [Cell((0.8, 0.2), 60, 0.7)],
    "more: a guess is less accurate": [
        Cell((0.5, 0.5), 24, 1.3),
        Cell((0.4, 0.3, 0.3), 27, 1.3),
        Cell((0.5, 0.5), 60, 0.8),
    ],
}
"""Populations, by what there is to learn."""


def measure(cell: Cell, number: int) -> list[list[bool]]:
    """Draw a table, and return what both tests show, by metric."""
    sample = draw(
        cell, np.random.default_rng([number, *map(ord, cell.name), int(10 * cell.distance)])
    )
    x, fresh, y = sample.views[0], sample.fresh[0], sample.y
    splits = splits_of(draw_folds(y, folds=FOLDS, repeats=REPEATS, seed=number))
    tested, _ = fit("logistic", x, y, splits, fresh, number)
    judgement = judge(y, splits, {BASELINE: tested})
    names = tuple(f"x{place}" for place in range(FEATURES))
    dataset = Dataset(names, "y", x, y, tuple(map(str, range(len(cell.shares)))))
    permuted = permutations.permutation_tests(judgement, dataset, seed=number)
    shown = []
    for values in (None, permuted):
        table = compare_with_guess(judgement, {}, values).set_index("metric")
        shown.append([bool(table.loc[metric, "better"]) for metric in METRICS])
    return shown


def main() -> None:
    """Measure all populations, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200, help="tables of each population")
    parser.add_argument("--shuffles", type=int, default=permutations.PERMUTATIONS)
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    permutations.PERMUTATIONS = arguments.shuffles
    lines = [
        "| to learn | populations | t-test | permutation test | by accuracy |",
        "|---|---|---|---|---|",
    ]
    for kind, cells in CELLS.items():
        every = [measure(cell, number) for cell in cells for number in range(arguments.sets)]
        by_t, by_permutation = np.transpose(every, (1, 0, 2))
        shares = [by_t.any(axis=1), by_permutation.any(axis=1), by_permutation[:, 0]]
        numbers = " | ".join(f"{share.mean():.1%}" for share in shares)
        lines.append(f"| {kind} | {len(cells)} | {numbers} |")
        print(lines[-1], file=sys.stderr, flush=True)
    every_population = f"{arguments.sets} tables of each population, {arguments.shuffles} shuffles"
    text = "\n".join([*lines, f"\n{every_population}."])
    print(text)
    if arguments.write:
        put("small", text)


if __name__ == "__main__":
    main()
