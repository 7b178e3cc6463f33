"""The warnings that a careful reviewer would give: one entry each, in the order of the report.

A threshold is where a reader would act otherwise, not where a number is merely unusual. The tests
count how often each warning is a false alarm, on 100 studies in which nothing is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.encoding import LEAST
from backprop.data.groups import equal_rows, seems_to_name_groups
from backprop.inference.decisions import is_shown
from backprop.inference.intervals import wilson
from backprop.statistics.comparison import compare_judged
from backprop.statistics.grouping import (
    STATES,
    Judged,
    Judgement,
    Row,
    columns,
    commonest_reason,
    difference_columns,
)
from backprop.statistics.guessing import shown
from backprop.statistics.results import Results
from backprop.statistics.row_order import alike_neighbours
from backprop.statistics.sameness import is_one_network
from backprop.statistics.tables import WARNED, Compared, Learned, Nested, Tuning, Warned
from backprop.statistics.tuning import kept
from backprop.study.configurations import Candidate
from backprop.study.metrics import METRICS
from backprop.typing import Array, Booleans, Integers

GIVEAWAY_RECALL = 0.98  # the mean recall of one feature alone from which it may give the class away
GIVEAWAY_ACCURACY = 0.9  # and the least that the Wilson interval of its accuracy may allow
LEAVES = 10  # of the tree that predicts the class from one feature, for each class
COPIED_SHARE = 0.05  # of the rows; fewer copies cannot change an accuracy by more than this
COPIED_TIMES = 10  # as many equal pairs as chance explains
SMALL_CLASS = 10  # rows
ROWS_OF_CLASS = 2  # in a test fold
IN_ORDER = "order"  # the reason of alike neighbours, if they are neighbours in the order
STABLE = 0.5  # the share of the samples in which a stable choice is the same: a majority
BY_CLASS = ("accuracy", "balanced_accuracy")  # the metrics of naming the class


@dataclass(frozen=True, eq=False)
class Evidence:
    """What several warnings are read from.

    Attributes
    ----------
    results : Results
        With the dataset, the folds, the tables `comparison`, `tuning` and `learning`, and `nested`
        if there is one.
    judgement : Judgement
    """

    results: Results
    judgement: Judgement

    @cached_property
    def distinct(self) -> list[Compared]:
        """The comparison, without models that are the same as an earlier one."""
        return [row for row in self.results.comparison.values() if row.same_as is None]

    @cached_property
    def tuned(self) -> list[Tuning]:
        """The best configurations of these models, as far as they are tuned."""
        models = {row.model for row in self.distinct}
        return [row for row in self.results.rows("tuning") if row.model in models]

    @cached_property
    def nested(self) -> dict[str, Nested]:
        """The tuned models by nested cross-validation."""
        return {row.model: row for row in self.results.rows("nested")}

    @cached_property
    def headlines(self) -> dict[str, Judged]:
        """The headline of each of these models, if it has a score."""
        every = self.judgement.of_headlines(self.results.candidates)
        return {row.model: every[row.model] for row in self.distinct if every[row.model].scored}

    @cached_property
    def equal(self) -> Integers:
        """A number for each row; equal rows have the same one."""
        return equal_rows(self.results.dataset)

    @cached_property
    def copied(self) -> int:
        """How many rows have a copy in another fold; 0 if they are few, or by chance."""
        return _count_copied(self)


def find_warnings(results: Results, judgement: Judgement) -> pd.DataFrame:
    """Return the rows of all warnings that apply, see `backprop.statistics.tables.Warned`."""
    evidence = Evidence(results, judgement)
    rows = [{"warning": key, **row} for key, find in WARNINGS.items() for row in find(evidence)]
    return WARNED.frame(rows).assign(one_network=is_one_network(results.comparison.values()))


# The data


def _giveaway_features(evidence: Evidence) -> list[Row]:
    """Find features that alone predict the class of nearly every row of each class."""
    dataset, rows = evidence.results.dataset, []
    folds = evidence.results.folds[0]
    if evidence.copied:  # a tree would know them: here, copies are in one fold
        folds = folds[np.unique(evidence.equal, return_index=True)[1]][evidence.equal]
    if np.ptp(folds) == 0:
        return []
    for name, values in zip(dataset.features, dataset.x.T, strict=True):
        right = _right_by(values, dataset.y, folds)
        recall, correct = _mean_recall(right, dataset.y), int(right.sum())
        if recall >= GIVEAWAY_RECALL and _known(correct, evidence) > GIVEAWAY_ACCURACY:
            row = {"subject": name, "count": correct, "total": right.size, "share": recall}
            rows.append({**row, "reason": _names_groups(dataset, name)})
    return rows


def _names_groups(dataset: Dataset, name: str) -> str | None:
    """Return a feature that is the same in all rows with the same value of one that names groups.

    None if that one does not seem to name what rows belong to.
    """
    if dataset.groups is not None:
        return None
    others = [each for each in dataset.features if each != name]
    columns = [dataset.x[:, dataset.features.index(each)] for each in others]
    codes = np.unique(dataset.x[:, dataset.features.index(name)], return_inverse=True)[1]
    repeated = seems_to_name_groups(codes, columns)
    return others[repeated[0]] if repeated else None


def _known(correct: int, evidence: Evidence) -> float:
    """Return the least share of right rows that Wilson's interval allows."""
    observations = int(evidence.judgement.observations.max()) + 1
    rows = len(evidence.results.dataset.y)
    return wilson(correct * observations // rows, observations).lower


def _mean_recall(right: Booleans, y: Integers) -> float:
    """Return the mean over the classes of the share of their rows that are right."""
    return float(np.mean(np.bincount(y[right], minlength=int(y.max()) + 1) / np.bincount(y)))


def _right_by(values: Array, y: Integers, folds: Integers) -> Booleans:
    """Return which rows a tree of one feature predicts right, each by the other folds.

    Once the mean recall is too low even if the rest is right, it counts as right: most features
    end here after one fold.
    """
    from sklearn import config_context  # only now: it is slow
    from sklearn.tree import DecisionTreeClassifier

    # A tree needs only the order. Places fit into the single precision that it computes in.
    places = np.unique(values, return_inverse=True)[1].astype(float)[:, np.newaxis]
    tree = DecisionTreeClassifier(max_leaf_nodes=LEAVES * (int(y.max()) + 1), random_state=0)
    right = np.ones(len(y), dtype=bool)
    # A table may have thousands of features, and the checks of a tree take as long as the tree.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for fold in np.unique(folds):
            test = folds == fold
            right[test] = tree.fit(places[~test], y[~test]).predict(places[test]) == y[test]
            if _mean_recall(right, y) < GIVEAWAY_RECALL:
                break
    return right


def _copied_rows(evidence: Evidence) -> list[Row]:
    """Find rows with an equal row in another fold, if they are many and not by chance."""
    return [{"count": evidence.copied, "total": len(evidence.equal)}] if evidence.copied else []


def _count_copied(evidence: Evidence) -> int:
    """Count the rows of `_copied_rows`; 0 if they are few or by chance."""
    equal = evidence.equal
    apart = np.zeros(len(equal), dtype=bool)
    for folds in evidence.results.folds:
        first, last = np.full(len(equal), folds.max() + 1), np.full(len(equal), -1)
        np.minimum.at(first, equal, folds)
        np.maximum.at(last, equal, folds)
        apart |= (first != last)[equal]
    count = int(apart.sum())
    return count if count > COPIED_SHARE * len(equal) and _has_copies(evidence) else 0


def _has_copies(evidence: Evidence) -> bool:
    """Return whether more pairs of rows are equal than chance explains."""
    pairs = _pairs(np.bincount(evidence.equal))
    return pairs > 0 and pairs > COPIED_TIMES * _chance_pairs(evidence.results.dataset)


def _pairs(counts: Integers) -> float:
    return float((counts * (counts - 1)).sum() / 2)


def _chance_pairs(dataset: Dataset) -> float:
    """Return how many pairs of rows would be equal if features were independent in each class."""
    total = 0.0
    for c in range(len(dataset.classes)):
        x = dataset.x[dataset.y == c]
        every = _pairs(np.array([len(x)]))
        if every:
            counts = (np.unique(column, return_counts=True)[1] for column in x.T)
            total += every * float(np.prod([_pairs(each) / every for each in counts]))
    return total


def _alike_neighbours(evidence: Evidence) -> list[Row]:
    """Find whether neighbouring rows are alike: of the table, or of the order if it has one.

    Of copies, only the first counts. With groups, rows need not be independent.
    """
    dataset = evidence.results.dataset
    if dataset.groups is not None:
        return []
    rows = np.arange(len(dataset.y))
    if _has_copies(evidence):
        rows = np.sort(np.unique(evidence.equal, return_index=True)[1])
    if dataset.order is not None:
        rows = rows[np.argsort(dataset.order[rows], kind="stable")]
    categories = np.array([name in dataset.categories for name in dataset.features])
    most_alike = alike_neighbours(dataset.x[rows], dataset.y[rows], categories)
    if most_alike is None:
        return []
    place, correlation = most_alike
    row = {"subject": dataset.features[place], "value": correlation}
    return [{**row, "reason": None if dataset.order is None else IN_ORDER}]


def _small_classes(evidence: Evidence) -> list[Row]:
    """Find classes with a handful of rows, in all or in a test fold; the smallest first."""
    folds = int(evidence.results.folds.max()) + 1
    counts = np.bincount(evidence.results.dataset.y)
    return [
        {"subject": evidence.results.dataset.classes[c], "count": int(counts[c]), "total": folds}
        for c in np.argsort(counts, kind="stable")
        if counts[c] < max(SMALL_CLASS, ROWS_OF_CLASS * folds)
    ]


def _rare_values(evidence: Evidence) -> list[Row]:
    """Find categories, and numbers that differ from a constant, in a handful of rows."""
    dataset, rows = evidence.results.dataset, []
    for name, column in zip(dataset.features, dataset.x.T, strict=True):
        values, counts = np.unique(column[~np.isnan(column)], return_counts=True)
        categories = dataset.categories.get(name)
        if categories:
            rows_of = {
                f"{name}={categories[int(v)]}": n for v, n in zip(values, counts, strict=True)
            }
        else:
            others = counts.sum() - counts.max()
            rows_of = {name: others} if others < counts.max() else {}
        rows += [
            {"subject": subject, "count": int(count), "total": len(dataset.y)}
            for subject, count in rows_of.items()
            if count < LEAST
        ]
    return rows


# The models


def _troubled_fits(evidence: Evidence) -> list[Row]:
    """Find fits of the headlines that have no score, learned nothing or did not converge.

    Fits that always predict one class are right if there is nothing to learn: so of these, `better`
    says whether any model is better than a guess in naming the class.
    """
    judgement = evidence.judgement
    better = bool(shown(evidence.results.rows("learning"), BY_CLASS))
    return [
        {
            **{"model": row.model, "subject": state, "count": getattr(row, state)},
            "total": row.fits,
            **({"better": better} if state == "unlearned" else {}),
            **commonest_reason(judgement.scores_of(row.model, row.configuration), state),
        }
        for row in evidence.distinct
        for state in STATES
        if getattr(row, state)
    ]


def _chaotic_training(evidence: Evidence) -> list[Row]:
    """Find headlines whose training is chaotic, as the comparison of the implementations shows."""
    return [{"model": row.model} for row in evidence.distinct if row.chaotic]


def _no_better_than_guessing(evidence: Evidence) -> list[Row]:
    """Find models that are not shown to be better than a guess by the metric of the study.

    A model that is better by another metric has learned something. Each model has a row for each
    metric.
    """
    rows: list[Learned] = evidence.results.rows("learning")
    learned = shown(rows, [evidence.results.metric])
    return [
        {
            "model": row.model,
            "subject": row.metric,
            "share": row.score,
            "better": row.better,
            "p_value": row.p_adjusted,
            **dict(zip(columns("difference"), row.difference, strict=True)),
        }
        for row in rows
        if not row.tuned and (row.model, False) not in learned
    ]


def _poor_probabilities(evidence: Evidence) -> list[Row]:
    """Find models whose log loss is shown to be worse than a guess's: which is the value.

    Whether they are better than a guess in naming the class says what they can be used for.
    """
    rows: list[Learned] = evidence.results.rows("learning")
    better = shown(rows, BY_CLASS)
    return [
        {
            "model": row.model,
            "subject": row.metric,
            "share": row.score,
            "value": row.guess,
            "better": (row.model, False) in better,
            "p_value": row.p_value,
            **dict(zip(columns("difference"), row.difference, strict=True)),
        }
        for row in rows
        if row.metric == "log_loss" and row.worse and not row.tuned
    ]


def _disagreeing_metrics(evidence: Evidence) -> list[Row]:
    """Find metrics with another winner than the study's metric, if both differences are shown.

    The tests are adjusted for the metrics. A difference within the rope of its metric is none.
    """
    models, rows = evidence.headlines, []
    winners = {metric: _winner(models, metric) for metric in METRICS if models}
    for metric, other in winners.items():
        first = winners[evidence.results.metric]
        if other != first:
            by_own, by_metric = (
                compare_judged(models[other], models[first], each)
                for each in (evidence.results.metric, metric)
            )
            matters = (
                abs(by_own.mean) > evidence.results.rope
                and abs(by_metric.mean) > METRICS[metric].rope
            )
            largest = max(by_own.p_value, by_metric.p_value) * (len(METRICS) - 1)
            if matters and is_shown(largest):
                row = {"model": first, "other": other, "subject": metric}
                rows.append({**row, "difference": by_metric.mean, "p_value": by_metric.p_value})
    return rows


def _winner(models: Mapping[str, Judged], metric: str) -> str:
    sign = 1 if METRICS[metric].higher_is_better else -1
    return max(models, key=lambda model: sign * models[model].scores[metric].mean())


# Tuning


def _edge_values(evidence: Evidence) -> list[Row]:
    """Find best values that are the last ones tried, and shown to be better than the one before."""
    rows: list[Row] = []
    for model, best in _chosen(evidence):
        for key in best.values():
            line = _line(evidence, model, best, key)
            own, last = _number(best.values()[key]), len(line) - 1
            values = sorted(line)
            if last < 1 or own not in (values[0], values[-1]) or _at_limit(own, own == values[0]):
                continue
            neighbour = values[1] if own == values[0] else values[-2]
            test = compare_judged(line[own], line[neighbour])
            better = (test.mean > 0) == METRICS[evidence.results.metric].higher_is_better
            if better and is_shown(test.p_value * last):
                row = {"model": model, "subject": key, "value": own, "neighbour": neighbour}
                rows.append({**row, **difference_columns(test), "confidence": test.confidence})
    return rows


def _chosen(evidence: Evidence) -> list[tuple[str, Candidate]]:
    """Return the best configuration of each model that is tuned and has one."""
    candidates = evidence.results.candidates
    return [
        (row.model, each)
        for row in evidence.tuned
        if kept(row)
        for each in candidates[row.model]
        if each.name == row.best
    ]


def _line(evidence: Evidence, model: str, best: Candidate, key: str) -> dict[float, Judged]:
    """Return how the values of a hyperparameter are judged, all others as in the best.

    Without those that are not numbers, and those with fits without a score. Empty if the values
    have no order.
    """
    line = {}
    for each in evidence.results.candidates[model]:
        if set(each.differing(best)) <= {key}:
            value = each.values().get(key)
            number = _number(value)
            judged = evidence.judgement.of(model, each.name)
            if number is not None and judged.scored:
                line[number] = judged
            elif number is None and not isinstance(value, tuple):
                return {}
    return line


def _number(value: Any) -> float | None:
    """Return the value of a hyperparameter as a number: the nodes of a single hidden layer."""
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def _at_limit(value: float | None, lowest: bool) -> bool:
    """Return whether nothing is beyond a value: below 0, or below one of what is counted."""
    return value is None or (lowest and (value == 0 or (isinstance(value, int) and value <= 1)))


def _unstable_choices(evidence: Evidence) -> list[Row]:
    """Find best configurations that look better than the baseline only because they were chosen.

    Configurations that are equally good make a choice unstable, and do no harm. It does harm if the
    reader of the plain score would take the model, and a reader of the corrected one would not. If
    the reference, which is not chosen, looks better too, the choice is not the reason.
    """
    rows, rope = [], evidence.results.rope
    sign = 1 if METRICS[evidence.results.metric].higher_is_better else -1
    for row in evidence.tuned:
        fixed = evidence.results.comparison[row.model].difference
        if fixed and sign * fixed.value > rope:
            continue
        if row.plain is None or row.tuned is None or row.logistic is None:
            continue
        apparent, corrected = row.plain - row.logistic, row.tuned.value - row.logistic
        stability, judged = row.stability, evidence.nested.get(row.model)
        if judged and judged.difference:
            corrected, stability = judged.difference.value, judged.stability
        only_chosen = sign * apparent > rope and sign * corrected <= 0
        if only_chosen and (stability or 0.0) < STABLE:
            own = {"model": row.model, "count": kept(row), "share": stability}
            own["subject"] = "nested" if judged and judged.difference else "bootstrap"
            rows.append({**own, "apparent": apparent, "difference": corrected})
    return rows


def is_by_nested(row: Warned) -> bool:
    """Return whether nested cross-validation judges the choice that a warning is about."""
    return row.subject == "nested"


# What sentences ask of the rows


def all_fits(row: Warned) -> bool:
    """Return whether a reason holds for all fits that a warning is about."""
    return row.share == 1


def is_in_order(row: Warned) -> bool:
    """Return whether neighbouring rows are neighbours in the order of the data set."""
    return row.reason == IN_ORDER


def is_largest(row: Warned) -> bool:
    """Return whether an edge value is the largest that was tried; otherwise it is the smallest."""
    return row.value > row.neighbour


WARNINGS: dict[str, Callable[[Evidence], list[Row]]] = {
    "giveaway_feature": _giveaway_features,
    "copied_rows": _copied_rows,
    "alike_neighbours": _alike_neighbours,
    "small_class": _small_classes,
    "rare_value": _rare_values,
    "troubled_fits": _troubled_fits,
    "chaotic_training": _chaotic_training,
    "no_better_than_guessing": _no_better_than_guessing,
    "poor_probabilities": _poor_probabilities,
    "disagreeing_metrics": _disagreeing_metrics,
    "edge_value": _edge_values,
    "unstable_choice": _unstable_choices,
}
"""By its key: ``find(evidence)`` returns the rows of a warning, as `find_warnings` has them.

`backprop.report.wording.warnings` has a sentence for each.
"""
