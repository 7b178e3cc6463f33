"""What Snakemake's plugins for clusters lack: they leave jobs in the queue, or wait for ever.

Both plugins have no list of their jobs while they ask for states. So Ctrl-C at that moment leaves
all of them in the queue. The plugin for Slurm forgets its jobs if the queue does not answer. It
also asks less and less often, so that the queue may have forgotten a job.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

RUN = "BACKPROP_RUN"  # the environment variable with the run's id, for the scripts of a profile
FOLDER = Path(".snakemake/cluster")
SECONDS = 2  # between two questions to Slurm's queue
ENDED_BADLY = {
    "BOOT_FAIL", "CANCELLED", "DEADLINE", "FAILED", "LAUNCH_FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
    "PREEMPTED", "RECONFIG_FAIL", "REVOKED", "TIMEOUT",
}  # fmt: skip


def improve_executors() -> None:
    """Replace the executors of the plugins for clusters that are installed by improved ones."""
    plugins = ExecutorPluginRegistry().plugins
    for name, improved in {"slurm": slurm_executor, "cluster-generic": generic_executor}.items():
        if name in plugins:
            plugins[name].executor = improved(plugins[name].executor)


def generic_executor(base: Any) -> Any:
    """Return a class like the executor of ``cluster-generic`` that leaves no job in the queue."""

    class Executor(base):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            run = os.environ[RUN] = _new_run()
            cancel = self.workflow.executor_settings.cancel_cmd or "true"
            cancel_what_is_left(self.workflow, run, f"{RUN}={run} {cancel}")

    return Executor


def slurm_executor(base: Any) -> Any:
    """Return a class like the executor of ``slurm`` that leaves no job, and loses none."""

    class Executor(base):  # type: ignore[misc]
        def __post_init__(self) -> None:
            super().__post_init__()
            # Ctrl-C does not end sbatch half way: a child inherits which signals are blocked.
            block = (signal.SIG_BLOCK, {signal.SIGINT})
            self._job_submission_executor = ThreadPoolExecutor(2, "", signal.pthread_sigmask, block)
            cancel = f"scancel --name={self.run_uuid}"
            # First those that wait, or they would start when the others end.
            cancel_what_is_left(self.workflow, _new_run(), f"{cancel} --state=PENDING; {cancel}")

        def cancel(self) -> None:
            self._job_submission_executor.shutdown(cancel_futures=True)  # submit no more
            super().cancel()

        # Without these resources, sbatch itself knows what to do, from its variables or defaults.
        def get_account_arg(self, job: Any) -> Any:
            given = job.resources.get("slurm_account")
            return super().get_account_arg(job) if given else iter([""])

        def get_partition_arg(self, job: Any) -> str:
            return super().get_partition_arg(job) if job.resources.get("slurm_partition") else ""

        async def check_active_jobs(self, active_jobs: Sequence[Any]) -> AsyncIterator[Any]:
            self.next_seconds_between_status_checks = SECONDS
            states = _ask_queue(self.run_uuid) if active_jobs else {}
            for job in active_jobs:
                state = None if states is None else states.get(job.external_jobid, "FORGOTTEN")
                if state == "COMPLETED":
                    self.report_job_success(job)
                elif state == "FORGOTTEN" or state in ENDED_BADLY:
                    message = f"The state of job {job.external_jobid} in the queue: {state}. "
                    log = str(job.aux["slurm_logfile"])
                    self.report_job_error(job, msg=message, aux_logs=[log])
                else:  # it waits or runs, or the queue did not answer
                    yield job

    return Executor


def _ask_queue(name: str) -> dict[str, str] | None:
    """Return the states of Slurm's jobs of a name, by number; None if the queue does not answer."""
    command = ["squeue", "--noheader", "--states=all", "--format=%A %T", f"--name={name}"]
    # In a session of its own, because Ctrl-C is for Snakemake.
    answer = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=False, start_new_session=True
    )
    if answer.returncode != 0:
        return None
    return dict(line.split() for line in answer.stdout.splitlines())


def _new_run() -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{time.time_ns()}"


def cancel_what_is_left(workflow: Any, run: str, command: str) -> None:
    """Cancel the jobs that killed runs left, and later those that this run leaves.

    As long as the run lasts, the command that cancels its jobs is in a file.

    Parameters
    ----------
    workflow : object
        Snakemake's.
    run : str
        The id of the run: host, process and time.
    command : str
        It cancels all jobs of the run.
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
    atexit.register(_at_exit, workflow, file)


def _at_exit(workflow: Any, file: Path) -> None:
    """Cancel the jobs of a run when its process ends before them, as after Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if workflow.scheduler is not None and workflow.scheduler.running:
        _cancel(file)
    else:
        file.unlink(missing_ok=True)


def _cancel(file: Path) -> None:
    try:
        subprocess.run(["sh", file], check=True, timeout=60, start_new_session=True)
        file.unlink(missing_ok=True)
    except subprocess.SubprocessError:
        print(f"error: jobs are left in the queue; cancel them: sh {file}", file=sys.stderr)
