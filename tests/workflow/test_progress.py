"""The lines that a long training prints on the terminal."""

import itertools
import logging
import os
from types import SimpleNamespace

import numpy as np
import pytest
from processes import python

from backprop.data.dataset import Dataset
from backprop.models import baselines, logistic, networks, simulation
from backprop.network import stacked
from backprop.statistics.error_rates import simulate
from backprop.study.configurations import Configuration
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of
from backprop.workflow.progress import Progress, duration

X = np.random.default_rng(1).normal(size=(20, 2))
DATA = Dataset(("a", "b"), "y", X, np.arange(20) % 2)
SPLITS = splits_of(draw_folds(DATA.y, folds=5, repeats=1, seed=1))
REFERENCE = Configuration.of_network((3,), "sigmoid", "squared_error", 0.1, "uniform")


@pytest.fixture
def terminal(tmp_path):
    """A file in place of the terminal: where to write, and a function that reads all lines."""
    with (tmp_path / "terminal").open("w+") as printed:
        yield SimpleNamespace(number=printed.fileno(), lines=lambda: _lines(printed))


def _lines(printed):
    printed.seek(0)
    return printed.read().splitlines()


@pytest.fixture
def progress(terminal):
    return Progress("ex4 scratch h3", terminal.number)


def emit(progress, seconds, message="", **values):
    record = logging.makeLogRecord({"msg": message, "created": 1000.0 + seconds, **values})
    progress.emit(record)


def test_a_line_comes_after_ten_seconds_and_then_every_half_minute(progress, terminal):
    emit(progress, 0, "stack 1 of 1", done=0.0, share=1.0)
    for second in range(1, 100):
        emit(progress, second, f"epoch {second} of 100", done=second / 100)
    assert terminal.lines() == [
        "ex4 scratch h3: epoch 10 of 100, about 90 seconds left",
        "ex4 scratch h3: epoch 40 of 100, about 60 seconds left",
        "ex4 scratch h3: epoch 70 of 100, about 30 seconds left",
    ]


def test_less_than_ten_seconds_of_training_and_other_records_print_nothing(progress, terminal):
    for tenth in range(100):
        emit(progress, tenth / 10, "epoch", done=tenth / 100)
    for second in range(100):  # which says nothing of progress
        emit(progress, second, "50 fits: 0 kept, 0 dropped, 50 to train")
    assert terminal.lines() == []


def test_the_time_left_counts_all_stacks_by_their_sizes(progress, terminal):
    emit(progress, 0, "stack 1 of 3", done=0.0, share=0.4)
    emit(progress, 300, "stack 2 of 3", done=0.4, share=0.4)  # 300 s for 0.4: 450 s for the rest
    emit(progress, 450, "epoch 5 of 10", done=0.5)  # 450 s for 0.6: 300 s for the rest
    emit(progress, 600, "stack 3 of 3", done=0.8, share=0.2)
    assert terminal.lines() == [
        "ex4 scratch h3: stack 2 of 3, about 8 minutes left",
        "ex4 scratch h3: stack 2 of 3, epoch 5 of 10, about 5 minutes left",
        "ex4 scratch h3: stack 3 of 3, about 2 minutes left",
    ]


def test_the_parts_that_other_functions_begin_are_within_a_part(progress, terminal):
    emit(progress, 0, "logistic", funcName="models", done=0.0, share=0.2)
    emit(progress, 100, "scratch", funcName="models", done=0.2, share=0.8)
    emit(progress, 100, "set 1 of 2", funcName="sets", done=0.0, share=0.5)
    emit(progress, 100, "stack 1 of 1", funcName="stacks", done=0.0, share=1.0)
    emit(progress, 200, "epoch 5 of 10", done=0.5)  # 0.2 + 0.8 * 0.5 * 0.5 = 0.4
    emit(progress, 300, "set 2 of 2", funcName="sets", done=0.5, share=0.5)  # 0.6
    emit(progress, 300, "stack 1 of 1", funcName="stacks", done=0.0, share=1.0)
    emit(progress, 400, "epoch 5 of 10", done=0.5)  # 0.8
    assert terminal.lines() == [
        "ex4 scratch h3: scratch, about 7 minutes left",
        "ex4 scratch h3: scratch, set 1 of 2, epoch 5 of 10, about 5 minutes left",
        "ex4 scratch h3: scratch, set 2 of 2, about 3 minutes left",
        "ex4 scratch h3: scratch, set 2 of 2, epoch 5 of 10, about 100 seconds left",
    ]


def test_a_training_after_another_has_a_time_of_its_own(progress, terminal):
    for began in (0, 1000):
        emit(progress, began, "stack 1 of 1", done=0.0, share=1.0)
        emit(progress, began + 60, "epoch 5 of 10", done=0.5)
    assert terminal.lines() == ["ex4 scratch h3: epoch 5 of 10, about 60 seconds left"] * 2


