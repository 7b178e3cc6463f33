"""Measure how often intervals and verdicts are right, on populations whose truth is known.

    python benchmarks/coverage.py [--sets 200] [--cells b200-50] [--learners logistic] [--write]

Each data set is drawn from classes: also the number of rows of each class, as in a sample of the
population. A model on its inputs and the same model on other inputs that are as good are compared
as the report does, so their true difference is 0. The truth of a score is its mean over all data
sets, on fresh rows: if rows belong to groups, it is that of a row, so large groups count for more.
``--write`` puts the tables into docs/error-rates.md.

Logistic regression, naive Bayes and nearest neighbours are computed for all folds of a data set at
once, in 0.1 to 0.3 s with ten repeats; the network and the tree take ten times as long.

The designs are those of Schulz-Kümpel, H., Fischer, S., Hornung, R., Boulesteix, A.-L., Nagler, T.
and Bischl, B. (2024), Constructing confidence intervals for the generalization error, and more:
unequal classes and groups of rows.
"""

import argparse
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: each process computes alone

import numpy as np
import pandas as pd
from scipy import special, stats
from sklearn.tree import DecisionTreeClassifier

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.inference.intervals import Interval, corrected_interval, corrected_moments, wilson
from backprop.inference.tests import corrected_t_test
from backprop.models import logistic, networks
from backprop.models.many_logistic import fit_all
from backprop.models.predictions import of_networks
from backprop.network import stacked
from backprop.statistics.comparison import compare_all
from backprop.statistics.grouping import Judged, columns, score_columns
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.metrics import METRICS
from backprop.study.splits import Split, splits_of
from backprop.typing import Array, Integers

FOLDS, MOST = 5, 10  # of the cross-validation, and the most repeats
DESIGNS = (10, 3, 1)  # repeats
EVERY_METRIC = 3  # repeats, for the metrics besides accuracy
FEATURES = 3
FRESH = 2000
NETWORK = Configuration(
    hidden=(5,),
    activation="tanh",
    cost="cross_entropy",
    learning_rate=0.3,
    initialisation="glorot",
    batch_size=10,
)
EPOCHS = 20
LEARNERS = ("logistic", "bayes", "knn", "network", "tree")
NAMES = {
    "logistic": "logistic regression",
    "network": "network",
    "bayes": "naive Bayes",
    "knn": "15 nearest neighbours",
    "tree": "decision tree",
}
STABLE = LEARNERS[:4]
IDEAL = 3.92  # standard errors that an interval of 95% is wide
NEIGHBOURS = 15


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
    inputs : {"normal", "heavy", "curved"}
        Gaussian; with heavy tails (t with 2.5 degrees of freedom) and a category; or two classes
        with a curved boundary.
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
        shares = " / ".join(f"{100 * share:g}" for share in self.shares)
        if self.sizes:
            of = "each of all classes, " * self.mixed
            text = f"{self.rows} groups of {self.sizes}, {of}dependence {self.dependence:g}"
        else:
            text = f"{self.rows:,} rows"
        text += f", classes {shares}%" if not self.sizes or len(set(self.shares)) > 1 else ""
        text += f", {100 * self.flipped:g}% of another class" * bool(self.flipped)
        text += {"normal": "", "heavy": ", heavy tails", "curved": ", curved"}[self.inputs]
        return text + ", nearly separable" * (self.distance >= 4)


