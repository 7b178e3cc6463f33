"""Measure whether curves of differences cover the truth, and whether numbers of rows come true.

    python benchmarks/learning.py [--sets 100] [--write]

First, data sets are drawn as in `coverage.py`, with models that are trained on shares of each
training set. The true difference of two is the mean over all data sets.

Then each of six tables is divided into four quarters. From each quarter alone, the number of rows
is predicted with which a difference would be found that the whole table just finds in 80 of 100
studies. It should be the rows of the whole table. ``--write`` puts both tables into
docs/how-many-rows.md.
"""

import argparse
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from coverage import (
    CELLS,
    EPOCHS,
    FOLDS,
    NAMES,
    NETWORK,
    REPORT,
    Cell,
    measure,
    put,
    summarise,
)
from sklearn import datasets
from statsmodels import datasets as tables

from backprop.data.dataset import Dataset
from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.sample_size import RowNumber, rows_to_find
from backprop.inference.tests import minimum_detectable_difference
from backprop.models.families import ESTIMATOR, REGRESSION
from backprop.models.families import NETWORK as NETWORKS
from backprop.models.registry import BASELINE, MODELS
from backprop.statistics.comparison import compare_judged
from backprop.statistics.grouping import Judgement
from backprop.statistics.training_sizes import Size, curve_of_differences
from backprop.study.configurations import DEFAULT, Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.scores import score_fits
from backprop.study.splits import Split, splits_of
from backprop.study.streams import stream
from backprop.study.subsets import training_subsets
from backprop.typing import Integers

POPULATIONS = (
    *(CELLS[name] for name in ("b200-50", "b200-20", "c200")),
    Cell((0.5, 0.5), 60, 1.2, 0.4, "1 to 30 rows"),
)
LEARNERS = ("logistic", "bayes", "knn")
COMPARED = tuple(itertools.combinations(LEARNERS, 2))
PARTS = (0.25, 0.5)
SHARES = (0.25, 0.5, 0.75, 1.0)
REPEATS, SEED, QUARTERS, MOST_ROWS = 2, 1, 4, 6000


