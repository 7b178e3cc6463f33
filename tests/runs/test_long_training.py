"""What the terminal shows of a long training: an estimate before it, and its progress."""

import re

import pytest
from project import SMALL, Project
from rerun_cases import H3

SCORES = "results/ex4/tables/fits.csv"
ESTIMATE = "src/backprop/workflow/estimate.py"
PROGRESS = "src/backprop/workflow/progress.py"
ANNOUNCED = re.compile(r"^(.*of training: (\d+) fits in (\d+) jobs, .*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """A project for which every training is long."""
    project = Project(tmp_path_factory.mktemp("impatient") / "project", SMALL)
    project.change(ESTIMATE, "SHOWN_SECONDS = 180", "SHOWN_SECONDS = 1")
    project.change(PROGRESS, "FIRST_SECONDS = 10", "FIRST_SECONDS = 0")
    project.change(PROGRESS, "SECONDS = 30", "SECONDS = 0")
    project.change("src/backprop/network/training.py", "LOG_SECONDS = 10", "LOG_SECONDS = 0")
    project.output = project.run(SCORES).output
    return project


def announced(output):
    """Return the lines of an output that announce a training, with its fits and its jobs."""
    return [(int(fits), int(jobs)) for _, fits, jobs in ANNOUNCED.findall(output)]


def test_a_long_training_is_announced_once_and_before_it_begins(impatient):
    assert announced(impatient.output) == [(8, 3)]  # 3 configurations and logistic, on 2 splits
    line = ANNOUNCED.search(impatient.output)
    assert line[1].startswith("About 10 seconds")
    assert line[1].endswith("at most 2 at once (a rough estimate)")
    assert line.start() < impatient.output.index("Train ")


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
            assert b"rough estimate" not in file.read_bytes(), file


def test_a_short_training_shows_nothing_new(finished, tmp_path):
    project = finished.copy(tmp_path / "project")
    project.put("vary.learning_rate", [0.5])
    ran = project.run("--until", "train_shape")
    assert ran.trained == {f"scratch {H3}-lr0.5-uniform": 2}
    assert announced(ran.output) == []
    assert " left" not in ran.output


# In a dry run


def test_a_dry_run_ends_with_the_estimate_of_what_is_to_train(impatient, tmp_path):
    project = impatient.copy(tmp_path / "project")
    assert announced(project.run("--dry-run").output) == []
    project.put("validation.repeats", 2)
    output = project.run("--dry-run").output
    assert announced(output) == [(8, 3)]  # the fits of the first repeat are kept
    assert output.strip().endswith("at most 2 at once (a rough estimate)")
    project.put("vary.learning_rate", [0.3, 0.5])
    assert announced(project.run("--dry-run").output) == [(8 + 4, 3)]
    project.put("seed", 2)
    assert announced(project.run("--dry-run").output) == [(20, 3)]


def test_to_touch_the_results_is_no_training(impatient, tmp_path):
    project = impatient.copy(tmp_path / "project")
    assert announced(project.run(SCORES, "--touch", "--forceall").output) == []
