"""The comparison of the models with the baseline."""

import math
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace

import numpy as np
import pandas as pd

from backprop.inference.decisions import SIGNIFICANCE, outcome
from backprop.inference.influence import Difference, compare
from backprop.inference.intervals import DECIMALS, NORMAL, score_interval
from backprop.inference.tests import (
    Posterior,
    discordant,
    level_of_each,
    mcnemar,
    minimum_detectable_difference,
    posterior_of,
    step_down,
)
from backprop.models.candidate_lists import Candidates
from backprop.models.registry import BASELINE, headline
from backprop.statistics.grouping import (
    Headlines,
    Judged,
    Judgement,
    Row,
    commonest_reason,
    count_states,
    difference_columns,
    score_columns,
    states_of,
)
from backprop.statistics.sameness import same_probabilities
from backprop.statistics.tables import BY_METRIC, COMPARISON, Interval
from backprop.study.metrics import METRICS


def compare_models(
    judgement: Judgement, candidates: Candidates, *, rope: float, learned: Set[str] | None = None
) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by the study's metric: a row per model.

    Parameters
    ----------
    judgement : Judgement
        With the headline of each model.
    candidates : mapping of str to sequence
        The configurations of each model, its reference first.
    rope : float
        Differences up to this are of no practical interest.
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
    judged, metric = judgement.of_headlines(candidates), judgement.metric
    headlines = {model: headline(model, candidates) for model in judged}
    scores = {model: judgement.scores_of(model, name) for model, name in headlines.items()}
    results = _compare_with_baseline(judged, rope, learned)
    states = states_of(judgement.scores["status"])
    rows: list[Row] = []
    for model, each in judged.items():
        row: Row = {"model": model, "configuration": headlines[model]}
        row |= {"fits": each.values.size, **count_states(scores[model]["status"], states)}
        if "failed" in states:
            row["reason"] = commonest_reason(scores[model], "failed").get("reason")
        row |= dict(zip(("same_as", "same_within"), judged.same.get(model, ()), strict=False))
        if each.scored:
            row |= score_columns(each, metric) | _count_right(each)
        rows.append(row | results.get(model, {}))
    family = {m: judged[m] for m in results if learned is None or m in learned}
    better = {m for m in family if results[m]["outcome"] == "better"}
    matched = match_baseline(judgement, candidates, family, better, rope)
    return COMPARISON.frame([row | matched.get(row["model"], {}) for row in rows], metric)


def compare_by_each_metric(
    judgement: Judgement, candidates: Candidates, *, rope: float, learned: Set[str] | None = None
) -> pd.DataFrame:
    """Compare the headline of each model with the baseline by each metric.

    Parameters
    ----------
    judgement, candidates, rope, learned
        As in `compare_models`. The rope is for the study's metric; others have the one of their
        entry in `backprop.study.metrics.METRICS`.

    Returns
    -------
    DataFrame
        A row of `backprop.statistics.tables.ByMetric` per model and metric, if there is a score.
        P-values are adjusted over the models, for each metric. A model with diverged or failed fits
        has no row.
    """
    judged = judgement.of_headlines(candidates)
    same, baseline = judged.same, judged[BASELINE]
    rows: list[Row] = []
    for metric, entry in METRICS.items():
        own = rope if metric == judgement.metric else entry.rope
        scored = {m: each for m, each in judged.items() if each.is_scored_by(metric)}
        compared = [
            m for m in scored if m != BASELINE and m not in same and baseline.is_scored_by(metric)
        ]
        pairs = [(judged[model], baseline) for model in compared]
        results = compare_all(
            pairs, own, metric=metric, counted=are_counted([*zip(compared)], learned)
        )
        tested = dict(zip(compared, results, strict=True))
        for model, each in scored.items():
            score = Interval(*score_columns(each, metric).values())
            row: Row = {"model": model, "metric": metric, "rope": own, "score": score}
            if model in same:
                row["same_as"] = same[model][0]
            rows.append(row | tested.get(same.get(model, (model,))[0], {}))
    return BY_METRIC.frame(rows)


def match_baseline(
    judgement: Judgement,
    candidates: Candidates,
    family: Mapping[str, Judged],
    better: Set[str],
    rope: float,
) -> dict[str, Row]:
    """Compare models that are better than the baseline with its other configurations.

    A model may be better only because the reference of the baseline is a poor one.

    Parameters
    ----------
    judgement, candidates, rope
        As in `compare_models`.
    family : mapping of str to Judged
        The models that are adjusted for each other, on all splits or the first ones.
    better : set of str
        Those that are better than the reference of the baseline.

    Returns
    -------
    dict of str to dict
        Of each model that some other configuration of the baseline is not shown to be worse than:
        ``matched_by``, the one of these with the best score, and this score. It was not chosen
        beforehand, so its score may be too good.
    """
    sign, matched = 1 if METRICS[judgement.metric].higher_is_better else -1, dict[str, Row]()
    splits = next((len(each.values) for each in family.values()), 0)
    others = [] if not better else [each.name for each in candidates[BASELINE][1:]]
    every = [(name, first_splits(judgement.of(BASELINE, name), splits)) for name in others]
    scored = [(name, each) for name, each in every if each.scored]
    for name, other in sorted(scored, key=lambda each: sign * each[1].value):
        tested = compare_all([(each, other) for each in family.values()], rope)
        for model, row in zip(family, tested, strict=True):
            if model in better and row["outcome"] != "better":
                matched[model] = {"matched_by": name, "matched": other.value}
    return matched


