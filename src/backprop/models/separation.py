"""Whether a linear boundary separates classes, so that a regression has no finite solution.

Without a penalty, the cost of a logistic or softmax regression has a minimum unless some direction
of the parameters makes no row less probable, and a row more probable. Then the classes are
separated: completely if it makes all rows more probable, else quasi-completely (Albert & Anderson,
1984, *On the existence of maximum likelihood estimates in logistic regression models*). A linear
programme finds such a direction, or shows that there is none (Konis, 2007, *Linear programming
algorithms for detecting separated data in binary logistic regression models*).
"""

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from backprop.models.coordinates import Coordinates
from backprop.typing import Array, Integers

FEASIBLE = 1e-10  # the smallest error of a constraint that HiGHS can be asked for
ZERO = 1e-8  # what counts as 0 among margins of which one is about 1: more than HiGHS's error


def is_separated(coordinates: Coordinates, y: Integers) -> bool:
    """Return whether the classes of rows are separated, completely or quasi-completely.

    Parameters
    ----------
    coordinates : Coordinates
        Of the n rows.
    y : array, shape (n,)
        Their classes, from 0, each present. Of more than two, whether a softmax regression has no
        finite solution.
    """
    rows, classes = coordinates.rows, int(y.max()) + 1
    # One class apart from all others is enough, and is found faster.
    one_sided = [np.where(y == c, 1.0, -1.0) for c in range(classes if classes > 2 else 1)]
    if any(_has_direction(rows * signs[:, np.newaxis]) for signs in one_sided):
        return True
    return classes > 2 and _has_direction(_between_classes(rows, y, classes))


def _between_classes(rows: Array, y: Integers, classes: int) -> sparse.csr_matrix:
    """Return what the margins of each row against the other classes are, by the parameters.

    The parameters are those of all classes but the last, one after the other; the last has 0. The
    shape is (n (C - 1), (C - 1) r).
    """
    blocks = []
    for other in range(classes):
        kept = y != other
        sign = np.eye(classes)[y[kept]] - np.eye(classes)[other]
        features = rows[kept]
        blocks.append([sparse.csr_matrix(s[:, np.newaxis] * features) for s in sign.T[:-1]])
    return sparse.bmat(blocks, format="csr")


def _has_direction(margins: Array | sparse.csr_matrix) -> bool:
    """Return whether some parameters make no margin negative, and one positive.

    The margins of parameters b are ``margins @ b``. Their sum is made as large as it can be with
    each entry of b from -1 to 1. If there is such a direction, the largest margin is then at least
    1/2, as the columns of `margins` have a mean square of about 1; if there is none, all are 0.
    """
    total = np.asarray(margins.sum(axis=0)).ravel()
    solution = linprog(
        -total,
        A_ub=-margins,
        b_ub=np.zeros(margins.shape[0]),
        bounds=(-1, 1),
        method="highs",
        options={"primal_feasibility_tolerance": FEASIBLE, "dual_feasibility_tolerance": FEASIBLE},
    )
    if solution.x is None:  # no answer is no proof
        return False
    reached = margins @ solution.x
    return bool(reached.max() > 0.25 and reached.min() > -ZERO)
