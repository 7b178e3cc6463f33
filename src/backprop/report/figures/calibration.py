"""Whether probabilities can be believed: predicted probabilities against what came true."""

import numpy as np
from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study

BINS = np.linspace(0, 1, 11)


def draw(study: Study, variant: str) -> Figure:
    """Draw a reliability curve for each model's headline, and below it the counts."""
    figure, (ax, counts) = style.canvas(6.6, nrows=2, sharex=True, height_ratios=[3, 1.2])
    ax.plot([0, 1], [0, 1], color=style.GREY, linewidth=1, linestyle=":")
    handles = []
    headlines = study.headlines(study.fits)
    shift = style.offsets(list(headlines), 0.018)
    for model, rows in headlines.items():
        look = style.MODELS[model]
        predicted = study.predictions(rows)
        known = np.isfinite(predicted)
        p = predicted[known]
        y = np.broadcast_to(study.data.y, predicted.shape)[known]
        which = np.clip(np.digitize(p, BINS) - 1, 0, len(BINS) - 2)
        number = np.bincount(which, minlength=len(BINS) - 1)
        some = number > 0
        mean = np.bincount(which, p, len(BINS) - 1)[some] / number[some]
        share = np.bincount(which, y, len(BINS) - 1)[some] / number[some]
        ax.plot(
            mean, share, marker=look.marker, color=look.colour, linestyle=look.line,
            markersize=8, alpha=0.85, markeredgecolor="white",
        )  # fmt: skip
        middles = (BINS[:-1] + BINS[1:]) / 2 + shift[model]
        per_repeat = number / len(predicted)
        counts.bar(middles, per_repeat, width=0.016, color=look.colour, linewidth=0)
        handles.append(style.key(model, line=True))
        handles[-1].set_label(study.named(model, rows))
    ax.set_ylabel(f"Share that is {study.classes[1]}")
    ax.set_ylim(-0.03, 1.03)
    counts.set_ylabel("Students\n(per repeat)")
    counts.set_xlabel(f"Predicted probability of {study.classes[1]} (out of fold, bins of 0.1)")
    counts.set_xticks(BINS)
    counts.set_xlim(-0.02, 1.02)
    figure.align_ylabels()
    style.legend(
        figure, [*handles, style.symbol("perfectly calibrated", linestyle=":", linewidth=1)]
    )
    return figure
