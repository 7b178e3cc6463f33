"""An executor that shares nothing: each job runs in a new, empty folder, as on another machine."""

import os
import subprocess
import tempfile

from snakemake_interface_executor_plugins.executors.base import SubmittedJobInfo
from snakemake_interface_executor_plugins.executors.remote import RemoteExecutor
from snakemake_interface_executor_plugins.settings import CommonSettings

ROUNDING = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")  # which another machine may share

common_settings = CommonSettings(
    non_local_exec=True,
    implies_no_shared_fs=True,
    job_deploy_sources=True,
    auto_deploy_default_storage_provider=False,  # it is installed
)


class Executor(RemoteExecutor):
    """Starts jobs on this machine."""

    def run_job(self, job):
        """Start a job; its output is beside its folder, in `APART`."""
        folder = tempfile.mkdtemp(prefix=f"{job.name}-", dir=os.environ["APART"])
        script = self.get_jobscript(job)
        self.write_jobscript(job, script)
        printed = f"{folder}.txt"
        environment = {"PATH": os.environ["PATH"], "HOME": folder}
        environment |= {name: os.environ[name] for name in ROUNDING if name in os.environ}
        with open(printed, "w") as output:
            process = subprocess.Popen(
                ["sh", script], cwd=folder, env=environment, stdout=output, stderr=output
            )
        of_job = {"process": process, "printed": printed}
        self.report_job_submission(SubmittedJobInfo(job, str(process.pid), of_job))

    async def check_active_jobs(self, active_jobs):
        """Report the jobs that have ended, and yield the others."""
        for job in active_jobs:
            code = job.aux["process"].poll()
            if code is None:
                yield job
            elif code == 0:
                self.report_job_success(job)
            else:
                self.report_job_error(job, aux_logs=[job.aux["printed"]])

    def cancel_jobs(self, active_jobs):
        """End all jobs."""
        for job in active_jobs:
            job.aux["process"].terminate()
