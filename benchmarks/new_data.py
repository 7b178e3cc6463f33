"""Measure how often intervals on new data hold the truth.

    python benchmarks/new_data.py [--trainings 8] [--files 50] [--write]

Models are trained once, and judged on files of new rows, as the report judges them. The truth is
what they score on many rows of the population: models are given, only the rows differ. ``--write``
puts the table into docs/error-rates.md.
"""

import argparse
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy

import numpy as np
import pandas as pd
from coverage import IDEAL, MOST_WITHOUT, NAMES, REPORT, Cell, draw, fit, put

from backprop.inference.influence import compare
from backprop.statistics.grouping import Headlines, Judged, Judgement, mean_score
from backprop.study.configurations import Configuration
from backprop.study.fits import fits_of
from backprop.study.metrics import METRICS
from backprop.study.scores import score_fits
from backprop.study.splits import Split
from backprop.typing import Array, Integers

LEARNERS = ("logistic", "bayes", "knn")
TRAINING_ROWS, TRUE_ROWS = 200, 20_000
FEWEST = 2  # rows, or groups, of each class in a file
CELLS = (
    Cell((0.92, 0.08), 80, 1.5),
    Cell((0.8, 0.2), 40, 1.5),
    Cell((0.5, 0.5), 40, 1.2),
    Cell((0.6, 0.3, 0.1), 60, 1.5),
    Cell((0.6, 0.4), 15, 1.2, 0.4, "1 to 30 rows", mixed=True),
    Cell((0.6, 0.4), 15, 1.2, 0.4, "1 to 30 rows"),
    Cell((0.6, 0.4), 8, 1.2, 0.4, "10 rows", mixed=True),
    Cell((0.6, 0.4), 30, 1.2, 0.4, "1 to 30 rows", mixed=True),
)
"""Populations, and the rows or groups of a file."""


def judge(
    y: Integers, predictions: Mapping[str, Array], tests: Sequence[Integers], **how: Any
) -> Headlines:
    """Return how models are judged by their probabilities for the rows of each test."""
    every = [fits_of(m, p[np.newaxis], [tests]) for m, p in predictions.items()]
    fits = pd.concat(every, ignore_index=True)
    candidates = {model: [Configuration()] for model in predictions}
    return Judgement(
        score_fits(fits, y), fits, y, candidates, metric="accuracy", rope=0.01, **how
    ).headlines


def intervals(
    judged: Mapping[str, Judged], truths: Mapping[str, Mapping[str, float]]
) -> Iterator[dict[str, Any]]:
    """Yield the interval of each score and of the difference of each pair, with the truth."""
    for metric in METRICS:
        for model, each in judged.items():
            value, *ends = mean_score(each, metric)
            row = {
                "model": model,
                "metric": metric,
                "kind": "score",
                "truth": truths[model][metric],
            }
            yield row | {"value": value, "lower": ends[0], "upper": ends[1]}
        for one, other in itertools.combinations(judged, 2):
            test = compare(judged[one].by(metric), judged[other].by(metric))
            row = {"model": f"{one} - {other}", "metric": metric, "kind": "difference"}
            row["truth"] = truths[one][metric] - truths[other][metric]
            yield row | {"value": test.mean, "lower": test.lower, "upper": test.upper}


def measure(cell: Cell, number: int, files: int) -> Iterator[dict[str, Any]]:
    """Train the models once, and yield their intervals on files of new rows."""
    generator = np.random.default_rng([number, *map(ord, cell.name)])
    sample = draw(replace(cell, rows=TRAINING_ROWS, sizes=None), generator, fresh=1)
    true = draw(cell, generator, fresh=TRUE_ROWS)
    drawn = [draw(cell, generator, fewest=FEWEST, fresh=1) for _ in range(files)]
    every = np.concatenate([true.fresh[0], *(file.views[0] for file in drawn)])
    ends = np.cumsum([TRUE_ROWS, *(len(file.y) for file in drawn[:-1])])
    rows = np.arange(TRAINING_ROWS)
    x, y, splits = sample.views[0], sample.y, [Split(0, 0, rows, rows[:1])]
    predicted, truths = {}, {}
    for learner in LEARNERS:
        _, new = fit(learner, x, y, splits, every, number)
        p, *predicted[learner] = np.split(new, ends)
        truths[learner] = {m: float(each.score(true.fresh_y, p)[0]) for m, each in METRICS.items()}
    for place, file in enumerate(drawn):
        own = {learner: p[place][..., 0] for learner, p in predicted.items()}
        judged = judge(file.y, own, [np.arange(len(file.y))], groups=file.groups)
        for row in intervals(judged, truths):
            yield {"cell": cell.name, "method": REPORT, "training": number, **row}


def write_cells(table: pd.DataFrame, heading: str) -> str:
    """Write the lowest coverage of each population and metric, by each method, in Markdown."""
    known = table["lower"].notna()
    held = table["truth"].between(table["lower"], table["upper"]).astype(float).where(known)
    keys = ["cell", "kind", "method", "metric"]
    by_model = held.groupby([table[key] for key in [*keys, "model"]], sort=False)
    shown = by_model.mean().where(by_model.count() >= by_model.size() * MOST_WITHOUT)
    lowest = shown.groupby(level=keys).min()
    lines = [
        f"| {heading} | of | " + " | ".join(entry.label for entry in METRICS.values()) + " |",
        "|---|---|" + "---|" * len(METRICS),
    ]
    methods = [*table["method"].unique()]
    for cell, kind in dict.fromkeys(zip(table["cell"], table["kind"], strict=True)):
        numbers = (
            " (".join(f"{100 * lowest[cell, kind, method, metric]:.0f}" for method in methods)
            for metric in METRICS
        )
        ends = ")" * (len(methods) - 1)
        lines.append(
            f"| {cell} | {kind}s | " + " | ".join(f"{each}{ends}" for each in numbers) + " |"
        )
    return "\n".join(lines)


def widths(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean coverage and the median width, in 3.92 standard deviations, by metric."""
    every = ("cell", "training", "kind", "method", "metric", "model")
    own = table.assign(
        width=table["upper"] - table["lower"],
        held=table["truth"].between(table["lower"], table["upper"]).where(table["lower"].notna()),
    ).astype({"held": float})
    by = own.groupby([key for key in every if key in table]).agg(
        held=("held", "mean"),
        width=("width", "median"),
        spread=("value", "std"),
        known=("width", "count"),
        rows=("width", "size"),
    )
    by = by[by["known"] >= MOST_WITHOUT * by["rows"]]
    by["width"] /= IDEAL * by["spread"]
    return by.groupby(["kind", "method", "metric"]).agg({"held": "mean", "width": "median"})


def main() -> None:
    """Measure all populations, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trainings", type=int, default=8, help="of each population")
    parser.add_argument("--files", type=int, default=50, help="of each training")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    arguments = parser.parse_args()
    sizes = range(arguments.trainings), arguments.files
    table = pd.DataFrame(
        row for cell in CELLS for n in sizes[0] for row in measure(cell, n, sizes[1])
    )
    names = ", ".join(NAMES[learner] for learner in LEARNERS)
    text = (
        f"How often the 95% interval holds the truth, in percent of {arguments.files} files for "
        f"each of {arguments.trainings} trainings: the\nlowest of three models ({names}),\nor of "
        f"their pairs.\n\n" + write_cells(table, "a file of new data")
    )
    print(text, widths(table).to_string(float_format="{:.3f}".format), sep="\n\n")
    if arguments.write:
        put("new_data", text)


if __name__ == "__main__":
    main()
