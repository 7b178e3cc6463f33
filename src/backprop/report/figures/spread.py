"""How much the score varies between the folds of a repeat, and between repeats."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import labels, look, markers
from backprop.report.figures.configuration_lines import entries_of, lines_of
from backprop.report.figures.contenders import Entry
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import named
from backprop.report.wording.names import sentence_case
from backprop.report.wording.rows import without_score
from backprop.statistics.results import KEYS


def draw(study: Study, variant: str) -> Figure:
    """Draw two standard deviations for each configuration."""
    lines, title = lines_of(study, means_of(study))
    figure, ax = look.canvas(2.1 + 0.34 * len(lines))
    for y, line in enumerate(lines):
        shift = markers.offsets([model for model, _ in line.entries], 0.34)
        diverged: dict[str, str] = {}
        for model, configuration in line.entries:
            row = study.results.summaries[model, configuration]
            if row.score is None:
                diverged[model] = without_score(row)
            else:
                _deviations(study, ax, y + shift[model], model, configuration)
        markers.remark(ax, y, diverged)
    labels.label_lines(ax, [line.label for line in lines], title)
    ax.set_xlim(left=-0.02 * ax.get_xlim()[1])
    unit = study.unit.full_name
    across = f"Standard deviation of {named(study.results.metric)}" + (unit and f" ({unit})")
    ax.set_xlabel(labels.beside_labels(across))
    entries = entries_of(study, lines)
    handles = [
        *study.models.keys(entries),
        markers.symbol("between the folds of a repeat", marker="o"),
        markers.symbol(
            "between the means of repeats", marker="|", markersize=11, markeredgewidth=2
        ),
        *study.models.hollow_key(entries),
    ]
    return markers.finish(figure, handles, finding(study), 3)


def means_of(study: Study) -> dict[Entry, float]:
    """Return the mean score of the fits of each (model, configuration) that have one, else NaN."""
    groups = study.results.scores.groupby(list(KEYS), sort=False, observed=True)
    return dict(groups[study.results.metric].mean())


def finding(study: Study) -> str:
    """Return the two standard deviations of the baseline."""
    scores = study.results.scores_of(BASELINE, study.results.headline(BASELINE))
    folds, between = deviations(scores, study.results.metric, study.unit.scale)
    if not np.isfinite([folds, between]).all():
        return ""
    name = sentence_case(MODELS[BASELINE].name)
    first = study.unit.in_words(folds / study.unit.scale)
    second = study.unit.amount(between / study.unit.scale)
    return f"{name}: {first} between the folds, {second} between the repeats"


def _deviations(study: Study, ax: Axes, y: float, model: str, configuration: str) -> None:
    scores = study.results.scores_of(model, configuration)
    folds, between = deviations(scores, study.results.metric, study.unit.scale)
    entry, hollow = study.registry[model], study.models.hollow(model, configuration)
    ax.plot([between, folds], [y, y], color=entry.colour, linewidth=1, alpha=0.5)
    markers.mean_mark(
        ax, folds, y, entry, hollow=hollow, markersize=7, markeredgewidth=1.4,
        markeredgecolor=entry.colour,
    )  # fmt: skip
    ax.plot(between, y, "|", color=entry.colour, markersize=11, markeredgewidth=2)


def deviations(scores: pd.DataFrame, metric: str, scale: float) -> tuple[float, float]:
    """Return two standard deviations of a score, in units of which a score of 1 has `scale`.

    Between the folds of a repeat, as a mean over the repeats, and between the means of repeats.
    """
    repeats = scale * scores.groupby("repeat")[metric].agg(["mean", "std"])
    return repeats["std"].mean(), repeats["mean"].std()
