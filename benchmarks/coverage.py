"""Measure how often intervals and verdicts are right, on populations whose truth is known.

    python benchmarks/coverage.py [--sets 60] [--cells b200-50] [--learners logistic knn]
        [--first 1000] [--write coverage methods]

Each data set is drawn from classes: also the number of rows of each class, as in a sample of the
population. Models are trained on its inputs, and compared in pairs; and one of them with itself on
other inputs that are as good: their true difference is 0. There are two truths, both on fresh rows:
what the fits of the sample score, and the mean of that over all data sets. If rows belong to
groups, it is the mean over rows, so large groups count for more. ``--write`` puts the tables into
docs/error-rates.md, all of them or the ones that it names.

The designs are from Schulz-Kümpel, H., Fischer, S., Hornung, R., Boulesteix, A.-L., Nagler, T.
and Bischl, B. (2024), Constructing confidence intervals for the generalization error, and more:
unequal classes and groups of rows.
"""

import argparse
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: each process computes alone

import numpy as np
import pandas as pd
from scipy import special
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.data.groups import observations_of
from backprop.inference.corrected import corrected_t_test
from backprop.inference.influence import Estimate, compare
from backprop.models import logistic, networks
from backprop.models.families import PredictingFits
from backprop.models.many_logistic import fit_all
from backprop.models.predictions import of_networks
from backprop.network import stacked
from backprop.statistics.grouping import Judged, mean_score
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds, draw_inner_folds
from backprop.study.fits import class_votes
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, splits_of
from backprop.study.subsets import training_subsets
from backprop.typing import Array, Integers

FOLDS, REPEATS = 5, 5
FEATURES = 3
FRESH = 2000
NETWORK = Configuration.of_network(
    hidden=(5,),
    activation="tanh",
    cost="cross_entropy",
    learning_rate=0.3,
    initialisation="glorot",
    batch_size=10,
)
EPOCHS = 20
NAMES = {
    "logistic": "logistic regression",
    "part": "logistic regression without the last feature",
    "network": "network",
    "bayes": "naive Bayes",
    "knn": "15 nearest neighbours",
    "tuned": "neighbours, tuned",
    "tree": "decision tree",
    "forest": "random forest",
}
LEARNERS = tuple(NAMES)
OTHER_VIEW = "other view"  # the first of the models, on the other view
MOST_WITHOUT = 0.5  # of the samples: with more that have no interval, coverage is not counted
IDEAL = 3.92  # standard errors that an interval of 95% is wide
NEIGHBOURS = 15
TUNED = (5, 15, 45)  # nearest neighbours, of which inner folds choose by accuracy
REPORT, CORRECTED_T, ROWS_ALONE = "report", "corrected t", "rows alone"
COVERS = 0.93  # what is found of a coverage of 95% at least
MOST = 0.985  # an interval that covers more often is too wide
LOW = 0.05  # the share of the models or pairs of a table that cover less often than a low number


Sizes = Callable[[Integers, np.random.Generator], Integers]
"""Draws the numbers of rows of groups, from their classes."""

SIZES: dict[str, Sizes] = {
    "10 rows": lambda classes, generator: np.full(len(classes), 10),
    "1 to 30 rows": lambda classes, generator: generator.integers(1, 31, len(classes)),
    "1 to 15 rows, 16 to 30 of a class": lambda classes, generator: (
        generator.integers(1, 16, len(classes)) + 15 * (classes > 0)
    ),
    "one row and its copies": lambda classes, generator: generator.geometric(0.6, len(classes)),
}


