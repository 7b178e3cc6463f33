"""Accuracy by two hyperparameters at once: shows whether one changes what another does."""

from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.plots import style
from backprop.plots.study import Study, heading, value


def draw(study: Study, variant: str) -> Figure:
    """Draw a heat map for each network: the mean over all other hyperparameters."""
    one, other = variant.split("-")
    values = {
        key: list(dict.fromkeys(getattr(c, key) for c in study.candidates)) for key in (one, other)
    }
    for key, found in values.items():
        if key == "hidden":
            found.sort(key=lambda nodes: (len(nodes), nodes))
        elif key == "learning_rate":
            found.sort()
    models = study.networks(study.scores)
    figure, axes = style.canvas(
        max(3.2, 1.4 + 0.75 * len(values[other])), ncols=len(models), sharey=True, squeeze=False
    )
    maps = [_means(study, model, one, other, values) for model in models]
    low = min(np.nanmin(mean) for mean, _ in maps)
    high = max(np.nanmax(mean) for mean, _ in maps)
    for model, (mean, told), ax in zip(models, maps, axes[0], strict=True):
        _panel(ax, mean, told, low, high)
        ax.set_xticklabels([value(one, v).replace(" ", "\n") for v in values[one]], rotation=0)
        ax.set_title(style.MODELS[model].name)
        ax.set_xlabel(heading(one))
    axes[0, 0].set_yticklabels(
        [value(other, v).replace(" ", "\n") for v in values[other]], rotation=0
    )
    axes[0, 0].set_ylabel(heading(other))
    bar = figure.colorbar(axes[0, 0].collections[0], ax=axes, shrink=0.9)
    bar.set_label("Mean accuracy (%)")
    return figure


def _means(
    study: Study, model: str, one: str, other: str, values: dict[str, list[Any]]
) -> tuple[Any, Any]:
    scores = study.scores[study.scores["model"] == model]
    mean = np.full((len(values[other]), len(values[one])), np.nan)
    told = np.full(mean.shape, "", dtype=object)
    for i, v in enumerate(values[other]):
        for j, w in enumerate(values[one]):
            names = [
                c.name for c in study.candidates if getattr(c, other) == v and getattr(c, one) == w
            ]
            cell = scores[scores["configuration"].isin(names)]
            mean[i, j] = 100 * cell["accuracy"].mean()
            failed = cell["status"].isin(["dead", "diverged"]).mean()
            told[i, j] = f"{mean[i, j]:.0f}" + (f"\n{failed:.0%}†" if failed else "")
    return mean, told


def _panel(ax: Axes, mean: Any, told: Any, low: float, high: float) -> None:
    sns.heatmap(
        mean, ax=ax, vmin=low, vmax=high, annot=told, fmt="", cmap="cividis", cbar=False,
        linewidths=1, annot_kws={"fontsize": 10},
    )  # fmt: skip
