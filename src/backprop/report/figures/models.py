"""All models compared, by several metrics: every split, the mean and its interval."""

import textwrap
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.contenders import failures
from backprop.report.figures.scores import draw_scores
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import POINTS, score, scores_on_axis, unit_of
from backprop.report.wording.names import be, listed, model_name, sentence_case
from backprop.statistics.criteria import best_of, same_metric
from backprop.study.metrics import METRICS
from backprop.study.trained import ONLY_CLASSES

PICTURED = ("accuracy", "balanced_accuracy", "log_loss")
"""The metrics that are drawn besides the study's; a table has them all."""

MOST_METRICS = 3
APART = 0.06  # panels, as a share of their width: their last and first numbers are side by side
TWO_LINES = 10  # rows that have room for labels of several lines
LINE = "\n"
LETTERS = 32  # of a line


class Row(NamedTuple):
    """A row of the figure: the headline of a model, or the best of `best_of` configurations."""

    model: str
    configuration: str
    best_of: int | None = None


def draw(study: Study, variant: str) -> Figure:
    """Draw each model's headline and each tuned model's best configuration, a panel by metric."""
    metrics = _metrics(study)
    rows, count = _rows(study), len(metrics)
    height = 2.0 + 0.85 * len(rows)
    if look.is_narrow():
        figure, axes = look.canvas(0.9 + (height - 0.9) * count, nrows=count, squeeze=False)
    else:
        panels = {"ncols": count, "gridspec_kw": {"wspace": APART}}
        figure, axes = look.canvas(height, sharey=True, squeeze=False, **panels)
    guesses = []
    for metric, ax in zip(metrics, axes.flat, strict=True):
        for y, row in enumerate(rows):
            _draw_row(study, ax, y, row, metric)
        guesses.append(_scale(study, ax, rows, metric, alone=count == 1))
    gap = LINE if len(rows) <= TWO_LINES else " "
    for ax in axes.flat if look.is_narrow() else axes[0, :1]:
        labels.label_lines(ax, [_label(study, row, gap) for row in rows], "Model")
    for ax in axes.flat:
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.grid(visible=False, axis="y")
    guesses = list({str(guess.get_label()): guess for guess in guesses}.values())  # each text once
    mean = markers.symbol("mean of logistic regression", linestyle=":", color=palette.BLACK)
    handles = study.models.keys_of_splits((row[:2] for row in rows), 3, mean)
    return markers.finish(figure, [*handles, *guesses], finding(study, rows))


def _metrics(study: Study) -> list[str]:
    """Return the metrics that are drawn: the study's first, and no other that equals accuracy.

    The balanced accuracy does in every fit, if each test fold has as many rows of each class.
    """
    first, scores = study.results.metric, study.results.scores
    others = [
        name
        for name in PICTURED
        if name == "accuracy" or not same_metric(*scores[["accuracy", name]].to_numpy().T)
    ]
    return [*dict.fromkeys([first, *others])][:MOST_METRICS]


def _scale(study: Study, ax: Axes, rows: list[Row], metric: str, *, alone: bool) -> Line2D:
    """Label the panel of a metric, and draw a guess; return its legend."""
    if not alone:  # readers see the upper end of a high figure first
        ax.set_title(METRICS[metric].label)
    ax.set_xlabel(scores_on_axis(metric, " " if alone else "\n"))
    scores = [study.results.scores_of(row.model, row.configuration)[metric] for row in rows]
    look.scale_scores(ax, metric, np.concatenate(scores))
    if unit_of(metric) is POINTS and look.is_narrow():  # the last number would pass the edge
        ax.xaxis.set_major_locator(MaxNLocator(4, prune="upper"))
    value = study.results.guessing[metric]
    return markers.guess(ax, value, metric, score(metric, value) if alone else "")


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
        names = [model_name(model) for model, own in outcomes.items() if own == outcome]
        if names:
            parts.append(f"{listed(names)} {be(names)} shown to be {outcome}")
        elif outcome == "better":
            parts.append("no model is shown to be better")
    which = ", before tuning" if any(row.best_of for row in rows) else ""
    first = parts[0] + f" than {MODELS[BASELINE].name}{which}"
    return "; ".join([sentence_case(first, study.results.candidates), *parts[1:]])


def _rows(study: Study) -> list[Row]:
    """Return the headline of each model, then the best configuration of each tuned model.

    The best one is that by the metric of the study. What is the same is there once.
    """
    summaries = study.results.summaries
    names = dict.fromkeys(model for model, _ in summaries)
    rows = [Row(model, study.results.headline(model)) for model in names]
    for model in [each for each in names if len(study.results.candidates[each]) > 1]:
        every = [each.name for each in study.results.candidates[model]]
        own = {name: summaries[model, name] for name in every if (model, name) in summaries}
        if sum(row.score is not None for row in own.values()) > 1:
            rows.append(Row(model, best_of(own, study.results.metric), len(own)))
    return [row for row in rows if not study.models.drawn_before(row.model, row.configuration)]


def _draw_row(study: Study, ax: Axes, y: float, row: Row, metric: str) -> None:
    model, entry = study.registry[row.model], (row.model, row.configuration)
    style: dict[str, Any] = {"size": 10, "elinewidth": 3}
    own = draw_scores(study, ax, y, entry, metric, width=0.62, **style)
    if own is None:
        if ONLY_CLASSES in set(study.results.scores_of(*entry)["status"]):
            markers.remark(ax, y, "only classes")
    elif row.model == BASELINE and row.best_of is None:
        ax.axvline(own.value, color=model.colour, linewidth=1, linestyle=":", zorder=1)


def _label(study: Study, row: Row, gap: str) -> str:
    """Return the label of a row, which may have several lines if its `gap` is a line break."""
    label = study.models.label(row.model)
    if len(study.results.candidates[row.model]) > 1:
        best = "" if row.best_of is None else f"best of {row.best_of}: "
        words = f"{best}{study.models.describe(row.model, row.configuration)}"
        label += f",{gap}{textwrap.fill(words, LETTERS) if gap == LINE else words}"
    failed = failures(study.results.scores_of(row.model, row.configuration)["status"])
    return label + (f"{gap}({failed})" if failed else "")
