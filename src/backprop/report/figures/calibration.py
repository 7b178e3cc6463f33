"""Calibration: how often predictions come true, and how often each probability is predicted."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.study import Study
from backprop.report.wording.calibration import WHY, finding, slope
from backprop.statistics.calibration import BINS, EDGES, bins_of, shown_class
from backprop.typing import Array

FLOOR, ROOM = -0.27, 0.22  # of the histogram: where it begins, and its height, below the curve
TOP = 1.27  # leaves room for a line of text above the curve


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline: its curve, the band, and below it the predictions."""
    rows = {row.model: row for row in study.results.rows("calibration")}
    points = study.results.tables["calibration_curves"].groupby("model")
    models = study.results.with_probabilities
    figure, axes = look.panels(len(models))
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        ax.plot([0, 1], [0, 1], color=palette.GREY, linewidth=1, linestyle=":")
        colour = study.registry[model].colour
        if model in points.groups:
            own = points.get_group(model)
            band = own["share_lower"], own["share_upper"]
            ax.fill_between(own["p"], *band, color=colour, alpha=0.2, linewidth=0)
            ax.plot(own["p"], own["share"], color=colour, linewidth=2.2)
        shown, _ = shown_class(study.dataset.y, study.results.predictions(fits))
        _count(ax, shown, colour)
        row = rows.get(model)
        said = row and [slope(row.slope), WHY.get(row.lacking or "", "")]
        inches = 0.85 * look.PANELS * look.width() / axes.shape[1]
        text = labels.broken("; ".join(filter(None, said or ["no curve"])), inches, 10)
        ax.text(0.03, 0.97, text, va="top", fontsize=10, transform=ax.transAxes)
        labels.panel_title(ax, study.models.label_with_failures(model, fits), axes.shape[1])
        ax.set(ylim=(FLOOR - 0.03, TOP), yticks=np.linspace(0, 1, 6))
        look.percent(ax.xaxis, ax.yaxis)
    _label(study, axes)
    handles = [
        markers.symbol("curve of calibration", linestyle="-", linewidth=2.2),
        markers.area("95% band of the whole curve", palette.GREY, 0.2),
        markers.symbol("perfectly calibrated", linestyle=":", linewidth=1),
        markers.area(f"{study.noun} with such predictions", palette.GREY, 0.6),
    ]
    return markers.finish(figure, handles, finding([rows[m] for m in models if m in rows]))


def _count(ax: Axes, shown: Array, colour: str) -> None:
    """Draw how many rows have predictions of each bin, relative to the largest number."""
    number = np.bincount(bins_of(shown).ravel() + 1, minlength=BINS + 1)[1:]
    heights = ROOM * number / max(number.max(), 1)
    middles = (EDGES[:-1] + EDGES[1:]) / 2
    ax.bar(middles, heights, 0.09, bottom=FLOOR, color=colour, alpha=0.6, linewidth=0)


def _label(study: Study, axes: look.Grid) -> None:
    several = len(study.classes) > 2
    lowest = EDGES[BINS // len(study.classes)] if several else 0.0  # of a predicted class
    axes[0, 0].set_xlim(lowest - 0.03, 1.03)
    inches = look.PANELS * look.width() / axes.shape[1]
    shown = "the predicted class" if several else study.classes[1]
    across = labels.broken(f"Predicted probability of {shown}", inches, 11)
    look.label_panels(
        axes, across, f"Share {'right' if several else f'that is {study.classes[1]}'}"
    )
