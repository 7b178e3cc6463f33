"""The scripts of profiles/generic, with a queue that does what a test wants."""

import os
import signal
import subprocess
import time
from pathlib import Path

import processes
import pytest

PROFILE = Path(__file__).parents[2] / "profiles/generic"
CALLS = "calls"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A project in a folder with a space in its name, and programs of a cluster on the PATH."""
    folder = tmp_path / "my project"
    (folder / ".snakemake/cluster").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("BACKPROP_RUN", "run")
    return folder


@pytest.fixture
def program(folder):
    """Make a program that writes down its calls, and does what a test wants."""

    def make(name, *lines):
        script = [
            "#!/bin/sh",
            f"printf '{name}' >>{CALLS}",
            f"printf '|%s' \"$@\" >>{CALLS}",
            f"echo >>{CALLS}",
        ]
        (folder / name).write_text("\n".join([*script, *lines]))
        (folder / name).chmod(0o755)

    return make


@pytest.fixture
def squeue(program):
    """Let the queue answer with the states of jobs, by number, or fail."""

    def make(states, *, fails=False):
        lines = [f"{number} {state}" for number, state in states.items()]
        program("squeue", *(f"echo '{line}'" for line in lines), f"exit {int(fails)}")

    return make


@pytest.fixture
def clock(folder):
    """Let a second be now, for the scripts."""

    def set_to(second):
        (folder / "date").write_text(f"#!/bin/sh\necho {second}\n")
        (folder / "date").chmod(0o755)

    return set_to


@pytest.fixture
def calls(folder):
    """Return the calls of the programs so far: words separated by bars."""
    return lambda: (folder / CALLS).read_text().splitlines() if (folder / CALLS).exists() else []


def run(script, *arguments):
    return processes.run([PROFILE / script, *arguments]).stdout.strip()


# status


# The states of squeue(1), all of them.
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("COMPLETED", "success"),
        *((state, "failed") for state in (
            "BOOT_FAIL", "CANCELLED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL",
            "OUT_OF_MEMORY", "PREEMPTED", "RECONFIG_FAIL", "REVOKED", "TIMEOUT")),
        *((state, "running") for state in (
            "COMPLETING", "CONFIGURING", "PENDING", "POWER_UP_NODE", "REQUEUED", "REQUEUE_FED",
            "REQUEUE_HOLD", "RESIZING", "RESV_DEL_HOLD", "RUNNING", "SIGNALING", "SPECIAL_EXIT",
            "STAGE_OUT", "STOPPED", "SUSPENDED", "UPDATE_DB")),
    ],
)  # fmt: skip
def test_every_state(squeue, state, expected):
    squeue({"6": "PENDING", "7": state, "77": "PENDING"})
    assert run("status", "7") == expected


@pytest.mark.parametrize(
    ("exit_code", "expected"), [(0, "success"), (1, "failed"), (None, "failed")]
)
@pytest.mark.parametrize("others", [{}, {"77": "RUNNING"}])
def test_a_forgotten_job_is_judged_by_the_exit_code_that_it_left(
    folder, squeue, others, exit_code, expected
):
    squeue(others)
    if exit_code is not None:
        (folder / ".snakemake/cluster/7.exit").write_text(f"{exit_code}\n")
    assert run("status", "7") == expected


def test_a_queue_that_does_not_answer_is_asked_again_later(folder, squeue, calls, clock):
    clock(1000)
    (folder / ".snakemake/cluster/7.exit").write_text("0\n")
    squeue({}, fails=True)
    assert run("status", "7") == "running"
    squeue({"7": "FAILED"})
    clock(1002)
    assert run("status", "7") == "failed"
    assert len(calls()) == 2


@pytest.mark.parametrize("fails", [False, True])
def test_one_question_to_the_queue_serves_all_jobs_for_a_second(squeue, calls, clock, fails):
    numbers = ["1", "2", "3"]
    squeue(dict.fromkeys(numbers, "RUNNING"), fails=fails)
    for second in (1000, 1001):
        clock(second)
        assert {run("status", number) for number in numbers} == {"running"}
    assert len(calls()) == 1


def test_a_job_that_is_younger_than_the_last_answer_is_asked_for(squeue):
    squeue({"1": "RUNNING"})
    assert run("status", "1") == "running"
    squeue({"1": "RUNNING", "2": "PENDING"})
    assert run("status", "2") == "running"


@pytest.mark.parametrize("kept_at", [1, 1999])
def test_an_answer_from_another_time_is_not_used(folder, squeue, clock, kept_at):
    clock(1000)
    kept = f"{kept_at} answer\n7 RUNNING\n"
    (folder / ".snakemake/cluster/queue").write_text(kept)
    squeue({"7": "COMPLETED"})
    assert run("status", "7") == "success"


def test_many_questions_at_once_are_all_answered(folder, squeue):
    states = {str(number): "COMPLETED" for number in range(1, 41)}
    squeue(states)
    processes = [
        subprocess.Popen([PROFILE / "status", number], stdout=subprocess.PIPE, text=True)
        for number in states
    ]
    answers = [process.communicate()[0].strip() for process in processes]
    assert answers == ["success"] * 40
    assert [file.name for file in (folder / ".snakemake/cluster").iterdir()] == ["queue"]


# submit


def submit():
    return run("submit", "scratch", "2", "1500", "10", "/a folder/job.sh")


def test_a_job_has_the_name_of_its_run(program, calls):
    program("sbatch", "echo 7")
    assert submit() == "7"
    [call] = calls()
    assert "|--job-name=backprop_run|--comment=scratch|" in call
    assert call.endswith("|--cpus-per-task=2|--mem=1500|--time=10"
                         "|--output=.snakemake/cluster/%j.log|/a folder/job.sh")  # fmt: skip


def test_the_name_of_a_cluster_is_no_part_of_the_number(program):
    program("sbatch", "echo '7;here'")
    assert submit() == "7"


def test_a_job_that_is_refused_is_an_error(program):
    program("sbatch", "exit 1")
    with pytest.raises(subprocess.CalledProcessError):
        submit()


def test_a_job_that_is_submitted_during_ctrl_c_is_cancelled(folder, program, calls):
    program("sbatch", "touch submitting", "sleep 1", "echo 7")
    program("scancel")
    command = [PROFILE / "submit", "scratch", "1", "1500", "10", "job.sh"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    while not (folder / "submitting").exists():
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    run("cancel")
    process.communicate()
    assert [call for call in calls() if call.startswith("scancel")] == [
        "scancel|--name=backprop_run|--state=PENDING",
        "scancel|--name=backprop_run",
        "scancel|7",
    ]
