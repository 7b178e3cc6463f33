"""A metric by the value of each hyperparameter, with the others as in the reference."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS, network_models
from backprop.report.figures import style
from backprop.report.figures.study import Study, failures
from backprop.report.wording import heading, value
from backprop.study.configurations import HYPERPARAMETERS, Configuration
from backprop.study.metrics import METRICS
from backprop.typing import Array

ROOM = 12  # values side by side
UNITS = {"hidden": "nodes of each", "learning_rate": "log axis"}


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each hyperparameter: every split, means, intervals, the baseline."""
    metric = METRICS[variant]
    rows = _rows(study)
    figure = style.blank(0.9 + 2.85 * len(rows))
    grid = figure.add_gridspec(len(rows), 1)
    first: Axes | None = None
    for row, names in enumerate(rows):
        widths = [len(study.series(name)) + 0.7 for name in names]
        cells = grid[row].subgridspec(1, len(names), width_ratios=widths)
        for column, name in enumerate(names):
            ax = figure.add_subplot(cells[column], sharey=first)
            first = first or ax
            _panel(study, ax, name, variant)
            if column == 0:
                ax.set_ylabel(f"{metric.label}\n({metric.unit})")
            else:
                ax.tick_params(labelleft=False)
        figure.align_xlabels(figure.axes[-len(names) :])
    if first and variant == "log_loss":
        first.set_yscale("log")
        style.plain_numbers(first.yaxis)
    style.legend(figure, _handles(study), 3)
    return figure


def _rows(study: Study) -> list[list[str]]:
    """Return the hyperparameters to show, by row; `ROOM` limits a row."""
    names = sorted(HYPERPARAMETERS, key=lambda name: name not in UNITS)
    rows: list[list[str]] = [[]]
    for name in [name for name in names if len(study.series(name)) > 1] or names[:1]:
        if rows[-1] and sum(len(study.series(n)) for n in [*rows[-1], name]) > ROOM:
            rows.append([])
        rows[-1].append(name)
    return rows


def _panel(study: Study, ax: Axes, name: str, variant: str) -> None:
    series = study.series(name)
    places, slot = _places(name, series)
    _baseline(study, ax, variant)
    models = network_models(study.scores["model"].unique())
    shift = style.offsets(models, 0.42 * slot)
    for place, configuration in zip(places, series, strict=True):
        for model in models:
            _splits(study, ax, place + shift[model], slot, model, configuration.name, variant)
            _mean(study, ax, place + shift[model], model, configuration.name, variant)
    ax.set_xticks(places, _labels(study, name, series, places))
    ax.set_xlim(places[0] - 0.6 * slot, places[-1] + 0.6 * slot)
    ax.grid(visible=False, axis="x")
    unit = f"\n({UNITS[name]})" if name in UNITS else ""
    ax.set_xlabel(f"{heading(name)}{unit}")


def _places(name: str, series: Sequence[Configuration]) -> tuple[Array, float]:
    """Return the places of the values on the axis, and the room of each."""
    places = np.arange(len(series), dtype=float)
    if name == "learning_rate":
        places = np.log10([c.learning_rate for c in series])
    return places, float(np.diff(places).min(initial=1.0))


def _baseline(study: Study, ax: Axes, variant: str) -> None:
    row = study.summary_of(BASELINE, None)
    colour = MODELS[BASELINE].colour
    if np.isfinite(row[variant]):
        ax.axhspan(row[f"{variant}_lower"], row[f"{variant}_upper"], color=colour, alpha=0.07, lw=0)
        ax.axhline(row[variant], color=colour, linewidth=1.2)


def _splits(
    study: Study, ax: Axes, x: float, slot: float, model: str, configuration: str, variant: str
) -> None:
    scores = study.scores_of(model, configuration)
    values = scores[variant].to_numpy()
    dead = (scores["status"] == "dead").to_numpy()
    places = x + style.swarm(values, 0.34 * slot)
    colour = MODELS[model].colour
    ax.scatter(places[~dead], values[~dead], s=9, color=colour, alpha=0.3, linewidth=0)
    ax.scatter(places[dead], values[dead], s=22, color=colour, marker="x", linewidth=1.1)


def _mean(study: Study, ax: Axes, x: float, model: str, configuration: str, variant: str) -> None:
    row = study.summary_of(model, configuration)
    mean, low, high = (row[f"{variant}{end}"] for end in ("", "_lower", "_upper"))
    if np.isfinite(mean):
        ax.plot([x, x], [low, high], color=MODELS[model].colour, linewidth=1.8)
        hollow = row["dead"] > 0
        style.mean_mark(ax, x, mean, model, hollow=hollow, markersize=7.5, markeredgewidth=1.2)


def _labels(study: Study, name: str, series: Sequence[Configuration], places: Array) -> list[str]:
    """Return the labels of the values, with their failed fits; without room, a name is left out."""
    models = network_models(study.scores["model"].unique())
    step = 0.99 * (places[-1] - places[0]) / (ROOM + 1)
    labels = []
    last_named = -np.inf
    for place, configuration in zip(places, series, strict=True):
        failed = dict.fromkeys(
            failures(study.scores_of(model, configuration.name)["status"]) for model in models
        )
        lines = [text.replace(", ", "\n").replace(" diverged", "\ndiverged") for text in failed]
        label = ""
        if place - last_named > step:
            last_named = place
            label = value(name, getattr(configuration, name)).replace(" ", "\n")
        labels.append("\n".join([label, *filter(None, lines)]))
    return labels


def _handles(study: Study) -> list[Artist]:
    handles: list[Artist] = [
        *(style.key(model) for model in network_models(study.scores["model"].unique())),
        style.symbol("one split", marker="o", markersize=5, alpha=0.5),
        style.symbol("mean and corrected 95% interval", marker="o", linestyle="-"),
        style.symbol("logistic regression, its interval", color=style.BLACK, linestyle="-"),
    ]
    if (study.scores["status"] == "dead").any():
        handles += [
            style.symbol("dead fit", marker="x"),
            style.symbol("mean with dead fits", marker="o", markerfacecolor="white"),
        ]
    return handles
