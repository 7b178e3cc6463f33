"""All pairs of models: a matrix of their differences, with intervals and p-values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from backprop.inference.decisions import DIFFERENT
from backprop.models.registry import are_one_model
from backprop.report.figures import labels, look, markers, palette
from backprop.report.figures.heat_map import draw_cells
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import differences_on_axis, probability
from backprop.report.wording.names import NETWORK, model_label
from backprop.statistics.tables import Pair

DEPTH = 0.55  # of better and worse, in a cell: dark text stays readable on both
COLOURS = {
    outcome: palette.tint(colour, DEPTH) if outcome in ("better", "worse") else colour
    for outcome, colour in palette.VERDICTS.items()
}
FEW = {look.WIDE: 7, look.NARROW: 4}  # models, whose cells have room for more than a difference


def draw(study: Study, variant: str) -> Figure:
    """Draw a cell for each pair: the score of the row's model minus the column's."""
    rows: list[Pair] = study.results.rows("pairs")
    compared = {model for row in rows for model in (row.model, row.other)}
    models = [model for model in study.results.candidates if model in compared]
    if not rows:
        return labels.note("Fewer than two models have scores")
    figure, ax = look.canvas(2.0 + (1.0 if look.is_narrow() else 0.85) * (len(models) - 1))
    _cells(study, ax, rows, models)
    if len(models) > FEW[look.width()]:
        ax.tick_params(axis="x", rotation=30)
    title = differences_on_axis(study.results.metric, "row minus column")
    labels.panel_title(ax, title, 1.25 if look.is_narrow() else 1, 12)
    return markers.finish(figure, _handles(study, rows), finding(rows), 2)


def finding(rows: Sequence[Pair]) -> str:
    """Return how many pairs of models are shown to differ, and to be practically equal."""
    differ = sum(row.outcome in DIFFERENT for row in rows)
    equal = sum(row.outcome == "practically equal" for row in rows)
    if len(rows) == 1:
        result = "shown to be practically equal" if equal else "shown to differ"
        return f"The two models are {result if differ or equal else f'not {result}'}"
    verb = "are" if differ > 1 else "is"
    text = f"{differ or 'None'} of the {len(rows)} pairs of models {verb} shown to differ"
    return text + (f", and {equal} to be practically equal" if equal else "")


def _cells(study: Study, ax: Axes, rows: Sequence[Pair], models: Sequence[str]) -> None:
    """Draw each pair: its difference, its interval, and the p-value where there is room."""
    names = [_label(model, study) for model in models]
    cells = pd.DataFrame(np.nan, names[1:], names[:-1])
    texts = np.full(cells.shape, "", dtype=object)
    for row in rows:
        value, *ends = row.difference
        place = models.index(row.model) - 1, models.index(row.other)
        cells.iloc[place] = [*COLOURS].index(row.outcome)
        texts[place] = study.unit.amount(value, "+")
        if len(models) <= FEW[look.width()]:
            interval = study.unit.ends(*ends)
            interval = interval.replace(" to ", "\nto ") if look.is_narrow() else interval
            texts[place] += f"\n{interval}\np {probability(row.p_adjusted)}"
    draw_cells(
        ax, cells, texts, cmap=ListedColormap([*COLOURS.values()]), vmin=0, vmax=len(COLOURS),
        linecolor=palette.GREY, clip_on=False,
    )  # fmt: skip
    ax.set(xlabel="Model of the column", ylabel="Model of the row")


def _label(model: str, study: Study) -> str:
    """Return the label of a model; two implementations of a network are one."""
    both = any(are_one_model(model, other) for other in study.results.candidates if other != model)
    return NETWORK if both else labels.brief(model_label(model), 16)


def _handles(study: Study, rows: Sequence[Pair]) -> list[Artist]:
    equal = f"practically equal (±{study.unit.in_words(study.results.rope)})"
    names = {"better": "row better", "worse": "row worse", "practically equal": equal}
    if any(row.outcome == "slightly different" for row in rows):
        names["slightly different"] = "different, but hardly by enough to matter"
    names["undecided"] = "not shown to differ"
    edge: dict[str, Any] = {"edgecolor": palette.GREY, "linewidth": 0.8}
    return [
        Patch(facecolor=COLOURS[outcome], label=label, **edge) for outcome, label in names.items()
    ]
