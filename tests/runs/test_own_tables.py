"""Tables as users bring them, run from the config to the report."""

import csv
import io
import re

import pytest
from own_tables import check_comparison, check_folds, penguins, rare, semicolons, table
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


@pytest.mark.parametrize("dataset", ODD)
def test_the_models_are_compared_on_the_table(dataset, project):
    check_comparison(project, dataset, MODELS, ODD[dataset].get("positive"))


@pytest.mark.parametrize("dataset", ODD)
def test_every_fold_has_every_class(dataset, project):
    check_folds(project, dataset, ODD[dataset].get("label", "class"), "12")


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
