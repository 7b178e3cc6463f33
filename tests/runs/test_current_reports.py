"""A report shows results of this config, these data and this code, or is refused."""

import sqlite3
from pathlib import Path

import pytest
import yaml
from project import ROOT
from rerun_cases import change_code

ERROR = "error: run `snakemake` before the report, because"
ANOTHER = "must be made again: it was made by another config or version of this workflow"
EDITS = {
    "rope": lambda project: project.put("comparison.rope", 0.02),
    "seed": lambda project: project.put("seed", 2),
    "models": lambda project: project.put("models", ["logistic", "scratch"]),
    "what a row is": lambda project: project.put("datasets.ex4.row", "student"),
    "data": lambda project: project.change("resources/ex4.csv", "55.5,69.5,1", "55.5,69.5,0"),
    "code": change_code("src/backprop/inference/tests.py"),
    "words": change_code("src/backprop/report/pages.py"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_no_report_shows_results_of_another_config_data_or_code(edit, finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    EDITS[edit](project)
    output = project.run("--report", "report.html", succeeds=False).output
    assert ERROR in output
    assert ANOTHER in output
    assert not (project.folder / "report.html").exists()


def test_a_run_that_compares_only_times_makes_results_of_another_config_again(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    assert project.planned("--rerun-triggers", "mtime") == set()
    project.put("seed", 2)
    expected = project.planned()
    assert expected
    assert project.planned("--rerun-triggers", "mtime") == expected


def test_a_profile_that_asks_for_a_report_gets_none_of_an_edited_table(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    profile = next((ROOT / "profiles/default").iterdir())
    folder = project.folder / "mine"
    folder.mkdir()
    settings = f"{profile.read_text()}\nreport: report.html\n"
    (folder / profile.name).write_text(settings)
    project.run("--workflow-profile", "mine")
    report = project.folder / "report.html"
    assert report.exists()
    report.unlink()
    table = "results/ex4/tables/comparison.csv"
    project.write(table, project.read(table).replace("0.", "1.", 1))
    output = project.run("--workflow-profile", "mine", succeeds=False).output
    assert ERROR in output
    assert f"{table} must be made again: it is not what a finished job left there" in output
    assert not report.exists()


def test_options_about_the_report_are_no_request_for_one(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    project.put("seed", 2)
    style = project.folder / "style.css"
    style.touch()
    output = project.run("--dry-run", "--report-html-stylesheet-path", str(style)).output
    assert ERROR not in output
    assert "This was a dry-run" in output


# What Snakemake remembers


def remembered(project):
    """Return the texts in Snakemake's memory that are in a database."""
    with sqlite3.connect(project.folder / ".snakemake/metadata.db") as database:
        return "".join(database.iterdump())


def test_with_a_database_an_edit_gives_no_warning(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    database = ("--persistence-backend", "db")
    project.run(*database, "--forceall")
    assert "results/ex4/tables/fits.csv" in remembered(project)
    project.put("vary.learning_rate", [0.5])
    output = project.run("--dry-run", *database).output
    assert "warning:" not in output
    assert "Params have changed" in output


def test_the_reason_of_a_job_is_short_and_names_what_changed(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    project.put("seed", 2)
    reasons = [
        line
        for line in project.run("--dry-run").output.splitlines()
        if line.startswith("Reason: Params have changed")
    ]
    assert reasons
    assert all(len(line) < 600 for line in reasons)
    assert all("seed=1" in line.split("now:")[0] for line in reasons)
    assert all("seed=2" in line.split("now:")[1] for line in reasons)
    for file in (project.folder / ".snakemake/metadata").rglob("*"):
        assert max(map(len, yaml.safe_load(file.read_text())["params"])) < 300, Path(file).name
