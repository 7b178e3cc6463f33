"""The sentences on what each metric shows."""

import math
from collections.abc import Callable, Collection, Sequence

from backprop.errors import in_brief
from backprop.inference.decisions import DIFFERENT
from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import named, score
from backprop.report.wording.names import be, listed, model_name, plural, sentence_case
from backprop.report.wording.rows import RELATIONS, Context, in_first
from backprop.statistics.other_metrics import largest_share
from backprop.statistics.tables import CUT_OFF, ByMetric
from backprop.study.metrics import METRICS

VERY_FEW = "very few rows or groups"


def metrics_verdicts(rows: Sequence[ByMetric], context: Context) -> list[str | None]:
    """Say what each metric shows: a sentence in the first row of each metric."""
    return in_first(rows, lambda row: row.metric, _verdict)


def unequal_sentence(counts: Sequence[int], noun: str) -> str:
    """Say that the classes, with so many rows each, are unequal."""
    share = f"{largest_share(counts):.1%}"
    return f"The classes are unequal: the commonest has {share} of the {plural(noun)}"


def rarely_predicting(by_balanced_accuracy: Sequence[ByMetric]) -> str:
    """Say which models predict one of the classes for very few rows; "" if none is such a model.

    Their balanced accuracies have no interval.
    """
    said = _lacking(by_balanced_accuracy, _predict_rarely)
    return f"{'; '.join(said)}: see Confusion counts" if said else ""


def _lacking(
    rows: Sequence[ByMetric], write: Callable[[Sequence[str], str | None], str]
) -> list[str]:
    """Write a text for each reason why scores have no interval, on the models with this reason."""
    models: dict[str | None, list[str]] = {}
    for row in rows:
        if math.isnan(row.score.lower):
            models.setdefault(row.lacking, []).append(model_name(row.model))
    return [write(own, reason) for reason, own in models.items()]


def _predict_rarely(models: Sequence[str], name: str | None, which: str = "") -> str:
    own = "one of the classes" if name is None else f"the class {in_brief.repr(name)}"
    return f"{listed(models)}{which} predict{'s' * (len(models) == 1)} {own} for {VERY_FEW}"


def without_interval(rows: Sequence[ByMetric]) -> str:
    """Say which scores by a metric have no interval, and why; "" if all have one."""
    metric = rows[0].metric if rows else ""

    def write(models: Sequence[str], reason: str | None) -> str:
        why = f"there is no interval for {listed(models)}"
        whose = "its" if len(models) == 1 else "their"
        if reason == CUT_OFF:
            return f"{why}: one of {whose} probabilities is 0 or 1, so a row may cost infinitely"
        if can_be_decided_by_few(metric):
            return f"{why}: a few rows or groups decide {whose} {named(metric)}"
        if METRICS[metric].by_thresholds:
            rarely = _predict_rarely(models, reason, ", which")
            return f"there is no interval for {rarely}: on others that may change"
        if metric == "roc_auc":
            which = "predicts" if len(models) == 1 else "predict"
            return f"{why}, which {which} the same probability for each row"
        return why

    return "; ".join(_lacking(rows, write))


def holding_a_guess(rows: Sequence[ByMetric], guess: float, better: Collection[str]) -> str:
    """Say whose interval by a metric holds the score of a guess that it beats; "" if none does."""
    models = [
        model_name(row.model)
        for row in rows
        if row.model in better and not row.same_as and row.score.lower <= guess <= row.score.upper
    ]
    if not models:
        return ""
    metric, why = rows[0].metric, "is calculated in another way"
    if METRICS[metric].of_classes:
        why = "allows for more, such as shifted thresholds"
    elif can_be_decided_by_few(metric):
        why = "is of the logarithm, and reaches farther up"
    ends = "intervals of {} hold" if len(models) > 1 else "interval of {} holds"
    return (
        f"the {ends.format(listed(models))} the score of a guess, which the test excludes: an "
        f"interval {why}"
    )


def excluding_a_guess(rows: Sequence[ByMetric], guess: float, undecided: Collection[str]) -> str:
    """Say whose interval excludes the score of a guess that it is not shown to beat; "" if none."""
    models = [
        model_name(row.model)
        for row in rows
        if row.model in undecided and not row.same_as and _is_beyond(row, guess)
    ]
    if not models:
        return ""
    ends = "intervals of {} exclude" if len(models) > 1 else "interval of {} excludes"
    return (
        f"the {ends.format(listed(models))} the score of a guess; the test, which allows for all "
        "models and metrics and has a stricter level than 5%, does not"
    )


def _is_beyond(row: ByMetric, guess: float) -> bool:
    """Return whether the interval of a score is on the better side of the score of a guess."""
    if METRICS[row.metric].higher_is_better:
        return row.score.lower > guess
    return row.score.upper < guess


def can_be_decided_by_few(metric: str) -> bool:
    """Return whether a few rows can decide a metric: it has no limit."""
    return math.isinf(METRICS[metric].highest)


def _verdict(rows: Sequence[ByMetric]) -> str:
    """Say which models differ from the baseline by a metric, and which have no interval."""
    lacking = without_interval(rows)
    return _differing(rows) + (f". {sentence_case(lacking)}" if lacking else "")


def _differing(rows: Sequence[ByMetric]) -> str:
    """Say which models differ from the baseline by a metric, with their scores."""
    metric, distinct = rows[0].metric, {}
    for row in rows:
        if not row.same_as:
            value = score(metric, row.score.value)
            distinct[row.model] = f"{model_name(row.model)} ({value})"
    own = distinct.pop(BASELINE, None)
    if own is None or not distinct:
        scores = [own] if own else [*distinct.values()]
        return f"by {named(metric)}: {listed(scores)}"
    parts: list[str] = []
    baseline = own
    compared = [row for row in rows if row.model in distinct]
    differ = any(row.outcome in DIFFERENT for row in compared)
    for outcome, relation in RELATIONS.items():
        models = [distinct[row.model] for row in compared if row.outcome == outcome]
        if not models:
            continue
        text = f"{listed(models)} {be(models)} {relation} {baseline}"
        # Without a model that differs, "no other model" would say that those before do.
        if outcome == "undecided" and (differ or not parts):
            text = f"no {'other ' if parts else ''}model is shown to differ from {baseline}"
        parts.append(text)
        baseline = MODELS[BASELINE].name
    return f"by {named(metric)}, {'; '.join(parts)}"
