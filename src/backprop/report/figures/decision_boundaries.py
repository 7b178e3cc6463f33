"""The data, and what each model predicts everywhere in the plane in which they are drawn."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from backprop.models.families import ELSEWHERE
from backprop.models.registry import is_network
from backprop.report.class_looks import class_colour
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.study import Study
from backprop.report.wording.names import named_value
from backprop.statistics.criteria import is_unscored
from backprop.statistics.evaluated_fits import predict_by
from backprop.study.splits import Split
from backprop.typing import Array, Integers

POINTS = 70  # of the grid, along each axis
LEVELS = np.linspace(0, 1, 11)  # of the probability
FIELD = LinearSegmentedColormap.from_list(
    "field", [palette.tint(class_colour(0), 0.4), "white", palette.tint(class_colour(1), 0.4)]
)
LEADS = (0.0, 0.25, 0.5, 0.75, 1.01)  # of the most probable class over the second


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline."""
    headlines, registry = study.results.headlines, study.registry
    # What a model that was trained elsewhere predicts for other places is not known.
    models = {m: f for m, f in headlines.items() if registry[m].family is not ELSEWHERE}
    figure, axes = look.panels(len(models))
    grid = _grid(study)
    field: Any = None
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        p, first = _predicted(study, model)
        if len(p):
            draw_model = _curves if len(grid) == 1 else _field if p.shape[1] == 2 else _regions
            field = draw_model(ax, grid, p, first, registry[model].colour) or field
        _rows(study, ax)
        title = study.models.label(model)
        if is_network(model):
            title += f", {named_value('hidden', study.configurations[0].hidden)}"
        failed = fits["status"][is_unscored(fits["status"])]
        title += f", {len(failed)} fits {failed.iloc[0]}" if len(failed) else ""
        labels.panel_title(ax, title, axes.shape[1])
        ax.grid(visible=False)
        if len(grid) == 1:
            ax.set_yticks(np.linspace(0, 1, 6))
    study.name_axes(axes, "Probability")
    if field is not None:
        side = "bottom" if look.is_narrow() else "right"
        bar = figure.colorbar(field, ax=axes, location=side, shrink=0.7, aspect=30, pad=0.02)
        bar.set_label(f"Probability of {study.classes[1]}, mean of all fits")
    return markers.finish(figure, _legend(study, len(grid)))


@cache  # for both widths of the figure
def _predicted(study: Study, model: str) -> tuple[Array, Integers]:
    """Return what the finite fits of a model predict on the grid, and which are of repeat 1."""
    fits = study.results.headlines[model]
    finite_fits = fits[~is_unscored(fits["status"])]
    if not len(finite_fits):
        return np.empty(0), np.empty(0, dtype=np.int64)
    grid = _grid(study)
    places = np.stack(np.meshgrid(*grid), axis=-1).reshape(-1, len(grid))
    p = predict(study, model, finite_fits, places)
    return p, np.flatnonzero(finite_fits["repeat"] == 1)


def _legend(study: Study, dimensions: int) -> list[Line2D]:
    lines = ("probability 0.5, mean", "probability 0.5, each fold of the first repeat")
    if dimensions == 1:
        which = "" if len(study.classes) > 2 else f" of {study.classes[1]}"
        lines = (f"probability{which}, mean", "each fold of the first repeat")
    elif len(study.classes) > 2:
        lines = ("border of classes, mean", "border, each fold of the first repeat")
    return [
        *markers.class_symbols(study.classes),
        markers.symbol(lines[0], linestyle="-", linewidth=2.6),
        markers.symbol(lines[1], linestyle="-", linewidth=0.9),
        *markers.share_drawn(len(study.drawn_rows), len(study.dataset.y), study.noun),
        *_held(study),
    ]


def _held(study: Study) -> list[Line2D]:
    """Return the note on the features that are no axis, if there are any."""
    others = len(study.dataset.features) - len(study.plane.features)
    if not others:
        return []
    rest = "feature is" if others == 1 else f"{others:,} features are each"
    text = f"Axes: the features by which classes differ most. The other {rest} at"
    return [markers.Note(f"{text}\nthe median or the commonest category.")]


