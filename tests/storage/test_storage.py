"""Results in a storage, with machines that share nothing else: a run, an edit, altered results.

The tests use the profile `storage` and an executor that runs each job in an empty folder. They need
rsync, as the storage plugin for folders does: `make test-storage` runs them. The report has one
figure.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml
from project import SMALL, Project, differing, wait_for

PLUGINS = Path(__file__).parent / "plugins"
TABLES = "results/ex4/provenance.json"  # the last file that is made from the tables


class Stored(Project):
    """A project whose results are in the folder `stored`, and whose jobs run in `elsewhere`.

    Its config replaces config.yaml, whose other values no job may use.
    """

    config_file = "small.yaml"

    def __init__(self, folder, config):
        super().__init__(folder, config)
        self.keep_figures("decision_boundaries")
        other = {"vary": {**config["vary"], "activation": ["relu"]}, "training": {"epochs": 1}}
        self.write("config.yaml", yaml.safe_dump(config | other))
        self.results = folder.parent / "stored/results"
        self.elsewhere = folder.parent / "elsewhere"
        self.elsewhere.mkdir()
        self.variables = {
            "PYTHONPATH": str(PLUGINS),
            "APART": str(self.elsewhere),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        # What git knows travels to the jobs. The table of a user is not among it.
        for command in ("init -q", "add .", "rm -r -q --cached resources"):
            subprocess.run(["git", *command.split()], cwd=folder, check=True)

    def command(self, *options, cores=2):
        """Return the command of docs/cluster.md."""
        snakemake = [self.python, "-m", "snakemake", "--workflow-profile", "profiles/storage"]
        executor = ["--executor", "apart", "--seconds-between-status-checks", "1"]
        place = ["--default-storage-prefix", str(self.results.parent)]
        config = ["--configfile", self.config_file, "--replace-workflow-config"]
        return [*snakemake, *executor, *place, *config, *options]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A project in which all results are made on one machine."""
    project = Project(tmp_path_factory.mktemp("plain") / "project", SMALL)
    project.keep_figures("decision_boundaries")
    project.run(TABLES, "results/ex4/tables/known_answers.html")
    return project


@pytest.fixture(scope="module")
def after_run(tmp_path_factory):
    """A project after a whole run with storage, and what the run did."""
    project = Stored(tmp_path_factory.mktemp("storage") / "project", SMALL)
    return project, project.run()


@pytest.fixture
def stored(after_run, tmp_path):
    """The project after that run; what a test changes is undone."""
    project, _ = after_run
    folders = {tmp_path / "project": project.folder, tmp_path / "stored": project.results.parent}
    for backup, folder in folders.items():
        shutil.copytree(folder, backup)
    yield project
    for backup, folder in folders.items():
        shutil.rmtree(folder)
        shutil.copytree(backup, folder)


