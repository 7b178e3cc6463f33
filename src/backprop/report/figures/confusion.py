"""Confusion counts of the plain k-fold cross-validation, the first repeat."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from backprop.models.registry import MODELS
from backprop.report.figures import style
from backprop.report.figures.study import Study, label_with_failures
from backprop.typing import Array, Integers

LIGHT = "#eeeeee"  # the colour of a share of 0
TOP = 1.15  # the share that would have the full colour of the model
LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue are to the eye


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel of four counts for each model's headline."""
    models = study.headlines
    figure, axes = style.canvas(3.5, ncols=max(len(models), 2), sharey=True)
    names = [name.replace(" ", "\n", 1) for name in study.classes]
    for (model, fits), ax in zip(models.items(), axes, strict=False):
        _counts(ax, model, confusion_counts(study.data.y, study.predictions(fits)[..., 1][0]))
        ax.set_title(label_with_failures(model, fits[fits["repeat"] == 1]))
        ax.set_xticks([0, 1], names)
        ax.set_yticks([0, 1], names, rotation=90, va="center")
        ax.set_xlabel("Predicted class")
        ax.label_outer(remove_inner_ticks=True)
    axes[0].set_ylabel("True class (students)")
    style.hide(axes[len(models) :])
    return figure


def confusion_counts(y: Integers, probabilities: Array) -> Integers:
    """Count the rows of each true class (axis 0) and predicted class (axis 1); NaN is left out."""
    known = np.isfinite(probabilities)
    counts = np.zeros((2, 2), dtype=np.int64)
    np.add.at(counts, (y[known], (probabilities[known] >= 0.5).astype(int)), 1)
    return counts


def _counts(ax: Axes, model: str, counts: Integers) -> None:
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    colours = LinearSegmentedColormap.from_list(model, [LIGHT, MODELS[model].colour])
    ax.pcolormesh(
        [-0.5, 0.5, 1.5], [-0.5, 0.5, 1.5], shares, cmap=colours, vmin=0, vmax=TOP,
        edgecolor="white", linewidth=2,
    )  # fmt: skip
    for (row, column), count in np.ndenumerate(counts):
        share = shares[row, column]
        brightness = np.dot(colours(share / TOP)[:3], LUMA)
        ax.text(
            column, row, f"{count}\n{share:.0%}", ha="center", va="center", fontsize=13,
            color="#262626" if brightness > 0.64 else "white",
        )  # fmt: skip
    ax.set_aspect("equal")
    ax.set_ylim(1.5, -0.5)
    ax.grid(visible=False)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
