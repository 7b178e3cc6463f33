"""The score by two hyperparameters: it shows whether they act independently."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from backprop.escaping import for_figure
from backprop.models.registry import tuned_groups
from backprop.report.figures import look
from backprop.report.figures.heat_map import draw_cells
from backprop.report.figures.hyperparameter_series import in_order
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import POINTS, named, unit_on_axis
from backprop.report.wording.names import heading, value
from backprop.statistics.criteria import TROUBLED

COUNTS = ["total", "scored", "troubled", "fits", "chaotic"]


def draw(study: Study, variant: str) -> Figure:
    """Draw a heat map of a model: the mean over all other hyperparameters."""
    *own, across, up = variant.rsplit("-", 2)
    candidates = study.results.candidates
    model, *_ = next(each for each in tuned_groups(candidates) if not own or each == (own[0],))
    settings = [candidate.values() for candidate in candidates[model]]
    distinct = {key: [*dict.fromkeys(each[key] for each in settings)] for key in (up, across)}
    values = {key: in_order(each, each) for key, each in distinct.items()}
    mean, texts = _map(study, model, values)
    figure, ax = look.canvas(max(3.6, 1.8 + 0.75 * len(values[up])))
    cells = draw_cells(ax, mean, texts, cmap="cividis")
    ax.set_title(study.models.label(model))
    unit = "(%)" if study.unit is POINTS else unit_on_axis(study.results.metric)
    shown = f"Mean {named(study.results.metric)} {unit}".rstrip()
    figure.colorbar(cells, ax=ax, label=shown, shrink=0.9)
    return figure


def _map(
    study: Study, model: str, values: Mapping[str, list[object]]
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Return the mean score of each cell and its text, by the values of its row and column."""
    rows = []
    for candidate in study.results.candidates[model]:
        own, summary = candidate.values(), study.results.summaries[model, candidate.name]
        scores = study.results.scores_of(model, candidate.name)[study.results.metric]
        places = [each.index(own[key]) for key, each in values.items()]
        counts = [sum(getattr(summary, state) for state in TROUBLED), summary.fits, summary.chaotic]
        rows.append([*places, scores.sum(), scores.count(), *counts])
    cells = pd.DataFrame(rows, columns=["row", "column", *COUNTS]).groupby(["row", "column"]).sum()
    means = study.unit.scale * cells["total"] / cells["scored"]
    number = f"{{:.{0 if study.unit is POINTS else study.unit.decimals}f}}"
    marks = np.where(cells["chaotic"] > 0, "‡", "")
    shares = map(_failed, cells["troubled"] / cells["fits"])
    texts: pd.Series[str] = means.map(number.format) + marks + [*shares]
    down, across = [
        pd.Index([for_figure(value(key, v).replace(" ", "\n")) for v in each], name=heading(key))
        for key, each in values.items()
    ]
    cells_of = pd.DataFrame(means.unstack().to_numpy(), down, across)
    return cells_of, texts.unstack(fill_value="").to_numpy()


def _failed(share: float) -> str:
    """Return a line with the share of fits in trouble, if there are any."""
    return f"\n{f'{share:.0%}' if share > 0.005 else '<1%'}†" if share else ""
