"""Learning curves: the cost at each epoch, over the splits."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from backprop.statistics.tables import Summarised
from backprop.typing import Array

QUANTILES = [0.1, 0.5, 0.9]  # of the splits
POINTS = 30  # of a curve, along each kind of axis: it is drawn a few centimetres wide


NOTABLE = 0.1  # of the fits of a configuration: if this share does not learn, it is worth a look


class Curve(NamedTuple):
    """A curve: the cost at each epoch, three `QUANTILES` of the splits."""

    epochs: Array
    low: Array
    middle: Array
    high: Array


def curve_of(fits: pd.DataFrame, cost: str) -> Curve:
    """Summarise the curves of fits. A fit whose training has ended keeps its last cost.

    Of many epochs, it has some that are even along a linear or a logarithmic axis, with both ends.
    """
    epochs = max(fits["curve_epochs"], key=len)
    ends = epochs[0], epochs[-1], POINTS
    evenly = np.concatenate([np.linspace(*ends), np.geomspace(*ends)]).round()
    places = np.unique(np.searchsorted(epochs, evenly).clip(max=len(epochs) - 1))
    values = [costs[np.minimum(places, len(costs) - 1)] for costs in fits[cost]]
    return Curve(epochs[places], *np.quantile(values, QUANTILES, axis=0))


EARLY = 0.1  # of the epochs


def is_early(curves: Sequence[Curve]) -> bool:
    """Return whether most curves have fallen half of their way in the first tenth of the epochs.

    A logarithmic axis then shows where they fall, and else a linear one.
    """
    early = []
    for epochs, _, middle, _ in curves:
        fallen = middle <= (middle[0] + middle.min()) / 2  # nearer to the lowest than to the first
        early.append(epochs[fallen.argmax()] <= EARLY * epochs[-1])
    return bool(2 * sum(early) > len(early))


def most_telling(rows: Mapping[str, Summarised], reference: str, most: int) -> list[str]:
    """Return the configurations to look at beside the reference, in the order of the rows.

    First those that do not learn, by the share of their fits that have not learned, diverged or
    failed, if it is `NOTABLE`; then those whose scores differ most from the reference's.

    Parameters
    ----------
    rows : mapping of str to Summarised
        By the names of the configurations of a network.
    reference : str
        Its name.
    most : int
        How many to return at most.
    """

    def interest(name: str) -> tuple[float, float]:
        row, own = rows[name], rows[reference].score
        share = (row.unlearned + row.diverged + row.failed) / row.fits
        apart = abs(row.score.value - own.value) if row.score and own else 0.0
        return share if share >= NOTABLE else 0.0, apart

    first = sorted((name for name in rows if name != reference), key=interest, reverse=True)[:most]
    return [name for name in rows if name in first]
