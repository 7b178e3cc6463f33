"""What may be wrong with the data."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import LEAST
from backprop.data.groups import seems_to_name_groups
from backprop.inference.intervals import wilson
from backprop.statistics.checks.check import Evidence, Finding
from backprop.statistics.row_order import alike_neighbours
from backprop.typing import Array, Booleans, Integers

GIVEAWAY_RECALL = 0.98  # the mean recall of one feature alone from which it may give the class away
GIVEAWAY_ACCURACY = 0.9  # and the least that the Wilson interval of its accuracy may allow
LEAVES = 10  # of the tree that predicts the class from one feature, for each class
IN_ORDER = "order"
SMALL_CLASS = 10  # rows
ROWS_OF_CLASS = 2  # in a test fold


@dataclass(frozen=True, kw_only=True)
class GiveawayFeature(Finding):
    """A feature that alone predicts the class of nearly every row of each class.

    Attributes
    ----------
    right, rows : int
        How many rows it predicts right, of all.
    recall : float
        The mean recall over the classes.
    same_in_group : str or None
        A feature that is the same in all rows with the same value of this one, which therefore
        seems to name what rows belong to.
    """

    key = "giveaway_feature"
    feature: Annotated[str, "subject"]
    right: Annotated[int, "count"]
    rows: Annotated[int, "total"]
    recall: Annotated[float, "share"]
    same_in_group: Annotated[str | None, "reason"]

    @classmethod
    def find(cls, evidence: Evidence) -> list["GiveawayFeature"]:
        """Let a small tree predict the class from each feature."""
        dataset, findings = evidence.results.dataset, []
        folds = evidence.results.folds[0]
        if evidence.copied:  # a tree would know them: here, copies are in one fold
            folds = folds[np.unique(evidence.equal, return_index=True)[1]][evidence.equal]
        if np.ptp(folds) == 0:
            return []
        for name, values in zip(dataset.features, dataset.x.T, strict=True):
            right = _right_by(values, dataset.y, folds)
            recall, correct = _mean_recall(right, dataset.y), int(right.sum())
            if recall >= GIVEAWAY_RECALL and _known(correct, evidence) > GIVEAWAY_ACCURACY:
                same = _same_in_group(dataset, name)
                own = cls(
                    feature=name, right=correct, rows=right.size, recall=recall, same_in_group=same
                )
                findings.append(own)
        return findings


def _same_in_group(dataset: Dataset, name: str) -> str | None:
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


@dataclass(frozen=True, kw_only=True)
class CopiedRows(Finding):
    """Rows with an equal row in another fold, if they are many and not by chance."""

    key = "copied_rows"
    copied: Annotated[int, "count"]
    rows: Annotated[int, "total"]

    @classmethod
    def find(cls, evidence: Evidence) -> list["CopiedRows"]:
        """Count the copies."""
        copied = evidence.copied
        return [cls(copied=copied, rows=len(evidence.equal))] if copied else []


@dataclass(frozen=True, kw_only=True)
class AlikeNeighbours(Finding):
    """Neighbouring rows are alike: of the table, or of the order if it has one.

    Attributes
    ----------
    feature : str
        In which they are most alike.
    correlation : float
        The rank correlation of this feature in neighbours, given the class.
    among : str or None
        `IN_ORDER` if they are neighbours in the order, else None.
    """

    key = "alike_neighbours"
    feature: Annotated[str, "subject"]
    correlation: Annotated[float, "value"]
    among: Annotated[str | None, "reason"]

    @property
    def in_order(self) -> bool:
        """Whether they are neighbours in the order of the data set."""
        return self.among == IN_ORDER

    @classmethod
    def find(cls, evidence: Evidence) -> list["AlikeNeighbours"]:
        """Compare neighbours. Of copies, only the first counts.

        With groups, rows need not be independent.
        """
        dataset = evidence.results.dataset
        if dataset.groups is not None:
            return []
        rows = np.arange(len(dataset.y))
        if evidence.has_copies:
            rows = np.sort(np.unique(evidence.equal, return_index=True)[1])
        if dataset.order is not None:
            rows = rows[np.argsort(dataset.order[rows], kind="stable")]
        categories = np.array([name in dataset.categories for name in dataset.features])
        most_alike = alike_neighbours(dataset.x[rows], dataset.y[rows], categories)
        if most_alike is None:
            return []
        place, correlation = most_alike
        among = None if dataset.order is None else IN_ORDER
        return [cls(feature=dataset.features[place], correlation=correlation, among=among)]


@dataclass(frozen=True, kw_only=True)
class SmallClass(Finding):
    """A class with a handful of rows, in all or in a test fold."""

    key = "small_class"
    name: Annotated[str, "subject"]
    rows: Annotated[int, "count"]
    folds: Annotated[int, "total"]

    @classmethod
    def find(cls, evidence: Evidence) -> list["SmallClass"]:
        """Count the rows of each class; the smallest comes first."""
        folds = int(evidence.results.folds.max()) + 1
        counts = np.bincount(evidence.results.dataset.y)
        return [
            cls(name=evidence.results.dataset.classes[c], rows=int(counts[c]), folds=folds)
            for c in np.argsort(counts, kind="stable")
            if counts[c] < max(SMALL_CLASS, ROWS_OF_CLASS * folds)
        ]


@dataclass(frozen=True, kw_only=True)
class RareValue(Finding):
    """A category, or a number that differs from a constant, in a handful of rows.

    Attributes
    ----------
    what : str
        The category with its feature, or the feature.
    having, rows : int
        How many rows have it, of all.
    """

    key = "rare_value"
    what: Annotated[str, "subject"]
    having: Annotated[int, "count"]
    rows: Annotated[int, "total"]

    @classmethod
    def find(cls, evidence: Evidence) -> list["RareValue"]:
        """Count the rows of each category, and of what is no constant."""
        dataset, findings = evidence.results.dataset, []
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
            findings += [
                cls(what=what, having=int(count), rows=len(dataset.y))
                for what, count in rows_of.items()
                if count < LEAST
            ]
        return findings
