"""What each feature is worth to each model, with intervals."""

import itertools
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

SHUFFLED = "d"  # the mark of a feature that is not left out, but shuffled
MOST = 20  # groups that are drawn


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each group of features, the worthiest first, with a mark for each model."""
    every: list[Worth] = study.results.rows("importance")
    shown = [row for row in every if row.features is not None]
    if not shown:
        return labels.note(too_long(every[0]))
    models = [*dict.fromkeys(row.model for row in shown)]
    order = worthiest(shown, study.results.metric)
    names = order[:MOST]
    figure, ax = look.lines(len(names) * (2 if len(models) > 2 else 1) + len(names) // 2)
    kinds = [f"{model} {kind}" for model in models for kind in ("difference", "shuffled")]
    shifts = markers.offsets(kinds, 0.8 / len(kinds))
    placed = []
    for row, kind in itertools.product(shown, ("difference", "shuffled")):
        own, name = getattr(row, kind), row.features
        if name in names and own and math.isfinite(own.value):
            entry, is_shuffled = study.registry[row.model], kind == "shuffled"
            line = DrawnDifference(name, own, colour=entry.colour, in_trouble=is_shuffled)
            marker = SHUFFLED if is_shuffled else entry.marker
            placed.append((line, names.index(name) + shifts[f"{row.model} {kind}"], marker))
    draw_rope(ax, study.unit.scale * study.results.rope, upright=False)
    draw_lines(ax, placed, study.results.metric)
    is_left_out = any(row.difference for row in shown)
    title = "Left out" if is_left_out else "Shuffled"
    if len(order) > len(names):
        title = f"The first {MOST} of {len(order)}"
    labels.label_lines(ax, names, title)
    other = "without it" if is_left_out else "with its values shuffled"
    across = differences_on_axis(study.results.metric, f"model minus itself {other}", "\n")
    room = (1 - labels.LABEL_SHARE - 0.06) * look.width()
    ax.set_xlabel(labels.broken(across, room, 11))
    handles = [
        *(markers.key(study.registry[m], study.models.label(m)) for m in models),
        markers.symbol("shuffled in the test rows", marker=SHUFFLED, markerfacecolor="white"),
        markers.symbol("95% interval", linestyle="-", linewidth=2),
        study.key_of_rope(),
    ]
    return markers.finish(figure, handles, finding(every), 3)
