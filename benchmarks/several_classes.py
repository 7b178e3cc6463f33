"""Measure a fit on data with ten classes beside scikit-learn's: `load_digits`, 100 hidden nodes.

The processor time of a fit of `BackpropClassifier` and one of `MLPClassifier`, in turn, in this
process, on one thread. The speed is theirs divided by ours, of each round; the table has the
median. It should never be below 1.

Run it from the root of the repository. It prints a table, of which docs/performance.md has the
range, and writes ``results/benchmarks/several_classes.md``.
"""

import time
import warnings
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from backprop import BackpropClassifier

OUTPUT = Path("results/benchmarks/several_classes.md")
HIDDEN, RATE, EPOCHS, ROUNDS, SEED = (100,), 0.1, 30, 9, 1
ACTIVATIONS = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu"}  # in scikit-learn
BATCHES = (32, 200, 1000)


def seconds(network: BackpropClassifier | MLPClassifier) -> float:
    """Return the processor time of a fit."""
    x, y = load_digits(return_X_y=True)
    x = StandardScaler().fit_transform(x)
    began = time.process_time()
    network.fit(x, y)
    return time.process_time() - began


def measured(activation: str, batch: int) -> dict[str, object]:
    """Return the row of an activation and a size of a batch."""
    ours = BackpropClassifier(
        HIDDEN,
        activation=activation,
        loss="cross_entropy",
        initialisation="glorot",
        learning_rate_init=RATE,
        batch_size=batch,
        max_iter=EPOCHS,
        random_state=SEED,
    )
    theirs = MLPClassifier(
        HIDDEN,
        activation=ACTIVATIONS[activation],
        solver="sgd",
        alpha=0,
        momentum=0,
        learning_rate_init=RATE,
        batch_size=batch,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS + 1,
        random_state=SEED,
    )
    took = np.array([[seconds(network) for network in (ours, theirs)] for _ in range(ROUNDS)])
    speeds = took[:, 1] / took[:, 0]
    return {
        "activation": activation,
        "batch": batch,
        "seconds here": np.median(took[:, 0]),
        "MLPClassifier": np.median(took[:, 1]),
        "speed": np.median(speeds),
        "quartiles": " to ".join(f"{each:.2f}" for each in np.quantile(speeds, (0.25, 0.75))),
    }


def main() -> None:
    """Measure, print and write."""
    warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed
    with threadpool_limits(1):
        table = pd.DataFrame([measured(*case) for case in product(ACTIVATIONS, BATCHES)])
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(table.to_markdown(index=False, floatfmt=".3g"), encoding="utf-8")
    print(OUTPUT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
