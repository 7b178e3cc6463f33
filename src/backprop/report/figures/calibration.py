"""Calibration: predicted probabilities against observed shares."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import MODELS
from backprop.report.figures import style
from backprop.report.figures.study import Study, label_with_failures
from backprop.report.wording.names import sentence_case
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Booleans, Integers

EDGES = np.linspace(0, 1, 11)  # of the bins of probability
BINS = len(EDGES) - 1


def draw(study: Study, variant: str) -> Figure:
    """Draw a reliability curve for each model's headline, and below it the counts."""
    figure, (curves, counts) = style.canvas(6.6, nrows=2, sharex=True, height_ratios=[3, 1.2])
    curves.plot([0, 1], [0, 1], color=style.GREY, linewidth=1, linestyle=":")
    shift = style.offsets(list(study.headlines), 0.018)
    handles = []
    for model, fits in study.headlines.items():
        _model(
            curves, counts, model, *shown_class(study.data.y, study.predictions(fits)), shift[model]
        )
        handles.append(style.key(model, line=True))
        handles[-1].set_label(label_with_failures(model, fits))
    several = len(study.classes) > 2
    share = "predicted correctly" if several else f"that is {study.classes[1]}"
    curves.set_ylabel(f"Share {share}")
    curves.set_ylim(-0.03, 1.03)
    counts.set_ylabel(f"{sentence_case(study.rows)}\n(per repeat)")
    shown = "the predicted class" if several else study.classes[1]
    counts.set_xlabel(f"Predicted probability of {shown} (out of fold, bins of 0.1)")
    counts.set_xticks(EDGES)
    counts.set_xlim(-0.02, 1.02)
    figure.align_ylabels()
    handles.append(style.symbol("perfectly calibrated", linestyle=":", linewidth=1))
    style.legend(figure, handles)
    return figure


def shown_class(y: Integers, p: Array) -> tuple[Array, Booleans]:
    """Return the probability of the class that calibration is about, and whether it is right.

    It is class 1 of two classes, and the predicted class of more.

    Parameters
    ----------
    y : array, shape (n,)
        The classes, from 0 to C - 1.
    p : array, shape (repeats, n, C)
        The predictions; NaN if a fit diverged.

    Returns
    -------
    arrays, shape (repeats, n)
    """
    shown = np.ones(p.shape[:2], dtype=np.int64) if p.shape[2] == 2 else predicted_classes(p)
    return np.take_along_axis(p, shown[..., np.newaxis], axis=-1)[..., 0], shown == y


def _model(
    curves: Axes, counts: Axes, model: str, probabilities: Array, right: Booleans, shift: float
) -> None:
    known = np.isfinite(probabilities)
    p = probabilities[known]
    bins = np.clip(np.digitize(p, EDGES) - 1, 0, BINS - 1)
    number = np.bincount(bins, minlength=BINS)
    filled = number > 0
    mean = np.bincount(bins, p, BINS)[filled] / number[filled]
    share = np.bincount(bins, right[known], BINS)[filled] / number[filled]
    entry = MODELS[model]
    curves.plot(
        mean, share, marker=entry.marker, color=entry.colour, linestyle=entry.line,
        markersize=8, alpha=0.85, markeredgecolor="white",
    )  # fmt: skip
    middles = (EDGES[:-1] + EDGES[1:]) / 2 + shift
    counts.bar(middles, number / len(probabilities), width=0.016, color=entry.colour, linewidth=0)
