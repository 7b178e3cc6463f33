"""What the terminal shows of a long training: its progress."""

import re

import pytest
from project import SMALL, Project
from rerun_cases import H3

SCORES = "results/ex4/tables/fits.csv"
PROGRESS = "src/backprop/workflow/progress.py"


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """A project for which every training is long."""
    project = Project(tmp_path_factory.mktemp("impatient") / "project", SMALL)
    project.change(PROGRESS, "FIRST_SECONDS = 10", "FIRST_SECONDS = 0")
    project.change(PROGRESS, "SECONDS = 30", "SECONDS = 0")
    project.change("src/backprop/network/training.py", "LOG_SECONDS = 10", "LOG_SECONDS = 0")
    project.output = project.run(SCORES).output
    return project


def test_the_progress_of_a_training_is_on_the_terminal_in_whole_lines(impatient):
    lines = [line for line in impatient.output.splitlines() if line.endswith(" left")]
    for expected in (
        f"ex4 scratch {H3}: epoch 1 of 3, 4 of 4 networks still training, about 10 seconds left",
        "ex4 logistic: fit 2 of 2, about 10 seconds left",
    ):
        assert lines.count(expected) == 1
    form = (
        r"ex4 (scratch \S+: epoch \d of 3, \d of \d networks still training|logistic: fit 2 of 2)"
    )
    assert all(re.fullmatch(rf"{form}, about 10 seconds left", line) for line in lines)
    assert len(lines) == 2 * 3 + 1  # each epoch of two shapes, and the second fit


def test_no_result_and_no_log_has_what_the_terminal_shows(impatient):
    for file in (impatient.folder / "results").rglob("*"):
        if file.is_file():
            assert b"seconds left" not in file.read_bytes(), file


def test_a_short_training_shows_nothing_new(project):
    project.put("vary.learning_rate", [0.5])
    ran = project.run("--until", "train_shape")
    assert ran.trained == {f"scratch {H3}-lr0.5-uniform": 2}
    assert " left" not in ran.output
