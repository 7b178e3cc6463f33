"""Measure the time of an update of a network: here, and with the libraries that people would use.

All contenders train the lecture's network (2-10-1, sigmoid, squared error, online updates) on the
same training rows of a 5-fold cross-validation of the ex4 data, in this process, on one thread.
For the stacks, the NumPy loop and the Numba loop, only the epochs are timed. For scikit-learn and
Keras it is the whole call that a user would make. scikit-learn has no squared error for classes, so
its networks use cross entropy, which costs the same.

Run it from the root of the repository; it prints a table and the targets, and writes
``results/benchmarks/compare.csv``.
"""

import importlib
import importlib.util
import math
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from backprop.data.dataset import Dataset
from backprop.data.scaling import standardise
from backprop.data.sources import obtain
from backprop.models.networks import starting_layers
from backprop.network import autodiff as tensorflow_network
from backprop.network import stacked as network
from backprop.network.optimisers import Method
from backprop.network.parameters import Layer
from backprop.network.training import Network
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import Split, splits_of
from backprop.typing import Array

OUTPUT = Path("results/benchmarks/compare.csv")
SEED = 1
RATE = 0.1
LECTURE = Configuration.of_network((10,), "sigmoid", "squared_error", RATE, "uniform")
ROUNDS = 15
EPOCHS = 200  # of a contender in a round
SLOW_EPOCHS = 10  # the same, for a contender that would take minutes
CHECK_EPOCHS = 20
SAMPLES = 64  # training rows of a split, and so updates of an epoch
FIT = 500 * SAMPLES  # updates of one fit of the default configuration


@dataclass(frozen=True)
class Contender:
    """One way to train networks.

    Attributes
    ----------
    name : str
    networks : int
        How many networks one run trains.
    epochs : int
        How many epochs are timed in each round.
    run : callable
        Trains for a number of epochs, always from the same start. Returns the final parameters,
        shape (P, networks), or None if they cannot be compared with the other parameters.
    compiles : bool
        Whether the first run includes a compilation.
    """

    name: str
    networks: int
    epochs: int
    run: Callable[[int], Array | None]
    compiles: bool = False


@dataclass(frozen=True)
class Task:
    """What a stack is trained on: the arguments of `backprop.network.stacked.train_epoch`."""

    layers: list[Layer]
    x: Array
    y: Array
    eta: Array


def task(dataset: Dataset, splits: Sequence[Split], networks: int) -> Task:
    """Set up the first fits of a grid search: all splits at one learning rate, then at the next."""
    fits = [splits[f % len(splits)] for f in range(networks)]
    starts = [starting_layers(LECTURE, dataset.x.shape[1], SEED, split) for split in fits]
    orders = [np.random.default_rng(SEED).permutation(split.train) for split in fits]
    rates = np.geomspace(RATE, 1.0, math.ceil(networks / len(splits))).repeat(len(splits))
    return Task(
        [
            (np.stack([w for w, _ in layer], -1), np.stack([t for _, t in layer], -1))
            for layer in zip(*starts, strict=True)
        ],
        np.stack(
            [
                standardise(dataset.x, split.train)[order]
                for split, order in zip(fits, orders, strict=True)
            ],
            axis=-1,
        ),
        np.stack([dataset.y[order, np.newaxis] for order in orders], axis=-1).astype(float),
        np.tile(rates[:networks], (len(splits[0].train), 1)),
    )


def stack(module: Network, stack_task: Task) -> Callable[[int], Array]:
    """Return a run of one of this project's network modules."""

    def run(epochs: int) -> Array:
        layers = [(weights.copy(), thresholds.copy()) for weights, thresholds in stack_task.layers]
        for _ in range(epochs):
            method = Method(LECTURE.activation, LECTURE.cost)
            module.train_epoch(layers, stack_task.x, stack_task.y, stack_task.eta, method)
        return np.concatenate([p.reshape(-1, p.shape[-1]) for layer in layers for p in layer])

    return run


def numpy_loop(stack_task: Task) -> Callable[[int], Array]:
    """Return a run of the textbook's loop in NumPy, for the first network of a task."""

    def run(epochs: int) -> Array:
        (v, gamma), (w, theta) = [
            (p[..., 0].copy(), t[..., 0].copy()) for p, t in stack_task.layers
        ]
        x, y, eta = stack_task.x[..., 0].copy(), stack_task.y[..., 0].copy(), stack_task.eta[0, 0]
        for _ in range(epochs):
            for x_k, y_k in zip(x, y, strict=True):
                b = 1 / (1 + np.exp(-(x_k @ v + gamma)))
                yhat = 1 / (1 + np.exp(-(b @ w + theta)))
                error_j = (yhat - y_k) * yhat * (1 - yhat)
                error_h = (w @ error_j) * b * (1 - b)
                w -= eta * b[:, np.newaxis] * error_j
                theta -= eta * error_j
                v -= eta * x_k[:, np.newaxis] * error_h
                gamma -= eta * error_h
        return np.concatenate([p.reshape(-1, 1) for p in (v, gamma, w, theta)])

    return run


