"""What may be wrong with the data."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import numpy as np

from backprop.data.dataset import Dataset
from backprop.data.encoding import LEAST
from backprop.data.groups import LEAST_GROUPS, column_between_groups, seems_to_name_groups
from backprop.errors import in_brief
from backprop.inference.influence import FEW, effective_number
from backprop.inference.intervals import wilson
from backprop.statistics.checks.check import Evidence, Finding
from backprop.statistics.row_order import alike_neighbours
from backprop.typing import Array, Booleans, Integers

if TYPE_CHECKING:
    from sklearn.tree import DecisionTreeClassifier

GIVEAWAY_RECALL = 0.98  # the mean recall of one feature alone from which it may give the class away
GIVEAWAY_ACCURACY = 0.9  # and the least that the Wilson interval of its accuracy may allow
LEAVES = 10  # of the tree that predicts the class from one feature, for each class
FEW_VALUES = 10  # of a feature that may give the class away together with others
MOST_LEAVES = 100  # of the tree that sees them all; and `LEAST` rows in a leaf on average
SMALL_CLASS = 10  # rows
ROWS_OF_CLASS = 2  # in a test fold
LEVEL, PERMUTATIONS = 0.05, 999  # of the test whether limits depend on the class


class GiveawayFeature(Finding, key="giveaway_feature"):
    """A feature that alone predicts the class of nearly every row of each class.

    Or one of several that together predict it for every row, as the dummies of the class do.

    Attributes
    ----------
    right, rows : int
        How many rows it predicts right, of all.
    recall : float
        The mean recall over the classes.
    together : int or None
        How many features predict the class together; None if this one does alone.
    same_in_group : str or None
        A feature that is the same in all rows with the same value of this one, which therefore
        seems to name what rows belong to.
    """

    feature: Annotated[str, "subject"]
    right: Annotated[int, "count"]
    rows: Annotated[int, "total"]
    recall: Annotated[float, "share"]
    together: Annotated[int | None, "value"] = None
    same_in_group: Annotated[str | None, "reason"] = None

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["GiveawayFeature"]:
        """Let a small tree predict the class from each feature, and from several."""
        dataset, repeats = evidence.results.dataset, _repeats(evidence)
        places = np.column_stack([_places(column) for column in dataset.x.T])
        alone = [_alone(place, own, repeats[0], evidence) for place, own in enumerate(places.T)]
        findings = [each for each in alone if each]
        yield from findings
        if _known(len(dataset.y), evidence) <= GIVEAWAY_ACCURACY:
            return
        # What one feature leaves to others may be a few rows, which a repeat can have in one fold.
        tried = [each for each in (repeats if findings else repeats[:1]) if np.ptp(each)]
        several = next(filter(None, (_together(places, dataset.y, each) for each in tried)), [])
        names, n = [dataset.features[place] for place in several], len(dataset.y)
        if not {*names} <= {own.feature for own in findings}:
            for name in names:
                yield cls(feature=name, right=n, rows=n, recall=1.0, together=len(names))


def _repeats(evidence: Evidence) -> Integers:
    """Return the folds of each repeat, with copies in one: a tree would know them."""
    repeats: Integers = evidence.results.folds
    if evidence.copied:
        repeats = repeats[:, np.unique(evidence.equal, return_index=True)[1][evidence.equal]]
    return repeats


def _places(column: Array) -> Integers:
    """Return the place of each value among the distinct ones."""
    return np.unique(column, return_inverse=True)[1].astype(np.int64)


def _alone(
    place: int, codes: Integers, folds: Integers, evidence: Evidence
) -> GiveawayFeature | None:
    """Return the finding that a feature alone gives the class away, if a small tree shows it.

    The codes are the `_places` of its values. None if all rows are in one fold.
    """
    if np.ptp(folds) == 0:
        return None
    dataset = evidence.results.dataset
    tree = _tree(LEAVES * len(dataset.classes))
    right = _right_by(tree, codes[:, np.newaxis], dataset.y, folds, GIVEAWAY_RECALL)
    recall, correct = _mean_recall(right, dataset.y), int(right.sum())
    if recall < GIVEAWAY_RECALL or _known(correct, evidence) <= GIVEAWAY_ACCURACY:
        return None
    return GiveawayFeature(
        feature=dataset.features[place],
        right=correct,
        rows=right.size,
        recall=recall,
        same_in_group=_same_in_group(place, codes, dataset),
    )


def _together(places: Integers, y: Integers, folds: Integers) -> list[int]:
    """Return which features of few values predict the class of every row together; [] if none do.

    Easy classes are rarely so easy: without an error, by other folds, from a few values. Named are
    all that a tree of all rows needs, that one of the others needs then, and so on; and those that
    only repeat what these say, as a last dummy.
    """
    most, needed = places.max(axis=0), list[int]()
    few = [int(place) for place in np.flatnonzero((most > 0) & (most < FEW_VALUES))]
    leaves = min(len(y) // LEAST, MOST_LEAVES)
    while len(left := [place for place in few if place not in needed]) > 1 and leaves > 1:
        tree, values = _tree(leaves), places[:, left]
        if not _right_by(tree, values, y, folds, 1.0).all():
            break
        used = tree.fit(values, y).feature_importances_ > 0
        needed += [place for place, own in zip(left, used, strict=True) if own]
    if not needed:
        return []
    cells = np.unique(places[:, needed], axis=0, return_inverse=True)[1].ravel()
    number = int(cells.max()) + 1
    return [place for place in few if len(np.unique(cells + number * places[:, place])) == number]


def _same_in_group(place: int, codes: Integers, dataset: Dataset) -> str | None:
    """Return a feature that is the same in all rows with the same value of one that names groups.

    None if that one does not seem to name what rows belong to.
    """
    if dataset.groups is not None:
        return None
    others = [other for other in range(len(dataset.features)) if other != place]
    columns = [dataset.x[:, other] for other in others]
    repeated = seems_to_name_groups(codes, columns)
    return dataset.features[others[repeated[0]]] if repeated else None


def _whole_numbers(dataset: Dataset) -> Iterable[tuple[int, Integers]]:
    """Yield the place and the codes of each feature with whole numbers alone, none missing."""
    for place, column in enumerate(dataset.x.T):
        if dataset.features[place] not in dataset.categories and (column == np.floor(column)).all():
            yield place, _places(column)


def _known(correct: int, evidence: Evidence) -> float:
    """Return the least share of right rows that Wilson's interval allows."""
    rows, own = len(evidence.results.dataset.y), evidence.judgement.observations
    # In an order, the observations are blocks, which is too strict here.
    observations = rows if evidence.results.dataset.order is not None else int(own.max()) + 1
    return wilson(correct * observations // rows, observations).lower


def _mean_recall(right: Booleans, y: Integers) -> float:
    """Return the mean over the classes of the share of their rows that are right."""
    return float(np.mean(np.bincount(y[right], minlength=int(y.max()) + 1) / np.bincount(y)))


def _tree(leaves: int) -> "DecisionTreeClassifier":
    from sklearn.tree import DecisionTreeClassifier  # only now: it is slow

    return DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0)


