"""What each feature is worth to each model, with intervals."""

import math

from matplotlib.figure import Figure

from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import labels, look, markers
from backprop.report.figures.forest_lines import draw_lines, draw_rope
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import differences_on_axis
from backprop.report.wording.importance import finding, too_long
from backprop.statistics.importance import worthiest
from backprop.statistics.tables import Worth

APART = 0.3  # from a model to the next on a line, of which there may be several
MOST = 20  # groups that are drawn


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each group of features, the worthiest first, with marks for each model.

    A filled mark is of the model trained without it, a hollow one of fits with other values of it.
    """
    every: list[Worth] = study.results.rows("importance")
    if every[0].features is None:
        return labels.note(too_long(every[0]))
    models = [*dict.fromkeys(row.model for row in every)]
    order = worthiest(every, study.results.metric)
    names = order[:MOST]
    figure, ax = look.lines(len(names) + (len(names) - 1) * (len(models) > 2))
    shifts = markers.offsets(models, apart := min(APART, 0.8 / len(models)))
    placed = []
    for row in every:
        entry, kinds = study.registry[row.model], ((row.difference, False), (row.permuted, True))
        for own, hollow in kinds:
            if row.features in names and own and math.isfinite(own.value):
                line = DrawnDifference(row.features, own, colour=entry.colour, in_trouble=hollow)
                y = names.index(row.features) + shifts[row.model] + hollow * apart / 3
                placed.append((line, y, entry.marker))
    draw_rope(ax, study.unit.scale * study.results.rope, upright=False)
    draw_lines(ax, placed, study.results.metric)
    title = "Left out" if len(order) == len(names) else f"The first {MOST} of {len(order)}"
    labels.label_lines(ax, names, title)
    across = differences_on_axis(study.results.metric, "model minus itself without it", "\n")
    labels.label_across(ax, across)
    retrained = markers.symbol("trained without it, 95% interval", marker="o", linestyle="-")
    hollow_mark = {"marker": "o", "markerfacecolor": "white", "linestyle": "-", "linewidth": 1.8}
    handles = [
        *(markers.key(study.registry[m], study.models.label(m)) for m in models),
        *([retrained] if any(row.difference for row in every) else []),
        markers.symbol("these fits, its values exchanged", **hollow_mark),
        study.key_of_rope(),
    ]
    return markers.finish(figure, handles, finding(every, order), 3)
