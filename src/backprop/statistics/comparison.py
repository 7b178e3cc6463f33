"""The comparison of models and configurations with the baseline, and of models with others."""

import itertools
import math
from collections.abc import Container, Mapping, Sequence, Set
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from backprop.inference.corrected import corrected_t_test
from backprop.inference.decisions import SIGNIFICANCE, outcome
from backprop.inference.influence import Difference, compare
from backprop.inference.intervals import CONFIDENCE, DECIMALS, NORMAL, score_interval
from backprop.inference.tests import (
    Posterior,
    discordant,
    holm,
    level_of_each,
    mcnemar,
    minimum_detectable_difference,
    posterior_of,
    step_down,
)
from backprop.models.registry import BASELINE, headline, is_network
from backprop.statistics.equal_models import same_probabilities
from backprop.statistics.grouping import (
    Headlines,
    Judged,
    Judgement,
    Row,
    commonest_reason,
    difference_columns,
    mean_score,
)
from backprop.statistics.tables import BY_METRIC, COMPARISON, CONFIGURATIONS, CUT_OFF, PAIRS
from backprop.study.metrics import METRICS, Metric, entry_of, is_cut_off
from backprop.study.scores import hyperparameter_columns

Key = TypeVar("Key")


def compare_models(judgement: Judgement, *, learned: Set[str] | None = None) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by the study's metric: a row per model.

    Parameters
    ----------
    judgement : Judgement
        With the headline of each model.
    learned : set of str, optional
        The models that have learned something, see `backprop.statistics.guessing.learned_models`:
        their p-values are adjusted for each other alone, so that a model that has learned nothing
        changes none of them. By default all.

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Compared`. A model with diverged or failed
        fits is not compared: it has only its name and the numbers of its fits. One that is the same
        as another (see `Headlines.same`) has the adjusted p-value and the outcome of that.
        McNemar's test is only of models whose observations are rows.
    """
    judged, metric = judgement.headlines, judgement.metric
    results = _compare_with_baseline(judged, learned)
    rows: list[Row] = []
    for model, each in judged.items():
        name = headline(model, judgement.candidates)
        row: Row = {"model": model, "configuration": name}
        row |= judgement.count_fits(model, name)
        if "failed" in judgement.states:
            scores = judgement.scores_of(model, name)
            row["reason"] = commonest_reason(scores, "failed").get("reason")
        row |= dict(zip(("same_as", "same_within"), judged.same.get(model, ()), strict=False))
        if each.scored:
            row |= {"score": mean_score(each, metric), **_count_right(each)}
        rows.append(row | results.get(model, {}))
    matched = match_baseline(judgement, judged, results, learned)
    return COMPARISON.frame([row | matched.get(row["model"], {}) for row in rows], metric)


def compare_by_each_metric(
    judgement: Judgement, *, learned: Set[str] | None = None
) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by each metric.

    Parameters
    ----------
    judgement, learned
        As in `compare_models`. The rope of a metric is as `Judged.rope_of` has it.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.ByMetric` per model and metric, if there is a score.
        P-values are adjusted over the models, for each metric. A model with diverged or failed fits
        has no row.
    """
    judged = judgement.headlines
    same, rows = judged.same, list[Row]()
    for metric in METRICS:
        pairs = {m: pair for m, pair in judged.with_baseline(metric).items() if m not in same}
        tested = compare_all(pairs, metric=metric, counted=learned)
        for model, each in judged.items():
            if each.is_scored_by(metric):
                first, score = same.get(model, (None,))[0], mean_score(each, metric)
                row: Row = {"model": model, "metric": metric, "score": score}
                row |= {"rope": each.rope_of(metric), "same_as": first}
                if math.isnan(score.lower):
                    row["lacking"] = _lacking(each, metric, judgement.classes)
                rows.append(row | tested.get(first or model, {}))
    return BY_METRIC.frame(rows)


def _lacking(judged: Judged, metric: str, classes: Sequence[str]) -> str | None:
    """Return why a score has no interval, as `backprop.statistics.tables.ByMetric` has it."""
    if METRICS[metric].by_thresholds:
        return next((name for c, name in enumerate(classes) if c == judged.hardly_named), None)
    is_unbounded = math.isinf(METRICS[metric].highest)
    return CUT_OFF if is_unbounded and is_cut_off(judged.probabilities) else None


def compare_pairs(judgement: Judgement, *, learned: Set[str] | None = None) -> pd.DataFrame:
    """Compare the headlines of each two models: a row per pair.

    Parameters
    ----------
    judgement, learned
        As in `backprop.statistics.comparison.compare_models`.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.Pair` for each model and each earlier one; the baseline
        is the first. The pairs with the baseline are adjusted for each other, so that they have the
        numbers of `compare_models`, and all other pairs for each other. A model that is the same as
        an earlier one is left out, and so is one with diverged or failed fits.
    """
    scored = judgement.headlines.distinct
    first = sorted(scored, key=lambda model: model != BASELINE)
    names = [(model, other) for other, model in itertools.combinations(first, 2)]
    rows = []
    for with_baseline in (True, False):
        family = [pair for pair in names if (BASELINE in pair) == with_baseline]
        counted = [p for p in family if learned is None or learned >= {*p} - {BASELINE}]
        pairs = {(model, other): (scored[model], scored[other]) for model, other in family}
        tested = compare_all(pairs, counted=counted)
        rows += [{"model": model, "other": other, **tested[model, other]} for model, other in pairs]
    return PAIRS.frame(rows)


def summarise_configurations(judgement: Judgement) -> pd.DataFrame:
    """Return a row per model and configuration: means of all metrics with intervals.

    Parameters
    ----------
    judgement : Judgement

    Returns
    -------
    DataFrame
        The rows are those of `backprop.statistics.tables.Summarised`. P-values are adjusted by
        Holm's method over all rows, with each network counted once, and without what is the same as
        the baseline. ``varied`` is missing for a model with a single configuration that is not a
        network.
    """
    scores, baseline = judgement.scores, judgement.baseline
    varied = {
        (model, each.name): " ".join(each.differing(every[0])) or "reference"
        if len(every) > 1
        else None
        for model, every in judgement.candidates.items()
        for each in every
    }
    of_baseline = BASELINE, headline(BASELINE, judgement.candidates)
    rows: list[Row] = []
    beliefs: dict[int, Posterior] = {}  # by the place of a row that is compared
    for model, name in judgement.groups:
        judged = judgement.of(model, name)
        row: Row = {"model": model, "varied": varied[model, name], "configuration": name}
        row |= judgement.count_fits(model, name)
        row |= {metric: mean_score(judged, metric) for metric in METRICS}
        if (model, name) != of_baseline and judged.scored and baseline.scored:
            difference = compare_judged(judged, baseline)
            row |= difference_columns(difference)
            beliefs[len(rows)] = belief_in(difference, judgement.rope, judgement.metric)
        rows.append(row)
    firsts = [positions[0] for positions in judgement.groups.values()]
    names = hyperparameter_columns(scores)
    table = CONFIGURATIONS.frame(rows, judgement.metric, names)
    table[names] = scores[names].iloc[firsts].reset_index(drop=True)
    table["p_adjusted"] = adjusted = _adjusted(table)
    outcomes = {place: outcome(adjusted[place], belief) for place, belief in beliefs.items()}
    table["outcome"] = pd.Series(outcomes, index=table.index, dtype=object)
    return table


def _adjusted(table: pd.DataFrame) -> pd.Series:
    """Return the p-values adjusted for all rows.

    Two implementations of a network count once, and the same model as the baseline not at all.
    """
    known, same = table["p_value"].notna(), table["basis"] == "identical"
    networks = table[known & table["model"].map(is_network).astype(bool)]
    counted = (
        known & ~same & ~table.index.isin(networks.index[networks.duplicated("configuration")])
    )
    adjusted = pd.Series(np.nan, index=table.index)
    adjusted[counted] = holm(table.loc[counted, "p_value"].to_numpy(dtype=float))
    adjusted[same] = 1.0
    shared = adjusted[networks.index].groupby(networks["configuration"]).transform("first")
    return shared.combine_first(adjusted)


def match_baseline(
    judgement: Judgement,
    judged: Mapping[str, Judged],
    results: Mapping[str, Row],
    learned: Set[str] | None,
) -> dict[str, Row]:
    """Compare models that are better than the baseline with its other configurations.

    A model may be better only because the reference of the baseline is a poor one.

    Parameters
    ----------
    judgement, learned
        As in `compare_models`.
    judged : mapping of str to Judged
        The models, on all splits or the first ones.
    results : mapping of str to dict
        Of each model that was compared with the reference of the baseline, what `compare_all`
        returns.

    Returns
    -------
    dict of str to dict
        Of each model that some other configuration of the baseline is not shown to be worse than:
        ``matched_by``, the one of these with the best score, and this score. It was not chosen
        beforehand, so its score may be too good.
    """
    sign, matched = METRICS[judgement.metric].sign, dict[str, Row]()
    adjusted = [m for m in results if m != BASELINE and (learned is None or m in learned)]
    family = {model: judged[model] for model in adjusted}
    better = [model for model in family if results[model]["outcome"] == "better"]
    splits = next((len(each.values) for each in family.values()), 0)
    others = [] if not better else [each.name for each in judgement.candidates[BASELINE][1:]]
    every = [(name, first_splits(judgement.of(BASELINE, name), splits)) for name in others]
    scored = [(name, each) for name, each in every if each.scored]
    for name, other in sorted(scored, key=lambda each: sign * each[1].value):
        tested = compare_all({model: (each, other) for model, each in family.items()})
        for model in better:
            if tested[model]["outcome"] != "better":
                matched[model] = {"matched_by": name, "matched": other.value}
    return matched


def first_splits(judged: Judged, splits: int) -> Judged:
    """Return a model as it is judged on its first splits, of whole repeats."""
    scores = {metric: values[:splits] for metric, values in judged.scores.items()}
    return replace(judged, scores=scores, fits=judged.fits.iloc[:splits])


def _compare_with_baseline(judged: Headlines, learned: Set[str] | None) -> dict[str, Row]:
    """Compare each model with the baseline; those that are the same as another are not counted."""
    same, pairs = judged.same, judged.with_baseline()
    distinct = {model: pair for model, pair in pairs.items() if model not in same}
    results = compare_all(distinct, counted=learned)
    for model, pair in pairs.items():
        if model in same:
            own = compare_alone(*pair)
            first = results.get(same[model][0], own)
            shared = {key: first[key] for key in ("p_adjusted", "detectable", "outcome")}
            results[model] = own | shared
    for model, pair in pairs.items():
        if pair[0].estimate.basis == "rows":
            counts = discordant(*(each.right[0] for each in pair))
            results[model]["mcnemar_p"] = mcnemar(*counts)
        if not pair[0].in_order:
            one, other = (each.values for each in pair)
            test = corrected_t_test(one - other, len(one) // len(pair[0].splits))
            ends = {"corrected_lower": test.lower, "corrected_upper": test.upper}
            results[model] |= {**ends, "corrected_p": test.p_value}
    return results


def compare_judged(one: Judged, other: Judged, metric: str | Metric | None = None) -> Difference:
    """Compare two configurations by a metric, by default the study's."""
    metric = metric or one.metric
    estimates = [e.estimate if metric == e.metric else e.by(metric) for e in (one, other)]
    scores, others = (each.values_by(metric).round(DECIMALS) for each in (one, other))
    identical = np.array_equal(scores, others) and same_probabilities(
        one.probabilities, other.probabilities
    )
    return compare(*estimates, identical=identical)


def compare_alone(one: Judged, other: Judged, metric: str | None = None) -> Row:
    """Compare two configurations as `compare_all` does, in a single comparison."""
    return compare_all({None: (one, other)}, metric=metric)[None]


def compare_all(
    pairs: Mapping[Key, tuple[Judged, Judged]],
    *,
    metric: str | Metric | None = None,
    counted: Container[Key] | None = None,
) -> dict[Key, Row]:
    """Compare each pair, and decide by the p-values, adjusted for all of them.

    Parameters
    ----------
    pairs : mapping to (Judged, Judged)
        A model, and the one that it is compared with. All their fits have scores.
    metric : str or Metric, optional
        By default the metric of the study.
    counted : container, optional
        The keys of the pairs that p-values are adjusted for, by default all; see
        `backprop.inference.tests.step_down`.

    Returns
    -------
    dict
        For each pair the difference, its test and the outcome, by the fields of tables. If both
        are the same model there is no t and nothing detectable.
    """
    tested = [compare_judged(one, other, metric) for one, other in pairs.values()]
    if not tested:
        return {}
    contributions = np.stack([difference.contributions for difference in tested])
    are_counted = np.array([counted is None or key in counted for key in pairs])
    adjusted = step_down([each.p_value for each in tested], contributions, are_counted)
    level, rows = level_of_each(contributions[are_counted], SIGNIFICANCE), {}
    for (key, (one, _)), difference, p in zip(pairs.items(), tested, adjusted, strict=True):
        own = metric or one.metric
        belief = belief_in(difference, one.rope_of(own), own)
        rows[key] = {
            **difference_columns(difference),
            "standard_error": difference.standard_error,
            "t": difference.t,
            "p_adjusted": p,
            **vars(belief),
            "detectable": minimum_detectable_difference(
                difference.standard_error or np.nan,
                difference.degrees_of_freedom,
                significance=level,
            ),
            "outcome": outcome(p, belief),
            "confidence": CONFIDENCE,
        }
    return rows


def belief_in(difference: Difference, rope: float, metric: str | Metric) -> Posterior:
    """Return how probable it is that a model is better, by a metric that may be one of errors.

    A difference that is the same for each row is taken as it is. Without an interval nothing is
    known: all are NaN, as the standard error is.
    """
    if difference.standard_error == 0:
        mean = round(difference.mean, DECIMALS)
        worse, better = float(mean < -rope), float(mean > rope)
        belief = Posterior(worse=worse, equal=1.0 - worse - better, better=better)
    else:
        belief = posterior_of(
            difference.mean, difference.standard_error, difference.degrees_of_freedom, rope=rope
        )
    return belief if entry_of(metric).higher_is_better else belief.of_errors()


def _count_right(judged: Judged) -> Row:
    """Count the right rows of the first repeat, with the interval of their share.

    If rows belong to groups, it is Wilson's for as many rows as would be known as well.
    """
    right, total = judged.right[0], float(judged.right[0].sum())
    share, size = total / right.size, float(right.size)
    count = judged.count
    if count < right.size:
        sums = np.bincount(judged.observations, right - share, count)
        variance = count / (count - 1) * float(np.square(sums).sum()) / right.size**2
        size = min(share * (1 - share) / variance, size) if variance else count
    lower, upper = score_interval(share, size, NORMAL)
    return {
        "correct": total if total % 1 else int(total),
        "rows": right.size,
        "wilson_lower": lower,
        "wilson_upper": upper,
    }
