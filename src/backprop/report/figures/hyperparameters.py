"""A metric by the value of each hyperparameter, with the others as in the reference."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from backprop.escaping import for_figure
from backprop.models.candidate_lists import find_configuration
from backprop.models.registry import BASELINE, MODELS, tuned_groups
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.contenders import failures
from backprop.report.figures.hyperparameter_series import evenly, series_of
from backprop.report.figures.scores import draw_scores
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import named, score, scores_on_axis
from backprop.report.wording.names import listed_first, named_value, sentence_case
from backprop.statistics.tables import Effect, Interval
from backprop.study.configurations import Configuration

MOST_NAMED = 3  # values in the heading
MOST_LINES = 40  # of a figure, an even selection of all values


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each value: every split, the mean, its interval; behind them the baseline.

    The variant is a metric, for the networks, or another model and a metric.
    """
    model, _, metric = variant.rpartition("-")
    models = (model,) if model else next(iter(tuned_groups(study.results.candidates)))
    series = series_of(study.results.candidates[models[0]])
    every = [(key, own) for key, values in series.items() if len(values) > 1 for own in values]
    lines = evenly(every, MOST_LINES)
    figure, ax = look.lines(len(lines))
    baseline = study.results.summary(BASELINE).by(metric)
    if baseline:
        colour = MODELS[BASELINE].colour
        ax.axvspan(baseline.lower, baseline.upper, color=colour, alpha=0.07, linewidth=0)
        ax.axvline(baseline.value, color=colour, linewidth=1.2)
    values, entries = [np.array(baseline[:1] if baseline else [])], []
    for y, (key, own) in enumerate(lines):
        if y and key != lines[y - 1][0]:
            ax.axhline(y - 0.5, color=palette.GREY, linewidth=0.6)
        if not study.models.drawn_before(models[0], own.name):
            draw_scores(study, ax, y, (models[0], own.name), metric, width=0.6)
        entries += [(each, own.name) for each in models]
        values.append(study.results.scores_of(models[0], own.name)[metric].to_numpy())
    labels.label_lines(ax, [_label(study, models[0], *line) for line in lines], "Value")
    ax.set_xlabel(scores_on_axis(metric, "\n"))
    look.scale_scores(ax, metric, np.concatenate(values))
    guessed = study.results.guessing[metric]
    handles = [
        *study.models.keys(entries),
        *study.models.keys_of_splits(entries, 1.8),
        markers.symbol("logistic regression, its interval", color=palette.BLACK, linestyle="-"),
        markers.guess(ax, guessed, metric, score(metric, guessed)),
        *markers.share_drawn(len(lines), len(every), "values"),
    ]
    return markers.finish(figure, handles, finding(study, models[0]), 3)


def finding(study: Study, model: str) -> str:
    """Return which values are shown to be better or worse than the reference, and by how much."""
    rows: list[Effect] = [
        row
        for row in study.results.rows("effects")
        if row.model == model and model not in study.results.same_as
    ]
    metric = named(study.results.metric)
    parts = []
    for outcome in ("better", "worse"):
        own = [(row, row.difference) for row in rows if row.outcome == outcome and row.difference]
        own.sort(key=lambda each: -abs(each[1].value))
        names = listed_first([_effect(study, *each) for each in own], MOST_NAMED)
        parts += [f"{outcome} with {names}"] if own else []
    if not parts:
        slightly = any(row.outcome == "slightly different" for row in rows)
        enough = " by enough to matter" * slightly
        said = f"No value is shown to change {metric}{enough}, against the reference"
    else:
        said = f"{sentence_case(metric)} is shown to be {'; '.join(parts)} than in the reference"
    return said + _unlearned(study, rows)


def _unlearned(study: Study, rows: Sequence[Effect]) -> str:
    """Return which values have fits that have not learned, and are not shown to be worse."""
    names = [
        f"{_value(study, row)} ({row.unlearned} of {fits})"
        for row in rows
        if row.unlearned and row.outcome != "worse"
        for fits in [study.results.summaries[row.model, row.configuration].fits]
    ]
    return f". Fits that have not learned: {listed_first(names, MOST_NAMED)}" if names else ""


def _effect(study: Study, row: Effect, difference: Interval) -> str:
    """Return a value of a hyperparameter with its difference from the reference, in words."""
    return f"{_value(study, row)} ({study.unit.in_words(difference.value, '+')})"


def _value(study: Study, row: Effect) -> str:
    own = find_configuration(study.results.candidates, row.model, row.configuration)
    name = named_value(row.hyperparameter, own.values()[row.hyperparameter])
    return for_figure(labels.brief(name))


def _label(study: Study, model: str, key: str, own: Configuration) -> str:
    """Return a value in words, with what a reader should know of its fits."""
    is_reference = own.name == study.results.candidates[model][0].name
    status = failures(study.results.scores_of(model, own.name)["status"])
    notes = ", ".join(filter(None, ["reference" * is_reference, status]))
    name = for_figure(named_value(key, own.values()[key]))
    return f"{name} ({notes})" if notes else name
