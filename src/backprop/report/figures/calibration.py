"""Calibration: predicted probabilities against observed shares."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import MODELS
from backprop.report.figures import style
from backprop.report.figures.study import Study, label_with_failures
from backprop.typing import Array

EDGES = np.linspace(0, 1, 11)  # of the bins of probability
BINS = len(EDGES) - 1


def draw(study: Study, variant: str) -> Figure:
    """Draw a reliability curve for each model's headline, and below it the counts."""
    figure, (curves, counts) = style.canvas(6.6, nrows=2, sharex=True, height_ratios=[3, 1.2])
    curves.plot([0, 1], [0, 1], color=style.GREY, linewidth=1, linestyle=":")
    shift = style.offsets(list(study.headlines), 0.018)
    handles = []
    for model, fits in study.headlines.items():
        _model(study, curves, counts, model, study.predictions(fits)[..., 1], shift[model])
        handles.append(style.key(model, line=True))
        handles[-1].set_label(label_with_failures(model, fits))
    curves.set_ylabel(f"Share that is {study.classes[1]}")
    curves.set_ylim(-0.03, 1.03)
    counts.set_ylabel("Students\n(per repeat)")
    counts.set_xlabel(f"Predicted probability of {study.classes[1]} (out of fold, bins of 0.1)")
    counts.set_xticks(EDGES)
    counts.set_xlim(-0.02, 1.02)
    figure.align_ylabels()
    handles.append(style.symbol("perfectly calibrated", linestyle=":", linewidth=1))
    style.legend(figure, handles)
    return figure


def _model(
    study: Study, curves: Axes, counts: Axes, model: str, probabilities: Array, shift: float
) -> None:
    known = np.isfinite(probabilities)
    p = probabilities[known]
    y = np.broadcast_to(study.data.y, probabilities.shape)[known]
    bins = np.clip(np.digitize(p, EDGES) - 1, 0, BINS - 1)
    number = np.bincount(bins, minlength=BINS)
    filled = number > 0
    mean = np.bincount(bins, p, BINS)[filled] / number[filled]
    share = np.bincount(bins, y, BINS)[filled] / number[filled]
    entry = MODELS[model]
    curves.plot(
        mean, share, marker=entry.marker, color=entry.colour, linestyle=entry.line,
        markersize=8, alpha=0.85, markeredgecolor="white",
    )  # fmt: skip
    middles = (EDGES[:-1] + EDGES[1:]) / 2 + shift
    counts.bar(middles, number / len(probabilities), width=0.016, color=entry.colour, linewidth=0)
