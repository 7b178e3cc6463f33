"""The recommended model and its rival on new data, judged when everything else is decided.

The models are fitted to all rows of the study, and given: a score varies only with the new rows.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from backprop.data.dataset import Dataset
from backprop.data.groups import equal_rows, groups_of, observations_of
from backprop.errors import in_brief
from backprop.inference.decisions import excludes_zero, is_shown
from backprop.inference.intervals import distance
from backprop.inference.tests import holm
from backprop.models.families import Predicted
from backprop.models.registry import BASELINE
from backprop.statistics.comparison import compare_alone
from backprop.statistics.grouping import Judgement, Row, mean_score
from backprop.statistics.recommendation import Recommendation
from backprop.statistics.results import Results
from backprop.statistics.tables import NEW_DATA, NEW_DATA_CHECKS, ByMetric, Interval, Nested
from backprop.study.configurations import Configuration
from backprop.study.fits import fits_of
from backprop.study.metrics import METRICS
from backprop.study.scores import score_fits
from backprop.study.streams import stream
from backprop.typing import Array, Integers

DRAWS = 1999  # random divisions of the rows, for the test of the shares of the classes
NAMED = 3  # new categories that a row names


def judge(
    new: Dataset,
    predictions: Mapping[str, Predicted],
    study: Results,
    decision: Recommendation,
    *,
    duplicates: str,
    uses: tuple[int, int],
) -> pd.DataFrame:
    """Judge models on new data, and compare what comes out with what cross-validation promised.

    Parameters
    ----------
    new : Dataset
    predictions : mapping of str to Predicted
        Of each model, by one fit; of two models, the first is the baseline.
    study : Results
        With the tables `metrics` and `nested`, the metric and the rope.
    decision : Recommendation
    duplicates : {"keep", "together"}
        As `backprop.data.groups.groups_of` takes it.
    uses : tuple of int
        How often the data were used, and how many others before, see
        `backprop.statistics.record_of_uses`.

    Returns
    -------
    DataFrame
        A row for each model and metric, see `backprop.statistics.tables.NewScore`.
    """
    keys = dict(zip(predictions, [BASELINE, "other"], strict=False))
    tests = [[np.arange(len(new.y))]]
    fits = pd.concat(
        [
            fits_of(keys[m], p[..., 0][np.newaxis], tests, classes.T)
            for m, (p, classes) in predictions.items()
        ],
        ignore_index=True,
    )
    candidates = {key: [Configuration()] for key in keys.values()}
    judged = Judgement(
        score_fits(fits, new.y), fits, new.y, candidates,
        metric=study.metric, rope=study.rope, groups=groups_of(new, duplicates),
    ).headlines  # fmt: skip
    rows: list[Row] = []
    for metric in [study.metric, *(other for other in METRICS if other != study.metric)]:
        for model, key in keys.items():
            score = mean_score(judged[key], metric)
            promised, promised_difference = _promised(study, decision, model, metric)
            row: Row = {"model": model, "metric": metric, "rows": len(new.y)}
            row["rope"] = judged[key].rope_of(metric)
            row |= dict(zip(("uses", "other_files"), uses, strict=True))
            row |= {"score": score, "promised": promised}
            if promised:
                apart = Interval(*distance(score, promised))
                row |= {"distance": apart, "promise": _promise(apart, metric)}
            if key != BASELINE:
                row |= compare_alone(judged[key], judged[BASELINE], metric)
                row["promised_difference"] = promised_difference
            rows.append(row)
    return NEW_DATA.frame(rows)


def table_of_predictions(new: Dataset, predictions: Mapping[str, Predicted]) -> pd.DataFrame:
    """Return what each model predicts for each row of new data, with the probabilities.

    Parameters
    ----------
    new : Dataset
    predictions : mapping of str to Predicted
        Of each model, by one fit.

    Returns
    -------
    DataFrame
        With the columns ``model``, ``row`` (from 1), ``class`` and ``predicted``, and one for each
        class.
    """
    names, first = np.array(new.classes, dtype=object), ["model", "row", "class", "predicted"]
    every = [
        pd.DataFrame(p[..., 0], columns=[f"P({name})" for name in new.classes]).assign(
            model=model, row=range(1, len(p) + 1), predicted=names[classes[:, 0]],
            **{"class": names[new.y]},
        )
        for model, (p, classes) in predictions.items()
    ]  # fmt: skip
    if not every:
        return pd.DataFrame(columns=first)
    table = pd.concat(every)
    return table[[*first, *table.columns.difference(first, sort=False)]]


def _promised(
    study: Results, decision: Recommendation, model: str, metric: str
) -> tuple[Interval | None, Interval | None]:
    """Return a model's score by cross-validation, and its difference from the baseline."""
    rows: Sequence[ByMetric | Nested] = study.rows("metrics")
    own = [row for row in rows if isinstance(row, ByMetric) and row.metric == metric]
    if decision.tuned and model == decision.model:
        own = [*study.rows("nested")] if metric == study.metric else []
    return next(((row.score, row.difference) for row in own if row.model == model), (None, None))


