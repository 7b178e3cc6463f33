"""What the decisions of each model are worth at each threshold, with bands."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.study import Study
from backprop.report.wording.names import model_name, sentence_case
from backprop.statistics.decision_curve import shown_part, useful_range, widest
from backprop.statistics.tables import OnCurve

ALL: dict[str, Any] = {"color": palette.GREY, "linewidth": 1.2, "linestyle": ":"}
NONE: dict[str, Any] = {"color": palette.GREY, "linewidth": 1.2, "linestyle": "-"}
OWN: dict[str, Any] = {"color": palette.INK, "linewidth": 0.8, "linestyle": "-."}
BASE: dict[str, Any] = {"color": palette.BLACK, "linewidth": 1, "linestyle": (0, (4, 3))}


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model: its curve with its band, and the curves of all and of none."""
    every: list[OnCurve] = study.results.rows("decision_curve")
    if not every:
        return labels.note("No model has probabilities to decide by")
    curves = {m: [*own] for m, own in itertools.groupby(every, lambda each: each.model)}
    decided = study.results.rows("decisions")[0]
    figure, axes = look.panels(len(curves))
    room = look.PANELS * look.width() / axes.shape[1]
    for (model, points), ax in zip(curves.items(), axes.flat, strict=False):
        _draw_panel(ax, points, study.registry[model].colour)
        if model != BASELINE and BASELINE in curves:
            ax.plot(*_line(curves[BASELINE]), **BASE)
        ax.axvline(decided.threshold, zorder=1, **OWN)
        text = labels.broken(said_range(points), 0.6 * room, 9.5)
        ax.text(0.97, 0.95, text, ha="right", va="top", fontsize=9.5, transform=ax.transAxes)
        labels.panel_title(ax, study.models.label(model), axes.shape[1])
        ax.set(xlim=(every[0].threshold, every[-1].threshold), ylim=shown_part(every))
        look.percent(ax.xaxis)
    across = f"Decide for {study.classes[1]} from this probability on"
    across = labels.broken(across, room, 11)
    look.label_panels(axes, across, "Net benefit")
    handles = [
        markers.area("95% band, of all thresholds at once", palette.GREY, 0.3),
        markers.symbol("decide all to be positive", **ALL),
        markers.symbol("decide none to be positive", **NONE),
        *([markers.symbol("logistic regression", **BASE)] if {BASELINE} < {*curves} else []),
        markers.symbol("your threshold", **OWN),
    ]
    return markers.finish(figure, handles, finding(curves), 3)


def _draw_panel(ax: Axes, points: Sequence[OnCurve], colour: str) -> None:
    thresholds, benefits = _line(points)
    lower, upper = np.array([point.net_benefit[1:] for point in points]).T
    ax.fill_between(thresholds, lower, upper, color=colour, alpha=0.18, linewidth=0)
    ax.plot(thresholds, [point.treat_all for point in points], **ALL)
    ax.axhline(0, **NONE)
    ax.plot(thresholds, benefits, color=colour, linewidth=2.6)


def _line(points: Sequence[OnCurve]) -> tuple[list[float], list[float]]:
    return [each.threshold for each in points], [each.net_benefit.value for each in points]


def said_range(points: Sequence[OnCurve]) -> str:
    """Return where a model is shown to be better than deciding all rows alike."""
    if (shown := useful_range(points)) is None:
        return "not shown to be useful"
    first, last = (f"{each:.1%}" for each in shown)
    return f"useful at {first}" if first == last else f"useful from {first} to {last}"


def finding(curves: Mapping[str, Sequence[OnCurve]]) -> str:
    """Return which model is useful at the most thresholds."""
    best = widest(curves)
    if best is None:
        return "No model is shown to decide better than to decide all rows alike"
    return f"{sentence_case(model_name(best))} is {said_range(curves[best])}"
