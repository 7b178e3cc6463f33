"""ROC curves of the out-of-fold predictions."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import style
from backprop.report.figures.study import Study, label_with_failures
from backprop.typing import Array, Integers

RATES = np.linspace(0, 1, 201)  # the false positive rates at which curves are averaged


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline: a curve for each repeat, and their mean."""
    models = study.headlines
    figure, axes = style.panels(len(models), 0.9, 2.85)
    curves = {
        model: [
            roc_curve(study.data.y, probabilities)
            for probabilities in study.predictions(fits)[..., 1]
            if np.isfinite(probabilities).all()
        ]
        for model, fits in models.items()
    }
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        ax.plot([0, 1], [0, 1], color=style.GREY, linewidth=1, linestyle=":")
        _model(ax, model, curves[model])
        if model != BASELINE and curves[model] and curves.get(BASELINE):
            mean = _mean(curves[BASELINE])
            ax.plot(RATES, mean, color=style.BLACK, linewidth=1, linestyle=(0, (4, 3)))
        ax.set_title(label_with_failures(model, fits))
        ax.label_outer()
    style.hide(list(axes.flat)[len(models) :])
    for ax in style.lowest(axes):
        ax.set_xlabel(f"Share of {study.classes[0]}\ncalled {study.classes[1]}")
    for ax in axes[:, 0]:
        ax.set_ylabel(f"Share of {study.classes[1]}\ncalled {study.classes[1]}")
    handles = [
        style.symbol("mean of the repeats", linestyle="-", linewidth=2.6),
        style.symbol("one repeat", linestyle="-", linewidth=0.8),
        style.symbol("logistic, mean", linestyle=(0, (4, 3)), linewidth=1, color=style.BLACK),
        style.symbol("guessing", linestyle=":", linewidth=1),
    ]
    style.legend(figure, handles)
    return figure


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


def _mean(curves: list[tuple[Array, Array]]) -> Array:
    return np.mean([np.interp(RATES, false, true) for false, true in curves], axis=0)


def _model(ax: Axes, model: str, curves: list[tuple[Array, Array]]) -> None:
    colour = MODELS[model].colour
    text = "diverged in every repeat"
    if curves:
        for false, true in curves:
            ax.plot(false, true, color=colour, linewidth=0.8, alpha=0.35)
        ax.plot(RATES, _mean(curves), color=colour, linewidth=2.6)
        areas = [np.trapezoid(true, false) for false, true in curves]
        text = f"area {np.mean(areas):.3f}\n({min(areas):.3f} to {max(areas):.3f})"
    ax.text(0.97, 0.06, text, ha="right", fontsize=11, transform=ax.transAxes)
