"""The difference of each configuration from logistic regression, with its interval."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS, network_models, tuned_groups
from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import labels, look, markers
from backprop.report.figures.contenders import Entry
from backprop.report.figures.forest_lines import draw_lines, draw_rope
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import differences_on_axis, named
from backprop.report.wording.names import NETWORK, model_label
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
    figure, ax = look.lines(len(lines))
    placed: list[tuple[DrawnDifference, float, str]] = []
    for y, line in enumerate(lines):
        own = {model: _interval(study, model, name) for model, name in line.entries}
        shifts = markers.offsets([*own], 0.34)
        placed += [(own[m], y + shifts[m], study.registry[m].marker) for m in own]
        markers.remark(ax, y, {m: each.note for m, each in own.items() if each.difference is None})
    draw_rope(ax, study.unit.scale * study.results.rope, upright=False)
    draw_lines(ax, placed, study.results.metric)
    labels.label_lines(ax, [line.label for line in lines], title)
    minus = f"model minus {MODELS[BASELINE].name}"
    across = differences_on_axis(study.results.metric, minus, "\n")
    room = (1 - labels.LABEL_SHARE - 0.06) * look.width()  # beside the labels of the lines
    ax.set_xlabel(labels.broken(across, room, 11))
    entries = study.models.with_same(entry for line in lines for entry in line.entries)
    handles = [
        *study.models.keys(entries),
        markers.symbol("95% interval", linestyle="-", linewidth=2),
        study.key_of_rope(),
        *study.models.hollow_key(entries),
        *_guessing(study, ax),
    ]
    return markers.finish(figure, handles, finding(study, others), 3)


class Line(NamedTuple):
    """A line: its label, and what is drawn on it."""

    label: str
    entries: list[Entry]


def lines_of(study: Study, means: Mapping[Entry, float]) -> tuple[list[Line], str]:
    """Return the lines, and the title of their axis.

    A model with one configuration has one line. The networks are side by side on the line of a
    configuration, unless they are the same. If there are more configurations than there is room
    for, only the best are listed, the best one first.

    Parameters
    ----------
    study : Study
    means : mapping
        The mean score of each (model, configuration) to list, by the metric of the study; NaN if
        it has none.

    Returns
    -------
    lines : list of Line
    title : str
        It says how many configurations are listed, if these are not all.
    """
    sign = METRICS[study.results.metric].sign
    present = {entry: sign * mean for entry, mean in means.items()}
    single: list[Line] = []
    several: list[Line] = []
    for models, name, label in _labelled(study):
        entries = [
            (model, name)
            for model in models
            if (model, name) in present and not study.models.drawn_before(model, name)
        ]
        if entries:
            of_one = label == study.models.label(models[0])
            (single if of_one else several).append(Line(label, entries))
    count, title = len(several), "Configuration"
    best = sorted(several, key=lambda line: -_mean(present, line))[: look.MAX_LINES]
    if any(labels.is_long(line.label) for line in best):
        best = best[: max(5, labels.LONG_LINES - len(single))]
    if count > len(best):
        several, title = best, f"The best {len(best)} of {count} configurations"
    return [*single, *several], title


def _labelled(study: Study) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Return the models and the label of each configuration; the networks last."""
    candidates, names = study.results.candidates, study.models
    networks = tuple(network_models(candidates))
    for model, every in candidates.items():
        for each in every if model not in networks else ():
            label = f"{model_label(model)}, {names.describe(model, each.name)}"
            yield (model,), each.name, label if len(every) > 1 else names.label(model)
    others = any(len(group) == 1 and group != networks for group in tuned_groups(candidates))
    start = f"{NETWORK}, " if others else ""
    for each in study.configurations:
        label = f"{start}{names.describe(networks[0], each.name)}"
        yield networks, each.name, label if len(study.configurations) > 1 else NETWORK


def _mean(scores: Mapping[Entry, float], line: Line) -> float:
    values = [scores[entry] for entry in line.entries]
    return -np.inf if np.isnan(values).all() else float(np.nanmean(values))


def finding(study: Study, rows: Mapping[Entry, Summarised]) -> str:
    """Return how many configurations are shown to be better or worse than the baseline.

    That is the outcome of the table, whose p-values are adjusted for all configurations.
    """
    drawn = [
        row.outcome
        for (model, name), row in rows.items()
        if not study.models.drawn_before(model, name)
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
    return [markers.guess(ax, study.unit.scale * difference, metric, words)]


def _interval(study: Study, model: str, configuration: str) -> DrawnDifference:
    row = study.results.summaries[model, configuration]
    is_hollow, colour = study.models.hollow(model, configuration), study.registry[model].colour
    note = "" if row.difference else without_score(row)
    return DrawnDifference("", row.difference, note, is_hollow, colour)
