"""Types that every room uses."""

from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

T = TypeVar("T")
NoEffect = Annotated[T, "no result depends on it"]
"""The type of a field that changes no result, such as a label, a formula for the reader, a colour,
or the memory that a job asks for.

`backprop.workflow.dependencies` leaves these fields out of the digest of the code: an edit of one
trains and scores nothing again. They must be given by keyword.
"""
