"""The types of arrays, and of fields on which no result depends."""

from typing import Annotated, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Tensor = Any
"""An array of NumPy or of TensorFlow, which has no types."""

Json = Any
"""A value that JSON can hold, a text, a list and so on; whoever reads one checks what it is."""

T = TypeVar("T")
Shown = Annotated[T, "no number depends on it"]
"""A field that readers see and no number depends on: a label, a formula, a colour."""
NoEffect = Annotated[T, "no result depends on it"]
"""A field on which no result depends at all, such as the memory that a job requests.

`backprop.workflow.plan.dependencies` leaves fields of both types out of the digest of the code that
computes numbers, so that an edit of one trains and scores nothing again. Pass them by keyword, to
the class or to a function that has its name in small letters.
"""
