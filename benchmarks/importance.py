"""Measure whether intervals of what features are worth cover the truth, and false alarms.

    python benchmarks/importance.py [--sets 400] [--write]

Data sets are drawn with a useful feature, a weaker one and a useless one; also with a copy of the
useful one, which is left out with it. Logistic regression is trained again without each. The true
worth is the mean over all data sets. ``--write`` puts the table into docs/error-rates.md.
"""

import argparse
from functools import partial

import numpy as np
import pandas as pd
from coverage import put

from backprop.data.dataset import Dataset
from backprop.data.feature_groups import groups_of_features
from backprop.models.families import REGRESSION
from backprop.models.registry import BASELINE, MODELS
from backprop.models.without_features import leaving_out, train_without
from backprop.statistics.grouping import Judgement
from backprop.statistics.importance import compare_without
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row
from backprop.study.scores import score_fits
from backprop.study.splits import splits_of
from backprop.study.streams import stream

SLOPES = {"useful": 1.2, "weak": 0.5, "useless": 0.0}
ROWS, BY = (80, 320), ("accuracy", "log_loss")
FOLDS, REPEATS, SEED = 5, 2, 1


def drawn(number: int, rows: int, *, with_copy: bool) -> Dataset:
    """Draw a data set."""
    draws = stream(SEED, "importance", number, rows)
    x = draws.normal(size=(rows, len(SLOPES)))
    y = (x @ [*SLOPES.values()] + draws.logistic(size=rows) > 0).astype(int)
    names = (*SLOPES, "copy") if with_copy else (*SLOPES,)
    copy = x[:, :1] + 0.1 * draws.normal(size=(rows, 1))
    return Dataset(names, "y", np.hstack([x, copy])[:, : len(names)], y)


def measure(number: int, rows: int, *, with_copy: bool) -> pd.DataFrame:
    """Return what each group of features is worth on a data set, by each metric."""
    dataset, reference = drawn(number, rows, with_copy=with_copy), Configuration()
    splits = splits_of(draw_folds(dataset.y, folds=FOLDS, repeats=REPEATS, seed=number))
    groups = groups_of_features(dataset, {})
    pairs = [(c, s) for c in leaving_out(reference, groups).values() for s in splits]
    whole, implementation = [(reference, s) for s in splits], MODELS[BASELINE].implementation
    fits = [
        *REGRESSION.train(implementation, whole, dataset),
        *dict(train_without(REGRESSION, implementation, reference, pairs, dataset)).values(),
    ]
    every = zip([*whole, *pairs], fits, strict=True)
    table = pd.DataFrame([as_row(BASELINE, *pair, fit, "") for pair, fit in every])
    scores = score_fits(table, dataset.y)
    tables = []
    for metric in BY:
        own = {"metric": metric, "rope": 0.01}
        judgement = Judgement(scores, table, dataset.y, {BASELINE: [reference]}, **own)
        worth = compare_without(judgement, groups, len(groups), len(groups))
        tables.append(worth.assign(metric=metric, feature=worth["features"].str.split().str[0]))
    return pd.concat(tables)


def table_of(sets: int) -> str:
    """Return how often intervals hold the truth, and features are found, in Markdown."""
    lines = ["| rows | copy | metric | feature | worth | interval holds it, % | found, % |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for rows in ROWS:
        for with_copy in (False, True):
            one = partial(measure, rows=rows, with_copy=with_copy)
            every = pd.concat([one(number) for number in range(sets)])
            for (metric, feature), own in every.groupby(["metric", "feature"], sort=False):
                truth = own["difference"].mean()
                holds = own["difference_lower"].le(truth) & own["difference_upper"].ge(truth)
                cells = [rows, "yes" if with_copy else "no", metric.replace("_", " "), feature]
                called_better = 100 * own["outcome"].eq("better").mean()
                cells += [f"{truth:.3f}", f"{100 * holds.mean():.1f}", f"{called_better:.1f}"]
                lines.append(f"| {' | '.join(map(str, cells))} |")
                print(lines[-1], flush=True)
    return "\n".join([f"Of {sets} data sets each:\n", *lines])


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    table = table_of(options.sets)
    if options.write:
        put("worth", table)


if __name__ == "__main__":
    main()
