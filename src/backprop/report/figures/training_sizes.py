"""The scores of models by their number of training rows, and their differences."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backprop.models.registry import BASELINE, MODELS
from backprop.report.figures import look, markers
from backprop.report.figures.forest_lines import draw_curve, draw_rope
from backprop.report.figures.study import Study
from backprop.report.wording.amounts import differences_on_axis, scores_on_axis
from backprop.report.wording.names import model_name, plural, sentence_case
from backprop.report.wording.training_sizes import range_of, size_in_words
from backprop.statistics.recommendation import largest_missed
from backprop.statistics.tables import BySize, RowsNeeded

BESIDE = 0.018  # how far apart models are, as a share of the width


def draw(study: Study, variant: str) -> Figure:
    """Draw a curve of scores for each model, and below it one of its differences."""
    results = study.results
    every: list[BySize] = results.rows("training_sizes")
    present = {row.model for row in every}
    rows = [row for row in every if results.same_as.get(row.model) not in present]
    models = [*dict.fromkeys(row.model for row in rows)]
    figure, (scores, differences) = look.canvas(7.4, nrows=2, sharex=True)
    scale, most = study.unit.scale, max(row.training_rows for row in rows)
    draw_rope(differences, scale * results.rope, upright=True)
    for model, shift in markers.offsets(models, BESIDE * most).items():
        own = [(row, row.training_rows + shift) for row in rows if row.model == model]
        means = [(x, *row.score) for row, x in own if row.score]
        draw_curve(scores, means, study.registry[model])
        if model != BASELINE:
            known = [(x, *(scale * v for v in row.difference)) for row, x in own if row.difference]
            draw_curve(differences, known, study.registry[model])
    _label(study, scores, differences, rows)
    figure.align_ylabels()
    names = {model: study.models.label(model) for model in models}
    handles = [*study.models.keys_of_curves(names), study.key_of_rope()]
    return markers.finish(
        figure, handles, finding(results.rows("rows_needed"), results.metric, results.row), 3
    )


def finding(rows: Sequence[RowsNeeded], metric: str, noun: str) -> str:
    """Return with how many rows the largest difference that may be missed would be found.

    It is for the first model that is compared; if none may be missed, it is for the largest.
    """
    own = [row for row in rows if row.model == rows[0].model]
    if not own:
        return "No difference can be found: all models are one"
    row = largest_missed(own) or max(own, key=lambda each: each.size)
    name = sentence_case(model_name(row.model))
    return (
        f"{name}: a true difference of {size_in_words(row, metric)} is found in 80% of studies "
        f"with {range_of(row)} {plural(noun)}"
    )


def _label(study: Study, scores: Axes, differences: Axes, rows: Sequence[BySize]) -> None:
    metric = study.results.metric
    scores.set_ylabel(scores_on_axis(metric, "\n"))
    if study.unit.name == "points":
        look.percent(scores.yaxis)
    minus = f"model minus\n{MODELS[BASELINE].name}"
    differences.set_ylabel(differences_on_axis(metric, minus, "\n"))
    sizes = sorted({row.training_rows for row in rows})
    differences.set_xticks(sizes, [f"{size:,.0f}" for size in sizes])
    noun = sentence_case(plural(study.results.row))
    differences.set_xlabel(f"{noun} to train on (mean over the splits)")
