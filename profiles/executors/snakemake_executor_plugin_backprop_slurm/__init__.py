"""The executor of ``slurm``, which leaves no job in the queue, and loses none.

`backprop.workflow.cluster` says why. Snakemake imports this plugin before it reads a Snakefile. So
the library is imported later: that beside the Snakefile, which may be another copy.
"""

import signal
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from snakemake_executor_plugin_slurm import Executor as Base
from snakemake_executor_plugin_slurm import ExecutorSettings, common_settings

__all__ = ["Executor", "ExecutorSettings", "common_settings"]


class Executor(Base):
    """Submits jobs to Slurm, and asks its queue in one command."""

    def __post_init__(self) -> None:
        """Note how the jobs of this run are cancelled."""
        from backprop.workflow import cluster
        from backprop.workflow.snakemake_internals.session import Session

        super().__post_init__()
        # Ctrl-C does not end sbatch half way: a child inherits which signals are blocked.
        block = (signal.SIG_BLOCK, {signal.SIGINT})
        self._job_submission_executor = ThreadPoolExecutor(2, "", signal.pthread_sigmask, block)
        cancel = f"scancel --name={self.run_uuid}"
        # First those that wait, or they would start when the others end.
        command = f"{cancel} --state=PENDING; {cancel}"
        cluster.cancel_what_is_left(cluster.new_run(), command, Session(self.workflow).runs_jobs)

    def cancel(self) -> None:
        """Submit no more, and cancel what was submitted."""
        self._job_submission_executor.shutdown(cancel_futures=True)
        super().cancel()

    # Without these resources, sbatch itself knows what to do, from its variables or defaults.
    def get_account_arg(self, job: Any) -> Any:
        """Return the account that a job names, as options of sbatch."""
        account = job.resources.get("slurm_account")
        return super().get_account_arg(job) if account else iter([""])

    def get_partition_arg(self, job: Any) -> str:
        """Return the partition that a job names, as an option of sbatch."""
        return super().get_partition_arg(job) if job.resources.get("slurm_partition") else ""

    async def check_active_jobs(self, active_jobs: Sequence[Any]) -> AsyncIterator[Any]:
        """Yield the jobs that wait or run; report how the others ended."""
        from backprop.workflow import cluster

        self.next_seconds_between_status_checks = cluster.SECONDS
        states = cluster.ask_queue(self.run_uuid) if active_jobs else {}
        for job in active_jobs:
            state = None if states is None else states.get(job.external_jobid, "FORGOTTEN")
            if state == "COMPLETED":
                self.report_job_success(job)
            elif state == "FORGOTTEN" or state in cluster.ENDED_BADLY:
                message = f"The state of job {job.external_jobid} in the queue: {state}. "
                log = str(job.aux["slurm_logfile"])
                self.report_job_error(job, msg=message, aux_logs=[log])
            else:  # it waits or runs, or the queue did not answer
                yield job
