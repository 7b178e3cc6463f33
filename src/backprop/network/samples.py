"""Sets of samples side by side, which a stack of networks gets block by block.

The sets are rows of one table. For each set only the numbers of its rows are kept, so that memory
grows with the table, not with the number of sets or networks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backprop.typing import Array, Booleans, Integers

BLOCK_FLOATS = 2**21  # in a block, for all networks together
KEPT_FLOATS = 2**23  # sets with at most as many are encoded once, others in each epoch
ORDERS = 32  # epochs whose orders are drawn at once; fewer if their places do not fit in a block


@dataclass(frozen=True)
class Samples:
    """The samples of a block, for each set or network; shorter sets are padded at the end.

    Attributes
    ----------
    x : array, shape (n, d, F)
        The inputs of n samples; 0 where there is padding.
    y : array, shape (n, l, F)
        The targets, 0 or 1; 0 where there is padding.
    real : bool array, shape (n, F)
        False where there is padding.
    """

    x: Array
    y: Array
    real: Booleans


class SampleSets:
    """S sets of samples.

    Parameters
    ----------
    x : array, shape (rows, columns)
        A table.
    y : int array, shape (rows,)
        The classes. With one output, the target is the class, 0 or 1. With several, output j has
        the target 1 for samples of class j, and 0 for the others.
    sets : sequence of (rows, encode)
        The rows of the table in each set, counted from 0, and how to encode these:
        ``encode(x[rows])`` returns the inputs, shape (rows, d), each row on its own.
    outputs : int, default=1
        The number l of outputs.

    Attributes
    ----------
    rows : int
        The number of rows of the table.
    """

    def __init__(
        self,
        x: Array,
        y: Integers,
        sets: Sequence[tuple[Integers, Callable[[Array], Array]]],
        outputs: int = 1,
    ) -> None:
        self.rows, self._x, self._sets = len(x), x, sets
        # With one output, the target is 1 for class 1.
        self._y = y[:, np.newaxis] == (np.arange(outputs) if outputs > 1 else 1)
        self._counts = np.array([rows.size for rows, _ in sets])
        rows, encode = sets[0]
        self._sizes = encode(x[rows[:1]]).shape[1], outputs
        everything = self._counts.max() * sum(self._sizes) * len(sets)
        self._kept = self._encode(self._places(0)) if everything <= KEPT_FLOATS else None

    def orders(self, generators: Sequence[np.random.Generator]) -> Iterator[NDArray[np.int32]]:
        """Yield the orders of one epoch after another, without an end; padding stays last.

        Parameters
        ----------
        generators : sequence of numpy.random.Generator
            One for each of the S sets. Use it for nothing else: one call draws the orders of
            several epochs, which takes two thirds of the time.

        Yields
        ------
        int array, shape (n, S)
            For `blocks`.
        """
        places = int(self._counts.max()) * len(self._sets)
        epochs = max(1, min(ORDERS, BLOCK_FLOATS // places))
        while True:
            yield from self._draw(generators, epochs)

    def _draw(self, generators: Sequence[np.random.Generator], epochs: int) -> NDArray[np.int32]:
        """Draw the orders of some epochs, shape (epochs, n, S)."""
        orders = np.repeat(self._places(0).T[:, np.newaxis], epochs, axis=1)
        for order, generator, count in zip(orders, generators, self._counts, strict=True):
            # As `permutation` does, epoch by epoch.
            generator.permuted(order[:, :count], axis=1, out=order[:, :count])
        return np.ascontiguousarray(orders.transpose(1, 2, 0))

    def blocks(
        self, set_numbers: Integers, order: NDArray[np.int32] | None = None, batch_size: int = 1
    ) -> Iterator[Samples]:
        """Yield the samples for F networks, block by block.

        Parameters
        ----------
        set_numbers : int array, shape (F,)
            Which of the S sets each network gets; they may repeat.
        order : int array, optional
            From `orders`; by default each set is in the order of its rows.
        batch_size : int, default=1
            Every block but the last has a multiple of it.
        """
        most = BLOCK_FLOATS // (sum(self._sizes) * len(set_numbers))
        size = max(1, most // batch_size) * batch_size
        for start in range(0, self._counts.max(), size):
            end = start + size
            places = self._places(start, end) if order is None else order[start:end]
            if self._kept is None:
                x, y = self._encode(places)
            else:
                x, y = (_in_order(array, places) for array in self._kept)
            # `take` gives arrays in C order and `x[..., sets]` does not: training is twice as fast.
            y = y.take(set_numbers, axis=-1)
            real = (places < self._counts).take(set_numbers, axis=-1)
            if batch_size == 1:
                x = x.take(set_numbers, axis=-1)
            else:  # the networks first in memory, see `backprop.network.stacked.nodes_last`
                x = np.ascontiguousarray(np.moveaxis(x, -1, 0)).take(set_numbers, axis=0)
                x = np.moveaxis(x, 0, -1)
            yield Samples(x, y, real)

    def _places(self, start: int, end: int | None = None) -> NDArray[np.int32]:
        """Return the places in each set that a block has, shape (n, S), in order."""
        places = np.arange(self._counts.max(), dtype=np.int32)[start:end]
        return np.repeat(places[:, np.newaxis], len(self._sets), axis=1)

    def _encode(self, places: NDArray[np.int32]) -> tuple[Array, Array]:
        """Return the inputs and the targets of places in each set; 0 beyond its last."""
        x, y = (np.zeros((len(places), size, len(self._sets))) for size in self._sizes)
        for s, (rows, encode) in enumerate(self._sets):
            chosen = rows[places[places[:, s] < rows.size, s]]
            if chosen.size:
                x[: chosen.size, :, s] = encode(self._x[chosen])
                y[: chosen.size, :, s] = self._y[chosen]
        return x, y


def _in_order(array: Array, places: NDArray[np.int32]) -> Array:
    """Return what `np.take_along_axis` does, of shape (m, size, S), in a third of its time."""
    _, size, sets = array.shape
    columns = np.arange(size * sets).reshape(size, sets)
    return array.reshape(-1).take(places[:, np.newaxis].astype(np.int64) * columns.size + columns)
