"""The sentences that compare models."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from backprop.inference.decisions import excludes_zero
from backprop.models.registry import BASELINE, MODELS, are_one_model
from backprop.report.wording.amounts import Unit, probability, unit_of
from backprop.report.wording.metrics import can_be_decided_by_few
from backprop.report.wording.names import be, listed, model_name
from backprop.report.wording.parity import chaos_note
from backprop.report.wording.rows import RELATIONS, Context, without_score
from backprop.statistics.criteria import matters
from backprop.statistics.equal_models import agreement
from backprop.statistics.tables import Compared, Interval

TROUBLE = {
    "unlearned": "{context.unlearned}",
    "separated": "can separate classes, so no finite solution exists",
    "not_converged": "stopped before they converged",
}
"""What it means that fits are in a state."""


def verdict(name: str, baseline_name: str, row: Any, context: Context) -> str:
    """Say the outcome of a comparison in one sentence, with its numbers.

    It gives the difference, its interval and the adjusted p-value, and how sure it is that a
    difference matters, or that it does not.

    Parameters
    ----------
    name, baseline_name : str
        What to call the model and its baseline.
    row : TableRow
        Of models, of tuned models, of pairs of these or of new data, with a difference.
    context : Context
        What the sentence needs besides.

    Returns
    -------
    str
        A sentence without its full stop, for a table as well as for prose.
    """
    unit = unit_of(context.metric)
    relation = f"{name} is {RELATIONS[row.outcome]} {baseline_name}"
    if row.basis == "identical":
        return f"{relation}: both predict the same probabilities"
    start = f"{relation}: difference {unit.difference(row.difference, row.confidence)}"
    if math.isnan(row.difference.lower):
        by_few = row.outcome == "undecided" and can_be_decided_by_few(context.metric)
        why = ": a few rows or groups decide it, or a probability is 0 or 1"
        return start + why * by_few
    width = unit.in_words(context.rope)
    # How sure an outcome is, or why there is none although zero is outside the interval.
    rest = {
        "undecided": unadjusted_note(row.difference, unit),
        "slightly different": f"; P(the difference is within {width}) {probability(row.equal)}",
        "better": f"; P(better by more than {width}) {probability(row.better)}",
        "worse": f"; P(worse by more than {width}) {probability(row.worse)}",
        "practically equal": f"; P(within {width} of each other) {probability(row.equal)}",
    }[row.outcome]
    return f"{start}, adjusted p {probability(row.p_adjusted)}{rest}"


def unadjusted_note(difference: Interval, unit: Unit) -> str:
    """Say that an interval excludes zero although the adjusted p-value shows no difference.

    Not of one that a reader does not see to do so, as an end of it is written as zero.
    """
    lower, upper = (
        round(end * unit.scale, unit.decimals) for end in (difference.lower, difference.upper)
    )
    excluded = excludes_zero(lower, upper)
    return "; the interval, which is not adjusted, excludes zero" if excluded else ""


def _implementations(model: str, rows: Sequence[Compared]) -> str:
    """Say how nearly the implementations of a network agree; nothing of other models."""
    twin = next((r for r in rows if r.same_as == model and are_one_model(r.model, model)), None)
    if twin is None:
        return ""
    within = twin.same_within or 0.0
    return {
        "unknown": " (two implementations)",
        "different": f" (two implementations, whose probabilities differ by up to {within:.1g})",
        "equal": f" (two implementations, equal to within {within:.0e})",
        "identical": " (two implementations, identical)",
    }[agreement(twin.same_within)]


def implementation_notes(rows: Sequence[Compared]) -> list[str]:
    """Say how nearly the implementations of a network agree, if there are several."""
    return [
        f"{model_name(row.model)} has {words.strip(' ()')}"
        for row in rows
        if not row.same_as and (words := _implementations(row.model, rows))
    ]


def notes(rows: Sequence[Compared], context: Context) -> list[str]:
    """Say what short names leave out: which models are one, and which have fits in trouble."""
    sentences = []
    for row in rows:
        name, trouble = model_name(row.model), _troubles(row, context)
        if row.same_as:
            if not are_one_model(row.model, row.same_as):
                first = model_name(row.same_as)
                sentences.append(f"{name} is the same model as {first} on these data")
        elif row.score is None:
            why = f": {row.reason}" if row.reason else ""
            sentences.append(f"{name} has no score: {without_score(row)}{why}")
        elif marks := trouble + chaos_note(row.chaotic):
            sentences.append(f"{name} needs care{marks}")
    return sentences


def comparison_verdicts(rows: Sequence[Compared], context: Context) -> list[str | None]:
    """Say what each row of `backprop.statistics.comparison.compare_models` shows.

    A model that is the same as an earlier one has no sentence: it is in the sentence of that one.
    """
    by_model = {row.model: row for row in rows}
    return [None if row.same_as else _comparison_verdict(row, by_model, context) for row in rows]


def _comparison_verdict(row: Compared, by_model: Mapping[str, Compared], context: Context) -> str:
    rows = list(by_model.values())
    name = model_name(row.model) + _implementations(row.model, rows)
    baseline = MODELS[BASELINE].name
    if row.score is None:
        why = f": {row.reason}" if row.reason else ""
        cannot = (
            ", with which all other models are compared, has no score"
            if row.model == BASELINE
            else f" cannot be compared with {baseline}"
        )
        sentence = f"{name}{cannot}: {without_score(row)}{why}"
    elif row.model == BASELINE:
        sentence = f"{name} is the baseline, with which all other models are compared"
    elif row.difference is None:
        sentence = f"{name} cannot be compared: of {baseline}, {without_score(by_model[BASELINE])}"
    else:
        sentence = verdict(name, baseline, row, context)
    chaos = "" if row.score is None else chaos_note(row.chaotic)
    twins = [each.model for each in rows if each.same_as == row.model]
    same = [model_name(each) for each in twins if not are_one_model(each, row.model)]
    one = f"; {listed(same)} {be(same)} the same model on these data" if same else ""
    return f"{sentence}{chaos}{one}{_troubles(row, context)}"


def _troubles(row: Compared, context: Context) -> str:
    """Return how many fits that have a score are in which trouble, in brackets; "" if none is."""
    counts = {state: getattr(row, state) for state in TROUBLE if matters(state, context.metric)}
    troubles = counted(counts, row.fits, context)
    return f" ({'; '.join(troubles)})" if troubles else ""


def counted(counts: Mapping[str, int], fits: int, context: Context) -> list[str]:
    """Return how many fits are in each state, in words, but for states that no fit is in."""
    return [
        f"{count} of {fits} fits {TROUBLE.get(state, state).format(context=context)}"
        for state, count in counts.items()
        if count
    ]
