"""Learning curves: the cost of training and test samples, epoch by epoch."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import MODELS
from backprop.network.functions import COSTS
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.contenders import label_of_same
from backprop.report.figures.study import Study
from backprop.report.wording.names import named_value
from backprop.statistics.learning_curves import Curve, curve_of
from backprop.statistics.marks import is_unscored
from backprop.study.configurations import Configuration

COLUMNS, ROWS = 4, 3
LINES = {"train_cost": (0, (4, 2)), "test_cost": "-"}  # how the line of each cost looks


Curves = Mapping[tuple[str, str], Curve]  # by model and cost, of one configuration


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each value of a hyperparameter: medians and spreads over the splits."""
    panels = panels_of(study, variant)
    rows = -(-len(panels) // COLUMNS)
    columns = -(-len(panels) // rows)
    height = 1.3 + (2.7 if columns > 2 else 3.4) * rows
    figure, axes = look.canvas(height, nrows=rows, ncols=columns, squeeze=False, sharex=True)
    fits = _fits(study, panels)
    models = list(dict.fromkeys(model for model, _ in fits))
    curves = {c: _curves({model: fits[model, c.name] for model in models}) for c in panels}
    for c, ax in zip(panels, axes.flat, strict=False):
        _panel(ax, curves[c])
        notes = [study.models.notes(m, c.name, fits[m, c.name]["status"]) for m in models]
        note = next(filter(None, notes), "").replace(", ", "\n")
        title = named_value(variant, getattr(c, variant))
        labels.panel_title(ax, f"{title}\n({note})" if note else title, columns, 12)
        ax.set_ylim(0, 1.05 * _highest(curves, c.cost))
        _label(ax, c, unit=variant == "cost" or ax in axes[:, 0])
    look.hide(list(axes.flat)[len(panels) :])
    same = all(
        _drawn_before(panel, model, cost)
        for panel in curves.values()
        for model, cost in panel
        if model != next(iter(panel))[0]
    )
    markers.legend(figure, _handles(models, same=same))
    diverged = {name for (_, name), rows in fits.items() if is_unscored(rows["status"]).any()}
    if text := finding({c: curves[c] for c in panels if c.name not in diverged}, variant):
        labels.head(figure, text)
    return figure


def _fits(
    study: Study, configurations: Sequence[Configuration]
) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the fits, with learning curves, of each (network, name of a configuration)."""
    fits = study.results.fits(
        ["model", "configuration", "status", "curve_epochs", "train_cost", "test_cost"],
        shapes={configuration.shape.name for configuration in configurations},
        configurations=[configuration.name for configuration in configurations],
    )
    groups = fits.groupby(["model", "configuration"], sort=False)
    return {(str(model), str(name)): rows for (model, name), rows in groups}


def finding(curves: Mapping[Configuration, Curves], variant: str) -> str:
    """Return the lowest and the highest median of the test cost when training ends.

    It is that of the first network. Costs of different functions are not compared, and nor are
    configurations with diverged fits: those that are left are the better ones.
    """
    ends: dict[str, float] = {}
    for configuration, panel in curves.items():
        if panel:
            first = next(iter(panel))[0]
            name = named_value(variant, getattr(configuration, variant))
            ends[name] = float(panel[first, "test_cost"].middle[-1])
    if len(ends) < 2 or len({c.cost for c in curves}) > 1:
        return ""
    return f"Median test cost when training ends: {labels.extent(ends, '{:.3g}')}"


def panels_of(study: Study, variant: str) -> list[Configuration]:
    """Return the configurations that have a panel: if there are too many, an even selection."""
    series = study.models.series(variant)
    most = COLUMNS * ROWS
    if len(series) <= most:
        return series
    evenly = np.linspace(0, len(series) - 1, most - 1).round().astype(int)
    return [
        series[place] for place in sorted({series.index(study.models.configurations[0]), *evenly})
    ]


def _curves(fits: Mapping[str, pd.DataFrame]) -> dict[tuple[str, str], Curve]:
    """Return the curves of the models; a model whose fits all diverged has none."""
    finite_fits = {model: rows[~is_unscored(rows["status"])] for model, rows in fits.items()}
    return {
        (model, cost): curve_of(rows, cost)
        for model, rows in finite_fits.items()
        if len(rows)
        for cost in LINES
    }


def _drawn_before(curves: Curves, model: str, cost: str) -> bool:
    """Return whether the first model's curve looks the same as that of this model."""
    first = next(iter(curves))[0]
    return model != first and curves[model, cost].looks_like(curves[first, cost])


def _panel(ax: Axes, curves: Curves) -> None:
    """Draw the curves of one configuration, without those that look the same as another."""
    ax.set_xscale("log")  # most of a curve happens at its start
    for (model, cost), (epochs, low, middle, high) in curves.items():
        if not _drawn_before(curves, model, cost):
            colour = MODELS[model].colour
            ax.fill_between(epochs, low, high, color=colour, alpha=0.14, linewidth=0)
            ax.plot(epochs, middle, color=colour, linestyle=LINES[cost])


def _highest(curves: Mapping[Configuration, Curves], cost: str) -> float:
    """Return the highest cost among the panels with one cost function, which share their scale."""
    panels = [panel for configuration, panel in curves.items() if configuration.cost == cost]
    return max((curve.high.max() for panel in panels for curve in panel.values()), default=1.0)


def _label(ax: Axes, configuration: Configuration, *, unit: bool) -> None:
    ax.set_xlabel("Epoch (logarithmic)")
    ax.tick_params(labelbottom=True)
    look.plain_numbers(ax.xaxis)
    if unit:
        ax.set_ylabel(f"Mean cost of a sample\n({COSTS[configuration.cost].unit})")
    else:
        ax.tick_params(labelleft=False)


def _handles(models: Sequence[str], *, same: bool) -> list[Artist]:
    shown = models[:1] if same else models
    handles = [markers.key(model, marker=False, line=True) for model in shown]
    for handle in handles:
        handle.set_linestyle("-")
    if same and len(models) > 1:
        handles[0].set_label(label_of_same(models))
    return [
        *handles,
        markers.symbol("test samples", linestyle=LINES["test_cost"]),
        markers.symbol("training samples", linestyle=LINES["train_cost"]),
        markers.area("80% of the splits", palette.GREY),
    ]