def _right_by(
    tree: "DecisionTreeClassifier", places: Integers, y: Integers, folds: Integers, least: float
) -> Booleans:
    """Return which rows a tree predicts right, each by the other folds.

    A tree needs only the order of values: their places fit into the single precision that it
    computes in. Once the mean recall is below the least even if the rest is right, that counts as
    right: most features end here after one fold.
    """
    from sklearn import config_context

    right, inputs = np.ones(len(y), dtype=bool), places.astype(np.float32)
    # A table may have thousands of features, and the checks of a tree take as long as the tree.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        for fold in np.unique(folds):
            test = folds == fold
            tree.fit(inputs[~test], y[~test], check_input=False)
            right[test] = tree.predict(inputs[test], check_input=False) == y[test]
            if _mean_recall(right, y) < least:
                break
    return right


class GroupingFeature(Finding, key="grouping_feature"):
    """A whole number that seems to name what rows belong to, and does not give the class away.

    A category may be a place, of which other columns say more: it counts only if it gives the class
    away.

    Attributes
    ----------
    values, rows : int
        How many values it has, in how many rows.
    same : str
        A feature that is the same in all rows with the same value of this one.
    """

    feature: Annotated[str, "subject"]
    values: Annotated[int, "count"]
    rows: Annotated[int, "total"]
    same: Annotated[str, "reason"]

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["GroupingFeature"]:
        """Look for other features that repeat with a whole number."""
        dataset, folds = evidence.results.dataset, _repeats(evidence)[0]
        for place, codes in _whole_numbers(dataset):
            same = _same_in_group(place, codes, dataset)
            if same and not _alone(place, codes, folds, evidence):
                name, values = dataset.features[place], int(codes.max()) + 1
                yield cls(feature=name, values=values, rows=len(codes), same=same)


