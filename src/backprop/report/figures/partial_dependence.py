"""How the probability of a class changes with the worthiest features, also for single rows."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.escaping import for_figure
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.hyperparameter_series import evenly
from backprop.report.figures.study import MOST_TICKS, Study
from backprop.statistics.partial_dependence import (
    Varied,
    class_that_moves,
    curves_of,
    models_of,
    varied_features,
)
from backprop.typing import Array

MOST_CURVES = 60  # of single rows
NAMES = 0.68  # of the width, the names of the features side by side


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each of the worthiest features and each model."""
    varied, curves = _curves(study)
    if not curves:
        return labels.note("There are few features, or it is not known what they are worth")
    c = class_that_moves(next(iter(curves.values())))
    shape = len(curves), len(varied)
    rows, columns = shape[::-1] if look.is_narrow() else shape
    share = "row" if look.is_narrow() else "col"
    figure, axes = look.grid(rows, columns, sharex=share, sharey=True)
    by_model = axes.T if look.is_narrow() else axes
    for (model, own), line in zip(curves.items(), by_model, strict=True):
        for each, block, ax in zip(varied, own, line, strict=True):
            _panel(study, ax, each, block[..., c], study.registry[model].colour)
            ax.set(ylim=(-0.03, 1.03), yticks=np.linspace(0, 1, 6))
            if look.is_narrow() or ax in by_model[-1]:
                _name(study, ax, each, columns)
        for ax in line if look.is_narrow() else line[:1]:
            if not look.is_narrow() or ax is line[0]:
                labels.panel_title(ax, study.models.label(model), columns)
    for ax in axes[:, 0]:
        ax.set_ylabel(f"Probability of\n{study.classes[c]}")
        look.percent(ax.yaxis)
    handles = [
        markers.symbol(f"mean of all {study.noun}", linestyle="-", linewidth=2.6),
        markers.symbol(f"one {study.results.row}", linestyle="-", linewidth=0.7),
    ]
    count = len(next(iter(curves.values()))[0])
    drawn = markers.share_drawn(min(count, MOST_CURVES), len(study.dataset.y), study.noun)
    return markers.finish(figure, [*handles, *drawn])


@cache  # for both widths of the figure
def _curves(study: Study) -> tuple[list[Varied], dict[str, list[Array]]]:
    """Return what is varied, and the curves of each model that has any."""
    results, varied = study.results, varied_features(study.results)
    curves = {
        model: curves_of(results, study.registry[model], results.headlines[model], varied)
        for model in (models_of(results, study.registry) if varied else ())
    }
    return varied, {model: own for model, own in curves.items() if len(own[0])}


def _panel(study: Study, ax: Axes, varied: Varied, curves: Array, colour: str) -> None:
    """Draw the curves of some rows, and the mean of all; of categories, points and bars."""
    drawn, mean = curves[evenly(range(len(curves)), MOST_CURVES)], curves.mean(axis=0)
    if varied.is_category:
        places = np.arange(len(mean))
        spread = np.random.default_rng(0).uniform(-0.3, 0.3, len(drawn))
        across = places[:, np.newaxis] + spread
        ax.bar(places, mean, 0.8, color=palette.tint(colour, 0.3), edgecolor=colour, linewidth=1.8)
        ax.plot(across, drawn.T, ".", color=colour, markersize=3, alpha=0.5)
        return
    x = study.drawn_values(varied.columns[0], varied.values[:, 0])
    ax.plot(x, drawn.T, color=colour, linewidth=0.7, alpha=0.3)
    ax.plot(x, mean, color=colour, linewidth=2.6, marker="|", markersize=7)


def _name(study: Study, ax: Axes, varied: Varied, columns: int) -> None:
    """Name the feature below a panel, and its categories."""
    place, *others = varied.columns
    name = study.axis_label(place)
    if others:
        name += f", with {len(others)} more"
    ax.set_xlabel(labels.broken(name, NAMES * look.width() / columns, 11))
    ax.tick_params(labelbottom=True)
    if varied.is_category:
        categories = study.dataset.categories[study.dataset.features[place]]
        names = [categories[int(value)] for value in varied.values[:, 0]]
        places = evenly(range(len(names)), MOST_TICKS)
        texts = [for_figure(labels.brief(names[p], 14)) for p in places]
        ax.set_xticks(places, texts, rotation=30, ha="right", rotation_mode="anchor")
        ax.grid(visible=False, axis="x")
    else:
        ax.locator_params(axis="x", nbins=3, steps=[1, 2, 5, 10])
