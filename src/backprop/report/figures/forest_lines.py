"""Means with their intervals, and the forest plot of a comparison of any predictions."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from backprop.escaping import for_figure
from backprop.models.registry import Model
from backprop.report.drawn_differences import DrawnDifference
from backprop.report.figures import palette
from backprop.report.wording.amounts import MINUS, differences_on_axis, unit_of
from backprop.statistics.tables import Interval

DASHED = (0, (2, 1.2))  # of an interval
BAND = 0.48  # of a line, the region of no practical difference
LARGER = dict.fromkeys("PX<>^v", 1.4) | {"*": 1.9}  # a white edge leaves little of these marks


def draw_means(
    ax: Axes, points: Sequence[Sequence[float]], colour: str, marker: str, *,
    hollow: bool = False, dashed: bool = False, upright: bool = True, size: float = 7.5,
    **line: Any,
) -> None:  # fmt: skip
    """Draw means and their intervals.

    Parameters
    ----------
    ax : Axes
    points : sequence
        The place on the axis across, the mean, and the ends of its interval; NaN is not drawn.
    colour, marker : str
        Of the model.
    hollow : bool
        Whether fits are unlearned, diverged or chaotic.
    dashed : bool
        Whether the intervals exclude zero only before adjustment for several comparisons.
    upright : bool
        Whether the means are on the y axis.
    size : float
        Of the mark, in points.
    **line
        As `matplotlib.axes.Axes.errorbar` takes it; by default, no line joins the means.
    """
    place, mean, lower, upper = np.reshape(points, (-1, 4)).T
    x, y = (place, mean) if upright else (mean, place)
    inside, edge = ("white", colour) if hollow else (colour, "white")
    style: dict[str, Any] = {
        "color": colour, "marker": marker, "markersize": size * LARGER.get(marker, 1),
        "markerfacecolor": inside, "markeredgecolor": edge, "markeredgewidth": 1.2,
        "linestyle": "", "elinewidth": 1.8, "zorder": 5,
        f"{'xy'[upright]}err": np.abs([mean - lower, upper - mean]), **line,
    }  # fmt: skip
    _, _, bars = ax.errorbar(x, y, **style)
    for bar in bars if dashed else ():
        bar.set_linestyle(DASHED)


def draw_curve(ax: Axes, points: Sequence[Sequence[float]], model: Model, **style: Any) -> None:
    """Draw means of a model, their intervals paler, and a line that joins them."""
    line = {"linestyle": model.line, "ecolor": (model.colour, 0.6), **style}
    draw_means(ax, points, model.colour, model.marker, **line)


def draw_rope(ax: Axes, rope: float, *, upright: bool) -> None:
    """Draw zero, and the region of no practical difference."""
    span, line = (ax.axhspan, ax.axhline) if upright else (ax.axvspan, ax.axvline)
    span(-rope, rope, color=palette.ROPE, linewidth=0)
    for end in (-rope, rope):
        line(end, color=palette.ROPE_EDGE, linewidth=0.8)
    line(0, color=palette.BLACK, linewidth=1)


def draw_lines(ax: Axes, lines: Iterable[tuple[DrawnDifference, float, str]], metric: str) -> None:
    """Draw each difference that there is.

    Parameters
    ----------
    ax : Axes
    lines : iterable of (DrawnDifference, float, str)
        Each with the height of its line, and its marker.
    metric : str
    """
    scale = unit_of(metric).scale
    for line, y, marker in lines:
        if line.difference:
            point = (y, *(scale * each for each in line.difference))
            style: dict[str, Any] = {"size": 6.5, "markeredgecolor": line.colour, "upright": False}
            style |= {"hollow": line.in_trouble, "dashed": line.unadjusted}
            draw_means(ax, [point], line.colour, marker, **style)


def draw_forest(ax: Axes, lines: Sequence[DrawnDifference], rope: float, metric: str) -> None:
    """Draw a forest plot of differences of a metric, the first on top, but for its labels."""
    width, places = unit_of(metric).scale * rope, np.arange(len(lines))
    region: dict[str, Any] = {"color": palette.ROPE, "edgecolor": palette.ROPE_EDGE}
    ax.barh(places, 2 * width, BAND, left=-width, linewidth=0.8, **region)
    ax.barh(places, 0, BAND, edgecolor=palette.BLACK, linewidth=1)
    draw_lines(ax, ((line, y, "o") for y, line in enumerate(lines)), metric)
    ax.use_sticky_edges = False  # the band may be the widest
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value)))
    ax.set_ylim(len(lines) - 0.5, -0.5)


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", MINUS) if value else "0"


def draw_differences(
    differences: pd.DataFrame, *, metric: str, rope: float, baseline: str, ax: Axes | None
) -> Axes:
    """Draw differences from a baseline with their intervals, the first one on top.

    Parameters
    ----------
    differences : DataFrame
        A row per classifier, by its name: difference, and the ends of its interval.
    metric : str
    rope : float
        Differences up to this are drawn as a band.
    baseline : str
    ax : Axes or None
        By default the axes of a new figure.
    """
    if ax is None:
        from matplotlib import pyplot as plt

        _, ax = plt.subplots(figsize=(7, 1.4 + 0.35 * len(differences)), layout="constrained")
    rows = [DrawnDifference(str(name), Interval(*row)) for name, *row in differences.itertuples()]
    draw_forest(ax, rows, rope, metric)
    ax.set_yticks(range(len(rows)), [for_figure(" ".join(row.label.split())) for row in rows])
    ax.set_xlabel(differences_on_axis(metric, f"model minus {baseline}"))
    return ax
