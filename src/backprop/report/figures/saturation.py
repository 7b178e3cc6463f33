"""How steep the sigmoids are at the start, by the width of the hidden layer."""

import dataclasses

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.data.encoding import Encoder
from backprop.models.networks import starting_layers
from backprop.network.functions import (
    ACTIVATIONS,
    INITIALISATIONS,
    Cost,
    cost_of,
    sigmoid_prime,
)
from backprop.network.parameters import output_nodes
from backprop.network.stacked import forward
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording.names import value
from backprop.study.configurations import Configuration
from backprop.study.splits import Split

WIDTHS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
SPLITS = 10  # the slopes are means over this number of splits


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each initialisation: slopes by width, and the widths that were trained."""
    figure, axes = style.canvas(4.6, ncols=len(INITIALISATIONS), sharey=True)
    for initialisation, ax in zip(INITIALISATIONS, axes, strict=True):
        configuration = dataclasses.replace(study.reference, initialisation=initialisation)
        _lines(study, ax, configuration)
        _trained_widths(study, ax, configuration)
        ax.set_title(f"{value('initialisation', initialisation)} start")
        ax.set_xlabel("Nodes of the one hidden layer (logarithmic)")
    axes[0].set_ylabel("Mean slope at the start (logarithmic)")
    hidden = f"hidden nodes ({value('activation', study.reference.activation)})"
    handles = [
        style.symbol(hidden, color=style.SKY, marker="s", linestyle="-"),
        style.symbol(
            f"output ({_cost(study).output})", color=style.BLACK, marker="o", linestyle="-"
        ),
        style.symbol("trained width, its unlearned fits", linestyle=":", linewidth=1.2),
    ]
    style.legend(figure, handles)
    return figure


def _lines(study: Study, ax: Axes, configuration: Configuration) -> None:
    """Draw the mean slopes of a configuration with other widths."""
    slopes = [_slopes(study, dataclasses.replace(configuration, hidden=(w,))) for w in WIDTHS]
    hidden, output = zip(*slopes, strict=True)
    ax.plot(WIDTHS, hidden, color=style.SKY, marker="s", markersize=5)
    ax.plot(WIDTHS, output, color=style.BLACK, marker="o", markersize=5)
    ax.set_xscale("log")
    ax.set_yscale("log")
    style.plain_numbers(ax.xaxis)


def _slopes(study: Study, configuration: Configuration) -> tuple[float, float]:
    """Return the mean slope of the hidden nodes, and that of the output, before training."""
    splits = list(study.splits.values())[:SPLITS]
    hidden, output = zip(*(_slopes_of_split(study, configuration, s) for s in splits), strict=True)
    return float(np.mean(hidden)), float(np.mean(output))


def _slopes_of_split(
    study: Study, configuration: Configuration, split: Split
) -> tuple[float, float]:
    """Return the slopes at the start of one split, each a mean over nodes and training rows."""
    x = Encoder.of(study.data, split.train).apply(study.data.x[split.train])
    nodes = output_nodes(len(study.data.classes))
    layers = [
        (weights[..., np.newaxis], thresholds[..., np.newaxis])
        for weights, thresholds in starting_layers(
            configuration, x.shape[1], study.seed, split, nodes
        )
    ]
    output = _cost(study).output
    sums, outputs = forward(layers, x[..., np.newaxis], configuration.activation, output=output)
    hidden = ACTIVATIONS[configuration.activation].derivative(sums[0], outputs[1])
    # A softmax has the same derivative as a sigmoid: yhat (1 - yhat), of a node by its own sum.
    return float(hidden.mean()), float(sigmoid_prime(outputs[2]).mean())


def _cost(study: Study) -> Cost:
    return cost_of(study.reference.cost, output_nodes(len(study.data.classes)))


def _trained_widths(study: Study, ax: Axes, configuration: Configuration) -> None:
    """Mark the widths that were trained from this initialisation; count their unlearned fits."""
    table = study.summaries
    for width in dict.fromkeys(c.hidden for c in study.configurations if len(c.hidden) == 1):
        name = dataclasses.replace(configuration, hidden=width).name
        if name not in study.by_name:
            continue
        row = table[table["configuration"] == name].iloc[0]  # of the first network
        ax.axvline(width[0], color=style.GREY, linewidth=1.2, linestyle=":", zorder=1)
        ax.annotate(
            f"{row['unlearned']} of {row['fits']}", (width[0], 0.02),
            (-3, 0), xycoords=("data", "axes fraction"), textcoords="offset points",
            rotation=90, ha="right", va="bottom", fontsize=10, color=style.GREY,
        )  # fmt: skip
