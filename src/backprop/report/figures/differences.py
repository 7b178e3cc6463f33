"""The difference of each configuration from logistic regression, with its interval."""

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS, network_models, tuned_groups
from backprop.report.drawn_differences import UNADJUSTED, DrawnDifference
from backprop.report.figures import labels, look, markers
from backprop.report.figures.contenders import Entry
from backprop.report.figures.forest_lines import DASHED, draw_lines, draw_rope
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import differences_on_axis, named
from backprop.report.wording.names import NETWORK, model_label
from backprop.report.wording.rows import without_score
from backprop.statistics.criteria import excludes_zero_unadjusted
from backprop.statistics.tables import Summarised
from backprop.study.metrics import METRICS


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each configuration."""
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
        own = _interval(study, *line.entry)
        placed.append((own, y, study.registry[line.entry[0]].marker))
        if own.difference is None:
            markers.remark(ax, y, own.note)
    draw_rope(ax, study.unit.scale * study.results.rope, upright=False)
    draw_lines(ax, placed, study.results.metric)
    labels.label_lines(ax, [line.label for line in lines], title)
    minus = f"model minus {MODELS[BASELINE].name}"
    labels.label_across(ax, differences_on_axis(study.results.metric, minus, "\n"))
    entries = study.models.with_same(line.entry for line in lines)
    dashed = [markers.symbol(UNADJUSTED, linestyle=DASHED, linewidth=2)]
    handles = [
        *study.models.keys(entries),
        markers.symbol("95% interval", linestyle="-", linewidth=2),
        *dashed[: any(own.unadjusted for own, *_ in placed)],
        study.key_of_rope(),
        *study.models.hollow_key(entries),
        *_guessing(study, ax),
    ]
    return markers.finish(figure, handles, finding(study, others), 3)


class Line(NamedTuple):
    """A line: its label, and what is drawn on it."""

    label: str
    entry: Entry


def lines_of(study: Study, means: Mapping[Entry, float]) -> tuple[list[Line], str]:
    """Return the lines, and the title of their axis.

    A model with one configuration has one line. If there are more configurations than there is room
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
    single: list[Line] = []
    several: list[Line] = []
    for entry, label in _labelled(study):
        if entry in means and not study.models.drawn_before(*entry):
            of_one = label == study.models.label(entry[0])
            (single if of_one else several).append(Line(label, entry))
    count, title = len(several), "Configuration"
    order = {entry: np.nan_to_num(-sign * mean, nan=np.inf) for entry, mean in means.items()}
    best = sorted(several, key=lambda line: order[line.entry])[: look.MAX_LINES]
    if any(labels.is_long(line.label) for line in best):
        best = best[: max(5, labels.LONG_LINES - len(single))]
    if count > len(best):
        several, title = best, f"The best {len(best)} of {count} configurations"
    return [*single, *several], title


def _labelled(study: Study) -> Iterator[tuple[Entry, str]]:
    """Return each configuration of a model, and its label; the first network comes last."""
    candidates, names = study.results.candidates, study.models
    networks = tuple(network_models(candidates))
    for model, every in candidates.items():
        for each in every if model not in networks else ():
            label = f"{model_label(model)}, {names.describe(model, each.name)}"
            yield (model, each.name), label if len(every) > 1 else names.label(model)
    others = any(len(group) == 1 and group != networks for group in tuned_groups(candidates))
    start = f"{NETWORK}, " if others else ""
    for each in study.configurations:
        label = f"{start}{names.describe(networks[0], each.name)}"
        yield (networks[0], each.name), label if len(study.configurations) > 1 else NETWORK


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
    unadjusted = excludes_zero_unadjusted(row)
    return DrawnDifference("", row.difference, note, is_hollow, colour, unadjusted)
