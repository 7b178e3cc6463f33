"""Confusion counts of the plain k-fold cross-validation, the first repeat."""

import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel of four counts for each model's headline."""
    headlines = study.headlines(study.fits)
    figure, axes = style.canvas(3.5, ncols=max(len(headlines), 2), sharey=True)
    y = study.data.y
    for (model, fits), ax in zip(headlines.items(), axes, strict=False):
        first = study.predictions(fits)[0]
        known = np.isfinite(first)
        counts = np.zeros((2, 2), dtype=int)
        np.add.at(counts, (y[known], (first[known] >= 0.5).astype(int)), 1)
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        told = [f"{n}\n{s:.0%}" for n, s in zip(counts.flat, shares.flat, strict=True)]
        sns.heatmap(
            shares, ax=ax, vmin=0, vmax=1.15, annot=np.reshape(told, (2, 2)), fmt="", cbar=False,
            cmap=sns.light_palette(style.MODELS[model].colour, as_cmap=True), square=True,
            linewidths=2, annot_kws={"fontsize": 13}, xticklabels=_broken(study),
            yticklabels=_broken(study),
        )  # fmt: skip
        ax.set_title(study.named(model, fits[fits["repeat"] == 1]))
        ax.set_xlabel("Predicted class")
        ax.set_ylabel("True class (students)" if ax is axes[0] else "")
        ax.tick_params(length=0)
        ax.tick_params(axis="y", rotation=90)
    style.hide(axes[len(headlines) :])
    return figure


def _broken(study: Study) -> list[str]:
    return [name.replace(" ", "\n", 1) for name in study.classes]
