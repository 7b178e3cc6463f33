"""Learning curves: the cost of training and test samples, epoch by epoch."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from backprop.network.functions import Array
from backprop.report.figures import style
from backprop.report.figures.study import Study, failures
from backprop.report.wording import told

COLUMNS, ROWS = 4, 3
CLOSE = 1e-6  # curves of two models that differ by less than this are one curve to the eye
PARTS = {"train_cost": (0, (4, 2)), "test_cost": "-"}


def draw(study: Study, variant: str) -> Figure:
    """Draw a panel for each value of a hyperparameter: medians and spreads over the splits."""
    series = study.series(variant)
    if len(series) > COLUMNS * ROWS:  # the reference, and others evenly from first to last
        some = np.linspace(0, len(series) - 1, COLUMNS * ROWS - 1).round().astype(int)
        reference = series.index(study.candidates[0])
        series = [series[place] for place in sorted({reference, *some})]
    rows = -(-len(series) // COLUMNS)
    columns = -(-len(series) // rows)
    figure, axes = style.canvas(
        0.9 + (2.7 if columns > 2 else 3.4) * rows,
        nrows=rows,
        ncols=columns,
        squeeze=False,
        sharex=True,
    )
    models = study.networks(study.fits)
    top: dict[str, float] = {}
    panels = dict(zip(series, axes.flat, strict=False))
    coincide = True
    for c, ax in panels.items():
        drawn: dict[str, Array] = {}
        notes = []
        for model in models:
            fits = study.rows(study.fits, model, c.name)
            notes.append(failures(fits["status"]))
            middle = {}
            for part in PARTS:
                curves = _curves(fits[fits["status"] != "diverged"], part)
                if curves.empty:
                    continue
                low, middle[part], high = np.quantile(curves.to_numpy(), [0.1, 0.5, 0.9], axis=1)
                top[c.cost] = max(top.get(c.cost, 0.0), float(high.max()))
                if _same(drawn, part, middle[part]):
                    continue
                _line(ax, model, part, curves.index.to_numpy(), low, middle[part], high)
            drawn = drawn or middle
            coincide &= all(_same(drawn, part, middle[part]) for part in middle)
        ax.set_title(told(variant, getattr(c, variant)))
        if note := next(filter(None, notes), ""):
            ax.text(0.96, 0.9, note, ha="right", va="top", transform=ax.transAxes)
    for c, ax in panels.items():
        ax.set_ylim(0, 1.05 * top.get(c.cost, 1.0))
        ax.set_xlabel("Epoch")
        ax.tick_params(labelbottom=True)
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        first = ax.get_subplotspec().is_first_col()
        if first or variant == "cost":
            unit = "nats" if c.cost == "cross_entropy" else "half squared error"
            ax.set_ylabel(f"Mean cost of a sample\n({unit})")
        else:
            ax.tick_params(labelleft=False)
    style.hide(list(axes.flat)[len(series) :])
    shown = models[:1] if coincide else models
    handles = [style.key(model, marker=False, line=True) for model in shown]
    for handle in handles:
        handle.set_linestyle("-")
    if coincide and len(models) > 1:
        handles[0].set_label(" = ".join(style.MODELS[model].name for model in models))
    legend = [
        *handles,
        style.symbol("test samples", linestyle=PARTS["test_cost"]),
        style.symbol("training samples", linestyle=PARTS["train_cost"]),
        style.area("80% of the splits", style.GREY),
    ]
    style.legend(figure, legend)
    return figure


def _curves(fits: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return a column for each fit, a row for each epoch; a fit that has ended stays at its end."""
    columns = [
        pd.Series(cost, index=epochs)
        for epochs, cost in zip(fits["curve_epochs"], fits[part], strict=True)
    ]
    return pd.concat(columns, axis=1).sort_index().ffill() if columns else pd.DataFrame()


def _same(drawn: dict[str, Array], part: str, middle: Array) -> bool:
    one = drawn.get(part)
    return one is not None and one.shape == middle.shape and np.allclose(one, middle, atol=CLOSE)


def _line(
    ax: Axes, model: str, part: str, epochs: Array, low: Array, middle: Array, high: Array
) -> None:
    colour = style.MODELS[model].colour
    ax.fill_between(epochs, low, high, color=colour, alpha=0.14, linewidth=0)
    ax.plot(epochs, middle, color=colour, linestyle=PARTS[part])