def first_splits(judged: Judged, splits: int) -> Judged:
    """Return a model as it is judged on its first splits, of whole repeats."""
    scores = {metric: values[:splits] for metric, values in judged.scores.items()}
    return replace(judged, scores=scores, fits=judged.fits.iloc[:splits])


def are_counted(compared: Sequence[Collection[str]], learned: Set[str] | None) -> list[bool] | None:
    """Return in which comparisons all models have learned something; None if each one counts.

    Parameters
    ----------
    compared : sequence of collection of str
        The models of each comparison, but for the baseline.
    learned
        As in `compare_models`.
    """
    return None if learned is None else [learned >= {*models} for models in compared]


def _compare_with_baseline(
    judged: Headlines, rope: float, learned: Set[str] | None
) -> dict[str, Row]:
    """Compare each model with the baseline; those that are the same as another are not counted."""
    same, baseline = judged.same, judged[BASELINE]
    compared = [
        model
        for model, each in judged.items()
        if model != BASELINE and each.scored and baseline.scored
    ]
    distinct = [model for model in compared if model not in same]
    pairs = [(judged[model], baseline) for model in distinct]
    tested = compare_all(pairs, rope, counted=are_counted([*zip(distinct)], learned))
    results = dict(zip(distinct, tested, strict=True))
    for model in compared:
        if model in same:
            (own,) = compare_all([(judged[model], baseline)], rope)
            first = results.get(same[model][0], own)
            shared = {key: first[key] for key in ("p_adjusted", "detectable", "outcome")}
            results[model] = own | shared
    for model, row in results.items():
        if row["basis"] != "groups":
            row["mcnemar_p"] = mcnemar(*discordant(judged[model].right[0], baseline.right[0]))
    return results


def compare_judged(one: Judged, other: Judged, metric: str | None = None) -> Difference:
    """Compare two configurations by a metric, by default the study's."""
    if metric in (None, one.metric):
        estimates = one.estimate, other.estimate
    else:
        estimates = one.by(metric), other.by(metric)
    equal = np.array_equal(one.scores[metric or one.metric], other.scores[metric or one.metric])
    identical = equal and same_probabilities(one.probabilities, other.probabilities)
    return compare(*estimates, identical=identical)


def compare_all(
    pairs: Sequence[tuple[Judged, Judged]],
    rope: float,
    *,
    metric: str | None = None,
    counted: Sequence[bool] | None = None,
) -> list[Row]:
    """Compare each pair, and decide by the p-values, adjusted for all of them.

    Parameters
    ----------
    pairs : sequence of (Judged, Judged)
        A model, and the one that it is compared with. All their fits have scores.
    rope
        As in `compare_models`.
    metric : str, optional
        By default the metric of the study.
    counted : sequence of bool, optional
        See `backprop.inference.tests.step_down`.

    Returns
    -------
    list of dict
        For each pair the difference, its test and the outcome, by the columns of tables. If both
        are the same model there is no t and nothing detectable.
    """
    tested = [compare_judged(one, other, metric) for one, other in pairs]
    if not tested:
        return []
    contributions = np.stack([difference.contributions for difference in tested])
    adjusted = step_down([each.p_value for each in tested], contributions, counted)
    of_interest = contributions if counted is None else contributions[np.array(counted)]
    level, rows = level_of_each(of_interest, SIGNIFICANCE), []
    for (one, _), difference, p_adjusted in zip(pairs, tested, adjusted, strict=True):
        belief = belief_in(difference, rope, metric or one.metric)
        rows.append(
            {
                **difference_columns(difference),
                "t": difference.t,
                "p_adjusted": p_adjusted,
                "worse": belief.worse,
                "equal": belief.equal,
                "better": belief.better,
                "detectable": _detectable(difference, level),
                "outcome": outcome(p_adjusted, belief),
                "confidence": difference.confidence,
            }
        )
    return rows


def belief_in(difference: Difference, rope: float, metric: str) -> Posterior:
    """Return how probable it is that a model is better, by a metric that may be one of errors.

    A difference that is the same for each row is taken as it is. Without an interval nothing is
    known: all are NaN.
    """
    if math.isnan(difference.standard_error):
        return Posterior(worse=math.nan, equal=math.nan, better=math.nan)
    if difference.standard_error > 0:
        belief = posterior_of(
            difference.mean, difference.standard_error, difference.degrees_of_freedom, rope=rope
        )
    else:
        mean = round(difference.mean, DECIMALS)
        worse, better = float(mean < -rope), float(mean > rope)
        belief = Posterior(worse=worse, equal=1.0 - worse - better, better=better)
    if METRICS[metric].higher_is_better:
        return belief
    return Posterior(worse=belief.better, equal=belief.equal, better=belief.worse)


def _detectable(difference: Difference, level: float) -> float:
    """Return the true difference that the test detects at the strictest step of `step_down`."""
    if not difference.standard_error > 0:
        return np.nan
    return minimum_detectable_difference(
        difference.standard_error, difference.degrees_of_freedom, significance=level
    )


def _count_right(judged: Judged) -> Row:
    """Count the right rows of the first repeat, with the interval of their share.

    If rows belong to groups, it is Wilson's for as many rows as would be known as well.
    """
    right = judged.right[0]
    share, size = float(right.mean()), float(right.size)
    count = int(judged.observations.max()) + 1
    if count < right.size:
        sums = np.bincount(judged.observations, right - share, count)
        variance = count / (count - 1) * float(np.square(sums).sum()) / right.size**2
        size = min(share * (1 - share) / variance, size) if variance and share < 1 else count
    lower, upper = score_interval(share, size, NORMAL)
    return {
        "correct": int(right.sum()),
        "rows": right.size,
        "wilson_lower": lower,
        "wilson_upper": upper,
    }
