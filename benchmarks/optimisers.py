"""Measure what momentum and Adam cost: a fit beside scikit-learn's, and a stack beside sgd's.

The processor time of a fit of `BackpropClassifier` and one of `MLPClassifier` with the same solver,
in turn, in this process, on one thread; the speed is theirs divided by ours. Then the time of an
update of a network in a stack of 300 of the lecture's networks, and how many times as long it takes
as by gradient descent. Run it from the root of the repository. It prints tables, of which
docs/optimisers.md has a sentence, and writes ``results/benchmarks/optimisers.md``.
"""

import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from backprop import BackpropClassifier
from backprop.network import stacked
from backprop.network.optimisers import OPTIMISERS, Constants, Memory, Method
from backprop.network.parameters import draw_layers, stack_layers
from backprop.study.configurations import CONSTANTS

OUTPUT = Path("results/benchmarks/optimisers.md")
ROUNDS, SEED, RATE, STACK, ROWS = 7, 1, 0.001, 300, 64
CASES = {
    "iris, 10 nodes, 1": (load_iris, (10,), 1, 10),
    "iris, 10 nodes, 16": (load_iris, (10,), 16, 60),
    "digits, 100 nodes, 200": (load_digits, (100,), 200, 30),
}
THEIRS: dict[str, dict[str, Any]] = {
    "sgd": {"solver": "sgd", "momentum": 0},
    "momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
    "adam": {"solver": "adam"},
}


def seconds(network: Any, x: Any, y: Any) -> float:
    """Return the processor time of a fit."""
    began = time.process_time()
    network.fit(x, y)
    return time.process_time() - began


def fits() -> pd.DataFrame:
    """Measure fits beside fits of scikit-learn."""
    rows = []
    for name, (load, hidden, batch, epochs) in CASES.items():
        x, y = load(return_X_y=True)
        x = StandardScaler().fit_transform(x)
        for solver, options in THEIRS.items():
            shared: dict[str, Any] = {
                "batch_size": batch,
                "max_iter": epochs,
                "activation": "tanh",
                "learning_rate_init": RATE,
                "random_state": SEED,
            }
            ours = BackpropClassifier(
                hidden, loss="cross_entropy", initialisation="glorot", solver=solver, **shared
            )
            theirs = MLPClassifier(
                hidden, alpha=0, n_iter_no_change=epochs + 1, **shared, **options
            )
            took = [[seconds(each, x, y) for each in (ours, theirs)] for _ in range(ROUNDS)]
            one, other = np.median(took, axis=0)
            speed = np.median([b / a for a, b in took])
            rows.append({"case, batch": name, "solver": solver, "seconds": one,
                         "MLPClassifier": other, "speed": speed})  # fmt: skip
    return pd.DataFrame(rows)


def stacks() -> pd.DataFrame:
    """Measure an update of a network in a stack."""
    generator = np.random.default_rng(SEED)
    x = generator.normal(size=(ROWS, 2, STACK))
    y = (generator.random((ROWS, 1, STACK)) < 0.5).astype(float)
    rows = []
    for batch in (1, 16):
        took: dict[str, list[float]] = {name: [] for name in OPTIMISERS}
        for _ in range(ROUNDS):
            for name, times in took.items():
                draws = (draw_layers(generator, 2, [10], "glorot") for _ in range(STACK))
                layers = stack_layers(list(draws))
                memory = Memory.of(name, layers, Constants(**CONSTANTS))
                eta = np.full((ROWS, STACK), RATE / batch)
                began = time.process_time()
                method = Method("sigmoid", "squared_error", batch, None, memory)
                stacked.train_epoch(layers, x, y, eta, method)
                times.append(time.process_time() - began)
        for name, times in took.items():
            update = np.median(times) / STACK / (ROWS / batch) * 1e6
            ratio = np.median(np.array(times) / took["sgd"])
            rows.append({"batch": batch, "optimiser": name,
                         "microseconds an update": update, "times sgd": ratio})  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    """Measure, print and write."""
    warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed
    with threadpool_limits(1):
        tables = [fits(), stacks()]
    texts = [table.to_markdown(index=False, floatfmt=".3g") for table in tables]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text("\n\n".join([*texts, ""]), encoding="utf-8")
    print(OUTPUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