CELLS = {
    **{
        f"b{rows}-{100 * rare:.0f}": Cell((1 - rare, rare), rows)
        for rows in (40, 80, 200, 1000)
        for rare in (0.5, 0.2, 0.07, 0.03)
        if rows * rare >= 6  # with fewer, most samples have a class that is too small for 5 folds
    },
    **{f"b{rows}-10": Cell((0.9, 0.1), rows) for rows in (60, 120, 300)},
    "c80": Cell((0.25,) * 4, 80, 1.5),
    "c200": Cell((0.25,) * 4, 200, 1.5),
    "c200-unequal": Cell((0.6, 0.2, 0.13, 0.07), 200, 1.5),
    "c200-5": Cell((0.85, 0.1, 0.05), 200, 2.0),
    "separable": Cell((0.5, 0.5), 200, 4.0),
    "separable-10": Cell((0.9, 0.1), 120, 4.0),
    "heavy": Cell((0.5, 0.5), 200, inputs="heavy"),
    "curved": Cell((0.5, 0.5), 200, inputs="curved"),
    "flipped": Cell((0.5, 0.5), 200, 2.0, flipped=0.15),
    **{
        f"g{dependence:g}": Cell((0.5, 0.5), 24, 0.8, dependence, "10 rows")
        for dependence in (0.1, 0.4, 0.8)
    },
    "g0.4-noise": Cell((0.5, 0.5), 24, 0.0, 0.4, "10 rows"),
    "g30": Cell((0.5, 0.5), 30, 1.2, 0.4, "1 to 30 rows"),
    "g30-unequal": Cell((0.67, 0.33), 30, 1.2, 0.4, "1 to 30 rows"),
    "g60-unequal": Cell((0.8, 0.2), 60, 1.2, 0.4, "1 to 30 rows"),
    "g30-inform": Cell((0.5, 0.5), 30, 1.2, 0.4, "1 to 15 rows, 16 to 30 of a class"),
    "g30-mixed": Cell((0.8, 0.2), 30, 1.2, 0.4, "1 to 30 rows", mixed=True),
    "copies": Cell((0.5, 0.5), 120, 1.2, 1.0, "one row and its copies"),
}


@dataclass(frozen=True)
class Sample:
    """A drawn data set with two views of its rows, and fresh rows of both."""

    y: Integers
    views: tuple[Array, Array]
    fresh_y: Integers
    fresh: tuple[Array, Array]
    groups: Integers | None


def draw(cell: Cell, generator: np.random.Generator) -> Sample:
    """Draw a data set; one with a class that is too small for the folds is drawn again."""
    while True:
        y, groups, shared = _draw_classes(cell, generator)
        own = np.arange(len(y)) if groups is None else groups
        pairs = np.unique(np.column_stack([y, own]), axis=0)
        if np.bincount(pairs[:, 0], minlength=len(cell.shares)).min() >= FOLDS:
            break
    y, views = _draw_inputs(cell, generator, y, shared)
    fresh_y, _, fresh_shared = _draw_classes(cell, generator, FRESH)
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
    classes = len(cell.shares)
    means = np.zeros((classes, FEATURES))
    for c in range(1, classes):
        means[c, (c - 1) % FEATURES] = cell.distance
    x = noise + np.tile(means[y], 2)
    if cell.inputs == "heavy":  # the last feature is a category
        for last in (FEATURES - 1, 2 * FEATURES - 1):
            x[:, last] = generator.random(len(y)) < np.where(y > 0, 0.45, 0.15)
    if cell.inputs == "curved":  # inside and outside a circle, which both views are on
        square = np.square(noise[:, :2]).sum(axis=1)
        y = (generator.random(len(y)) < 1 / (1 + np.exp(3 * (1.4 - square)))).astype(int)
        angle = 2 * np.pi * generator.random(len(y))
        other = np.sqrt(square) * np.array([np.cos(angle), np.sin(angle)])
        x = noise.copy()
        x[:, FEATURES : FEATURES + 2] = other.T
    moved = generator.random(len(y)) < cell.flipped
    y = np.where(moved, (y + 1) % classes, y)
    return y, (x[:, :FEATURES], x[:, FEATURES:])


