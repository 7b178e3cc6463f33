"""Compare the estimates of `backprop.workflow.estimate` with the time that training really takes.

Each case trains in this process, so the start of a job is no part of it. The measured time is that
of the processor, as other programs make the wall time longer. Run it from the root of the
repository. It prints a table, of which docs/performance.md has the range, and writes
``results/benchmarks/estimate.md``.
"""

import time
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from backprop.data.dataset import Dataset
from backprop.models.registry import MODELS, is_network
from backprop.study.configurations import Configuration, Shape, nodes
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.workflow.estimate import DataSize, network_seconds, seconds_in_turn

OUTPUT = Path("results/benchmarks/estimate.md")
FOLDS = 5
SEED = 1


class Case(NamedTuple):
    """A training job; a baseline has no hidden layers, no activation and no epochs."""

    model: str
    fits: int
    rows: int
    features: int
    hidden: tuple[int, ...] = ()
    activation: str = ""
    epochs: int = 0
    batch_size: int = 1


CASES = [
    Case("scratch", 300, 80, 2, (10,), "sigmoid", 1000),
    Case("scratch", 2, 80, 2, (10,), "tanh", 2000),
    Case("scratch", 20_000, 80, 2, (2,), "relu", 100),
    Case("scratch", 50, 80, 10, (1000,), "sigmoid", 80),
    Case("scratch", 50, 80, 2, (4,) * 8, "tanh", 500),
    Case("scratch", 700, 80, 2, (100, 100), "sigmoid", 5),
    Case("scratch", 10, 20_000, 20, (20,), "sigmoid", 5),
    Case("tensorflow", 50, 80, 2, (10,), "sigmoid", 2000),
    Case("tensorflow", 20_000, 80, 2, (10,), "sigmoid", 40),
    Case("tensorflow", 50, 80, 2, (100, 100), "relu", 50),
    Case("tensorflow", 10, 20_000, 20, (20,), "tanh", 30),
    Case("scratch", 50, 20_000, 30, (10,), "sigmoid", 3),
    Case("scratch", 50, 20_000, 30, (10,), "sigmoid", 10, 32),
    Case("scratch", 50, 20_000, 50, (100,), "sigmoid", 2, 32),
    Case("tensorflow", 50, 20_000, 30, (10,), "sigmoid", 5, 32),
    Case("plain", 2, 80, 2, (10, 10, 10), "sigmoid", 1000),
    Case("logistic", 20, 50_000, 50),
    Case("softmax", 20, 20_000, 20),
]


def dataset(rows: int, features: int) -> Dataset:
    """Return random numbers, of which the first feature decides the class in part."""
    generator = np.random.default_rng(SEED)
    x = generator.normal(size=(rows, features))
    y = (x[:, 0] + generator.normal(size=rows) > 0).astype(int)
    return Dataset(tuple(f"x{number}" for number in range(features)), "y", x, y)


def measure(case: Case) -> pd.Series:
    """Return a case with its estimate and its measured time, in seconds."""
    data = dataset(case.rows, case.features)
    splits = splits_of(draw_folds(data.y, folds=FOLDS, repeats=10, seed=SEED))
    size = DataSize(case.rows, case.features, FOLDS)
    model = MODELS[case.model]
    start = model.seconds[0]
    if is_network(case.model):
        shape = Shape(case.hidden, case.activation, "squared_error", case.batch_size)
        rates = np.linspace(0.01, 0.1, case.fits)
        configurations = [
            Configuration.of_network(**vars(shape), learning_rate=rate, initialisation="glorot")
            for rate in rates
        ]
        pairs = list(islice(zip(configurations, splits * case.fits, strict=False), case.fits))
        seconds = network_seconds(model, shape, size, fits=case.fits, epochs=case.epochs)
    else:
        pairs = list(product([Configuration()], splits[: case.fits]))
        seconds = seconds_in_turn(model, size, fits=case.fits)
    began = time.process_time()
    how = {"training": {"epochs": case.epochs}, "is_checked": model.is_checked}
    model.family.train(model.implementation, pairs, data, seed=SEED, **how)
    measured = time.process_time() - began
    row = {**case._asdict(), "hidden": nodes(case.hidden), "estimate": seconds - start}
    return pd.Series({**row, "measured": measured, "ratio": row["estimate"] / measured})


def main() -> None:
    """Measure, print and write."""
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    with threadpool_limits(1):
        table = pd.DataFrame([measure(case) for case in CASES])
    text = table.to_markdown(index=False, floatfmt=".2f")
    OUTPUT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
