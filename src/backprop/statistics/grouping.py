"""What the statistics of the report share: fits by model and configuration."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.groups import blocks_of, observations_of
from backprop.inference.influence import Difference, Estimate, Training, interval
from backprop.models.candidate_lists import Candidates, is_tuned
from backprop.models.registry import BASELINE, headline
from backprop.statistics.equal_models import same_models
from backprop.statistics.results import KEYS, Results, places
from backprop.statistics.tables import Interval
from backprop.study.contributions import contributions_of
from backprop.study.fits import predictions
from backprop.study.metrics import (
    METRICS,
    Metric,
    entry_of,
    is_cut_off,
    predicted_classes,
    shares_right,
)
from backprop.typing import Array, Integers

COLUMNS = ("model", "configuration", "repeat", "fold", "rows", "probabilities", "predicted")
"""The columns that a `Judgement` needs of the files of fits."""

STATES = ("diverged", "unlearned", "separated", "quasi_separated", "not_converged", "failed")
RARE = ("quasi_separated", "failed")  # a table has a column of these only if there are such fits

FEWEST_NAMED = 5  # observations for which a class is predicted, to know how well it is found

Row = dict[str, Any]

Groups = dict[tuple[str, str], Integers]


def group_fits(table: pd.DataFrame) -> Groups:
    """Return the positions of the fits of each model and configuration.

    Parameters
    ----------
    table : DataFrame
        A row per fit, with the columns model, configuration, repeat and fold.

    Returns
    -------
    dict of (str, str) to array of int
        By model and configuration, in order of appearance: the positions of their rows, in the
        order of repeat and fold.
    """
    order, names = np.lexsort((table["fold"], table["repeat"])), table[[*KEYS]]
    ordered = places(names.iloc[order])
    pairs = names.drop_duplicates().itertuples(index=False, name=None)
    return {(model, name): order[ordered[model, name]] for model, name in pairs}


def size(y: Integers) -> tuple[int, int]:
    """Return the number of rows and of classes."""
    return len(y), int(y.max()) + 1


def commonest_reason(scores: pd.DataFrame, state: str) -> Row:
    """Return the reason of most fits that are in a state, and their share; {} if none has one."""
    if "reason" not in scores:
        return {}
    reasons = scores.loc[scores["status"] == state, "reason"]
    counts = reasons.value_counts()  # without missing ones
    if not len(counts):
        return {}
    return {"reason": counts.index[0], "share": counts.iloc[0] / len(reasons)}


def difference_columns(difference: Difference) -> Row:
    """Return a difference with its interval, p-value and basis, by the fields of tables."""
    apart = Interval(difference.mean, difference.lower, difference.upper)
    return {"difference": apart, "p_value": difference.p_value, "basis": difference.basis}


@dataclass(frozen=True)
class Judged:
    """A configuration of a model, and how it is judged.

    Its probabilities are read when they are first asked for, and kept.

    Attributes
    ----------
    metric : str
        The metric of the study.
    rope : float
        Differences of it up to this are of no practical interest.
    scores : mapping of str to array, shape (repeats * folds,)
        By metric, the score of each split; NaN where a fit diverged or failed.
    fits : DataFrame
        Its fits, in the order of the scores, with `COLUMNS` but for the first two; without
        ``predicted`` if no fit has any.
    y : array, shape (n,)
        The classes of all rows that are tested, from 0.
    observations : array, shape (n,)
        The independent observation that each row belongs to, from 0 without a gap.
    share : float
        That its training sets have of their rows, see `backprop.study.subsets`.
    in_order : bool
        Whether fits are trained on earlier rows than they are tested on. They are then given: what
        they were trained on is over, and a score varies only with the rows that follow.
    """

    metric: str
    rope: float
    scores: Mapping[str, Array]
    fits: pd.DataFrame
    y: Integers
    observations: Integers
    share: float = field(default=1.0, kw_only=True)
    in_order: bool = field(default=False, kw_only=True)

    @property
    def values(self) -> Array:
        """The scores by the metric of the study."""
        return self.scores[self.metric]

    @property
    def value(self) -> float:
        """Their mean."""
        return float(np.mean(self.values))

    @property
    def scored(self) -> bool:
        """Whether each fit has a score."""
        return self.is_scored_by(self.metric)

    def is_scored_by(self, metric: str) -> bool:
        """Return whether each fit has a score by a metric: of classes alone, only some have one."""
        return bool(np.isfinite(self.scores[metric]).all())

    def rope_of(self, metric: str | Metric) -> float:
        """Return the rope by a metric: of the study's metric it is the study's, else its own."""
        return self.rope if metric == self.metric else entry_of(metric).rope

    def values_by(self, metric: str | Metric) -> Array:
        """Return the score of each split by a metric, shape (repeats * folds,)."""
        if isinstance(metric, str):
            return self.scores[metric]
        scores = []
        for repeat, rows in zip(self.fits["repeat"], self.fits["rows"], strict=True):
            test = np.asarray(rows) - 1
            p = self.probabilities[repeat - 1, test][..., np.newaxis]
            scores.append(float(metric.score(self.y[test], p)[0]))
        return np.array(scores)

    @cached_property
    def probabilities(self) -> Array:
        """The out-of-fold probabilities, shape (repeats, n, C)."""
        return predictions(self.fits, *size(self.y))

    @cached_property
    def votes(self) -> Array:
        """What is predicted, shape (repeats, n, C), see `backprop.study.fits.class_votes`."""
        return predictions(self.fits, *size(self.y), votes=True)

    @cached_property
    def right(self) -> Array:
        """1 for each row that is right in each repeat, or a share, shape (repeats, n)."""
        return np.stack([shares_right(self.y, each) for each in self.votes])

    @cached_property
    def splits(self) -> Integers:
        """The number of the split that tests each row, shape (repeats, n), from 0."""
        splits = np.empty((int(self.fits["repeat"].max()), len(self.y)), dtype=np.int64)
        columns = zip(self.fits["repeat"], self.fits["rows"], strict=True)
        for number, (repeat, rows) in enumerate(columns):
            splits[repeat - 1, np.asarray(rows) - 1] = number
        return splits

    @property
    def count(self) -> int:
        """The number of observations."""
        return int(self.observations.max()) + 1

    @property
    def training(self) -> Training:
        """How its fits learn, by another score than a metric."""
        # A part of a training set says as little about others as fewer folds would.
        folds = 1 if self.in_order else len(self.values) // len(self.splits)
        return Training(folds=1 + self.share * (folds - 1))

    @property
    def names_classes(self) -> bool:
        """Whether any fit names classes that its probabilities need not say."""
        return "predicted" in self.fits and bool(self.fits["predicted"].notna().any())

    @property
    def hardly_named(self) -> int | None:
        """The class that is predicted for fewest observations, if for less than `FEWEST_NAMED`.

        That is a mean over the repeats.
        """
        repeats, _, classes = self.votes.shape
        named = np.zeros((repeats, classes, self.count), dtype=bool)
        predicted = predicted_classes(self.votes)
        named[np.arange(repeats)[:, np.newaxis], predicted, self.observations] = True
        counts = named.sum(axis=2).mean(axis=0)
        return int(counts.argmin()) if counts.min() < FEWEST_NAMED else None

    @cached_property
    def estimate(self) -> Estimate:
        """The score by the metric of the study."""
        return self.by(self.metric)

    def by(self, metric: str | Metric, *, given_shares: bool = False) -> Estimate:
        """Return the score by a metric, and what each observation contributes to it.

        Given the shares of the classes, what the rows of a class contribute sums to 0: the score
        varies only by which rows of each class were drawn.
        """
        n, classes = size(self.y)
        entry, training = entry_of(metric), self.training
        data = self.y, self.probabilities, self.splits, self.observations
        own = contributions_of(
            metric, *data, votes=self.votes, named=self.names_classes,
            given_shares=given_shares, given_fit=training.is_given,
        )  # fmt: skip
        counts = np.bincount(self.y)
        by_class = (1 / counts).sum() / n
        if training.is_given and entry.of_classes:  # nothing else allows for classes with few rows
            by_class = (1 / np.square(counts)).mean() / 2
        by_class = math.sqrt(by_class) / classes
        flip = {"rows": 1 / n, "classes": by_class, None: 0.0}[entry.share_of]
        flip = entry.flip(self.y) if entry.flip else flip
        lowest, highest = entry.limits(classes)
        return Estimate(
            value=float(np.mean(self.values_by(metric))),
            contributions=own.values,
            training=training._replace(
                by_ranks=entry.share_of == "classes" and not entry.of_classes, changes=own.changes
            ),
            proportion=entry.share_of if entry.of_classes else None,
            rows=n,
            least=own.least,
            equal=own.equal,
            lowest=lowest,
            highest=highest,
            flip=flip,
            cut_off=math.isinf(highest) and is_cut_off(self.probabilities),
        )


class Headlines(dict[str, Judged]):
    """The headline of each model, in the order of the models."""

    @cached_property
    def same(self) -> dict[str, tuple[str, float]]:
        """Each model that an earlier one is the same as, see `same_models`."""
        return same_models(self)

    @cached_property
    def distinct(self) -> dict[str, Judged]:
        """The models that have a score, and are the same as no earlier one."""
        return {m: each for m, each in self.items() if each.scored and m not in self.same}

    def with_baseline(self, metric: str | None = None) -> dict[str, tuple[Judged, Judged]]:
        """Return each other model and the baseline, if both have scores; by default the study's."""
        scored = {m: each for m, each in self.items() if each.is_scored_by(metric or each.metric)}
        baseline = scored.pop(BASELINE, None)
        return {model: (each, baseline) for model, each in scored.items() if baseline}


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
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    metric : str
        The metric of the study.
    rope : float
        Differences of it up to this are of no practical interest.
    groups : array, shape (n,), optional
        The group of each row; rows of a group are one observation. By default each row is one.
    order : array, shape (n,), optional
        What the rows are in the order of. The first ones are not tested; the others are divided
        into blocks, which are the observations.
    share : float, default=1.0
        As in `Judged`.
    classes : sequence of str, optional
        What the classes are called.

    Attributes
    ----------
    scores, candidates, metric, rope, classes
        As above.
    tested : array, shape (m,)
        The rows that are tested, from 0: all, but for an order.
    y : array, shape (m,)
        Their classes.
    all_y : array, shape (n,)
        The classes of all rows.
    observations : array, shape (n,)
        The independent observation that each row belongs to, from 0 without a gap.
    groups : dict of (str, str) to array of int
        The positions of the scores of each configuration of each model, see `group_fits`.
    """

    def __init__(
        self,
        scores: pd.DataFrame,
        fits: pd.DataFrame,
        y: Integers,
        candidates: Candidates,
        *,
        metric: str,
        rope: float,
        groups: Integers | None = None,
        order: Integers | None = None,
        share: float = 1.0,
        classes: Sequence[str] = (),
    ):
        self.scores, self.all_y, self.candidates, self.classes = scores, y, candidates, classes
        self.metric, self.rope, self.tested = metric, rope, np.arange(len(y))
        self.groups, self._groups_of_fits = group_fits(scores), group_fits(fits)
        fits = fits[[name for name in COLUMNS[2:] if name in fits]]
        if order is not None:
            self.tested = np.unique(np.concatenate([*fits["rows"]])) - 1
            places = [np.searchsorted(self.tested, rows - 1) + 1 for rows in fits["rows"]]
            fits = fits.assign(rows=pd.Series(places, index=fits.index))
            groups = blocks_of(order[self.tested])
        self.y = y[self.tested]
        self.observations = observations_of(len(self.y), groups)
        self._all = Judged(
            metric, rope, {name: scores[name].to_numpy() for name in METRICS}, fits, self.y,
            self.observations, share=share, in_order=order is not None,
        )  # fmt: skip

    @classmethod
    def of_results(
        cls, results: Results, scores: pd.DataFrame, fits: pd.DataFrame, share: float = 1.0
    ) -> "Judgement":
        """Create it from fits and their scores, and results with the data and the config."""
        return cls(
            scores, fits, results.dataset.y, results.candidates, metric=results.metric,
            rope=results.rope, groups=results.groups, order=results.dataset.order, share=share,
            classes=results.dataset.classes,
        )  # fmt: skip

    @property
    def models(self) -> list[str]:
        """The models, in order of appearance."""
        return [*dict.fromkeys(model for model, _ in self.groups)]

    def of(self, model: str, configuration: str) -> Judged:
        """Return how a configuration is judged."""
        key = model, configuration
        places = self.groups[key]
        scores = {name: values[places] for name, values in self._all.scores.items()}
        return replace(
            self._all, scores=scores, fits=self._all.fits.iloc[self._groups_of_fits[key]]
        )

    @property
    def baseline(self) -> Judged:
        """How the headline of the baseline is judged."""
        return self.headlines[BASELINE]

    @cached_property
    def headlines(self) -> Headlines:
        """How the headline of each model is judged."""
        return Headlines({m: self.of(m, headline(m, self.candidates)) for m in self.models})

    @property
    def tuned_models(self) -> list[str]:
        """The models that are tuned, see `is_tuned`, in order of appearance."""
        return [model for model in self.models if is_tuned(model, self.candidates)]

    @cached_property
    def states(self) -> list[str]:
        """The states of fits that a table has a column of, see `RARE`."""
        present = set(self.scores["status"])
        return [state for state in STATES if state not in RARE or state in present]

    def count_fits(self, model: str, configuration: str) -> Row:
        """Return how many fits a configuration has, and how many are in each state."""
        status = self.scores["status"].to_numpy()[self.groups[model, configuration]]
        counts = {state: int((status == state).sum()) for state in self.states}
        return {"fits": len(status), **counts}

    def scores_of(self, model: str, configuration: str) -> pd.DataFrame:
        """Return the scores of a configuration, in the order of its splits."""
        return self.scores.iloc[self.groups[model, configuration]]


def says_one_class(votes: Array) -> bool:
    """Return whether all predictions, shape (repeats, n, C), are of one class."""
    return bool(np.ptp(predicted_classes(votes)) == 0)


def mean_score(judged: Judged, metric: str) -> Interval:
    """Return a mean score with its interval; NaN if a fit has no score.

    A metric that varies with thresholds has no interval if a cross-validated model hardly ever
    predicts one of the classes, see `FEWEST_NAMED`. Then a balanced accuracy is near to 1 / C,
    whatever the rows are: on other rows, the model may find that class. An area under the ROC curve
    has none if a model ranks no row above another: it is 1 / 2.
    """
    if not judged.is_scored_by(metric):
        return Interval(math.nan, math.nan, math.nan)
    estimate = judged.estimate if metric == judged.metric else judged.by(metric)
    if METRICS[metric].by_thresholds:
        one_class = says_one_class(judged.votes)
        hardly = not estimate.training.is_given and judged.hardly_named is not None
        is_fixed = one_class or hardly
    else:
        ranks_none = estimate.value == 0.5 and not estimate.contributions.any()
        is_fixed = metric == "roc_auc" and ranks_none
    ends = (math.nan, math.nan) if is_fixed else interval(estimate)
    return Interval(estimate.value, *ends)
