"""Calibration: predicted probabilities against observed shares."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.data.groups import observations_of
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.forest_lines import draw_curve
from backprop.report.figures.study import Study
from backprop.report.wording.names import sentence_case
from backprop.statistics.calibration import (
    BINS,
    EDGES,
    FEWEST,
    Bin,
    bins_of,
    count_agreeing,
    groups_of,
    shown_class,
    slope,
)
from backprop.statistics.tables import Interval


def draw(study: Study, variant: str) -> Figure:
    """Draw a reliability curve for each model's headline, and below it the counts."""
    figure, (curves, counts) = look.canvas(6.6, nrows=2, sharex=True, height_ratios=[3, 1])
    curves.plot([0, 1], [0, 1], color=palette.GREY, linewidth=1, linestyle=":")
    models = study.results.with_probabilities
    headlines = {model: study.results.headline(model) for model in models}
    shift = markers.offsets([*models], 0.018)
    middles = (EDGES[:-1] + EDGES[1:]) / 2
    names: dict[str, str] = {}
    every: list[Bin] = []
    observations = observations_of(len(study.dataset.y), study.results.groups)
    for model, fits in models.items():
        probabilities, right = shown_class(study.dataset.y, study.results.predictions(fits))
        groups = groups_of(probabilities, right)
        every += groups
        entry, hollow = study.registry[model], study.models.hollow(model, headlines[model])
        points = [(each.mean, each.share, each.lower, each.upper) for each in groups]
        draw_curve(curves, points, entry, hollow=hollow)
        number = np.bincount(bins_of(probabilities).ravel() + 1, minlength=BINS + 1)[1:]
        counts.bar(
            middles + shift[model], number / len(probabilities), width=0.016,
            color=entry.colour, linewidth=0,
        )  # fmt: skip
        own = said_slope(slope(probabilities, right, observations))
        names[model] = study.models.label_with_failures(model, fits) + own
    _label(study, curves, counts)
    figure.align_ylabels()
    handles = [
        *study.models.keys_of_curves(names),
        markers.symbol("perfectly calibrated", linestyle=":", linewidth=1),
        *study.models.hollow_key(headlines.items()),
    ]
    return markers.finish(figure, handles, finding(every))


def _label(study: Study, curves: Axes, counts: Axes) -> None:
    several = len(study.classes) > 2
    share = "predicted correctly" if several else f"that is {study.classes[1]}"
    curves.set(ylabel=f"Share {share}", ylim=(-0.03, 1.03))
    look.percent(curves.yaxis)
    counts.set_ylabel(f"{sentence_case(study.noun)}\n(per repeat)")
    shown = "the predicted class" if several else study.classes[1]
    across = f"Predicted probability of {shown} (out of fold, bins of 0.1)"
    counts.set_xlabel(labels.broken(across, 0.87 * look.PANELS * look.width(), 11))
    counts.set_xticks(EDGES)
    lowest = EDGES[BINS // len(study.classes)] if several else 0.0  # of a predicted class
    counts.set_xlim(lowest - 0.02, 1.02)


def finding(groups: Sequence[Bin]) -> str:
    """Return how many groups agree with the diagonal."""
    if not groups:
        return f"No group has {FEWEST} rows: calibration cannot be judged"
    within = f"within the intervals of {count_agreeing(groups)} of {len(groups)} groups"
    return f"Predicted probabilities are {within}"


def said_slope(measured: Interval | None) -> str:
    """Return what the legend says of a slope of calibration; nothing if there is none."""
    if measured is None:
        return ""
    ends = [f"{end:.2f}" if np.isfinite(end) else "?" for end in measured[1:]]
    return f": slope {measured.value:.2f} ({ends[0]} to {ends[1]})"
