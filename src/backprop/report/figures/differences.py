"""The difference of every configuration from logistic regression, with its corrected interval."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each configuration; networks of one configuration stand side by side."""
    table = study.configurations[study.configurations["model"] != "logistic"]
    lines = study.lines(table)
    count = table["configuration"].nunique()
    figure, ax = style.canvas(1.5 + 0.34 * len(lines))
    ax.axvspan(-100 * study.rope, 100 * study.rope, color=style.GREEN, alpha=0.15, linewidth=0)
    ax.axvline(0, color=style.BLACK, linewidth=1)
    for y, (_, entries) in enumerate(lines):
        shift = style.offsets([model for model, _ in entries], 0.34)
        failed: dict[str, str] = {}
        for model, configuration in entries:
            row = study.rows(table, model, configuration).iloc[0]
            ends = 100 * row[["difference_lower", "difference", "difference_upper"]].astype(float)
            look = style.MODELS[model]
            place = y + shift[model]
            if pd.isna(ends["difference"]):
                failed[model] = f"{row['diverged']} of {row['fits']} fits diverged"
                continue
            if np.isinf(ends["difference_lower"]):  # nothing is known of its spread
                ax.axhline(place, color=look.colour, linewidth=2)
            else:
                ax.plot(ends.iloc[[0, 2]], [place, place], color=look.colour, linewidth=2)
            hollow = row["dead"] > 0
            ax.plot(
                ends["difference"], place, look.marker, markersize=6.5, markeredgewidth=1.3,
                color="white" if hollow else look.colour, markeredgecolor=look.colour,
            )  # fmt: skip
        style.remark(ax, y, failed)
    ax.set_yticks(range(len(lines)), [label for label, _ in lines])
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.set_xlabel("Accuracy minus that of logistic regression (percentage points)")
    ax.set_ylabel(style.counted("Configuration", "best", count, "configurations"))
    ax.grid(visible=False, axis="y")
    handles: list[Artist] = [style.key(model) for model in table["model"].unique()]
    handles += [
        style.symbol("corrected 95% interval", linestyle="-", linewidth=2),
        style.area(f"practically equal (±{100 * study.rope:g} points)", style.GREEN),
    ]
    if (table["dead"] > 0).any():
        handles.append(
            style.symbol(
                "some fits dead", marker="o", markerfacecolor="white", markeredgecolor=style.GREY
            )
        )
    style.legend(figure, handles, 3)
    return figure
