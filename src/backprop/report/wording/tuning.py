"""The sentences on what tuning is worth."""

import math
from collections.abc import Sequence

from backprop.models.registry import BASELINE, MODELS
from backprop.report.wording.amounts import article, score, score_ends
from backprop.report.wording.names import changes, share_sentences
from backprop.report.wording.parity import chaos_note
from backprop.report.wording.rows import Context, Row, reference_of, trouble_of
from backprop.statistics.tuning import kept
from backprop.study.configurations import name_in_cell


def tuning_verdicts(rows: Sequence[Row], context: Context) -> list[str | None]:
    """Say what tuning is worth: a sentence for each row of `estimate_tuning`.

    Two implementations of a network with the same sentence share that of the first.
    """
    written = [_tuning_verdict(row, context) for row in rows]
    models = [row["model"] for row in rows]
    return share_sentences(models, written, "the network (both implementations)")


def _tuning_verdict(row: Row, context: Context) -> str:
    """Return what follows the name of the model in its sentence."""
    model, candidates, metric = row["model"], context.candidates, context.metric
    number = kept(row)
    if not number:
        return f": every configuration has {trouble_of(model)} fits, so none can be chosen"
    reference, best = reference_of(model, candidates), candidates[model][name_in_cell(row["best"])]
    plain = f"{score(metric, row[f'plain_{metric}'])}{chaos_note(row)}"
    if number == 1:
        one = f"the one configuration without {trouble_of(model)} fits"
        return f": {one} has {article(metric)} of {plain}; there is nothing to choose"
    tie = f"; {row['tied']:.0f} share the first place" if row["tied"] > 1 else ""
    tuned, logistic = (score(metric, row[f"{which}_{metric}"]) for which in ("tuned", "logistic"))
    interval = score_ends(metric, row[f"tuned_{metric}_lower"], row[f"tuned_{metric}_upper"])
    if math.isnan(row[f"logistic_{metric}"]):
        logistic = "fits without a score"
    left_out = row["left_out"]
    verb = "has" if left_out == 1 else "have"
    others = f" ({left_out} more {verb} {trouble_of(model)} fits)" if left_out else ""
    rest = "its reference" if model == BASELINE else f"the reference of {MODELS[BASELINE].name}"
    return (
        f", tuned: expect {article(metric)} of {tuned} "
        f"({100 * row['confidence']:g}% interval {interval}), corrected for "
        f"choosing from {number} configurations{others}; before the correction, the best "
        f"({changes(best, reference)}{tie}) has {plain}; {rest}, fixed beforehand, has {logistic}"
    )
