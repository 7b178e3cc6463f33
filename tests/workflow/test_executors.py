"""The executors for clusters, with a plugin and a queue of the tests' own."""

import asyncio
import os
import runpy
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from processes import python

from backprop.workflow import cluster

ROOT = Path(__file__).parents[2]
SRC = str(ROOT / "src")


class Plugin:
    """As much of a plugin's executor as ours use."""

    def __init__(self):
        self.workflow = SimpleNamespace(
            scheduler=None, executor_settings=SimpleNamespace(cancel_cmd="./cancel")
        )
        self.run_uuid = "backprop_id"
        self.ended = []
        self.__post_init__()

    def __post_init__(self):
        pass

    def report_job_success(self, job):
        self.ended.append((job.external_jobid, "success"))

    def report_job_error(self, job, msg, aux_logs):
        self.ended.append((job.external_jobid, msg))


@pytest.fixture
def start(monkeypatch):
    """Return the function that starts an executor of ours, whose base is the plugin above."""

    def start(name, base):
        stand_in = SimpleNamespace(Executor=Plugin, ExecutorSettings=None, common_settings=None)
        monkeypatch.setitem(sys.modules, f"snakemake_executor_plugin_{base}", stand_in)
        file = ROOT / f"profiles/executors/snakemake_executor_plugin_backprop_{name}/__init__.py"
        return runpy.run_path(str(file))["Executor"]()

    return start


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A project, and a PATH that begins there; nothing is left to do when the tests end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv(cluster.RUN, raising=False)
    monkeypatch.setattr(cluster.atexit, "register", lambda *_: None)
    return tmp_path


@pytest.fixture
def program(folder):
    def make(name, *lines):
        (folder / name).write_text("\n".join(["#!/bin/sh", *lines]))
        (folder / name).chmod(0o755)

    return make


def check(executor, numbers):
    """Ask for the states of jobs; return the numbers of those that still wait or run."""
    jobs = [
        SimpleNamespace(external_jobid=number, aux={"slurm_logfile": f"{number}.log"})
        for number in numbers
    ]

    async def collect():
        return [job.external_jobid async for job in executor.check_active_jobs(jobs)]

    return asyncio.run(collect())


def test_jobs_end_as_the_queue_says(start, program):
    program("squeue", "echo '1 COMPLETED'", "echo '2 TIMEOUT'", "echo '3 RUNNING'")
    executor = start("slurm", "slurm")
    assert check(executor, ["1", "2", "3"]) == ["3"]
    assert executor.ended[0] == ("1", "success")
    assert executor.ended[1][0] == "2"
    assert "job 2" in executor.ended[1][1]
    assert "TIMEOUT" in executor.ended[1][1]


def test_no_job_is_lost_if_the_queue_does_not_answer(start, program):
    program("squeue", "exit 1")
    executor = start("slurm", "slurm")
    assert check(executor, ["1", "2"]) == ["1", "2"]
    assert executor.ended == []


def test_a_job_that_the_queue_has_forgotten_has_failed_so_it_is_tried_again(start, program):
    program("squeue", "echo '2 RUNNING'")
    executor = start("slurm", "slurm")
    assert check(executor, ["1", "2"]) == ["2"]
    assert [number for number, _ in executor.ended] == ["1"]


def test_the_queue_is_asked_every_two_seconds_however_long_a_job_runs(start, program):
    program("squeue", "echo '1 RUNNING'")
    executor = start("slurm", "slurm")
    for _ in range(10):
        check(executor, ["1"])
    assert executor.next_seconds_between_status_checks == 2


def left_by(host, process):
    """Leave what a run leaves that was killed: the command that cancels its jobs."""
    cluster.FOLDER.mkdir(parents=True, exist_ok=True)
    file = cluster.FOLDER / f"{host}-{process}-1795664480.cancel"
    file.write_text("touch cancelled\n")
    return file


def test_the_jobs_of_a_killed_run_are_cancelled(folder, start):
    killed = subprocess.Popen(["true"])
    killed.wait()
    file = left_by(socket.gethostname(), killed.pid)
    start("generic", "cluster_generic")
    assert (folder / "cancelled").exists()
    assert not file.exists()


@pytest.mark.parametrize(
    ("host", "message"), [(socket.gethostname(), ""), ("login-2", "sh .snakemake/cluster/login-2-")]
)
def test_the_jobs_of_a_run_that_may_still_be_on_are_left_alone(
    folder, start, capsys, host, message
):
    file = left_by(host, os.getpid())
    start("generic", "cluster_generic")
    assert not (folder / "cancelled").exists()
    assert file.exists()
    assert message in capsys.readouterr().err


AT_EXIT = f"""
import os, signal, sys
sys.path.insert(0, {SRC!r})
from backprop.workflow import cluster
command = "touch cancelled; sleep 1; touch twice; {{end}}"
cluster.cancel_what_is_left("host-1-2", command, lambda: {{running}})
{{how}}
"""
CTRL_C_TWICE = """
import threading
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
raise KeyboardInterrupt
"""


@pytest.mark.parametrize(
    ("running", "how", "cancelled"),
    [
        (False, "", False),
        (True, "", True),
        (True, "raise KeyboardInterrupt", True),
        (True, CTRL_C_TWICE, True),
    ],
)
def test_jobs_that_have_not_ended_are_cancelled_however_snakemake_ends(
    folder, running, how, cancelled
):
    program = AT_EXIT.format(running=running, how=how, end="")
    subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert (folder / "twice").exists() == cancelled
    assert list(cluster.FOLDER.iterdir()) == []


def test_jobs_that_cannot_be_cancelled_are_named_and_cancelled_by_the_next_run(folder):
    program = AT_EXIT.format(running=True, how="", end="exit 1")
    done = python("-c", program, check=False)
    assert "cancel them: sh .snakemake/cluster/host-1-2.cancel" in done.stderr
    assert (cluster.FOLDER / "host-1-2.cancel").exists()
