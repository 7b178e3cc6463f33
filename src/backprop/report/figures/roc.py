"""ROC curves of the out-of-fold predictions."""

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import roc_auc_score, roc_curve

from backprop.report.figures import style
from backprop.report.figures.study import Study

RATES = np.linspace(0, 1, 201)


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline: a curve for each repeat, and their mean."""
    headlines = study.headlines(study.fits)
    figure, axes = style.panels(len(headlines), 0.9, 2.85)
    baseline = None
    for (model, fits), ax in zip(headlines.items(), axes.flat, strict=False):
        look = style.MODELS[model]
        curves, areas = [], []
        for p in study.predictions(fits):
            if not np.isfinite(p).all():
                continue
            false, true, _ = roc_curve(study.data.y, p, drop_intermediate=False)
            curves.append(np.interp(RATES, false, true))
            areas.append(roc_auc_score(study.data.y, p))
            ax.plot(false, true, color=look.colour, linewidth=0.8, alpha=0.35)
        ax.plot([0, 1], [0, 1], color=style.GREY, linewidth=1, linestyle=":")
        ax.set_title(study.named(model, fits))
        if curves:
            mean = np.mean(curves, axis=0)
            baseline = mean if model == "logistic" else baseline
            ax.plot(RATES, mean, color=look.colour, linewidth=2.6)
            if model != "logistic" and baseline is not None:
                ax.plot(RATES, baseline, color=style.BLACK, linewidth=1, linestyle=(0, (4, 3)))
            low, high = min(areas), max(areas)
            text = f"area {np.mean(areas):.3f}\n({low:.3f} to {high:.3f})"
        else:
            text = "diverged in every repeat"
        ax.text(0.97, 0.06, text, ha="right", fontsize=11, transform=ax.transAxes)
        ax.label_outer()
    style.hide(list(axes.flat)[len(headlines) :])
    for ax in style.lowest(axes):
        ax.set_xlabel(f"Share of {study.classes[0]}\ncalled {study.classes[1]}")
    for ax in axes[:, 0]:
        ax.set_ylabel(f"Share of {study.classes[1]}\ncalled {study.classes[1]}")
    handles = [
        style.symbol("mean of the repeats", linestyle="-", linewidth=2.6),
        style.symbol("one repeat", linestyle="-", linewidth=0.8),
        style.symbol("logistic, mean", linestyle=(0, (4, 3)), linewidth=1, color=style.BLACK),
        style.symbol("guessing", linestyle=":", linewidth=1),
    ]
    style.legend(figure, handles)
    return figure
