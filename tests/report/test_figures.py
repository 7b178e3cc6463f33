import copy
import dataclasses
import functools
import importlib
import itertools
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
import sklearn.metrics
import yaml
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from backprop.data.dataset import canonical, read_dataset
from backprop.files import write_table
from backprop.models import baselines, networks
from backprop.models.registry import MODELS, is_network, network_configurations
from backprop.network import stacked
from backprop.report import figures as figures_package
from backprop.report.contents import FIGURES, figures, picture
from backprop.report.figures import style
from backprop.report.figures.confusion import confusion_counts
from backprop.report.figures.decision_boundaries import predict
from backprop.report.figures.roc import roc_curve
from backprop.report.figures.study import Study, places
from backprop.report.inputs import Setting, Source
from backprop.report.tables import summarise_configurations
from backprop.study.configurations import HYPERPARAMETERS, Settings
from backprop.study.cross_validation import draw_folds, write_folds
from backprop.study.fits import update_fits
from backprop.study.scores import score_files
from backprop.study.splits import splits_of

ROOT = Path(__file__).parents[2]
CONFIG = {
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
}  # fmt: skip
MANY = {
    **CONFIG,
    "models": ["logistic", "softmax", "scratch"],
    "validation": {"folds": 2, "repeats": 2},
    "vary": {
        "hidden": [[nodes] for nodes in range(3, 28)],
        "learning_rate": (np.arange(1, 51) / 1000).tolist(),
    },
}
ONLY_LOGISTIC = {**CONFIG, "models": ["logistic"]}
DIVERGED = "h2-relu-squared_error-lr0.1-uniform"
DEAD = "h100-sigmoid-squared_error-lr0.1-uniform"


def failing(configuration, fit):
    """Let one configuration diverge and one be dead, as the real ones do in longer training."""
    if configuration.name == DIVERGED:
        nothing = np.full_like
        return dataclasses.replace(
            fit, status="diverged", probabilities=nothing(fit.probabilities, np.nan),
            train_cost=nothing(fit.train_cost, np.inf), test_cost=nothing(fit.test_cost, np.nan),
            parameters=nothing(fit.parameters, np.nan),
        )  # fmt: skip
    return dataclasses.replace(fit, status="dead") if configuration.name == DEAD else fit


class Results:
    """The results of a config, and the figures drawn from them."""

    def __init__(self, files, settings):
        self.files = files
        self.settings = settings
        self.studies = {}
        self.drawings = {}

    def study(self, name):
        """Return the study of a figure, with nothing but what the figure says that it needs."""
        if name not in self.studies:
            entry = FIGURES[name]
            self.studies[name] = Study(
                {source: self.files[source] for source in entry.sources},
                {setting: self.settings[setting] for setting in entry.settings},
            )
        return self.studies[name]

    def drawn(self, name, variant):
        """Return a figure and its SVG, drawn once for all tests."""
        if (name, variant) not in self.drawings:
            self.drawings[name, variant] = draw(self.study(name), name, variant)
        return self.drawings[name, variant]


def make_results(folder, config):
    """Make the results of a config with the library: three epochs, TensorFlow played by NumPy."""
    data_file = ROOT / "resources" / "ex4.csv"
    dataset = read_dataset(data_file)
    assigned = draw_folds(dataset.y, **config["validation"], seed=1)
    write_folds(folder / "folds.csv", assigned)
    every_split = splits_of(assigned)
    candidates = network_configurations(config)
    fits_files = []
    for model in config["models"]:
        if is_network(model):
            fits_files += train_network(folder / model, model, candidates, every_split, dataset)
        else:
            fits_files.append(folder / f"{model}.parquet")
            baseline = importlib.import_module(MODELS[model].module)
            train = functools.partial(baselines.train_fits, baseline, dataset=dataset)
            update_fits(fits_files[-1], model, [Settings()], every_split, "", train)
    scores, times = score_files(fits_files, dataset.y)
    summaries = summarise_configurations(scores, candidates, config["validation"]["folds"])
    written = {
        Source.SCORES: scores,
        Source.TIMINGS: times,
        Source.CONFIGURATIONS: summaries,
    }
    for source, table in written.items():
        write_table(folder / f"{source.name}.csv", table)
    headline = {*config["models"], *(candidate.shape.name for candidate in candidates[:1])}
    files = {
        **{source: str(folder / f"{source.name}.csv") for source in written},
        Source.DATA: [str(data_file)],
        Source.FOLDS: str(folder / "folds.csv"),
        Source.FITS: [str(file) for file in fits_files],
        Source.HEADLINE_FITS: [str(file) for file in fits_files if file.stem in headline],
    }
    plain_values = [dataclasses.asdict(candidate) for candidate in candidates]
    settings = {
        Setting.CONFIGURATIONS: plain_values,
        Setting.REFERENCE: plain_values[0] if plain_values else None,
        Setting.SEED: 1,
        Setting.ROPE: 0.01,
    }
    return Results(files, settings)