def test_a_training_that_may_end_early_takes_at_most_the_time_that_is_shown(progress, terminal):
    emit(progress, 0, "stack 1 of 1", done=0.0, share=1.0)
    emit(progress, 600, "epoch 5 of 10", done=0.5, patience=7)
    assert terminal.lines() == ["ex4 scratch h3: epoch 5 of 10, at most about 10 minutes left"]


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
        (2, "10 seconds"), (44, "40 seconds"), (99, "100 seconds"), (101, "2 minutes"),
        (5940, "99 minutes"), (6000, "2 hours"), (36_000, "10 hours"), (172_800, "2 days"),
        (86_400_000, "1,000 days"),
    ],
)  # fmt: skip
def test_times_are_in_words(seconds, text):
    assert duration(seconds) == text


# What a real training says


@pytest.fixture
def said(terminal, monkeypatch):
    """All lines of a training: the terminal, without waiting between two lines.

    By its clock, a millisecond is between two records, however slow the machine is.
    """
    monkeypatch.setattr("backprop.workflow.progress.FIRST_SECONDS", 0)
    monkeypatch.setattr("backprop.workflow.progress.SECONDS", 0)
    monkeypatch.setattr("backprop.network.training.LOG_SECONDS", 0)
    root = logging.getLogger()
    progress, clock = Progress("ex4 x", terminal.number), itertools.count()

    def stamp(record):
        record.created = next(clock) / 1000
        return True

    progress.addFilter(stamp)
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
    networks.train_fits(stacked, fits, DATA, seed=1, epochs=1001)
    lines = said.lines()
    begin = "ex4 x: stack 1 of 2, epoch 1,000 of 1,001, 3 of 3 networks still training, about "
    assert len([line for line in lines if line.startswith(begin)]) == 1
    assert len(lines) == 2 * 1001 + 1  # each epoch, and the beginning of the second stack
    assert lines[1001].startswith("ex4 x: stack 2 of 2, about ")
    assert all(line.endswith(" seconds left") for line in lines)


def test_a_baseline_says_which_fit_it_computes(said):
    list(baselines.train_fits(logistic, [(Configuration(), split) for split in SPLITS], DATA))
    assert [line.split(",")[0] for line in said.lines()] == [
        f"ex4 x: fit {number} of 5" for number in (2, 3, 4, 5)
    ]


def test_a_simulation_says_its_model_its_data_set_and_its_epoch(said, monkeypatch):
    monkeypatch.setattr(simulation, "TRAINED_TOGETHER", 10)  # the fits of two data sets
    models = {"logistic": [Configuration.of({"l2": 0.0})], "scratch": [REFERENCE]}
    options = {"folds": 5, "repeats": 1, "rope": 0.01, "metric": "accuracy", "seed": 1, "sets": 6}
    simulate(DATA, models, training={"epochs": 3}, **options)
    said_of = [line.removeprefix("ex4 x: ").split(", about")[0] for line in said.lines()]
    epochs = [
        f"epoch {epoch} of 3, {training} of 10 networks still training"
        for epoch, training in ((1, 10), (2, 10), (3, 0))
    ]
    of_network = [
        f"scratch, data set {number} of 6{text}"
        for number in (1, 3, 5)
        for text in ("", *[f", {epoch}" for epoch in epochs])
    ]
    of_scratch = [line for line in said_of if line.startswith("scratch, ")]
    assert list(dict.fromkeys(of_scratch)) == list(dict.fromkeys(of_network))
    assert "logistic, data set 3 of 6" in said_of
    assert "power, closer class means, step 6 of 11" in said_of
    assert "power, difference 0.02" in said_of


# In a job

SCRIPT = """
import logging, sys
from types import SimpleNamespace
from backprop.workflow import progress
from backprop.workflow.jobs import job

progress.FIRST_SECONDS = 0
names = dict(zip(("dataset", "model"), sys.argv[3:]))
class Wildcards(list):
    items = names.items

params, wildcards = SimpleNamespace(job="{}"), Wildcards(names.values())
snakemake = SimpleNamespace(
    rule=sys.argv[2], wildcards=wildcards, params=params, log=[sys.argv[1]], input=[], output=[]
)
with job(snakemake):
    for done in (0.0, 0.5):
        logging.info("fit", extra={"done": done})
    logging.info("a message")
    print("printed")
"""


@pytest.mark.parametrize(
    ("rule", "wildcards", "title"),
    [
        ("train", ["ex4", "scratch"], "ex4 scratch"),
        ("train_chosen", ["train_set"], "train_set chosen"),
    ],
)
def test_a_job_prints_only_progress_on_the_terminal(tmp_path, rule, wildcards, title):
    arguments = ("-c", SCRIPT, str(tmp_path / "log"), rule, *wildcards)
    ran = python(*arguments, more={"BACKPROP_SNAKEMAKE": str(os.getpid())})
    assert ran.stderr == f"{title}: fit, about 10 seconds left\n"
    assert ran.stdout == ""
    log = (tmp_path / "log").read_text()
    assert "a message" in log
    assert "printed" in log
    assert "left" not in log
