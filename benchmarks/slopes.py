"""Measure how often the interval of a slope of calibration has its true value.

    python benchmarks/slopes.py [--sets 200]

Logistic regression, almost without a penalty, is trained in 3 x 5-fold cross-validation on rows of
two classes that are Gaussian, and differ in one of the inputs. The truth is the slope of the same
fits on 4,000 fresh rows. An unknown end of an interval counts as infinite.
"""

import argparse
from collections.abc import Iterator

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from backprop.statistics.calibration import slope
from backprop.statistics.tables import Interval
from backprop.typing import Array, Integers

FRESH = 4000
REPEATS = 3
CELLS = {  # rows, inputs, distance of the classes
    "80 rows, 3 inputs": (80, 3, 1.5),
    "50 rows, 3 inputs": (50, 3, 1.5),
    "200 rows, 3 inputs": (200, 3, 1.0),
    "200 rows, 10 inputs": (200, 10, 1.5),
}


def draw(rng: np.random.Generator, rows: int, inputs: int, apart: float) -> tuple[Array, Integers]:
    """Return inputs, and the class of each row."""
    y = rng.integers(0, 2, rows)
    x = rng.normal(size=(rows, inputs))
    x[:, 0] += apart * y
    return x, y


def slopes(
    rows: int, inputs: int, apart: float, sets: int
) -> Iterator[tuple[Interval | None, Interval | None]]:
    """Yield the slope of each data set, and that of its fits on fresh rows."""
    for seed in range(sets):
        rng = np.random.default_rng(seed)
        x, y = draw(rng, rows, inputs, apart)
        fresh_x, fresh_y = draw(rng, FRESH, inputs, apart)
        p, on_fresh = np.empty((REPEATS, rows)), []
        for repeat in range(REPEATS):
            folds = StratifiedKFold(5, shuffle=True, random_state=repeat)
            for train, test in folds.split(x, y):
                fit = LogisticRegression(C=1e3, max_iter=300).fit(x[train], y[train])
                p[repeat, test] = fit.predict_proba(x[test])[:, 1]
                on_fresh.append(fit.predict_proba(fresh_x)[:, 1])
        right = np.tile(fresh_y == 1, (len(on_fresh), 1))
        truth = slope(np.array(on_fresh), right, np.arange(FRESH))
        yield slope(p, np.tile(y == 1, (REPEATS, 1)), np.arange(rows)), truth


def main() -> None:
    """Print a row of the table for each cell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200)
    sets = parser.parse_args().sets
    print("| data | true slope | coverage | interval too low | too high | without a slope |")
    print("|---|---|---|---|---|---|")
    for name, cell in CELLS.items():
        every = slopes(*cell, sets)
        pairs = [(own, truth.value) for own, truth in every if own is not None and truth]
        low = np.mean([own.upper < truth for own, truth in pairs])
        high = np.mean([own.lower > truth for own, truth in pairs])
        mean = np.mean([truth for _, truth in pairs])
        shares = f"{1 - low - high:.1%} | {low:.1%} | {high:.1%}"
        print(f"| {name} | {mean:.2f} | {shares} | {sets - len(pairs)} |", flush=True)


if __name__ == "__main__":
    main()