def scalar_loop(
    v: Array, gamma: Array, w: Array, theta: Array, x: Array, y: Array, eta: Array, epochs: int
) -> None:
    """Train one network after the other with scalar arithmetic, which a compiler makes fast.

    Parameters
    ----------
    v, gamma, w, theta : arrays, shapes (F, d, q), (F, q), (F, q) and (F,)
        Changed in place.
    x, y : arrays, shapes (F, n, d) and (F, n)
    eta : array, shape (F,)
    epochs : int
    """
    networks, features, hidden = v.shape
    b = np.empty(hidden)
    for f in range(networks):
        for _ in range(epochs):
            for k in range(x.shape[1]):
                beta = theta[f]
                for h in range(hidden):
                    alpha = gamma[f, h]
                    for i in range(features):
                        alpha += v[f, i, h] * x[f, k, i]
                    b[h] = 1 / (1 + math.exp(-alpha))
                    beta += w[f, h] * b[h]
                yhat = 1 / (1 + math.exp(-beta))
                step = eta[f] * (yhat - y[f, k]) * yhat * (1 - yhat)
                for h in range(hidden):
                    step_h = step * w[f, h] * b[h] * (1 - b[h])
                    w[f, h] -= step * b[h]
                    gamma[f, h] -= step_h
                    for i in range(features):
                        v[f, i, h] -= step_h * x[f, k, i]
                theta[f] -= step


def numba_loop(stack_task: Task) -> Callable[[int], Array]:
    """Return a run of `scalar_loop`, compiled, on arrays with the networks on the first axis."""
    numba: Any = importlib.import_module("numba")
    compiled = numba.njit(scalar_loop)
    (v, gamma), (w, theta) = stack_task.layers
    start = [np.moveaxis(p, -1, 0).copy() for p in (v, gamma, w[:, 0], theta[0])]
    x, y = np.moveaxis(stack_task.x, -1, 0).copy(), stack_task.y[:, 0].T.copy()

    def run(epochs: int) -> Array:
        parameters = [p.copy() for p in start]
        compiled(*parameters, x, y, stack_task.eta[0], epochs)
        return np.concatenate([p.reshape(len(p), -1).T for p in parameters])

    return run


def keras_fit(stack_task: Task) -> Callable[[int], Array]:
    """Return a run of `keras.Model.fit` with batches of one, for the first network of a task."""
    import keras  # here, as `backprop.network.autodiff` has to set up TensorFlow first

    keras.config.set_floatx("float64")
    model = keras.Sequential(
        [
            keras.Input((stack_task.x.shape[1],)),
            keras.layers.Dense(LECTURE.hidden[0], "sigmoid"),
            keras.layers.Dense(1, "sigmoid"),
        ]
    )
    # Its squared error lacks the factor 1/2 of the lecture: half the rate gives the same update.
    model.compile(keras.optimizers.SGD(stack_task.eta[0, 0] / 2), "mean_squared_error")
    start = [p[..., 0] for layer in stack_task.layers for p in layer]
    x, y = stack_task.x[..., 0], stack_task.y[..., 0]

    def run(epochs: int) -> Array:
        model.set_weights(start)
        model.fit(x, y, batch_size=1, epochs=epochs, shuffle=False, verbose=0)
        return np.concatenate([p.reshape(-1, 1) for p in model.get_weights()])

    return run


