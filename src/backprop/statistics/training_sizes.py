"""What models learn from fewer rows, and how many rows would show a difference.

Each model is trained on parts of each training set, in its reference, and tested on the same rows.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE
from backprop.inference.intervals import DECIMALS
from backprop.inference.sample_size import TrainingSize, power, rows_to_find
from backprop.inference.tests import level_of_each
from backprop.models.registry import BASELINE
from backprop.statistics.comparison import compare_judged
from backprop.statistics.grouping import Headlines, Judgement, Row, difference_columns, mean_score
from backprop.statistics.results import Results
from backprop.statistics.tables import (
    ROWS_NEEDED,
    TRAINING_SIZES,
    Compared,
    Interval,
    RowsNeeded,
)
from backprop.study.fits import read_fits
from backprop.study.metrics import METRICS
from backprop.study.scores import COLUMNS, score_fits
from backprop.study.streams import stream
from backprop.study.subsets import training_subsets

TIMES_ROPE = (2, 5)  # of the rope that a metric has by default: for shares, 2 and 5 points


@dataclass(frozen=True)
class Size:
    """All models with a number of training rows.

    Attributes
    ----------
    share : float
        That each training set has of its rows.
    training_rows : float
        The mean number of rows of the training sets.
    models : Headlines
    """

    share: float
    training_rows: float
    models: Headlines


def judge_sizes(results: Results, models: Collection[str], files: Iterable[Path]) -> list[Size]:
    """Judge the models on each share of the training sets, and on all of each.

    Parameters
    ----------
    results : Results
        With the data, the folds, and the fits of the headlines.
    models : collection of str
        Those that are trained on shares.
    files : iterable of Path
        Of the fits on shares, each with the name of its share.

    Returns
    -------
    list of Size
        In ascending order.
    """
    by_share: dict[float, list[Path]] = {}
    for file in files:
        by_share.setdefault(float(file.stem), []).append(file)
    fits = {share: read_fits(own, columns=COLUMNS) for share, own in by_share.items()}
    fits[1.0] = results.fits_of_headlines(models, COLUMNS)
    splits, y = [*results.splits.values()], results.dataset.y
    sizes = []
    for share in sorted(fits):
        scores = score_fits(fits[share], y)
        judgement = Judgement.of_results(results, scores, fits[share], share)
        parts = training_subsets(splits, y, share, seed=results.seed, groups=results.groups)
        training_rows = float(np.mean([len(each.train) for each in parts]))
        sizes.append(Size(share, training_rows, judgement.headlines))
    return sizes


def compare_by_size(sizes: Iterable[Size], metric: str) -> pd.DataFrame:
    """Return the score and the difference from the baseline with each number of training rows.

    Parameters
    ----------
    sizes : iterable of Size
    metric : str
        That of the study.

    Returns
    -------
    DataFrame
        A row per model and share, see `backprop.statistics.tables.BySize`. A model with diverged
        or failed fits has no score, and no difference.
    """
    rows: list[Row] = []
    for size in sizes:
        pairs = size.models.with_baseline()
        rows += [
            {
                "model": model,
                "share": size.share,
                "training_rows": size.training_rows,
                "score": mean_score(judged, metric),
                "fits": judged.values.size,
                "unscored": int(np.isnan(judged.values).sum()),
                **(difference_columns(compare_judged(*pairs[model])) if model in pairs else {}),
            }
            for model, judged in size.models.items()
        ]
    return TRAINING_SIZES.frame(rows, metric)


def sizes_of_interest(metric: str, rope: float) -> list[float]:
    """Return the true differences that a reader may want to find: the rope, 2 and 5 points."""
    own = METRICS[metric].rope
    every = {round(size, DECIMALS) for size in (rope, *(times * own for times in TIMES_ROPE))}
    return sorted(every - {0.0})


def rough_rows_needed(compared: Iterable[Compared], metric: str, rope: float) -> list[RowsNeeded]:
    """Return about how many rows would find each difference, by the one that is *detectable* here.

    The standard error falls as the root of the number of rows. `count_rows_needed` knows more.
    """
    return [
        RowsNeeded(
            model=row.model,
            size=size,
            rows=Interval(*3 * [row.rows * (row.detectable / size) ** 2]),
            power=np.nan,
            rows_here=row.rows,
        )
        for row in compared
        if row.detectable and row.rows
        for size in sizes_of_interest(metric, rope)
    ]


def curve_of_differences(sizes: Sequence[Size], model: str) -> Iterator[TrainingSize]:
    """Yield what observations contribute to the difference of a model, for each size with one."""
    for size in sizes:
        if pair := size.models.with_baseline().get(model):
            own, of_baseline = (each.estimate.contributions for each in pair)
            yield TrainingSize(size.training_rows, (own - of_baseline).round(DECIMALS))


def count_rows_needed(sizes: Sequence[Size], *, seed: int) -> pd.DataFrame:
    """Return with how many rows differences of each size would be found in 80% of the studies.

    Parameters
    ----------
    sizes : sequence of Size
        In ascending order; the last one is the whole study.
    seed : int
        That of the study.

    Returns
    -------
    DataFrame
        A row per model and size, see `backprop.statistics.tables.RowsNeeded`. There is none for a
        model that is the same as an earlier one.
    """
    *_, whole = sizes
    tested = {
        model: compare_judged(*pair)
        for model, pair in whole.models.with_baseline().items()
        if model not in whole.models.same
    }
    own = [each.contributions for each in tested.values() if each.basis != "identical"]
    level = level_of_each(np.array(own), SIGNIFICANCE)
    rows: list[Row] = []
    for model, difference in tested.items():
        one = whole.models[model]
        training = one.estimate.training.against(whole.models[BASELINE].estimate.training)
        for size in sizes_of_interest(one.metric, one.rope):
            result = rows_to_find(
                size,
                list(curve_of_differences(sizes, model)),
                difference,
                training=training,
                flip=one.estimate.flip,
                significance=level,
                generator=stream(seed, "rows needed"),
            )
            needed = Interval(*(len(one.y) * times for times in result))
            row = {"model": model, "size": size, "rows": needed, "rows_here": len(one.y)}
            rows.append(row | {"power": power(size, difference, level)})
    return ROWS_NEEDED.frame([row for row in rows if np.isfinite(row["rows"].value)])
