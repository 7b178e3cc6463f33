"""The sentences on tuned models, judged by nested cross-validation."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import article, named, score, score_ends
from backprop.report.wording.comparison import verdict
from backprop.report.wording.names import model_name
from backprop.report.wording.parity import chaos_note
from backprop.report.wording.rows import Context, trouble_of
from backprop.statistics.nested import votes
from backprop.statistics.tables import Nested, NestedPair


def nested_verdicts(rows: Sequence[Nested], context: Context) -> list[str | None]:
    """Say what each tuned model is worth: a sentence for each row of `estimate_nested`.

    A network that follows the choices of another has none: they are one model.
    """
    counted = [row.model for row in rows if not row.same_as]
    return [
        None if row.same_as else _nested(row, model_name(row.model, counted), context)
        for row in rows
    ]


def nested_pairs_verdicts(rows: Sequence[NestedPair], context: Context) -> list[str]:
    """Compare tuned models with each other: a sentence for each pair of `estimate_nested`."""
    sentences = []
    counted = {model for row in rows for model in (row.model, row.other)}
    for row in rows:
        model, other = (f"{model_name(each, counted)}, tuned" for each in (row.model, row.other))
        if row.difference is not None:
            sentences.append(verdict(f"{model},", other, row, context))
    return sentences


def _nested(row: Nested, name: str, context: Context) -> str:
    model, sets, metric = row.model, f"{row.fits} training sets", context.metric
    if not row.fits:
        return (
            f"{name} has no nested cross-validation: a training set cannot be divided into two "
            "inner folds that both have every class"
        )
    if row.unchosen:
        return (
            f"{name} has no nested cross-validation: in {row.unchosen:.0f} of {sets}, every "
            f"configuration has {trouble_of(model)} inner fits, so none can be chosen"
        )
    if row.unscored:
        return (
            f"{name} has no {named(metric)} by nested cross-validation: in "
            f"{row.unscored:.0f} of {sets}, the fit of the configuration that its inner folds "
            f"chose {trouble_of(model)}"
        )
    assert row.score is not None
    own = score(metric, row.score.value)
    untuned = f"{trouble_of(model)} fits" if row.untuned is None else score(metric, row.untuned)
    interval = score_ends(metric, row.score.lower, row.score.upper)
    several = len(context.candidates[BASELINE]) > 1
    baseline = ("the reference of " if several else "") + MODELS[BASELINE].name
    compared = f"it cannot be compared with {baseline}, which has fits without a score"
    if row.difference is not None:
        compared = verdict(f"{name}, tuned,", baseline, row, context)
    level = "" if row.confidence is None else f"{100 * row.confidence:g}% "
    return (
        f"{name}, tuned, has {article(metric)} of {own}{chaos_note(row.chaotic)} by nested "
        f"cross-validation on {row.fits} splits ({level}interval {interval}); "
        f"its reference has {untuned} on the same splits; {_choice(row, context)}; {compared}"
    )


def _choice(row: Nested, context: Context) -> str:
    assert row.chosen is not None
    words = context.choice(row.model, row.chosen)
    number = votes(row)
    if number == row.fits:
        return f"all {number} training sets choose {words}"
    rest = ", and no other is chosen more often" if 2 * number <= row.fits else ""
    return f"{number} of {row.fits} training sets choose {words}{rest}"
