"""Whether a linear boundary separates classes, so that a regression has no finite solution.

Without a penalty, the cost of a logistic or softmax regression has a minimum unless some direction
of the parameters makes no row less probable, and a row more probable. The probabilities of the rows
that it makes more probable then go to their limit, and the rest are the fit of these
rows alone (Albert & Anderson, 1984, *On the existence of maximum likelihood estimates in logistic
regression models*; Geyer, 2009, *Likelihood inference in exponential families and directions of
recession*). A linear programme finds such a direction, or shows that there is none (Konis, 2007,
*Linear programming algorithms for detecting separated data in binary logistic regression models*).

If all rows become more probable, the separation is complete, else it is quasi-complete. It matters
how many do: where a boundary goes through two of a hundred rows, the regression is as useless as
without them; where an input is 1 in two rows, of one class, only its own coefficient is.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from backprop.models.coordinates import Coordinates
from backprop.typing import Array, Integers

MOST = 0.5  # of the rows: from this share on, the classes count as separated, not an input
FEASIBLE = 1e-10  # the smallest error of a constraint that HiGHS can be asked for
ZERO = 1e-8  # what counts as 0 among margins of which one is about 1: more than HiGHS's error
NO_WEIGHT = 1e-6  # what counts as 0 among weights of which the largest is 1


class Separation(NamedTuple):
    """What a boundary separates.

    Attributes
    ----------
    share : float
        The share of the rows that some direction makes more probable, and whose probabilities have
        no finite logarithm of the odds: 0 if the regression has a solution. From `MOST` on it may
        be more.
    inputs : tuple of int
        The inputs, from 0, whose coefficients the other rows do not determine: they have no finite
        value. If `share` is `MOST` or more, some may be left out.
    """

    share: float = 0.0
    inputs: tuple[int, ...] = ()


NOTHING = Separation()


def find_separation(coordinates: Coordinates, y: Integers) -> Separation:
    """Find which rows are separated, and by which inputs.

    Parameters
    ----------
    coordinates : Coordinates
        Of the n rows.
    y : array, shape (n,)
        Their classes, from 0, each present. Of more than two, for a softmax regression.
    """
    classes, every = int(y.max()) + 1, np.arange(len(y))
    apart, inputs = np.empty(0, dtype=np.int64), set[int]()
    for c in range(classes) if classes > 2 else [1]:  # each class against all others
        signs = np.where(y == c, 1.0, -1.0)[:, np.newaxis]
        own, of_class = _separated(coordinates.rows * signs, every, coordinates)
        apart, inputs = np.union1d(apart, own), inputs | of_class
        if len(apart) >= MOST * len(y):
            break
    if classes > 2 and not len(apart):  # slower, and hardly ever finds what these do not
        apart, inputs = _separated(*_between_classes(coordinates.rows, y, classes), coordinates)
    return Separation(len(apart) / len(y), tuple(sorted(inputs)))


def _between_classes(rows: Array, y: Integers, classes: int) -> tuple[sparse.csr_matrix, Integers]:
    """Return what the margins of each row against the other classes are, by the parameters.

    There are parameters of all classes but the last, one after the other; the last has 0. The
    shape is (n (C - 1), (C - 1) r). Also returns the row of each margin.
    """
    blocks, places = [], []
    for other in range(classes):
        kept = y != other
        sign = np.eye(classes)[y[kept]] - np.eye(classes)[other]
        features = rows[kept]
        blocks.append([sparse.csr_matrix(s[:, np.newaxis] * features) for s in sign.T[:-1]])
        places.append(np.flatnonzero(kept))
    return sparse.bmat(blocks, format="csr"), np.concatenate(places)


def _separated(
    margins: Array | sparse.csr_matrix, places: Integers, coordinates: Coordinates
) -> tuple[Integers, set[int]]:
    """Return which rows are separated, and the inputs that all others leave undetermined.

    Each margin belongs to one of the rows, its place. Margins that a direction makes positive
    restrict no further direction: a multiple of the first outweighs it. So directions are looked
    for until there is none among the other margins, or `MOST` rows are separated.
    """
    kept, rows = np.ones(len(places), dtype=bool), places[:0]
    while kept.any() and (reached := _direction(margins[kept])) is not None:
        kept[kept] = reached <= ZERO
        rows = np.unique(places[~kept])
        if len(rows) >= MOST * len(coordinates.rows):
            return rows, set()
    return rows, set() if kept.all() else _undetermined(margins[kept], coordinates)


def _direction(margins: Array | sparse.csr_matrix) -> Array | None:
    """Return margins of which none is negative and one is positive, or None if there are none.

    The margins of parameters b are ``margins @ b``. Their sum is made as large as it can be with
    each entry of b from -1 to 1. If there is such a direction, the largest margin is then at least
    1/2, as the columns of `margins` have a mean square of about 1; if there is none, all are 0.
    """
    total = np.asarray(margins.sum(axis=0)).ravel()
    from scipy.optimize import linprog  # only now: it is slow

    solution = linprog(
        -total,
        A_ub=-margins,
        b_ub=np.zeros(margins.shape[0]),
        bounds=(-1, 1),
        method="highs",
        options={"primal_feasibility_tolerance": FEASIBLE, "dual_feasibility_tolerance": FEASIBLE},
    )
    if solution.x is None:  # a missing answer proves nothing
        return None
    reached = np.asarray(margins @ solution.x)
    return reached if reached.max() > 0.25 and reached.min() > -ZERO else None


def _undetermined(margins: Array | sparse.csr_matrix, coordinates: Coordinates) -> set[int]:
    """Return the inputs of the directions that change none of these margins."""
    squares = margins.T @ margins
    values, vectors = np.linalg.eigh(
        squares if isinstance(squares, np.ndarray) else squares.toarray()
    )
    rows, directions = coordinates.rows.shape
    free = vectors[:, values <= NO_WEIGHT**2 * rows]
    of_inputs = coordinates.back[1:] @ free.reshape(-1, directions, free.shape[1])
    weights = abs(of_inputs).max(axis=(0, 2), initial=0.0)  # over classes and directions
    return set(np.flatnonzero(weights > NO_WEIGHT * weights.max()).tolist())
