"""How steep the sigmoids are at the start, by the width and the depth of the network."""

from collections.abc import Mapping
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.network.functions import INITIALISATIONS
from backprop.report.figures import look, markers, palette
from backprop.report.figures.study import Study
from backprop.report.wording.names import listed, value
from backprop.statistics.slopes import mean_slopes, output_of
from backprop.study.configurations import Configuration

WIDTHS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
SPLITS = 10  # the slopes are means over this number of splits
HIDDEN = "#8f8f8f"  # the slopes of the hidden nodes; the output's are darker
DEEP = {"#222222": "^", "#555555": "D", "#7a7a7a": "v", "#9a9a9a": "P"}
"""The greys and markers of the deeper networks. No more than these are drawn."""


def draw(study: Study, variant: str) -> Figure:
    """Draw a column for each initialisation: slopes by width and, if some are deep, by layer."""
    deep = list(dict.fromkeys(c.hidden for c in study.configurations if len(c.hidden) > 1))
    deep = deep[: len(DEEP)]
    rows, count = 1 + bool(deep), len(INITIALISATIONS) * (1 + bool(deep))
    figure, axes = look.panels(count, sharex=False)
    grid = axes.flat[:count].reshape(rows, -1)
    widest: dict[str, float] = {}
    for initialisation, column in zip(INITIALISATIONS, grid.T, strict=True):
        configuration = study.configurations[0].changed(initialisation=initialisation)
        start = value("initialisation", initialisation)
        widest[start] = _by_width(study, column[0], configuration)
        _trained_widths(study, column[0], configuration)
        column[0].set_title(f"{start[0].upper()}{start[1:]} start")
        if deep:
            _by_layer(study, column[1], configuration, deep)
    for row, title in zip(grid, ("Mean slope", "Product of slopes"), strict=False):
        for ax in row if look.is_narrow() else row[:1]:
            ax.set_ylabel(f"{title} (logarithmic)")
    hidden = f"hidden nodes ({value('activation', study.configurations[0].activation)})"
    output = f"output ({output_of(study.configurations[0], study.dataset)})"
    handles = [
        markers.symbol(hidden, color=HIDDEN, marker="s", linestyle="-"),
        markers.symbol(output, color=palette.INK, marker="o", linestyle="-"),
        markers.symbol("trained width", linestyle=":", linewidth=1.2),
    ]
    return markers.finish(figure, handles, finding(widest))


def finding(widest: Mapping[str, float]) -> str:
    """Return the mean slope of the output of the widest networks, by their start."""
    by_start = listed([f"{slope:.2g} ({start})" for start, slope in widest.items()])
    return f"Mean output slope with {WIDTHS[-1]} hidden nodes: {by_start}"


def _by_width(study: Study, ax: Axes, configuration: Configuration) -> float:
    """Draw the mean slopes of a configuration with one hidden layer of several widths.

    Return the slope of the output of the widest.
    """
    every = [_slopes(study, configuration.changed(hidden=(w,))) for w in WIDTHS]
    hidden, output = zip(*every, strict=True)
    ax.plot(WIDTHS, hidden, color=HIDDEN, marker="s", markersize=5)
    ax.plot(WIDTHS, output, color=palette.INK, marker="o", markersize=5)
    across = "Nodes of the one hidden layer (logarithmic)"
    ax.set(yscale="log", xlabel=across)
    look.plain_numbers(ax)
    return output[-1]


def _by_layer(
    study: Study, ax: Axes, configuration: Configuration, deep: list[tuple[int, ...]]
) -> None:
    """Draw what deeper networks multiply an error by, layer by layer; count unlearned fits."""
    trained = False
    for hidden, (colour, marker) in zip(deep, DEEP.items(), strict=False):
        changed = configuration.changed(hidden=hidden)
        products = np.cumprod(_slopes(study, changed)[::-1])
        count = _unlearned(study, changed)
        trained |= count is not None
        label = value("hidden", hidden) + ("" if count is None else f": {count}")
        ax.plot(range(len(products)), products, color=colour, marker=marker, label=label)
    across = "Hidden layers that an error has passed"
    ax.set(xticks=range(max(map(len, deep)) + 1), xlabel=across, yscale="log")
    fits = next(iter(study.results.summaries.values())).fits
    title = "Hidden layers" + (f": unlearned fits, of {fits}" if trained else "")
    ax.legend(
        title=title, loc="lower center",
        bbox_to_anchor=(0.5, 1), ncols=2, borderpad=0.2, borderaxespad=0.2,
    )  # fmt: skip


@cache  # for both widths of the figure
def _slopes(study: Study, configuration: Configuration) -> list[float]:
    splits = list(study.results.splits.values())[:SPLITS]
    return mean_slopes(configuration, study.dataset, splits, study.results.seed)


def _unlearned(study: Study, configuration: Configuration) -> int | None:
    """Return how many fits of a configuration are unlearned; None if it was not trained."""
    summaries = study.results.summaries.values()
    own = (row.unlearned for row in summaries if row.configuration == configuration.name)
    return next(own, None)


def _trained_widths(study: Study, ax: Axes, configuration: Configuration) -> None:
    """Mark the widths that were trained from this start."""
    for hidden in dict.fromkeys(c.hidden for c in study.configurations if len(c.hidden) == 1):
        if _unlearned(study, configuration.changed(hidden=hidden)) is not None:
            ax.axvline(hidden[0], color=palette.GREY, linewidth=1.2, linestyle=":", zorder=1)
