"""The sentences on the best configurations."""

from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS, is_network
from backprop.report.wording.amounts import article, score
from backprop.report.wording.names import model_name
from backprop.report.wording.parity import chaos_note
from backprop.report.wording.rows import Context, in_first, trouble_of
from backprop.statistics.tables import Tuning
from backprop.statistics.tuning import kept


def tuning_verdicts(rows: Sequence[Tuning], context: Context) -> list[str | None]:
    """Say what the best configuration scores: a sentence for each row of `find_best`.

    Two implementations of a network with the same sentence share the first one's.
    """
    models = [row.model for row in rows]

    def write(own: Sequence[tuple[str, str]]) -> str:
        (model, text), *others = own
        both = "the network (both implementations)"
        return f"{both if others else model_name(model, models)}{text}"

    said = [(row.model, _tuning_verdict(row, context)) for row in rows]
    return in_first(said, lambda each: (is_network(each[0]) or each[0], each[1]), write)


def _tuning_verdict(row: Tuning, context: Context) -> str:
    """Return what follows the name of the model in its sentence."""
    model, metric, number = row.model, context.metric, kept(row)
    if not number:
        return f": every configuration has {trouble_of(model)} fits, so none can be chosen"
    assert row.best is not None
    assert row.plain is not None
    plain = f"{score(metric, row.plain)}{chaos_note(row.chaotic)}"
    if number == 1:
        one = f"the one configuration without {trouble_of(model)} fits"
        return f": {one} has {article(metric)} of {plain}; there is nothing to choose"
    tie = f"; {row.tied} share the first place" if (row.tied or 1) > 1 else ""
    logistic = "fits without a score" if row.logistic is None else score(metric, row.logistic)
    verb = "has" if row.left_out == 1 else "have"
    others = f"; {row.left_out} more {verb} {trouble_of(model)} fits" if row.left_out else ""
    rest = "its reference" if model == BASELINE else f"the reference of {MODELS[BASELINE].name}"
    return (
        f": the best of {number} configurations ({context.changes(model, row.best)}{tie}{others}) "
        f"has {article(metric)} of {plain}, which is too good, as the same rows chose it; {rest}, "
        f"fixed beforehand, has {logistic}"
    )
