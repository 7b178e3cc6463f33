"""Check the logistic regression of this library against results that are known."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import xlogy

from backprop.data.dataset import Dataset
from backprop.data.scaling import standardise
from backprop.errors import BackpropError
from backprop.models.baselines import fit_logistic, predict_logistic
from backprop.network.functions import Array


class Quantity(NamedTuple):
    """What a known number is of.

    Attributes
    ----------
    label : str
        What a reader is told, with the item's name or number for ``{}``.
    compute : callable
        ``compute(dataset, answer)``: the values, given the entry of the file of known answers.
    """

    label: str
    compute: Callable[[Dataset, Mapping[str, Any]], Array]


def _theta(dataset: Dataset, answer: Mapping[str, Any]) -> Array:
    return fit_logistic(dataset.x, dataset.y).parameters


def _standardised_theta(dataset: Dataset, answer: Mapping[str, Any]) -> Array:
    x = standardise(dataset.x, np.arange(len(dataset.y)))
    return fit_logistic(x, dataset.y).parameters


def _cost(dataset: Dataset, answer: Mapping[str, Any]) -> Array:
    def after(steps: int) -> float:
        x, y = dataset.x, dataset.y
        theta = fit_logistic(x, y, steps).parameters if steps else np.zeros(x.shape[1] + 1)
        p = predict_logistic(theta, x)
        return float(-np.mean(xlogy(y, p) + xlogy(1 - y, 1 - p)))

    return np.array([after(steps) for steps in range(len(answer["expected"]))])


def _probability_of_0(dataset: Dataset, answer: Mapping[str, Any]) -> Array:
    row = np.array([answer["at"]], dtype=float)
    return 1 - predict_logistic(fit_logistic(dataset.x, dataset.y).parameters, row)


def _correct(dataset: Dataset, answer: Mapping[str, Any]) -> Array:
    p = predict_logistic(fit_logistic(dataset.x, dataset.y).parameters, dataset.x)
    return np.array([np.sum((p >= 0.5) == dataset.y)], dtype=float)


QUANTITIES: dict[str, Quantity] = {
    "theta": Quantity("theta {}", _theta),
    "cost": Quantity("cost J after {} Newton steps", _cost),
    "probability_of_0": Quantity("probability of class 0{}", _probability_of_0),
    "standardised_theta": Quantity("theta {}, standardised features", _standardised_theta),
    "correct": Quantity("rows classified correctly{}", _correct),
}


def compare(dataset: Dataset, known: Mapping[str, Any]) -> pd.DataFrame:
    """Compare known with computed values.

    Parameters
    ----------
    dataset : Dataset
    known : mapping
        What a file of known answers holds, as `backprop.workflow.config.check_known_answers` wants it.

    Returns
    -------
    DataFrame
        A row per value: quantity, expected, computed, difference, tolerance, agrees, source.
    """
    rows = []
    for answer in known["answers"]:
        quantity = QUANTITIES[answer["quantity"]]
        values = np.array(answer["expected"], dtype=float)
        computed = quantity.compute(dataset, answer)
        for number, (expected, found) in enumerate(zip(values, computed, strict=True)):
            item = f" at {answer['at']}" if "at" in answer else number if values.size > 1 else ""
            rows.append(
                {
                    "quantity": quantity.label.format(item),
                    "expected": expected,
                    "computed": found,
                    "difference": found - expected,
                    "tolerance": float(answer["tolerance"]),
                    "agrees": bool(abs(found - expected) <= answer["tolerance"]),
                    "source": answer["source"],
                }
            )
    return pd.DataFrame(rows)


def refuse_mismatch(table: pd.DataFrame) -> None:
    """Refuse a table of `compare` in which a value does not agree.

    Raises
    ------
    BackpropError
        Naming each such quantity, what was found and what is known.
    """
    wrong = table[~table["agrees"]]
    if len(wrong):
        lines = [
            f"  {row.quantity}: found {row.computed!r}, known is {row.expected!r} "
            f"(allowed difference {row.tolerance:g})"
            for row in wrong.itertuples()
        ]
        raise BackpropError("the results differ from the known answers:\n" + "\n".join(lines))
