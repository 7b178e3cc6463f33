"""The executor of ``cluster-generic``, which leaves no job in the queue.

`backprop.workflow.cluster` says why. Snakemake imports this plugin before it reads a Snakefile. So
the library is imported later: that beside the Snakefile, which may be another copy.
"""

import os

from snakemake_executor_plugin_cluster_generic import Executor as Base
from snakemake_executor_plugin_cluster_generic import ExecutorSettings, common_settings

__all__ = ["Executor", "ExecutorSettings", "common_settings"]


class Executor(Base):
    """Submits jobs by a command, and cancels at its end what Ctrl-C left."""

    def __post_init__(self) -> None:
        """Note how the jobs of this run are cancelled."""
        from backprop.workflow import cluster
        from backprop.workflow.snakemake_internals.session import Session

        super().__post_init__()
        run = os.environ[cluster.RUN] = cluster.new_run()
        cancel = self.workflow.executor_settings.cancel_cmd or "true"
        runs_jobs = Session(self.workflow).runs_jobs
        cluster.cancel_what_is_left(run, f"{cluster.RUN}={run} {cancel}", runs_jobs)
