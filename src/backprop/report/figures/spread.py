"""How much accuracy varies between the folds of a repeat, and between repeats."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import MODELS
from backprop.report.figures import style
from backprop.report.figures.study import Study


def draw(study: Study, variant: str) -> Figure:
    """Draw two standard deviations for each configuration."""
    lines, count = study.lines(study.scores)
    figure, ax = style.canvas(1.5 + 0.34 * len(lines))
    for y, line in enumerate(lines):
        shift = style.offsets([model for model, _ in line.entries], 0.34)
        diverged: dict[str, str] = {}
        for model, configuration in line.entries:
            scores = study.scores_of(model, configuration)
            if missing := scores["accuracy"].isna().sum():
                state = "failed" if (scores["status"] == "failed").any() else "diverged"
                diverged[model] = f"{missing} of {len(scores)} fits {state}"
            else:
                _deviations(ax, y + shift[model], model, scores)
        style.remark(ax, y, diverged)
    title = style.title_of_lines("Configuration", "best", count, "configurations")
    style.label_lines(ax, [line.label for line in lines], title)
    ax.set_xlim(left=-0.02 * ax.get_xlim()[1])
    ax.set_xlabel("Standard deviation of accuracy (percentage points)")
    handles = [style.key(model) for model in study.scores["model"].unique()]
    hollow = {"markerfacecolor": "white", "markeredgewidth": 1.4}
    handles += [
        style.symbol("between the folds of a repeat", marker="o"),
        style.symbol("between the means of repeats", marker="o", **hollow),
    ]
    style.legend(figure, handles, 3)
    return figure


def _deviations(ax: Axes, y: float, model: str, scores: pd.DataFrame) -> None:
    repeats = 100 * scores.groupby("repeat")["accuracy"].agg(["mean", "std"])
    folds, between = repeats["std"].mean(), repeats["mean"].std()
    colour, marker = MODELS[model].colour, MODELS[model].marker
    ax.plot([between, folds], [y, y], color=colour, linewidth=1, alpha=0.5)
    ax.plot(folds, y, marker, color=colour, markersize=7)
    ax.plot(
        between, y, marker, markersize=7, color="white", markeredgecolor=colour,
        markeredgewidth=1.4,
    )  # fmt: skip
