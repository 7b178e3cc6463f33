"""What a figure shows as a table: each point, interval, bar and cell, in the units of its axes."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection, PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator

from backprop.escaping import for_spreadsheet
from backprop.report.figures.svg import NUMBER
from backprop.typing import Array

DIGITS = "%.5g"
THIN = 1.0  # of a border: the borders of single fits are left out
HALF = 0.5  # of the way from a line of a figure to the next
Looks = dict[tuple[str, str, str], str]  # what the legend calls a colour, marker and line


def values_of(figure: Figure) -> str:
    """Return what a figure shows as CSV.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    str
        A line for each value: the panel, what the legend calls it, what it is drawn as, which line
        of the panel it is on, its place
        on both axes, by the name that the axis has there or as a number, and of an interval both
        ends, of a cell its value. A column without any value is left out. The columns of the axes
        have their labels, if all panels have the same.
    """
    looks = {
        _look(handle): text.get_text()
        for legend in figure.legends
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True)
        if isinstance(handle, Line2D)
    }
    axes = [ax for ax in figure.axes if ax.get_visible() and ax.get_label() != "<colorbar>"]
    rows = [
        {"panel": ax.get_title(loc="left"), **row, **_named(ax, row)}
        for ax in axes
        for row in _rows(ax, looks)
        if not all(map(np.isnan, (row["across"], row["up"])))
    ]
    columns = ["panel", "name", "drawn", "number", "across", "up", "lower", "upper", "value"]
    table = pd.DataFrame(rows, columns=columns).replace("", None).dropna(axis="columns", how="all")
    across = {label for ax in axes if (label := ax.get_xlabel())}
    up = {label for ax in axes if (label := ax.get_ylabel())}
    labels = {"across": across, "up": up}
    table = table.rename(columns={key: own.pop() for key, own in labels.items() if len(own) == 1})
    texts = table.map(lambda cell: _plain(cell) if isinstance(cell, str) else cell)
    texts.columns = [_plain(str(name)) for name in texts]
    return texts.to_csv(index=False, lineterminator="\n", float_format=DIGITS)


def _plain(text: str) -> str:
    """Return a text on one line that is safe to open in a spreadsheet."""
    return for_spreadsheet(" ".join(text.split()))


def _look(line: Line2D) -> tuple[str, str, str]:
    return to_hex(line.get_color()), str(line.get_marker()), str(line.get_linestyle())


def _corners(points: Array) -> Array:
    """Return the points of a line, shape (n, 2), without those on the way straight on."""
    steps = np.diff(points, axis=0)
    turns = steps[1:, 0] * steps[:-1, 1] != steps[1:, 1] * steps[:-1, 0]
    return points[np.concatenate([[True], turns, [True]])] if len(points) > 2 else points


def _rows(ax: Axes, looks: Looks) -> Iterator[dict[str, Any]]:
    """Return the values of a panel."""
    inside = [each for container in ax.containers for each in container.get_children()]
    for container in ax.containers:
        if isinstance(container, ErrorbarContainer):
            yield from _of_intervals(container, looks)
        elif isinstance(container, BarContainer):
            for bar in container.patches:
                middle = bar.get_center()
                ends = (
                    {"lower": bar.get_x(), "upper": bar.get_x() + bar.get_width()}
                    if container.orientation == "horizontal"
                    else {"lower": bar.get_y(), "upper": bar.get_y() + bar.get_height()}
                )
                yield _row("bar", middle, "", **ends)
    others = [artist for artist in ax.get_children() if artist not in inside]
    for number, artist in enumerate(others, 1):  # which tells lines of one look apart
        yield from ({"number": number, **row} for row in _of_artist(artist, ax, looks))


def _of_artist(artist: Artist, ax: Axes, looks: Looks) -> Iterator[dict[str, Any]]:
    """Return the values of a part of a panel that is no interval and no bar."""
    if isinstance(artist, Line2D) and artist.get_transform() == ax.transData:
        name = looks.get(_look(artist), "")
        drawn = "point" if artist.get_linestyle() == "None" else "line"
        points = np.asarray(artist.get_xydata(), float)
        if np.isnan(points).any() and drawn == "line":  # dots: lines without a length
            drawn, points = "point", points.reshape(-1, 3, 2)[:, 0]
        points = _corners(points) if drawn == "line" else points
        yield from (_row(drawn, point, name) for point in points)
    elif isinstance(artist, ContourSet):
        is_mean = not artist.filled and np.max(artist.get_linewidth()) > THIN
        for path in artist.get_paths() if is_mean else ():
            yield from (_row("contour", point, "") for point in np.asarray(path.vertices))
    elif isinstance(artist, PathCollection):
        yield from (_row("point", point, "") for point in np.asarray(artist.get_offsets()))
    elif isinstance(artist, PolyCollection):
        for path in artist.get_paths():
            edges = pd.Series(*np.asarray(path.vertices).T[::-1]).groupby(level=0)
            for across, own in edges:
                yield _row("band", (across, np.nan), "", lower=own.min(), upper=own.max())
    elif isinstance(artist, QuadMesh):
        cells: Array = np.ma.filled(np.ma.asarray(artist.get_array(), float), np.nan)
        for (row, column), value in np.ndenumerate(cells):
            yield _row("cell", (column + 0.5, row + 0.5), "", value=value)


def _of_intervals(container: ErrorbarContainer, looks: Looks) -> Iterator[dict[str, Any]]:
    """Return points with their intervals."""
    line, _, (bars, *_) = container.lines
    place = int(container.has_yerr)
    name = looks.get(_look(line), "")
    for point, ends in zip(np.asarray(line.get_xydata()), bars.get_segments(), strict=True):
        # Of an interval without an end, Matplotlib keeps no point.
        lower, upper = sorted(ends[:, place]) if len(ends) == 2 else (np.nan, np.nan)
        yield _row("interval", point, name, lower=lower, upper=upper)


def _row(drawn: str, point: Any, name: str, **values: float) -> dict[str, Any]:
    across, up = point
    return {"name": name, "drawn": drawn, "across": across, "up": up, **values}


def _named(ax: Axes, row: dict[str, Any]) -> dict[str, str]:
    """Return the places that have a name on their axis, in place of their numbers."""
    pairs = (("across", ax.xaxis), ("up", ax.yaxis))
    names = {key: _tick_near(axis, row[key]) for key, axis in pairs}
    return {key: name for key, name in names.items() if name}


def _tick_near(axis: Axis, value: float) -> str:
    locator = axis.get_major_locator()
    if not isinstance(locator, FixedLocator) or not np.isfinite(value):
        return ""
    places = np.asarray(locator())
    nearest = int(np.abs(places - value).argmin()) if places.size else -1
    if nearest < 0 or abs(places[nearest] - value) >= HALF:
        return ""
    name = str(axis.get_major_formatter()(places[nearest], nearest))
    return "" if NUMBER.fullmatch(name) else name
