"""The students that models get wrong, repeat after repeat."""

import itertools

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study, label_with_failures
from backprop.typing import Array, Integers

MAX_ROWS = 24  # of the table
SIDES = [np.array(side) for side in itertools.product((1, -1, 0), repeat=2) if any(side)]


def draw(study: Study, variant: str) -> Figure:
    """Draw the students in the plane of the first two features, and the hardest in a table."""
    shares = np.array([_shares_wrong(study, fits) for fits in study.headlines.values()])
    mean = np.nanmean(shares, axis=0)
    hard = np.flatnonzero(np.nan_to_num(shares).max(axis=0) >= 0.5)
    hard = hard[np.argsort(-mean[hard], kind="stable")][:MAX_ROWS]
    height = max(4.4, 1.5 + 0.27 * len(hard))
    if study.data.x.shape[1] == 1:
        figure, table = style.canvas(height)
    else:
        figure, (plane, table) = style.canvas(height, ncols=2, width_ratios=[1.7, 1])
        _plane(study, plane, mean)
        _number(plane, study.data.x[:, :2], hard)
        handles = style.class_symbols(study.classes, ("white", "white"))
        handles.append(style.symbol("darker: more often wrong", marker="s", color="black"))
        style.legend(figure, handles)
    _table(study, table, shares, hard)
    return figure


def _shares_wrong(study: Study, fits: pd.DataFrame) -> Array:
    """Return the share of the repeats in which a model gets each row wrong; NaN without any."""
    probabilities = study.predictions(fits)[..., 1]
    known = np.isfinite(probabilities)
    wrong = known & ((np.nan_to_num(probabilities) >= 0.5) != study.data.y)
    repeats = known.sum(axis=0)
    return wrong.sum(axis=0) / np.where(repeats, repeats, np.nan)


def _table(study: Study, ax: Axes, shares: Array, hard: Integers) -> None:
    """Draw a row for each hard student, a column for each model."""
    if len(hard):
        names = [label_with_failures(model, fits) for model, fits in study.headlines.items()]
        sns.heatmap(
            100 * shares[:, hard].T, ax=ax, vmin=0, vmax=100, cmap="Greys", linewidths=1,
            xticklabels=[name.replace(" (", "\n(") for name in names], yticklabels=hard + 1,
            cbar_kws={"label": "Repeats in which it is wrong (%)", "shrink": 0.8},
        )  # fmt: skip
        ax.tick_params(axis="x", rotation=45)
        ax.tick_params(axis="y", rotation=0)
    else:
        ax.text(0.5, 0.5, "none", ha="center", transform=ax.transAxes)
        ax.set_xticks([])
        ax.set_yticks([])
    ax.set_xlabel("Model")
    ax.set_ylabel("Student (row of the data)")
    ax.set_title("Wrong in half of the repeats\nor more, by any model", fontsize=11)


def _plane(study: Study, ax: Axes, mean: Array) -> None:
    """Draw all students; a darker one is wrong more often."""
    for c in (0, 1):
        rows = study.data.y == c
        ax.scatter(
            study.data.x[rows, 0], study.data.x[rows, 1], s=60, c=mean[rows], vmin=0, vmax=1,
            cmap="Greys", marker=style.CLASS_MARKERS[c], edgecolor="black", linewidth=0.8,
        )  # fmt: skip
    ax.margins(0.12)
    ax.set_xlabel(study.axis(0))
    ax.set_ylabel(study.axis(1))


def _number(ax: Axes, x: Array, hard: Integers) -> None:
    """Write the numbers of the hard students beside them, on the side with the most room."""
    points = x / np.ptp(x, axis=0)
    obstacles = list(points)
    same_place: dict[tuple[float, ...], list[int]] = {}
    for row in hard:
        same_place.setdefault(tuple(x[row]), []).append(row)
    for (across, up), rows in same_place.items():
        point = points[rows[0]]
        others = np.array([other for other in obstacles if not np.array_equal(other, point)])
        spots = [point + side * 0.09 for side in SIDES]
        best = int(np.argmax([np.linalg.norm(others - spot, axis=1).min() for spot in spots]))
        obstacles.append(spots[best])
        right, above = SIDES[best]
        ax.annotate(
            ", ".join(str(row + 1) for row in sorted(rows)), (across, up),
            (12 * right, 12 * above), textcoords="offset points", fontsize=10,
            ha=("center", "left", "right")[right], va=("center", "bottom", "top")[above],
            arrowprops={
                "arrowstyle": "-", "color": style.GREY, "linewidth": 0.8, "shrinkB": 3,
            },
            bbox={"pad": 0.5, "linewidth": 0, "facecolor": "none"},
        )  # fmt: skip
