import dataclasses
import itertools
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from drawn_texts import LEAST_CONTRAST, SMALLEST, drawn_texts, lowest_contrast, near
from full_config import full, typed
from in_memory import study_of
from lecture import EX4, ROOT
from made_results import Made, draw, make_results
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from backprop.data.canonical_form import canonical
from backprop.models.registry import MODELS
from backprop.report import figures as figures_package
from backprop.report.contents import FIGURES, figures
from backprop.report.figures import (
    hyperparameters,
    labels,
    learning_curves,
    look,
    markers,
)
from backprop.report.figures.decision_boundaries import predict
from backprop.statistics.learning_curves import most_telling
from backprop.statistics.results import Results
from backprop.statistics.tables import Interval
from backprop.workflow.plan.paths import picture

CONFIG = full({
    **yaml.safe_load((ROOT / "config.yaml").read_text()),
    "validation": {"folds": 3, "repeats": 2},
    "reference": {
        "hidden": [2], "activation": "sigmoid", "cost": "squared_error", "learning_rate": 0.1,
        "initialisation": "uniform",
    },
    "vary": {
        "hidden": [[100], [3, 2]], "activation": ["relu"], "cost": ["cross_entropy"],
        "learning_rate": [1.0],
    },
    "search": "grid",
    "learning": {"shares": [0.5, 1]},
})  # fmt: skip
MANY = full(
    {
        **CONFIG,
        "models": ["logistic", "softmax", "scratch"],
        "validation": {"folds": 2, "repeats": 2},
        "vary": {
            "hidden": [[nodes] for nodes in range(3, 28, 2)],
            "learning_rate": (np.arange(2, 51, 2) / 1000).tolist(),
        },
    }
)
ONLY_LOGISTIC = {**CONFIG, "models": ["logistic"]}
DIVERGED = "h2-relu-squared_error-lr0.1-uniform"
UNLEARNED = "h100-sigmoid-squared_error-lr0.1-uniform"


def failing(configuration, fit):
    """Let one configuration diverge and another learn nothing, as some do in longer training."""
    if configuration.name == DIVERGED:
        nothing = np.full_like
        return dataclasses.replace(
            fit, status="diverged", probabilities=nothing(fit.probabilities, np.nan),
            train_cost=nothing(fit.train_cost, np.inf), test_cost=nothing(fit.test_cost, np.nan),
            parameters=nothing(fit.parameters, np.nan),
        )  # fmt: skip
    return dataclasses.replace(fit, status="unlearned") if configuration.name == UNLEARNED else fit


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("results"), CONFIG, EX4, "student", failing)


@pytest.fixture(scope="module")
def only_logistic(tmp_path_factory):
    folder = tmp_path_factory.mktemp("only_logistic")
    return make_results(folder, ONLY_LOGISTIC, EX4, "student")


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("many"), MANY, EX4, "student")


OF_HEADLINES = {name for name, each in FIGURES.items() if "headline_fits" in each.drawn_from}


def pictures(config, without=()):
    """List the (figure, variant) of the pictures of a config's report.

    Of a figure with many variants, the first and the last: the others differ in their names.
    """
    config = typed(config)
    every = {name: [*figure.pictures(config)] for name, figure in figures(config, "ex4").items()}
    return [
        pytest.param(name, variant, id=picture(name, variant))
        for name in every
        if name not in without
        for variant in {every[name][0]: None, every[name][-1]: None}
    ]


def entries(figure):
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def visible(axis):
    return [t for t in axis.get_ticklabels() if t.get_visible() and t.get_text()]


def check(figure):
    assert figure.get_figheight() <= look.HEIGHTS[figure.get_figwidth()]
    texts = [ax.xaxis.label for ax in figure.axes if ax.get_visible() and ax.get_xlabel()]
    for one, other in itertools.combinations(texts, 2):
        assert not one.get_window_extent().overlaps(other.get_window_extent()), one.get_text()
    for ax in figure.axes:
        if ax.get_visible():
            for axis in (ax.xaxis, ax.yaxis):
                assert axis.label.get_text() or not visible(axis), (
                    f"the {axis.axis_name} axis of the panel {ax.get_title(loc='left')!r} has "
                    "numbers and no label"
                )
            for text in ax.texts:  # a label of a mark is within its axes
                box = text.get_window_extent()
                assert (
                    not text.get_text() or ax.bbox.padded(2).count_contains(box.get_points()) == 2
                )
    box = figure.get_tightbbox()  # what is drawn lies within what is shown
    assert box.x0 > -0.1
    assert box.y0 > -0.1
    assert box.x1 < figure.get_figwidth() + 0.1
    assert box.y1 < figure.get_figheight() + 0.1
    check_texts(figure)
    for legend in figure.legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            for model in MODELS.values():
                if text.get_text().startswith(model.label):
                    assert to_hex(handle.get_color()) == model.colour.lower()


