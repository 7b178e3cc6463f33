"""How the worthiest features act on the predictions: their mean, and rows one by one."""

import itertools
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from backprop.escaping import for_figure
from backprop.report.class_looks import class_colour
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.hyperparameter_series import evenly
from backprop.report.figures.labels import brief
from backprop.report.figures.study import Study
from backprop.report.wording.names import sentence_case
from backprop.statistics.partial_dependence import (
    Dependence,
    dependence_of,
    features_to_show,
    models_to_show,
)

MOST_CURVES = 40  # of single rows in a panel
THIN: dict[str, Any] = {"linewidth": 0.6, "alpha": 0.35}
LETTERS = 12  # of a category


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each feature and model: a row of panels for each model, if it has room."""
    every = {
        model: _computed(study, model) for model in models_to_show(study.results, study.registry)
    }
    pairs = [(model, own) for model, shown in every.items() for own in shown]
    if look.is_narrow():  # a row of panels for each feature
        pairs.sort(key=lambda pair: [own.feature for own in every[pair[0]]].index(pair[1].feature))
    figure, axes = look.panels(max(len(pairs), 1), sharex=False)
    for (model, own), ax in zip(pairs, axes.flat, strict=False):
        (_several if len(study.classes) > 2 else _of_class_1)(study, ax, own, model)
        labels.panel_title(ax, study.models.label(model), axes.shape[1])
        _name_axis(study, ax, own)
        ax.set(ylim=(-0.03, 1.03))
        look.percent(ax.yaxis)
    for ax in axes[:, 0]:
        ax.set_ylabel(
            "Predicted probability" if len(study.classes) > 2 else f"P({study.classes[1]})"
        )
    return markers.finish(figure, _legend(study))


@cache  # for both widths of the figure
def _computed(study: Study, model: str) -> list[Dependence]:
    features = features_to_show(study.results)
    return dependence_of(study.results, model, study.registry[model], features)


def _of_class_1(study: Study, ax: Axes, own: Dependence, model: str) -> None:
    """Draw the mean of all rows, and some rows one by one."""
    p, colour = own.p[..., 1], study.registry[model].colour
    rows = p[evenly(range(len(p)), MOST_CURVES)]
    if _categories(study, own):
        places = np.arange(len(own.values))
        ax.bar(places, p.mean(axis=0), color=colour, alpha=0.5, width=0.7)
        spread = np.linspace(-0.3, 0.3, len(rows))[:, np.newaxis]
        ax.plot((places + spread).ravel(), rows.ravel(), ".", color=palette.GREY, markersize=3)
    else:
        ax.plot(own.values, rows.T, color=palette.GREY, **THIN)
        ax.plot(own.values, p.mean(axis=0), color=colour, linewidth=2.6)


def _several(study: Study, ax: Axes, own: Dependence, model: str) -> None:
    """Draw the mean probability of each class."""
    for c, mean in enumerate(own.p.mean(axis=0).T):
        if _categories(study, own):
            width = 0.8 / own.p.shape[2]
            places = np.arange(len(mean)) + (c + 0.5) * width - 0.4
            ax.bar(places, mean, color=class_colour(c), width=width)
        else:
            ax.plot(own.values, mean, color=class_colour(c), linewidth=2)


def _categories(study: Study, own: Dependence) -> tuple[str, ...]:
    dataset = study.results.dataset
    return dataset.categories.get(dataset.features[own.feature], ())


def _name_axis(study: Study, ax: Axes, own: Dependence) -> None:
    name = study.results.dataset.features[own.feature].replace("_", " ")
    ax.set_xlabel(for_figure(brief(sentence_case(name), 32)))
    if names := _categories(study, own):
        texts = [for_figure(brief(names[int(value)], LETTERS)) for value in own.values]
        ax.set_xticks(range(len(texts)), texts, rotation=45 if len(texts) > 3 else 0)


def _legend(study: Study) -> list[Line2D]:
    if len(study.classes) > 2:
        return [
            markers.symbol(each, linestyle="-", linewidth=2, color=class_colour(c))
            for c, each in enumerate(itertools.islice(study.classes, markers.MOST_CLASSES))
        ]
    rows = f"single {study.noun}, by a fit that has not seen them"
    return [
        markers.symbol("mean", linestyle="-", linewidth=2.6),
        markers.symbol(rows, linestyle="-", linewidth=0.6),
    ]
