"""Measure training on large and on wide data: its time beside scikit-learn's, and its memory.

Large data have 100,000 rows of 50 features.

An epoch of a fit is timed, in batches of 32 rows: of the stacks of this project, whose fits are on
five folds, and of scikit-learn's `MLPClassifier`. All are trained in turn, in this process, on one
thread; whole calls are timed. The stacks also predict the test rows after each epoch, for the
learning curves. Ratios are to `MLPClassifier`.

Wide data have 300 rows, and up to 5,000 features. The time is the processor time of a fit of 5
epochs, of `BackpropClassifier` and of `MLPClassifier` in turn, with 50 hidden nodes.

The memory is the peak of a process that trains scratch for one epoch, with few fits and with many,
on few splits and on many. The first row is a process that only makes the data and the splits.

Run it from the root of the repository. It prints tables, of which docs/performance.md has the
ratios, and writes ``results/benchmarks/size.md``.
"""

import re
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from backprop import BackpropClassifier
from backprop.data.dataset import Dataset
from backprop.models.families import NETWORK
from backprop.models.registry import MODELS
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import Split, splits_of
from backprop.typing import Integers

OUTPUT = Path("results/benchmarks/size.md")
ROWS, FEATURES, BATCH, FOLDS, SEED = 100_000, 50, 32, 5, 1
EPOCHS, ROUNDS = 1, 3  # of each call that is timed: 2,500 batches, three times
CONTENDERS = (("scratch", 5), ("scratch", 50))
LIMITS = {10: 1.0, 20: 1.0, 100: 3.0}
"""The largest ratio of a scratch stack of five fits to `MLPClassifier`, by hidden nodes.

A single fit, as in `BackpropClassifier`, takes at most the time of `MLPClassifier` everywhere.
"""
WIDE_ROWS, WIDE_HIDDEN, WIDE_EPOCHS, WIDE_ROUNDS = 300, 50, 5, 5
WIDE = tuple((inputs, batch) for inputs in (30, 500, 5000) for batch in (1, 10, 100))
MEMORY = ((0, 1), (5, 1), (50, 1), (50, 10))  # fits, and repeats of the five folds


def dataset(rows: int = ROWS, features: int = FEATURES) -> Dataset:
    """Return random numbers, of which the first feature decides the class in part."""
    generator = np.random.default_rng(SEED)
    x = generator.normal(size=(rows, features))
    y = (x[:, 0] + generator.normal(size=rows) > 0).astype(int)
    return Dataset(tuple(f"x{number}" for number in range(features)), "y", x, y)


