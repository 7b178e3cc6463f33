"""All models compared: every split, the mean and its interval."""

import textwrap
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.contenders import failures, same_as_accuracy
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import scores_on_axis
from backprop.report.wording.names import listed, sentence_case
from backprop.statistics.marks import is_unlearned
from backprop.statistics.ranking import best_of
from backprop.study.metrics import METRICS

TWO_LINES = 10  # rows that have room for labels of several lines
LINE = "\n"
LETTERS = 36  # of a line


class Row(NamedTuple):
    """A row of the figure: the headline of a model, or the best of `best_of` configurations."""

    model: str
    configuration: str
    best_of: int | None = None


def draw(study: Study, variant: str) -> Figure:
    """Draw each model's headline and each tuned model's best configuration by one metric."""
    if study.models.equals_accuracy(variant):
        return labels.note(same_as_accuracy(variant))
    rows = _rows(study, variant)
    figure, ax = look.canvas(2.0 + 0.85 * len(rows))
    for y, row in enumerate(rows):
        _splits(study, ax, y, row, variant)
        _mean(study, ax, y, row, variant)
    gap = LINE if len(rows) <= TWO_LINES else " "
    labels.label_lines(ax, [_label(study, row, gap) for row in rows], "Model")
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlabel(scores_on_axis(variant))
    if variant == "log_loss":
        scores = [study.results.scores_of(row.model, row.configuration)[variant] for row in rows]
        look.logarithmic(ax.xaxis, np.concatenate(scores))
    value = study.results.guessing[variant]
    guess = markers.guess([ax], "x", value, variant, f"{value:.3f}")
    markers.legend(figure, [*_handles(study, rows, variant), guess])
    if text := finding(study, rows) if variant == study.results.metric else means(study, variant):
        labels.head(figure, text)
    return figure


def _handles(study: Study, rows: list[Row], variant: str) -> list[Line2D]:
    handles = [
        markers.symbol("one split", marker="o", markersize=5, alpha=0.5),
        markers.symbol("mean, 95% interval", marker="o", linestyle="-", linewidth=3),
        markers.symbol("mean of logistic regression", linestyle=":", color=palette.BLACK),
    ]
    if any(is_unlearned(study.results.scores_of(*row[:2])["status"]).any() for row in rows):
        handles.append(markers.symbol("one unlearned fit", marker="x"))
    if any(study.models.hollow(*row[:2]) for row in rows):
        handles.append(markers.hollow_mark())
    return handles


def finding(study: Study, rows: list[Row]) -> str:
    """Return which models are shown to be better or worse than the baseline."""
    outcomes = {
        model: row.outcome
        for model, row in study.results.comparison.items()
        if row.outcome and model not in (BASELINE, *study.results.same_as)
    }
    if not outcomes:
        return ""
    parts = []
    for outcome in ("better", "worse"):
        names = [study.models.name(model) for model, own in outcomes.items() if own == outcome]
        verb = "is" if len(names) == 1 else "are"
        if names:
            parts.append(f"{listed(names)} {verb} shown to be {outcome}")
        elif outcome == "better":
            parts.append("no model is shown to be better")
    which = " (references)" if any(row.best_of for row in rows) else ""
    first = parts[0] + f" than {MODELS[BASELINE].name}{which}"
    return "; ".join([sentence_case(first), *parts[1:]])


def means(study: Study, variant: str) -> str:
    """Return the lowest and the highest mean of the models' headlines by a metric."""
    finite = {
        study.models.name(model): score.value
        for model in study.results.candidates
        if model not in study.results.same_as
        and (score := study.results.summary(model).by(variant))
    }
    if not finite:
        return ""
    references = " of the references" if study.models.tuned_groups else ""
    return f"{METRICS[variant].label}, mean{references}: {labels.extent(finite, '{:.3f}')}"


def _rows(study: Study, variant: str) -> list[Row]:
    """Return the headline of each model, then the best configuration of each tuned model.

    What is the same is there once.
    """
    summaries = study.results.summaries
    names = dict.fromkeys(model for model, _ in summaries)
    rows = [Row(model, study.results.headline(model)) for model in names]
    for model in [each for each in names if len(study.results.candidates[each]) > 1]:
        every = [each.name for each in study.results.candidates[model]]
        own = {name: summaries[model, name] for name in every if (model, name) in summaries}
        if sum(row.by(variant) is not None for row in own.values()) > 1:
            rows.append(Row(model, best_of(own, variant), len(own)))
    return [row for row in rows if not study.models.drawn_before(row.model, row.configuration)]


def _splits(study: Study, ax: Axes, y: float, row: Row, variant: str) -> None:
    scores = study.results.scores_of(row.model, row.configuration)
    unlearned = is_unlearned(scores["status"])
    values = scores[variant].to_numpy()
    places = y + markers.swarm(values, 0.62)
    colour = MODELS[row.model].colour
    markers.dots(ax, values[~unlearned], places[~unlearned], colour, 3.2)
    markers.crosses(ax, values[unlearned], places[unlearned], colour)


def _mean(study: Study, ax: Axes, y: float, row: Row, variant: str) -> None:
    score = study.results.summaries[row.model, row.configuration].by(variant)
    if score is None:
        return
    mean, lower, upper = score
    colour = MODELS[row.model].colour
    ax.plot([lower, upper], [y, y], color=colour, linewidth=3, solid_capstyle="butt")
    hollow = study.models.hollow(row.model, row.configuration)
    markers.mean_mark(ax, mean, y, row.model, hollow=hollow, markersize=10, markeredgewidth=1.5)
    if row.model == BASELINE and row.best_of is None:
        ax.axvline(mean, color=colour, linewidth=1, linestyle=":", zorder=1)


def _label(study: Study, row: Row, gap: str) -> str:
    """Return the label of a row, which may have several lines if its `gap` is a line break."""
    label = study.models.label(row.model)
    if len(study.results.candidates[row.model]) > 1:
        best = "" if row.best_of is None else f"best of {row.best_of}: "
        words = f"{best}{study.models.describe(row.model, row.configuration)}"
        label += f",{gap}{textwrap.fill(words, LETTERS) if gap == LINE else words}"
    failed = failures(study.results.scores_of(row.model, row.configuration)["status"])
    return label + (f"{gap}({failed})" if failed else "")
