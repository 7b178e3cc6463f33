"""Measure whether intervals of what features are worth cover the truth, and false alarms.

    python benchmarks/importance.py [--sets 400] [--write]

Data sets are drawn with a useful feature, a weaker one and a useless one; also with a copy of the
useful one, which is left out with it. Logistic regression is trained again without each. The true
worth is the mean over all data sets. ``--write`` puts the table into docs/error-rates.md.
"""

import argparse
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from coverage import put

from backprop.data.dataset import Dataset
from backprop.data.encoding import Encoder
from backprop.data.feature_groups import groups_of_features
from backprop.models.families import REGRESSION
from backprop.models.registry import BASELINE, MODELS
from backprop.models.without_features import leaving_out, train_without
from backprop.statistics.evaluated_fits import predict_by
from backprop.statistics.grouping import Judgement
from backprop.statistics.importance import compare_without
from backprop.statistics.permuted_features import worth_to_fits
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.fits import as_row
from backprop.study.metrics import METRICS
from backprop.study.scores import score_fits
from backprop.study.splits import Split, splits_of
from backprop.study.streams import stream
from backprop.typing import Array

SLOPES = {"useful": 1.2, "weak": 0.5, "useless": 0.0}
ROWS, BY = (80, 320), ("accuracy", "log_loss")
FOLDS, REPEATS, SEED = 5, 2, 1
FRESH = 5_000  # rows on which fits are tried


def drawn(number: int, rows: int, *, with_copy: bool) -> Dataset:
    """Draw a data set."""
    draws = stream(SEED, "importance", number, rows)
    x = draws.normal(size=(rows, len(SLOPES)))
    y = (x @ [*SLOPES.values()] + draws.logistic(size=rows) > 0).astype(int)
    names = (*SLOPES, "copy") if with_copy else (*SLOPES,)
    copy = x[:, :1] + 0.1 * draws.normal(size=(rows, 1))
    return Dataset(names, "y", np.hstack([x, copy])[:, : len(names)], y)


def measure(number: int, rows: int, *, with_copy: bool) -> pd.DataFrame:
    """Return what each group of features is worth on a data set, by each metric.

    ``fresh`` is what the same fits lose on fresh rows when values are exchanged.
    """
    dataset, reference = drawn(number, rows, with_copy=with_copy), Configuration()
    folds = draw_folds(dataset.y, folds=FOLDS, repeats=REPEATS, seed=number)
    splits, groups = splits_of(folds), groups_of_features(dataset, {})
    pairs = [(c, s) for c in leaving_out(reference, groups).values() for s in splits]
    whole, implementation = [(reference, s) for s in splits], MODELS[BASELINE].implementation
    fits = [
        *REGRESSION.train(implementation, whole, dataset),
        *dict(train_without(REGRESSION, implementation, reference, pairs, dataset)).values(),
    ]
    every = zip([*whole, *pairs], fits, strict=True)
    table = pd.DataFrame([as_row(BASELINE, *pair, fit, "") for pair, fit in every])
    scores, own_fits = score_fits(table, dataset.y), table[: len(whole)]
    tables = []
    for metric in BY:
        own = {"metric": metric, "rope": 0.01, "seed": number, "duplicates": "keep"}
        results = Results({}, own)
        vars(results).update(dataset=dataset, folds=folds, candidates={BASELINE: [reference]})
        lost = worth_to_fits(results, MODELS, own_fits, groups)
        judgement = Judgement.of_results(results, scores, table)
        worth = compare_without(judgement, groups, len(groups), len(groups), lost)
        fresh = lost_on_fresh_rows(results, own_fits, groups, number, with_copy=with_copy)
        worth = worth.assign(metric=metric, fresh=worth["features"].map(fresh))
        tables.append(worth.assign(feature=worth["features"].str.split().str[0]))
    return pd.concat(tables)


def lost_on_fresh_rows(
    results: Results,
    fits: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    number: int,
    *,
    with_copy: bool,
) -> dict[str, float]:
    """Return what fits lose by the exchange of values, on fresh rows."""
    fresh = drawn(number + 10**6, FRESH, with_copy=with_copy)
    other = np.roll(np.arange(FRESH), 1)
    scores = {}
    for name, features in {"": (), **groups}.items():
        x = fresh.x.copy()
        for place in map(fresh.features.index, features):
            x[:, place] = x[other, place]

        def inputs(split: Split, x: Array = x) -> Array:
            return Encoder.of(results.dataset, split.train).apply(x)

        p = predict_by(results, MODELS[BASELINE], fits, inputs).probabilities
        scores[name] = float(METRICS[results.metric].score(fresh.y, p).mean())
    return {name: scores[""] - scores[name] for name in groups}


def table_of(sets: int) -> str:
    """Return how often intervals hold the truth, and features are found, in Markdown."""
    lines = ["| rows | copy | metric | feature | worth | held, % | found, % | to fits | held, % |"]
    lines += ["|---|---|---|---|---|---|---|---|---|"]
    for rows in ROWS:
        for with_copy in (False, True):
            one = partial(measure, rows=rows, with_copy=with_copy)
            every = pd.concat([one(number) for number in range(sets)])
            for (metric, feature), own in every.groupby(["metric", "feature"], sort=False):
                truth, fresh = own["difference"].mean(), own["fresh"].mean()
                held, held_by_fits = (
                    held_share(own, "difference", truth),
                    held_share(own, "permuted", own["fresh"]),
                )
                cells = [rows, "yes" if with_copy else "no", metric.replace("_", " "), feature]
                called_better = 100 * own["outcome"].eq("better").mean()
                cells += [f"{truth:.3f}", f"{held:.1f}", f"{called_better:.1f}"]
                cells += [f"{fresh:.3f}", f"{held_by_fits:.1f}"]
                lines.append(f"| {' | '.join(map(str, cells))} |")
                print(lines[-1], flush=True)
    return "\n".join([f"Of {sets} data sets each:\n", *lines])


def held_share(table: pd.DataFrame, name: str, truth: float | pd.Series) -> float:
    """Return the percentage of intervals, of those that there are, that hold the truth."""
    own = table[f"{name}_lower"].notna()
    holds = table[f"{name}_lower"].le(truth) & table[f"{name}_upper"].ge(truth)
    return float(100 * holds[own].mean())


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
