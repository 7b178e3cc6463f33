"""The completed config is an object, and JSON of it makes the same object again."""

import json

import pytest
from full_config import full
from project import SMALL

from backprop.config import Config, Validation
from backprop.files import canonical_json

KNN = {"class": "sklearn.neighbors.KNeighborsClassifier", "reference": {"n_neighbors": 5}}
CONTENT = full({**SMALL, "estimators": {"knn": KNN}, "predictions": {"mine": {"ex4": "p.csv"}}})


def test_a_config_and_its_json_are_the_same():
    config = Config.of(CONTENT)
    assert config.as_json() == CONTENT
    assert Config.of(json.loads(canonical_json(config.as_json()))) == config


def test_a_config_cannot_be_changed_and_lacks_no_key():
    config = Config.of(CONTENT)
    with pytest.raises(AttributeError):
        config.seed = 2
    with pytest.raises(KeyError, match="repeats"):
        Validation.of({"folds": 2})
    with pytest.raises(TypeError, match="Config: missing or unknown sede"):
        config.changed(sede=2)