def fit(
    learner: str, x: Array, y: Integers, splits: list[Split], fresh: Array, seed: int
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
    dataset = Dataset(
        tuple(f"x{i}" for i in range(FEATURES)), "y", x, y, tuple(map(str, range(classes)))
    )
    if learner == "network":
        fits = networks.train_fits(
            stacked, [(NETWORK, split) for split in splits], dataset, seed=seed, epochs=EPOCHS
        )
        tested = [_both(each.probabilities) for each in fits]
        first = splits[:FOLDS]
        inputs = [Encoder.of(dataset, split.train).apply(fresh) for split in first]
        parameters = [each.parameters for each in fits[:FOLDS]]
        new = of_networks("", NETWORK, first, parameters, inputs, dataset=dataset, seed=seed)
        return tested, new
    scaled = []
    for split in splits:
        encoder = Encoder.of(dataset, split.train)
        scaled.append((encoder.apply(x), encoder))
    if learner == "logistic":
        return _fit_logistic(scaled, y, splits, fresh)
    tested, new = [], []
    for place, (split, (own, encoder)) in enumerate(zip(splits, scaled, strict=True)):
        predict = SIMPLE[learner](own[split.train], y[split.train])
        tested.append(predict(own[split.test]))
        if place < FOLDS:
            new.append(predict(encoder.apply(fresh)))
    return tested, np.stack(new, axis=-1)


Predict = Callable[[Array], Array]


def _nearest(x: Array, y: Integers) -> Predict:
    """Fit nearest neighbours: in NumPy, as scikit-learn takes most of its time for checks."""
    number, classes = min(NEIGHBOURS, len(y)), np.eye(int(y.max()) + 1)[y]
    squares = np.square(x).sum(axis=1)

    def predict(new: Array) -> Array:
        distances = (squares - 2 * new @ x.T).astype(np.float32)  # less what is the same for all
        nearest = np.argpartition(distances, number - 1, axis=1)[:, :number]
        return np.asarray(classes[nearest].mean(axis=1))

    return predict


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


SIMPLE = {"knn": _nearest, "bayes": _bayes, "tree": _tree}


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
        for place in range(FOLDS)
    ]
    return tested, np.stack(new, axis=-1)


def _both(p: Array) -> Array:
    """Return the probabilities of all classes, from those of class 1 if there are two."""
    p = p.reshape(len(p), -1)
    return p if p.shape[1] > 1 else np.column_stack([1 - p, p])


def judged(sample: Sample, splits: list[Split], tested: list[Array], repeats: int) -> Judged:
    """Return how a model is judged on the first repeats."""
    own = splits[: FOLDS * repeats]
    scores: dict[str, list[float]] = {metric: [] for metric in METRICS}
    for split, p in zip(own, tested, strict=False):
        for metric, entry in METRICS.items():
            scores[metric].append(float(entry.score(sample.y[split.test], p[..., np.newaxis])[0]))
    two = tested[0].shape[1] == 2
    fits = pd.DataFrame(
        {
            "repeat": [split.repeat + 1 for split in own],
            "fold": [split.fold + 1 for split in own],
            "rows": [split.test + 1 for split in own],
            "probabilities": [(p[:, 1] if two else p).ravel() for p in tested[: len(own)]],
        }
    )
    rows = np.arange(len(sample.y))
    observations = rows if sample.groups is None else sample.groups
    values = {metric: np.array(each) for metric, each in scores.items()}
    return Judged("accuracy", values, fits, sample.y, observations)


# Other intervals of an accuracy, to compare with


def corrected(own: Judged) -> Interval:
    """Return the interval of Nadeau and Bengio (2003), from the spread between splits."""
    return corrected_interval(own.values, FOLDS)


def corrected_and_rows(own: Judged) -> Interval:
    """Return the corrected interval with the part of the variance that stratification hides."""
    mean, error, degrees = corrected_moments(own.values, FOLDS)
    recalls = np.array([own.right[:, own.y == c].mean() for c in range(int(own.y.max()) + 1)])
    shares = np.bincount(own.y) / len(own.y)
    between = float((shares * (recalls - shares @ recalls) ** 2).sum()) / len(own.y)
    margin = stats.t.isf(0.025, degrees) * np.sqrt(np.nan_to_num(error) ** 2 + between)
    return Interval(mean - margin, mean + margin)


def corrected_or_wilson(own: Judged) -> Interval:
    """Return the corrected interval, at least as wide as Wilson's for as many rows."""
    ends = corrected(own), wilson(round(own.value * len(own.y)), len(own.y))
    return Interval(
        float(np.fmin(*(e.lower for e in ends))), float(np.fmax(*(e.upper for e in ends)))
    )


