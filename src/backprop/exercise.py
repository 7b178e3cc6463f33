"""The solution of an exercise of the report, for the teacher: `backprop exercise 7`.

A student types a number into the page "Watch the networks learn". It sets the starting weights of a
small network, and a row of the data. The student calculates one update.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.errors import BackpropError
from backprop.network.optimisers import OPTIMISERS, Constants, Memory
from backprop.network.parameters import draw_layers
from backprop.statistics.one_step import Update
from backprop.study.configurations import Configuration
from backprop.study.streams import stream
from backprop.workflow.plan import paths

NETWORK = Configuration.of_network((2,), "sigmoid", "squared_error", 0.5, "uniform")
REMEMBERED, UPDATES = 0.1, 1  # the most that an optimiser remembers at first, of one update before
MOST_INPUTS = 2  # the first ones: the exercise is for a pen


def solve(number: int, dataset: Dataset, optimiser: str = "sgd") -> Iterator[tuple[str, float]]:
    """Yield the numbers of an exercise, with their symbols, in the order of the calculation.

    Parameters
    ----------
    number : int
        The number of the student, at least 0.
    dataset : Dataset
        Its inputs are standardised by all rows. The target is 1 for the second class.
    optimiser : str, default="sgd"
        An entry of `backprop.network.optimisers.OPTIMISERS`.

    Raises
    ------
    ValueError
        If `number` is negative.
    """
    row = int(stream(number, "order", 0, 0).permutation(len(dataset.y))[0])
    x = Encoder.of(dataset, np.arange(len(dataset.y))).apply(dataset.x)[row, :MOST_INPUTS]
    y = np.array([float(dataset.y[row] == 1)])
    generator = stream(number, "weights", 0, 0)
    layers = draw_layers(generator, x.size, NETWORK.hidden, NETWORK.initialisation)
    configuration = NETWORK.changed(optimiser=optimiser)
    memory = Memory.of(optimiser, layers, Constants(**configuration.constants))
    if memory:
        memory.updates += UPDATES
        for array in memory.arrays():
            array[...] = REMEMBERED * generator.random(array.shape)
    yield "row", row + 1
    update = Update(configuration, layers, x, y, memory)
    for line in (*update.start([""] * x.size), *update.by_hand()):
        yield from line.numbers()


def print_solution(number: int, name: str | None, optimiser: str) -> None:
    """Print the solution of an exercise on a data set of the results in this folder.

    Raises
    ------
    BackpropError
        If there is no such data set, or no such optimiser.
    """
    if optimiser not in OPTIMISERS:
        raise BackpropError(f"--optimiser: found {optimiser}; use one of {', '.join(OPTIMISERS)}")
    for symbol, value in solve(number, _read(name), optimiser):
        print(f"{symbol:<16}{value:.7g}")


def _read(name: str | None) -> Dataset:
    """Read a data set of the results in this folder."""
    files = Path().glob(paths.DATA.format(dataset="*"))
    names = sorted(paths.wildcards(paths.DATA, file)["dataset"] for file in files)
    listed = ", ".join(names)
    if not names:
        raise BackpropError("no data set in the folder results; run the workflow first")
    if name is None and len(names) > 1:
        raise BackpropError(
            f"the folder results has {len(names)} data sets: {listed}; name one: --dataset"
        )
    if name is not None and name not in names:
        raise BackpropError(f"no data set {name} in the folder results; there are: {listed}")
    data, columns = (
        Path(file.format(dataset=name or names[0])) for file in (paths.DATA, paths.COLUMNS)
    )
    if not columns.exists():
        raise BackpropError(f"{columns} is missing; run the workflow again")
    return read_dataset(data, columns)
