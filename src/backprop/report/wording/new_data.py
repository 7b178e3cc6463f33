"""The sentences on new data: what came out, and whether it is as cross-validation promised."""

import math
from collections.abc import Callable, Sequence
from functools import partial

from backprop.errors import in_brief
from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import article, probability, score_with_interval, unit_of
from backprop.report.wording.comparison import verdict
from backprop.report.wording.names import model_name, plural
from backprop.report.wording.rows import Context
from backprop.statistics.tables import Interval, NewCheck, NewScore


def new_data_verdicts(rows: Sequence[NewScore], context: Context) -> list[str | None]:
    """Say what came out by the metric of the study, beside what was promised."""
    return [
        _verdict(row, context, is_first=place == 0) if row.metric == context.metric else None
        for place, row in enumerate(rows)
    ]


def _verdict(row: NewScore, context: Context, *, is_first: bool) -> str:
    name, metric = model_name(row.model), row.metric
    text = f"{name} has {article(metric)} of {score_with_interval(metric, row.score)}"
    text += f" on {row.rows:,} new {plural(context.noun)}" if is_first else ""
    text += _beside(row)
    if row.difference is not None:
        compared = context.capital(verdict(name, MODELS[BASELINE].name, row, context))
        text += f". {compared.replace(', adjusted p ', ', p ')}"  # of the only comparison
        if promised := row.promised_difference:
            text += f"; by cross-validation, it was {_difference(promised, metric)}"
    return f"{text}. {_uses(row)}" if is_first else text


def _beside(row: NewScore) -> str:
    """Say what cross-validation promised, and how far the score is from it."""
    if not row.promised:
        return ""
    text = f"; cross-validation promised {score_with_interval(row.metric, row.promised)}"
    if row.promise is None or row.distance is None:
        return text
    apart = _difference(row.distance, row.metric)
    if row.promise == "kept":
        return f"{text}, and chance explains the distance, {apart}"
    return f"{text}: {row.promise} than promised, by more than chance explains, {apart}"


def _difference(value: Interval, metric: str) -> str:
    unit = unit_of(metric)
    text = unit.in_words(value.value, "+")
    if math.isnan(value.lower):
        return text
    return f"{text} ({unit.ends(value.lower, value.upper)})"


def _uses(row: NewScore) -> str:
    """Say how often the data were used: a second look is no longer a test."""
    if row.uses > 1:
        return (
            f"These data were used {row.uses} times, each with other models: whoever chose among "
            "them after a look has tuned to these rows, so this is no longer a test. Only rows "
            "that nobody has looked at can be one"
        )
    if row.other_files:
        what = "one other table" if row.other_files == 1 else f"{row.other_files} other tables"
        return (
            f"This is the first use of these data, but {what} of new data came before: this is a "
            "test only if none of these rows was in it, and its result decided nothing"
        )
    return "This is the first use of these data, so it is a test"


def unused_sentence(model: str | None) -> str:
    """Say why nothing was judged on new data, so that they can still be a test."""
    why = "no model is recommended"
    if model is not None:
        why = f"the recommended model, {model_name(model)}, has no fit here that predicts new rows"
    return f"the new data were not used, as {why}; they can still be a test"


# The checks


def new_data_checks_verdicts(rows: Sequence[NewCheck], context: Context) -> list[str | None]:
    """Say in which respects the new data are unlike the study's: one sentence each."""
    return [CHECKS[row.check](row, plural(context.noun)) if row.warns else None for row in rows]


def _copies(row: NewCheck, nouns: str) -> str:
    return (
        f"{row.count:,} of the {row.total:,} new {nouns} equal {nouns} that the models are trained "
        "on, in all features and the class, and chance explains fewer (p "
        f"{probability(row.p_value or 0.0)}). If they are the same {nouns}, they test nothing: "
        "leave them out"
    )


def _class_shares(row: NewCheck, nouns: str) -> str:
    own, before = (f"{share:.1%}" for share in (row.share or 0.0, row.study_share or 0.0))
    return (
        f"the classes have other shares than in the study: {_quoted(row.subject)} has {own} of the "
        f"new {nouns}, and had {before} (chi-square, p {probability(row.p_value or 0.0)}). An "
        "accuracy and the probabilities then change, even if each class is predicted as well as "
        "before; the ROC AUC and the balanced accuracy do not depend on shares"
    )


def _outside(row: NewCheck, nouns: str, where: str) -> str:
    return (
        f"{_quoted(row.subject)} is {where} value of the study, {row.limit:g}, in {row.count:,} of "
        f"the {row.total:,} new {nouns} (p {probability(row.p_value or 0.0)}). See whether it has "
        "the same unit and meaning; no model has learned what is out there"
    )


def _unknown(row: NewCheck, nouns: str) -> str:
    return (
        f"{_quoted(row.subject)} has a category that no row of the study has, in {row.count:,} "
        f"of the {row.total:,} new {nouns}: {row.which}. It counts as the first category there"
    )


def _quoted(text: str | None) -> str:
    return in_brief.repr(text or "")


CHECKS: dict[str, Callable[[NewCheck, str], str]] = {
    "copies": _copies,
    "class_shares": _class_shares,
    "below": partial(_outside, where="below the lowest"),
    "above": partial(_outside, where="above the highest"),
    "unknown_category": _unknown,
}
"""By what was looked at, as `backprop.statistics.new_data.check_new_data` names it."""
