"""Calibration: predicted probabilities against observed shares."""

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import MODELS
from backprop.report.figures import labels, look, markers
from backprop.report.figures.study import Study
from backprop.report.wording.names import sentence_case
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Booleans, Integers

EDGES = np.arange(11) / 10  # of the bins of probability
BINS = len(EDGES) - 1
FEWEST = 10  # rows of a point: the interval of fewer says next to nothing


def draw(study: Study, variant: str) -> Figure:
    """Draw a reliability curve for each model's headline, and below it the counts."""
    figure, (curves, counts) = look.canvas(6.6, nrows=2, sharex=True, height_ratios=[3, 1])
    curves.plot([0, 1], [0, 1], color=markers.GREY, linewidth=1, linestyle=":")
    shift = markers.offsets(list(study.headlines), 0.018)
    middles = (EDGES[:-1] + EDGES[1:]) / 2
    handles: list[Artist] = []
    every: list[Group] = []
    for model, fits in study.headlines.items():
        probabilities, right = shown_class(study.data.y, study.predictions(fits))
        groups = groups_of(probabilities, right)
        every += groups
        _curve(curves, model, groups, hollow=study.hollow(model, study.headline(model)))
        number = np.bincount(_bins(probabilities).ravel() + 1, minlength=BINS + 1)[1:]
        counts.bar(
            middles + shift[model], number / len(probabilities), width=0.016,
            color=MODELS[model].colour, linewidth=0,
        )  # fmt: skip
        handles.append(markers.key(model, line=True))
        handles[-1].set_label(study.label_with_failures(model, fits))
    _label(study, curves, counts)
    figure.align_ylabels()
    handles += [
        markers.symbol("95% interval", linestyle="-", linewidth=1.3),
        markers.symbol("perfectly calibrated", linestyle=":", linewidth=1),
        *[markers.hollow_mark()] * any(study.hollow(m, study.headline(m)) for m in study.headlines),
    ]
    markers.legend(figure, handles)
    labels.head(figure, finding(every))
    return figure


def _label(study: Study, curves: Axes, counts: Axes) -> None:
    several = len(study.classes) > 2
    share = "predicted correctly" if several else f"that is {study.classes[1]}"
    curves.set_ylabel(f"Share {share}")
    curves.set_ylim(-0.03, 1.03)
    counts.set_ylabel(f"{sentence_case(study.rows)}\n(per repeat)")
    shown = "the predicted class" if several else study.classes[1]
    counts.set_xlabel(f"Predicted probability of {shown} (out of fold, bins of 0.1)")
    counts.set_xticks(EDGES)
    lowest = EDGES[BINS // len(study.classes)] if several else 0.0  # of a predicted class
    counts.set_xlim(lowest - 0.02, 1.02)


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


class Group(NamedTuple):
    """Predictions of about the same probability: the points of a curve.

    Attributes
    ----------
    mean, share : float
        The mean probability, and the share of predictions that come true.
    rows : float
        The effective number of rows; see `effective_rows`.
    lower, upper : float
        Wilson's interval of the share, from this number.
    """

    mean: float
    share: float
    rows: float
    lower: float
    upper: float


def groups_of(probabilities: Array, right: Booleans) -> list[Group]:
    """Return the groups that have enough rows for a point.

    Parameters
    ----------
    probabilities, right : arrays, shape (repeats, n)
        As `shown_class` returns them.
    """
    bins = _bins(probabilities)
    groups = []
    for each in range(BINS):
        times = (bins == each).sum(axis=0)  # how often each row is in the group
        rows = effective_rows(times)
        if rows >= FEWEST:
            share = float(right[bins == each].mean())
            interval = _wilson(share, rows)
            groups.append(Group(float(probabilities[bins == each].mean()), share, rows, *interval))
    return groups


def _bins(probabilities: Array) -> Integers:
    """Return the bin of each probability; -1 if it is NaN.

    A bin has its lower edge. A probability that is an edge up to rounding, such as the mean of the
    trees of a forest, counts as the edge.
    """
    places = np.floor(np.round(BINS * probabilities, 9))
    return np.where(np.isfinite(places), np.minimum(places, BINS - 1), -1).astype(np.int64)


def effective_rows(times: Integers) -> float:
    """Return how many rows say as much as rows that count these numbers of times (Kish 1965).

    Repeats add no rows: the same rows in every repeat are as many as in one.
    """
    return float(times.sum() ** 2 / np.maximum((times**2).sum(), 1))


def _wilson(share: float, rows: float) -> tuple[float, float]:
    """Return Wilson's interval for a number of rows that may be no integer."""
    z = NormalDist().inv_cdf(0.975)
    middle = (share + z**2 / (2 * rows)) / (1 + z**2 / rows)
    spread = share * (1 - share) / rows + z**2 / (4 * rows**2)
    margin = z * np.sqrt(spread) / (1 + z**2 / rows)
    return middle - margin, middle + margin


def finding(groups: Sequence[Group]) -> str:
    """Return how many groups agree with the diagonal."""
    if not groups:
        return f"No group has {FEWEST} rows: calibration cannot be judged"
    agreeing = sum(group.lower <= group.mean <= group.upper for group in groups)
    return f"Predicted probabilities are within the intervals of {agreeing} of {len(groups)} groups"


def _curve(ax: Axes, model: str, groups: Sequence[Group], *, hollow: bool) -> None:
    entry = MODELS[model]
    for group in groups:
        ax.plot([group.mean] * 2, group[3:], color=entry.colour, linewidth=1.3, alpha=0.6)
        markers.mean_mark(
            ax, group.mean, group.share, model, hollow=hollow, markersize=8, markeredgewidth=1.2
        )
    points = np.array([group[:2] for group in groups]).reshape(-1, 2)
    ax.plot(*points.T, color=entry.colour, linestyle=entry.line)
