"""Tables as users bring them, run from the config to the report, or to the comparison.

Figures of many classes are drawn in tests/report.
"""

import csv
import io
import re

import pytest
from own_tables import check_comparison, check_folds, penguins, rare, semicolons, table
from project import SMALL, Project

MODELS = ["logistic", "softmax", "scratch"]
REPORTED = {
    "penguins": {
        "source": "penguins.csv", "label": "species", "missing": "impute", "row": "penguin",
    },
    "rare": {"source": "rare.csv", "label": "state", "positive": "ill", "duplicates": "together"},
}  # fmt: skip
COMPARED = {
    "semicolons": {"source": "semicolons.csv", "label": "risk"},
    "digits": {"source": "digits"},  # on a schedule: it takes as long as all others
}
ODD = REPORTED | COMPARED
EACH = [*REPORTED, "semicolons", pytest.param("digits", marks=pytest.mark.thorough)]
CONFIG = SMALL | {"models": MODELS, "vary": {"learning_rate": [0.3]}}


def made(folders, datasets, figures, *targets):
    project = Project(folders.mktemp("own") / "project", {**CONFIG, "datasets": datasets})
    if figures:
        project.keep_figures(*figures)
    for name, text in (("penguins", penguins()), ("semicolons", semicolons()), ("rare", rare())):
        project.write(f"{name}.csv", text)
    project.run(*targets)
    return project


@pytest.fixture(scope="module")
def project(tmp_path_factory, thorough):
    """A whole run of two odd tables; all figures are for a schedule."""
    return made(tmp_path_factory, REPORTED, () if thorough else ("confusion",))


@pytest.fixture(scope="module")
def projects(project, tmp_path_factory, thorough):
    """The project of each table; some are only compared."""
    names = COMPARED if thorough else ["semicolons"]
    targets = [f"results/{name}/tables/comparison.csv" for name in names]
    compared = made(tmp_path_factory, COMPARED, (), *targets)
    return dict.fromkeys(REPORTED, project) | dict.fromkeys(names, compared)


@pytest.mark.parametrize("dataset", EACH)
def test_the_models_are_compared_on_the_table(dataset, projects):
    check_comparison(projects[dataset], dataset, MODELS, ODD[dataset].get("positive"))


@pytest.mark.parametrize("dataset", EACH)
def test_every_fold_has_every_class(dataset, projects):
    check_folds(projects[dataset], dataset, ODD[dataset].get("label", "class"), "12")


def test_the_data_as_used_are_those_of_the_file(projects):
    for name, text, delimiter in (("penguins", penguins(), ","), ("semicolons", semicolons(), ";")):
        rows = table(projects[name], f"{name}/data/dataset.csv")
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
    others = REPORTED.keys() - {"rare"}
    for options in (["--dry-run"], ["--until", "score"]):  # all that it plans, and what it runs
        jobs = re.findall(r"^Job \d+: (.*)$", edited.run(*options).output, re.MULTILINE)
        assert "Fetch the data set rare" in jobs
        assert "Score the fits of rare" in jobs
        assert [job for job in jobs if any(name in job for name in others)] == []


def test_the_report_has_them_all(project):
    project.run("--report", "report.html")
    report = project.read("report.html")
    for name in REPORTED:
        assert name in report
