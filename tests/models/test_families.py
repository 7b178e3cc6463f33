"""One way to train and to predict: each family does what its own modules do."""

from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from full_config import typed
from lecture import EX4, IRIS
from same_bits import assert_same_bits

from backprop.data.encoding import Encoder
from backprop.models import baselines, estimators, logistic, networks, softmax
from backprop.models.families import (
    ESTIMATOR,
    NETWORK,
    REGRESSION,
    Family,
    PredictingFits,
)
from backprop.network import plain, stacked
from backprop.study.configurations import HYPERPARAMETERS, Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of

TRAINING = {"epochs": 3, "patience": 2, "tolerance": 0.0}
FOREST = "sklearn.ensemble.RandomForestClassifier"


@dataclass(frozen=True)
class Case:
    """A model of a family, and how its own module trains it."""

    family: Family
    implementation: str
    configuration: Configuration
    module: ModuleType
    first: Any
    settings: dict[str, Any]


CASES = [
    Case(
        NETWORK,
        "backprop.network.stacked",
        Configuration.of_network((3,), "tanh", "cross_entropy", 0.3, "glorot"),
        networks,
        stacked,
        {"seed": 5, **TRAINING},
    ),
    Case(
        NETWORK,
        "backprop.network.plain",
        Configuration.of_network((3, 2), "sigmoid", "squared_error", 0.3, "uniform"),
        networks,
        plain,
        {"seed": 5, **TRAINING},
    ),
    Case(
        REGRESSION, "backprop.models.softmax", Configuration.of({"l2": 0.1}), baselines, softmax, {}
    ),
    Case(ESTIMATOR, FOREST, Configuration.of({"n_estimators": 4}), estimators, FOREST, {"seed": 5}),
]
DATASETS = [EX4, IRIS]


def pairs_of(case, dataset):
    folds = draw_folds(dataset.y, folds=4, repeats=1, seed=2)
    return [(case.configuration, split) for split in splits_of(folds)]


@pytest.mark.parametrize("dataset", DATASETS, ids=["two classes", "three classes"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.implementation)
def test_predictions_of_the_test_rows_are_those_of_the_fits(case, dataset):
    pairs = pairs_of(case, dataset)[:2]
    splits = [split for _, split in pairs]
    fits = case.family.train(case.implementation, pairs, dataset, seed=5, training=TRAINING)
    inputs = [
        Encoder.of(dataset, split.train).apply(dataset.x[split.test[:10]]) for split in splits
    ]
    predicting = PredictingFits(
        case.implementation, case.configuration, splits, [fit.parameters for fit in fits], inputs,
        dataset, seed=5,
    )  # fmt: skip
    p, classes = case.family.predict(predicting)
    np.testing.assert_array_equal(classes, p.argmax(axis=1))
    assert p.shape == (10, len(dataset.classes), 2)
    for place, fit in enumerate(fits):
        own = fit.probabilities[:10]
        both = own if own.ndim == 2 else np.stack([1 - own, own], axis=1)
        np.testing.assert_allclose(p[..., place], both, atol=1e-12)


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.implementation)
def test_the_bits_of_fits_do_not_depend_on_the_number_of_processes(case, processes):
    pairs = pairs_of(case, IRIS)
    train = partial(case.family.train_each, case.implementation, dataset=IRIS, seed=5)
    trained = dict(train(pairs, processes=processes, training=TRAINING))
    assert sorted(trained) == list(range(len(pairs)))
    for place, pair in enumerate(pairs):
        ((_, alone),) = train([pair], training=TRAINING)
        assert_same_bits(trained[place], alone)


def test_processes_take_the_fits_of_a_split_together_and_say_how_many_fits_are_done(caplog):
    model = "backprop.models.logistic"
    splits = [split for _, split in pairs_of(CASES[2], EX4)]
    pairs = [(Configuration.of({"l2": l2}), split) for l2 in (0.1, 1.0) for split in splits]
    caplog.set_level("INFO")
    places = [place for place, _ in REGRESSION.train_each(model, pairs, processes=2, dataset=EX4)]
    assert [places.index(n) < places.index(n + len(splits)) for n in range(len(splits))]
    assert sorted(places) == list(range(8))
    said = [(each.getMessage(), each.done) for each in caplog.records]
    assert said == [(f"fit {n + 1} of 8", n / 8) for n in range(8)]


def test_the_space_of_a_model_is_its_own_part_of_the_config():
    reference = {
        "learning_rate": 0.1, "hidden": [3], "activation": "tanh", "cost": "cross_entropy",
        "initialisation": "uniform",
    }  # fmt: skip
    config = typed(
        {
            "reference": reference,
            "vary": {"hidden": [[2]]},
            "search": "grid",
            "baselines": {"logistic": {"vary": {"l2": [0.1]}}},
            "estimators": {"knn": {"class": "...", "reference": {"n_neighbors": 5}}},
        }
    )
    reference, vary, also = NETWORK.space(config, "scratch")
    assert (reference["hidden"], reference["batch_size"], reference["l2"]) == ([3], 1, 0.0)
    assert list(reference) == list(HYPERPARAMETERS)  # in whatever order the config has them
    assert {key: others for key, others in vary.items() if others} == {"hidden": [[2]]}
    assert also == []
    assert REGRESSION.space(config, "logistic") == ({"l2": 0.0}, {"l2": [0.1]}, ())
    assert REGRESSION.space(config, "softmax") == ({"l2": 0.0}, {"l2": []}, ())
    assert REGRESSION.space(config, "centroid") == ({"l2": 0.0}, {}, ())
    assert ESTIMATOR.space(config, "knn") == ({"n_neighbors": 5}, {}, ())
    configurations = REGRESSION.configurations(config, "logistic")
    assert configurations == [Configuration.of({"l2": 0.0}), Configuration.of({"l2": 0.1})]


def test_the_code_that_decides_a_fit_is_that_of_the_family_and_of_the_implementation():
    assert NETWORK.trained_by("backprop.network.plain") == (
        "backprop.models.networks", "backprop.network.plain",
    )  # fmt: skip
    assert REGRESSION.trained_by("backprop.models.logistic") == (
        "backprop.models.baselines", "backprop.models.logistic",
    )  # fmt: skip
    assert ESTIMATOR.trained_by(FOREST) == ("backprop.models.estimators",)


def test_one_implementation_predicts_for_all_networks_and_each_regression_for_itself():
    predictions = "backprop.models.predictions"
    assert NETWORK.predicted_by("backprop.network.autodiff") == (predictions,)
    assert REGRESSION.predicted_by(logistic.__name__) == (predictions, logistic.__name__)
    assert ESTIMATOR.predicted_by(FOREST) == (predictions,)