def train(
    model: str, hidden: int, fits: int, data: Dataset, splits: list[Split], epochs: int
) -> None:
    """Train fits on the splits in turn, at several learning rates."""
    rates = np.geomspace(0.01, 0.1, -(-fits // len(splits))).repeat(len(splits))
    pairs = [
        (
            Configuration.of_network((hidden,), "sigmoid", "cross_entropy", rate, "glorot", BATCH),
            split,
        )
        for rate, split in zip(rates, splits * fits, strict=False)
    ]
    NETWORK.train(
        MODELS[model].implementation, pairs[:fits], data, seed=SEED, training={"epochs": epochs}
    )


def ours(hidden: int, batch: int, epochs: int) -> BackpropClassifier:
    """Return the estimator of this project."""
    return BackpropClassifier(
        (hidden,),
        loss="cross_entropy",
        initialisation="glorot",
        batch_size=batch,
        learning_rate_init=0.1,
        max_iter=epochs,
        random_state=SEED,
    )


def theirs(hidden: int, batch: int, epochs: int) -> MLPClassifier:
    """Return the same network of scikit-learn."""
    return MLPClassifier(
        (hidden,),
        activation="logistic",
        solver="sgd",
        alpha=0,
        batch_size=batch,
        learning_rate_init=0.1,
        max_iter=epochs,
        momentum=0,
        n_iter_no_change=epochs + 1,
        random_state=SEED,
    )


def fit(network: Any, data: Dataset, rows: Integers) -> None:
    """Train an estimator on some rows; their features have mean 0 and standard deviation 1."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed
        network.fit(data.x[rows], data.y[rows])


def seconds(call: Callable[[], None], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the time of a call, by default the wall time."""
    began = clock()
    call()
    return clock() - began


def say(step: str) -> None:
    """Say what is measured next."""
    print(step, file=sys.stderr)


def times(hidden: int, data: Dataset, splits: list[Split]) -> pd.DataFrame:
    """Return a row for each contender, for networks with one hidden layer."""
    measured: dict[tuple[str, int], list[float]] = {}
    for number in range(ROUNDS):
        say(f"{ROWS} rows, hidden [{hidden}], round {number + 1} of {ROUNDS}")
        for network in (theirs(hidden, BATCH, EPOCHS), ours(hidden, BATCH, EPOCHS)):
            took = seconds(partial(fit, network, data, splits[0].train))
            measured.setdefault((type(network).__name__, 1), []).append(took)
        for model, fits in CONTENDERS:
            took = seconds(lambda m=model, f=fits: train(m, hidden, f, data, splits, EPOCHS))  # type: ignore[misc]
            measured.setdefault((model, fits), []).append(took / fits)
    table = pd.DataFrame(measured).T / EPOCHS
    ratios = table / table.loc[("MLPClassifier", 1)]
    return pd.DataFrame(
        {
            "hidden": hidden,
            "model": [model for model, _ in table.index],
            "fits": [fits for _, fits in table.index],
            "seconds per fit and epoch": table.median(axis=1).to_numpy(),
            "ratio": ratios.median(axis=1).to_numpy(),
            "ratio of each round": [
                ", ".join(f"{r:.2f}" for r in row) for row in ratios.to_numpy()
            ],
        }
    )


def wide() -> pd.DataFrame:
    """Return a row for each number of inputs and size of a batch: the fit of one network."""
    rows = []
    for inputs, batch in WIDE:
        say(f"{WIDE_ROWS} rows, {inputs} inputs, batches of {batch}")
        data, every_row = dataset(WIDE_ROWS, inputs), np.arange(WIDE_ROWS)
        networks = [make(WIDE_HIDDEN, batch, WIDE_EPOCHS) for make in (ours, theirs)]
        fits = [partial(fit, network, data, every_row) for network in networks]
        took = np.array(
            [[seconds(call, time.process_time) for call in fits] for _ in range(WIDE_ROUNDS)]
        )
        ratios = took[:, 0] / took[:, 1]
        rows.append(
            {
                "inputs": inputs,
                "batch": batch,
                **dict(
                    zip(("seconds here", "MLPClassifier"), np.median(took, axis=0), strict=True)
                ),
                "ratio": np.median(ratios),
                "ratio of each round": ", ".join(f"{r:.2f}" for r in ratios),
            }
        )
    return pd.DataFrame(rows)


def peak_megabytes(fits: int, repeats: int) -> float:
    """Return the peak memory of this process, which has to be a new one, after training."""
    data = dataset()
    splits = splits_of(draw_folds(data.y, folds=FOLDS, repeats=repeats, seed=SEED))
    if fits:
        train("scratch", 10, fits, data, splits, epochs=1)
    # Not `ru_maxrss`, which begins with the peak of the process that started this one.
    (peak,) = re.findall(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak) / 1024


def memory() -> pd.DataFrame:
    """Return a row for each number of fits and splits."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        peaks = [pool.submit(peak_megabytes, fits, repeats) for fits, repeats in MEMORY]
        rows = [
            {"fits": fits, "splits": repeats * FOLDS, "peak MB": peak.result()}
            for (fits, repeats), peak in zip(MEMORY, peaks, strict=True)
        ]
    return pd.DataFrame(rows)


def verdicts(table: pd.DataFrame, of_wide: pd.DataFrame) -> list[str]:
    """Return a line for each limit: whether the ratio is below it."""
    ratios = table.set_index(["model", "fits", "hidden"])["ratio"]
    lines = []
    for hidden, limit in LIMITS.items():
        stack, alone = ratios["scratch", 5, hidden], ratios["BackpropClassifier", 1, hidden]
        where = f"hidden [{hidden}], at most"
        lines.append(f"- {met(stack <= limit)}: {where} {limit} of the time of `MLPClassifier`")
        lines.append(f"- {met(alone <= 1)}: {where} its time for a single fit")
    slower = of_wide[of_wide["ratio"] > 1]
    lines.append(f"- {met(slower.empty)}: wide data, at most its time for a single fit")
    return lines


def met(is_met: bool) -> str:
    """Return a word for a target."""
    return "met" if is_met else "MISSED"


def main() -> None:
    """Measure, print and write."""
    data = dataset()
    splits = splits_of(draw_folds(data.y, folds=FOLDS, repeats=1, seed=SEED))
    with threadpool_limits(1):
        table = pd.concat([times(hidden, data, splits) for hidden in LIMITS])
        of_wide = wide()
    parts = [
        table.to_markdown(index=False, floatfmt=".3g"),
        of_wide.to_markdown(index=False, floatfmt=".3g"),
        "\n".join(verdicts(table, of_wide)),
        memory().to_markdown(index=False, floatfmt=".0f"),
    ]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n\n".join(parts), encoding="utf-8")
    print(OUTPUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
