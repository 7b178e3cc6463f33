"""Accuracy by two hyperparameters at once: shows whether one changes what another does."""

from typing import Any

import numpy as np
import seaborn as sns
from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording import heading, value

TOLD = 120  # cells, at most, that numbers fit into
NAMED = 24  # values that there is room to name


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
    names = {key: [value(key, v).replace(" ", "\n") for v in values[key]] for key in values}
    few = maps[0][0].size * len(models) <= TOLD
    for model, (mean, told), ax in zip(models, maps, axes[0], strict=True):
        sns.heatmap(
            mean, ax=ax, vmin=low, vmax=high, fmt="", cmap="cividis", cbar=False,
            linewidths=1 if few else 0, annot=told if few else None, annot_kws={"fontsize": 10},
            xticklabels=_thin(names[one], NAMED // len(models)),
            yticklabels=_thin(names[other], NAMED),
        )  # fmt: skip
        ax.tick_params(labelrotation=0)
        ax.set_title(style.MODELS[model].name)
        ax.set_xlabel(heading(one))
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
    places = {
        c.name: (values[other].index(getattr(c, other)), values[one].index(getattr(c, one)))
        for c in study.candidates
    }
    for (i, j), cell in scores.groupby(scores["configuration"].map(places)):
        mean[i, j] = 100 * cell["accuracy"].mean()
        failed = cell["status"].isin(["dead", "diverged"]).mean()
        told[i, j] = f"{mean[i, j]:.0f}" + (f"\n{failed:.0%}†" if failed else "")
    return mean, told


def _thin(names: list[str], room: int) -> list[str]:
    """Leave blank all names but every so many, as far as there is room."""
    step = -(-len(names) // room)
    return [name if place % step == 0 else "" for place, name in enumerate(names)]