def _promise(apart: Interval, metric: str) -> str | None:
    """Return whether a promise was kept; None if that is not known."""
    if np.isnan(apart.lower):
        return None
    if not excludes_zero(apart.lower, apart.upper):
        return "kept"
    return "better" if (apart.value > 0) == METRICS[metric].higher_is_better else "worse"


# Whether new data are like the study's


def check_new_data(study: Dataset, new: Dataset, *, duplicates: str, seed: int) -> pd.DataFrame:
    """Look for what makes new data unlike a study's, or no test of it.

    Parameters
    ----------
    study, new : Dataset
        The latter as `backprop.data.new_data.read_new_data` reads it.
    duplicates : {"keep", "together"}
        As `backprop.data.groups.groups_of` takes it.
    seed : int
        That of the study.

    Returns
    -------
    DataFrame
        See `backprop.statistics.tables.NewCheck`. There is always a row on copies, and one on the
        shares of the classes; others only if something is found.
    """
    of_study, of_new = (groups_of(data, duplicates) for data in (study, new))
    own = observations_of(len(study.y), of_study), observations_of(len(new.y), of_new)
    rows = [_copies(study, new), _class_shares(study, new, own, seed)]
    return NEW_DATA_CHECKS.frame([*rows, *_outside(study, new, own), *_unknown(study, new)])


def _copies(study: Dataset, new: Dataset) -> Row:
    """Count the new rows whose features and class a row of the study has, too.

    In a table with few distinct rows, that is chance: as often a row of the study equals another.
    """
    from scipy import special  # only now: it is slow

    both = Dataset(
        new.features, new.label, np.concatenate([study.x, new.x]), np.concatenate([study.y, new.y])
    )
    own, others = np.split(equal_rows(both), [len(study.y)])
    count, twins = int(np.isin(others, own).sum()), int((np.bincount(own)[own] > 1).sum())
    by_chance = (twins + 1) / (len(own) + 1)
    p_value = float(special.bdtrc(count - 1, len(others), by_chance)) if count else 1.0
    return {"check": "copies", **_share(count, len(others), twins / len(own), p_value)}


def _class_shares(
    study: Dataset, new: Dataset, observations: tuple[Integers, Integers], seed: int
) -> Row:
    """Compare the shares of the classes; the row is about the one that differs most."""
    classes = len(study.classes)
    shares = [np.bincount(each.y, minlength=classes) / len(each.y) for each in (study, new)]
    most = int(np.abs(shares[1] - shares[0]).argmax())
    p_value = shares_p_value((study.y, new.y), observations, classes, seed)
    own = _share(int((new.y == most).sum()), len(new.y), shares[0][most], p_value)
    return {"check": "class_shares", "subject": study.classes[most], **own}


def _share(count: int, total: int, study_share: float, p_value: float) -> Row:
    """Return what a row says of a share of the new rows."""
    shares = {"share": count / total, "study_share": study_share}
    return {
        "count": count,
        "total": total,
        **shares,
        "p_value": p_value,
        "warns": is_shown(p_value),
    }