def check_texts(figure):
    """Each text is legible: large enough, on no line and no other text."""
    texts, picture = drawn_texts(figure)
    for text in texts:
        assert text.size >= SMALLEST, text
    for one, other in near(texts):
        assert not one.overlaps(other), (one.text, other.text)
    for text in texts:
        assert lowest_contrast(text, picture) >= LEAST_CONTRAST, text


def test_every_figure_has_a_module():
    (folder,) = figures_package.__path__
    files = Path(folder).glob("*.py")
    modules = {file.stem for file in files if "\ndef draw(" in file.read_text(encoding="utf-8")}
    assert set(FIGURES) == modules, "a module in backprop.report.figures for each"


def test_a_figure_of_headlines_knows_which_models_are_the_same():
    """Without that, two models with the same predictions would be drawn twice."""
    own = [name for name, each in FIGURES.items() if "headline_fits" in each.drawn_from]
    lacking = [name for name in own if "comparison" not in FIGURES[name].drawn_from]
    assert not lacking, f'add "comparison" to `drawn_from` of {lacking}'


@pytest.mark.parametrize("inches", [look.WIDE, look.NARROW])
@pytest.mark.parametrize(("name", "variant"), pictures(CONFIG))
def test_draws(results, name, variant, inches):
    figure, _ = results.drawn(name, variant, inches)
    assert figure.get_figwidth() == inches
    check(figure)


@pytest.mark.parametrize(("name", "variant"), pictures(ONLY_LOGISTIC))
def test_draws_with_no_model_but_logistic(only_logistic, name, variant):
    figure, _ = only_logistic.drawn(name, variant)
    check(figure)


