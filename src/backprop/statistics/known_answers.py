"""Compare logistic regression on all rows with published or otherwise known results."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, NotRequired, TypedDict

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.scaling import exponents, standardise
from backprop.errors import BackpropError
from backprop.models.logistic import fit as fit_logistic
from backprop.models.logistic import predict as predict_logistic
from backprop.statistics.tables import KNOWN_ANSWERS
from backprop.typing import Array, Integers, Shown


class Answer(TypedDict):
    """A known value, or several, as a file of known answers has it; ``at`` are features."""

    quantity: str
    expected: float | list[float]
    at: NotRequired[list[float]]
    tolerance: float
    source: str


class Quantity(NamedTuple):
    """A quantity with a known value.

    Attributes
    ----------
    compute : callable
        ``compute(dataset, answer)``: its values, 1-D, for an entry of the file of known answers.
    label : str
        What readers call it. ``{number}`` is the place of a value among its values, from 0, and
        ``{at}`` the entry ``at`` of the answer.
    """

    compute: Callable[[Dataset, Answer], Array]
    label: Shown[str]


def _theta(dataset: Dataset, answer: Answer) -> Array:
    with np.errstate(over="ignore"):  # inf agrees with nothing that is known
        return np.ldexp(_fit(dataset), -np.append(0, _exponents(dataset)))


def _scaled(dataset: Dataset, x: Array) -> Array:
    """Scale features so that logistic regression can be fitted; it cannot if they are near 1e6."""
    return np.ldexp(x, -_exponents(dataset))


def _exponents(dataset: Dataset) -> Integers:
    return exponents(dataset.x, largest=1e4)


def _fit(dataset: Dataset, **options: int) -> Array:
    """Return the parameters for `_scaled` features."""
    return fit_logistic(_scaled(dataset, dataset.x), dataset.y, **options).parameters


def _standardised_theta(dataset: Dataset, answer: Answer) -> Array:
    x = standardise(dataset.x, np.arange(len(dataset.y)))
    return fit_logistic(x, dataset.y).parameters


def _costs(dataset: Dataset, answer: Answer) -> Array:
    from scipy.special import xlogy  # only now: it is slow

    y, costs, theta = dataset.y, [], np.zeros(dataset.x.shape[1] + 1)
    for steps in range(np.size(answer["expected"])):
        theta = _fit(dataset, max_steps=steps) if steps else theta
        p = predict_logistic(theta, _scaled(dataset, dataset.x))
        costs.append(-np.mean(xlogy(y, p) + xlogy(1 - y, 1 - p)))
    return np.array(costs)


def _probability_of_0(dataset: Dataset, answer: Answer) -> Array:
    row = np.array([answer["at"]], dtype=float)
    return 1 - predict_logistic(_fit(dataset), _scaled(dataset, row))


def _correct(dataset: Dataset, answer: Answer) -> Array:
    p = predict_logistic(_fit(dataset), _scaled(dataset, dataset.x))
    return np.array([np.sum((p > 0.5) == dataset.y)], dtype=float)


QUANTITIES: dict[str, Quantity] = {
    "theta": Quantity(compute=_theta, label="theta {number}"),
    "cost": Quantity(compute=_costs, label="cost J after {number} Newton steps"),
    "probability_of_0": Quantity(compute=_probability_of_0, label="probability of class 0 at {at}"),
    "standardised_theta": Quantity(
        compute=_standardised_theta, label="theta {number}, standardised features"
    ),
    "correct": Quantity(compute=_correct, label="rows classified correctly"),
}
"""By their names in a file of known answers."""


def compare(dataset: Dataset, known: Mapping[str, Sequence[Answer]]) -> pd.DataFrame:
    """Compute every quantity with a known value, and compare the two.

    Parameters
    ----------
    dataset : Dataset
    known : mapping
        The content of a file of known answers, as `workflow/schemas/known_answers.schema.yaml`
        describes it.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.KnownAnswer` per value.
    """
    rows = [row for answer in known["answers"] for row in _rows(dataset, answer)]
    return KNOWN_ANSWERS.frame(rows)


def _rows(dataset: Dataset, answer: Answer) -> list[dict[str, object]]:
    quantity = QUANTITIES[answer["quantity"]]
    expected_values = np.array(answer["expected"], dtype=float)
    computed_values = quantity.compute(dataset, answer)
    pairs = zip(expected_values, computed_values, strict=True)
    return [
        {
            "quantity": quantity.label.format(number=number, at=answer.get("at")),
            "expected": expected,
            "computed": computed,
            "difference": computed - expected,
            "tolerance": float(answer["tolerance"]),
            "agrees": bool(abs(computed - expected) <= answer["tolerance"]),
            "source": answer["source"],
        }
        for number, (expected, computed) in enumerate(pairs)
    ]


def refuse_mismatch(table: pd.DataFrame) -> None:
    """Refuse a table of `compare` in which a computed and a known value do not agree.

    Raises
    ------
    BackpropError
        With a line for each such value: the quantity, the computed value, the known value and the
        tolerance.
    """
    mismatches = table[~table["agrees"]]
    if len(mismatches):
        lines = [
            f"  {row.quantity}: computed {row.computed!r}, known {row.expected!r} "
            f"(allowed difference {row.tolerance:g})"
            for row in mismatches.itertuples()
        ]
        raise BackpropError("the results differ from the known answers:\n" + "\n".join(lines))
