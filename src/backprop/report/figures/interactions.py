"""The score by two hyperparameters: it shows whether they act independently."""

from typing import NamedTuple

import numpy as np
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
from backprop.statistics.marks import TROUBLED
from backprop.statistics.results import KEYS
from backprop.typing import Array

MAX_CELLS = 120  # cells that have room for a number
MAX_NAMES = 24  # values that an axis has room to name


Texts = NDArray[np.object_]


class Axis(NamedTuple):
    """A hyperparameter and its values, in the order of the axis."""

    hyperparameter: str
    values: list[object]

    def labels(self, room: int) -> list[str]:
        """Return the label of each value; if there are more than `room`, some are empty."""
        step = -(-len(self.values) // room)
        texts = [value(self.hyperparameter, each).replace(" ", "\n") for each in self.values]
        return [for_figure(text) if n % step == 0 else "" for n, text in enumerate(texts)]


def draw(study: Study, variant: str) -> Figure:
    """Draw a heat map for each model of a family: the mean over all other hyperparameters."""
    *own, first, second = variant.rsplit("-", 2)
    models = next(
        group for group in tuned_groups(study.results.candidates) if not own or group == (own[0],)
    )
    settings = [candidate.values() for candidate in study.results.candidates[models[0]]]
    values = {key: [*dict.fromkeys(own[key] for own in settings)] for key in (first, second)}
    across, up = (Axis(key, in_order(own, own)) for key, own in values.items())
    maps = {model: _map(study, model, across, up) for model in models}
    first_map, *other_maps = maps.values()
    label = model_label(models[0])
    if other_maps and all(_alike(first_map, each, study.unit.scale) for each in other_maps):
        maps, label = {models[0]: first_map}, label_of_same(models)
    means = np.array([mean for mean, _ in maps.values()])
    height = max(3.6, 1.8 + 0.75 * len(up.values))
    layout = {"nrows": len(maps)} if look.is_narrow() else {"ncols": len(maps), "sharey": True}
    height *= layout.get("nrows", 1)
    figure, axes = look.canvas(height, squeeze=False, **layout)
    columns = axes.shape[1]
    numbers = means.size <= MAX_CELLS
    for (model, (mean, texts)), ax in zip(maps.items(), axes.flat, strict=True):
        draw_cells(
            ax, mean, (np.nanmin(means), np.nanmax(means)), "cividis",
            labels=(across.labels(MAX_NAMES // columns), up.labels(MAX_NAMES)),
            gap=1 if numbers else 0, texts=texts if numbers else None,
        )  # fmt: skip
        inches = 0.8 * look.width() / columns / len(across.values)  # of a column
        letters = max(
            len(line) for text in ax.get_xticklabels() for line in text.get_text().split("\n")
        )
        ax.tick_params(axis="x", rotation=90 if 0.1 * letters > inches else 0)
        ax.set_title(label if model == models[0] else model_label(model))
        ax.set_xlabel(heading(across.hyperparameter))
    axes[0, 0].set_ylabel(heading(up.hyperparameter))
    unit = "(%)" if study.unit is POINTS else unit_on_axis(study.results.metric)
    shown = f"Mean {named(study.results.metric)} {unit}".rstrip()
    figure.colorbar(axes[0, 0].collections[0], ax=axes, label=shown, shrink=0.9)
    return figure


def _alike(one: tuple[Array, Texts], other: tuple[Array, Texts], scale: float) -> bool:
    """Return whether two maps have the same texts, and means that look the same."""
    same = np.allclose(one[0], other[0], rtol=0, atol=0.005 * scale, equal_nan=True)
    return bool(same and (one[1] == other[1]).all())


def _map(study: Study, model: str, across: Axis, up: Axis) -> tuple[Array, Texts]:
    """Return the mean score and the text of each cell, both of shape (up, across)."""
    groups = study.results.scores.groupby(list(KEYS), sort=False, observed=True)
    scores = groups[study.results.metric].agg(["sum", "count"])
    sums = dict(zip(scores.index, scores.to_numpy(), strict=True))
    totals = np.zeros((5, len(up.values), len(across.values)))
    for candidate in study.results.candidates[model]:
        values, summary = candidate.values(), study.results.summaries[model, candidate.name]
        row, column = (axis.values.index(values[axis.hyperparameter]) for axis in (up, across))
        troubled = sum(getattr(summary, state) for state in TROUBLED)
        own = (*sums[model, candidate.name], troubled, summary.fits, summary.chaotic)
        totals[:, row, column] += own
    total, scored, failed, fits, chaotic = totals
    with np.errstate(invalid="ignore"):
        mean, failed_share = study.unit.scale * total / scored, failed / fits
    decimals = 0 if study.unit is POINTS else study.unit.decimals
    texts: Texts = np.full(mean.shape, "", dtype=object)
    for place, share in np.ndenumerate(failed_share):
        if fits[place]:
            chaos = "‡" if chaotic[place] else ""
            percentage = f"{share:.0%}" if share > 0.005 else "<1%"
            failed_fits = f"\n{percentage}†" if share else ""
            texts[place] = f"{mean[place]:.{decimals}f}{chaos}{failed_fits}"
    return mean, texts
