"""A first look with the shipped overrides, and the full run after it, which keeps what it can."""

import pytest
from project import ROOT, SMALL
from rerun_cases import KNN

CONFIG = SMALL | {
    "models": ["logistic", "knn", "scratch"],
    "estimators": {"knn": KNN},
    "validation": {"folds": 2, "repeats": 3, "inner_folds": None},
    "vary": {},
}


@pytest.fixture(scope="module")
def looked(finished, tmp_path_factory):
    """A project after a first look, with the run, in a folder of its own."""
    project = finished.copy(tmp_path_factory.mktemp("first-look") / "project")
    project.configure(CONFIG)
    project.keep_figures()
    tables = ("results/ex4/provenance.html", "results/summary.rst")
    files = ("--configfile", "config.yaml", str(ROOT / "config/quick.yaml"))
    project.first = project.run(*tables, *files, "--replace-workflow-config")
    project.page = project.read("results/summary.rst")
    project.full = project.run(*tables)
    return project


def test_a_full_run_after_a_first_look_keeps_regressions_and_classifiers_of_its_repeats(looked):
    assert looked.first.trained["logistic"] == 2  # the project had one repeat
    assert looked.first.trained["knn n_neighbors=5"] == 4
    of_networks = looked.full.trained.pop("scratch h3-sigmoid-squared_error-lr0.1-uniform")
    assert of_networks == 3 * 2  # they stop elsewhere
    assert looked.full.trained == {"logistic": 2, "knn n_neighbors=5": 2, "knn n_neighbors=1": 2}


def test_the_report_says_first_that_it_is_a_first_look_until_the_full_run(looked):
    first = looked.page.partition("Does a back")[0].replace("\\", "")
    assert "**This is a first look: 2 repeats of cross-validation" in first
    assert "first look" not in looked.read("results/summary.rst")


def test_a_run_ends_with_what_matters_and_nothing_below_it(looked):
    results = looked.folder / "results"
    _, _, below = looked.first.output.partition("\nElapsed time: ")
    _, *end = below.splitlines()
    assert len(end) <= 9
    assert end[0].startswith("This is a first look: ")
    assert end[1].startswith("ex4: ")
    assert end[-3].startswith("Trained 14 fits and kept 2 of an earlier run, in about ")
    assert end[-2:] == [
        f"The page to hand in: {results}/report.pdf",
        f"The tables: {results}/ex4/tables",
    ]
    assert "Trained 12 fits and kept 12 of an earlier run, in about " in looked.full.output