def alter(file, place=None):
    """Change a bit of a file, by default after a quarter of it, not its size or time."""
    times, content = file.stat(), bytearray(file.read_bytes())
    content[len(content) // 4 if place is None else place] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def tables(project):
    """Return the tables and what they are made from, but for the fits."""
    kinds = ("ex4/data/", "ex4/statistics/", "ex4/tables/", "ex4/provenance")
    return {name: content for name, content in project.files().items() if name.startswith(kinds)}


def test_the_tables_are_those_of_one_machine(after_run, plain):
    project, run = after_run
    assert len(tables(plain)) > 30
    assert differing(tables(project), tables(plain)) == []
    assert not (project.folder / "results").exists()
    jobs = {folder.name.split("-")[0] for folder in project.elsewhere.iterdir()}
    assert jobs == {"train", "train_shape", "train_chosen"}
    copies = f"{project.folder}/.snakemake/storage/fs{project.results}"
    assert f"The page to hand in: {copies}/report.pdf" in run.output
    assert Path(copies, "ex4/model/model.json").exists()
    assert "Trained 8 fits and kept 0" in run.output


def test_a_storage_that_is_unplugged_in_a_run_loses_nothing_that_was_stored(plain, tmp_path):
    project = Stored(tmp_path / "project", SMALL)
    stored, unplugged = project.results.parent, tmp_path / "unplugged"
    process = project.start(TABLES)
    wait_for((project.results / "ex4/fits/scratch/h3-sigmoid-squared_error.parquet").exists, 600)
    stored.rename(unplugged)
    stored.touch()
    output, _ = process.communicate()
    assert process.returncode == 1, output
    assert "Traceback" not in output
    assert re.findall(r"Not a directory: '(.*)/snakemake-workflow-sources", output) == [str(stored)]
    stored.unlink()
    unplugged.rename(stored)
    fits = project.results / "ex4/fits"
    before = {file: pq.read_table(file)["seconds"].to_pylist() for file in fits.rglob("*.parquet")}
    assert before
    project.run(TABLES, "results/ex4/tables/known_answers.html")
    # A file whose record was not stored counts for no result: its job looks at it, and keeps it.
    assert {file: pq.read_table(file)["seconds"].to_pylist() for file in before} == before
    assert differing(tables(project), tables(plain)) == []


def test_after_a_run_there_is_nothing_to_do_but_a_report(stored):
    assert stored.planned() == set()
    stored.run("--report", "report.html")
    assert "comparison.html" in stored.read("report.html")


def test_an_edit_reruns_what_it_reruns_on_one_machine(stored, plain, tmp_path):
    projects = stored, plain.copy(tmp_path / "plain")
    for project in projects:
        project.put("vary.learning_rate", [0.4])
    planned, of_plain = (project.planned(TABLES) for project in projects)
    assert planned == of_plain
    run, of_plain = (project.run(TABLES) for project in projects)
    assert run.jobs == of_plain.jobs == planned
    assert run.trained == {"scratch h3-sigmoid-squared_error-lr0.4-uniform": 2}
    assert differing(*map(tables, projects)) == []


def test_an_altered_table_is_named_refused_in_a_report_and_made_again(stored):
    table = stored.results / "ex4/tables/comparison.csv"
    before = table.read_bytes()
    alter(table)
    message = f"{table} must be made again: it is not what a finished job left there"
    assert message in stored.run("--report", "report.html", succeeds=False).output
    run = stored.run(TABLES)
    assert f"warning: {message}" in run.output
    assert run.jobs == {"write_tables", "provenance"}
    assert table.read_bytes() == before


def test_altered_fits_are_named_and_trained_again(stored, plain):
    fits = stored.results / "ex4/fits/scratch/h2-sigmoid-squared_error.parquet"
    alter(fits, place=-2)  # of the mark at the end: the file cannot be read
    run = stored.run(TABLES)
    assert f"warning: {fits} must be made again" in run.output
    assert run.trained == {"scratch h2-sigmoid-squared_error-lr0.1-uniform": 2}
    assert differing(tables(stored), tables(plain)) == []


def test_a_result_without_a_record_is_named(stored):
    (stored.results / "ex4/records/score.json").unlink()
    fits = stored.results / "ex4/tables/fits.csv"
    message = f"warning: {fits} must be made again: there is no record of how it was made"
    assert message in stored.run("-n", TABLES).output


def test_a_job_that_fails_stops_no_other_and_is_made_when_it_can_be(tmp_path):
    project = Stored(tmp_path / "project", SMALL)
    script = project.folder / "workflow/scripts/split.py"
    good = script.read_text(encoding="utf-8")
    script.write_text("raise RuntimeError('the split is broken')\n", encoding="utf-8")
    folds, others = "results/ex4/data/folds.csv", "results/candidates.json"
    output = project.run(folds, others, succeeds=False).output
    assert "the split is broken" in output
    assert "Failed to store" not in output
    assert (project.results / "candidates.json").exists()
    script.write_text(good, encoding="utf-8")
    assert project.run(folds).jobs == {"split"}
    assert (project.results / "ex4/data/folds.csv").exists()
