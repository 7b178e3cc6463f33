"""The difference of each configuration from logistic regression, with its interval."""

import math
from collections.abc import Mapping

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import labels, look, markers
from backprop.report.figures.configuration_lines import lines_of
from backprop.report.figures.contenders import Entry
from backprop.report.figures.forest_lines import draw_lines
from backprop.report.figures.study import Study
from backprop.report.forest_layout import DrawnDifference
from backprop.report.wording.amounts import named, unit_on_axis
from backprop.report.wording.rows import without_score
from backprop.statistics.tables import Summarised
from backprop.study.metrics import METRICS


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each configuration, on which the networks are side by side."""
    others = {
        entry: row
        for entry, row in study.results.summaries.items()
        if entry != (BASELINE, study.results.headline(BASELINE))
    }
    means = {entry: row.score.value if row.score else math.nan for entry, row in others.items()}
    lines, title = lines_of(study, means)
    if not lines:
        return labels.note(f"All models make the predictions of {MODELS[BASELINE].name}")
    figure, ax = look.canvas(2.1 + 0.34 * len(lines))
    placed: list[tuple[DrawnDifference, float, str]] = []
    for y, line in enumerate(lines):
        own = {model: _interval(study, model, name) for model, name in line.entries}
        shifts = markers.offsets([*own], 0.34)
        placed += [(own[m], y + shifts[m], study.registry[m].marker) for m in own]
        markers.remark(ax, y, {m: each.note for m, each in own.items() if each.difference is None})
    draw_lines(ax, placed, study.results.rope, study.results.metric)
    labels.label_lines(ax, [line.label for line in lines], title)
    what = f"{METRICS[study.results.metric].label}: model minus {MODELS[BASELINE].name}"
    unit = unit_on_axis(study.results.metric)
    room = (1 - labels.LABEL_SHARE - 0.06) * look.width()  # beside the labels of the lines
    ax.set_xlabel("\n".join(labels.broken(each, room, 11) for each in [what, unit] if each))
    entries = study.models.with_same(entry for line in lines for entry in line.entries)
    handles = [
        *study.models.keys(entries),
        markers.symbol("95% interval", linestyle="-", linewidth=2),
        study.key_of_rope(),
        *study.models.hollow_key(entries),
        *_guessing(study, ax),
    ]
    return markers.finish(figure, handles, finding(study, others), 3)


def finding(study: Study, rows: Mapping[Entry, Summarised]) -> str:
    """Return how many configurations are shown to be better or worse than the baseline.

    That is the outcome of the table, whose p-values are adjusted for all configurations.
    """
    drawn = [
        row.outcome
        for (model, name), row in rows.items()
        if model not in study.models.twins and not study.models.drawn_before(model, name)
    ]
    more, less = map(drawn.count, ("better", "worse"))
    better, worse = "more accurate", "less accurate"
    by = ""
    if study.results.metric != "accuracy":
        better, worse, by = "better", "worse", f" by {named(study.results.metric)}"
    which = f"Compared all at once, {more or 'none'} of the {len(drawn)} configurations"
    if len(drawn) == 1:
        which = f"{'The' if more else 'No'} other configuration"
    verb = "are" if more > 1 else "is"
    text = f"{which} {verb} shown to be {better} than {MODELS[BASELINE].name}{by}"
    return text + (f", and {less} to be {worse}" if less else "")


def _guessing(study: Study, ax: Axes) -> list[Artist]:
    """Draw the difference of a guess, if the baseline has a score; return its legend."""
    score, metric = study.results.summary(BASELINE).score, study.results.metric
    if score is None:
        return []
    difference = study.results.guessing[metric] - score.value
    words = study.unit.amount(difference, "+")
    return [markers.guess([ax], "x", study.unit.scale * difference, metric, words)]


def _interval(study: Study, model: str, configuration: str) -> DrawnDifference:
    row = study.results.summaries[model, configuration]
    is_hollow, colour = study.models.hollow(model, configuration), study.registry[model].colour
    note = "" if row.difference else without_score(row)
    return DrawnDifference("", row.difference, note, is_hollow, colour)
