"""Every model with several configurations is tuned, compared and shown, not only networks."""

import pytest
from full_config import typed
from made_fits import (
    FOLDS,
    GOOD,
    LESS,
    MORE,
    NEVER,
    OTHER,
    REFERENCE,
    REPEATS,
    Y,
    judged,
    study_with,
    varied,
    write_study,
)

from backprop.report.contents import FIGURES, figures, tables
from backprop.report.figures import (
    hyperparameters,
    look,
    svg,
)
from backprop.statistics.comparison import compare_models
from backprop.study.configurations import Configuration
from backprop.study.scores import score_fits, with_columns

HOSTILE = "$\\input{x}$<script>"


def knn(n=15, weights="uniform"):
    return Configuration.of({"n_neighbors": n, "weights": weights})


NEIGHBOURS = {
    knn(): GOOD, knn(45): MORE, knn(5): LESS, knn(weights=HOSTILE): OTHER, knn(500): NEVER,
}  # fmt: skip
PENALTIES = {Configuration.of({"l2": 0.0}): GOOD, Configuration.of({"l2": 0.1}): MORE}
NETWORKS = {REFERENCE: GOOD, varied(hidden=(5,)): LESS}
EVERY = {"logistic": PENALTIES, "scratch": NETWORKS, "knn": NEIGHBOURS}
CANDIDATES = {model: list(own) for model, own in EVERY.items()}


@pytest.fixture(scope="module")
def study():
    """Return the scores and the fits of a study in which three models are tuned."""
    _, fits = study_with(EVERY)
    failed = (fits["model"] == "knn") & (fits["status"] == "diverged")
    fits["status"] = fits["status"].mask(failed, "failed")
    return with_columns(score_fits(fits, Y)), fits


def test_a_column_counts_failed_fits_only_if_there_are_any(study):
    scores, fits = study
    without = scores[scores["status"] != "failed"]
    assert "failed" not in compare_models(judged((without, fits), CANDIDATES))
    all_failed = {**CANDIDATES, "knn": [knn(500)]}
    only = scores[(scores["model"] != "knn") | (scores["status"] == "failed")]
    table = compare_models(judged((only, fits), all_failed))
    number = FOLDS * REPEATS
    assert table["failed"].tolist() == [0, 0, number]


@pytest.fixture(scope="module")
def drawn(study, tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("study"), *study, CANDIDATES)


def test_a_model_has_a_picture_of_its_own_hyperparameters(drawn):
    with look.drawing():
        figure = hyperparameters.draw(drawn, "knn-accuracy")
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == [
        "n_neighbors 5", "n_neighbors 15 (reference)", "n_neighbors 45",
        "n_neighbors 500 (20 failed)", "weights uniform (reference)",
        r"weights \$\input{x}\$<script>",
    ]  # fmt: skip
    with look.drawing():
        networks = hyperparameters.draw(drawn, "accuracy")
    values = [label.get_text() for label in networks.axes[0].get_yticklabels()]
    assert values
    assert all("hidden" in value for value in values)
    svg.to_bytes(figure)


NETWORK = {
    "hidden": [3], "activation": "relu", "cost": "cross_entropy", "learning_rate": 0.1,
    "initialisation": "uniform",
}  # fmt: skip
OF_TUNED_MODELS = {"tuning", "effects", "nested", "hyperparameters", "interactions"}


@pytest.mark.parametrize("vary", [{}, {"l2": [0]}, {"hidden": [[3]]}])
@pytest.mark.parametrize("search", ["one_at_a_time", "grid"])
def test_without_a_second_configuration_nothing_is_said_of_tuning(vary, search):
    content = {
        "models": ["logistic", "svm", "scratch", "tensorflow"],
        "estimators": {"svm": {"class": "b"}},
        "baselines": {"logistic": {"reference": {"l2": 0.1}}},
        "reference": NETWORK, "vary": vary, "search": search,
        "datasets": {"d": {}}, "validation": {"repeats": 1}, "comparison": {},
    }  # fmt: skip
    config = typed(content)
    every = {*tables(config, "d"), *figures(config, "d")}
    assert not OF_TUNED_MODELS & every
    assert {"configurations", "one_step"} <= every
    assert "saturation" not in every  # slopes of a ReLU do not vanish on both sides
    tanh = typed({**content, "reference": {**NETWORK, "activation": "tanh"}})
    assert "saturation" in figures(tanh, "d")
    content["baselines"]["logistic"]["vary"] = {"l2": [0.01]}
    config = typed(content)
    every = {*tables(config, "d"), *figures(config, "d")}
    assert every >= {"tuning", "effects", "nested", "hyperparameters"}
    assert {name.rpartition("-")[0] for name in FIGURES["hyperparameters"].pictures(config)} == {
        "logistic"
    }
