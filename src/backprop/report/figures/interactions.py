"""The score by two hyperparameters: it shows whether they act independently."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop.escaping import for_figure
from backprop.models.registry import tuned_groups
from backprop.report.figures import look
from backprop.report.figures.contenders import label_of_same
from backprop.report.figures.heat_map import draw_cells
from backprop.report.figures.hyperparameter_series import in_order
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import POINTS, named, unit_on_axis
from backprop.report.wording.names import heading, model_label, value
from backprop.statistics.criteria import TROUBLED

COUNTS = ["scored", "troubled", "fits", "chaotic"]
MAX_CELLS = 120  # cells that have room for a number

Map = tuple[pd.DataFrame, NDArray[np.object_]]
"""The mean score of each cell, and its text."""


def draw(study: Study, variant: str) -> Figure:
    """Draw a heat map for each model of a family: the mean over all other hyperparameters."""
    *own, across, up = variant.rsplit("-", 2)
    models = next(
        group for group in tuned_groups(study.results.candidates) if not own or group == (own[0],)
    )
    settings = [candidate.values() for candidate in study.results.candidates[models[0]]]
    distinct = {key: [*dict.fromkeys(each[key] for each in settings)] for key in (up, across)}
    values = {key: in_order(each, each) for key, each in distinct.items()}
    maps = {model: _map(study, model, values) for model in models}
    names = {model: model_label(model) for model in models}
    first, *others = maps.values()
    if others and all(_alike(first, each, study.unit.scale) for each in others):
        maps, names = {models[0]: first}, {models[0]: label_of_same(models)}
    means = np.array([mean for mean, _ in maps.values()])
    height = max(3.6, 1.8 + 0.75 * len(values[up]))
    layout = {"nrows": len(maps)} if look.is_narrow() else {"ncols": len(maps)}
    figure, axes = look.canvas(height * layout.get("nrows", 1), squeeze=False, **layout)
    for (model, (mean, texts)), ax in zip(maps.items(), axes.flat, strict=True):
        cells = draw_cells(
            ax, mean, texts if means.size <= MAX_CELLS else None, cmap="cividis",
            vmin=np.nanmin(means), vmax=np.nanmax(means), linewidths=means.size <= MAX_CELLS,
        )  # fmt: skip
        ax.set_title(names[model])
        ax.label_outer()
    unit = "(%)" if study.unit is POINTS else unit_on_axis(study.results.metric)
    shown = f"Mean {named(study.results.metric)} {unit}".rstrip()
    figure.colorbar(cells, ax=axes, label=shown, shrink=0.9)
    return figure


def _alike(one: Map, other: Map, scale: float) -> bool:
    """Return whether two maps have the same texts, and means that look the same."""
    same = np.allclose(one[0], other[0], rtol=0, atol=0.005 * scale, equal_nan=True)
    return bool(same and (one[1] == other[1]).all())


def _map(study: Study, model: str, values: Mapping[str, list[object]]) -> Map:
    """Return the map of a model; `values` has the values of the rows, then of the columns."""
    rows = []
    for candidate in study.results.candidates[model]:
        own, summary = candidate.values(), study.results.summaries[model, candidate.name]
        scores = study.results.scores_of(model, candidate.name)[study.results.metric]
        places = [each.index(own[key]) for key, each in values.items()]
        troubled = sum(getattr(summary, state) for state in TROUBLED)
        totals = [scores.sum(), scores.count(), troubled, summary.fits, summary.chaotic]
        rows.append([*places, *totals])
    cells = pd.DataFrame(rows).groupby([0, 1]).sum().set_axis(["total", *COUNTS], axis=1)
    cells["mean"] = study.unit.scale * cells["total"] / cells["scored"]
    decimals = 0 if study.unit is POINTS else study.unit.decimals
    cells["text"] = [
        f"{mean:.{decimals}f}{'‡' if chaotic else ''}{_failed(troubled / fits)}"
        for mean, _, troubled, fits, chaotic in cells[["mean", *COUNTS]].to_numpy()
    ]
    down, across = (
        pd.Index(
            [for_figure(value(key, own).replace(" ", "\n")) for own in each], name=heading(key)
        )
        for key, each in values.items()
    )
    means, texts = cells["mean"].unstack(), cells["text"].unstack(fill_value="")
    return pd.DataFrame(means.to_numpy(), down, across), texts.to_numpy()


def _failed(share: float) -> str:
    """Return a line with the share of fits in trouble, if there are any."""
    return f"\n{f'{share:.0%}' if share > 0.005 else '<1%'}†" if share else ""
