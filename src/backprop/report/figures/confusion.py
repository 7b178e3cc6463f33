"""Confusion counts of the plain k-fold cross-validation, the first repeat."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.heat_map import draw_cells
from backprop.report.figures.study import Study
from backprop.report.wording.names import model_name
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Integers

WITH_SHARES = 3  # classes whose cells have room for a percentage
TEXT_SIZES = {2: 13.0, 3: 10.0, 6: 9.0, 10: 7.5}  # of counts, by the largest number of classes


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel of counts for each model's headline."""
    models, classes = study.results.headlines, len(study.classes)
    figure, axes = _panels(len(models), classes)
    rows, columns = axes.shape
    names = _names(study, 24 // columns + 6), _names(study, 24 // rows)
    counts: dict[str, Integers] = {}
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        counts[model] = confusion_counts(
            study.dataset.y, study.results.predictions(fits, votes=True)[0]
        )
        _counts(ax, counts[model], names)
        title = study.models.label_with_failures(model, fits[fits["repeat"] == 1])
        labels.panel_title(ax, title, columns, 11 if columns <= 3 else 10)
        ax.label_outer(remove_inner_ticks=True)
    if classes > WITH_SHARES:
        cells, words = axes[0, 0].collections[0], "Share of the true class"
        bar = figure.colorbar(cells, ax=axes, label=words, shrink=0.7, aspect=30, pad=0.02)
        look.percent(bar.ax.yaxis)
        bar.outline.set_visible(False)
    look.label_panels(axes, len(models), "Predicted class", f"True class ({study.noun})")
    labels.head(figure, finding(study, counts))
    return figure


def finding(study: Study, counts: Mapping[str, Integers]) -> str:
    """Return the smallest and the largest number of errors, of the models without a failed fit."""
    n = len(study.dataset.y)
    errors = {
        model_name(model): number
        for model, each in counts.items()
        if (number := count_errors(each, n)) is not None
    }
    if not errors:
        return ""
    of_all = f"of {n:,} {study.noun}"
    if len(errors) == 1:
        ((name, number),) = errors.items()
        return f"Errors of {name} in the first repeat: {number:,} {of_all}"
    by_each = ", by each model" * (len(set(errors.values())) == 1)
    return f"Errors in the first repeat: {labels.extent(errors, '{:,}')} {of_all}{by_each}"


def _panels(models: int, classes: int) -> tuple[Figure, look.Grid]:
    """Return a figure with a panel for each model: as many to a row as the classes allow."""
    small = classes <= 3 or classes > markers.MOST_CLASSES  # few cells, or cells without numbers
    most = 4 if small else 2 if models <= 4 else 3
    if look.is_narrow():
        most = 2 if small else 1
    rows = -(-models // most)
    columns = max(min(2, most), -(-models // rows))
    height = (4.2 if rows == 1 else 3.0) if classes <= 3 else 3.0
    return look.canvas(0.6 + height * rows, nrows=rows, ncols=columns, sharey=True, squeeze=False)


def _names(study: Study, room: int) -> list[str]:
    """Return the names of the classes for the ticks; if more than `room`, some are empty."""
    classes = len(study.classes)
    if classes == 2:
        return [name.replace(" ", "\n", 1) for name in study.class_names(16)]
    every = -(-classes // room)
    names = study.class_names(12)
    return [name if c % every == 0 else "" for c, name in enumerate(names)]


def _counts(ax: Axes, counts: Integers, names: tuple[Sequence[str], Sequence[str]]) -> None:
    """Draw the counts, with the names of the predicted and of the true classes."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    classes = len(counts)
    texts = np.full(counts.shape, "", dtype=object)
    for place, count in np.ndenumerate(counts):
        if classes <= WITH_SHARES:
            texts[place] = f"{count}\n{shares[place]:.0%}"
        elif count:  # among many 0, others are hard to see
            texts[place] = str(count)
    size = next((size for most, size in TEXT_SIZES.items() if classes <= most), 0.0)
    draw_cells(
        ax, shares, (0, 1), palette.SHARES, labels=names, texts=texts if size else None, size=size,
        gap=2 if classes <= 3 else 1 if classes <= markers.MOST_CLASSES else 0,
    )  # fmt: skip
    ax.grid(visible=False)
    ax.tick_params(length=0)
    if classes > 2:
        ax.tick_params(axis="x", rotation=90)
    for text in ax.get_yticklabels() if classes == 2 else ():
        text.set(rotation=90, va="center")


def confusion_counts(y: Integers, probabilities: Array) -> Integers:
    """Count the rows of each true class (axis 0) and predicted class (axis 1).

    Parameters
    ----------
    y : array, shape (n,)
        The classes, from 0 to C - 1.
    probabilities : array, shape (n, C)
        A row of NaN is left out.
    """
    known = np.isfinite(probabilities).all(axis=1)
    classes = probabilities.shape[1]
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (y[known], predicted_classes(probabilities[known])), 1)
    return counts


def count_errors(counts: Integers, n: int) -> int | None:
    """Return how many of n rows are predicted wrongly; None if some have no prediction."""
    return int(counts.sum() - counts.trace()) if counts.sum() == n else None
