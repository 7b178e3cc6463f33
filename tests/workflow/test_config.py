"""The types of the config: every key that may be left out has one default."""

import copy
import json
from typing import Any

import pytest
import yaml
from declared import Declared
from full_config import completed
from jsonschema import Draft202012Validator
from project import ROOT, SMALL
from pydantic import ValidationError
from test_checks import keys_of

from backprop.config import Config, Validation
from backprop.files import canonical_json
from backprop.workflow.archive.packing import as_yaml
from backprop.workflow.config_check.checks import check_config
from backprop.workflow.config_check.config_schema import read_schema
from backprop.workflow.plan.plan import Plan

SCHEMA = read_schema()
DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
KNN = {"class": "sklearn.neighbors.KNeighborsClassifier"}
SEVERAL = {
    **SMALL,
    "datasets": {"ex4": SMALL["datasets"]["ex4"], "flowers": {"source": "iris"}},
    "models": ["logistic", "softmax", "scratch", "tensorflow", "knn"],
    "estimators": {"knn": KNN},
    "validation": {"folds": 3, "repeats": 2},
}
del SEVERAL["simulation"]


pytestmark = pytest.mark.usefixtures("at_the_root")


def test_every_key_that_may_be_left_out_has_a_default_and_no_other_key_has_one():
    keys = {path: each for path, *each in keys_of(SCHEMA) if not path.endswith(".ex4")}
    assert keys["validation.folds"][1]
    assert sum(not required for _, required in keys.values()) > 30
    assert [path for path, (key, required) in keys.items() if ("default" in key) == required] == []


def test_only_what_is_left_out_is_filled_in():
    content = copy.deepcopy(SEVERAL) | {"baselines": {"softmax": {"reference": {"l2": 0.5}}}}
    content["validation"]["inner_folds"] = None
    before = copy.deepcopy(content)
    full = check_config(content).as_json()
    assert content == before
    assert full["baselines"]["softmax"] == {"reference": {"l2": 0.5}, "vary": {"l2": []}}
    assert full["baselines"]["logistic"]["reference"] == {"l2": 0.0}
    assert full["validation"]["inner_folds"] is None
    assert full["estimators"] == {"knn": {**KNN, "reference": {}, "vary": {}}}
    assert completed(full, SCHEMA) == full


def written(value: Any, schema: Any) -> Any:
    """Return a completed value without the defaults that nobody may write."""
    if not isinstance(value, dict):
        return value
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    parts = {key: (part, known.get(key, others) or {}) for key, part in value.items()}
    return {
        key: written(part, of_key)
        for key, (part, of_key) in parts.items()
        if Draft202012Validator(of_key).is_valid(written(part, of_key))
    }


@pytest.mark.parametrize("content", [DEFAULT, SEVERAL], ids=["default", "several"])
def test_a_config_that_spells_out_all_defaults_plans_the_same_jobs(content):
    schema = read_schema(content.get("estimators", ()))
    spelled_out = written(check_config(content).as_json(), schema)
    for key in ("missing", "duplicates"):
        assert all(key in entry for entry in spelled_out["datasets"].values())
    assert spelled_out["reference"]["l2"] == 0.0
    assert spelled_out["validation"]["inner_repeats"] == 4
    assert spelled_out["comparison"]["metric"] == "accuracy"
    plans = [Plan(each, ROOT) for each in (content, spelled_out)]
    one, other = map(Declared, plans)
    assert one.rules.keys() == other.rules.keys()
    assert plans[0].outputs.results() == plans[1].outputs.results()
    for rule in one.rules:
        for dataset in content["datasets"]:
            for wildcards in wildcards_of(rule, plans[0]):
                if rule == "check_known_answers" and dataset != "ex4":
                    continue  # it has none
                job = one.job(rule, dataset, **wildcards)
                assert str(job) == str(other.job(rule, dataset, **wildcards)), rule


def wildcards_of(rule: str, plan: Plan) -> list[dict[str, str]]:
    """Return the wildcards, without the data set, of each job of a rule."""
    models = {
        **dict.fromkeys(plan.design.chunks, plan.design.networks),
        "train": ["logistic", "softmax", *plan.config.estimators],
        "train_without": plan.design.trained_on_shares,
    }.get(rule)
    return [{}] if models is None else [{"model": model} for model in models]


@pytest.mark.parametrize("config", [DEFAULT, SMALL, SEVERAL])
def test_a_config_without_its_defaults_is_completed_to_the_same(config):
    whole = check_config(config)
    short = yaml.safe_load(as_yaml(whole))
    assert check_config(short) == whole
    assert as_yaml(check_config(short)) == as_yaml(whole)
    assert "missing" not in short["datasets"]["ex4"]
    assert completed(short, SCHEMA) == whole.as_json()


def test_a_config_and_its_json_are_the_same_and_numbers_stay_as_they_are_written():
    content = {**SEVERAL, "predictions": {"mine": {"ex4": "p.csv"}}, "learning": {"shares": [1]}}
    config = Config.model_validate(content)
    assert Config.model_validate(json.loads(canonical_json(config.as_json()))) == config
    assert config.as_json()["estimators"]["knn"]["class"] == config.estimators["knn"].class_
    assert canonical_json(config.as_json()["learning"]) == canonical_json(content["learning"])


def test_a_config_cannot_be_changed_and_lacks_no_key():
    config = Config.model_validate(SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        config.seed = 2
    with pytest.raises(ValidationError, match="repeats"):
        Validation.model_validate({"folds": 2})
    with pytest.raises(TypeError, match="Config: unknown sede"):
        config.changed(sede=2)
    assert config.changed(seed=2).seed == 2