def train_network(folder, model, candidates, every_split, dataset):
    """Write a file of fits for each shape, as the workflow does."""
    folder.mkdir()
    paths = []
    for shape in dict.fromkeys(candidate.shape for candidate in candidates):

        def train(missing):
            trained = networks.train_fits(stacked, missing, dataset, seed=1, epochs=3)
            return [failing(c, fit) for (c, _), fit in zip(missing, trained, strict=True)]

        paths.append(folder / f"{shape.name}.parquet")
        of_shape = [candidate for candidate in candidates if candidate.shape == shape]
        update_fits(paths[-1], model, of_shape, every_split, "", train)
    return paths


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("results"), CONFIG)


@pytest.fixture(scope="module")
def only_logistic(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("only_logistic"), ONLY_LOGISTIC)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return make_results(tmp_path_factory.mktemp("many"), MANY)


def pictures(config):
    """List the (figure, variant) of each picture of a config's report."""
    return [
        pytest.param(name, variant, id=picture(name, variant))
        for name, figure in figures(config, "ex4").items()
        for variant in figure.pictures(config)
    ]


def draw(study, name, variant=""):
    with style.look():
        figure = importlib.import_module(f"backprop.report.figures.{name}").draw(study, variant)
        return figure, style.svg(figure)


def visible(axis):
    return [t for t in axis.get_ticklabels() if t.get_visible() and t.get_text()]


def check(figure):
    assert figure.get_figwidth() == style.WIDTH
    assert figure.get_figheight() <= style.HEIGHT
    labels = [ax.xaxis.label for ax in figure.axes if ax.get_visible() and ax.get_xlabel()]
    for one, other in itertools.combinations(labels, 2):
        assert not one.get_window_extent().overlaps(other.get_window_extent()), one.get_text()
    for ax in figure.axes:
        if ax.get_visible():
            for axis in (ax.xaxis, ax.yaxis):
                assert axis.label.get_text() or not visible(axis), ax.get_title()
    box = figure.get_tightbbox()  # what is drawn lies within what is shown
    assert box.x0 > -0.1
    assert box.y0 > -0.1
    assert box.x1 < figure.get_figwidth() + 0.1
    assert box.y1 < figure.get_figheight() + 0.1
    for legend in figure.legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            for model in MODELS.values():
                if text.get_text().startswith(model.label):
                    assert to_hex(handle.get_color()) == model.colour.lower()


def test_every_figure_has_a_module_and_a_caption():
    (folder,) = figures_package.__path__
    modules = {file.stem for file in Path(folder).glob("*.py")} - {"__init__", "style", "study"}
    captions = {file.stem for file in (ROOT / "workflow" / "report").glob("*.rst")}
    assert set(FIGURES) == modules
    assert set(FIGURES) <= captions


def imported(modules, suspects):
    """Return which packages the import of some modules loads."""
    code = f"import sys, {', '.join(modules)}; print(*{suspects!r} & {{*sys.modules}})"
    run = [sys.executable, "-c", code]
    return subprocess.run(run, cwd=ROOT / "src", capture_output=True, text=True, check=True).stdout


def test_the_list_of_figures_is_cheap_to_import():
    suspects = {"pandas", "seaborn", "matplotlib"}
    assert imported(["backprop.report.contents"], suspects).strip() == ""


def test_only_heat_maps_import_seaborn():
    heat_maps = {"hard_students", "interactions"}
    modules = [f"backprop.report.figures.{name}" for name in FIGURES if name not in heat_maps]
    assert imported(modules, {"seaborn", "matplotlib"}).split() == ["matplotlib"]


def test_no_two_models_look_alike():
    for field in ("label", "colour", "marker"):
        assert len({getattr(model, field) for model in MODELS.values()}) == len(MODELS)


