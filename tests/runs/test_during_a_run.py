"""While a run goes on, its user predicts, archives and edits the config."""

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir

import pytest
from project import wait_for
from typed import typed

from backprop.workflow.archive import packing

HELD = """
import os, time
open("held", "w").close()
while not os.path.exists("let go"):
    time.sleep(0.1)
"""
SCORE, SCORES = "workflow/scripts/score.py", "results/ex4/tables/fits.csv"


@pytest.fixture
def held(project):
    """A project in which a run waits after its training, and what ends it.

    That returns the exit code of the run, and its output.
    """
    project.put("seed", 2)
    project.write(SCORE, f"{HELD}{project.read(SCORE)}")

    def end():
        project.write("let go", "")
        return run.result()[:2]

    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(project.finish, SCORES)
        wait_for((project.folder / "held").exists, seconds=600)
        yield project, end
        end()


def test_nothing_is_predicted_or_archived_and_an_edit_waits_for_the_next_run(held, tmp_path):
    project, end = held
    project.write("new.csv", "exam_1,exam_2\n40,60\n")
    outdated = "model.json is outdated: seed is 2 in config.yaml, and was 1; run `backprop run`"
    with chdir(project.folder), pytest.raises(SystemExit, match=outdated):
        typed("predict", "new.csv")
    with pytest.raises(FileNotFoundError, match=SCORES):
        packing.pack(project.folder, tmp_path / "a.zip")
    project.put("training.epochs", 4)
    code, output = end()
    assert code == 0, output
    assert {"train_networks_1 scratch", "score"} <= project.planned(SCORES)
    project.put("training.epochs", 3)  # as when the run began
    assert project.planned(SCORES) == set()


def test_another_clone_can_look_at_the_results_but_run_nothing_there(held, tmp_path):
    project, end = held
    other = project.copy(tmp_path / "other")
    shutil.rmtree(other.results)
    other.results.symlink_to(project.results)
    before = {file: file.stat().st_mtime_ns for file in project.results.rglob("*")}
    assert "score" in other.planned(SCORES)
    other.put("seed", 3)
    assert "split" in other.planned(SCORES)
    code, output, errors = other.finish(SCORES, errors=subprocess.PIPE)
    assert code == 1
    (message,) = re.findall("^error: .*", output + errors, re.MULTILINE)
    assert f"{project.results} is in use by a run (process " in message
    assert f", in {project.folder}, since 20" in message
    assert "Job " not in output + errors
    assert {file: file.stat().st_mtime_ns for file in project.results.rglob("*")} == before
    code, output = end()
    assert code == 0, output


def test_results_that_another_config_has_changed_meanwhile_are_not_called_done(held):
    project, end = held
    record = project.results / "ex4/records/split.json"
    record.write_text(record.read_text().replace('"job": "', '"job": "another'))
    code, output = end()
    assert code == 1
    (message,) = re.findall("^.*of another config.*$", output, re.MULTILINE)
    assert "of another config: results/ex4/data/folds.csv changed during this run, by" in message
    assert "Traceback" not in output