def coverage(sets: int) -> str:
    """Return how often intervals hold the truth, in Markdown."""
    lines = [
        f"How often the 95% interval holds the true difference, in percent of {sets} data sets "
        f"each, for {', '.join(' and '.join(map(NAMES.get, pair)) for pair in COMPARED)}:\n",
        "| population | "
        + " | ".join(f"{share:.0%} of the training rows" for share in PARTS)
        + " |",
        "|---|" + "---|" * len(PARTS),
    ]
    for cell in POPULATIONS:
        cells = []
        for share in PARTS:
            rows = [
                row
                for number in range(sets)
                for row in measure(cell, number, LEARNERS, ["accuracy"], share)
                if row["method"] == REPORT and row["kind"] == "difference"
            ]
            table = summarise(pd.DataFrame(rows).assign(cell=cell.name)).set_index("learner")
            covered = (table.loc[" - ".join(pair), "covered"] for pair in COMPARED)
            cells.append(", ".join(f"{100 * share:.0f}" for share in covered))
        lines.append(f"| {cell.name} | " + " | ".join(cells) + " |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


# Six tables


def built_in(load: Callable[..., Any]) -> tuple[Any, Any, None]:
    """Return the inputs and classes of a table of scikit-learn."""
    x, y = load(return_X_y=True)
    return x, y, None


def with_class(name: str, label: str, above: float, groups: str = "") -> tuple[Any, Any, Any]:
    """Return a table of statsmodels, whose class is whether a column is above a number."""
    table = getattr(tables, name).load_pandas().data.dropna()
    own = table[groups].to_numpy() if groups else None
    x = table.drop(columns=[label, *([groups] if groups else [])]).to_numpy(float)
    return x, (table[label] > above).to_numpy(), own


TABLES: dict[str, Callable[[], tuple[Any, Any, Any]]] = {
    "digits": lambda: built_in(datasets.load_digits),
    "breast cancer": lambda: built_in(datasets.load_breast_cancer),
    "fair: an affair": lambda: with_class("fair", "affairs", 0),
    "anes96: the vote": lambda: with_class("anes96", "vote", 0),
    "randhie: a visit to a doctor": lambda: with_class("randhie", "mdvis", 0),
    "modechoice: the mode of travel": lambda: with_class("modechoice", "choice", 0, "individual"),
}


def chosen(x: Any, y: Any, groups: Any, rows: Integers) -> tuple[Dataset, Integers | None]:
    """Return some rows as a data set, without inputs that are the same in all of them."""
    own = x[rows]
    own = own[:, np.ptp(own, axis=0) > 0]
    classes, codes = np.unique(y[rows], return_inverse=True)
    names = tuple(f"x{number}" for number in range(own.shape[1]))
    dataset = Dataset(names, "y", own, codes, tuple(map(str, classes)))
    return dataset, None if groups is None else groups[rows]


def trained(dataset: Dataset, splits: list[Split]) -> pd.DataFrame:
    """Train logistic regression, a small network and naive Bayes, as a table of fits."""
    settings: dict[str, Any] = {
        BASELINE: REGRESSION.train(
            MODELS[BASELINE].implementation,
            [(Configuration.of({"l2": 0.001}), split) for split in splits],
            dataset,
        ),
        "network": NETWORKS.train(
            MODELS["scratch"].implementation, [(NETWORK, split) for split in splits], dataset,
            seed=SEED, training={"epochs": EPOCHS},
        ),
        "bayes": ESTIMATOR.train(
            "sklearn.naive_bayes.GaussianNB", [(Configuration(), split) for split in splits],
            dataset, seed=SEED,
        ),
    }  # fmt: skip
    return pd.DataFrame(
        [
            {
                "model": model, "configuration": DEFAULT, "hyperparameters": "{}",
                "repeat": split.repeat + 1, "fold": split.fold + 1, "rows": split.test + 1,
                "status": fit.status, "epochs": 0, "probabilities": fit.probabilities.ravel(),
            }
            for model, fits in settings.items()
            for split, fit in zip(splits, fits, strict=True)
        ]
    )  # fmt: skip


def studied(dataset: Dataset, groups: Integers | None, shares: tuple[float, ...]) -> list[Size]:
    """Return the models on shares of the training sets."""
    y = dataset.y
    splits = splits_of(draw_folds(y, folds=FOLDS, repeats=REPEATS, seed=SEED, groups=groups))
    sizes = []
    for share in shares:
        parts = training_subsets(splits, y, share, seed=SEED, groups=groups)
        fits = trained(dataset, parts)
        candidates = {model: [Configuration()] for model in fits["model"].unique()}
        judgement = Judgement(
            score_fits(fits, y), fits, y, candidates,
            metric="accuracy", rope=0.01, groups=groups, share=share,
        )  # fmt: skip
        training_rows = float(np.mean([len(part.train) for part in parts]))
        sizes.append(Size(share, training_rows, judgement.headlines))
    return sizes


def quarters(groups: Integers | None, y: Any) -> list[Integers]:
    """Divide the rows into quarters with the same shares of the classes; groups stay whole."""
    codes = np.unique(y, return_inverse=True)[1]
    (assigned,) = draw_folds(codes, folds=QUARTERS, repeats=1, seed=SEED, groups=groups)
    return [np.flatnonzero(assigned == number) for number in range(QUARTERS)]


def predicted(size: float, sizes: list[Size], model: str) -> RowNumber:
    """Return with how many rows a difference would be found, from a part of a table."""
    whole = sizes[-1].models
    one = whole[model]
    times = rows_to_find(
        size, list(curve_of_differences(sizes, model)), compare_judged(one, whole[BASELINE]),
        training=one.estimate.training.against(whole[BASELINE].estimate.training),
        flip=one.estimate.flip,
        significance=SIGNIFICANCE, generator=stream(SEED, "rows needed"),
    )  # fmt: skip
    return RowNumber(*(len(one.y) * each for each in times))


def checked(name: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each model of a table: what its quarters predict, and the rows there are."""
    x, y, groups = TABLES[name]()
    if len(y) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(SEED).choice(len(y), MOST_ROWS, replace=False))
        x, y = x[rows], y[rows]
    whole = studied(*chosen(x, y, groups, np.arange(len(y))), (1.0,))[0].models
    parts = [studied(*chosen(x, y, groups, rows), SHARES) for rows in quarters(groups, y)]
    for model in whole.keys() - {BASELINE}:
        difference = compare_judged(whole[model], whole[BASELINE])
        size = minimum_detectable_difference(
            difference.standard_error, difference.degrees_of_freedom, significance=SIGNIFICANCE
        )
        every = [predicted(size, sizes, model) for sizes in parts]
        yield {
            "table": name, "rows": len(y), "predicted": every,
            "held": sum(each.lower <= len(y) <= each.upper for each in every),
        }  # fmt: skip


def predictions() -> str:
    """Return what is predicted from a quarter, and seen on the whole, in Markdown."""
    rows: list[dict[str, Any]] = []
    for name in TABLES:
        rows += checked(name)
        print(name, [row["held"] for row in rows], flush=True)
    lines = ["| table | rows | quarters whose interval has them |", "|---|---:|---:|"]
    for name in TABLES:
        own = [row for row in rows if row["table"] == name]
        held = sum(row["held"] for row in own)
        lines.append(f"| {name} | {own[0]['rows']:,} | {held} of {QUARTERS * len(own)} |")
    held, all_of = sum(row["held"] for row in rows), QUARTERS * len(rows)
    ratios = [each.times / row["rows"] for row in rows for each in row["predicted"]]
    widths = [each.upper / each.lower for row in rows for each in row["predicted"]]
    return "\n".join(
        [
            *lines,
            f"\n{held} of {all_of} intervals hold the rows of the whole table. The middle of an "
            f"interval is {np.median(ratios):.2f} times these rows (median; from "
            f"{min(ratios):.2f} to {max(ratios):.2f}), and its upper end {np.median(widths):.1f} "
            "times its lower end.",
        ]
    )


def main() -> None:
    """Measure both, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=100, help="data sets of each population")
    parser.add_argument("--write", action="store_true", help="put the tables into the docs")
    arguments = parser.parse_args()
    for name, text in (("predicted", predictions()), ("covered", coverage(arguments.sets))):
        print(text)
        if arguments.write:
            put(name, text, "how-many-rows")


if __name__ == "__main__":
    main()
