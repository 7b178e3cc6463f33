"""Work that several processes do: its results, its errors, and that nothing of it stays."""

import json
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from backprop.errors import BackpropError
from backprop.study.workers import side_by_side


def test_each_task_gives_its_results_in_their_order():
    data = np.arange(5.0)  # which the processes share
    results = list(side_by_side("abcde", lambda task: (task * n for n in (1, 2)), 3))
    by_task = [[result for place, result in results if place == n] for n in range(5)]
    assert by_task == [[task, task * 2] for task in "abcde"]
    (total,) = side_by_side([data], lambda own: [own.sum()], 3)
    assert total == (0, 10.0)
    assert list(side_by_side([], list, 3)) == []


def test_as_many_processes_work_as_there_are_tasks_at_most(tmp_path):
    def process(task):
        folder, _ = task
        (folder / str(os.getpid())).touch()
        while len([*folder.iterdir()]) < 2:  # a process that is early takes no second task
            time.sleep(0.01)
        return [os.getpid()]

    def processes(tasks, most):
        (folder := tmp_path / str(most)).mkdir()
        pairs = [(folder, task) for task in range(tasks)]
        return {process for _, process in side_by_side(pairs, process, most)}

    assert len(processes(4, 2)) == 2
    assert os.getpid() not in processes(2, 9)
    assert len([*(tmp_path / "9").iterdir()]) == 2
    assert list(side_by_side([0], lambda _: [os.getpid()], 1)) == [(0, os.getpid())]


def test_a_result_is_there_before_its_task_ends():
    read, write = os.pipe()

    def work(task):
        yield "first"
        yield os.read(read, 10)

    results = side_by_side([0], work, 2)
    assert next(results) == (0, "first")
    os.write(write, b"go on")
    assert next(results) == (0, b"go on")


def test_each_process_computes_with_one_thread(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    before = [each["num_threads"] for each in threadpool_info()]

    def threads(task):
        yield from (each["num_threads"] for each in threadpool_info())
        yield from (int(os.environ[name]) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"))

    assert before
    assert {threads for _, threads in side_by_side([0, 1], threads, 2)} == {1}
    assert [each["num_threads"] for each in threadpool_info()] == before
    assert os.environ["OMP_NUM_THREADS"] == "7"


def failing(error):
    def work(task):
        if task == 1:
            raise error
        time.sleep(60)
        return [task]

    return work


@pytest.mark.parametrize("error", [BackpropError("use another value"), MemoryError("of 9 GB")])
def test_an_error_of_a_task_ends_all_and_says_where_it_was(error):
    with pytest.raises(type(error), match=str(error)) as caught:
        list(side_by_side(range(4), failing(error), 2))
    assert str(caught.value) == str(error)
    assert "in work" in caught.value.__notes__[0]


def test_a_killed_process_is_an_error():
    def work(task):
        os.kill(os.getpid(), signal.SIGKILL)
        return [task]

    with pytest.raises(ChildProcessError, match="ended with code -9"):
        list(side_by_side(range(4), work, 2))


def test_only_one_process_says_how_far_it_is_and_only_if_all_have_one_task():
    class File(logging.Handler):
        def emit(self, record):
            os.write(write, f"{record.getMessage()}\n".encode())

    def work(task):
        logging.getLogger().warning("done %d", task, extra={"done": 0.5})
        logging.getLogger().warning("seen %d", task)
        if task < 2:
            both.wait(60)  # so that each process takes one
        return [task]

    read, write = os.pipe()
    both = multiprocessing.get_context("fork").Barrier(2)
    handler = File()
    logging.getLogger().addHandler(handler)
    try:
        list(side_by_side(range(2), work, 2))
        assert sorted(os.read(read, 1000).decode().split("\n")) in (
            ["", "done 0", "seen 0", "seen 1"],
            ["", "done 1", "seen 0", "seen 1"],
        )
        list(side_by_side(range(3), work, 2))
        assert sorted(os.read(read, 1000).decode().split()) == ["0", "1", "2", *["seen"] * 3]
        assert not handler.filters
    finally:
        logging.getLogger().removeHandler(handler)


RUN = """
import json, os, sys, time
from backprop.study.workers import side_by_side

def work(task):
    yield os.getpid()
    time.sleep(600)

results = side_by_side(range(4), work, 2)
print(json.dumps([next(results)[1], next(results)[1]]), flush=True)
"""


def is_running(process):
    """Return whether a process runs: one that has ended, but is not waited for, has no command."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["alone", "as a group"])
def test_no_process_outlives_the_one_that_started_it(sign, kill):
    command = [sys.executable, "-c", f"{RUN}next(results)"]
    options = {"start_new_session": True, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    # A shell that starts the tests in the background makes them ignore Ctrl-C.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, preexec_fn=heed, **options) as process:
        own = json.loads(process.stdout.readline())
        assert all(map(is_running, own))
        kill(process.pid, sign)
        process.wait()
        process.stdout.read()  # to its end: nobody has it open any more
    assert process.returncode == -sign
    assert not any(map(is_running, own))


def test_no_process_outlives_an_error_of_who_asks_for_the_results():
    """The name of the iterator is still there when Python ends."""
    command = [sys.executable, "-c", f"{RUN}sys.exit(3)"]
    with subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE) as process:
        own = json.loads(process.stdout.readline())
        process.stdout.read()
    assert process.returncode == 3
    assert not any(map(is_running, own))