def bayle(own: Judged) -> Interval:
    """Return the interval of Bayle et al. (2020): the variance between rows, within folds."""
    right = own.right.mean(axis=0)
    margin = 1.959964 * right.std(ddof=1) / np.sqrt(len(right))
    return Interval(own.value - margin, own.value + margin)


def bootstrap(own: Judged) -> Interval:
    """Return the percentiles of a bootstrap of the observations of the predictions."""
    count = int(own.observations.max()) + 1
    sums = np.bincount(own.observations, own.right.mean(axis=0), count)
    sizes = np.bincount(own.observations, minlength=count)
    draws = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), 1000)
    lower, upper = np.quantile(draws @ sums / (draws @ sizes), [0.025, 0.975])
    return Interval(lower, upper)


OTHERS: dict[str, Callable[[Judged], Interval]] = {
    "corrected t": corrected,
    "corrected t, with a part between rows": corrected_and_rows,
    "corrected t, or Wilson's if wider": corrected_or_wilson,
    "Bayle et al.": bayle,
    "bootstrap of rows or groups": bootstrap,
}
BATES = "Bates et al., nested"
BY_BATES = ("logistic", "knn", "tree")  # it trains many more fits


def bates(sample: Sample, learner: str, splits: list[Split], own: Judged, seed: int) -> Interval:
    """Return the interval of Bates, Hastie and Tibshirani (2024), by nested cross-validation.

    Each fold of a repeat is predicted by fits on the others without one more fold.
    """
    n, x = len(sample.y), sample.views[0]
    repeats = len(own.values) // FOLDS
    a, b = [], []
    for repeat in range(repeats):
        fold_of = np.empty(n, dtype=int)
        for split in splits[repeat * FOLDS : (repeat + 1) * FOLDS]:
            fold_of[split.test] = split.fold
        pairs = list(itertools.combinations(range(FOLDS), 2))
        inner = [
            Split(repeat, place, *map(np.flatnonzero, (~np.isin(fold_of, p), np.isin(fold_of, p))))
            for place, p in enumerate(pairs)
        ]
        tested, _ = (
            fit(learner, x, sample.y, inner, x[:1], seed) if learner != "network" else ([], 0)
        )
        wrong: dict[tuple[int, int], Array] = {}
        for (j, k), split, p in zip(pairs, inner, tested, strict=True):
            errors = (_classes(p) != sample.y[split.test]).astype(float)
            wrong[j, k] = errors[fold_of[split.test] == j]  # rows of j, without j and k
            wrong[k, j] = errors[fold_of[split.test] == k]
        for k in range(FOLDS):
            within = np.concatenate([wrong[j, k] for j in range(FOLDS) if j != k])
            outer = 1.0 - own.right[repeat][fold_of == k]
            a.append((within.mean() - outer.mean()) ** 2)
            b.append(outer.var(ddof=1) / len(outer))
    error = own.right.mean(axis=0).std(ddof=1) / np.sqrt(n)
    mse = max(np.mean(a) - np.mean(b), 0.0)
    se = np.clip(np.sqrt((FOLDS - 1) / FOLDS * mse), error, error * np.sqrt(FOLDS))
    return Interval(own.value - 1.959964 * se, own.value + 1.959964 * se)


def _classes(p: Array) -> Integers:
    return (p[:, 1] >= 0.5).astype(int) if p.shape[1] == 2 else p.argmax(axis=1)


# One data set