class MixedGroups(Finding, key="mixed_groups"):
    """Groups that seem to be several each, as the groups of an id that restarts in each centre.

    Attributes
    ----------
    feature : str
        One that differs within groups, and not within what they seem to be.
    groups, apart : int
        How many there are, and how many they seem to be.
    separator : str or None
        The feature that tells them apart; None if each stretch of neighbouring rows is a group.
    """

    feature: Annotated[str, "subject"]
    groups: Annotated[int, "count"]
    apart: Annotated[int, "total"]
    separator: Annotated[str | None, "reason"]

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["MixedGroups"]:
        """Look for a feature that tells groups apart."""
        dataset = evidence.results.dataset
        if dataset.groups is None:
            return
        if restart := column_between_groups(dataset.groups, [*dataset.x.T]):
            place, other, apart = restart
            yield cls(
                feature=dataset.features[other],
                groups=int(dataset.groups.max()) + 1,
                apart=apart,
                separator=None if place is None else dataset.features[place],
            )


class CopiedRows(Finding, key="copied_rows"):
    """Rows with an equal row in another fold, if they are many and not by chance."""

    copied: Annotated[int, "count"]
    rows: Annotated[int, "total"]

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["CopiedRows"]:
        """Count the copies."""
        if evidence.copied:
            yield cls(copied=evidence.copied, rows=len(evidence.equal))


class AlikeNeighbours(Finding, key="alike_neighbours"):
    """Neighbouring rows of the table are alike.

    Attributes
    ----------
    feature : str
        In which they are most alike.
    correlation : float
        The rank correlation of this feature in neighbours, given the class.
    by_class : bool
        Whether the rows of each class are together, so that neighbours have one class anyway.
    groups : str or None
        The columns that seem to say which rows belong together, with a comma between two.
    """

    feature: Annotated[str, "subject"]
    correlation: Annotated[float, "value"]
    by_class: bool = False
    groups: Annotated[str | None, "reason"] = None

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["AlikeNeighbours"]:
        """Compare neighbours. Of copies, only the first counts.

        With groups or an order, rows need not be independent.
        """
        dataset = evidence.results.dataset
        if dataset.groups is not None or dataset.order is not None:
            return
        rows = np.arange(len(dataset.y))
        if evidence.has_copies:
            rows = np.sort(np.unique(evidence.equal, return_index=True)[1])
        categories = np.array([name in dataset.categories for name in dataset.features])
        most_alike = alike_neighbours(dataset.x[rows], dataset.y[rows], categories)
        if most_alike:
            place, correlation = most_alike
            named = _naming_groups(dataset) or [*dataset.unused_ids][:1]
            yield cls(
                feature=dataset.features[place],
                correlation=correlation,
                by_class=int((np.diff(dataset.y) != 0).sum()) < len(dataset.classes),
                groups=", ".join(map(in_brief.repr, named)) or None,
            )


def _naming_groups(dataset: Dataset) -> list[str]:
    """Return the features that seem to say which rows belong together; [] if there are none.

    That is one whole number, or one that restarts in each value of another feature.
    """
    names = dataset.features
    for place, codes in _whole_numbers(dataset):
        if _same_in_group(place, codes, dataset):
            return [names[place]]
        others = [*np.delete(dataset.x, place, axis=1).T]
        restart = column_between_groups(codes, others) if codes.max() >= LEAST_GROUPS - 1 else None
        if restart and restart[0] is not None:
            return [(*names[:place], *names[place + 1 :])[restart[0]], names[place]]
    return []