@dataclass(frozen=True)
class Cell:
    """A population and the size of a sample.

    Attributes
    ----------
    shares : tuple of float
        The shares of the classes; of groups, if there are groups.
    rows : int
        Of a data set; with groups, the number of groups.
    distance : float
        Between the means of the classes, in standard deviations.
    dependence : float
        The share of the variance that rows of a group have in common.
    sizes : str, optional
        Of groups, an entry of `SIZES`; None without groups.
    mixed : bool
        Whether a group has rows of all classes.
    inputs : {"normal", "heavy", "very heavy", "skewed", "curved", "crossed"}
        Gaussian; with heavy tails (t with 2.5 degrees of freedom) and a category, or with heavier
        ones (1.5), which `backprop.statistics.checks.about_data.HeavyTails` finds; the exponentials
        of Gaussian ones; two classes with a curved boundary; or two classes that only the signs of
        two inputs together tell apart.
    flipped : float
        The share of the rows whose class is another one.
    """

    shares: tuple[float, ...]
    rows: int
    distance: float = 1.2
    dependence: float = 0.0
    sizes: str | None = None
    mixed: bool = False
    inputs: str = "normal"
    flipped: float = 0.0

    @property
    def name(self) -> str:
        """What the tables call it."""
        shares = " / ".join(f"{100 * share:.3g}" for share in self.shares)
        if self.sizes:
            of = "each of all classes, " * self.mixed
            text = f"{self.rows} groups of {self.sizes}, {of}dependence {self.dependence:g}"
        else:
            text = f"{self.rows:,} rows"
        text += f", classes {shares}%" if not self.sizes or len(set(self.shares)) > 1 else ""
        text += f", {100 * self.flipped:g}% of another class" * bool(self.flipped)
        inputs = self.inputs.replace("heavy", "heavy tails")
        text += f", {inputs}" * (self.inputs != "normal")
        return text + ", nearly separable" * (self.distance >= 4)


CELLS = {
    "b80-50": Cell((0.5, 0.5), 80),
    "b200-50": Cell((0.5, 0.5), 200),
    "b200-20": Cell((0.8, 0.2), 200),
    **{f"b{rows}-10": Cell((0.9, 0.1), rows) for rows in (60, 120, 300)},
    "c200": Cell((0.25,) * 4, 200, 1.5),
    "c200-5": Cell((0.85, 0.1, 0.05), 200, 2.0),
    "separable": Cell((0.5, 0.5), 200, 4.0),
    "heavy": Cell((0.5, 0.5), 200, inputs="heavy"),
    "very-heavy": Cell((0.65, 0.35), 150, 1.5, inputs="very heavy"),
    "curved": Cell((0.5, 0.5), 200, inputs="curved"),
    "flipped": Cell((0.5, 0.5), 200, 2.0, flipped=0.15),
    "g30-unequal": Cell((0.67, 0.33), 30, 1.2, 0.4, "1 to 30 rows"),
    "g60-unequal": Cell((0.8, 0.2), 60, 1.2, 0.4, "1 to 30 rows"),
    "g30-inform": Cell((0.5, 0.5), 30, 1.2, 0.4, "1 to 15 rows, 16 to 30 of a class"),
    "g30-mixed": Cell((0.8, 0.2), 30, 1.2, 0.4, "1 to 30 rows", mixed=True),
    "copies": Cell((0.5, 0.5), 120, 1.2, 1.0, "one row and its copies"),
}

NEW_CELLS = {
    "skewed": Cell((0.65, 0.35), 150, 1.0, inputs="skewed"),
    "c120-20": Cell((0.5, 0.3, 0.2), 120, 1.5),
}
"""Populations that no constant was chosen on: only for a check."""

CHOICE_CELLS = {
    "crossed": Cell((0.5, 0.5), 150, 0.0, inputs="crossed", flipped=0.1),
    "curved-120": Cell((0.5, 0.5), 120, inputs="curved"),
    "curved-400": Cell((0.5, 0.5), 400, inputs="curved"),
    "noise": Cell((0.6, 0.4), 150, 0.0),
    "b150-50": Cell((0.5, 0.5), 150, 1.5),
    "b120-30": Cell((0.7, 0.3), 120, 1.3),
    "c180": Cell((1 / 3,) * 3, 180, 1.4),
    "r160-15": Cell((0.85, 0.15), 160, 1.5),
    "c150-10": Cell((0.6, 0.3, 0.1), 150, 1.8),
    "heavy-30": Cell((0.7, 0.3), 160, inputs="heavy"),
    "g45": Cell((0.75, 0.25), 45, 1.5, 0.4, "1 to 30 rows"),
    "g40-equal": Cell((0.6, 0.4), 40, 1.3, 0.4, "10 rows"),
    "g35-mixed": Cell((0.7, 0.3), 35, 1.4, 0.4, "1 to 30 rows", mixed=True),
    "g40-inform": Cell((0.6, 0.4), 40, 1.3, 0.3, "1 to 15 rows, 16 to 30 of a class"),
}
"""Populations to choose constants on; the docs report others."""

EVERY_CELL = CELLS | NEW_CELLS | CHOICE_CELLS


