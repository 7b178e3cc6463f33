"""A report shows results of this config, these data and this code, or is refused."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import yaml
from processes import python
from project import ROOT, Project
from rerun_cases import ALL, CONFIG, H3, RETRAINED, change_code

ERROR = "error: run `snakemake` before the report, because"
ANOTHER = "must be made again: it was made by another config or version of this workflow"
EDITS = {
    "rope": lambda project: project.put("comparison.rope", 0.02),
    "data": lambda project: project.change("resources/ex4.csv", "55.5,69.5,1", "55.5,69.5,0"),
    "code": change_code("src/backprop/inference/tests.py"),
}


@pytest.mark.parametrize("edit", [pytest.param("rope", marks=pytest.mark.thorough), "data", "code"])
def test_no_report_shows_results_of_another_config_data_or_code(edit, project):
    EDITS[edit](project)
    output = project.run("--report", "report.html", succeeds=False).output
    assert ERROR in output
    assert ANOTHER in output
    assert not (project.folder / "report.html").exists()


def test_a_run_that_compares_only_times_makes_results_of_another_config_again(project):
    assert project.planned("--rerun-triggers", "mtime") == set()
    project.put("seed", 2)
    assert project.planned("--rerun-triggers", "mtime") == ALL


def test_a_profile_that_asks_for_a_report_gets_none_of_an_edited_table(project, finished):
    profile = next((ROOT / "profiles/default").iterdir())
    folder = project.folder / "mine"
    folder.mkdir()
    settings = f"{profile.read_text()}\nreporter: backprop\nreport-backprop-path: report.html\n"
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


def test_the_command_leaves_a_report_as_it_is_until_what_it_is_written_from_changes(project):
    report = project.folder / "results/report.html"

    def run():
        own = {"PYTHONPATH": str(project.folder / "src")}
        python("-m", "backprop", "run", "--cores", "2", cwd=project.folder, more=own)
        return report.read_bytes(), report.stat().st_mtime_ns

    first = run()
    assert run() == first
    assert b"applicants" not in first[0]
    project.put("datasets.ex4.row", "applicant")
    content, _ = run()
    assert b"applicants" in content
    report.unlink()
    assert len(run()[0]) == pytest.approx(len(content), rel=0.001)  # it says when it was written


# What Snakemake remembers


def remembered(project):
    """Return the texts in Snakemake's memory that are in a database."""
    with closing(sqlite3.connect(project.folder / ".snakemake/metadata.db")) as database:
        return "".join(database.iterdump())


SCORES = "results/ex4/tables/fits.csv"
DATABASE = ("--persistence-backend", "db")


def test_after_a_run_with_a_database_an_edit_gives_no_warning(tmp_path):
    project = Project(tmp_path / "project", CONFIG)
    project.run(SCORES, *DATABASE)
    assert SCORES in remembered(project)
    project.put("vary.learning_rate", [0.5])
    output = project.run("--dry-run", SCORES, *DATABASE).output
    assert "warning:" not in output
    assert "note:" not in output
    assert "Params have changed" in output


def test_after_a_run_without_the_database_an_edit_gives_one_note_and_no_warning(project):
    assert project.planned(*DATABASE) == set()
    project.put("vary.learning_rate", [0.5])
    output = project.run("--dry-run", *DATABASE).output
    assert "warning:" not in output
    (note,) = (line for line in output.splitlines() if line.startswith("note:"))
    assert re.fullmatch(
        r"note: results/\S+ and \d+ more files must be made again: another config or version of "
        "this workflow made them",
        note,
    )
    assert project.planned(*DATABASE) == {*RETRAINED, "candidates"}


def test_the_reason_of_a_job_is_short_and_names_what_changed(project):
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


# Damage

KINDS = {
    "fits": "fits/logistic.parquet",
    "fits of networks": f"fits/scratch/{H3}.parquet",
    "CSV": "tables/comparison.csv",
    "numbers": "statistics/tuning.csv",
    "JSON": "data/columns.json",
    "provenance": "provenance.json",
    "SVG": "plots/roc.svg",
    "HTML": "tables/comparison.html",
    "a record": "records/score.json",
    "a record of a training job": "records/train/logistic.json",
}


def flip_bits(file, generator):
    """Flip some bits of a file, half of them at its end, where the footer of a Parquet file is."""
    content = bytearray(file.read_bytes())
    end = int(generator.integers(min(4000, len(content))))
    places = [*generator.integers(len(content), size=2), len(content) - 1 - end]
    for place in places:
        content[place] ^= 1 << int(generator.integers(8))
    file.write_bytes(content)


def test_results_with_flipped_bits_are_named_and_made_again(project, finished, thorough):
    results = project.folder / "results/ex4"
    sound = {path: (results / path).read_bytes() for path in KINDS.values()}
    generator = np.random.default_rng(1)
    for _ in range(3 if thorough else 1):
        for path, content in sound.items():
            (results / path).write_bytes(content)
            flip_bits(results / path, generator)
        output = project.run("--dry-run").output
        assert "warning: results/ex4/tables/comparison.csv must be made again" in output
        assert "more files must be made again" in output
        assert "Traceback" not in output
    (results / KINDS["SVG"]).write_bytes(sound[KINDS["SVG"]])  # to draw takes seconds
    target = "results/ex4/provenance.html"  # all else that is damaged
    project.run(target)
    assert project.files() == finished.files()
    assert project.planned(target) == set()
    for path in ("records/score.json", "records/train/logistic.json"):
        made = json.loads((results / path).read_text())
        assert made["job"] == json.loads(sound[path])["job"]
