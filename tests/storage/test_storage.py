"""Results in a storage, with machines that share nothing else: a run, another, what goes wrong.

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
    assert jobs == {"train", "train_networks_1"}
    copies = f"{project.folder}/.snakemake/storage/fs{project.results}"
    assert f"The page to hand in: {copies}/report.pdf" in run.output
    assert Path(copies, "ex4/model/model.json").exists()
    assert "It took about" in run.output  # the logs of the fits are elsewhere


def test_a_storage_that_is_unplugged_in_a_run_ends_it_with_one_message(plain, tmp_path):
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
    project.run(TABLES, "results/ex4/tables/known_answers.html")
    assert differing(tables(project), tables(plain)) == []


def test_nothing_of_another_config_or_clone_is_taken_for_a_result(after_run, plain, tmp_path):
    """The storage has results as another clone leaves them: Snakemake remembers none."""
    project, run = after_run
    table = project.results / "ex4/tables/comparison.csv"
    table.write_bytes(table.read_bytes().replace(b"0.", b"1.", 1))
    shutil.rmtree(project.folder / ".snakemake")
    assert "--report-after-run" in project.run("--report", "report.html", succeeds=False).output
    projects = project, plain.copy(tmp_path / "plain")
    for each in projects:
        each.put("vary.learning_rate", [0.4])
    again = project.run("--report", "report.html", "--report-after-run")
    assert again.jobs == {job.replace("-lr0.3-", "-lr0.4-") for job in run.jobs}
    assert "comparison.html" in project.read("report.html")
    projects[1].run(TABLES)
    assert differing(*map(tables, projects)) == []


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
    assert project.run(folds).jobs == {"fetch", "split"}
    assert (project.results / "ex4/data/folds.csv").exists()


def test_several_data_sets_have_reports_and_one_that_fails_stops_no_other(tmp_path):
    entry = SMALL["datasets"]["ex4"]
    project = Stored(tmp_path / "project", SMALL | {"datasets": {"ex4": entry, "bad": entry}})
    begins = "    dataset = read_dataset"
    fails = '    if snakemake.wildcards.dataset == "bad":\n        raise ValueError("no luck")\n'
    project.change("workflow/scripts/split.py", begins, fails + begins)
    run = project.run("--report", "report.html", "--report-after-run", succeeds=False)
    assert "warning: bad is left out: split failed: ValueError: no luck" in run.output
    assert run.output.count(": Fetch the data set ex4\n") == 1
    assert "report/ex4.html" in project.read("report.html")
    assert "comparison.html" in project.read("report/ex4.html")
    assert not (project.folder / "report/bad.html").exists()
