"""The sentences on what tuning is worth."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.names import changes
from backprop.report.wording.parity import chaos_note
from backprop.report.wording.rows import Context, Named, Row, reference_of, trouble_of
from backprop.study.configurations import name_in_cell


def tuning_verdicts(rows: Sequence[Row], context: Context) -> list[str]:
    """Say what tuning is worth: a sentence for each row of `estimate_tuning`."""
    return [_tuning_verdict(row, context.candidates) for row in rows]


def _tuning_verdict(row: Row, candidates: Named) -> str:
    model = row["model"]
    name = MODELS[model].name
    kept = row["candidates"] - row["left_out"]
    if not kept:
        return f"{name}: every configuration has {trouble_of(model)} fits, so none can be chosen"
    reference, best = reference_of(model, candidates), candidates[model][name_in_cell(row["best"])]
    tie = f"; {row['tied']:.0f} tie for the first place" if row["tied"] > 1 else ""
    lower, upper = row["tuned_accuracy_lower"], row["tuned_accuracy_upper"]
    untuned = "which needs no tuning" if len(candidates[BASELINE]) == 1 else "its reference"
    rest = "as it is, it has" if model == BASELINE else f"{MODELS[BASELINE].name}, {untuned}, has"
    return (
        f"{name}: the best of {kept} configurations "
        f"({changes(best, reference)}{tie}) has an accuracy of "
        f"{row['plain_accuracy']:.1%}{chaos_note(row)}, "
        f"or {row['tuned_accuracy']:.1%} after a correction for choosing the best "
        f"({100 * row['confidence']:g}% interval {lower:.1%} to {upper:.1%}); "
        f"{rest} {row['logistic_accuracy']:.1%}"
    )
