import copy
import dataclasses
import functools
import importlib
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from matplotlib.colors import to_hex

from backprop.data import dataset as data
from backprop.files import write_table
from backprop.models import baselines
from backprop.models import networks as training
from backprop.network import stacked as network
from backprop.report import figures as plots
from backprop.report import tables
from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.items import FIGURES, pictures
from backprop.study import fits, folds, splits
from backprop.study.configurations import enumerate_configurations

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


def make_study(folder, config):
    """Make the results of a config with the library: three epochs, TensorFlow played by NumPy."""
    file = ROOT / "resources" / "ex4.csv"
    dataset = data.read(file)
    assigned = folds.split(dataset.y, **config["validation"], seed=1)
    folds.write(folder / "folds.csv", assigned)
    every = splits.splits_of(assigned)
    candidates = enumerate_configurations(config)
    files = []
    for model in config["models"]:
        files.append(folder / f"{model}.parquet")
        if model in baselines.BASELINES:
            baselines.update_fits(
                files[-1], model, data_file=file, folds_file=folder / "folds.csv", basis=""
            )
            continue

        def train(wanted):
            done = {}
            for shape in {c.shape for c, _ in wanted}:
                mine = [(c, s) for c, s in wanted if c.shape == shape]
                trained = training.train(
                    network, shape, mine, dataset.x, dataset.y, seed=1, epochs=3
                )
                for (c, s), fit in zip(mine, trained, strict=True):
                    done[c, s.repeat, s.fold] = failing(c, fit)
            return [done[c, s.repeat, s.fold] for c, s in wanted]

        fits.update(files[-1], model, candidates, every, "", train)
    found = fits.read(files)
    scores = tables.scores(found, dataset.y)
    made = {
        "scores": scores,
        "timings": tables.timings(found),
        "configurations": tables.configurations(scores, candidates, config["validation"]["folds"]),
    }
    for name, table in made.items():
        write_table(folder / f"{name}.csv", table)
    names = {name: str(folder / f"{name}.csv") for name in ["folds", *made]}
    values = {"candidates": [dataclasses.asdict(c) for c in candidates], "seed": 1, "rope": 0.01}
    return Study({"data": str(file), "fits": [str(f) for f in files], **names}, values)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("study"), CONFIG)


@pytest.fixture(scope="module")
def only_logistic(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("only_logistic"), ONLY_LOGISTIC)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    return make_study(tmp_path_factory.mktemp("many"), MANY)


@functools.cache
def drawn(study, picture):
    return draw(study, picture)


def draw(study, picture):
    name, _, variant = picture.partition("-")
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
            for look in style.MODELS.values():
                if text.get_text().startswith(look.name):
                    assert to_hex(handle.get_color()) == look.colour.lower()


def test_every_figure_has_a_module_and_a_caption():
    (folder,) = plots.__path__
    modules = {file.stem for file in Path(folder).glob("*.py")} - {"__init__", "style", "study"}
    captions = {file.stem for file in (ROOT / "workflow" / "report").glob("*.rst")}
    assert set(FIGURES) == modules
    assert set(FIGURES) <= captions


def test_the_list_of_figures_is_cheap_to_import():
    code = "import sys, backprop.report.items; print(*{'pandas', 'seaborn', 'matplotlib'} & {*sys.modules})"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "src", capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == ""


def test_no_two_models_look_alike():
    for field in ("name", "colour", "marker"):
        assert len({getattr(look, field) for look in style.MODELS.values()}) == len(style.MODELS)


@pytest.mark.parametrize("picture", pictures(CONFIG, "ex4"))
def test_draws(study, picture):
    figure, _ = drawn(study, picture)
    check(figure)


@pytest.mark.parametrize("picture", pictures(ONLY_LOGISTIC, "ex4"))
def test_draws_with_no_model_but_logistic(only_logistic, picture):
    figure, _ = drawn(only_logistic, picture)
    check(figure)


@pytest.mark.parametrize("picture", pictures(MANY, "ex4"))
def test_draws_many_configurations(many, picture):
    figure, _ = drawn(many, picture)
    check(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_is_the_same_bytes(study, name):
    picture = next(p for p in pictures(CONFIG, "ex4") if p.partition("-")[0] == name)
    assert draw(study, picture)[1] == drawn(study, picture)[1]


def test_one_at_a_time_has_no_pairs():
    config = {**CONFIG, "search": "one_at_a_time"}
    assert {p for p in pictures(CONFIG, "ex4") if "interactions" in p} != set()
    assert {p for p in pictures(config, "ex4") if "interactions" in p} == set()


def test_dead_and_diverged_fits_are_told(study):
    figure, _ = drawn(study, "hyperparameters-accuracy")
    told = " ".join(t.get_text() for ax in figure.axes for t in ax.get_xticklabels())
    assert "6 dead" in told
    assert "6\ndiverged" in told


def test_a_difference_of_unknown_spread_has_a_bar_from_edge_to_edge(study):
    known = copy.copy(study)
    table = study.configurations.copy()
    row = table.index[table["model"] == "scratch"][0]
    table.loc[row, ["difference_lower", "difference_upper"]] = [-np.inf, np.inf]
    known.configurations = table
    figure, _ = draw(known, "differences")
    (ax,) = figure.axes
    across = [line for line in ax.lines if line.get_transform() == ax.get_yaxis_transform()]
    assert [list(line.get_xdata()) for line in across] == [[0, 1]]
    assert np.isfinite(ax.get_xlim()).all()