@dataclass(frozen=True)
class Sample:
    """A drawn data set with two views of its rows, and fresh rows of both."""

    y: Integers
    views: tuple[Array, Array]
    fresh_y: Integers
    fresh: tuple[Array, Array]
    groups: Integers | None


def draw(
    cell: Cell, generator: np.random.Generator, *, fewest: int = FOLDS, fresh: int = FRESH
) -> Sample:
    """Draw a data set; one with a class that is too small for the folds is drawn again."""
    while True:
        y, groups, shared = _draw_classes(cell, generator)
        own = observations_of(len(y), groups)
        pairs = np.unique(np.column_stack([y, own]), axis=0)
        if np.bincount(pairs[:, 0], minlength=len(cell.shares)).min() >= fewest:
            break
    y, views = _draw_inputs(cell, generator, y, shared)
    fresh_y, _, fresh_shared = _draw_classes(cell, generator, fresh)
    return Sample(y, views, *_draw_inputs(cell, generator, fresh_y, fresh_shared), groups)


def _draw_classes(
    cell: Cell, generator: np.random.Generator, fresh: int = 0
) -> tuple[Integers, Integers | None, Array]:
    """Draw the class and the group of rows, and what the rows of a group share.

    A fresh row is of a group of its own, which is drawn as often as it has rows.
    """
    count = fresh or cell.rows
    y = generator.choice(len(cell.shares), count, p=cell.shares)
    shared = generator.standard_normal((count, 2 * FEATURES))
    if not cell.sizes:
        return y, None, shared
    sizes = SIZES[cell.sizes](y, generator)
    if fresh:
        groups = generator.choice(count, count, p=sizes / sizes.sum())
    else:
        groups = np.repeat(np.arange(count), sizes)
    own = generator.choice(len(cell.shares), len(groups), p=cell.shares)
    return own if cell.mixed else y[groups], groups, shared[groups]


def _draw_inputs(
    cell: Cell, generator: np.random.Generator, y: Integers, shared: Array
) -> tuple[Integers, tuple[Array, Array]]:
    """Draw two views of rows that are as good as each other, and what is recorded as the class."""
    noise = generator.standard_normal(shared.shape)
    noise = np.sqrt(cell.dependence) * shared + np.sqrt(1 - cell.dependence) * noise
    if cell.inputs == "heavy":
        noise /= np.sqrt(generator.chisquare(2.5, noise.shape) / 2.5)
    if cell.inputs == "very heavy":
        noise /= np.sqrt(generator.chisquare(1.5, noise.shape) / 1.5)
    classes = len(cell.shares)
    means = np.zeros((classes, FEATURES))
    for c in range(1, classes):
        means[c, (c - 1) % FEATURES] = cell.distance
    x = noise + np.tile(means[y], 2)
    if cell.inputs == "heavy":  # the last feature is a category
        for last in (FEATURES - 1, 2 * FEATURES - 1):
            x[:, last] = generator.random(len(y)) < np.where(y > 0, 0.45, 0.15)
    if cell.inputs == "skewed":
        x = np.exp(x)
    if cell.inputs == "curved":  # inside and outside a circle, which both views are on
        square = np.square(noise[:, :2]).sum(axis=1)
        y = (generator.random(len(y)) < 1 / (1 + np.exp(3 * (1.4 - square)))).astype(int)
        angle = 2 * np.pi * generator.random(len(y))
        other = np.sqrt(square) * np.array([np.cos(angle), np.sin(angle)])
        x = noise.copy()
        x[:, FEATURES : FEATURES + 2] = other.T
    if cell.inputs == "crossed":
        signs = np.where(y > 0, -1, 1)
        for first in (0, FEATURES):
            x[:, first + 1] = np.abs(noise[:, first + 1]) * np.sign(noise[:, first]) * signs
            x[:, first] = noise[:, first]
    moved = generator.random(len(y)) < cell.flipped
    y = np.where(moved, (y + 1) % classes, y)
    return y, (x[:, :FEATURES], x[:, FEATURES:])


