"""Confusion counts of the plain k-fold cross-validation, the first repeat."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from backprop.report.figures import labels, look, palette
from backprop.report.figures.heat_map import draw_cells, has_room
from backprop.report.figures.study import Study
from backprop.report.wording.names import model_name
from backprop.study.metrics import predicted_classes
from backprop.typing import Array, Integers

MOST_WITH_ZEROS = 3  # classes; with more, cells of 0 are empty, and a bar shows the shares


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel of counts for each model's headline."""
    models, classes = study.results.headlines, len(study.classes)
    figure, axes = look.panels(len(models))
    columns = axes.shape[1]
    names = [
        each.replace(" ", "\n", classes == 2)
        for each in study.class_names(16 if classes == 2 else 12)
    ]
    counts: dict[str, Integers] = {}
    for (model, fits), ax in zip(models.items(), axes.flat, strict=False):
        predictions = study.results.predictions(fits, votes=True)[0]
        counts[model] = confusion_counts(study.dataset.y, predictions)
        cells = _counts(ax, pd.DataFrame(counts[model], names, names))
        title = study.models.label_with_failures(model, fits[fits["repeat"] == 1])
        labels.panel_title(ax, title, columns, 11 if columns <= 3 else 10)
        ax.label_outer()
    if classes > MOST_WITH_ZEROS:
        for ax in axes.flat:
            ax.tick_params(axis="x", rotation=90)
        words = "Share of the true class"
        bar = figure.colorbar(cells, ax=axes, label=words, shrink=0.7, aspect=30, pad=0.02)
        look.percent(bar.ax.yaxis)
    look.label_panels(axes, "Predicted class", f"True class ({study.noun})")
    labels.head(figure, ". ".join(filter(None, [finding(study, counts), worst(study, counts)])))
    return figure


def finding(study: Study, counts: Mapping[str, Integers]) -> str:
    """Return the smallest and the largest number of errors, of the models without a failed fit."""
    fits = next(iter(study.results.headlines.values()))
    n = sum(map(len, fits.loc[fits["repeat"] == 1, "rows"]))  # in an order, not the first rows
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
    by_each = ", by each model" if len(set(errors.values())) == 1 else ""
    return f"Errors in the first repeat: {labels.extent(errors, '{:,}')} {of_all}{by_each}"


def worst(study: Study, counts: Mapping[str, Integers]) -> str:
    """Return which class is taken for which other one most often, by all models; "" if none is."""
    if not (confused := worst_confusion(np.sum([*counts.values()], axis=0))):
        return ""
    true, predicted, share = confused
    names = study.classes
    return f"Most often taken for another class: {names[true]} for {names[predicted]} ({share:.0%})"


def worst_confusion(counts: Integers) -> tuple[int, int, float] | None:
    """Return the true and the predicted class, from 0, of the error with the largest share.

    Parameters
    ----------
    counts : array, shape (C, C)
        From `confusion_counts`; the share is that of the true class, in rows. Of equal shares, the
        first one.

    Returns
    -------
    tuple of int, int and float, or None
        None if there is no error.
    """
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, 0)
    true, predicted = np.unravel_index(shares.argmax(), shares.shape)
    share = float(shares[true, predicted])
    return (int(true), int(predicted), share) if share else None


def _counts(ax: Axes, counts: pd.DataFrame) -> QuadMesh:
    """Draw the counts of the true classes, in rows, and of the predicted ones."""
    shares = counts.div(counts.sum(axis=1).clip(lower=1), axis=0)
    texts = counts.astype(str)
    with_shares = texts + "\n" + shares.map("{:.0%}".format)
    if len(counts) > MOST_WITH_ZEROS:  # among many 0, others are hard to see
        texts, with_shares = (each.mask(counts == 0, "") for each in (texts, with_shares))
    texts = with_shares if has_room(ax, with_shares.to_numpy()) else texts
    return draw_cells(ax, shares, texts.to_numpy(), cmap=palette.SHARES, vmin=0, vmax=1)


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
    cells = classes * y[known] + predicted_classes(probabilities[known])
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)


def count_errors(counts: Integers, n: int) -> int | None:
    """Return how many of n rows are predicted wrongly; None if some have no prediction."""
    return int(counts.sum() - counts.trace()) if counts.sum() == n else None
