"""A metric against each hyperparameter, the others as in the reference."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.network.functions import Array
from backprop.report.figures import style
from backprop.report.figures.study import Study, failures
from backprop.report.wording import heading, value
from backprop.study.configurations import HYPERPARAMETERS, Configuration
from backprop.study.metrics import METRICS

ROOM = 12  # values side by side
UNITS = {"hidden": "nodes of each", "learning_rate": "log axis"}


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each hyperparameter: every split, means, intervals, the baseline."""
    metric = METRICS[variant]
    names = sorted(HYPERPARAMETERS, key=lambda name: name not in UNITS)
    series = {name: study.series(name) for name in names}
    panels = [name for name in names if len(series[name]) > 1] or names[:1]
    rows: list[list[str]] = [[]]
    for name in panels:
        if rows[-1] and sum(len(series[n]) for n in [*rows[-1], name]) > ROOM:
            rows.append([])
        rows[-1].append(name)
    figure = style.blank(0.9 + 2.85 * len(rows))
    grid = figure.add_gridspec(len(rows), 1)
    first: Axes | None = None
    for place, row in enumerate(rows):
        room = [len(series[name]) + 0.7 for name in row]
        cells = grid[place].subgridspec(1, len(row), width_ratios=room)
        for column, name in enumerate(row):
            ax = figure.add_subplot(cells[column], sharey=first)
            first = first or ax
            _panel(study, ax, name, series[name], variant)
            if column == 0:
                ax.set_ylabel(f"{metric.label}\n({metric.unit})")
            else:
                ax.tick_params(labelleft=False)
        figure.align_xlabels(figure.axes[-len(row) :])
    assert first is not None
    if variant == "log_loss":
        first.set_yscale("log")
        style.plain(first.yaxis)
    handles = [style.key(model) for model in study.networks(study.scores)]
    handles += [
        style.symbol("one split", marker="o", markersize=5, alpha=0.5),
        style.symbol("mean and corrected 95% interval", marker="o", linestyle="-"),
        style.symbol("logistic regression, its interval", color=style.BLACK, linestyle="-"),
    ]
    if (study.scores["status"] == "dead").any():
        handles += [
            style.symbol("dead fit", marker="x"),
            style.symbol("mean with dead fits", marker="o", markerfacecolor="white"),
        ]
    style.legend(figure, handles, 3)
    return figure


def _panel(
    study: Study, ax: Axes, name: str, series: Sequence[Configuration], variant: str
) -> None:
    models = study.networks(study.scores)
    places, slot = _places(name, series)
    _baseline(study, ax, variant)
    shift = style.offsets(models, 0.42 * slot)
    labels: list[str] = []
    labelled = -np.inf
    for place, configuration in zip(places, series, strict=True):
        failed = []
        for model in models:
            look = style.MODELS[model]
            splits = study.rows(study.scores, model, configuration.name)
            if splits.empty:
                continue
            values = splits[variant].to_numpy()
            dead = (splits["status"] == "dead").to_numpy()
            x = place + shift[model] + style.swarm(values, 0.34 * slot)
            ax.scatter(x[~dead], values[~dead], s=9, color=look.colour, alpha=0.3, linewidth=0)
            ax.scatter(x[dead], values[dead], s=22, color=look.colour, marker="x", linewidth=1.1)
            failed.append(failures(splits["status"]))
            summary = study.rows(study.configurations, model, configuration.name).iloc[0]
            mean, low, high = (summary[f"{variant}{end}"] for end in ("", "_lower", "_upper"))
            if np.isfinite(mean):
                at = place + shift[model]
                ax.plot([at, at], [low, high], color=look.colour, linewidth=1.8)
                ax.plot(
                    at, mean, look.marker, markersize=7.5, zorder=5, markeredgewidth=1.2,
                    color="white" if dead.any() else look.colour,
                    markeredgecolor=look.colour if dead.any() else "white",
                )  # fmt: skip
        told = [
            text.replace(", ", "\n").replace(" diverged", "\ndiverged")
            for text in dict.fromkeys(failed)
        ]
        label = value(name, getattr(configuration, name)).replace(" ", "\n")
        room = place - labelled > 0.99 * (places[-1] - places[0]) / (ROOM + 1)
        labelled = place if room else labelled
        labels.append("\n".join([label if room else "", *filter(None, told)]))
    ax.set_xticks(places, labels)
    ax.set_xlim(places[0] - 0.6 * slot, places[-1] + 0.6 * slot)
    ax.grid(visible=False, axis="x")
    unit = f"\n({UNITS[name]})" if name in UNITS else ""
    ax.set_xlabel(f"{heading(name)}{unit}")


def _places(name: str, series: Sequence[Configuration]) -> tuple[Array, float]:
    """Return where on the axis the values are, and the room that each has."""
    places = np.arange(len(series), dtype=float)
    if name == "learning_rate":
        places = np.log10([c.learning_rate for c in series])
    return places, float(np.diff(places).min(initial=1.0))


def _baseline(study: Study, ax: Axes, variant: str) -> None:
    row = study.rows(study.configurations, "logistic", None).iloc[0]
    colour = style.MODELS["logistic"].colour
    if np.isfinite(row[variant]):
        ax.axhspan(row[f"{variant}_lower"], row[f"{variant}_upper"], color=colour, alpha=0.07, lw=0)
        ax.axhline(row[variant], color=colour, linewidth=1.2)
