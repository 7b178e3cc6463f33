"""A metric by the value of each hyperparameter, with the others as in the reference."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.escaping import for_figure
from backprop.models.candidate_lists import find_configuration
from backprop.models.registry import BASELINE, MODELS, is_network, tuned_groups
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.hyperparameter_series import series_of
from backprop.report.figures.scores import draw_scores
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import named, score, scores_on_axis
from backprop.report.wording.names import heading, listed_first, named_value, sentence_case, value
from backprop.statistics.criteria import count_troubled
from backprop.statistics.tables import Effect, Interval
from backprop.study.configurations import Configuration

ROOM = {look.WIDE: 12, look.NARROW: 6}  # values side by side, by the width of the figure
MOST_NAMED = 3  # values in the heading
GAP = 0.06  # inches between their labels
LONG = 9  # the size of labels that are words, or have several layers
SHORT = {"unlearned": "\N{MULTIPLICATION SIGN}", "diverged": "lost", "failed": "lost"}


class Series(NamedTuple):
    """What a panel shows: models, a hyperparameter, and the configurations with its values."""

    models: tuple[str, ...]
    hyperparameter: str
    candidates: list[Configuration]


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each hyperparameter: every split, means, intervals, the baseline.

    The variant is a metric, for the networks, or another model and a metric.
    """
    model, _, variant = variant.rpartition("-")
    models = (model,) if model else next(iter(tuned_groups(study.results.candidates)))
    every = _series(study, models)
    rows = _rows(every)
    figure = look.blank(2.1 + 2.85 * len(rows))
    grid = figure.add_gridspec(len(rows), 1)
    for n, row in enumerate(rows):
        widths = [len(series.candidates) + 0.7 for series in row]
        cells = grid[n].subgridspec(1, len(row), width_ratios=widths)
        for column, series in enumerate(row):
            ax = figure.add_subplot(cells[column], sharey=figure.axes[0] if figure.axes else None)
            _panel(study, ax, series, variant, look.PANELS * look.width() / sum(widths))
            ax.set_ylabel(scores_on_axis(variant, "\n"))
            ax.label_outer()
        figure.align_xlabels(figure.axes[-len(row) :])
    entries = [(m, c.name) for series in every for c in series.candidates for m in series.models]
    drawn = [study.results.scores_of(*entry)[variant].to_numpy() for entry in entries]
    own = study.results.summary(BASELINE).by(variant)
    look.scale_scores(
        figure.axes[0].yaxis, variant, np.concatenate([*drawn, own[:1] if own else []])
    )
    value = study.results.guessing[variant]
    guess = markers.guess(figure.axes, "y", value, variant, score(variant, value))
    line = markers.symbol("logistic regression, its interval", color=palette.BLACK, linestyle="-")
    handles = [*study.models.keys(entries), *study.models.keys_of_splits(entries, 1.8, line), guess]
    return markers.finish(figure, handles, finding(study, every), 3)


def finding(study: Study, every: Sequence[Series]) -> str:
    """Return which values are shown to be better or worse than the reference, and by how much."""
    drawn = {series.models[0] for series in every} - study.results.same_as.keys()
    rows: list[Effect] = [row for row in study.results.rows("effects") if row.model in drawn]
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
        return f"No value is shown to change {metric}{enough}, against the reference"
    return f"{sentence_case(metric)} is shown to be {'; '.join(parts)} than in the reference"


def _effect(study: Study, row: Effect, difference: Interval) -> str:
    """Return a value of a hyperparameter with its difference from the reference, in words."""
    own = find_configuration(study.results.candidates, row.model, row.configuration)
    name = named_value(row.hyperparameter, own.values()[row.hyperparameter])
    return f"{for_figure(labels.brief(name))} ({study.unit.in_words(difference.value, '+')})"


def _series(study: Study, models: tuple[str, ...]) -> list[Series]:
    """Return the panels of some models that share their configurations."""
    by_name = series_of(study.results.candidates[models[0]])
    first = dict.fromkeys(name for name in ("hidden", "learning_rate") if name in by_name)
    every = [Series(models, name, by_name[name]) for name in first | by_name]
    return [series for series in every if len(series.candidates) > 1]


def _rows(every: Sequence[Series]) -> list[list[Series]]:
    """Return the panels by row, which has as many values as there is `ROOM` for."""
    rows: list[list[Series]] = [[]]
    for series in every:
        beside = sum(len(other.candidates) for other in [*rows[-1], series])
        if rows[-1] and beside > ROOM[look.width()]:
            rows.append([])
        rows[-1].append(series)
    return rows


def _panel(study: Study, ax: Axes, series: Series, variant: str, inches: float) -> None:
    _baseline(study, ax, variant)
    for place, candidate in enumerate(series.candidates):
        models = [m for m in series.models if not study.models.drawn_before(m, candidate.name)]
        for model, shift in markers.offsets(models, 0.42).items():
            entry = model, candidate.name
            draw_scores(study, ax, place + shift, entry, variant, width=0.34)
    count, name = len(series.candidates), series.hyperparameter
    ax.set_xticks(range(count), _labels(study, series, inches))
    ax.set_xlim(-0.6, count - 0.4)
    ax.grid(visible=False, axis="x")
    settings = [candidate.values()[name] for candidate in series.candidates]
    if any(isinstance(each, str) or (_is_list(each) and len(each) > 1) for each in settings):
        ax.tick_params(axis="x", labelsize=LONG)
    unit = "\n(nodes of each)" if name == "hidden" and is_network(series.models[0]) else ""
    ax.set_xlabel(f"{heading(name)}{unit}")


def _baseline(study: Study, ax: Axes, variant: str) -> None:
    own, colour = study.results.summary(BASELINE).by(variant), MODELS[BASELINE].colour
    if own:
        ax.axhspan(own.lower, own.upper, color=colour, alpha=0.07, lw=0)
        ax.axhline(own.value, color=colour, linewidth=1.2)


def _labels(study: Study, series: Series, inches: float) -> list[str]:
    """Return the labels of the values, with their failed fits; of many values, some are left out.

    Parameters
    ----------
    study : Study
    series : Series
    inches : float
        From a value to the next.
    """
    every = [
        _in_words(c.values()[series.hyperparameter], series, inches) for c in series.candidates
    ]
    if len(every) > ROOM[look.WIDE]:
        step = math.ceil((max(map(labels.inches_of, every)) + GAP) / inches)
        return [for_figure(words) if n % step == 0 else "" for n, words in enumerate(every)]
    texts = []
    for words, candidate in zip(every, series.candidates, strict=True):
        # Failed fits, on lines that fit below a value; the caption explains.
        status = [study.results.scores_of(m, candidate.name)["status"] for m in series.models]
        troubles = (count_troubled(each).items() for each in status)
        lines = dict.fromkeys("\n".join(f"{n} {SHORT[s]}" for s, n in own) for own in troubles)
        texts.append(for_figure("\n".join(filter(None, [words, *lines]))))
    return texts


def _in_words(setting: object, series: Series, inches: float) -> str:
    """Return a value in words, on lines that fit into its place."""
    words = value(series.hyperparameter, setting).replace(" ", "\n")
    share = labels.inches_of(words) * LONG / look.TICKS / inches
    if share <= 1.1 or not (isinstance(setting, str) or _is_list(setting)):
        return words
    narrow = words.replace("_", "_\n") if isinstance(setting, str) else words.replace("x", "x\n")
    return labels.broken(narrow, inches, LONG).replace(r"\$", "$")  # escaped with the rest


def _is_list(setting: object) -> bool:
    return isinstance(setting, tuple | list)