class SmallClass(Finding, key="small_class"):
    """A class with a handful of rows, in all or in a test fold."""

    name: Annotated[str, "subject"]
    rows: Annotated[int, "count"]
    folds: Annotated[int, "total"]

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["SmallClass"]:
        """Count the rows of each class; the smallest comes first."""
        folds = int(evidence.results.folds.max()) + 1
        counts = np.bincount(evidence.results.dataset.y)
        return [
            cls(name=evidence.results.dataset.classes[c], rows=int(counts[c]), folds=folds)
            for c in np.argsort(counts, kind="stable")
            if counts[c] < max(SMALL_CLASS, ROWS_OF_CLASS * folds)
        ]


class RareValue(Finding, key="rare_value"):
    """A category, or a number that differs from a constant, in a handful of rows.

    Attributes
    ----------
    what : str
        The category with its feature, or the feature.
    having, rows : int
        How many rows have it, of all.
    """

    what: Annotated[str, "subject"]
    having: Annotated[int, "count"]
    rows: Annotated[int, "total"]

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["RareValue"]:
        """Count the rows of each category, and of what is no constant."""
        dataset = evidence.results.dataset
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
            for what, count in rows_of.items():
                if count < LEAST:
                    yield cls(what=what, having=int(count), rows=len(dataset.y))


class TellingLimit(Finding, key="telling_limit"):
    """A column whose values are at a limit of detection more often in some classes.

    Attributes
    ----------
    at_limit, rows : int
        How many rows are at a limit, below or above, of all.
    most : str
        The class that is so most often.
    """

    feature: Annotated[str, "subject"]
    at_limit: Annotated[int, "count"]
    rows: Annotated[int, "total"]
    most: Annotated[str, "reason"]

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["TellingLimit"]:
        """Test each column with limits, by permutations of one row of each group."""
        from scipy.stats import PermutationMethod, chi2_contingency  # only now: it is slow
        from scipy.stats.contingency import crosstab

        dataset = evidence.results.dataset
        apart = np.unique(evidence.judgement.observations, return_index=True)[1]
        sides = dict[str, Integers]()
        for name, known in dataset.cells.items():
            limit = f"{name} limit"
            if known["limits"] and limit in dataset.categories and limit in dataset.features:
                sides[name] = dataset.x[:, dataset.features.index(limit)].astype(np.int64)
        for name, side in sides.items():
            table = crosstab(dataset.y[apart], side[apart]).count
            if min(table.shape) < 2:
                continue
            method = PermutationMethod(n_resamples=PERMUTATIONS, rng=np.random.default_rng(0))
            p = chi2_contingency(table, correction=False, method=method).pvalue
            if len(sides) * p > LEVEL:
                continue
            at = side != dataset.categories[f"{name} limit"].index("within")
            counts = np.bincount(dataset.y)
            shares = np.bincount(dataset.y[at], minlength=len(counts)) / counts
            most = dataset.classes[int(shares.argmax())]
            yield cls(feature=name, at_limit=int(at.sum()), rows=at.size, most=most)


class HeavyTails(Finding, key="heavy_tails"):
    """A number whose spread a few rows decide: others would, in another sample.

    Attributes
    ----------
    deciding : float
        The effective number of rows, by the squared distance from the median of the class.
    rows : int
        How many rows have a value.
    positive : bool
        Whether all values are above 0, so that each has a logarithm.
    """

    feature: Annotated[str, "subject"]
    deciding: Annotated[float, "value"]
    rows: Annotated[int, "total"]
    positive: bool

    @classmethod
    def look(cls, evidence: Evidence) -> Iterable["HeavyTails"]:
        """Look at each number that has more than two values, and is hardly ever a constant."""
        dataset = evidence.results.dataset
        for name, column in zip(dataset.features, dataset.x.T, strict=True):
            known = ~np.isnan(column)
            values, y = column[known], dataset.y[known]
            _, counts = np.unique(values, return_counts=True)
            if name in dataset.categories or counts.size <= 2 or 2 * counts.max() > values.size:
                continue
            positive, values = bool(values.min() > 0), values / np.abs(values).max()
            for c in np.unique(y):
                values[y == c] -= np.median(values[y == c])
            deciding = effective_number(values[np.newaxis])
            if deciding < FEW:
                yield cls(feature=name, deciding=deciding, rows=values.size, positive=positive)
