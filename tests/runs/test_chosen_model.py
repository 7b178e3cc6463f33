"""A run stores the model that its report recommends, and new rows are predicted by it."""

import json

import numpy as np
import pytest
from own_tables import penguins
from project import SMALL, Project

from backprop.commands.predict import main
from backprop.data.canonical_form import read_dataset
from backprop.models.chosen import read_model


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with results: of penguins, and of a table without any signal."""
    penguin = {"source": "penguins.csv", "label": "species", "row": "penguin", "missing": "impute"}
    noise = {"source": "noise.csv", "label": "y"}
    config = SMALL | {"datasets": {"penguins": penguin, "noise": noise}}
    folder = tmp_path_factory.mktemp("chosen") / "project"
    project = Project(folder, config)
    project.write("penguins.csv", penguins())
    rows = np.random.default_rng(0).normal(size=(40, 2)).round(3).tolist()
    lines = [f"{a},{b},{n % 2}" for n, (a, b) in enumerate(rows)]
    project.write("noise.csv", "\n".join(["a,b,y", *lines, ""]))
    names = [f"results/{name}/model/model.json" for name in config["datasets"]]
    names.append("results/penguins/provenance.json")
    project.run(*names)
    return project


def test_the_stored_model_is_the_recommended_one(finished):
    content = json.loads(finished.read("results/ex4/model/model.json"))
    recommended = content["recommendation"]
    assert recommended["kind"] == "baseline"
    assert recommended["model"] == content["model"]["name"] == "logistic"
    assert recommended["reason"] is None
    fitted = read_model(finished.folder / "results/ex4/model/model.json")
    p = fitted.predict_proba({"exam_1": [20], "exam_2": [80]})
    assert p[0, 0] == pytest.approx(0.668021864, abs=5e-10)


def test_new_rows_are_predicted_from_the_table_itself(project, tmp_path, capsys, monkeypatch):
    lines = penguins().splitlines()
    new = tmp_path / "new.csv"
    new.write_text("\n".join([*(line.partition(",")[2] for line in lines), ""]))  # no class
    file = project.folder / "results/penguins/model/model.json"
    monkeypatch.chdir(project.folder)
    for model in ("scratch", "logistic"):
        main([str(new), "--model", model, "--dataset=penguins", "--folder=."])
        fitted = read_model(file, model)
        rows = fitted.read(new)
        assert not any(rows.remarks)  # these are the rows that it was fitted to
        files = [
            project.folder / f"results/penguins/data/{n}" for n in ("dataset.csv", "columns.json")
        ]
        data = read_dataset(*files)
        np.testing.assert_array_equal(rows.x, data.x)
    right = np.array(fitted.predict(new)) == [line.partition(",")[0] for line in lines[1:]]
    assert right.mean() > 0.9
    assert "100 rows" in capsys.readouterr().out


def test_without_a_recommendation_the_file_says_so(project):
    content = json.loads(project.read("results/noise/model/model.json"))
    assert content["model"] is None
    assert content["recommendation"]["kind"] == "no model"
    assert content["recommendation"]["reason"] == "none is shown to be better than a guess"
    assert set(content["study"]["models"]) == {"logistic", "scratch"}
