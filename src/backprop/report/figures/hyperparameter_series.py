"""Configurations in the order of a hyperparameter."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from backprop.study.configurations import Configuration

Item = TypeVar("Item")


def series_of(candidates: Sequence[Configuration]) -> dict[str, list[Configuration]]:
    """Return the reference and the configurations that differ from it in one hyperparameter.

    They are by hyperparameter: numbers in ascending order, names in the order of the config.
    """
    reference = candidates[0]
    series: dict[str, list[Configuration]] = {key: [reference] for key in reference.values()}
    for candidate in candidates:
        varied = candidate.differing(reference)
        if len(varied) == 1:
            series[varied[0]].append(candidate)
    return {key: in_order(every, [c.values()[key] for c in every]) for key, every in series.items()}


def in_order(items: Sequence[Item], values: Sequence[object]) -> list[Item]:
    """Sort items by their values of a hyperparameter, if these are numbers or lists of numbers."""
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        order = dict(enumerate(values))
    elif all(isinstance(v, tuple) and all(isinstance(n, int) for n in v) for v in values):
        order = {place: (len(v), v) for place, v in enumerate(values)}  # type: ignore[arg-type]
    else:
        return [*items]
    return [items[place] for place in sorted(order, key=order.__getitem__)]  # type: ignore[arg-type]


def evenly(items: Sequence[Item], most: int) -> list[Item]:
    """Return this number of items at most, spread over all."""
    places = np.linspace(0, len(items) - 1, min(len(items), most)).round().astype(int)
    return [items[place] for place in places]
