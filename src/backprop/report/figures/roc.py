"""ROC curves of the out-of-fold predictions."""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import labels, look, markers
from backprop.report.figures.study import Study
from backprop.typing import Array, Integers

Curve = tuple[Array, Array]  # the false and the true positive rates
RATES = np.linspace(0, 1, 201)  # the false positive rates at which curves are averaged


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline: its curves, and their mean."""
    models = study.headlines
    figure, axes = look.panels(len(models), 1.3, 2.65)
    several = len(study.classes) > 2
    predictions = {
        model: [p for p in study.predictions(fits) if np.isfinite(p).all()]
        for model, fits in models.items()
    }
    curves = {model: _curves(study.data.y, p) for model, p in predictions.items()}
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        ax.plot([0, 1], [0, 1], color=markers.GREY, linewidth=1, linestyle=":")
        (_classes if several else _repeats)(ax, curves[model], MODELS[model].colour)
        # No wider than this, it is below the diagonal.
        inches = 0.6 * look.PANELS * look.WIDTH / axes.shape[1]
        text = labels.broken(_areas(curves[model], study.classes), inches, 11)
        ax.text(
            0.97, 0.06, text, ha="right", fontsize=11, transform=ax.transAxes,
            bbox={"pad": 1, "linewidth": 0, "facecolor": "#ffffffdd"},
        )  # fmt: skip
        if model != BASELINE and curves[model] and curves.get(BASELINE):
            mean = _mean(itertools.chain(*curves[BASELINE]))
            ax.plot(RATES, mean, color=markers.BLACK, linewidth=1, linestyle=(0, (4, 3)))
        labels.panel_title(ax, study.label_with_failures(model, fits), axes.shape[1])
        ax.label_outer()
    look.hide(list(axes.flat)[len(models) :])
    negative, positive = ("the others", "the class") if several else study.classes
    across = f"Share of {negative}\ncalled {positive}"
    for ax in look.lowest(axes):
        ax.set_xlabel(labels.broken(across, look.PANELS * look.WIDTH / axes.shape[1], 11))
    for ax in look.leftmost(axes):
        ax.set_ylabel(f"Share of {positive}\ncalled {positive}")
    markers.legend(figure, _legend(study))
    if text := finding(study, curves):
        labels.head(figure, text)
    return figure


def finding(study: Study, curves: Mapping[str, list[list[Curve]]]) -> str:
    """Return the smallest and the largest of the mean areas under the curves of the models."""
    areas = {
        study.name(model): float(_areas_of(each).mean()) for model, each in curves.items() if each
    }
    if not areas:
        return ""
    return f"Mean area under the curve: {labels.extent(areas, '{:.3f}')}"


def _legend(study: Study) -> list[Line2D]:
    several = len(study.classes) > 2
    classes = markers.class_symbols(study.classes, marker="", linestyle="-") if several else []
    one = [] if several else [markers.symbol("one repeat", linestyle="-", linewidth=0.8)]
    mean = "mean of the classes" if several else "mean of the repeats"
    return [
        *classes,
        markers.symbol(mean, linestyle="-", linewidth=2.6),
        *one,
        markers.symbol(
            "logistic regression, mean", linestyle=(0, (4, 3)), linewidth=1, color=markers.BLACK
        ),
        markers.symbol("guessing", linestyle=":", linewidth=1),
    ]


def _curves(y: Integers, predictions: list[Array]) -> list[list[Curve]]:
    """Return the curves of each repeat: of class 1, or if there are more, of every class."""
    return [
        [
            roc_curve((y == c).astype(np.int64), p[:, c])
            for c in range(p.shape[1])
            if p.shape[1] > 2 or c == 1
        ]
        for p in predictions
    ]


def roc_curve(y: Integers, probabilities: Array) -> tuple[Array, Array]:
    """Return the false and the true positive rates at every threshold, the highest first.

    Parameters
    ----------
    y, probabilities : arrays, shape (n,)
        Classes, both present, and finite predictions of class 1.

    Returns
    -------
    arrays, shape (distinct probabilities + 1,)
        Both from 0 to 1.
    """
    order = np.argsort(-probabilities, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(probabilities[order])), len(y) - 1)  # of equal ones
    true = np.append(0, np.cumsum(y[order])[ends])
    false = np.append(0, ends + 1) - true
    return false / false[-1], true / true[-1]


def _mean(curves: Iterable[Curve]) -> Array:
    return np.mean([np.interp(RATES, false, true) for false, true in curves], axis=0)


def _repeats(ax: Axes, curves: list[list[Curve]], colour: str) -> None:
    """Draw the curve of each repeat, and their mean."""
    if curves:
        for ((false, true),) in curves:
            ax.plot(false, true, color=colour, linewidth=0.8, alpha=0.35)
        ax.plot(RATES, _mean(itertools.chain(*curves)), color=colour, linewidth=2.6)


def _classes(ax: Axes, curves: list[list[Curve]], colour: str) -> None:
    """Draw the mean curve of each class, and the mean of the classes."""
    if curves:
        for c, of_class in enumerate(zip(*curves, strict=True)):
            ax.plot(RATES, _mean(of_class), color=markers.class_colour(c), linewidth=1.2)
        ax.plot(RATES, _mean(itertools.chain(*curves)), color=colour, linewidth=2.6, alpha=0.8)


def _areas_of(curves: list[list[Curve]]) -> Array:
    """Return the areas under the curves, shape (repeats, curves of a repeat)."""
    return np.array([[np.trapezoid(true, false) for false, true in repeat] for repeat in curves])


def _areas(curves: list[list[Curve]], classes: Sequence[str]) -> str:
    """Return the mean area under the curves, over the repeats, with the smallest and largest.

    Of several classes, it is their mean, and the class with the smallest area is named.
    """
    if not curves:
        return "no complete repeat"
    areas = _areas_of(curves)
    means, of_classes = areas.mean(axis=1), areas.mean(axis=0)
    lowest = of_classes.argmin()
    text = f"area {means.mean():.3f}\n({means.min():.3f} to {means.max():.3f})"
    return (
        text
        if len(of_classes) == 1
        else f"{classes[lowest]} {of_classes[lowest]:.3f},\nmean {text}"
    )
