"""The sentences on hyperparameters."""

from collections.abc import Sequence

from backprop.report.wording.amounts import unit_of
from backprop.report.wording.comparison import unadjusted_note
from backprop.report.wording.names import be, label, listed, named_value, value
from backprop.report.wording.rows import RELATIONS, Context, in_first, share_sentences, trouble_of
from backprop.statistics.effects import has_unlearned, largest_difference, result_of
from backprop.statistics.tables import Effect


def effects_verdicts(rows: Sequence[Effect], context: Context) -> list[str | None]:
    """Return a sentence for the first row of each model and hyperparameter, None for the others.

    Two implementations of a network that give the same numbers share the sentence of the first.
    """
    groups = in_first(rows, lambda row: (row.model, row.hyperparameter), lambda own: own)
    texts = [_hyperparameter_verdict(own, context) for own in groups if own]
    sentences = iter(share_sentences([own[0].model for own in groups if own], texts, "the network"))
    return [next(sentences) if own else None for own in groups]


def _hyperparameter_verdict(rows: Sequence[Effect], context: Context) -> str:
    """Return what follows the name of the model in the sentence on a hyperparameter."""
    key = rows[0].hyperparameter
    own = value(key, context.reference_of(rows[0].model).values()[key])
    by_outcome: dict[str, list[Effect]] = {}
    for row in rows:
        by_outcome.setdefault(result_of(row), []).append(row)
    apart = by_outcome.pop("unlearned", [])
    parts = [
        _values_verdict(result, group, own, context) for result, group in sorted(by_outcome.items())
    ]
    if counted := [row for row in rows if has_unlearned(row)]:
        largest = _largest(apart, context, named=len(counted) > 1)
        parts.append(_unlearned_verdict(counted, own, context) + largest)
    if chaotic := [row for row in rows if row.chaotic]:
        names = listed([named_value(key, context.setting_of(row)) for row in chaotic])
        parts.append(f"with {names}, training is chaotic: on another machine, scores may be others")
    return f", {label(key)}: {'; '.join(parts)}"


def _unlearned_verdict(rows: Sequence[Effect], own: str, context: Context) -> str:
    """Compare the unlearned fits of some values with the fits of the reference's `own` value.

    If nothing is compared, because fits of the reference or of these values diverged, count only.
    """
    counts = [
        f"{row.unlearned} of {row.fits} fits with "
        f"{named_value(row.hyperparameter, context.setting_of(row))}"
        for row in rows
    ]
    against = ""
    if any(row.unlearned_p is not None for row in rows):
        first = rows[0]
        against = f", against {first.unlearned_reference} of {first.fits} with {own}"
    return f"{listed(counts)} {context.unlearned}{against}"


def _largest(rows: Sequence[Effect], context: Context, *, named: bool = False) -> str:
    """Write the largest difference of some values, in brackets; nothing if there are none.

    The value has its name if there are several, or if it is to be `named`. Of undecided values, an
    interval without zero has a note.
    """
    if not rows:
        return ""
    (row, difference), unit = largest_difference(rows), unit_of(context.metric)
    name = value(row.hyperparameter, context.setting_of(row))
    what = "largest difference" if len(rows) > 1 else "difference"
    what += f", for {name}:" * (named or len(rows) > 1)
    note = unadjusted_note(difference, unit) if result_of(row) == "undecided" else ""
    return f" ({what} {unit.difference(difference, row.confidence)}{note})"


def _values_verdict(result: str, rows: Sequence[Effect], own: str, context: Context) -> str:
    """Compare the values with one outcome with the reference's `own` value, in words."""
    names = [value(row.hyperparameter, context.setting_of(row)) for row in rows]
    if result in ("diverged", "no reference"):
        fits = f"fits with {own}" if result == "no reference" else "fits"
        return f"{listed(names)} cannot be compared, because {fits} {trouble_of(rows[0].model)}"
    relation = f"{listed(names)} {be(names)} {RELATIONS[result]} {own}"
    if result == "practically equal":
        return relation
    return relation + _largest(rows, context)
