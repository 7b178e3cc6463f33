"""What Snakemake's plugins for clusters lack: they leave jobs in the queue, or wait for ever.

Both plugins have no list of their jobs while they ask for states. So Ctrl-C at that moment leaves
all of them in the queue. The plugin for Slurm forgets its jobs if the queue does not answer. It
also asks less and less often, so that the queue may have forgotten a job. The executors that do
better are plugins in ``profiles/executors``; here is how they ask the queue, and cancel jobs.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

RUN = "BACKPROP_RUN"  # the environment variable with the run's id, for the scripts of a profile
FOLDER = Path(".snakemake/cluster")
SECONDS = 2  # between two questions to Slurm's queue
ENDED_BADLY = {
    "BOOT_FAIL", "CANCELLED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
    "PREEMPTED", "RECONFIG_FAIL", "REVOKED", "TIMEOUT",
}  # fmt: skip


def ask_queue(name: str) -> dict[str, str] | None:
    """Return the states of Slurm's jobs of a name, by number; None if the queue does not answer."""
    command = ["squeue", "--noheader", "--states=all", "--format=%A %T", f"--name={name}"]
    # In a session of its own, because Ctrl-C is for Snakemake.
    answer = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=False, start_new_session=True
    )
    if answer.returncode != 0:
        return None
    return dict(line.split() for line in answer.stdout.splitlines())


def new_run() -> str:
    """Return the id of this run: host, process and time."""
    return f"{socket.gethostname()}-{os.getpid()}-{time.time_ns()}"


def cancel_what_is_left(run: str, command: str, runs_jobs: Callable[[], bool]) -> None:
    """Cancel the jobs that killed runs left, and later those that this run leaves.

    As long as the run lasts, the command that cancels its jobs is in a file.

    Parameters
    ----------
    run : str
        The id of the run, see `new_run`.
    command : str
        It cancels all jobs of the run.
    runs_jobs : callable
        Returns whether a job of the run has not ended.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in FOLDER.glob("*.cancel"):
        host, process, _ = file.name.rsplit("-", 2)
        if host != socket.gethostname():
            print(f"If the run on {host} has ended, cancel its jobs: sh {file}", file=sys.stderr)
        elif not Path(f"/proc/{process}").exists():
            _cancel(file)
    file = FOLDER / f"{run}.cancel"
    file.write_text(f"{command}\n")
    atexit.register(_at_exit, file, runs_jobs)


def _at_exit(file: Path, runs_jobs: Callable[[], bool]) -> None:
    """Cancel the jobs of a run when its process ends before them, as after Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if runs_jobs():
        _cancel(file)
    else:
        file.unlink(missing_ok=True)


def _cancel(file: Path) -> None:
    try:
        subprocess.run(["sh", file], check=True, timeout=60, start_new_session=True)
        file.unlink(missing_ok=True)
    except subprocess.SubprocessError:
        print(f"error: jobs are left in the queue; cancel them: sh {file}", file=sys.stderr)
