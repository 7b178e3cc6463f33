"""ROC curves of the out-of-fold predictions."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from backprop.models.registry import BASELINE
from backprop.report.class_looks import class_colour
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.study import Study
from backprop.report.wording.names import model_name
from backprop.statistics.roc import RATES, Curves, areas_of, curves_of, folds_of, mean_curve


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each model's headline: its curves, and their mean."""
    models = study.results.with_probabilities
    figure, axes = look.panels(len(models))
    several = len(study.classes) > 2
    curves = {model: curves_of(study.dataset.y, fits) for model, fits in models.items()}
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        ax.plot([0, 1], [0, 1], color=palette.GREY, linewidth=1, linestyle=":")
        if curves[model]:
            _curves(ax, curves[model], study.registry[model].colour)
        # No wider than this, it is below the diagonal.
        inches = 0.6 * look.PANELS * look.width() / axes.shape[1]
        text = labels.broken(_areas(curves[model], study.classes), inches, 11)
        ax.text(
            0.97, 0.06, text, ha="right", fontsize=11, transform=ax.transAxes,
            bbox={"pad": 1, "linewidth": 0, "facecolor": "#ffffffdd"},
        )  # fmt: skip
        if model != BASELINE and curves[model] and curves.get(BASELINE):
            mean = mean_curve(folds_of(curves[BASELINE]))
            ax.plot(RATES, mean, color=palette.BLACK, linewidth=1, linestyle=(0, (4, 3)))
        labels.panel_title(ax, study.models.label_with_failures(model, fits), axes.shape[1])
        ax.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
        look.percent(ax.xaxis, ax.yaxis)
    negative, positive = ("the others", "the class") if several else study.classes
    across = f"Share of {negative}\ncalled {positive}"
    across = labels.broken(across, look.PANELS * look.width() / axes.shape[1], 11)
    look.label_panels(axes, across, f"Share of {positive}\ncalled {positive}")
    return markers.finish(figure, _legend(study), finding(study, curves))


def finding(study: Study, curves: Mapping[str, Curves]) -> str:
    """Return the smallest and the largest of the mean areas under the curves of the models."""
    areas = {
        model_name(model): float(areas_of(each).mean()) for model, each in curves.items() if each
    }
    if not areas:
        return ""
    return f"Mean area under the curve: {labels.extent(areas, '{:.3f}')}"


def _legend(study: Study) -> list[Line2D]:
    several = len(study.classes) > 2
    classes = markers.class_symbols(study.classes, marker="", linestyle="-") if several else []
    one = [] if several else [markers.symbol("one repeat", linestyle="-", linewidth=0.8)]
    mean = "mean of the classes" if several else "mean of the repeats"
    return [
        *classes,
        markers.symbol(mean, linestyle="-", linewidth=2.6),
        *one,
        markers.symbol(
            "logistic regression, mean", linestyle=(0, (4, 3)), linewidth=1, color=palette.BLACK
        ),
        markers.symbol("guessing", linestyle=":", linewidth=1),
    ]


def _curves(ax: Axes, curves: Curves, colour: str) -> None:
    """Draw the mean curve of each repeat, or of each of several classes; and their mean."""
    several = len(curves[0]) > 1
    if several:
        for c in range(len(curves[0])):
            ax.plot(RATES, mean_curve(folds_of(curves, c)), color=class_colour(c), linewidth=1.2)
    else:
        for (folds,) in curves:
            ax.plot(RATES, mean_curve(folds), color=colour, linewidth=0.8, alpha=0.35)
    ax.plot(RATES, mean_curve(folds_of(curves)), color=colour, linewidth=2.6)


def _areas(curves: Curves, classes: Sequence[str]) -> str:
    """Return the mean area under the curves, as in the tables.

    Of several classes, it is their mean, and the class with the smallest area is named.
    """
    if not curves:
        return "no complete repeat"
    of_classes = areas_of(curves).mean(axis=0)
    lowest, text = int(of_classes.argmin()), f"area {of_classes.mean():.3f}"
    if len(of_classes) == 1:
        return text
    return f"mean {text},\nworst {classes[lowest]} {of_classes[lowest]:.3f}"