def fit(
    learner: str,
    x: Array,
    y: Integers,
    splits: list[Split],
    fresh: Array,
    seed: int,
    groups: Integers | None = None,
) -> tuple[list[Array], Array]:
    """Train a model on each split.

    Returns
    -------
    tested : list of array, shape (test rows, C)
        The probabilities of the test rows of each split.
    new : array, shape (FRESH, C, K)
        Those of fresh rows, by the fits of the first repeat.
    """
    classes = int(y.max()) + 1
    if learner == "part":
        return fit("logistic", x[:, :-1], y, splits, fresh[:, :-1], seed, groups)
    dataset = Dataset(
        tuple(f"x{i}" for i in range(x.shape[1])), "y", x, y, tuple(map(str, range(classes)))
    )
    if learner == "network":
        fits = networks.train_fits(
            stacked, [(NETWORK, split) for split in splits], dataset, seed=seed, epochs=EPOCHS
        )
        tested = [_both(each.probabilities) for each in fits]
        first = splits[:FOLDS]
        inputs = [Encoder.of(dataset, split.train).apply(fresh) for split in first]
        parameters = [each.parameters for each in fits[:FOLDS]]
        new = of_networks(PredictingFits("", NETWORK, first, parameters, inputs, dataset, seed))
        return tested, new.probabilities
    scaled = []
    for split in splits:
        encoder = Encoder.of(dataset, split.train)
        scaled.append((encoder.apply(x), encoder))
    if learner == "logistic":
        return _fit_logistic(scaled, y, splits, fresh)
    tested, new = [], []
    inner = draw_inner_folds(splits, y, seed=seed, groups=groups) if learner == "tuned" else None
    for place, (split, (own, encoder)) in enumerate(zip(splits, scaled, strict=True)):
        rows = own[split.train], y[split.train]
        predict = (
            SIMPLE[learner](*rows) if inner is None else _tuned(*rows, inner[place][split.train])
        )
        tested.append(predict(own[split.test]))
        if place < FOLDS:
            new.append(predict(encoder.apply(fresh)))
    return tested, np.stack(new, axis=-1)


Predict = Callable[[Array], Array]


def _nearest(x: Array, y: Integers, number: int = NEIGHBOURS) -> Predict:
    """Fit nearest neighbours: in NumPy, as scikit-learn takes most of its time for checks."""
    number, classes = min(number, len(y)), np.eye(int(y.max()) + 1)[y]
    squares = np.square(x).sum(axis=1)

    def predict(new: Array) -> Array:
        distances = (squares - 2 * new @ x.T).astype(np.float32)  # less what is the same for all
        nearest = np.argpartition(distances, number - 1, axis=1)[:, :number]
        return np.asarray(classes[nearest].mean(axis=1))

    return predict


def _tuned(x: Array, y: Integers, folds: Integers) -> Predict:
    """Fit as many nearest neighbours as inner folds choose, the first of equal ones."""

    def right(number: int) -> int:
        return sum(
            (
                _nearest(x[folds != k], y[folds != k], number)(x[folds == k]).argmax(axis=1)
                == y[folds == k]
            ).sum()
            for k in np.unique(folds)
        )

    return _nearest(x, y, max(TUNED, key=right))


def _bayes(x: Array, y: Integers) -> Predict:
    """Fit naive Bayes, as `sklearn.naive_bayes.GaussianNB` does."""
    own = [x[y == c] for c in range(int(y.max()) + 1)]
    means = np.stack([rows.mean(axis=0) for rows in own])
    variances = np.stack([rows.var(axis=0) for rows in own]) + 1e-9 * x.var(axis=0).max()
    shares = np.log(np.bincount(y) / len(y)) - np.log(variances).sum(axis=1) / 2

    def predict(new: Array) -> Array:
        squares = np.square(new[:, np.newaxis] - means) / variances
        return np.asarray(special.softmax(shares - squares.sum(axis=2) / 2, axis=1))

    return predict


def _tree(x: Array, y: Integers) -> Predict:
    return DecisionTreeClassifier(random_state=0).fit(x, y).predict_proba


def _forest(x: Array, y: Integers) -> Predict:
    forest = RandomForestClassifier(10, min_samples_leaf=2, random_state=0)
    return forest.fit(x, y).predict_proba


SIMPLE = {"knn": _nearest, "bayes": _bayes, "tree": _tree, "forest": _forest}


def _fit_logistic(
    scaled: list[Any], y: Integers, splits: list[Split], fresh: Array
) -> tuple[list[Array], Array]:
    parameters: dict[int, Array] = {}
    for size in {len(split.train) for split in splits}:
        places = [place for place, split in enumerate(splits) if len(split.train) == size]
        every = fit_all(
            np.stack([scaled[place][0][splits[place].train] for place in places]),
            np.stack([y[splits[place].train] for place in places]),
            l2=0.001,
        )
        parameters.update(zip(places, every, strict=True))
    tested = [
        _both(logistic.predict(parameters[place], scaled[place][0][split.test]))
        for place, split in enumerate(splits)
    ]
    new = [
        _both(logistic.predict(parameters[place], scaled[place][1].apply(fresh)))
        for place in range(min(FOLDS, len(splits)))
    ]
    return tested, np.stack(new, axis=-1)


