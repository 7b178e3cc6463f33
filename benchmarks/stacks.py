"""Measure stacks of 50 networks in batches, beside scikit-learn and PyTorch.

An epoch of a fit is timed, in seconds of the processor and on one thread, on four fifths of the
rows: of a stack of 50 fits on five folds, of `MLPClassifier`, which trains one after the other, and
of the same 50 networks by PyTorch's `bmm`, if it is installed. All train in turn; of a few rounds
the fastest counts. The stack also predicts: the test rows after each of the epochs, and all rows at
the end. Its time without them is beside. A study predicts after at most 100 epochs, of 500.

With ``--share``, it runs the default config in a copy instead, and measures which share of its
processor time trains the hand-written networks, by the networks of a stack.

The tables are also in ``results/benchmarks``, as ``stacks.md`` and ``share.md``, from which `make
readme` takes them.
"""

import argparse
import importlib
import importlib.util
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from backprop.data.dataset import Dataset
from backprop.models.networks import train_fits
from backprop.network import stacked
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from workflow import RESULTS, ROOT, RUN, copy_tracked, timed

TABLES = {"1,000 x 20": (1000, 20, 20), "digits": (1797, 64, 100), "5,000 x 100": (5000, 100, 50)}
"""Rows, features and hidden nodes."""
BATCHES, OPTIMISERS = (32, 200), {"sgd": 0.1, "adam": 0.001}
RECORD = """

import atexit, collections, time

plain_train_epoch, spent = train_epoch, collections.Counter()

def train_epoch(layers, x, y, eta, method):
    started = time.process_time()
    z = plain_train_epoch(layers, x, y, eta, method)
    spent[x.shape[-1]] += time.process_time() - started
    return z

@atexit.register
def record():
    with open({file!r}, "a") as file:
        file.writelines(f"{{networks}},{{seconds}}\\n" for networks, seconds in spent.items())
"""
"""What a copy of `backprop.network.stacked` ends with: it writes down the time of its epochs."""
FITS, FOLDS, EPOCHS, ROUNDS, SEED = 50, 5, 20, 3, 1


def dataset(name: str) -> Dataset:
    """Return the digits, or random numbers of which the first feature decides the class in part."""
    rows, features, _ = TABLES[name]
    if name == "digits":
        x, y = load_digits(return_X_y=True)
        x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9)
    else:
        generator = np.random.default_rng(SEED)
        x = generator.normal(size=(rows, features))
        y = (x[:, 0] + generator.normal(size=rows) > 0).astype(int)
    names = tuple(f"x{number}" for number in range(features))
    return Dataset(names, "y", x, y, tuple(map(str, np.unique(y))))


