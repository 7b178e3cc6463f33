"""The rows that models get wrong, repeat after repeat."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from backprop.escaping import for_figure
from backprop.report.figures import look, markers, palette
from backprop.report.figures.heat_map import draw_cells
from backprop.report.figures.labels import brief
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import MINUS
from backprop.report.wording.hard_rows import always_wrong_sentence
from backprop.report.wording.names import sentence_case
from backprop.statistics.hard_rows import (
    Part,
    always_wrong,
    often_wrong,
    parts_of_rows,
    shares_wrong,
)
from backprop.typing import Array, Integers

MAX_ROWS = 24  # of the table; of more, it has parts of the data in place of rows
PERCENT_WRONG = "Repeats in which it is wrong (%)"
DISTANCES = (1, 2, 3, 4, 5, 6, 8, 10)  # of a label from its row, in steps of 12 points of text
LETTERS = 14  # of the name of a part, or of its feature
MARK = 5.0  # points from the middle of a row's mark to its edge
SIDES = [np.array(side) for side in itertools.product((1, -1, 0), repeat=2) if any(side)]


def draw(study: Study, variant: str) -> Figure:
    """Draw the rows in their plane, and the hardest in a table."""
    results, y = study.results, study.dataset.y
    votes = [results.predictions(fits, votes=True) for fits in results.headlines.values()]
    shares = np.array([shares_wrong(each, y) for each in votes])
    mean, every = np.nanmean(shares, axis=0), often_wrong(shares)
    lines, hard = len(every), every
    parts = parts_of_rows(study.results.dataset, mean) if lines > MAX_ROWS else []
    if parts:
        lines, hard = len(parts), every[:0]
    height = max(5.0, 2.0 + 0.27 * lines)
    points, handles = study.plane.points, list[Line2D]()
    if points.shape[1] == 1:
        figure, table = look.canvas(height)
    else:
        below = 1.6 + 0.27 * lines  # inches of a table below the plane
        layout = {"ncols": 2, "width_ratios": [1.1 if parts else 1.7, 1]}
        if look.is_narrow():
            height, layout = 4.9 + below, {"nrows": 2, "height_ratios": [3.6, below]}
        figure, (plane, table) = look.canvas(height, **layout)
        drawn = np.union1d(study.drawn_rows, hard)
        _plane(study, plane, mean, drawn)
        handles = [
            *markers.class_symbols(study.classes, color=to_hex(palette.SHARES(0.0))),
            markers.symbol("stronger: more often wrong", marker="s", color="black"),
            *markers.share_drawn(len(drawn), len(points), study.noun),
        ]
    markers.finish(figure, handles, finding(study))
    if parts:
        means = np.array([np.nanmean(shares[:, part.rows], axis=1) for part in parts])
        names = [_name_of_part(study, *pair) for pair in zip(parts, [None, *parts], strict=False)]
        _table(study, table, means, names, np.vectorize("{:.0%}".format, otypes="O")(means))
        table.set(
            title=f"{len(every):,} {study.noun} are often wrong:\nwhere they are",
            ylabel="Class, and parts of features",
        )
    else:
        _table(study, table, shares[:, hard].T, [str(row + 1) for row in hard])
    if points.shape[1] == 2:
        look.lay_out(figure)  # now it is known where each row is
        _number(plane, points, hard)
    return figure


def finding(study: Study) -> str:
    """Return how many rows every model gets wrong in every repeat; "" if no model has a score."""
    wrong = always_wrong(study.results.tables["hard_rows"], study.results.comparison.values())
    rows, same = len(study.results.tables["hard_rows"]), study.results.same_as
    sentence = always_wrong_sentence(wrong, study.results.row, rows, same, repeated=True)
    return sentence and sentence_case(sentence)


def _table(
    study: Study,
    ax: Axes,
    shares: Array,
    lines: list[str],
    texts: NDArray[np.object_] | None = None,
) -> None:
    """Draw a line for each row, or for each part of the data, and a column for each model."""
    if lines:
        names = [
            study.models.label_with_failures(model, fits)
            for model, fits in study.results.headlines.items()
        ]
        names = [name.replace(" (", "\n(").replace(" = ", "\n= ") for name in names]
        percent = pd.DataFrame(100 * shares, lines, names)
        style = {"cmap": palette.SHARES, "vmin": 0, "vmax": 100, "linewidths": 1}
        cells = draw_cells(ax, percent, texts, **style)
        if texts is None:
            ax.figure.colorbar(cells, ax=ax, label=PERCENT_WRONG, shrink=0.8)
        ax.tick_params(axis="x", rotation=45 if len(names) > 2 else 0)
    else:
        ax.text(0.5, 0.5, "none", ha="center", transform=ax.transAxes)
        ax.set(xticks=[], yticks=[])
    ax.set_xlabel("Model")
    noun = "" if study.results.row == "row" else f"{sentence_case(study.results.row)} "
    ax.set_ylabel(f"{noun}(row of the data)" if noun else "Row of the data")
    ax.set_title("Wrong in half of the repeats\nor more, by any model", fontsize=11)


def _name_of_part(study: Study, part: Part, before: Part | None) -> str:
    """Return what a part is called: of a feature, only the first one after another has its name."""
    dataset = study.results.dataset
    if part.feature is None:
        return study.class_names(LETTERS)[int(part.low)]
    feature, is_first = dataset.features[part.feature], before and before.feature != part.feature
    own = f"> {part.low:.3g}" if part.is_last else f"\N{LESS-THAN OR EQUAL TO} {part.high:.3g}"
    own = own.replace("-", MINUS)
    if texts := dataset.categories.get(feature):
        own = brief(texts[int(part.low)], LETTERS) if part.low >= 0 else "others"
    name = f"{brief(feature.replace('_', ' '), LETTERS)}: " if is_first else ""
    return for_figure(name + own)


def _plane(study: Study, ax: Axes, mean: Array, drawn: Integers) -> None:
    """Draw the rows; a darker one is wrong more often."""
    drawn = drawn[np.argsort(mean[drawn], kind="stable")]  # the darkest on top
    colours = palette.SHARES(mean)
    markers.draw_rows(ax, study.plane.points, study.dataset.y, drawn, 60, colours)
    ax.margins(0.12)
    study.name_axes(np.array([[ax]]))


def _number(ax: Axes, x: Array, hard: Integers) -> None:
    """Write the numbers of the hard rows beside them, on the side with the most room."""
    unit = 72 / ax.figure.dpi  # in points of text, in which labels have a size
    points, frame = ax.transData.transform(x) * unit, Bbox(ax.bbox.get_points() * unit)
    placed: list[Bbox] = []
    for place, rows in pd.Series(hard).groupby([*x[hard].T], sort=False):
        text, point = label_of_rows(rows.tolist()), points[rows.iloc[0]]
        others = points[(points != point).any(axis=1)]
        half = np.array([3.2 * len(text) + 3, 6.0])
        side, distance, box = _best_spot(point, others, placed, half, frame)
        placed.append(box)
        # The line is below all labels.
        where: dict[str, Any] = {
            "xy": place, "xytext": 12 * distance * side, "textcoords": "offset points",
        }  # fmt: skip
        line = {"arrowstyle": "-", "color": palette.GREY, "linewidth": 0.8, "shrinkB": 3}
        ax.annotate("", **where, arrowprops=line, zorder=4)
        ax.annotate(
            text, **where, fontsize=10, zorder=5,
            ha=("center", "left", "right")[side[0]], va=("center", "bottom", "top")[side[1]],
            bbox={"pad": 0.5, "linewidth": 0, "facecolor": "#ffffffee"},
        )  # fmt: skip


def label_of_rows(rows: Sequence[int]) -> str:
    """Return the numbers of rows at one place; of many, the first three and how many more.

    Examples
    --------
    >>> label_of_rows([7, 1]), label_of_rows([0, 1, 2, 3, 4])
    ('2, 8', '1, 2, 3 and 2 more')
    """
    numbers = [str(row + 1) for row in sorted(rows)]
    if len(numbers) <= 4:
        return ", ".join(numbers)
    return f"{', '.join(numbers[:3])} and {len(numbers) - 3} more"


def _best_spot(
    point: Array, others: Array, placed: Sequence[Bbox], half: Array, frame: Bbox
) -> tuple[Integers, int, Bbox]:
    """Return the side and the distance, in steps, of a label that overlaps no other, and its box.

    It is within the frame, and hides the fewest rows. Of several such places it is the nearest, on
    the side with most room.
    """

    def flaws(spot: tuple[Integers, int, Bbox]) -> tuple[float, ...]:
        side, distance, box = spot
        outside = frame.count_contains(box.get_points()) < 2
        hidden = box.padded(MARK).count_contains(others)
        room = np.linalg.norm(others - point - side * 24, axis=1).min()
        return outside, box.count_overlaps(placed), hidden, distance, -room

    spots = itertools.product(DISTANCES, SIDES)
    middles = ((side, n, point + side * (12 * n + half)) for n, side in spots)
    return min(((side, n, Bbox([at - half, at + half])) for side, n, at in middles), key=flaws)