def test_the_look_is_that_of_seaborn():
    seaborn_look = {**sns.axes_style("whitegrid"), **sns.plotting_context("paper", font_scale=1.2)}
    with mpl.rc_context({**seaborn_look, **style.LOOK}):
        expected = {key: mpl.rcParams[key] for key in seaborn_look}
    with style.look():
        actual = {key: mpl.rcParams[key] for key in seaborn_look}
    unused = {"image.cmap", "font.sans-serif"}
    differing = {key for key in seaborn_look if actual[key] != pytest.approx(expected[key])}
    assert differing == unused


@pytest.mark.parametrize(("name", "variant"), pictures(CONFIG))
def test_draws(results, name, variant):
    figure, _ = results.drawn(name, variant)
    check(figure)


@pytest.mark.parametrize(("name", "variant"), pictures(ONLY_LOGISTIC))
def test_draws_with_no_model_but_logistic(only_logistic, name, variant):
    figure, _ = only_logistic.drawn(name, variant)
    check(figure)


@pytest.mark.parametrize(("name", "variant"), pictures(MANY))
def test_draws_many_configurations(many, name, variant):
    figure, _ = many.drawn(name, variant)
    check(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_is_the_same_bytes(results, name):
    variant = next(iter(FIGURES[name].pictures(CONFIG)))
    _, svg = draw(results.study(name), name, variant)
    assert svg == results.drawn(name, variant)[1]


@pytest.mark.parametrize("name", [name for name in FIGURES if FIGURES[name].variants])
def test_a_variant_is_the_same_bytes_whatever_was_drawn_before(results, name):
    *_, last = FIGURES[name].pictures(CONFIG)
    fresh = Results(results.files, results.settings)
    for variant in FIGURES[name].pictures(CONFIG):
        results.drawn(name, variant)
    assert fresh.drawn(name, last)[1] == results.drawn(name, last)[1]


def test_one_at_a_time_has_no_pairs():
    assert "interactions" in figures(CONFIG, "ex4")
    assert "interactions" not in figures({**CONFIG, "search": "one_at_a_time"}, "ex4")


def test_failed_fits_are_counted_below_their_value(results):
    figure, _ = results.drawn("hyperparameters", "accuracy")
    labels = " ".join(t.get_text() for ax in figure.axes for t in ax.get_xticklabels())
    assert "6 dead" in labels
    assert "6\ndiverged" in labels


def test_a_difference_of_unknown_spread_has_a_bar_from_edge_to_edge(results):
    study = copy.copy(results.study("differences"))
    table = study.summaries.copy()
    row = table.index[table["model"] == "scratch"][0]
    table.loc[row, ["difference_lower", "difference_upper"]] = [-np.inf, np.inf]
    study.summaries = table
    figure, _ = draw(study, "differences")
    (ax,) = figure.axes
    across = [line for line in ax.lines if line.get_transform() == ax.get_yaxis_transform()]
    assert [list(line.get_xdata()) for line in across] == [[0, 1]]
    assert np.isfinite(ax.get_xlim()).all()


def test_places_are_the_rows_of_each_model_and_configuration(results):
    scores = results.study("spread").scores
    index = places(scores)
    assert sum(map(len, index.values())) == len(scores)
    for (model, configuration), rows in index.items():
        same = scores["configuration"].isna() if configuration is None else (
            scores["configuration"] == configuration
        )  # fmt: skip
        assert rows.tolist() == np.flatnonzero((scores["model"] == model) & same).tolist()


def test_a_cell_of_a_pair_is_the_mean_of_its_fits(results):
    figure, _ = results.drawn("interactions", "hidden-learning_rate")
    scores = pd.read_csv(results.files[Source.SCORES])
    of_scratch = scores[scores["model"] == "scratch"]
    cells = of_scratch.groupby(["learning_rate", "hidden"])["accuracy"].mean().unstack()
    shown = figure.axes[0].collections[0].get_array()
    np.testing.assert_allclose(shown, 100 * cells[["2", "100", "3x2"]], rtol=1e-12)


@pytest.mark.parametrize("hyperparameter", HYPERPARAMETERS)
def test_a_series_varies_one_hyperparameter(results, hyperparameter):
    study = results.study("hyperparameters")
    others = [key for key in HYPERPARAMETERS if key != hyperparameter]
    expected = {
        candidate
        for candidate in study.candidates
        if all(getattr(candidate, key) == getattr(study.reference, key) for key in others)
    }
    series = study.series(hyperparameter)
    assert set(series) == expected
    assert len(series) == len(expected)


def test_learning_curves_read_the_files_of_the_drawn_shapes_alone(results):
    drawn = {c.shape.name for c in results.study("learning_curves").series("learning_rate")}
    files = [
        file if Path(file).stem in drawn else "no such file" for file in results.files[Source.FITS]
    ]
    pruned = Results({**results.files, Source.FITS: files}, results.settings)
    assert "no such file" in files
    _, svg = pruned.drawn("learning_curves", "learning_rate")
    assert svg == results.drawn("learning_curves", "learning_rate")[1]


def test_curves_are_those_of_the_given_configurations(results):
    study = Results(results.files, results.settings).study("learning_curves")
    series = study.series("learning_rate")
    for configurations in (series[:1], series, series[1:]):
        curves = study.curves(configurations)
        models = ("scratch", "tensorflow")
        assert set(curves) == {(m, c.name) for m in models for c in configurations}
        assert all(len(rows) == 6 for rows in curves.values())


@pytest.mark.parametrize("model", CONFIG["models"])
def test_the_probabilities_of_the_plane_are_those_of_the_fits(results, model):
    study = results.study("decision_boundaries")
    rows_of_fits = study.headlines[model]
    probabilities = predict(study, model, rows_of_fits, study.data.x)
    for column, fit in zip(probabilities.T, rows_of_fits.itertuples(), strict=True):
        np.testing.assert_allclose(column[fit.rows - 1], fit.probabilities, rtol=1e-12)


@pytest.mark.parametrize("decimals", [1, 2, 16], ids=lambda d: f"rounded to {d} decimals")
def test_the_roc_curve_is_that_of_scikit_learn(decimals):
    generator = np.random.default_rng(0)
    y = np.tile([0, 1, 1], 20)
    probabilities = generator.random(60).round(decimals)
    false, true = roc_curve(y, probabilities)
    expected = sklearn.metrics.roc_curve(y, probabilities, drop_intermediate=False)
    np.testing.assert_array_equal(false, expected[0])
    np.testing.assert_array_equal(true, expected[1])
    area = sklearn.metrics.roc_auc_score(y, probabilities)
    assert np.trapezoid(true, false) == pytest.approx(area, abs=1e-14)


def test_confusion_counts_are_those_of_scikit_learn():
    generator = np.random.default_rng(0)
    y, probabilities = np.tile([0, 1, 1], 20), generator.random(60)
    probabilities[:2] = [0.5, np.nan]
    known = np.isfinite(probabilities)
    expected = sklearn.metrics.confusion_matrix(y[known], probabilities[known] >= 0.5)
    np.testing.assert_array_equal(confusion_counts(y, probabilities), expected)


@pytest.mark.parametrize("exponent", [-1060, 1017])
@pytest.mark.parametrize("name", ["decision_boundaries", "hard_students"])
def test_data_near_the_limits_of_float64_are_drawn_like_others(
    only_logistic, name, exponent, tmp_path
):
    ex4 = read_dataset(*map(Path, only_logistic.files[Source.DATA]))
    extreme = dataclasses.replace(ex4, x=np.ldexp(ex4.x, exponent))
    (tmp_path / "data.csv").write_bytes(canonical(extreme))
    files = only_logistic.files | {Source.DATA: [str(tmp_path / "data.csv")]}
    study = Study(files, only_logistic.settings)
    figure, _ = draw(study, name)
    axes = figure.axes[0]
    assert axes.get_xlabel() == f"Exam 1 (points, times $2^{{{exponent + 6}}}$)"
    assert axes.get_ylabel() == f"Exam 2 (points, times $2^{{{exponent + 7}}}$)"
    students = [c for c in axes.collections if isinstance(c, PathCollection)]
    for c, points in zip((0, 1), students, strict=True):
        np.testing.assert_array_equal(points.get_offsets(), ex4.x[ex4.y == c] / [64, 128])
    of_logistic = study.headlines["logistic"]
    original = only_logistic.study("decision_boundaries")
    np.testing.assert_array_equal(
        predict(study, "logistic", of_logistic, study.data.x),
        predict(original, "logistic", of_logistic, original.data.x),
    )