def _both(p: Array) -> Array:
    """Return the probabilities of all classes; of two, p may have class 1 alone."""
    p = p.reshape(len(p), -1)
    return p if p.shape[1] > 1 else np.column_stack([1 - p, p])


def judged(
    sample: Sample,
    splits: list[Split],
    tested: list[Array],
    metrics: Sequence[str],
    share: float = 1.0,
) -> Judged:
    """Return how a model is judged that was trained on a share of each training set."""
    scores: dict[str, list[float]] = {metric: [] for metric in metrics}
    for split, p in zip(splits, tested, strict=True):
        for metric in metrics:
            scores[metric].append(_score(metric, sample.y[split.test], p[..., np.newaxis]))
    two = tested[0].shape[1] == 2
    fits = pd.DataFrame(
        {
            "repeat": [split.repeat + 1 for split in splits],
            "fold": [split.fold + 1 for split in splits],
            "rows": [split.test + 1 for split in splits],
            "probabilities": [(p[:, 1] if two else p).ravel() for p in tested],
        }
    )
    observations = observations_of(len(sample.y), sample.groups)
    values = {metric: np.array(each) for metric, each in scores.items()}
    rope = METRICS["accuracy"].rope
    return Judged("accuracy", rope, values, fits, sample.y, observations, share=share)


def _score(metric: str, y: Integers, p: Array) -> float:
    """Return the mean score of fits, shape (n, C, fits), which predict the most probable class."""
    if METRICS[metric].of_classes:
        p = np.stack([class_votes(each, None) for each in np.moveaxis(p, -1, 0)], axis=-1)
    return float(METRICS[metric].score(y, p).mean())


# One data set


def measure(
    cell: Cell,
    number: int,
    learners: Sequence[str] = LEARNERS,
    metrics: Sequence[str] = tuple(METRICS),
    share: float = 1.0,
) -> Iterator[dict[str, Any]]:
    """Draw a data set, train models, and yield their scores and the difference of each pair.

    The first model is compared with itself on the other view, too: their true difference is 0. All
    are trained on a share of each training set.
    """
    generator = np.random.default_rng([number, *map(ord, cell.name)])
    sample = draw(cell, generator)
    assigned = draw_folds(sample.y, folds=FOLDS, repeats=REPEATS, seed=number, groups=sample.groups)
    splits = splits_of(assigned)
    if share < 1:
        splits = training_subsets(splits, sample.y, share, seed=number, groups=sample.groups)
    trained = {name: (name, 0) for name in learners} | {OTHER_VIEW: (learners[0], 1)}
    models, truths = {}, {}
    for name, (learner, view) in trained.items():
        data = sample.views[view], sample.y, splits, sample.fresh[view]
        tested, new = fit(learner, *data, number, sample.groups)
        models[name] = judged(sample, splits, tested, metrics, share)
        truths[name] = {m: _score(m, sample.fresh_y, new) for m in metrics}
    compared = [*itertools.combinations(learners, 2), (learners[0], OTHER_VIEW)]
    for metric in metrics:
        estimates = {name: own.by(metric) for name, own in models.items()}
        for name in learners:
            value, *ends = mean_score(models[name], metric)
            row = {"learner": name, "metric": metric, "kind": "score", "value": value}
            every = {REPORT: tuple(ends), **_others(models[name], estimates[name], metric)}
            yield from _intervals(row, every, truths[name][metric])
        for pair in compared:
            one, other = (estimates[name] for name in pair)
            test = compare(one, other)
            row = {"learner": " - ".join(pair), "metric": metric, "kind": "difference"}
            own = _others(models[pair[0]], one, metric, models[pair[1]], other)
            every = {REPORT: (test.lower, test.upper), **own}
            truth = 0.0 if OTHER_VIEW in pair else np.subtract(*(truths[n][metric] for n in pair))
            yield from _intervals({**row, "value": test.mean}, every, float(truth))