def shares_p_value(
    y: tuple[Integers, Integers], observations: tuple[Integers, Integers], classes: int, seed: int
) -> float:
    """Test whether two samples have the same shares of classes.

    The statistic is Pearson's chi-square. Its distribution comes from random divisions of all
    observations into two samples of these sizes, so neither small counts nor groups need an
    approximation.

    Parameters
    ----------
    y : tuple of two int arrays
        The classes of the rows of each sample.
    observations : tuple of two int arrays
        The independent observation that each row belongs to, from 0 without a gap.
    classes : int
    seed : int

    References
    ----------
    Pearson, K. (1900). On the criterion that a given system of deviations ... can be reasonably
    supposed to have arisen from random sampling. Philosophical Magazine 50, 157-175.

    Phipson, B. and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology 9, 39.
    """
    counts = [
        np.bincount(own * classes + each, minlength=(int(own.max()) + 1) * classes)
        .reshape(-1, classes)
        for each, own in zip(y, observations, strict=True)
    ]  # fmt: skip
    every, second, rng = np.concatenate(counts), len(counts[1]), stream(seed, "class shares")
    total = every.sum(axis=0)
    if len(every) == total.sum():
        drawn = rng.multivariate_hypergeometric(total, second, DRAWS, method="marginals")
    else:
        places = (rng.choice(len(every), second, replace=False) for _ in range(DRAWS))
        drawn = np.stack([every[own].sum(axis=0) for own in places])
    seen = _chi_square(counts[1].sum(axis=0)[np.newaxis], total)
    by_chance = _chi_square(drawn, total)
    return float((1 + (by_chance >= seen * (1 - 1e-9)).sum()) / (1 + DRAWS))


def _chi_square(second: Integers, total: Integers) -> Array:
    """Return Pearson's chi-square of divisions, from counts of the second sample, (draws, C)."""
    sizes, present = second.sum(axis=1, keepdims=True), total > 0
    expected = sizes / total.sum() * total[present]
    squares = np.square(second[:, present] - expected)
    return np.asarray((squares / expected + squares / (total[present] - expected)).sum(axis=1))


def _outside(
    study: Dataset, new: Dataset, observations: tuple[Integers, Integers]
) -> Iterator[Row]:
    """Find features outside the range of the study more often than chance explains."""
    tails: list[Row] = []
    sizes = [int(own.max()) + 1 for own in observations]
    for place, name in enumerate(study.features):
        if name in study.categories:
            continue
        values, known = new.x[:, place], study.x[:, place]
        for check, limit, is_out in (
            ("below", np.nanmin(known), values < np.nanmin(known)),
            ("above", np.nanmax(known), values > np.nanmax(known)),
        ):
            most = len(np.unique(observations[1][is_out]))
            tails.append({
                "check": check, "subject": name, "count": int(is_out.sum()), "total": len(values),
                "limit": float(limit), "p_value": _extreme(most, *sizes),
            })  # fmt: skip
    adjusted = holm([row["p_value"] for row in tails])
    for row, p_value in zip(tails, adjusted, strict=True):
        if is_shown(p_value):
            yield row | {"p_value": float(p_value), "warns": True}


def _extreme(count: int, study: int, new: int) -> float:
    """Return how probable it is that the `count` most extreme of all are of the new ones."""
    places = np.arange(count)
    return float(np.prod((new - places) / (study + new - places)))


def _unknown(study: Dataset, new: Dataset) -> Iterator[Row]:
    """Find categories that no row of the study has."""
    for name, texts in study.categories.items():
        codes = new.x[:, new.features.index(name)]
        is_new = codes >= len(texts)
        if is_new.any():
            others = new.categories[name][len(texts) :]
            shown = [*map(in_brief.repr, others[:NAMED])]
            more = [f"{len(others) - NAMED} more"] if len(others) > NAMED else []
            yield {
                "check": "unknown_category", "subject": name, "count": int(is_new.sum()),
                "total": len(codes), "which": ", ".join([*shown, *more]), "warns": True,
            }  # fmt: skip