def stack(data: Dataset, hidden: int, batch: int, optimiser: str) -> float:
    """Train 50 fits on five folds, at several learning rates; return the time of predictions."""
    predictions = []

    def predict(*arguments: Any) -> Any:
        began = time.process_time()
        z = stacked.predict(*arguments)
        predictions.append(time.process_time() - began)
        return z

    network = SimpleNamespace(train_epoch=stacked.train_epoch, predict=predict)
    splits = splits_of(draw_folds(data.y, folds=FOLDS, repeats=1, seed=SEED))
    rates = OPTIMISERS[optimiser] * np.geomspace(0.5, 1, FITS // FOLDS).repeat(FOLDS)
    chosen = [
        Configuration.of_network(
            (hidden,), "tanh", "cross_entropy", rate, "glorot", batch, optimiser=optimiser
        )
        for rate in rates
    ]
    pairs = list(zip(chosen, splits * FITS, strict=False))
    train_fits(network, pairs, data, seed=SEED, epochs=EPOCHS)
    return sum(predictions)


def scikit_learn(data: Dataset, hidden: int, batch: int, optimiser: str) -> None:
    """Train one of the networks."""
    rows = len(data.y) * (FOLDS - 1) // FOLDS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is fixed
        MLPClassifier(
            (hidden,), activation="tanh", solver=optimiser, alpha=0, momentum=0, batch_size=batch,
            learning_rate_init=OPTIMISERS[optimiser], max_iter=EPOCHS,
            n_iter_no_change=EPOCHS + 1, random_state=SEED,
        ).fit(data.x[:rows], data.y[:rows])  # fmt: skip


def by_torch(data: Dataset, hidden: int, batch: int, optimiser: str) -> None:
    """Train the 50 networks by PyTorch."""
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    classes, rows = len(data.classes), len(data.y) * (FOLDS - 1) // FOLDS
    outputs = 1 if classes == 2 else classes
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.y)
    sizes = [(data.x.shape[1], hidden), (1, hidden), (hidden, outputs), (1, outputs)]
    layers = [torch.randn(FITS, *size, dtype=torch.float64) / size[0] ** 0.5 for size in sizes]
    for array in layers:
        array.requires_grad_()
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimiser]
    steps, functions = make(layers, OPTIMISERS[optimiser]), torch.nn.functional
    for _ in range(EPOCHS):
        order = torch.stack([torch.randperm(rows) for _ in range(FOLDS)]).repeat(FITS // FOLDS, 1)
        samples, targets = x[order], y[order]
        for start in range(0, rows, batch):
            own = slice(start, start + batch)
            below = torch.tanh(torch.baddbmm(layers[1], samples[:, own], layers[0]))
            z, target = torch.baddbmm(layers[3], below, layers[2]), targets[:, own]
            if outputs == 1:
                cost = functions.binary_cross_entropy_with_logits(
                    z[..., 0], target.double(), reduction="none"
                )
            else:
                flat = z.reshape(-1, outputs), target.reshape(-1)
                cost = functions.cross_entropy(*flat, reduction="none").reshape(FITS, -1)
            steps.zero_grad()
            cost.mean(1).sum().backward()
            steps.step()


def milliseconds(train: Callable[..., Any], fits: int, *arguments: Any) -> list[float]:
    """Return the time of an epoch of a fit, and without predictions if their time is known."""
    began = time.process_time()
    of_predictions = train(*arguments)
    took = time.process_time() - began
    every = [took] if of_predictions is None else [took, took - of_predictions]
    return [1000 * seconds / fits / EPOCHS for seconds in every]


def side_by_side() -> str:
    """Return the times of all contenders, in Markdown."""
    contenders: list[tuple[Callable[..., Any], int]] = [(stack, FITS), (scikit_learn, 1)]
    if importlib.util.find_spec("torch"):
        contenders.append((by_torch, FITS))
    lines = [
        "| table | hidden | batch | optimiser | stack, ms | `MLPClassifier` | `bmm` "
        "| training alone, ms | `MLPClassifier` | `bmm` |",
        "|---|---:|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    with threadpool_limits(1):
        for name, (_, _, hidden) in TABLES.items():
            data = dataset(name)
            for batch in BATCHES:
                for optimiser in OPTIMISERS:
                    arguments = data, hidden, batch, optimiser
                    rounds = [
                        [ms for each in contenders for ms in milliseconds(*each, *arguments)]
                        for _ in range(ROUNDS)
                    ]
                    whole, training, *others = np.min(rounds, axis=0)
                    cells = [name, hidden, batch, optimiser]
                    for own in (whole, training):
                        cells += [f"{own:.2f}", *(f"{other / own:.2f}" for other in others)]
                    lines.append(f"| {' | '.join(map(str, cells))} |")
                    print(lines[-1], flush=True)
    return "\n".join(lines)


def share() -> str:
    """Return the processor time of training in the default run, in Markdown."""
    with tempfile.TemporaryDirectory() as name:
        copy, file = Path(name).resolve() / "copy", Path(name).resolve() / "spent.csv"
        copy_tracked(ROOT, copy)
        with (copy / "src/backprop/network/stacked.py").open("a", encoding="utf-8") as module:
            module.write(RECORD.format(file=str(file)))
        whole = timed(RUN, copy).cpu
        table = pd.read_csv(file, names=["networks", "seconds"])
    spent = table.groupby("networks")["seconds"].sum()
    lines = ["| networks of a stack | seconds of training | share of the run |", "|---:|---:|---:|"]
    lines += [f"| {n:,} | {seconds:.1f} | {seconds / whole:.0%} |" for n, seconds in spent.items()]
    lines.append(f"| all | {spent.sum():.1f} of {whole:.1f} | {spent.sum() / whole:.0%} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", action="store_true", help="the share of training in a run")
    asked = parser.parse_args()
    text = share() if asked.share else side_by_side()
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / ("share.md" if asked.share else "stacks.md")).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