def grid_search(dataset: Dataset, splits: Sequence[Split]) -> Callable[[int], None]:
    """Return a run of scikit-learn's grid search over some splits."""

    def run(epochs: int) -> None:
        classifier = MLPClassifier(
            LECTURE.hidden,
            activation="logistic",
            solver="sgd",
            alpha=0,
            batch_size=1,
            learning_rate="constant",
            max_iter=epochs,
            momentum=0,
            early_stopping=False,
            n_iter_no_change=epochs + 1,
            random_state=SEED,
        )
        search = GridSearchCV(
            make_pipeline(StandardScaler(), classifier),
            {"mlpclassifier__learning_rate_init": [RATE]},
            cv=[(split.train, split.test) for split in splits],
            refit=False,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed
            search.fit(dataset.x, dataset.y)

    return run


def contenders() -> list[Contender]:
    """List all contenders; the others are compared with the first, the scratch stack of 300."""
    dataset = obtain("bundled", file=Path("resources/ex4.csv"))
    splits = splits_of(draw_folds(dataset.y, folds=5, repeats=10, seed=SEED))
    tasks = {networks: task(dataset, splits, networks) for networks in (1, 50, 300, 1200)}
    compiled_loops = []
    if importlib.util.find_spec("numba"):
        compiled_loops = [Contender("Numba loop", 300, EPOCHS, numba_loop(tasks[300]), True)]
    return [
        *(Contender("scratch stack", n, EPOCHS, stack(network, tasks[n])) for n in (300, 50, 1200)),
        *(
            Contender("TensorFlow stack", n, EPOCHS, stack(tensorflow_network, tasks[n]), True)
            for n in (50, 300)
        ),
        *compiled_loops,
        Contender("NumPy loop", 1, EPOCHS, numpy_loop(tasks[1])),
        Contender("scikit-learn GridSearchCV", 5, SLOW_EPOCHS, grid_search(dataset, splits[:5])),
        Contender("Keras fit", 1, SLOW_EPOCHS, keras_fit(tasks[1]), True),
    ]


def seconds(contender: Contender, epochs: int) -> float:
    """Return the wall time of one run."""
    started = time.perf_counter()
    contender.run(epochs)
    return time.perf_counter() - started


def check(entrants: Sequence[Contender]) -> None:
    """Stop if contenders that can be compared do not compute the same networks."""
    expected = entrants[0].run(CHECK_EPOCHS)
    assert expected is not None
    for contender in entrants[1:]:
        parameters = contender.run(CHECK_EPOCHS)
        if parameters is None:
            continue
        shared = min(parameters.shape[1], 50)  # the networks with the first learning rate
        difference = np.abs(parameters[:, :shared] - expected[:, :shared]).max()
        if not difference < 1e-10:
            sys.exit(
                f"error: the parameters of {contender.name} differ by {difference:.1e} "
                f"from {entrants[0].name}"
            )


def measure(entrants: Sequence[Contender]) -> pd.DataFrame:
    """Time all contenders in turn, so that other load on the machine affects all of them.

    Returns
    -------
    data frame
        A row per contender, in their order; times in microseconds per update of one network.
    """
    first_epochs = [seconds(contender, 1) for contender in entrants]
    check(entrants)
    times = np.empty((len(entrants), ROUNDS))
    for turn in range(ROUNDS):
        print(f"\rround {turn + 1} of {ROUNDS}", end="", file=sys.stderr, flush=True)
        for row, contender in zip(times, entrants, strict=True):
            row[turn] = seconds(contender, contender.epochs) / contender.epochs
    print(file=sys.stderr)
    networks = np.array([contender.networks for contender in entrants])
    update = 1e6 / SAMPLES / networks  # seconds of an epoch -> microseconds
    median = np.median(times, axis=1)
    return pd.DataFrame(
        {
            "contender": [contender.name for contender in entrants],
            "networks": networks,
            "epochs": [contender.epochs for contender in entrants],
            "microseconds_median": median * update,
            "microseconds_min": times.min(axis=1) * update,
            "fits_per_second": 1e6 / FIT / (median * update),
            "compile_seconds": [
                first - later if contender.compiles else np.nan
                for contender, first, later in zip(entrants, first_epochs, median, strict=True)
            ],
            "ratio_to_scratch_300": median * update / (median * update)[0],
        }
    )


def verdicts(table: pd.DataFrame) -> list[str]:
    """Return a line for each target: whether the medians meet it."""
    cost = table.set_index(["contender", "networks"])["microseconds_median"].to_dict()
    lines = []

    def target(text: str, ratio: float, met: bool) -> None:
        lines.append(f"{'met' if met else 'MISSED':6}  {text}: {ratio:,.2f}")

    for networks in (300, 1200):
        if ("Numba loop", 300) in cost:
            ratio = cost["scratch stack", networks] / cost["Numba loop", 300]
            text = f"scratch stack of {networks} takes at most 1.2 times as long as Numba"
            target(text, ratio, ratio <= 1.2)
        ratio = cost["scikit-learn GridSearchCV", 5] / cost["scratch stack", networks]
        text = f"scratch stack of {networks} is at least 300 times as fast as scikit-learn"
        target(text, ratio, ratio >= 300)
    for networks in (50, 300):
        ratio = cost["Keras fit", 1] / cost["TensorFlow stack", networks]
        text = f"TensorFlow stack of {networks} is at least 1000 times as fast as Keras fit"
        target(text, ratio, ratio >= 1000)
    return lines


def main() -> None:
    """Measure, print and write."""
    with threadpool_limits(1):
        table = measure(contenders())
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(OUTPUT, index=False)
    print(f"Wall time on one thread, in microseconds per update of one network; {ROUNDS} rounds.")
    print(f"A fit is 500 epochs of {SAMPLES} samples; fewer epochs were timed, see the table.\n")
    print(table.to_string(index=False, na_rep="-", float_format=lambda value: f"{value:.3g}"))
    print("", *verdicts(table), f"\nwritten to {OUTPUT}", sep="\n")


if __name__ == "__main__":
    main()
