"""The shipped config of the history runs beside that of the project, and shows what it says."""

import csv

import pytest
import yaml
from project import ROOT


@pytest.fixture(scope="module")
def history(finished, tmp_path_factory):
    """A finished project in which parts of a smaller config of the history were run, too."""
    project = finished.copy(tmp_path_factory.mktemp("history") / "project")
    content = yaml.safe_load((ROOT / "config/history.yaml").read_text(encoding="utf-8"))
    content |= {"validation": {"folds": 4, "repeats": 1}, "vary": {}, "simulation": {"sets": 0}}
    content["training"]["epochs"] = 250
    project.write("history.yaml", yaml.safe_dump(content))
    parts = ["results/xor/tables/comparison.csv", "results/ex4/data/folds.csv"]
    options = ("--replace-workflow-config", "--directory", "history")
    project.run(*parts, "--configfile", "history.yaml", *options)
    return project


def test_no_line_solves_xor_and_a_network_does(history):
    file = history.folder / "history/results/xor/tables/comparison.csv"
    with file.open(newline="", encoding="utf-8") as lines:
        accuracy = {row["model"]: float(row["accuracy"]) for row in csv.DictReader(lines)}
    assert list(accuracy) == ["perceptron", "logistic", "linear_svm", "rbf_svm", "scratch"]
    for model in ("perceptron", "logistic", "linear_svm"):
        assert 0.25 < accuracy[model] < 0.75  # a line has three of the four corners right at most
    for model in ("rbf_svm", "scratch"):
        assert accuracy[model] > 0.9


def test_it_leaves_the_results_of_the_project_as_they_are(history, finished):
    assert history.files() == finished.files()
    assert history.planned() == set()
    assert {file.name for file in (history.folder / "history/results").iterdir()} >= {"xor", "ex4"}