def _grid(study: Study) -> Array:
    """Return the grid's coordinates along each of the k axes, shape (k, POINTS)."""
    return np.linspace(*study.plane.ranges(), POINTS, axis=1)


def _field(ax: Axes, grid: Array, p: Array, first: Integers, colour: str) -> object:
    """Draw the mean probability of class 1 and its boundaries; return what the bar shows."""
    of_class_1 = p[:, 1].reshape(POINTS, POINTS, -1)
    mean = of_class_1.mean(axis=-1)
    field = ax.contourf(*grid, mean, LEVELS, cmap=FIELD, zorder=0)
    for fit in first:
        ax.contour(*grid, of_class_1[..., fit], [0.5], colors=colour, linewidths=0.9, alpha=0.6)
    ax.contour(*grid, mean, [0.5], colors=colour, linewidths=2.6)
    return field


def _regions(ax: Axes, grid: Array, p: Array, first: Integers, colour: str) -> None:
    """Draw the region of each class, darker where it is farther ahead, and the borders."""
    lead = leads(p.mean(axis=-1)).reshape(POINTS, POINTS, -1)
    leads_of_fits = [leads(p[..., fit]).reshape(POINTS, POINTS, -1) for fit in first]
    for c in range(p.shape[1]):
        if (lead[..., c] > 0).any():
            tint = LinearSegmentedColormap.from_list("tint", ["white", class_colour(c)])
            tints = tint(np.linspace(0.12, 0.5, len(LEADS) - 1))
            ax.contourf(*grid, lead[..., c], LEADS, colors=tints, zorder=0)
    for line, width, alpha in [*((each, 0.9, 0.6) for each in leads_of_fits), (lead, 2.6, 1.0)]:
        for c in range(p.shape[1]):
            if line[..., c].min() < 0 < line[..., c].max():
                ax.contour(*grid, line[..., c], [0.0], colors=colour, linewidths=width, alpha=alpha)


def leads(p: Array) -> Array:
    """Return how far each class is ahead of the best of the others.

    Parameters
    ----------
    p : array, shape (m, C)
        Probabilities.

    Returns
    -------
    array, shape (m, C)
        Above 0 for the most probable class alone.
    """
    second, highest = np.sort(p, axis=1)[:, -2:].T[..., np.newaxis]
    return np.where(p == highest, p - second, p - highest)


def _curves(ax: Axes, grid: Array, p: Array, first: Integers, colour: str) -> None:
    """Draw the probability of class 1, or of every class if there are more, by the feature."""
    two = p.shape[1] == 2
    for c in [1] if two else range(p.shape[1]):
        own = colour if two else class_colour(c)
        for fit in first:
            ax.plot(grid[0], p[:, c, fit], color=own, linewidth=0.9, alpha=0.6)
        ax.plot(grid[0], p[:, c].mean(axis=-1), color=own, linewidth=2.6)


def _rows(study: Study, ax: Axes) -> None:
    """Draw the rows; with one axis, each class has a line of its own below the probabilities."""
    points, y = study.plane.points, study.dataset.y
    if points.shape[1] == 1:
        points = np.column_stack([points, -min(0.07, 0.4 / len(study.classes)) * (y + 1)])
    markers.draw_rows(ax, points, y, study.drawn_rows, 42)


def predict(study: Study, model: str, fits: pd.DataFrame, places: Array) -> Array:
    """Return the probabilities of the classes in some places by each fit.

    Parameters
    ----------
    study : Study
    model : str
    fits : DataFrame
        The fits of the model's headline, none diverged.
    places : array, shape (m, k)
        On the axes of the study's plane.

    Returns
    -------
    array, shape (m, C, fits)
    """

    def inputs(split: Split) -> Array:
        return study.plane.inputs(places, split.train)

    return predict_by(study.results, study.registry[model], fits, inputs).probabilities
