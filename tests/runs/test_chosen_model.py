"""A run stores the model that its report recommends, and new rows are predicted by it."""

import json

import numpy as np
import pytest
from project import SMALL, Project

from backprop.models.chosen import read_model


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with results of a table without any signal."""
    config = SMALL | {"datasets": {"noise": {"source": "noise.csv", "label": "y"}}}
    project = Project(tmp_path_factory.mktemp("chosen") / "project", config)
    rows = np.random.default_rng(0).normal(size=(40, 2)).round(3).tolist()
    lines = [f"{a},{b},{n % 2}" for n, (a, b) in enumerate(rows)]
    project.write("noise.csv", "\n".join(["a,b,y", *lines, ""]))
    project.run("results/noise/model/model.json")
    return project


def test_the_stored_model_is_the_recommended_one(finished_with_new_data):
    finished = finished_with_new_data
    content = json.loads(finished.read("results/ex4/model/model.json"))
    recommended = content["recommendation"]
    assert recommended["kind"] == "baseline"
    assert recommended["model"] == content["model"]["name"] == "logistic"
    assert recommended["reason"] is None
    fitted = read_model(finished.folder / "results/ex4/model/model.json")
    p = fitted.predict_proba({"exam_1": [20], "exam_2": [80]})
    assert p[0, 0] == pytest.approx(0.668021864, abs=5e-10)


def test_without_a_recommendation_the_file_says_so(project):
    content = json.loads(project.read("results/noise/model/model.json"))
    assert content["model"] is None
    assert content["recommendation"]["kind"] == "no model"
    assert content["recommendation"]["reason"] == "none is shown to be better than a guess"
    assert set(content["study"]["models"]) == {"logistic", "scratch"}
