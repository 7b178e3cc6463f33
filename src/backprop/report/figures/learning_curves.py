"""Learning curves: the cost of training and test samples, epoch by epoch."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import network_models
from backprop.network.functions import COSTS
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.hyperparameter_series import series_of
from backprop.report.figures.study import Study
from backprop.report.wording.names import named_value
from backprop.statistics.criteria import is_unscored
from backprop.statistics.learning_curves import Curve, curve_of, is_early, most_telling
from backprop.study.configurations import Configuration

MOST = 3  # panels beside the reference
HIGH = 0.85  # inches of a panel, where there are many
LINES = {"train_cost": (0, (4, 2)), "test_cost": "-"}  # how the line of each cost looks


Fits = dict[str, pd.DataFrame]  # by the name of a configuration
Curves = Mapping[str, Curve]  # by cost, of one configuration


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for the reference, and for the other values that say most."""
    every = values_of(study)
    panels = panels_of(study, every)
    reference = panels[0].configuration
    figure, axes = look.panels(len(panels), sharey=False)
    columns = axes.shape[1]
    model = network_models(study.results.candidates)[0]
    fits = _fits(study, model, [panel.configuration for panel in panels])
    curves = {panel.configuration: _curves(fits[panel.configuration.name]) for panel in panels}
    drawn = [curve for own in curves.values() for curve in own.values()]
    is_logarithmic = bool(drawn) and is_early(drawn)
    highest: dict[str, float] = {}
    for c, own in curves.items():
        ends = [each.high.max() for each in own.values()]
        highest[c.cost] = max([*ends, highest.get(c.cost, 0.0)])
    for panel, ax in zip(panels, axes.flat, strict=False):
        c = panel.configuration
        if c.cost == reference.cost and c != reference and curves[reference]:
            epochs, _, middle, _ = curves[reference]["test_cost"]
            ax.plot(epochs, middle, color=palette.GREY, linewidth=1, linestyle=":")
        _panel(ax, curves[c], study.registry[model].colour)
        note = study.models.notes(model, c.name, fits[c.name]["status"]).replace(", ", "\n")
        title = f"{panel.title}\n({note})" if note else panel.title
        labels.panel_title(ax, title, columns, 9.5 if look.is_narrow() else 11)
        ax.set_ylim(0, 1.05 * highest[c.cost] or 1.0)  # of all panels with this cost
        _label(ax, c, unit=ax in axes[:, 0] or c.cost != reference.cost)
    _label_epochs(axes, is_logarithmic=is_logarithmic)
    diverged = {name for name, rows in fits.items() if is_unscored(rows["status"]).any()}
    sound = {
        title: curves[c]
        for title, c in panels
        if c.cost == reference.cost and c.name not in diverged
    }
    with_same = study.models.with_same([(model, reference.name)])
    handles = [
        *study.models.keys(with_same, marker="", linestyle="-"),
        markers.symbol("test samples", linestyle=LINES["test_cost"]),
        markers.symbol("training samples", linestyle=LINES["train_cost"]),
        markers.area("80% of the splits", palette.GREY),
    ]
    if len(panels) > 1:
        handles.append(markers.symbol("reference, test samples", linestyle=":", linewidth=1))
    handles += markers.share_drawn(len(panels) - 1, len(every), "other values")
    return markers.finish(figure, handles, finding(sound))


class Panel(NamedTuple):
    """A panel: a configuration, and what is above it."""

    title: str
    configuration: Configuration


def values_of(study: Study) -> list[Panel]:
    """Return what differs from the reference in one value."""
    reference, series = study.configurations[0], series_of(study.configurations)
    return [
        Panel(named_value(key, each.values()[key]), each)
        for key in reference.values()
        for each in series[key]
        if each != reference
    ]


def panels_of(study: Study, every: Sequence[Panel]) -> list[Panel]:
    """Return the reference, and the values that say most, see `most_telling`.

    Those with another cost, which have a scale of their own, come last.
    """
    reference, model = study.configurations[0], network_models(study.results.candidates)[0]
    names = [reference.name, *(panel.configuration.name for panel in every)]
    rows = {name: study.results.summaries[model, name] for name in names}
    telling = most_telling(rows, reference.name, MOST)
    panels = [panel for panel in every if panel.configuration.name in telling]
    panels.sort(key=lambda panel: panel.configuration.cost != reference.cost)
    return [Panel("reference", reference), *panels]


def _fits(study: Study, model: str, configurations: Sequence[Configuration]) -> Fits:
    """Return the fits of a network, with learning curves, of each configuration."""
    fits = study.results.fits(
        ["model", "configuration", "status", "curve_epochs", "train_cost", "test_cost"],
        shapes={configuration.shape.name for configuration in configurations},
        configurations=[configuration.name for configuration in configurations],
    )
    return {str(name): rows for name, rows in fits[fits["model"] == model].groupby("configuration")}


def finding(curves: Mapping[str, Curves]) -> str:
    """Return the lowest and the highest median of the test cost when training ends.

    Costs of different functions are not compared, and nor are
    configurations with diverged fits: those that are left are the better ones.

    Parameters
    ----------
    curves : mapping
        By the titles of their panels; all have one cost function.
    """
    ends = {title: float(panel["test_cost"].middle[-1]) for title, panel in curves.items() if panel}
    if len(ends) < 2:
        return ""
    return f"Median test cost when training ends: {labels.extent(ends, '{:.3g}')}"


def _curves(fits: pd.DataFrame) -> dict[str, Curve]:
    """Return the curves of a configuration; there are none if all its fits diverged."""
    finite_fits = fits[~is_unscored(fits["status"])]
    return {cost: curve_of(finite_fits, cost) for cost in LINES} if len(finite_fits) else {}


def _panel(ax: Axes, curves: Curves, colour: str) -> None:
    for cost, (epochs, low, middle, high) in curves.items():
        ax.fill_between(epochs, low, high, color=colour, alpha=0.14, linewidth=0)
        ax.plot(epochs, middle, color=colour, linestyle=LINES[cost])


def _label(ax: Axes, configuration: Configuration, *, unit: bool) -> None:
    ax.tick_params(labelsize=9)
    if unit:
        ax.set_ylabel(labels.broken(COSTS[configuration.cost].unit, HIGH, 9), fontsize=9)
    else:
        ax.tick_params(labelleft=False)


def _label_epochs(axes: look.Grid, *, is_logarithmic: bool) -> None:
    """Label the axes of the epochs, which all panels share."""
    look.label_panels(axes, "Epoch (logarithmic)" if is_logarithmic else "Epoch")
    for ax in axes.flat if is_logarithmic else ():
        look.plain_numbers(ax)
