"""The lines that a long training prints on the terminal."""

import logging
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from project import ROOT

from backprop.data.dataset import Dataset
from backprop.models import baselines, logistic, networks
from backprop.network import stacked
from backprop.study.configurations import Configuration, Settings
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.workflow.progress import Progress, duration

X = np.random.default_rng(1).normal(size=(20, 2))
DATA = Dataset(("a", "b"), "y", X, np.arange(20) % 2)
SPLITS = splits_of(draw_folds(DATA.y, folds=5, repeats=1, seed=1))
REFERENCE = Configuration((3,), "sigmoid", "squared_error", 0.1, "uniform")


@pytest.fixture
def terminal(tmp_path):
    """A file in place of the terminal: where to write, and a function that reads all lines."""
    with (tmp_path / "terminal").open("w+") as printed:
        yield SimpleNamespace(number=printed.fileno(), lines=lambda: _lines(printed))


def _lines(printed):
    printed.seek(0)
    return printed.read().splitlines()


def emit(progress, seconds, message="", **values):
    record = logging.makeLogRecord({"msg": message, "created": 1000.0 + seconds, **values})
    progress.emit(record)


def test_a_line_comes_after_ten_seconds_and_then_every_half_minute(terminal):
    progress = Progress("ex4 scratch h3", terminal.number)
    emit(progress, 0, "stack 1 of 1", done=0.0, share=1.0)
    for second in range(1, 100):
        emit(progress, second, f"epoch {second} of 100", done=second / 100)
    assert terminal.lines() == [
        "ex4 scratch h3: epoch 10 of 100, about 90 seconds left",
        "ex4 scratch h3: epoch 40 of 100, about 60 seconds left",
        "ex4 scratch h3: epoch 70 of 100, about 30 seconds left",
    ]


def test_a_training_of_less_than_ten_seconds_prints_nothing(terminal):
    progress = Progress("ex4 scratch h3", terminal.number)
    for tenth in range(100):
        emit(progress, tenth / 10, "epoch", done=tenth / 100)
    assert terminal.lines() == []


def test_the_time_left_counts_all_stacks_by_their_sizes(terminal):
    progress = Progress("ex4 scratch h3", terminal.number)
    emit(progress, 0, "stack 1 of 3", done=0.0, share=0.4)
    emit(progress, 300, "stack 2 of 3", done=0.4, share=0.4)  # 300 s for 0.4: 450 s for the rest
    emit(progress, 450, "epoch 5 of 10", done=0.5)  # 450 s for 0.6: 300 s for the rest
    emit(progress, 600, "stack 3 of 3", done=0.8, share=0.2)
    assert terminal.lines() == [
        "ex4 scratch h3: stack 2 of 3, about 8 minutes left",
        "ex4 scratch h3: stack 2 of 3, epoch 5 of 10, about 5 minutes left",
        "ex4 scratch h3: stack 3 of 3, about 2 minutes left",
    ]


def test_a_training_that_may_end_early_takes_at_most_the_time_that_is_shown(terminal):
    progress = Progress("ex4 scratch h3", terminal.number)
    emit(progress, 0, "stack 1 of 1", done=0.0, share=1.0)
    emit(progress, 600, "epoch 5 of 10", done=0.5, patience=7)
    assert terminal.lines() == ["ex4 scratch h3: epoch 5 of 10, at most about 10 minutes left"]


def test_records_that_say_nothing_of_progress_are_not_for_the_terminal(terminal):
    progress = Progress("ex4 scratch h3", terminal.number)
    for second in range(100):
        emit(progress, second, "50 fits: 0 kept, 0 dropped, 50 to train")
    assert terminal.lines() == []


def test_a_terminal_that_was_closed_ends_no_training():
    reading, writing = os.pipe()
    os.close(reading)
    progress = Progress("ex4 scratch h3", writing)
    emit(progress, 0, done=0.0)
    emit(progress, 60, done=0.5)
    os.close(writing)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (2, "10 seconds"),
        (44, "40 seconds"),
        (99, "100 seconds"),
        (101, "2 minutes"),
        (5940, "99 minutes"),
        (6000, "2 hours"),
        (36_000, "10 hours"),
        (172_800, "2 days"),
        (86_400_000, "1,000 days"),
    ],
)
def test_times_are_in_words(seconds, text):
    assert duration(seconds) == text


# What a real training says


@pytest.fixture
def said(terminal, monkeypatch):
    """All lines of a training: the terminal, without waiting between two lines."""
    monkeypatch.setattr("backprop.workflow.progress.FIRST_SECONDS", 0)
    monkeypatch.setattr("backprop.workflow.progress.SECONDS", 0)
    monkeypatch.setattr("backprop.network.training.LOG_SECONDS", 0)
    root = logging.getLogger()
    progress = Progress("ex4 x", terminal.number)
    root.addHandler(progress)
    level = root.level
    root.setLevel(logging.INFO)
    yield terminal
    root.removeHandler(progress)
    root.setLevel(level)


def test_a_network_says_its_stack_and_its_epoch(said, monkeypatch):
    # 20 rows of 2 features and 13 parameters are 113 floats; a stack may take 8 times as much.
    monkeypatch.setattr(networks, "STACK_BYTES", 3 * 113 * 8 * 8)
    fits = [(REFERENCE, split) for split in SPLITS]
    networks.train_fits(stacked, fits, DATA, seed=1, epochs=2000)
    lines = said.lines()
    begin = "ex4 x: stack 1 of 2, epoch 1,000 of 2,000, 3 of 3 networks still training, about "
    assert len([line for line in lines if line.startswith(begin)]) == 1
    assert len(lines) == 2 * 2000 + 1  # each epoch, and the beginning of the second stack
    assert lines[2000].startswith("ex4 x: stack 2 of 2, about ")
    assert all(line.endswith(" seconds left") for line in lines)


def test_a_baseline_says_which_fit_it_computes(said):
    baselines.train_fits(logistic, [(Settings(), split) for split in SPLITS], DATA)
    assert [line.split(",")[0] for line in said.lines()] == [
        f"ex4 x: fit {number} of 5" for number in (2, 3, 4, 5)
    ]


# In a job

SCRIPT = """
import logging, sys
from types import SimpleNamespace
from backprop.workflow import progress
from backprop.workflow.jobs import job

progress.FIRST_SECONDS = 0
class Wildcards(list):
    items = dict(dataset="ex4", model="scratch").items

params, wildcards = SimpleNamespace(job="{}"), Wildcards(["ex4", "scratch"])
snakemake = SimpleNamespace(
    rule="train", wildcards=wildcards, params=params, log=[sys.argv[1]], input=[], output=[]
)
with job(snakemake):
    for done in (0.0, 0.5):
        logging.info("fit", extra={"done": done})
    logging.info("a message")
    print("printed")
"""


def test_a_job_prints_only_progress_on_the_terminal(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "log")],
        env={"PYTHONPATH": str(ROOT / "src"), "BACKPROP_SNAKEMAKE": str(os.getpid())},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == "ex4 scratch: fit, about 10 seconds left\n"
    assert ran.stdout == ""
    log = (tmp_path / "log").read_text()
    assert "a message" in log
    assert "printed" in log
    assert "left" not in log
