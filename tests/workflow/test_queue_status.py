"""profiles/generic/status, with a queue that says what a test wants."""

import subprocess
from pathlib import Path

import pytest

STATUS = Path(__file__).parents[2] / "profiles/generic/status"
FORGOTTEN = "slurm_load_jobs error: Invalid job id specified"


@pytest.fixture
def status(tmp_path, monkeypatch):
    """Ask the script about job 7, of which `squeue` says `answer`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / ".snakemake/cluster").mkdir(parents=True)

    def ask(answer, code=0, exit_code=None, job="7"):
        squeue = tmp_path / "squeue"
        where = " >&2" * bool(code)
        squeue.write_text(f"#!/bin/sh\n[ -z '{answer}' ] || echo '{answer}'{where}\nexit {code}\n")
        squeue.chmod(0o755)
        if exit_code is not None:
            (tmp_path / ".snakemake/cluster/7.exit").write_text(f"{exit_code}\n")
        done = subprocess.run([STATUS, job], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return ask


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
def test_every_state(status, state, expected):
    assert status(state) == expected


@pytest.mark.parametrize(
    ("exit_code", "expected"), [(0, "success"), (1, "failed"), (None, "failed")]
)
@pytest.mark.parametrize(("answer", "code"), [(FORGOTTEN, 1), ("", 0)])
def test_a_forgotten_job_is_judged_by_the_exit_code_that_it_left(
    status, answer, code, exit_code, expected
):
    assert status(answer, code, exit_code) == expected


@pytest.mark.parametrize(
    "answer",
    [
        "slurm_load_jobs error: Unable to contact slurm controller (connect failure)",
        "slurm_load_jobs error: Socket timed out on send/recv operation",
    ],
)
def test_a_queue_that_does_not_answer_is_asked_again(status, answer):
    assert status(answer, 1, 0) == "running"


def test_the_number_may_be_followed_by_the_name_of_a_cluster(status):
    assert status(FORGOTTEN, 1, 0, job="7;here") == "success"
