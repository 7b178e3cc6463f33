"""What the fits of a study lose on their test rows if the values of features are exchanged.

It says what these fits rest on, not what a feature is worth to a model that is trained without it.

References
----------
Breiman, L. (2001). Random forests. Machine Learning 45, 5-32.

Fisher, A., Rudin, C. and Dominici, F. (2019). All models are wrong, but many are useful: learning a
variable's importance by studying an entire class of prediction models simultaneously. Journal of
Machine Learning Research 20 (177).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from backprop.data.encoding import Encoder
from backprop.inference.influence import Estimate, compare
from backprop.models.registry import Model
from backprop.statistics.evaluated_fits import BYTES_AT_ONCE, predict_by
from backprop.statistics.grouping import COLUMNS, Judged, Judgement
from backprop.statistics.results import Results
from backprop.statistics.tables import Interval
from backprop.study.configurations import Configuration
from backprop.study.contributions import contributions_of
from backprop.study.fits import as_row
from backprop.study.metrics import predicted_classes
from backprop.study.scores import COLUMNS as SCORED
from backprop.study.scores import score_fits
from backprop.study.splits import Split
from backprop.study.streams import stream
from backprop.study.trained import Trained
from backprop.typing import Array, Integers

PERMUTATIONS = 5  # of each test fold of each repeat
MOST_CELLS = 5e9
"""The inputs that are computed for a model, at most: they take about a minute."""

FITS = [*dict.fromkeys([*SCORED, *COLUMNS, "parameters"])]
"""The columns that `worth_to_fits` needs of the files of fits."""

PERMUTED = "permuted"  # the key of the features that are exchanged


def donors_of(split: Split, seed: int) -> Integers:
    """Return which test row each test row gets its values from, shape (`PERMUTATIONS`, rows).

    It is the next one on a ring in random order, so no row gets its own: rows that do would make
    the loss too small.

    Returns
    -------
    int array
        Places among the test rows, from 0. They are the same for all models and features.
    """
    draws = stream(seed, "permuted rows", *split.key)
    rings = np.stack([draws.permutation(len(split.test)) for _ in range(PERMUTATIONS)])
    donors = np.empty_like(rings)
    np.put_along_axis(donors, rings, np.roll(rings, -1, axis=1), axis=1)
    return donors


def worth_to_fits(
    results: Results,
    registry: Mapping[str, Model],
    fits: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
) -> dict[tuple[str, str], Interval]:
    """Return what the fits of references lose without the values of features, with intervals.

    Parameters
    ----------
    results : Results
        With the data, the folds, the candidates, the metric and the seed.
    registry : mapping of str to Model
    fits : DataFrame
        Those that models are compared by, with `FITS`.
    groups : mapping of str to sequence of str
        The features of each group, by its name: their values are exchanged together.

    Returns
    -------
    dict of (str, str) to Interval
        By model and group: the score of the fits, minus that with the values of other test rows.
        The fits are taken as they are, so the interval is over rows alone. A model with a fit
        without a score is left out, and one of which more than `MOST_CELLS` would be computed.
    """
    lost: dict[tuple[str, str], Interval] = {}
    tested = sum(map(len, fits["rows"])) / max(fits["model"].nunique(), 1)
    cells = tested * len(groups) * PERMUTATIONS * len(results.dataset.features)
    if cells > MOST_CELLS:
        return lost
    for model, own in fits.groupby("model", sort=False):
        if all(np.isfinite(p).all() for p in own["probabilities"]):
            rows = _permuted(results, registry[str(model)], own, groups)
            both = pd.concat([own, pd.DataFrame(rows)], ignore_index=True)
            judgement = Judgement.of_results(results, score_fits(both, results.dataset.y), both)
            whole = _as_given(judgement, str(model), results.headline(str(model)))
            for name, features in groups.items():
                named = _named(features, results.candidates[str(model)][0]).name
                without = _as_given(judgement, str(model), named)
                estimate = _permuted_estimate(without, _all_donors(results, judgement, without))
                apart = compare(whole.estimate, estimate)
                lost[str(model), name] = Interval(apart.mean, apart.lower, apart.upper)
    return lost


def _named(features: Sequence[str], reference: Configuration) -> Configuration:
    return Configuration.of({PERMUTED: [*features], **reference.values()})


def _as_given(judgement: Judgement, model: str, name: str) -> Judged:
    """Return how a configuration is judged if its fits are given, as those of an order are."""
    return replace(judgement.of(model, name), in_order=True)


def _permuted(
    results: Results, entry: Model, fits: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, object]]:
    """Predict by fits with exchanged values, and return rows as files of fits have them.

    Each permutation counts as a repeat of its own: those of repeat r are from (r - 1) P + 1 on.
    """
    dataset, keys = results.dataset, zip(fits["repeat"], fits["fold"], strict=True)
    splits = [results.splits[key] for key in keys]
    most = max(len(split.test) for split in splits)
    of_group = 8 * PERMUTATIONS * most * dataset.x.shape[1]
    at_once = max(1, BYTES_AT_ONCE // of_group)
    reference, model = results.candidates[fits["model"].iloc[0]][0], fits["model"].iloc[0]
    named = [*groups.values()]
    for start in range(0, len(named), at_once):
        part = named[start : start + at_once]
        places = [[dataset.features.index(name) for name in features] for features in part]

        def inputs(split: Split, places: Sequence[Sequence[int]] = places) -> Array:
            # As many rows for each fit: of a smaller fold, the first ones come again.
            own = np.resize(np.arange(len(split.test)), most)
            donors = split.test[donors_of(split, results.seed)[:, own]]
            x = np.tile(dataset.x[split.test[own]], (len(places), PERMUTATIONS, 1, 1))
            for group, columns in zip(x, places, strict=True):
                group[..., columns] = dataset.x[donors][..., columns]
            return Encoder.of(dataset, split.train).apply(x.reshape(-1, x.shape[-1]))

        predicted = predict_by(results, entry, fits, inputs)
        shape = len(part), PERMUTATIONS, most
        p = predicted.probabilities.reshape(*shape, len(dataset.classes), -1)
        classes = predicted.classes.reshape(*shape, -1)
        for k, split in enumerate(splits):
            for g, features in enumerate(part):
                for number in range(PERMUTATIONS):
                    rows = slice(len(split.test))
                    fit = _as_fit(p[g, number, rows, :, k], classes[g, number, rows, k])
                    own = replace(split, repeat=split.repeat * PERMUTATIONS + number)
                    yield as_row(model, _named(features, reference), own, fit, "")


def _as_fit(p: Array, classes: Integers) -> Trained:
    """Return predictions, shapes (rows, C) and (rows,), as those of a fit."""
    is_usual = np.array_equal(classes, predicted_classes(p))
    return Trained(
        status="converged",
        epochs=0,
        probabilities=p[:, 1] if p.shape[1] == 2 else p,
        predicted=None if is_usual else classes,
    )


def _all_donors(results: Results, judgement: Judgement, judged: Judged) -> Integers:
    """Return which row each row gets its values from, shape (repeats * permutations, rows)."""
    donors = np.empty(judged.splits.shape, dtype=np.int64)
    place = np.empty(len(results.dataset.y), dtype=np.int64)
    place[judgement.tested] = np.arange(len(judgement.tested))
    for (repeat, _), split in results.splits.items():
        own, first = donors_of(split, results.seed), (repeat - 1) * PERMUTATIONS
        donors[first : first + PERMUTATIONS, place[split.test]] = place[split.test[own]]
    return donors


def _permuted_estimate(judged: Judged, donors: Integers) -> Estimate:
    """Return the score with exchanged values, and what observations contribute to it.

    A row is tested, and gives its values to another row: what it contributes is the sum of both, as
    to a mean over all pairs of two rows (Hoeffding 1948).

    Parameters
    ----------
    judged : Judged
    donors : int array, shape (repeats * permutations, rows)
    """
    estimate, named = judged.estimate, bool(judged.fits["predicted"].notna().any())
    of_donors = []
    for p, votes, split, own in zip(
        judged.probabilities, judged.votes, judged.splits, donors, strict=True
    ):
        to = np.argsort(own)  # the row that has the values of each
        of_row = contributions_of(
            judged.metric, judged.y[to], p[to][np.newaxis], split[np.newaxis] - split.min(),
            judged.observations, votes=votes[to][np.newaxis], named=named, given_fit=True,
        )  # fmt: skip
        of_donors.append(of_row.values[0])
    both = estimate.contributions + np.stack(of_donors)
    of_repeats = both.reshape(-1, PERMUTATIONS, both.shape[1]).mean(axis=1)
    return estimate._replace(contributions=of_repeats)
