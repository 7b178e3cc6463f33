"""The data, and the probability that each model gives to every place of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from backprop.data.dataset import standardise
from backprop.models.baselines import BASELINES
from backprop.models.networks import unflatten
from backprop.network import stacked as network
from backprop.network.functions import Array, sigmoid
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording import value
from backprop.study.configurations import NETWORKS

POINTS = 70  # of the grid, along each axis
FIELD = LinearSegmentedColormap.from_list("field", ["#f6d9a0", "#ffffff", "#a6dcc8"])


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline."""
    headlines = study.headlines(study.fits)
    figure, axes = style.panels(len(headlines), 1.0, 2.8)
    x = study.data.x
    low, high = x[:, :2].min(axis=0), x[:, :2].max(axis=0)
    sides = np.linspace(low - 0.06 * (high - low), high + 0.06 * (high - low), POINTS, axis=1)
    plane = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    places = np.repeat(x.mean(axis=0)[np.newaxis], len(plane), axis=0)
    places[:, :2] = plane
    field: Any = None
    for (model, fits), ax in zip(headlines.items(), axes.flat, strict=False):
        known = fits[fits["status"] != "diverged"]
        p = _answers(study, model, places, known).reshape(POINTS, POINTS, -1)
        title = style.MODELS[model].name
        if model in NETWORKS:
            title += f" ({value('hidden', study.candidates[0].hidden)} hidden)"
        if len(known) < len(fits):
            title += f", {len(fits) - len(known)} fits diverged"
        ax.set_title(title)
        if len(known):
            field = ax.contourf(
                *sides, p.mean(axis=-1), np.linspace(0, 1, 11), cmap=FIELD, zorder=0
            )
            colour = style.MODELS[model].colour
            for fit in np.flatnonzero(known["repeat"] == 1):
                ax.contour(*sides, p[..., fit], [0.5], colors=colour, linewidths=0.9, alpha=0.6)
            ax.contour(*sides, p.mean(axis=-1), [0.5], colors=colour, linewidths=2.6)
        _students(study, ax)
        ax.grid(visible=False)
        ax.label_outer()
    style.hide(list(axes.flat)[len(headlines) :])
    for ax in style.lowest(axes):
        ax.set_xlabel(study.axis(0))
    for ax in axes[:, 0]:
        ax.set_ylabel(study.axis(1))
    if field is not None:
        bar = figure.colorbar(field, ax=axes, shrink=0.7, aspect=30, pad=0.02)
        bar.set_label(f"Probability of {study.classes[1]}, mean of all fits")
    handles = [
        style.symbol(
            study.classes[c], marker=style.CLASS_MARKERS[c], color=style.CLASSES[c], markersize=8,
            markeredgecolor="black",
        )
        for c in (1, 0)
    ]  # fmt: skip
    handles += [
        style.symbol("probability 0.5, mean", linestyle="-", linewidth=2.6),
        style.symbol(
            "probability 0.5, each fold of the first repeat", linestyle="-", linewidth=0.9
        ),
    ]
    style.legend(figure, handles)
    return figure


def _students(study: Study, ax: Axes) -> None:
    for c in (0, 1):
        rows = study.data.y == c
        ax.scatter(
            study.data.x[rows, 0], study.data.x[rows, 1], s=42, marker=style.CLASS_MARKERS[c],
            color=style.CLASSES[c], edgecolor="black", linewidth=0.7, zorder=3,
        )  # fmt: skip


def _answers(study: Study, model: str, places: Array, fits: Any) -> Array:
    """Return P(y = 1) at the places by every fit, shape (places, fits)."""
    every = np.concatenate([study.data.x, places])
    rows = len(study.data.x)
    inputs = [
        standardise(every, study.splits[key].train)[rows:]
        for key in zip(fits["repeat"], fits["fold"], strict=True)
    ]
    parameters = list(fits["parameters"])
    if model in NETWORKS:
        reference = study.candidates[0]
        x = np.stack(inputs, axis=-1)
        layers = unflatten(np.stack(parameters, axis=-1), x.shape[1], reference.hidden)
        return sigmoid(np, network.predict(layers, x, reference.activation)[:, 0])
    predict: Callable[[Array, Array], Array] = BASELINES[model].predict
    width = places.shape[1] + 1
    return np.stack(
        [
            predict(np.squeeze(p.reshape(-1, width)), x)
            for p, x in zip(parameters, inputs, strict=True)
        ],
        axis=-1,
    )