def _intervals(
    row: dict[str, Any], ends: Mapping[str, tuple[float, float]], truth: float
) -> Iterator[dict[str, Any]]:
    for method, (lower, upper) in ends.items():
        yield {**row, "method": method, "lower": lower, "upper": upper, "truth": truth}


def _others(
    own: Judged,
    estimate: Estimate,
    metric: str,
    other: Judged | None = None,
    subtracted: Estimate | None = None,
) -> dict[str, tuple[float, float]]:
    """Return the intervals of other methods, of a score or of a difference.

    That of the corrected t-test; and a normal one with what rows contribute to fits that are given,
    as DeLong's is for an area under the ROC curve: a bootstrap of stored predictions tends to it.
    """
    scores, value, contributions = own.scores[metric], estimate.value, estimate.contributions
    if other is not None and subtracted is not None:
        scores = scores - other.scores[metric]
        value, contributions = value - subtracted.value, contributions - subtracted.contributions
    margin = IDEAL / 2 * np.sqrt(np.square(contributions.mean(axis=0)).sum())
    return {
        CORRECTED_T: corrected_t_test(scores, FOLDS)[-2:],
        ROWS_ALONE: (value - margin, value + margin),
    }


def _part(arguments: tuple[str, list[int], list[str]]) -> list[dict[str, Any]]:
    name, numbers, learners = arguments
    cell = EVERY_CELL[name]
    return [{"cell": name, **row} for n in numbers for row in measure(cell, n, learners)]


def main() -> None:
    """Measure the cells that are named, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=60, help="data sets of each cell")
    cells = ", ".join(EVERY_CELL)
    parser.add_argument("--cells", nargs="*", default=list(CELLS), help=f"of {cells}")
    parser.add_argument("--first", type=int, default=0, help="the number of the first data set")
    parser.add_argument("--learners", nargs="*", default=list(LEARNERS), help=f"of {LEARNERS}")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=Path, help="a folder for the numbers of finished cells")
    parser.add_argument(
        "--write", nargs="*", choices=TABLES, help="the tables to put into the docs"
    )
    arguments = parser.parse_args()
    tables, numbers = [], range(arguments.first, arguments.first + arguments.sets)
    for name in arguments.cells:
        kept = arguments.keep / f"{name}-{arguments.sets}.json" if arguments.keep else None
        if kept and kept.exists():
            tables.append(pd.DataFrame(json.loads(kept.read_text())))
            continue
        parts = [
            (name, [*numbers[start :: arguments.processes]], arguments.learners)
            for start in range(arguments.processes)
        ]
        with ProcessPoolExecutor(arguments.processes) as pool:
            rows = [row for part in pool.map(_part, parts) for row in part]
        tables.append(summarise(pd.DataFrame(rows)))
        if kept:
            kept.write_text(json.dumps(tables[-1].to_dict("records")))
        print(f"{name} done", file=sys.stderr, flush=True)
    table = pd.concat(tables, ignore_index=True)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    for name, write in TABLES.items():
        print(text := write(table, arguments.sets))
        if arguments.write is not None and name in (arguments.write or TABLES):
            put(name, text)


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the coverage of both truths, the relative width and the errors of each interval.

    It is *wrong* if it says that the worse one of a pair is better; *called*, if two that are
    equally good differ.
    """
    keys = ["cell", "learner", "metric", "kind", "method"]
    mean, known = rows.groupby(keys)["truth"].transform("mean"), rows["lower"].notna()
    below, above = rows["upper"] < 0, rows["lower"] > 0
    equal = rows["learner"].str.endswith(OTHER_VIEW)
    rows = rows.assign(
        covered=mean.between(rows["lower"], rows["upper"]).astype(float).where(known),
        own=rows["truth"].between(rows["lower"], rows["upper"]).astype(float).where(known),
        width=rows["upper"] - rows["lower"],
        known=known,
        wrong=((mean > 0) & below | (mean < 0) & above).astype(float).where(~equal),
        called=(below | above).astype(float).where(equal),
    )
    table = rows.groupby(keys, sort=False).agg(
        covered=("covered", "mean"),
        own=("own", "mean"),
        width=("width", "median"),
        spread=("value", "std"),
        known=("known", "mean"),
        wrong=("wrong", "mean"),
        called=("called", "mean"),
    )
    sound = (table["known"] >= 1 - MOST_WITHOUT) & (table["spread"] > 0)
    return table.assign(
        covered=table["covered"].where(sound),
        own=table["own"].where(sound),
        width=(table["width"] / (IDEAL * table["spread"])).where(sound),
    ).reset_index()


