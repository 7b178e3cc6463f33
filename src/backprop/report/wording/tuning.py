"""The sentences on what tuning is worth."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS, is_network
from backprop.report.wording.names import changes
from backprop.report.wording.parity import chaos_note
from backprop.report.wording.rows import Context, Named, Row, reference_of, trouble_of
from backprop.study.configurations import name_in_cell


def tuning_verdicts(rows: Sequence[Row], context: Context) -> list[str | None]:
    """Say what tuning is worth: a sentence for each row of `estimate_tuning`.

    Two implementations of a network that have the same numbers share the sentence of the first.
    """
    first: Row | None = None
    sentences: list[str | None] = []
    for row in rows:
        name = MODELS[row["model"]].name
        if is_network(row["model"]):
            if first is not None and _equal(row, first):
                sentences.append(None)
                continue
            if first is None and any(_equal(row, other) for other in rows if other is not row):
                name = "the network (both implementations)"
            first = first or row
        sentences.append(_tuning_verdict(row, name, context.candidates))
    return sentences


def _equal(one: Row, other: Row) -> bool:
    """Return whether two rows are of networks with the same numbers."""
    numbers = ("candidates", "left_out", "plain_accuracy", "tuned_accuracy")
    both = is_network(one["model"]) and is_network(other["model"])
    return both and all(f"{one[key]:.12g}" == f"{other[key]:.12g}" for key in numbers)


def _tuning_verdict(row: Row, name: str, candidates: Named) -> str:
    model = row["model"]
    kept = row["candidates"] - row["left_out"]
    if not kept:
        return f"{name}: every configuration has {trouble_of(model)} fits, so none can be chosen"
    reference, best = reference_of(model, candidates), candidates[model][name_in_cell(row["best"])]
    plain = f"{row['plain_accuracy']:.1%}{chaos_note(row)}"
    if kept == 1:
        one = "the one configuration" + (
            f" without {trouble_of(model)} fits" * (row["left_out"] > 0)
        )
        return f"{name}: {one} has an accuracy of {plain}; there is nothing to choose"
    tie = f"; {row['tied']:.0f} tie for the first place" if row["tied"] > 1 else ""
    lower, upper = row["tuned_accuracy_lower"], row["tuned_accuracy_upper"]
    left_out = row["left_out"]
    verb = "has" if left_out == 1 else "have"
    others = f" ({left_out} more {verb} {trouble_of(model)} fits)" if left_out else ""
    rest = "its reference" if model == BASELINE else f"the reference of {MODELS[BASELINE].name}"
    return (
        f"{name}, tuned: expect an accuracy of {row['tuned_accuracy']:.1%} "
        f"({100 * row['confidence']:g}% interval {lower:.1%} to {upper:.1%}), corrected for "
        f"choosing from {kept} configurations{others}; uncorrected, the best of them "
        f"({changes(best, reference)}{tie}) has {plain}, and {rest}, which was not chosen, "
        f"{row['logistic_accuracy']:.1%}"
    )
