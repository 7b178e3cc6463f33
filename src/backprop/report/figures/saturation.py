"""How steep the sigmoids are at the start, by the width of the hidden layer."""

import dataclasses

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.data.dataset import standardise
from backprop.models.networks import starting_layers
from backprop.network.functions import ACTIVATIONS, INITIALISATIONS, sigmoid_prime
from backprop.network.stacked import forward
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording import value
from backprop.study.configurations import Configuration

WIDTHS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
SPLITS = 10  # so many starts are averaged


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each initialisation: slopes by width, and the widths that were trained."""
    figure, axes = style.canvas(4.6, ncols=len(INITIALISATIONS), sharey=True)
    reference = study.candidates[0]
    for initialisation, ax in zip(INITIALISATIONS, axes, strict=True):
        like = dataclasses.replace(reference, initialisation=initialisation)
        slopes = np.array([_slopes(study, dataclasses.replace(like, hidden=(w,))) for w in WIDTHS])
        ax.plot(WIDTHS, slopes[:, 0], color=style.SKY, marker="s", markersize=5)
        ax.plot(WIDTHS, slopes[:, 1], color=style.BLACK, marker="o", markersize=5)
        ax.set_xscale("log")
        ax.set_yscale("log")
        style.plain(ax.xaxis)
        ax.set_title(f"{value('initialisation', initialisation)} start")
        ax.set_xlabel("Nodes of the one hidden layer (logarithmic)")
        _trained(study, ax, like)
    axes[0].set_ylabel("Mean slope at the start (logarithmic)")
    handles = [
        style.symbol(
            f"hidden nodes ({value('activation', reference.activation)})",
            color=style.SKY, marker="s", linestyle="-",
        ),
        style.symbol("output (sigmoid)", color=style.BLACK, marker="o", linestyle="-"),
        style.symbol("trained width, its dead fits", linestyle=":", linewidth=1.2),
    ]  # fmt: skip
    style.legend(figure, handles)
    return figure


def _slopes(study: Study, configuration: Configuration) -> tuple[float, float]:
    """Return the mean derivative of the hidden nodes, and that of the output, before training."""
    hidden, output = [], []
    for split in list(study.splits.values())[:SPLITS]:
        x = standardise(study.data.x, split.train)[split.train].T
        n = x.shape[1]  # a stack of n networks, one and the same, each with its own sample
        layers = [
            (np.repeat(w[..., np.newaxis], n, -1), np.repeat(b[..., np.newaxis], n, -1))
            for w, b in starting_layers(configuration, len(x), study.seed, split)
        ]
        sums, outputs = forward(layers, x, configuration.activation)
        hidden.append(ACTIVATIONS[configuration.activation].derivative(sums[0], outputs[1]).mean())
        output.append(sigmoid_prime(outputs[2]).mean())
    return float(np.mean(hidden)), float(np.mean(output))


def _trained(study: Study, ax: Axes, like: Configuration) -> None:
    """Mark the widths that were trained from such a start, and how many of their fits are dead."""
    table = study.configurations
    for c in study.candidates:
        if len(c.hidden) == 1 and c == dataclasses.replace(like, hidden=c.hidden):
            rows = table[table["configuration"] == c.name]
            ax.axvline(c.hidden[0], color=style.GREY, linewidth=1.2, linestyle=":", zorder=1)
            ax.annotate(
                f"{rows['dead'].iloc[0]} of {rows['fits'].iloc[0]}", (c.hidden[0], 0.02),
                (-3, 0), xycoords=("data", "axes fraction"), textcoords="offset points",
                rotation=90, ha="right", va="bottom", fontsize=10, color=style.GREY,
            )  # fmt: skip