def write_coverage(table: pd.DataFrame, sets: int, kind: str = "score") -> str:
    """Write how often intervals hold the truth in each population, in Markdown."""
    own = table[(table["method"] == REPORT) & (table["kind"] == kind)]
    by = own.groupby(["cell", "metric"], sort=False)
    both = [by[truth].quantile(LOW).unstack() for truth in ("own", "covered")]
    lines = [
        f"How often the 95% interval of a {kind} holds the truth, in percent of {sets} samples, "
        f"with {REPEATS} repeats of {FOLDS}-fold\ncross-validation: the truth of the fits of the "
        f"sample, and after the stroke, the mean over all samples. Of the\n"
        f"{own['learner'].nunique()} {'models' if kind == 'score' else 'pairs'} of a population, "
        f"{LOW:.0%} are below.\n",
        "| population | " + " | ".join(entry.label for entry in METRICS.values()) + " |",
        "|---|" + "---|" * len(METRICS),
    ]
    for cell in both[0].index:
        cells = " | ".join(
            " / ".join(f"{100 * each.loc[cell, metric]:.0f}" for each in both) for metric in METRICS
        )
        lines.append(f"| {EVERY_CELL[str(cell)].name} | {cells} |")
    return "\n".join(lines)


def write_differences(table: pd.DataFrame, sets: int) -> str:
    """Write how often intervals of differences hold the truth in each population."""
    return write_coverage(table, sets, "difference")


def write_methods(table: pd.DataFrame, _: int) -> str:
    """Write how intervals compare with intervals of other methods, in Markdown."""
    lines = [
        f"| | own: lowest | {LOW:.0%} | mean | all samples: lowest | {LOW:.0%} | mean | over "
        f"{MOST:.1%} | width | relative | corrected t: {LOW:.0%} | rows alone: {LOW:.0%} "
        "| wrong: mean | called: highest |",
        "|---|" + "---|" * 13,
    ]
    relative = _relative_widths(table)
    by = table.set_index(["kind", "metric", "method"])
    for kind in ("score", "difference"):
        for metric, entry in METRICS.items():
            report = by.loc[[(kind, metric, REPORT)]]
            report = report[report["covered"].notna()]
            every = by.loc[[(kind, metric, name) for name in (CORRECTED_T, ROWS_ALONE)], "covered"]
            others = [every.xs(name, level="method") for name in (CORRECTED_T, ROWS_ALONE)]
            coverages = [
                f"{number:.0%}"
                for truth in ("own", "covered")
                for number in (
                    report[truth].min(),
                    report[truth].quantile(LOW),
                    report[truth].mean(),
                )
            ]
            numbers = [
                *coverages,
                f"{(report['covered'] > MOST).mean():.0%}",
                f"{report['width'].median():.2f}",
                f"{relative.loc[kind, metric].median():.2f}",
                *(f"{each.quantile(LOW):.0%}" for each in others),
                f"{report['wrong'].mean():.1%}" if kind == "difference" else "",
                f"{report['called'].max():.0%}" if kind == "difference" else "",
            ]
            lines.append(f"| {kind}, {entry.label} | " + " | ".join(numbers) + " |")
    return "\n".join(lines)


def _relative_widths(table: pd.DataFrame) -> pd.Series:
    """Return the width of the report in each cell, relative to the narrowest method that covers.

    NaN where no method covers, or the report has no interval.
    """
    keys = ["kind", "metric", "cell", "learner"]
    cells = table.set_index([*keys, "method"])[["covered", "width"]].unstack("method")
    cells = cells[cells["covered", REPORT].notna()]
    # Not of one that says that nothing differs.
    covers = (cells["covered"] >= COVERS) & (cells["width"] > 0)
    return cells["width", REPORT] / cells["width"].where(covers).min(axis=1)


def put(name: str, text: str, page: str = "error-rates") -> None:
    """Put a text between its markers in a page of docs."""
    path = Path(__file__).parents[1] / "docs" / f"{page}.md"
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, rest = path.read_text(encoding="utf-8").split(start)
    _, after = rest.split(end)
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}", encoding="utf-8")


TABLES = {
    "coverage": write_coverage,
    "differences": write_differences,
    "methods": write_methods,
}


if __name__ == "__main__":
    main()
