"""The data, and the probability that each model predicts everywhere in their plane."""

from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from backprop.data.encoding import Encoder
from backprop.models.networks import predict as predict_network
from backprop.models.registry import MODELS, is_network
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording import value
from backprop.typing import Array

POINTS = 70  # of the grid, along each axis
LEVELS = np.linspace(0, 1, 11)  # of the probability
FIELD = LinearSegmentedColormap.from_list("field", ["#f6d9a0", "#ffffff", "#a6dcc8"])


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline."""
    models = study.headlines
    figure, axes = style.panels(len(models), 1.0, 2.8)
    sides = _sides(study.data.x[:, :2])
    field: Any = None
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        finite_fits = fits[fits["status"] != "diverged"]
        if len(finite_fits):
            field = _probabilities(study, ax, model, finite_fits, sides)
        _students(study, ax)
        ax.set_title(_title(study, model, len(fits) - len(finite_fits)))
        ax.grid(visible=False)
        ax.label_outer()
    style.hide(list(axes.flat)[len(models) :])
    for ax in style.lowest(axes):
        ax.set_xlabel(study.axis(0))
    for ax in axes[:, 0]:
        ax.set_ylabel(study.axis(1))
    if field is not None:
        bar = figure.colorbar(field, ax=axes, shrink=0.7, aspect=30, pad=0.02)
        bar.set_label(f"Probability of {study.classes[1]}, mean of all fits")
    every_fold = "probability 0.5, each fold of the first repeat"
    handles = [
        *style.class_symbols(study.classes),
        style.symbol("probability 0.5, mean", linestyle="-", linewidth=2.6),
        style.symbol(every_fold, linestyle="-", linewidth=0.9),
    ]
    style.legend(figure, handles)
    return figure


def _sides(x: Array) -> Array:
    """Return the grid's coordinates along each of the two axes, shape (2, POINTS)."""
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.06 * (high - low)
    return np.linspace(low - margin, high + margin, POINTS, axis=1)


def _title(study: Study, model: str, diverged: int) -> str:
    title = MODELS[model].label
    if is_network(model):
        title += f" ({value('hidden', study.reference.hidden)} hidden)"
    return title + (f", {diverged} fits diverged" if diverged else "")


def _probabilities(study: Study, ax: Axes, model: str, fits: pd.DataFrame, sides: Array) -> Any:
    """Draw a model's mean probability and its boundaries; return what the colour bar shows."""
    p = predict(study, model, fits, _places(study.data.x, sides)).reshape(POINTS, POINTS, -1)
    mean, colour = p.mean(axis=-1), MODELS[model].colour
    field = ax.contourf(*sides, mean, LEVELS, cmap=FIELD, zorder=0)
    for fit in np.flatnonzero(fits["repeat"] == 1):
        ax.contour(*sides, p[..., fit], [0.5], colors=colour, linewidths=0.9, alpha=0.6)
    ax.contour(*sides, mean, [0.5], colors=colour, linewidths=2.6)
    return field


def _places(x: Array, sides: Array) -> Array:
    """Return the grid's places, shape (POINTS**2, d), with all other features at their means."""
    plane = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    places = np.repeat(x.mean(axis=0)[np.newaxis], len(plane), axis=0)
    places[:, :2] = plane
    return places


def _students(study: Study, ax: Axes) -> None:
    for c in (0, 1):
        rows = study.data.y == c
        ax.scatter(
            study.data.x[rows, 0], study.data.x[rows, 1], s=42, marker=style.CLASS_MARKERS[c],
            color=style.CLASSES[c], edgecolor="black", linewidth=0.7, zorder=3,
        )  # fmt: skip


def predict(study: Study, model: str, fits: pd.DataFrame, places: Array) -> Array:
    """Return P(y = 1) in some places by each fit.

    Parameters
    ----------
    study : Study
    model : str
    fits : DataFrame
        The fits of the model's headline, none diverged.
    places : array, shape (m, d)
        In the units of the data.

    Returns
    -------
    array, shape (m, fits)
    """
    inputs = [
        Encoder.of(study.data, study.splits[key].train).apply(places)
        for key in zip(fits["repeat"], fits["fold"], strict=True)
    ]
    parameters = list(fits["parameters"])
    if is_network(model):
        return predict_network(
            study.reference, np.stack(parameters, axis=-1), np.stack(inputs, axis=-1)
        )
    baseline = import_module(MODELS[model].module)
    predictions = [baseline.predict(p, x) for p, x in zip(parameters, inputs, strict=True)]
    return np.stack(predictions, axis=-1)
