"""The students that models get wrong, repeat after repeat."""

import itertools

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop.network.functions import Array
from backprop.report.figures import style
from backprop.report.figures.study import Study

MOST = 24  # so many of them are told by number
COLOURS = sns.color_palette("Greys", as_cmap=True)


def draw(study: Study, variant: str) -> Figure:
    """Draw the students in the plane of the first two features, and the hardest in a table."""
    headlines = study.headlines(study.fits)
    wrong = []
    for rows in headlines.values():
        predicted = study.predictions(rows)
        with np.errstate(invalid="ignore"):
            missed = (predicted >= 0.5) != study.data.y
        missed = np.where(np.isfinite(predicted), missed, np.nan)
        known = np.isfinite(predicted).sum(axis=0)
        wrong.append(np.nansum(missed, axis=0) / np.where(known, known, np.nan))
    shares = np.array(wrong)  # of the repeats, by model and student
    worst = np.nan_to_num(shares).max(axis=0)
    mean = np.nanmean(shares, axis=0)
    hard = np.flatnonzero(worst >= 0.5)
    hard = hard[np.argsort(-mean[hard], kind="stable")][:MOST]
    plane = study.data.x.shape[1] > 1
    height = max(4.4, 1.5 + 0.27 * len(hard))
    figure, axes = style.canvas(
        height, ncols=1 + plane, width_ratios=[1.7, 1][-1 - plane :], squeeze=False
    )
    table = axes[0, -1]
    if plane:
        _plane(study, axes[0, 0], mean, hard)
    names = [study.named(model, rows) for model, rows in headlines.items()]
    if len(hard):
        sns.heatmap(
            100 * shares[:, hard].T, ax=table, vmin=0, vmax=100, cmap=COLOURS, linewidths=1,
            xticklabels=[name.replace(" (", "\n(") for name in names], yticklabels=hard + 1,
            cbar_kws={"label": "Repeats in which it is wrong (%)", "shrink": 0.8},
        )  # fmt: skip
        table.tick_params(axis="x", rotation=45)
        table.tick_params(axis="y", rotation=0)
    else:
        table.text(0.5, 0.5, "none", ha="center", transform=table.transAxes)
        table.set_xticks([])
        table.set_yticks([])
    table.set_xlabel("Model")
    table.set_ylabel("Student (row of the data)")
    table.set_title("Wrong in half of the repeats\nor more, by any model", fontsize=11)
    handles = [
        style.symbol(
            study.classes[c], marker=style.CLASS_MARKERS[c], markeredgecolor="black",
            markerfacecolor="white", markersize=8,
        )
        for c in (1, 0)
    ]  # fmt: skip
    if plane:
        axes[0, 0].margins(0.12)
        handles.append(style.symbol("the darker, the more often wrong", marker="s", color="black"))
        style.legend(figure, handles)
    return figure


def _plane(study: Study, ax: Axes, mean: Array, hard: NDArray[np.int64]) -> None:
    for c in (0, 1):
        rows = study.data.y == c
        ax.scatter(
            study.data.x[rows, 0], study.data.x[rows, 1], s=60, c=mean[rows], vmin=0, vmax=1,
            cmap=COLOURS, marker=style.CLASS_MARKERS[c], edgecolor="black", linewidth=0.8,
        )  # fmt: skip
    _number(ax, study.data.x[:, :2], hard)
    ax.set_xlabel(study.axis(0))
    ax.set_ylabel(study.axis(1))


def _number(ax: Axes, x: Array, hard: NDArray[np.int64]) -> None:
    """Write the rows of the hard students beside them, on the side with the most room."""
    points = x / np.ptp(x, axis=0)
    taken = list(points)
    sides = [np.array(side) for side in itertools.product((1, -1, 0), repeat=2) if any(side)]
    equal: dict[tuple[float, ...], list[int]] = {}
    for row in hard:
        equal.setdefault(tuple(x[row]), []).append(row)
    for (across, up), rows in equal.items():
        others = [p for p in taken if not np.array_equal(p, points[rows[0]])]
        spots = [points[rows[0]] + side * 0.09 for side in sides]
        room = [np.linalg.norm(np.array(others) - spot, axis=1).min() for spot in spots]
        best = int(np.argmax(room))
        taken.append(spots[best])
        right, above = sides[best]
        ax.annotate(
            ", ".join(str(row + 1) for row in sorted(rows)), (across, up),
            (12 * right, 12 * above), textcoords="offset points", fontsize=10,
            ha=("center", "left", "right")[right], va=("center", "bottom", "top")[above],
            arrowprops={
                "arrowstyle": "-", "color": style.GREY, "linewidth": 0.8, "shrinkB": 3,
            },
            bbox={"pad": 0.5, "linewidth": 0, "facecolor": "none"},
        )  # fmt: skip
