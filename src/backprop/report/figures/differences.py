"""The difference of each configuration from logistic regression, with its corrected interval."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording.rows import without_score


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each configuration, on which the networks are side by side."""
    table = study.summaries.drop(study.summary_places[BASELINE, study.headline(BASELINE)])
    lines, count = study.lines(table)
    figure, ax = style.canvas(1.5 + 0.34 * len(lines))
    ax.axvspan(-100 * study.rope, 100 * study.rope, color=style.GREEN, alpha=0.15, linewidth=0)
    ax.axvline(0, color=style.BLACK, linewidth=1)
    for y, line in enumerate(lines):
        shift = style.offsets([model for model, _ in line.entries], 0.34)
        diverged: dict[str, str] = {}
        for model, configuration in line.entries:
            row = study.summary_of(model, configuration)
            if pd.isna(row["difference"]):
                diverged[model] = without_score(row.to_dict())
            else:
                _difference(ax, y + shift[model], model, row)
        style.remark(ax, y, diverged)
    title = style.title_of_lines("Configuration", "best", count, "configurations")
    style.label_lines(ax, [line.label for line in lines], title)
    ax.set_xlabel("Accuracy minus that of logistic regression (percentage points)")
    style.legend(figure, [*_handles(study, table), _guessing(study, ax)], 3)
    return figure


def _guessing(study: Study, ax: Axes) -> Artist:
    """Draw the line of always the commonest class, unless it is far off; return its legend."""
    baseline = study.summary_of(BASELINE, study.headline(BASELINE))
    difference = 100 * (study.guessing["accuracy"] - baseline["accuracy"])
    low, high = ax.get_xlim()
    if low - (high - low) <= difference <= high + (high - low):
        ax.axvline(difference, zorder=1, **style.GUESSING)
        return style.guessing_line()
    return style.symbol(f"always the commonest class: {difference:+.1f}, not shown")


def _difference(ax: Axes, y: float, model: str, row: pd.Series) -> None:
    lower, difference, upper = (
        100 * row[name] for name in ("difference_lower", "difference", "difference_upper")
    )
    colour = MODELS[model].colour
    if np.isinf(lower):  # the spread is unknown: a bar from edge to edge
        ax.axhline(y, color=colour, linewidth=2)
    else:
        ax.plot([lower, upper], [y, y], color=colour, linewidth=2)
    style.mean_mark(
        ax, difference, y, model, hollow=row["unlearned"] > 0,
        markersize=6.5, markeredgewidth=1.3, markeredgecolor=colour, zorder=2,
    )  # fmt: skip


def _handles(study: Study, table: pd.DataFrame) -> list[Artist]:
    handles: list[Artist] = [style.key(model) for model in table["model"].unique()]
    handles += [
        style.symbol("corrected 95% interval", linestyle="-", linewidth=2),
        style.area(f"practically equal (±{100 * study.rope:g} points)", style.GREEN),
    ]
    if (table["unlearned"] > 0).any():
        unlearned = {"markerfacecolor": "white", "markeredgecolor": style.GREY}
        handles.append(style.symbol("some fits unlearned", marker="o", **unlearned))
    return handles
