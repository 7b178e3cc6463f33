"""Measure training on 100,000 rows of 50 features: its time beside scikit-learn's, and its memory.

The time is that of an epoch of a fit, in batches of 32 rows: of the stacks of this project, whose
fits are on five folds, and of scikit-learn's `MLPClassifier`. All are trained in turn, in this
process, on one thread; whole calls are timed. The stacks also predict the test rows after each
epoch, for the learning curves. Ratios are to `MLPClassifier`.

The memory is the peak of a process that trains scratch for one epoch, with few fits and with many,
on few splits and on many. The first row is a process that only makes the data and the splits.

Run it from the root of the repository. It prints tables for docs/performance.md, and writes
``results/benchmarks/size.md``.
"""

import re
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from backprop.data.dataset import Dataset
from backprop.models.families import NETWORK
from backprop.models.registry import MODELS
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import Split, splits_of

OUTPUT = Path("results/benchmarks/size.md")
ROWS, FEATURES, BATCH, FOLDS, SEED = 100_000, 50, 32, 5, 1
EPOCHS = 3  # of each call that is timed
ROUNDS = 3
CONTENDERS = (("scratch", 5), ("scratch", 50))
LIMITS = {10: 1.0, 20: 1.0, 100: 3.0}
"""The largest ratio of a scratch stack of five fits to `MLPClassifier`, by hidden nodes."""
MEMORY = ((0, 1), (5, 1), (50, 1), (50, 10))  # fits, and repeats of the five folds


def dataset() -> Dataset:
    """Return random numbers, of which the first feature decides the class in part."""
    generator = np.random.default_rng(SEED)
    x = generator.normal(size=(ROWS, FEATURES))
    y = (x[:, 0] + generator.normal(size=ROWS) > 0).astype(int)
    return Dataset(tuple(f"x{number}" for number in range(FEATURES)), "y", x, y)


def train(
    model: str, hidden: int, fits: int, data: Dataset, splits: list[Split], epochs: int
) -> None:
    """Train fits on the splits in turn, at several learning rates."""
    rates = np.geomspace(0.01, 0.1, -(-fits // len(splits))).repeat(len(splits))
    pairs = [
        (Configuration((hidden,), "sigmoid", "cross_entropy", rate, "glorot", BATCH), split)
        for rate, split in zip(rates, splits * fits, strict=False)
    ]
    NETWORK.train(
        MODELS[model].implementation, pairs[:fits], data, seed=SEED, training={"epochs": epochs}
    )


def train_theirs(hidden: int, data: Dataset, split: Split, epochs: int) -> None:
    """Train scikit-learn's network on one split."""
    network = MLPClassifier(
        (hidden,),
        activation="logistic",
        solver="sgd",
        alpha=0,
        batch_size=BATCH,
        learning_rate_init=0.1,
        max_iter=epochs,
        momentum=0,
        n_iter_no_change=epochs + 1,
        random_state=SEED,
    )
    x = (data.x - data.x.mean(axis=0)) / data.x.std(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed
        network.fit(x[split.train], data.y[split.train])


def seconds(call: Callable[[], None]) -> float:
    """Return the wall time of a call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def times(hidden: int, data: Dataset, splits: list[Split]) -> pd.DataFrame:
    """Return a row for each contender, for networks with one hidden layer."""
    measured: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS):
        took = seconds(lambda: train_theirs(hidden, data, splits[0], EPOCHS))
        measured.setdefault(("MLPClassifier", 1), []).append(took)
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


def verdicts(table: pd.DataFrame) -> list[str]:
    """Return a line for each limit: whether the ratio is below it."""
    ratios = table.set_index(["model", "fits", "hidden"])["ratio"]
    lines = []
    for hidden, limit in LIMITS.items():
        ratio = ratios["scratch", 5, hidden]
        met = "met" if ratio <= limit else "MISSED"
        lines.append(f"- {met}: hidden [{hidden}], at most {limit} of the time of `MLPClassifier`")
    return lines


def main() -> None:
    """Measure, print and write."""
    data = dataset()
    splits = splits_of(draw_folds(data.y, folds=FOLDS, repeats=1, seed=SEED))
    with threadpool_limits(1):
        table = pd.concat([times(hidden, data, splits) for hidden in LIMITS])
    parts = [
        table.to_markdown(index=False, floatfmt=".3g"),
        "\n".join(verdicts(table)),
        memory().to_markdown(index=False, floatfmt=".0f"),
    ]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n\n".join(parts), encoding="utf-8")
    print(OUTPUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
