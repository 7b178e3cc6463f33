"""What a start costs: a dry run imports nothing that it can do without, and tries nothing twice."""

import random
import re

import pytest
from project import SMALL, Project

ENDLESS = {"class": "sklearn.svm.SVC", "reference": {"C": 1.0e10, "kernel": "linear"}}


def imported(project, option):
    """Return the packages that a run of Snakemake imports."""
    project.variables["PYTHONPROFILEIMPORTTIME"] = "1"
    lines = project.run(option).output.splitlines()
    return {
        line.rpartition("|")[2].strip().split(".")[0] for line in lines if "import time:" in line
    }


@pytest.fixture(scope="module")
def of_snakemake(tmp_path_factory):
    """The packages that Snakemake imports itself, with its plugins."""
    return imported(Project(tmp_path_factory.mktemp("start") / "project", SMALL), "--help")


def test_a_dry_run_for_a_table_with_categories_and_gaps_imports_no_package_for_training(
    of_snakemake, tmp_path
):
    config = SMALL | {"datasets": {"messy": {"source": "m.csv", "label": "y", "missing": "impute"}}}
    project = Project(tmp_path / "project", config)
    drawn = random.Random(1)
    rows = [
        f"{drawn.choice(['', '1', '2.5'])},{drawn.choice('uvw')},{drawn.choice(['NA', 'p', 'q'])},"
        f"{drawn.choice('ab')}"
        for _ in range(190)
    ]
    project.write("m.csv", "\n".join(["n,c,d,y", *rows, ""]))
    packages = imported(project, "--dry-run") - of_snakemake
    assert "backprop" in packages
    assert not packages & {"sklearn", "pandas", "scipy", "matplotlib", "tensorflow", "pyarrow"}


def test_with_nothing_to_do_no_package_for_results_is_imported(of_snakemake, finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    packages = imported(project, "--quiet") - of_snakemake
    assert "backprop" in packages
    assert not packages & {"sklearn", "pandas", "scipy", "matplotlib", "tensorflow", "pyarrow"}


def test_a_classifier_without_an_end_is_tried_once_and_keeps_no_run_from_starting(
    of_snakemake, tmp_path
):
    config = SMALL | {"models": ["logistic", "endless"], "estimators": {"endless": ENDLESS}}
    project = Project(tmp_path / "project", config)
    output = project.run("--dry-run").output
    assert re.search(r"^train +2$", output, re.MULTILINE)
    assert "error" not in output
    packages = imported(project, "--dry-run") - of_snakemake
    assert "backprop" in packages
    assert "sklearn" not in packages