def measure(
    cell: Cell, number: int, learners: Sequence[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Draw a data set, train models, by default all, and yield what each method says."""
    generator = np.random.default_rng([number, *map(ord, cell.name)])
    sample = draw(cell, generator)
    assigned = draw_folds(sample.y, folds=FOLDS, repeats=MOST, seed=number, groups=sample.groups)
    splits = splits_of(assigned)
    for learner in learners or LEARNERS:
        views = [
            fit(learner, x, sample.y, splits, fresh, number)
            for x, fresh in zip(sample.views, sample.fresh, strict=True)
        ]
        truth = {
            metric: float(np.mean([entry.score(sample.fresh_y, new).mean() for _, new in views]))
            for metric, entry in METRICS.items()
        }
        for repeats in DESIGNS:
            own, other = (judged(sample, splits, tested, repeats) for tested, _ in views)
            common = {"learner": learner, "repeats": repeats}
            for metric in METRICS if repeats == EVERY_METRIC else ("accuracy",):
                row = score_columns(own, metric)
                lower, upper = (row[name] for name in columns(metric)[1:])
                (test,) = compare_all([(own, other)], METRICS[metric].rope, metric=metric)
                yield {
                    **common,
                    "metric": metric,
                    "method": "this report",
                    "truth": truth[metric],
                    "value": row[metric],
                    "lower": lower,
                    "upper": upper,
                    "difference": test["difference"],
                    "difference_lower": test["difference_lower"],
                    "difference_upper": test["difference_upper"],
                    "called": test["outcome"] in ("better", "worse"),
                }
            methods = {name: method(own) for name, method in OTHERS.items()}
            if cell.sizes is None and repeats == EVERY_METRIC and learner in BY_BATES:
                methods[BATES] = bates(sample, learner, splits, own, number)
            for name, (lower, upper) in methods.items():
                difference: dict[str, Any] = {}
                if name == "corrected t":
                    test_t = corrected_t_test(own.values - other.values, FOLDS)
                    difference = {
                        "difference_lower": test_t.lower,
                        "difference_upper": test_t.upper,
                        "called": test_t.p_value < 0.05,
                    }
                yield {
                    **common,
                    "metric": "accuracy",
                    "method": name,
                    "truth": truth["accuracy"],
                    "lower": lower,
                    "upper": upper,
                    **difference,
                }


def _part(arguments: tuple[str, list[int], list[str]]) -> list[dict[str, Any]]:
    name, numbers, learners = arguments
    return [{"cell": name, **row} for n in numbers for row in measure(CELLS[name], n, learners)]


def main() -> None:
    """Measure the cells that are named, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200, help="data sets of each cell")
    parser.add_argument("--cells", nargs="*", default=list(CELLS), help=f"of {', '.join(CELLS)}")
    parser.add_argument("--learners", nargs="*", default=list(LEARNERS))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--keep", type=Path, help="a folder for the numbers of finished cells")
    parser.add_argument("--write", action="store_true", help="write the tables into the docs")
    arguments = parser.parse_args()
    tables = []
    for name in arguments.cells:
        kept = arguments.keep / f"{name}-{arguments.sets}.json" if arguments.keep else None
        if kept and kept.exists():
            tables.append(pd.DataFrame(json.loads(kept.read_text())))
            continue
        parts = [
            (name, [*range(arguments.sets)[start :: arguments.processes]], arguments.learners)
            for start in range(arguments.processes)
        ]
        with ProcessPoolExecutor(arguments.processes) as pool:
            rows = [row for part in pool.map(_part, parts) for row in part]
        tables.append(summarise(pd.DataFrame(rows)))
        if kept:
            kept.write_text(json.dumps(tables[-1].to_dict("records")))
        print(f"{name} done", file=sys.stderr, flush=True)
    table = pd.concat(tables, ignore_index=True)
    text = "\n\n".join(write(table, arguments.sets))
    print(text)
    if arguments.write:
        put("coverage", text)


def summarise(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the coverage, the median width and the false alarms of each method."""
    keys = ["cell", "learner", "repeats", "metric", "method"]  # NaN: without an interval
    truth = rows.groupby(keys)["truth"].transform("mean")
    rows = rows.assign(
        covered=((rows["lower"] <= truth) & (truth <= rows["upper"])).where(rows["lower"].notna()),
        width=rows["upper"] - rows["lower"],
        difference_width=rows["difference_upper"] - rows["difference_lower"],
        difference_covered=((rows["difference_lower"] <= 0) & (rows["difference_upper"] >= 0))
        | rows["difference_lower"].isna(),
        called=rows["called"].astype(float),
        known=rows["lower"].notna().astype(float),
    )
    return (
        rows.groupby(keys, sort=False)
        .agg(
            covered=("covered", "mean"),
            width=("width", "median"),
            difference_covered=("difference_covered", "mean"),
            called=("called", "mean"),
            known=("known", "mean"),
            spread=("value", "std"),
            difference_width=("difference_width", "median"),
            difference_spread=("difference", "std"),
        )
        .reset_index()
    )


def write(table: pd.DataFrame, sets: int) -> list[str]:
    """Write the tables in Markdown."""
    accuracy = table[table["metric"] == "accuracy"]
    own = accuracy[accuracy["method"] == "this report"]
    lines = [
        f"How often the 95% interval of an accuracy holds the truth, in percent of {sets} data "
        f"sets, with {', '.join(map(str, DESIGNS))} repeats of "
        f"{FOLDS}-fold cross-validation:",
        _markdown(own, "covered"),
        "The same for the difference of two equally good models:",
        _markdown(own, "difference_covered"),
        "How often the report calls one of them better or worse:",
        _markdown(own, "called"),
        "The methods side by side, over all of these cells (the decision tree apart): the lowest "
        "coverage, how many cells are below 93%, and the median width relative to this report:",
        _methods(accuracy),
        f"The lowest and the mean coverage of the other metrics, with {EVERY_METRIC} repeats (the "
        "decision tree apart), how often there is an interval, its median width relative to 3.92 "
        "standard deviations of the scores of all data sets, and how often one of two equally good "
        "models is called better or worse at most:",
        _metrics(table),
    ]
    return lines


def _markdown(rows: pd.DataFrame, column: str) -> str:
    learners = [*rows["learner"].unique()]
    lines = [
        "| population | " + " | ".join(NAMES[learner] for learner in learners) + " |",
        "|---|" + "---|" * len(learners),
    ]
    for name in rows["cell"].unique():
        cells = []
        for learner in learners:
            chosen = rows[(rows["cell"] == name) & (rows["learner"] == learner)]
            by = chosen.set_index("repeats")[column]
            cells.append(" / ".join(f"{100 * by[r]:.0f}" for r in DESIGNS))
        noise = "" if CELLS[name].distance else ", nothing to learn"
        lines.append(f"| {CELLS[name].name}{noise} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _methods(accuracy: pd.DataFrame) -> str:
    stable = accuracy[accuracy["learner"].isin(STABLE)]
    keys = ["cell", "learner", "repeats"]
    own = stable[stable["method"] == "this report"].set_index(keys)["width"]
    lines = ["| method | lowest | cells below 93% | width |", "|---|---|---|---|"]
    for method, rows in stable.groupby("method", sort=False):
        by = rows.set_index(keys)
        ratio = (by["width"] / own.reindex(by.index)).median()
        below = f"{int((by['covered'] < 0.93).sum())} of {len(by)}"
        lines.append(f"| {method} | {by['covered'].min():.0%} | {below} | {ratio:.2f} |")
    return "\n".join(lines)


def _metrics(table: pd.DataFrame) -> str:
    chosen = table[
        (table["method"] == "this report")
        & (table["repeats"] == EVERY_METRIC)
        & table["learner"].isin(STABLE)
    ]
    lines = [
        "| metric | lowest | mean | width | has one | difference, lowest | mean | width | called |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for metric, rows in chosen.groupby("metric", sort=False):
        width = (rows["width"] / (IDEAL * rows["spread"])).median()
        width_of_two = (rows["difference_width"] / (IDEAL * rows["difference_spread"])).median()
        lines.append(
            f"| {METRICS[metric].label} | {rows['covered'].min():.0%} | "
            f"{rows['covered'].mean():.0%} | {width:.2f} | {rows['known'].mean():.0%} | "
            f"{rows['difference_covered'].min():.0%} | {rows['difference_covered'].mean():.0%} | "
            f"{width_of_two:.2f} | {rows['called'].max():.0%} |"
        )
    return "\n".join(lines)


def put(name: str, text: str) -> None:
    """Put a text between its markers in docs/error-rates.md."""
    path = Path(__file__).parents[1] / "docs" / "error-rates.md"
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, rest = path.read_text(encoding="utf-8").split(start)
    _, after = rest.split(end)
    path.write_text(f"{before}{start}\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
