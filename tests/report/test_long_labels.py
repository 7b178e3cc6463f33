"""Long names leave figures readable: of the configurations of a grid, and of estimators."""

import functools
import itertools

import pytest
from made_fits import GOOD, LESS, MORE, NEVER, OTHER, REFERENCE, study_with, varied, write_study
from made_results import draw
from test_figures import check

from backprop.report.figures import labels
from backprop.study.configurations import Configuration

LONGEST = 30  # letters of the name of an estimator
NAMES = [f"{start}_of_a_long_name_in_the_config"[:LONGEST] for start in ("trees", "forest", "knn")]
TREES = [
    Configuration.of(
        {"criterion": criterion, "max_depth": depth, "min_weight_fraction_leaf": weight}
    )
    for weight, criterion, depth in itertools.product(
        (0.001, 0.002, 0.003), ("friedman_squared_error", "absolute_error"), (None, 100)
    )
]
GRID = [
    varied(
        hidden=hidden, activation=activation, cost=cost, learning_rate=rate, initialisation=start
    )
    for start, cost, activation, hidden, rate in itertools.product(
        ("uniform", "glorot"), ("squared_error", "cross_entropy"), ("sigmoid", "relu"),
        ((10,), (10, 10, 10)), (0.1, 0.003, 0.001),
    )
]  # fmt: skip
CANDIDATES = {
    "logistic": [Configuration()],
    **{name: TREES if name == NAMES[0] else [Configuration()] for name in NAMES},
    "scratch": GRID,
}


@pytest.fixture(scope="module", params=["grid", "grid and estimators"])
def study(request, tmp_path_factory):
    """Return a study of a grid of networks, alone and with tuned estimators of long names."""
    assert GRID[0] == REFERENCE
    models = [m for m in CANDIDATES if "estimators" in request.param or m not in NAMES]
    every = {
        model: dict(zip(CANDIDATES[model], itertools.cycle((LESS, MORE, OTHER, NEVER))))
        for model in models
    }
    every["logistic"] = {Configuration(): GOOD}
    folder = tmp_path_factory.mktemp("study")
    return write_study(folder, *study_with(every), {model: [*every[model]] for model in models})


@pytest.fixture(scope="module")
def drawn(study):
    """Return a figure of the study, drawn once for all tests."""
    return functools.cache(lambda name, variant="": draw(study, name, variant)[0])


def test_the_axes_keep_half_of_the_width_and_labels_do_not_overlap(drawn):
    figure = drawn("differences")
    check(figure)
    (ax,) = figure.axes
    assert ax.get_position().width >= 0.5
    texts = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert len(texts) == len(set(texts)) > 2
    assert "…" not in "".join(texts)


def test_long_labels_leave_room_for_the_panels_of_all_metrics(drawn):
    figure = drawn("models")
    check(figure)
    assert sum(ax.get_position().width for ax in figure.axes) > 0.4


@pytest.mark.parametrize("name", ["hyperparameters", "interactions"])
def test_long_values_are_broken_or_left_out_and_overlap_nowhere(study, name):
    own = f"{NAMES[0]}-" if NAMES[0] in study.results.candidates else ""
    pair = "min_weight_fraction_leaf-criterion" if own else "hidden-learning_rate"
    figure, _ = draw(study, name, own + ("accuracy" if name == "hyperparameters" else pair))
    check(figure)
    texts = [t.get_text().replace("\n", " ") for ax in figure.axes for t in ax.get_yticklabels()]
    assert not own or name == "interactions" or "criterion absolute_error" in texts


def written(folder, networks):
    """Return the study of networks that are all better than the baseline."""
    every = {"logistic": {Configuration(): GOOD}, "scratch": dict.fromkeys(networks, MORE)}
    return write_study(folder, *study_with(every), {m: [*own] for m, own in every.items()})


@pytest.mark.parametrize(
    "hidden",
    [
        ((2,), (5,), (20,), (50,), (10, 10), (10, 10, 10)),
        ((10, 10, 10), (20, 20, 20), (30, 30, 30), (40, 40, 40), (100, 100), (100, 100, 100)),
    ],
)
def test_each_value_of_a_few_is_named(tmp_path, hidden):
    values = {
        "hidden": hidden, "activation": ("tanh", "relu"), "cost": ("cross_entropy",),
        "learning_rate": (0.01, 0.03, 0.3, 1.0), "initialisation": ("glorot",),
        "optimiser": ("momentum", "adam"),
    }  # fmt: skip
    grid = [REFERENCE, *(varied(**{name: v}) for name, every in values.items() for v in every)]
    figure, _ = draw(written(tmp_path, grid), "hyperparameters", "accuracy")
    check(figure)
    (ax,) = figure.axes
    texts = [label.get_text() for label in ax.get_yticklabels()]
    assert len(texts) == sum(len(v) + 1 for v in values.values())
    assert all(texts)


def test_of_long_labels_the_most_accurate_are_listed_and_the_axis_says_how_many(study, drawn):
    (ax,) = drawn("differences").axes
    estimators = NAMES[0] in study.results.candidates
    shown = len(ax.get_yticklabels()) - 2 * estimators  # two have one configuration
    count = len(GRID) + len(TREES) * estimators
    assert shown == labels.LONG_LINES - 2 * estimators
    assert ax.get_ylabel() == f"The best {shown} of {count} configurations"


def test_a_label_without_room_is_shortened_and_others_are_as_large_as_there_is_room():
    assert labels.fit_labels(["short", "two\nlines"], 40) == (["short", "two\nlines"], 10.5)
    long = "word " * 30
    (label,), size = labels.fit_labels([long], 25)
    assert size == min(labels.LABEL_SIZES)
    assert label.count("\n") == 1
    assert "…" in label
    (label,), size = labels.fit_labels([long], 200)
    assert size == max(labels.LABEL_SIZES)
    assert label.replace("\n", " ") == long.strip()