@pytest.mark.parametrize(("name", "variant"), pictures(MANY, without=OF_HEADLINES))
def test_draws_many_configurations(many, name, variant):
    figure, _ = many.drawn(name, variant)
    check(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_is_the_same_bytes_whatever_was_drawn_before(results, name):
    *_, last = FIGURES[name].pictures(typed(CONFIG))
    if last:
        study = Made(results.files, results.settings).study(name)
        for variant in FIGURES[name].pictures(typed(CONFIG)):
            results.drawn(name, variant)
    else:
        results.drawn(name)
        study = results.study(name)  # which has drawn it before
    _, picture = draw(study, name, last)
    assert picture == results.drawn(name, last)[1]


def test_one_at_a_time_has_no_pairs():
    assert "interactions" in figures(typed(CONFIG), "ex4")
    assert "interactions" not in figures(typed({**CONFIG, "search": "one_at_a_time"}), "ex4")


def test_failed_fits_are_counted_beside_their_value(results):
    figure, _ = results.drawn("hyperparameters", "accuracy")
    texts = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert "100 hidden nodes (6 unlearned)" in texts
    assert "ReLU (6 diverged)" in texts
    assert "2 hidden nodes (reference, 6 unlearned)" in texts


@pytest.mark.parametrize(
    ("outcome", "enough"), [("undecided", ""), ("slightly different", " by enough to matter")]
)
def test_a_heading_on_values_denies_no_small_difference_that_is_shown(
    results, tmp_path, outcome, enough
):
    effects = pd.read_csv(results.files["effects"]).assign(outcome="undecided")
    effects.loc[effects["model"] == "scratch", "outcome"] = outcome
    file = str(tmp_path / "effects.csv")
    effects.to_csv(file, index=False)
    study = Made({**results.files, "effects": file}, results.settings).study("hyperparameters")
    assert hyperparameters.finding(study, "scratch") == (
        f"No value is shown to change accuracy{enough}, against the reference. Fits that have not "
        "learned: 100 hidden nodes (6 of 6) and hidden layers 3x2 (6 of 6)"
    )


def test_no_class_hides_another_where_their_rows_are_equal():
    """At the first place are rows of two classes, at the second of one, at the third of three."""
    points = np.array([[0, 0], [0, 1e-13], [4, 0], [4, 0], [2, 8], [2, 8], [2, 8.0]])
    y = np.array([0, 1, 1, 1, 2, 0, 1])
    drawn = markers.classes_side_by_side(points, y)
    np.testing.assert_array_equal(drawn[:, 1], points[:, 1])
    step = 4 * markers.BESIDE
    shifts = np.array([-0.5, 0.5, 0, 0, 1, -1, 0])
    np.testing.assert_allclose(drawn[:, 0], points[:, 0] + step * shifts, rtol=1e-12)


def test_trained_widths_are_marked_and_unlearned_fits_of_deep_networks_counted(results):
    figure, _ = results.drawn("saturation")
    lines = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert sorted(lines) == [2, 100]
    (legend,) = [ax.get_legend() for ax in figure.axes[2:3]]
    assert legend.get_title().get_text() == "Hidden layers: unlearned fits, of 6"
    table = pd.read_csv(results.files["configurations"]).set_index("configuration")
    deep = table.loc[UNLEARNED.replace("h100", "h3x2"), "unlearned"].iloc[0]
    assert [text.get_text() for text in legend.get_texts()] == [f"3x2: {deep}"]


def test_the_heading_of_saturation_has_the_slope_of_the_widest_by_its_start(results):
    figure, _ = results.drawn("saturation")
    slopes = {}
    for ax, start in zip(figure.axes[:2], ("uniform", "Glorot"), strict=True):
        (line,) = [each for each in ax.lines if each.get_marker() == "o"]
        slopes[start] = line.get_ydata()[-1]
    assert slopes["uniform"] < 1e-3 < slopes["Glorot"] < 0.25
    heading = " ".join(labels.heading_of(figure).split())
    assert heading == (
        f"Mean output slope with 100 hidden nodes: {slopes['uniform']:.2g} (uniform) "
        f"and {slopes['Glorot']:.2g} (Glorot)"
    )


def ends_of_curves(figure, cost="half squared error"):
    """Return where the test cost of each panel with a cost ends, by the title of the panel."""
    unit, ends = None, {}
    for ax in figure.axes:
        # Panels of one cost share that of the first in their row.
        unit = " ".join(ax.get_ylabel().split()) or unit
        lines = [line for line in ax.lines if line.get_linestyle() == "-"]
        if unit == cost and lines:
            ends[ax.get_title(loc="left").split("\n")[0]] = lines[0].get_ydata()[-1]
    return ends


def test_the_heading_of_learning_curves_has_the_extreme_test_costs_at_the_end(results):
    figure, _ = results.drawn("learning_curves")
    ends = ends_of_curves(figure)
    assert list(ends) == [
        "reference", "100 hidden nodes", "hidden layers 3x2",
    ]  # fmt: skip
    low, high = min(ends, key=ends.get), max(ends, key=ends.get)
    assert " ".join(labels.heading_of(figure).split()) == (
        f"Median test cost when training ends: {ends[low]:.3g} ({low}) to {ends[high]:.3g} ({high})"
    )


def test_the_heading_of_learning_curves_leaves_out_panels_with_diverged_fits(results):
    study = Made(results.files, results.settings).study("learning_curves")
    panels = learning_curves.panels_of(study, learning_curves.values_of(study))
    with look.drawing():
        before = labels.heading_of(learning_curves.draw(study, "")).replace("\n", " ")
        title, extreme = next(panel for panel in panels if f"({panel.title})" in before)
        read = study.results.fits

        def with_diverged(*columns, **options):
            fits = read(*columns, **options)
            of_scratch = fits["model"].eq("scratch") & fits["configuration"].eq(extreme.name)
            fits.loc[fits.index[of_scratch][0], "status"] = "diverged"
            return fits

        study.results.fits = with_diverged
        after = labels.heading_of(learning_curves.draw(study, "")).replace("\n", " ")
    assert after.startswith("Median test cost when training ends: ")
    assert f"({title})" not in after


def test_of_many_learning_curves_three_are_drawn_beside_the_reference_and_it_says_so(many):
    study = many.study("learning_curves")
    values = learning_curves.values_of(study)
    panels = learning_curves.panels_of(study, values)
    assert len(panels) == 4
    assert panels[0].title == "reference"
    with look.drawing():
        figure = learning_curves.draw(study, "")
    keys, notes = ([text.get_text() for text in each.get_texts()] for each in figure.legends)
    assert notes == [f"(3 of {len(values)} other values drawn)"]
    assert notes[0] not in keys
    assert labels.heading_of(figure)  # above the keys, not above the notes


def test_the_telling_curves_are_those_that_do_not_learn_and_those_far_from_the_reference():
    """One unlearned fit of 50 is no reason; a configuration without a score has diverged."""
    rows = {
        "reference": {"accuracy": 0.8},
        "near": {"accuracy": 0.79, "unlearned": 1},
        "far": {"accuracy": 0.7},
        "farther": {"accuracy": 0.92},
        "unlearned": {"accuracy": 0.78, "unlearned": 18},
        "diverged": {"accuracy": math.nan, "diverged": 50},
    }
    own = {
        name: SimpleNamespace(
            **{"unlearned": 0, "diverged": 0, "failed": 0, "fits": 50, **row},
            score=None if math.isnan(row["accuracy"]) else Interval(row["accuracy"], 0.7, 0.95),
        )
        for name, row in rows.items()
    }
    assert most_telling(own, "reference", 2) == ["unlearned", "diverged"]
    assert most_telling(own, "reference", 3) == ["farther", "unlearned", "diverged"]
    assert most_telling({"reference": own["reference"]}, "reference", 3) == []


def test_a_cell_of_a_pair_is_the_mean_of_its_fits(results):
    figure, _ = results.drawn("interactions", "hidden-learning_rate")
    scores = pd.read_csv(results.files["scores"])
    of_scratch = scores[scores["model"] == "scratch"]
    cells = of_scratch.groupby(["learning_rate", "hidden"])["accuracy"].mean().unstack()
    shown = figure.axes[0].collections[0].get_array()
    np.testing.assert_allclose(shown, 100 * cells[["2", "100", "3x2"]], rtol=1e-12)


@pytest.mark.parametrize("model", CONFIG["models"])
def test_the_probabilities_of_the_plane_are_those_of_the_fits(results, model):
    study = Made(results.files, results.settings).study("decision_boundaries")
    study.results.same_as = {}  # keep each model
    rows_of_fits = study.results.headlines[model]
    probabilities = predict(study, model, rows_of_fits, study.dataset.x)
    for column, fit in zip(probabilities[:, 1].T, rows_of_fits.itertuples(), strict=True):
        np.testing.assert_allclose(column[fit.rows - 1], fit.probabilities, rtol=1e-12)


def in_order(points):
    return points[np.lexsort(points.T)]


@pytest.mark.parametrize("exponent", [-1060, 1017])
@pytest.mark.parametrize("name", ["decision_boundaries", "hard_rows"])
def test_data_near_the_limits_of_float64_are_drawn_like_others(
    only_logistic, name, exponent, tmp_path
):
    extreme = dataclasses.replace(EX4, x=np.ldexp(EX4.x, exponent))
    (tmp_path / "data.csv").write_bytes(canonical(extreme))
    files = only_logistic.files | {
        "data": [str(tmp_path / "data.csv"), only_logistic.files["data"][1]]
    }
    study = study_of(Results(files, only_logistic.settings))
    figure, _ = draw(study, name)
    axes = figure.axes[0]
    assert axes.get_xlabel() == f"Exam 1 (times $2^{{{exponent + 6}}}$)"
    assert axes.get_ylabel() == f"Exam 2 (times $2^{{{exponent + 7}}}$)"
    rows = [c for c in axes.collections if isinstance(c, PathCollection)]
    for c, points in zip((0, 1), rows, strict=True):
        shown = np.asarray(points.get_offsets())
        np.testing.assert_array_equal(in_order(shown), in_order(EX4.x[EX4.y == c] / [64, 128]))
    of_logistic = study.results.headlines["logistic"]
    original = only_logistic.study("decision_boundaries")
    np.testing.assert_array_equal(
        predict(study, "logistic", of_logistic, study.dataset.x),
        predict(original, "logistic", of_logistic, original.dataset.x),
    )
