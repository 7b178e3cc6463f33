"""What the statistics of the report share: fits by model and configuration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from backprop.inference.intervals import corrected_interval
from backprop.inference.paired import NO_ROWS, Difference, accuracy_interval, hardly_varies
from backprop.models.registry import BASELINE, headline
from backprop.study.configurations import Candidate, name_in_cell
from backprop.study.fits import predictions
from backprop.study.metrics import METRICS, predicted_classes
from backprop.typing import Array, Booleans, Integers

PRIMARY = "accuracy"  # the metric of the comparison

COLUMNS = ("model", "configuration", "repeat", "fold", "rows", "probabilities")
"""The columns that a `Judgement` needs of the files of fits."""

STATES = ("diverged", "unlearned", "separated", "quasi_separated", "not_converged", "failed")
RARE = ("quasi_separated", "failed")  # a table has a column of these only if there are such fits

Row = dict[str, Any]

Groups = dict[tuple[str, str | None], Integers]

Candidates = Mapping[str, Sequence[Candidate]]
"""The configurations of each model, its reference first."""


def group_fits(table: pd.DataFrame) -> Groups:
    """Return the positions of the fits of each model and configuration.

    Parameters
    ----------
    table : DataFrame
        A row per fit, with the columns model, configuration (missing if all its values are the
        defaults), repeat and fold.

    Returns
    -------
    dict of (str, str or None) to array of int
        By model and configuration, in order of appearance: the positions of their rows, in the
        order of repeat and fold.
    """
    models, configurations = table["model"].to_numpy(), table["configuration"].to_numpy()
    model_numbers, _ = pd.factorize(models)
    configuration_numbers, names = pd.factorize(configurations)  # -1 if missing
    pairs = model_numbers * (len(names) + 1) + configuration_numbers
    groups, _ = pd.factorize(pairs)
    order = np.lexsort((table["fold"], table["repeat"], groups))
    ends = np.flatnonzero(np.diff(groups[order])) + 1
    return {
        (models[positions[0]], name_in_cell(configurations[positions[0]])): positions
        for positions in np.split(order, ends)
        if positions.size
    }


def size(y: Integers) -> tuple[int, int]:
    """Return the number of rows and of classes."""
    return len(y), int(y.max()) + 1


def count_states(status: Any) -> dict[str, int]:
    """Return how many fits are in each of `STATES`."""
    return {state: int((status == state).sum()) for state in STATES}


def states_of(status: Any) -> list[str]:
    """Return the states that a table has a column of, see `RARE`."""
    return [state for state in STATES if state not in RARE or (status == state).any()]


def commonest_reason(scores: pd.DataFrame, state: str) -> Row:
    """Return the reason of most fits that are in a state, and their share; {} if none has one."""
    if "reason" not in scores:
        return {}
    reasons = scores.loc[scores["status"] == state, "reason"]
    counts = reasons.value_counts()  # without missing ones
    return (
        {"reason": counts.index[0], "share": counts.iloc[0] / len(reasons)} if len(counts) else {}
    )


def is_tuned(model: str, candidates: Candidates) -> bool:
    """Return whether a model has several configurations."""
    return len(candidates[model]) > 1


def columns(name: str) -> list[str]:
    """Return the columns of a number and its interval."""
    return [name, f"{name}_lower", f"{name}_upper"]


def difference_columns(difference: Difference) -> Row:
    """Return a difference with its interval, p-value and basis, by the columns of tables."""
    return {
        "difference": difference.mean,
        "difference_lower": difference.lower,
        "difference_upper": difference.upper,
        "p_value": difference.p_value,
        "basis": difference.basis,
    }


@dataclass(frozen=True)
class Judged:
    """A configuration of a model, and how it is judged.

    Its probabilities are read when they are first asked for, and kept.

    Attributes
    ----------
    accuracy : array, shape (repeats * folds,)
        Its accuracy on each split; NaN where a fit diverged or failed.
    fits : DataFrame
        Its fits, in the order of the accuracy, with the columns repeat, fold, rows and
        probabilities.
    y : array, shape (n,)
        The classes of all rows, from 0.
    """

    accuracy: Array
    fits: pd.DataFrame
    y: Integers

    @property
    def scored(self) -> bool:
        """Whether each fit has a score."""
        return bool(np.isfinite(self.accuracy).all())

    @cached_property
    def probabilities(self) -> Array:
        """The out-of-fold probabilities, shape (repeats, n, C)."""
        return predictions(self.fits, *size(self.y))

    @cached_property
    def right(self) -> Booleans:
        """Whether each row is predicted right in each repeat, shape (repeats, n)."""
        return predicted_classes(self.probabilities) == self.y


class Judgement:
    """All configurations of all models, and how they are judged.

    Parameters
    ----------
    scores : DataFrame
        A row per fit with its metrics, from `backprop.study.scores.score_fits`.
    fits : DataFrame
        The same fits, or more, with `COLUMNS`, from `backprop.study.fits.read_fits`.
    y : array, shape (n,)
        The classes, from 0.

    Attributes
    ----------
    scores, y
        As above.
    groups : dict of (str, str or None) to array of int
        The positions of the scores of each configuration of each model, see `group_fits`.
    """

    def __init__(self, scores: pd.DataFrame, fits: pd.DataFrame, y: Integers):
        self.scores, self.y = scores, y
        self.groups, self._groups_of_fits = group_fits(scores), group_fits(fits)
        self._accuracy = scores[PRIMARY].to_numpy()
        self._fits = fits[["repeat", "fold", "rows", "probabilities"]]

    @property
    def models(self) -> list[str]:
        """The models, in order of appearance."""
        return [*dict.fromkeys(model for model, _ in self.groups)]

    def of(self, model: str, configuration: str | None) -> Judged:
        """Return how a configuration is judged."""
        key = model, configuration
        fits = self._fits.iloc[self._groups_of_fits[key]]
        return Judged(self._accuracy[self.groups[key]], fits, self.y)

    def of_baseline(self, candidates: Candidates) -> Judged:
        """Return how the headline of the baseline is judged."""
        return self.of(BASELINE, headline(BASELINE, candidates))

    def of_headlines(self, candidates: Candidates) -> dict[str, Judged]:
        """Return how the headline of each model is judged, in the order of the models."""
        return {model: self.of(model, headline(model, candidates)) for model in self.models}

    def tuned_models(self, candidates: Candidates) -> list[str]:
        """Return the models that are tuned, see `is_tuned`, in order of appearance."""
        return [model for model in self.models if is_tuned(model, candidates)]

    def scores_of(self, model: str, configuration: str | None) -> pd.DataFrame:
        """Return the scores of a configuration, in the order of its splits."""
        return self.scores.iloc[self.groups[model, configuration]]


def accuracy_columns(judged: Judged, folds: int) -> Row:
    """Return a mean accuracy with its interval; NaN if a fit has no score."""
    if not judged.scored:
        return dict.fromkeys(columns(PRIMARY), np.nan)
    right = judged.right if hardly_varies(judged.accuracy) else NO_ROWS
    interval, basis = accuracy_interval(judged.accuracy, right, folds)
    mean = float(np.mean(judged.accuracy))
    numbers = dict(zip(columns(PRIMARY), (mean, *interval), strict=True))
    return {**numbers, f"{PRIMARY}_basis": basis}


def metric_columns(metric: str, values: Array, folds: int, classes: int) -> dict[str, float]:
    """Return the mean of a metric with its corrected interval; NaN if a fit has no score.

    The interval is clipped to what the metric can be. Values that hardly vary say nothing about
    chance, so they have none.
    """
    if not np.isfinite(values).all():
        return dict.fromkeys(columns(metric), np.nan)
    lower = upper = np.nan
    if not hardly_varies(values):
        lowest, highest = METRICS[metric].limits(classes)
        lower, upper = np.clip(corrected_interval(values, folds), lowest, highest)
    return dict(zip(columns(metric), (float(np.mean(values)), lower, upper), strict=True))
