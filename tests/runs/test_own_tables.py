"""Tables as users bring them, and those by name, run from the config to the report."""

import csv
import io
import json
import re

import pytest
from own_tables import penguins, rare, semicolons
from project import SMALL, Project

MODELS = ["logistic", "softmax", "scratch"]
ODD = {
    "penguins": {
        "source": "penguins.csv", "label": "species", "missing": "impute", "row": "penguin",
    },
    "semicolons": {"source": "semicolons.csv", "label": "risk"},
    "rare": {"source": "rare.csv", "label": "state", "positive": "ill", "duplicates": "together"},
    "digits": {"source": "digits"},
}  # fmt: skip
USUAL = {
    "iris": {"source": "iris", "row": "flower"},
    "breast_cancer": {"source": "breast_cancer", "positive": "benign"},
}
DATASETS = {**ODD, **USUAL}
CONFIG = SMALL | {"models": MODELS, "vary": {"learning_rate": [0.3]}}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A whole run of the odd tables."""
    folder = tmp_path_factory.mktemp("own") / "project"
    project = Project(folder, {**CONFIG, "datasets": ODD})
    project.write("penguins.csv", penguins())
    project.write("semicolons.csv", semicolons())
    project.write("rare.csv", rare())
    project.run()
    return project


@pytest.fixture(scope="module")
def of_dataset(project, tmp_path_factory):
    """The project with each data set; usual data sets have tables only."""
    usual = Project(tmp_path_factory.mktemp("usual") / "project", {**CONFIG, "datasets": USUAL})
    usual.run(*(f"results/{name}/provenance.html" for name in USUAL))
    return {**dict.fromkeys(ODD, project), **dict.fromkeys(USUAL, usual)}


def table(project, path):
    return list(csv.DictReader(io.StringIO(project.read(f"results/{path}"))))


DIGITS = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)
CLASSES = {
    "penguins": {"Adelie": 44, "Chinstrap": 20, "Gentoo": 36},
    "semicolons": {"high": 12, "low": 150, "middle": 41},
    "rare": {"well": 95, "ill": 5},
    "iris": {"setosa": 50, "versicolor": 50, "virginica": 50},
    "digits": dict(zip("0123456789", DIGITS, strict=True)),
    "breast_cancer": {"malignant": 212, "benign": 357},
}
POSITIVE = {"rare": "ill", "breast_cancer": "benign"}


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_models_are_compared_on_the_table(dataset, of_dataset):
    project = of_dataset[dataset]
    comparison = table(project, f"{dataset}/tables/comparison.csv")
    assert [row["model"] for row in comparison] == MODELS
    assert all(0 <= float(row["accuracy"]) <= 1 for row in comparison)
    provenance = json.loads(project.read(f"results/{dataset}/data/provenance.json"))
    assert list(provenance["classes"].items()) == list(CLASSES[dataset].items())
    assert provenance["positive"] == POSITIVE.get(dataset)


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_fold_has_every_class(dataset, of_dataset):
    project = of_dataset[dataset]
    rows = table(project, f"{dataset}/data/dataset.csv")
    label = DATASETS[dataset].get("label", "class")
    folds = table(project, f"{dataset}/data/folds.csv")
    pairs = {(fold["fold"], rows[int(fold["row"]) - 1][label]) for fold in folds}
    assert pairs == {(fold, name) for fold in "12" for name in CLASSES[dataset]}


def test_the_data_as_used_are_those_of_the_file(project):
    for name, text, delimiter in (("penguins", penguins(), ","), ("semicolons", semicolons(), ";")):
        rows = table(project, f"{name}/data/dataset.csv")
        originals = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
        assert len(rows) == len(originals)
        for row, original in zip(rows, originals, strict=True):
            for column, cell in original.items():
                expected = "" if cell == "NA" else cell.replace(",", ".")
                assert row[column] == expected or float(row[column]) == float(expected)


def test_an_edit_of_one_data_set_runs_only_its_jobs(project, tmp_path):
    edited = project.copy(tmp_path / "project")
    assert "Nothing to be done" in edited.run().output
    edited.write("rare.csv", rare() + "0.5,0.5,well\n")
    others = ODD.keys() - {"rare"}
    for options in (["--dry-run"], ["--until", "score"]):  # all that it plans, and what it runs
        jobs = re.findall(r"^Job \d+: (.*)$", edited.run(*options).output, re.MULTILINE)
        assert "Fetch the data set rare" in jobs
        assert "Score the fits of rare" in jobs
        assert [job for job in jobs if any(name in job for name in others)] == []


def test_the_report_has_them_all(project):
    project.run("--report", "report.html")
    report = project.read("report.html")
    for name in ODD:
        assert name in report
